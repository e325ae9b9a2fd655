package rest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	defaultLimit = 20
	maxLimit     = 100
)

// readQuery returns the variables of ListResidents, without those that are at fault, and every
// fault that can be seen here. What a part of the filter may be is for the executor to say.
func readQuery(raw string) (map[string]any, []fault) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, []fault{{Detail: "The query string cannot be read: a % is written %25," +
			" a ; is written %3B"}}
	}
	var faults []fault
	known := parameters()
	for name := range values {
		if !slices.ContainsFunc(known, func(p parameter) bool { return p.name == name }) {
			faults = append(faults, fault{
				Detail: "There is a parameter that is not known; known are " + names(known),
			})
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
		value, wrong := p.read(given)
		if wrong != "" {
			faults = append(faults, fault{p.name, wrong})
			continue
		}
		if part, ok := strings.CutPrefix(p.argument, "filter."); ok {
			filter[part] = value
		} else {
			variables[p.argument] = value
		}
	}
	if len(filter) > 0 {
		variables["filter"] = filter
	}
	return variables, faults
}

// read returns the argument for what is given, or what is wrong with that.
func (p parameter) read(given []string) (value any, wrong string) {
	switch {
	case len(given) > 1:
		return nil, "It is given more than once"
	case !isText(given[0]):
		return nil, notText
	}
	switch p.name {
	case "limit":
		limit, err := strconv.Atoi(given[0])
		if err != nil || limit < 1 || limit > maxLimit {
			return nil, "It is a whole number from 1 to " + strconv.Itoa(maxLimit)
		}
		return limit, ""
	case "context_flag":
		switch strings.ToUpper(given[0]) {
		case "A":
			return "ADULT", ""
		case "C":
			return "CHILD", ""
		}
		return nil, "It is A, for adults' records, or C, for children's"
	}
	return given[0], ""
}

const notText = "It is not text: it must be UTF-8, without a zero byte"

// isText is whether s can stand in a database at all.
func isText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }
