package graph

import (
	"slices"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/exec"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// An inputField is one that a caller gave.
type inputField struct {
	name string
	read func() error // puts its value into the filter
}

// inputFields returns what a caller gave, each of which reads into filter.
func inputFields(given *exec.ResidentFilter, filter *resident.Filter) []inputField {
	if given == nil {
		return nil
	}
	fields := slices.Concat(
		text("sourceId", given.SourceID, whole(&filter.SourceID)),
		text("firstName", given.FirstName, searched(&filter.FirstName, source.NameForm)),
		text("lastName", given.LastName, searched(&filter.LastName, source.NameForm)),
		value("dateOfBirth", given.DateOfBirth, func(d *resident.Date) { filter.DateOfBirth = d }),
		text("address", given.Address, searched(&filter.Address, source.AddressForm)),
		value("uprn", given.Uprn, func(uprn *string) { filter.UPRN = *uprn }),
		text("phone", given.Phone, phone(&filter.Phone)),
		text("email", given.Email, email(&filter.Email)),
		text("postcode", given.Postcode, parsed(&filter.Postcode, resident.ParsePostcode)),
		text("nhsNumber", given.NhsNumber, parsed(&filter.NHSNumber, resident.ParseNHSNumber)),
		value("ageGroup", given.AgeGroup, func(g *resident.AgeGroup) { filter.AgeGroup = *g }),
	)
	for i, own := range given.Own() {
		fields = append(fields, inputField{own.Name, func() error {
			if i > 0 {
				return resident.Errorf(resident.BadInput, nil,
					"No source can be searched by this and by filter.%s", given.Own()[0].Name)
			}
			filter.Own, filter.OwnSource = own.Value, own.Source
			return nil
		}})
	}
	return fields
}

// value is a field that was read with the request.
func value[T any](name string, given *T, keep func(*T)) []inputField {
	if given == nil {
		return nil
	}
	return []inputField{{name, func() error {
		keep(given)
		return nil
	}}}
}

// text is a field of text that is still to be read.
func text(name string, given *string, read func(string) error) []inputField {
	if given == nil {
		return nil
	}
	return []inputField{{name, func() error {
		if strings.TrimSpace(*given) == "" {
			return resident.Errorf(resident.BadInput, nil, "It is blank: leave it out to match everyone")
		}
		if len(*given) > maxPart {
			return resident.Errorf(resident.BadInput, nil, "It is longer than %d bytes", maxPart)
		}
		return read(*given)
	}}}
}

// readFilter returns the filter that a caller means, or every error in it.
func readFilter(given *exec.ResidentFilter) (resident.Filter, []error) {
	var filter resident.Filter
	if given == nil {
		return filter, nil
	}
	filter.IncludeEnded = given.IncludeEnded
	fields := inputFields(given, &filter)
	var errs []error
	for _, field := range fields {
		if err := field.read(); err != nil {
			errs = append(errs, at("filter."+field.name, err))
		}
	}
	if len(fields) == 0 {
		errs = append(errs, badArgument("filter",
			"It has no part to match: leave the filter out to list everyone"))
	}
	return filter, errs
}

// namesGiven returns the names of the input fields that a caller gave, in the order of the schema.
func (r *rules) namesGiven(given *exec.ResidentFilter) []string {
	fields := inputFields(given, &resident.Filter{})
	var names []string
	for _, name := range r.ordered {
		if slices.ContainsFunc(fields, func(field inputField) bool { return field.name == name }) {
			names = append(names, name)
		}
	}
	return names
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
