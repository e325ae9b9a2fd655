package rest

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A parameter of a list, and the part of the filter that it is. Those that are no part have none.
type parameter struct {
	name string
	part string
}

func parameters() []parameter {
	return []parameter{
		{"first_name", "firstName"},
		{"last_name", "lastName"},
		{"date_of_birth", "dateOfBirth"},
		{"postcode", "postcode"},
		{"address", "address"},
		{"mosaic_id", "sourceId"},
		{"context_flag", "ageGroup"},
		{"cursor", ""},
		{"limit", ""},
	}
}

const defaultLimit = 20

// readQuery returns the variables of ListResidents, or every fault that can be seen here. What a part
// of the filter may be is for the executor to say.
func readQuery(raw string) (map[string]any, []fault) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, []fault{{Detail: "The query string cannot be read: check its % signs"}}
	}
	var faults []fault
	known := parameters()
	for name := range values {
		if !slices.ContainsFunc(known, func(p parameter) bool { return p.name == name }) {
			faults = append(faults, fault{Detail: "There is a parameter that is not known; known are " +
				names(known)})
			break
		}
	}
	variables := map[string]any{"first": defaultLimit}
	filter := map[string]any{}
	for _, p := range known {
		given := values[p.name]
		if len(given) == 0 {
			continue
		}
		if len(given) > 1 {
			faults = append(faults, fault{p.name, "It is given more than once"})
			continue
		}
		switch p.name {
		case "limit":
			limit, err := strconv.Atoi(given[0])
			if err != nil {
				faults = append(faults, fault{p.name, "It is a whole number from 1 to 100"})
			}
			variables["first"] = limit
		case "cursor":
			variables["after"] = given[0]
		case "context_flag":
			group, ok := ageGroups()[strings.ToUpper(given[0])]
			if !ok {
				faults = append(faults, fault{p.name, "It is A, for adults' records, or C, for children's"})
			}
			filter[p.part] = group
		default:
			filter[p.part] = given[0]
		}
	}
	if len(filter) > 0 {
		variables["filter"] = filter
	}
	return variables, faults
}

func ageGroups() map[string]string { return map[string]string{"A": "ADULT", "C": "CHILD"} }

func names(known []parameter) string {
	all := make([]string, len(known))
	for i, p := range known {
		all[i] = p.name
	}
	return strings.Join(all, ", ")
}

// parameterOf returns the parameter that an argument of residents came from.
func parameterOf(argument string) string {
	switch argument {
	case "first":
		return "limit"
	case "after":
		return "cursor"
	}
	for _, p := range parameters() {
		if p.part != "" && argument == fmt.Sprintf("filter.%s", p.part) {
			return p.name
		}
	}
	return ""
}
