package graph

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/document"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// What an operation costs is about what its answer may hold: each field costs 1, for each time that
// it may be answered, and each search of a source as much as a thousand fields. It is known before
// anything is read.
const (
	// DefaultMaxCost lets a page of 100 residents pass with all that is known of each, and no
	// second one.
	DefaultMaxCost = 30_000
	// searchCost is for each source that a list is of, and once more to count those who match.
	searchCost = 1_000
	// wideSearchCost is instead, for a part of an address: a common word finds very many.
	wideSearchCost = 2_000
	// linearSearchCost is instead, where a part of the filter cannot be found by an index.
	linearSearchCost = 4_000
	// severalCost is how many a list is taken to hold that is no page, such as contact details.
	severalCost = 5
	// introspectionShare is how many fields of the schema cost as much as one of a resident: they
	// are answered from memory.
	introspectionShare = 10
)

// CodeTooComplex is the code of a request that asks for more than is allowed.
const CodeTooComplex = document.CodeTooComplex

// Cost is what an operation costs, and the most that one may.
type Cost struct {
	Requested int `json:"requested"`
	Limit     int `json:"limit"`
}

func (c Cost) check() *gqlerror.Error {
	if c.Requested <= c.Limit {
		return nil
	}
	return document.NewError(CodeTooComplex,
		"The operation costs %d, and %d is allowed: ask for fewer residents, or for less of each",
		c.Requested, c.Limit)
}

// costOf returns what an operation of a valid document costs. It looks once at each fragment,
// however often that is spread. What @skip and @include leave out is counted too.
func costOf(
	limits costLimits, operation *ast.OperationDefinition, variables map[string]any,
) Cost {
	p := pricing{
		costLimits: limits,
		variables:  variables,
		fragments:  make(map[*ast.FragmentDefinition]price),
	}
	return Cost{Requested: p.selections(operation.SelectionSet).once, Limit: limits.most}
}

// maxPrice is where adding up stops, so that no sum or product overflows.
const maxPrice = 1 << 30

// A price is what selections cost: some of it once, some for each resident of the page that they
// are of, and some for each search. How large the page and the search are is not known within them.
type price struct{ once, each, searches int }

func (p price) and(other price) price {
	return price{
		once:     min(p.once+other.once, maxPrice),
		each:     min(p.each+other.each, maxPrice),
		searches: min(p.searches+other.searches, maxPrice),
	}
}

func (p price) times(n int) price {
	return price{
		once:     min(p.once*n, maxPrice),
		each:     min(p.each*n, maxPrice),
		searches: min(p.searches*n, maxPrice),
	}
}

// costLimits are what a gateway prices operations by.
type costLimits struct {
	types   int // in the schema
	listers int // sources that list residents
	most    int // that an operation may cost
}

type pricing struct {
	costLimits

	variables map[string]any
	fragments map[*ast.FragmentDefinition]price
}

func (p *pricing) selections(set ast.SelectionSet) price {
	var sum price
	for _, selection := range set {
		switch selected := selection.(type) {
		case *ast.Field:
			sum = sum.and(p.field(selected))
		case *ast.InlineFragment:
			sum = sum.and(p.selections(selected.SelectionSet))
		case *ast.FragmentSpread:
			sum = sum.and(p.fragment(selected.Definition))
		}
	}
	return sum
}

func (p *pricing) fragment(fragment *ast.FragmentDefinition) price {
	known, met := p.fragments[fragment]
	if !met {
		known = p.selections(fragment.SelectionSet)
		p.fragments[fragment] = known
	}
	return known
}

func (p *pricing) field(field *ast.Field) price {
	one := price{once: 1}
	if len(field.SelectionSet) == 0 {
		return one
	}
	below := p.selections(field.SelectionSet)
	switch field.ObjectDefinition.Name + "." + field.Name {
	case "Query.residents":
		each, search := price{once: below.each}, price{once: p.search(field) * p.asked(field)}
		return price{once: 1 + below.once}.and(each.times(p.page(field))).
			and(search.times(1 + below.searches))
	case "ResidentConnection.nodes", "ResidentConnection.edges":
		return price{once: 1, each: below.once}
	case "ResidentConnection.totalCount":
		return price{once: 1, searches: 1}.and(below)
	case "Query._entities":
		return one.and(below.times(p.length(field.Arguments.ForName("representations"), maxPage)))
	case "Query.__schema", "Query.__type":
		return price{once: 1 + below.once/introspectionShare}
	case "__Schema.types":
		return one.and(below.times(p.types))
	}
	if field.Definition.Type.Elem != nil {
		return one.and(below.times(severalCost))
	}
	return one.and(below)
}

// search returns what a search by the filter of a list costs.
func (p *pricing) search(field *ast.Field) int {
	argument := field.Arguments.ForName("filter")
	if argument == nil {
		return searchCost
	}
	value, _ := argument.Value.Value(p.variables) // validation has read it
	filter, _ := value.(map[string]any)
	for name, form := range map[string]func(string) string{
		"firstName": source.NameForm, "lastName": source.NameForm, "address": source.AddressForm,
	} {
		part, isGiven := filter[name].(string)
		if isGiven && len(part) <= maxPart && !isIndexed(form(part)) {
			return linearSearchCost
		}
	}
	if _, isGiven := filter["address"].(string); isGiven {
		return wideSearchCost
	}
	return searchCost
}

// isIndexed is whether an index finds a part of a text: by letters and digits that stand together.
// What others are letters to PostgreSQL depends on its locale.
func isIndexed(form string) bool {
	together := 0
	for _, r := range form {
		if r < '0' || r > '9' && r < 'a' || r > 'z' {
			together = 0
			continue
		}
		if together++; together == source.Trigram {
			return true
		}
	}
	return false
}

// asked returns how many sources a list is of. Of sources that are refused later, it tells any
// number.
func (p *pricing) asked(field *ast.Field) int {
	argument := field.Arguments.ForName("sources")
	if argument == nil {
		return p.listers
	}
	return min(max(p.length(argument, p.listers), 1), p.listers)
}

// length returns how many are given in a list; of none at all, as many as otherwise.
func (p *pricing) length(argument *ast.Argument, otherwise int) int {
	value, _ := argument.Value.Value(p.variables) // validation has read it
	switch given := value.(type) {
	case nil:
		return otherwise
	case []any:
		return len(given)
	default:
		return 1
	}
}

// page returns how many residents a list is asked for. Of a number that is refused later, it tells
// the nearest that is not.
func (p *pricing) page(field *ast.Field) int {
	size, given := 0, false
	for _, name := range []string{"first", "last"} {
		argument := field.Arguments.ForName(name)
		if argument == nil {
			continue
		}
		value, _ := argument.Value.Value(p.variables) // validation has read it
		if n, ok := value.(int64); ok {
			size, given = max(size, int(min(n, maxPage))), true
		}
	}
	if !given {
		return defaultPage
	}
	return size
}
