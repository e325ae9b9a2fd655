package graph

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// surveys is what went wrong when sources were asked of properties, in one exchange.
type surveys struct {
	mu     sync.Mutex
	faults map[surveyed]error
}

// A surveyed address is one that a source was asked of.
type surveyed struct {
	by      sourceSet
	address *resident.PostalAddress
}

// survey asks sources of all the properties that residents can be reached at, each once, and keeps
// with each address what they know. Whose whereabouts are withheld has none.
func (x *exchange) survey(ctx context.Context, wanted sourceSet, residents []*resident.Resident) {
	if wanted == 0 {
		return
	}
	addresses := make(map[string][]*resident.PostalAddress)
	for _, r := range residents {
		details, err := r.ContactDetails([]resident.ContactType{resident.Address}, true)
		if err != nil {
			continue // none were read
		}
		for _, detail := range details {
			if a := detail.Address; a != nil && a.UPRN != nil {
				addresses[*a.UPRN] = append(addresses[*a.UPRN], a)
			}
		}
	}
	uprns := slices.Sorted(maps.Keys(addresses))
	var all sync.WaitGroup
	for _, known := range x.graph.sources.All() {
		name := known.About().Name
		set := setOfSource(x.graph.schema, name)
		if wanted&set == 0 || len(uprns) == 0 {
			continue
		}
		all.Go(func() {
			known, err := x.graph.sources.Survey(ctx, name, uprns)
			if err != nil {
				x.surveys.failed(set, addresses, err)
				return
			}
			x.surveys.keep(name, uprns, known, addresses)
		})
	}
	all.Wait()
}

func (s *surveys) keep(
	name resident.SourceName, uprns []string, known []any,
	addresses map[string][]*resident.PostalAddress,
) {
	s.mu.Lock() // addresses are shared by all who survey them
	defer s.mu.Unlock()
	for i, uprn := range uprns {
		for _, address := range addresses[uprn] {
			address.SetSurvey(name, known[i])
		}
	}
}

func (s *surveys) failed(
	by sourceSet, addresses map[string][]*resident.PostalAddress, err error,
) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults == nil {
		s.faults = make(map[surveyed]error)
	}
	for _, alike := range addresses {
		for _, address := range alike {
			s.faults[surveyed{by, address}] = err
		}
	}
}

// fault is why a source did not answer of the property at an address, if that is what a field is
// of; nil where it did.
func (s *surveys) fault(by sourceSet, field *graphql.FieldContext) error {
	if by == 0 || field.Parent == nil {
		return nil
	}
	address, ok := field.Parent.Result.(*resident.PostalAddress)
	if !ok {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults[surveyed{by, address}]
}
