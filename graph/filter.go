package graph

import (
	"strings"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/exec"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// readFilter returns the filter that a caller means, or every fault in it.
func readFilter(given *exec.ResidentFilter) (resident.Filter, []error) {
	if given == nil {
		return resident.Filter{}, nil
	}
	filter := resident.Filter{DateOfBirth: given.DateOfBirth, IncludeEnded: given.IncludeEnded}
	var faults []error
	if given.AgeGroup != nil {
		filter.AgeGroup = *given.AgeGroup
	}
	if given.Uprn != nil {
		filter.UPRN = *given.Uprn
	}
	for _, part := range []struct {
		name  string
		given *string
		read  func(string) error
	}{
		{"sourceId", given.SourceID, whole(&filter.SourceID)},
		{"firstName", given.FirstName, searched(&filter.FirstName, source.NameForm)},
		{"lastName", given.LastName, searched(&filter.LastName, source.NameForm)},
		{"address", given.Address, searched(&filter.Address, source.AddressForm)},
		{"phone", given.Phone, phone(&filter.Phone)},
		{"email", given.Email, email(&filter.Email)},
		{"postcode", given.Postcode, parsed(&filter.Postcode, resident.ParsePostcode)},
		{"nhsNumber", given.NhsNumber, parsed(&filter.NHSNumber, resident.ParseNHSNumber)},
	} {
		if part.given == nil {
			continue
		}
		argument := "filter." + part.name
		if strings.TrimSpace(*part.given) == "" {
			faults = append(faults, badArgument(argument, "It is blank: leave it out to match everyone"))
			continue
		}
		if len(*part.given) > maxPart {
			faults = append(faults, badArgument(argument, "It is longer than %d bytes", maxPart))
			continue
		}
		if err := part.read(*part.given); err != nil {
			faults = append(faults, at(argument, err))
		}
	}
	for i, own := range given.Own() {
		filter.Own, filter.OwnSource = own.Value, own.Source
		if i > 0 {
			faults = append(faults, badArgument("filter."+own.Name,
				"No source can be searched by this and by filter.%s", given.Own()[0].Name))
		}
	}
	if len(partsOf(given)) == 0 {
		faults = append(faults, badArgument("filter",
			"It has no part to match: leave the filter out to list everyone"))
	}
	return filter, faults
}

// partsOf returns the names of the parts that are given.
func partsOf(given *exec.ResidentFilter) []string {
	if given == nil {
		return nil
	}
	var names []string
	for _, part := range []struct {
		name  string
		given bool
	}{
		{"sourceId", given.SourceID != nil},
		{"firstName", given.FirstName != nil},
		{"lastName", given.LastName != nil},
		{"dateOfBirth", given.DateOfBirth != nil},
		{"postcode", given.Postcode != nil},
		{"address", given.Address != nil},
		{"uprn", given.Uprn != nil},
		{"phone", given.Phone != nil},
		{"email", given.Email != nil},
		{"nhsNumber", given.NhsNumber != nil},
		{"ageGroup", given.AgeGroup != nil},
	} {
		if part.given {
			names = append(names, part.name)
		}
	}
	for _, own := range given.Own() {
		names = append(names, own.Name)
	}
	return names
}

// forbiddenPart is why the caller may not search by all parts of a filter; nil where they may.
func (x *exchange) forbiddenPart(given *exec.ResidentFilter) error {
	for _, name := range partsOf(given) {
		if scope := x.graph.guards.missing(x.graph.guards.parts[name], x.has); scope != "" {
			return at("filter."+name, forbidden(scope, "search by it"))
		}
	}
	return nil
}

// maxPart is longer than anything a source holds.
const maxPart = 500

// whole keeps a part without the blanks around it.
func whole(into *string) func(string) error {
	return func(given string) error {
		*into = strings.TrimSpace(given)
		return nil
	}
}

// parsed keeps what a part is read as.
func parsed[T any](into *T, parse func(string) (T, error)) func(string) error {
	return func(given string) error {
		var err error
		*into, err = parse(given)
		return err
	}
}

// searched keeps a part by the form that it is searched by.
func searched(into *string, form func(string) string) func(string) error {
	return func(given string) error {
		if *into = form(given); *into == "" {
			return resident.Errorf(resident.BadInput, nil, "It has no letter or digit to search by")
		}
		return nil
	}
}

func phone(into *string) func(string) error {
	return func(given string) error {
		if *into = source.PhoneForm(given); *into == "" {
			return resident.Errorf(resident.BadInput, nil,
				"A phone number is written whole, like 020 7946 0123 or +44 20 7946 0123")
		}
		return nil
	}
}

func email(into *string) func(string) error {
	return func(given string) error {
		if *into = source.EmailForm(strings.TrimSpace(given)); !strings.Contains(*into, "@") {
			return resident.Errorf(resident.BadInput, nil, "An e-mail address is written whole, with its @")
		}
		return nil
	}
}
