package graph

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/answer"
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

// guards are the rules of the schema that say who may see what. They are read from its directives
// once, and hold for every field by whatever way an operation comes to it.
type guards struct {
	fields  map[*ast.FieldDefinition]*guard
	addedBy map[*ast.FieldDefinition]sourceSet // what sources add to the types that all share
	parts   map[string]*guard                  // of ResidentFilter, by name
	ordered []string                           // the names of parts, in the order of the schema
	sources map[resident.SourceName]*guard
	bits    map[access.Scope]scopeSet
}

// A guard stands between a caller and one field.
type guard struct {
	name    string        // of the field in the schema, such as Resident.uprn
	needs   access.Scopes // of the field, of the type that it is on, and of the type returned
	set     scopeSet      // the same
	locates bool
	// holdsResidents is whether the field returns residents, whom the record of access must have.
	holdsResidents bool
}

// A scopeSet is the scopes of the schema as bits: they are looked at for every field of every
// resident.
type scopeSet uint64

// newGuards reads the directives of a schema.
func newGuards(schema *ast.Schema) *guards {
	g := &guards{
		fields:  make(map[*ast.FieldDefinition]*guard),
		addedBy: make(map[*ast.FieldDefinition]sourceSet),
		parts:   make(map[string]*guard),
		sources: make(map[resident.SourceName]*guard),
		bits:    make(map[access.Scope]scopeSet),
	}
	for _, def := range schema.Types {
		if def.BuiltIn || def.Kind != ast.Object {
			continue
		}
		for _, field := range def.Fields {
			returned := schema.Types[field.Type.Name()]
			rule := g.guard(def.Name+"."+field.Name,
				field.Directives, def.Directives, returned.Directives)
			rule.holdsResidents = returned.Name == "Resident" || returned.Name == "_Entity"
			if name, added := addedBy(def, field); added {
				g.addedBy[field] = setOfSource(schema, name)
			}
			if rule.set != 0 || rule.locates {
				g.fields[field] = rule
			}
		}
	}
	for _, part := range schema.Types["ResidentFilter"].Fields {
		g.parts[part.Name] = g.guard("ResidentFilter."+part.Name, part.Directives)
		g.ordered = append(g.ordered, part.Name)
	}
	for _, value := range schema.Types["SourceName"].EnumValues {
		g.sources[resident.SourceName(value.Name)] = g.guard("SourceName."+value.Name, value.Directives)
	}
	for _, scope := range []access.Scope{
		readRestricted, readExDirectory, readOptedOut, readSchema,
	} {
		g.bit(scope)
	}
	return g
}

// addedBy returns the source whose folder a field stands in, if its type stands in another place.
func addedBy(def *ast.Definition, field *ast.FieldDefinition) (resident.SourceName, bool) {
	if field.Position == nil || field.Position.Src == nil || def.Position == nil ||
		def.Position.Src == field.Position.Src {
		return "", false
	}
	return sourceOf(field.Position.Src)
}

// sourceOf returns the source whose folder a file of the schema is in.
func sourceOf(file *ast.Source) (resident.SourceName, bool) {
	folder := path.Dir(file.Name)
	if path.Base(path.Dir(folder)) != "source" {
		return "", false
	}
	return resident.SourceName(strings.ToUpper(path.Base(folder))), true
}

// A sourceSet is the sources of the schema as bits.
type sourceSet uint64

// setOfSource returns the set of one source. It is empty for one that the schema does not know.
func setOfSource(schema *ast.Schema, name resident.SourceName) sourceSet {
	for i, value := range schema.Types["SourceName"].EnumValues {
		if value.Name == string(name) {
			return 1 << i
		}
	}
	return 0
}

// guard returns the rule that several places of the schema make together.
func (g *guards) guard(name string, places ...ast.DirectiveList) *guard {
	rule := &guard{name: name}
	var words []string
	for i, directives := range places {
		for _, directive := range directives.ForNames("requiresScope") {
			words = append(words, directive.Arguments.ForName("scope").Value.Raw)
		}
		if i == 0 { // the field itself: a type does not locate anyone by itself
			rule.locates = directives.ForName("locates") != nil
		}
	}
	rule.needs = access.ScopesOf(words...)
	for _, scope := range rule.needs {
		rule.set |= g.bit(scope)
	}
	return rule
}

