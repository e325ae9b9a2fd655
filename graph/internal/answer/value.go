package answer

import (
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/LBHackney-IT/resident-gateway/resident"
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
