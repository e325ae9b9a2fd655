package graph

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// properties holds what went wrong when sources were asked about properties, in one request.
type properties struct {
	mu     sync.Mutex
	faults map[property]error
}

// A property is an address that a source was asked about.
type property struct {
	by      sourceSet
	address *resident.PostalAddress
}

// read asks sources about all the properties that residents can be reached at, each once, and keeps
// with each address what they know. A resident whose contact details are withheld has no address.
func (p *properties) read(
	ctx context.Context, from *reader, wanted sourceSet, residents []*resident.Resident,
) {
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
	for _, known := range from.sources.All() {
		name := known.About().Name
		set := from.sets[name]
		if wanted&set == 0 || len(uprns) == 0 {
			continue
		}
		all.Go(func() {
			known, err := from.sources.Survey(ctx, name, uprns)
			if err != nil {
				p.failed(set, addresses, err)
				return
			}
			p.keep(name, uprns, known, addresses)
		})
	}
	all.Wait()
}

func (p *properties) keep(
	name resident.SourceName, uprns []string, known []any,
	addresses map[string][]*resident.PostalAddress,
) {
	p.mu.Lock() // addresses are shared by all who survey them
	defer p.mu.Unlock()
	for i, uprn := range uprns {
		for _, address := range addresses[uprn] {
			address.SetSurvey(name, known[i])
		}
	}
}

func (p *properties) failed(
	by sourceSet, addresses map[string][]*resident.PostalAddress, err error,
) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.faults == nil {
		p.faults = make(map[property]error)
	}
	for _, alike := range addresses {
		for _, address := range alike {
			p.faults[property{by, address}] = err
		}
	}
}

// fault is why a source did not answer of the property at an address, if that is what a field is
// of; nil where it did.
func (p *properties) fault(by sourceSet, field *graphql.FieldContext) error {
	if by == 0 || field.Parent == nil {
		return nil
	}
	address, ok := field.Parent.Result.(*resident.PostalAddress)
	if !ok {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults[property{by, address}]
}
