package graph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/exec"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// The scopes that the gateway itself knows by name. Others stand in the schema alone.
const (
	readRestricted  access.Scope = "restricted:read"
	readExDirectory access.Scope = "ex-directory:read"
	readOptedOut    access.Scope = "opted-out:read"
	readSchema      access.Scope = "schema:read"
	readContacts    access.Scope = "contact-details:read"
)

// rules say who may see what of a schema. They are read from its directives once, and hold for
// every field, however an operation reaches it.
type rules struct {
	fields  map[*ast.FieldDefinition]*rule
	addedBy map[*ast.FieldDefinition]sourceSet // what sources add to shared types
	inputs  map[string]*rule                   // of ResidentFilter, by name
	ordered []string                           // the names of inputs, in the order of the schema
	sources map[resident.SourceName]*rule
	// contactDetails is the rule of Resident.contactDetails; nil where it needs nothing.
	contactDetails *rule
	sets           map[resident.SourceName]sourceSet
	bits           map[access.Scope]scopeSet
}

// A rule says what a caller needs for one field, input field or source.
type rule struct {
	name    string        // in the schema, such as Resident.uprn
	needs   access.Scopes // of the field, of the type that it is on, and of the type returned
	set     scopeSet      // the same
	locates bool
	// holdsResidents is set for a field that returns residents. The audit collector must have each.
	holdsResidents bool
}

// A scopeSet holds scopes of the schema as bits: they are compared for every field of every
// resident.
type scopeSet uint64

// A sourceSet holds sources of the schema as bits.
type sourceSet uint64

// newRules reads the directives of a schema.
func newRules(schema *ast.Schema) *rules {
	r := &rules{
		fields:  make(map[*ast.FieldDefinition]*rule),
		addedBy: make(map[*ast.FieldDefinition]sourceSet),
		inputs:  make(map[string]*rule),
		sources: make(map[resident.SourceName]*rule),
		sets:    make(map[resident.SourceName]sourceSet),
		bits:    make(map[access.Scope]scopeSet),
	}
	for i, value := range schema.Types["SourceName"].EnumValues {
		name := resident.SourceName(value.Name)
		r.sets[name] = 1 << i
		r.sources[name] = r.rule("SourceName."+value.Name, value.Directives)
	}
	for _, def := range schema.Types {
		if def.BuiltIn || def.Kind != ast.Object {
			continue
		}
		for _, field := range def.Fields {
			returned := schema.Types[field.Type.Name()]
			coordinate := def.Name + "." + field.Name
			made := r.rule(coordinate, field.Directives, def.Directives, returned.Directives)
			made.holdsResidents = returned.Name == "Resident" || returned.Name == "_Entity"
			if name := exec.SourceOf(coordinate); name != "" {
				r.addedBy[field] = r.sets[name]
			}
			if made.set != 0 || made.locates {
				r.fields[field] = made
			}
		}
	}
	r.contactDetails = r.fields[schema.Types["Resident"].Fields.ForName("contactDetails")]
	for _, input := range schema.Types["ResidentFilter"].Fields {
		r.inputs[input.Name] = r.rule("ResidentFilter."+input.Name, input.Directives)
		r.ordered = append(r.ordered, input.Name)
	}
	for _, scope := range []access.Scope{
		readRestricted, readExDirectory, readOptedOut, readSchema,
	} {
		r.bit(scope)
	}
	return r
}

// rule returns the rule that several places of the schema make together.
func (r *rules) rule(name string, places ...ast.DirectiveList) *rule {
	made := &rule{name: name}
	var words []string
	for i, directives := range places {
		for _, directive := range directives.ForNames("requiresScope") {
			words = append(words, directive.Arguments.ForName("scope").Value.Raw)
		}
		if i == 0 { // the field itself: a type does not locate anyone by itself
			made.locates = directives.ForName("locates") != nil
		}
	}
	made.needs = access.ScopesOf(words...)
	for _, scope := range made.needs {
		made.set |= r.bit(scope)
	}
	return made
}

// bit returns the bit of a scope, which is its own from then on.
func (r *rules) bit(scope access.Scope) scopeSet {
	bit, known := r.bits[scope]
	if !known {
		const most = 64
		if len(r.bits) == most {
			panic("graph: the schema has more than 64 scopes") // found when the gateway starts
		}
		bit = 1 << len(r.bits)
		r.bits[scope] = bit
	}
	return bit
}

// Scopes returns every scope that the schema names, in order.
func Scopes() access.Scopes {
	var scopes access.Scopes
	for scope := range newRules(Schema()).bits {
		scopes = append(scopes, scope)
	}
	slices.Sort(scopes)
	return scopes
}
