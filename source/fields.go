package source

import (
	"slices"
	"strings"
)

// Fields are fields of the schema that are wanted, such as AcademyRecord.niNumber. A source need
// not look at them, but for what it reads by itself or what needs a scope of its own. Two of the
// same fields are equal.
type Fields string

// AllFields are all that there are.
const AllFields Fields = "*"

// FieldsOf returns the fields of those names.
func FieldsOf(names ...string) Fields {
	names = slices.Sorted(slices.Values(names))
	return Fields(strings.Join(slices.Compact(names), " "))
}

// Has is whether a field is among them.
func (f Fields) Has(name string) bool {
	return f == AllFields || slices.Contains(strings.Fields(string(f)), name)
}

// And returns the fields that are in either.
func (f Fields) And(other Fields) Fields {
	if f == AllFields || other == AllFields {
		return AllFields
	}
	return FieldsOf(append(strings.Fields(string(f)), strings.Fields(string(other))...)...)
}

// Intersect returns the fields that are in both.
func (f Fields) Intersect(other Fields) Fields {
	switch {
	case f == AllFields:
		return other
	case other == AllFields:
		return f
	case f == "" || other == "":
		return ""
	}
	return FieldsOf(slices.DeleteFunc(strings.Fields(string(f)), func(name string) bool {
		return !other.Has(name)
	})...)
}
