package graph

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// Sources are told beforehand what an operation wants of each resident, so that one statement reads
// it and nothing else. Fields of Resident then answer from what was read.

// current returns the operation, and what it selects of the field that is being resolved.
func current(ctx context.Context) (*graphql.OperationContext, ast.SelectionSet) {
	return graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field.Selections
}

// A selection is what an operation selects of each resident, whichever source they are of.
type selection struct {
	source.Wanted // except Record

	records    sourceSet // the sources whose own record is selected of their residents
	properties sourceSet // the sources that are asked about the property at each address
}

// of returns what is selected of the residents of one source.
func (s *selection) of(name sourceSet) source.Wanted {
	wanted := s.Wanted
	if wanted.Record = s.records&name != 0; !wanted.Record {
		wanted.Fields = ""
	}
	return wanted
}

// residentsOnPage returns each selection on the residents of the page that the current field is.
func residentsOnPage(ctx context.Context) ast.SelectionSet {
	operation, page := current(ctx)
	var all ast.SelectionSet
	for _, field := range graphql.CollectFields(operation, page, []string{"ResidentConnection"}) {
		switch field.Name {
		case "nodes":
			all = append(all, field.Selections...)
		case "edges":
			edges := graphql.CollectFields(operation, field.Selections, []string{"ResidentEdge"})
			for _, edge := range edges {
				if edge.Name == "node" {
					all = append(all, edge.Selections...)
				}
			}
		}
	}
	return all
}

// selectionOf returns what a selection on Resident wants, as far as the caller may see it: what
// they may not is not read.
func (p *permissions) selectionOf(
	operation *graphql.OperationContext, selections ast.SelectionSet,
) selection {
	wanted := selection{Wanted: source.Wanted{Leave: p.leave}}
	fields := graphql.CollectFields(operation, selections, []string{"Resident", "_Entity"})
	for _, field := range fields {
		if !p.maySee(field.Definition) {
			continue
		}
		switch field.Name {
		case "__typename", "id", "source", "sourceId", "isRestricted", "withheld":
			// Always told.
		case "fullName":
			wanted.Facts |= resident.FactFullName
		case "title":
			wanted.Facts |= resident.FactTitle
		case "firstName":
			wanted.Facts |= resident.FactFirstName
		case "lastName":
			wanted.Facts |= resident.FactLastName
		case "dateOfBirth":
			wanted.Facts |= resident.FactDateOfBirth
		case "isDeceased":
			wanted.Facts |= resident.FactDeceased
		case "gender":
			wanted.Facts |= resident.FactGender
		case "nationality":
			wanted.Facts |= resident.FactNationality
		case "nhsNumber":
			wanted.Facts |= resident.FactNHSNumber
		case "ageGroup":
			wanted.Facts |= resident.FactAgeGroup
		case "uprn":
			wanted.Facts |= resident.FactUPRN
		case "contactDetails":
			arguments := field.ArgumentMap(operation.Variables)
			wanted.Contacts |= contactTypes(arguments["types"])
			wanted.IncludeEnded = wanted.IncludeEnded || arguments["includeEnded"] == true
			wanted.properties |= p.propertiesOf(operation, field.Selections)
		default: // what a source adds to Resident
			wanted.records |= p.addedBy[field.Definition]
			below := p.fieldsBelow(operation, field.Definition.Type.Name(), field.Selections)
			wanted.Fields = wanted.Fields.And(source.FieldsOf(below...))
		}
	}
	return wanted
}

// fieldsBelow returns the names of the fields that are selected on a type, and below it, of what a
// source adds to Resident.
func (p *permissions) fieldsBelow(
	operation *graphql.OperationContext, on string, set ast.SelectionSet,
) []string {
	var names []string
	for _, field := range graphql.CollectFields(operation, set, []string{on}) {
		if p.maySee(field.Definition) {
			names = append(names, on+"."+field.Name)
			names = append(names,
				p.fieldsBelow(operation, field.Definition.Type.Name(), field.Selections)...)
		}
	}
	return names
}

// propertiesOf returns the sources that a selection on ContactDetail asks of its property.
func (p *permissions) propertiesOf(
	operation *graphql.OperationContext, selections ast.SelectionSet,
) sourceSet {
	var properties sourceSet
	details := graphql.CollectFields(operation, selections, []string{"ContactDetail", "_Entity"})
	for _, detail := range details {
		if detail.Name != "address" || !p.maySee(detail.Definition) {
			continue
		}
		parts := graphql.CollectFields(operation, detail.Selections, []string{"PostalAddress"})
		for _, part := range parts {
			if p.maySee(part.Definition) {
				properties |= p.addedBy[part.Definition]
			}
		}
	}
	return properties
}

// contactTypes reads the argument as the document or its variables have it: a list, one value where
// a list of one is meant, or nothing.
func contactTypes(argument any) resident.ContactTypes {
	var types []resident.ContactType
	switch given := argument.(type) {
	case nil:
	case []any:
		for _, one := range given {
			types = append(types, resident.ContactType(fmt.Sprint(one)))
		}
	default:
		types = append(types, resident.ContactType(fmt.Sprint(given)))
	}
	return resident.TypesOf(types)
}
