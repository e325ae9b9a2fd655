package answer

import (
	"context"
	"sync"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A Source is a source as one request sees it: its freshness is read once, and only when asked for.
type Source struct {
	about     source.About
	freshness func(context.Context) (*source.Freshness, error)
}

// NewSource returns a Source for one request.
func NewSource(s source.Source) *Source {
	var once sync.Once
	var known source.Freshness
	var err error
	return &Source{
		about: s.About(),
		freshness: func(ctx context.Context) (*source.Freshness, error) {
			once.Do(func() { known, err = s.Freshness(ctx) })
			return &known, err
		},
	}
}

// Name answers Source.name.
func (s *Source) Name() resident.SourceName { return s.about.Name }

// Title answers Source.title.
func (s *Source) Title() string { return s.about.Title }

// Description answers Source.description.
func (s *Source) Description() string { return s.about.Description }

// Freshness answers Source.freshness.
func (s *Source) Freshness(ctx context.Context) (*source.Freshness, error) {
	return s.freshness(ctx)
}
