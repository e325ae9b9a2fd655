package source

import (
	"context"
	"fmt"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A Set is the sources in use. It is made once and does not change.
type Set struct {
	sources []Source
	lister  Lister
}

// A Key is the reference that a source gave a resident.
type Key struct {
	Source   resident.SourceName
	SourceID string
}

// NewSet returns the set of the given sources, in that order. Two of one name are an error; so are,
// until lists of several sources are merged, two that can list.
func NewSet(sources ...Source) (*Set, error) {
	set := &Set{sources: sources}
	for i, s := range sources {
		name := s.About().Name
		for _, earlier := range sources[:i] {
			if earlier.About().Name == name {
				return nil, fmt.Errorf("source: two sources are named %s", name)
			}
		}
		lister, ok := s.(Lister)
		if !ok {
			continue
		}
		if set.lister != nil {
			return nil, fmt.Errorf("source: both %s and %s list residents, which needs merging",
				set.lister.About().Name, name)
		}
		set.lister = lister
	}
	return set, nil
}

// All returns the sources in the order of the set.
func (s *Set) All() []Source { return s.sources }

// ResidentsByKey returns one resident for each key, in the order of keys, with nil where there is
// none. It asks each source once.
func (s *Set) ResidentsByKey(
	ctx context.Context, keys []Key, wanted Wanted,
) ([]*resident.Resident, error) {
	found := make([]*resident.Resident, len(keys))
	for _, known := range s.sources {
		getter, ok := known.(Getter)
		if !ok {
			continue
		}
		var sourceIDs []string
		var places []int
		for i, key := range keys {
			if key.Source == known.About().Name {
				sourceIDs = append(sourceIDs, key.SourceID)
				places = append(places, i)
			}
		}
		if len(sourceIDs) == 0 {
			continue
		}
		residents, err := getter.ResidentsByID(ctx, sourceIDs, wanted)
		if err != nil {
			return nil, err
		}
		for i, r := range residents {
			if r != nil {
				r.Withhold(wanted.Leave) // a source that forgets to is caught here
			}
			found[places[i]] = r
		}
	}
	return found, nil
}

// ListResidents returns a page of the residents of the named sources, or of all where there are
// no names.
func (s *Set) ListResidents(
	ctx context.Context, names []resident.SourceName, query Query,
) (Page, error) {
	lister, err := s.listerOf(names)
	if err != nil {
		return Page{}, err
	}
	page, err := lister.ListResidents(ctx, query)
	for _, placed := range page.Residents {
		placed.Withhold(query.Wanted.Leave) // as in ResidentsByKey
	}
	return page, err
}

// CountResidents returns how many residents of the named sources match, or atMost where that
// is less.
func (s *Set) CountResidents(
	ctx context.Context, names []resident.SourceName, filter *resident.Filter, atMost int,
) (int, error) {
	lister, err := s.listerOf(names)
	if err != nil {
		return 0, err
	}
	return lister.CountResidents(ctx, filter, atMost)
}

func (s *Set) listerOf(names []resident.SourceName) (Lister, error) {
	if s.lister == nil {
		return nil, resident.Errorf(resident.Unavailable, nil, "No source that lists residents is in use")
	}
	for _, name := range names {
		if name != s.lister.About().Name {
			return nil, resident.Errorf(resident.BadInput, nil, "%s cannot list residents", name)
		}
	}
	return s.lister, nil
}
