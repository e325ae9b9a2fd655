// Package status tells those who keep the gateway running how fresh each source is, what is wrong
// with it and what to do: as a page, as JSON and as text. It knows no source by name, and nothing
// of who may ask. Read this file first, then page.go.
package status

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// Unavailable is the state of a source that does not say how fresh it is.
const Unavailable source.FreshnessState = "UNAVAILABLE"

// A Status is what was found at a moment.
type Status struct {
	At      time.Time
	Sources []Source // in the order of the set
}

// A Source is one, as it was found.
type Source struct {
	source.Report
	Name  resident.SourceName
	Title string
}

// IsWell is whether nobody need look at the source: it is asked and as new as it should be, is
// being loaded, or nothing is known against it, and the last proof could be made and found no
// difference.
func (s *Source) IsWell() bool {
	switch s.State {
	case source.Current, source.BeingLoaded, source.Unknown:
		return s.Proof == nil || s.Proof.Result == "same"
	default:
		return false
	}
}

// IsWell is whether nobody need look at any source.
func (s *Status) IsWell() bool {
	for i := range s.Sources {
		if !s.Sources[i].IsWell() {
			return false
		}
	}
	return true
}

// A Watcher looks at sources. It is safe for concurrent use.
type Watcher struct {
	Sources *source.Set
	Timeout time.Duration // for all of them together
	Now     func() time.Time

	looks singleflight.Group
}

// Look finds out how all sources are, at the same time: one that does not answer takes no time from
// others. Those who ask meanwhile are told what the same look finds.
func (w *Watcher) Look(ctx context.Context) Status {
	found, _, _ := w.looks.Do("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), w.Timeout)
		defer cancel()
		return w.look(ctx), nil
	})
	status, _ := found.(Status) // it is nothing else
	return status
}

func (w *Watcher) look(ctx context.Context) Status {
	all := w.Sources.All()
	status := Status{At: w.Now().UTC(), Sources: make([]Source, len(all))}
	var looks sync.WaitGroup
	for i, of := range all {
		about := of.About()
		looks.Go(func() {
			report, err := w.Sources.Report(ctx, of)
			if err != nil {
				report = source.Report{Troubles: []source.Trouble{{
					What: about.Title + " does not say how fresh it is.",
					Do:   "See whether PostgreSQL answers, and what the gateway's log says.",
				}}}
				report.State = Unavailable
			}
			status.Sources[i] = Source{Name: about.Name, Title: about.Title, Report: report}
		})
	}
	looks.Wait()
	return status
}
