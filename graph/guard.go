package graph

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/answer"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// resolve stands before every field of an operation. What a caller may not see is null: with an
// error where the caller lacks a scope, and without where it is withheld for the resident's sake,
// as Resident.withheld says.
func (x *execution) resolve(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx)
	rule := x.fields[field.Field.Definition]
	if rule == nil {
		return next(ctx)
	}
	if scope := x.missing(rule); scope != "" {
		x.denials.add(field, forbidden(scope, "see "+rule.name))
		return nil, nil
	}
	if err := x.properties.fault(x.addedBy[field.Field.Definition], field); err != nil {
		x.denials.add(field, err)
		return nil, nil
	}
	if rule.locates {
		r := residentAbove(field)
		if r == nil {
			return nil, errors.New("graph: what locates a resident is not below one")
		}
		if !x.mayLocate(r) {
			return nil, nil
		}
	}
	result, err := next(ctx)
	if err == nil && rule.holdsResidents {
		err = x.audit.check(result)
	}
	return result, err
}

// residentAbove returns the resident whom a field is about; nil where it is about none.
func residentAbove(field *graphql.FieldContext) *resident.Resident {
	for above := field.Parent; above != nil; above = above.Parent {
		switch result := above.Result.(type) {
		case *resident.Resident:
			return result
		case **resident.Resident: // one of a list
			return *result
		case *answer.Entity:
			if r, isResident := (*result).(*resident.Resident); isResident {
				return r
			}
		}
	}
	return nil
}