// bit returns the bit of a scope, which is its own from then on.
func (g *guards) bit(scope access.Scope) scopeSet {
	bit, known := g.bits[scope]
	if !known {
		const most = 64
		if len(g.bits) == most {
			panic("graph: the schema has more than 64 scopes") // found when the gateway starts
		}
		bit = 1 << len(g.bits)
		g.bits[scope] = bit
	}
	return bit
}

// setOf returns the scopes of a caller, as far as the schema knows them.
func (g *guards) setOf(scopes access.Scopes) scopeSet {
	var set scopeSet
	for _, scope := range scopes {
		set |= g.bits[scope] // of one that the schema does not know, nothing
	}
	return set
}

// Scopes are all that a caller can be given leave for by the schema, in order.
func Scopes() access.Scopes {
	var scopes access.Scopes
	for scope := range newGuards(Schema()).bits {
		scopes = append(scopes, scope)
	}
	slices.Sort(scopes)
	return scopes
}

// missing returns the first scope that a caller with these lacks; blank where none is.
func (g *guards) missing(rule *guard, has scopeSet) access.Scope {
	if rule == nil || rule.set&^has == 0 {
		return ""
	}
	for _, scope := range rule.needs {
		if g.bits[scope]&^has != 0 {
			return scope
		}
	}
	return ""
}

// A scopeError is what a caller is told who lacks a scope.
type scopeError struct {
	scope access.Scope
	err   *resident.Error
}

func forbidden(scope access.Scope, what string) error {
	return &scopeError{scope, resident.Errorf(resident.Forbidden, nil,
		"The caller may not %s: it needs the scope %s", what, scope)}
}

func (m *scopeError) Error() string { return m.err.Error() }
func (m *scopeError) Unwrap() error { return m.err }

// deny keeps that a field is refused. It is told once for each place in the document, of the
// first resident there, and not of each.
func (x *exchange) deny(field *graphql.FieldContext, err error) {
	path := field.Path()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.denials == nil {
		x.denials = make(map[*ast.Field]deniedField)
	}
	earlier, met := x.denials[field.Field.Field]
	if !met || comparePaths(path, earlier.path) < 0 {
		x.denials[field.Field.Field] = deniedField{path, err}
	}
}

// A deniedField is the first of those of one place in the document.
type deniedField struct {
	path ast.Path
	err  error
}

// comparePaths puts one before another as they are met in an answer, if they are of one field.
func comparePaths(a, b ast.Path) int {
	for i := range min(len(a), len(b)) {
		at, isIndex := a[i].(ast.PathIndex)
		other, otherIs := b[i].(ast.PathIndex)
		if isIndex && otherIs && at != other {
			return cmp.Compare(at, other)
		}
	}
	return cmp.Compare(len(a), len(b))
}

// deniedFields returns the errors of what was refused, in the order of the document.
func (x *exchange) deniedFields(ctx context.Context) gqlerror.List {
	x.mu.Lock()
	defer x.mu.Unlock()
	fields := slices.SortedFunc(maps.Keys(x.denials), func(a, b *ast.Field) int {
		return cmp.Compare(a.Position.Start, b.Position.Start)
	})
	errs := make(gqlerror.List, len(fields))
	for i, field := range fields {
		errs[i] = x.graph.present(ctx, x.denials[field].err)
		errs[i].Path = x.denials[field].path
	}
	return errs
}

// resolve stands before every field of an operation. What a caller may not see is null: with an
// error where the caller lacks a scope, and without where it is withheld for the resident's sake,
// as Resident.withheld says.
func (x *exchange) resolve(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx)
	rule := x.graph.guards.fields[field.Field.Definition]
	if rule == nil {
		return next(ctx)
	}
	if scope := x.graph.guards.missing(rule, x.has); scope != "" {
		x.deny(field, forbidden(scope, "see "+rule.name))
		return nil, nil
	}
	added := x.graph.guards.addedBy[field.Field.Definition]
	if err := x.surveys.fault(added, field); err != nil {
		x.deny(field, err)
		return nil, nil
	}
	if rule.locates {
		r := residentAbove(field)
		if r == nil {
			return nil, errors.New("graph: what locates a resident is not below one")
		}
		if r.Restricted && !x.leave.Restricted {
			return nil, nil
		}
	}
	result, err := next(ctx)
	if err == nil && rule.holdsResidents {
		err = x.ledger.check(result)
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
