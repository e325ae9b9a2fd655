package rest

import "strings"

// A parameter of a list, and the argument of the operation that it is.
type parameter struct {
	name     string
	argument string
}

func parameters() []parameter {
	return []parameter{
		{"first_name", "filter.firstName"},
		{"last_name", "filter.lastName"},
		{"date_of_birth", "filter.dateOfBirth"},
		{"postcode", "filter.postcode"},
		{"address", "filter.address"},
		{"mosaic_id", "filter.sourceId"},
		{"context_flag", "filter.ageGroup"},
		{"cursor", "after"},
		{"limit", "first"},
	}
}

// parameterOf returns the parameter that an argument of an operation came from; blank for none.
func parameterOf(argument string) string {
	if argument == "id" { // of one resident: it stands in the path
		return argument
	}
	for _, p := range parameters() {
		if p.argument == argument {
			return p.name
		}
	}
	return ""
}

func names(known []parameter) string {
	all := make([]string, len(known))
	for i, p := range known {
		all[i] = p.name
	}
	return strings.Join(all, ", ")
}
