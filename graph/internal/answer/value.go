package answer

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// quoted writes a value as a string.
func quoted(s string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		// A failed write shows when the response is written: there is nobody to tell it to here.
		_, _ = io.WriteString(w, strconv.Quote(s))
	})
}

// text reads a value that must be a string. It never repeats the value.
func text(v any, what string) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", resident.Errorf(resident.BadInput, nil, "%s is written as a string", what)
	}
	return s, nil
}

// oneOf reads a value that must be one of a few.
func oneOf[T ~string](v any, what string, values ...T) (T, error) {
	s, err := text(v, what)
	if err != nil {
		return "", err
	}
	for _, value := range values {
		if string(value) == s {
			return value, nil
		}
	}
	return "", resident.Errorf(resident.BadInput, nil, "This is no %s: it is one of %v", what, values)
}

// MarshalDate writes a day.
func MarshalDate(d resident.Date) graphql.Marshaler { return quoted(d.String()) }

// UnmarshalDate reads a day.
func UnmarshalDate(v any) (resident.Date, error) {
	s, err := text(v, "A date")
	if err != nil {
		return resident.Date{}, err
	}
	return resident.ParseDate(s)
}

// MarshalDateTime writes a moment, in UTC.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return quoted(t.UTC().Format(time.RFC3339))
}

// UnmarshalDateTime reads a moment.
func UnmarshalDateTime(v any) (time.Time, error) {
	s, err := text(v, "A moment")
	if err != nil {
		return time.Time{}, err
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, resident.Errorf(resident.BadInput, nil,
			"A moment is written like 2026-03-14T09:26:53Z")
	}
	return t, nil
}

// MarshalUPRN writes a property reference.
func MarshalUPRN(s string) graphql.Marshaler { return quoted(s) }

// UnmarshalUPRN reads a property reference, without leading zeros.
func UnmarshalUPRN(v any) (string, error) {
	s, err := text(v, "A UPRN")
	if err != nil {
		return "", err
	}
	return resident.ParseUPRN(s)
}

// UnmarshalRepresentation reads what another subgraph refers to. It never repeats it.
func UnmarshalRepresentation(v any) (Representation, error) {
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, resident.Errorf(resident.BadInput, nil,
			"A representation is an object with __typename and id")
	}
	return fields, nil
}

// MarshalRepresentation is never asked: no answer holds one.
func MarshalRepresentation(Representation) graphql.Marshaler { return graphql.Null }

// MarshalSourceName writes the name of a source.
func MarshalSourceName(name resident.SourceName) graphql.Marshaler { return quoted(string(name)) }

// UnmarshalSourceName reads the name of a source. That there is one of that name is for validation
// to say.
func UnmarshalSourceName(v any) (resident.SourceName, error) {
	s, err := text(v, "The name of a source")
	return resident.SourceName(s), err
}

// MarshalResidentOrder writes an order.
func MarshalResidentOrder(o source.Order) graphql.Marshaler { return quoted(string(o)) }

// UnmarshalResidentOrder reads an order.
func UnmarshalResidentOrder(v any) (source.Order, error) {
	return oneOf(v, "order", source.ByID, source.ByName)
}

// MarshalContactType writes a contact type.
func MarshalContactType(t resident.ContactType) graphql.Marshaler { return quoted(string(t)) }

// UnmarshalContactType reads a contact type.
func UnmarshalContactType(v any) (resident.ContactType, error) {
	return oneOf(v, "contact type", resident.Address, resident.Email, resident.Phone)
}

// MarshalAgeGroup writes an age group.
func MarshalAgeGroup(a resident.AgeGroup) graphql.Marshaler { return quoted(string(a)) }

// UnmarshalAgeGroup reads an age group.
func UnmarshalAgeGroup(v any) (resident.AgeGroup, error) {
	return oneOf(v, "age group", resident.Adult, resident.Child)
}

// MarshalContactUse writes what a contact detail is used for.
func MarshalContactUse(u resident.ContactUse) graphql.Marshaler { return quoted(string(u)) }

// UnmarshalContactUse is never asked: no caller gives one.
func UnmarshalContactUse(any) (resident.ContactUse, error) {
	return "", errOutputOnly("ContactUse")
}

// MarshalGender writes a gender.
func MarshalGender(g resident.Gender) graphql.Marshaler { return quoted(string(g)) }

// UnmarshalGender is never asked: no caller gives one.
func UnmarshalGender(any) (resident.Gender, error) { return "", errOutputOnly("Gender") }

// MarshalWithheldReason writes why something is withheld.
func MarshalWithheldReason(r resident.WithheldReason) graphql.Marshaler { return quoted(string(r)) }

// UnmarshalWithheldReason is never asked: no caller gives one.
func UnmarshalWithheldReason(any) (resident.WithheldReason, error) {
	return "", errOutputOnly("WithheldReason")
}

// MarshalFreshnessState writes what can be said of a source's data.
func MarshalFreshnessState(s source.FreshnessState) graphql.Marshaler { return quoted(string(s)) }

// UnmarshalFreshnessState is never asked: no caller gives one.
func UnmarshalFreshnessState(any) (source.FreshnessState, error) {
	return "", errOutputOnly("FreshnessState")
}

// MarshalUnavailableReason writes why a source has no part in an answer.
func MarshalUnavailableReason(r source.UnavailableReason) graphql.Marshaler {
	return quoted(string(r))
}

// UnmarshalUnavailableReason is never asked: no caller gives one.
func UnmarshalUnavailableReason(any) (source.UnavailableReason, error) {
	return "", errOutputOnly("UnavailableReason")
}

func errOutputOnly(name string) error { return fmt.Errorf("answer: %s is never read", name) }
