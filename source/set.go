package source

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A Set is the sources in use. It is made once and does not change. Each source is asked within its
// limits, so that one which does not answer takes nothing from the others.
type Set struct {
	members []*member
}

// A member is a source of a set, with what it can do.
type member struct {
	Source // of whom no question may be asked but through the bulkhead

	about    About
	bulkhead *bulkhead
	gate     *gate
	getter   Getter   // nil where it is none
	lister   Lister   // likewise
	surveyor Surveyor // likewise
}

// A Key is the reference that a source gave a resident.
type Key struct {
	Source   resident.SourceName
	SourceID string
}

// NewSet returns the set of the given sources, in that order. Two of one name are an error.
func NewSet(limits Limits, sources ...Source) (*Set, error) {
	set := &Set{}
	for _, s := range sources {
		about := s.About()
		if set.member(about.Name) != nil {
			return nil, fmt.Errorf("source: two sources are named %s", about.Name)
		}
		m := &member{Source: s, about: about, bulkhead: newBulkhead(s, limits)}
		m.gate = &gate{bulkhead: m.bulkhead, watch: limits.Watch}
		m.getter, _ = s.(Getter)
		m.lister, _ = s.(Lister)
		m.surveyor, _ = s.(Surveyor)
		set.members = append(set.members, m)
	}
	return set, nil
}

// All returns the sources in the order of the set. What they are asked is asked within their
// limits.
func (s *Set) All() []Source {
	all := make([]Source, len(s.members))
	for i, m := range s.members {
		all[i] = m
	}
	return all
}

// Listers returns the names of the sources that list residents, in the order of the set.
func (s *Set) Listers() []resident.SourceName {
	var names []resident.SourceName
	for _, m := range s.members {
		if m.lister != nil {
			names = append(names, m.about.Name)
		}
	}
	return names
}

func (s *Set) member(name resident.SourceName) *member {
	for _, m := range s.members {
		if m.about.Name == name {
			return m
		}
	}
	return nil
}

// Freshness asks the source within its limits.
func (m *member) Freshness(ctx context.Context) (Freshness, error) {
	return ask(ctx, m.bulkhead, func(ctx context.Context) (Freshness, error) {
		began := m.bulkhead.limits.Now()
		freshness, err := m.Source.Freshness(ctx)
		if err == nil {
			m.gate.saw(freshness.State, began)
		}
		return freshness, err
	})
}

// A Found is the resident of a key, or why there is no answer.
type Found struct {
	Resident *resident.Resident // nil where there is none
	Err      error              // an *Error
}

// ResidentsByKey returns what is found for each key, in their order. It asks each source once, all
// at the same time. A key of a source that is not in the set finds nobody.
func (s *Set) ResidentsByKey(
	ctx context.Context, keys []Key, wanted func(resident.SourceName) Wanted,
) []Found {
	found := make([]Found, len(keys))
	var all sync.WaitGroup
	for _, m := range s.members {
		var sourceIDs []string
		var places []int
		for i, key := range keys {
			if key.Source == m.about.Name {
				sourceIDs = append(sourceIDs, key.SourceID)
				places = append(places, i)
			}
		}
		if m.getter == nil || len(places) == 0 {
			continue
		}
		wanted := wanted(m.about.Name)
		all.Go(func() {
			residents, err := m.residentsByID(ctx, sourceIDs, wanted)
			for i, place := range places {
				if err != nil {
					found[place].Err = err
				} else {
					found[place].Resident = residents[i]
				}
			}
		})
	}
	all.Wait()
	return found
}

func (m *member) residentsByID(
	ctx context.Context, sourceIDs []string, wanted Wanted,
) ([]*resident.Resident, error) {
	return askWhole(ctx, m, func(ctx context.Context) ([]*resident.Resident, error) {
		residents, err := m.getter.ResidentsByID(ctx, sourceIDs, wanted)
		if err == nil && len(residents) != len(sourceIDs) {
			err = fmt.Errorf("source: %d residents for %d references", len(residents), len(sourceIDs))
		}
		for _, r := range residents {
			if r != nil {
				r.Withhold(wanted.Leave) // a source that forgets to is caught here
			}
		}
		return residents, err
	})
}

// Survey returns what a source knows of properties, in the order of uprns, as Surveyor does.
func (s *Set) Survey(
	ctx context.Context, name resident.SourceName, uprns []string,
) ([]any, error) {
	m := s.member(name)
	if m == nil || m.surveyor == nil {
		return nil, fmt.Errorf("source: %s knows no properties", name)
	}
	return askWhole(ctx, m, func(ctx context.Context) ([]any, error) {
		surveyed, err := m.surveyor.Survey(ctx, uprns)
		if err == nil && len(surveyed) != len(uprns) {
			err = fmt.Errorf("source: %d surveys of %d properties", len(surveyed), len(uprns))
		}
		return surveyed, err
	})
}

// listers returns the sources of those names, in the order of the set.
func (s *Set) listers(names []resident.SourceName) ([]*member, error) {
	named := make(map[resident.SourceName]bool, len(names))
	for _, name := range names {
		if m := s.member(name); m == nil || m.lister == nil {
			return nil, resident.Errorf(resident.BadInput, nil, "%s cannot list residents", name)
		}
		named[name] = true
	}
	var listers []*member
	for _, m := range s.members {
		if named[m.about.Name] {
			listers = append(listers, m)
		}
	}
	if len(listers) == 0 {
		return nil, resident.Errorf(resident.Unavailable, nil,
			"No source that lists residents is in use")
	}
	return listers, nil
}

func faultOf(name resident.SourceName, err error) *Error {
	if fault, ok := errors.AsType[*Error](err); ok {
		return fault
	}
	return &Error{Source: name, Err: err}
}

// allFailed is the error of an answer that no source has a part in.
func allFailed(faults []*Error) error {
	errs := make([]error, len(faults))
	for i, fault := range faults {
		errs[i] = fault
	}
	return errors.Join(errs...)
}
