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

// wantedOfField returns what is wanted of the resident that the current field is.
func wantedOfField(ctx context.Context) source.Wanted {
	return wantedOf(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field.Selections)
}

// wantedOnPage returns what is wanted of the residents of the page that the current field is.
func wantedOnPage(ctx context.Context) source.Wanted {
	operation := graphql.GetOperationContext(ctx)
	var wanted source.Wanted
	for _, field := range graphql.CollectFieldsCtx(ctx, []string{"ResidentConnection"}) {
		switch field.Name {
		case "nodes":
			wanted = wanted.And(wantedOf(operation, field.Selections))
		case "edges":
			edges := graphql.CollectFields(operation, field.Selections, []string{"ResidentEdge"})
			for _, edge := range edges {
				if edge.Name == "node" {
					wanted = wanted.And(wantedOf(operation, edge.Selections))
				}
			}
		}
	}
	return wanted
}

// wantedOf returns what a selection on Resident wants.
func wantedOf(operation *graphql.OperationContext, selections ast.SelectionSet) source.Wanted {
	var wanted source.Wanted
	for _, field := range graphql.CollectFields(operation, selections, []string{"Resident"}) {
		switch field.Name {
		case "__typename", "id", "source", "sourceId", "isRestricted":
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
		default: // what a source adds to Resident
			wanted.Record = true
		}
	}
	return wanted
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
