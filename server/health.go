package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/singleflight"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/server/web/status"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// alive says that the process answers, and nothing more.
func alive() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeHealth(w, r, http.StatusOK, map[string]string{"status": "alive"})
	})
}

// health knows what a request needs to be answered.
type health struct {
	database *sqlx.DB
	sources  *source.Set
	recorder *access.Recorder
	keys     *access.Keys // nil where nobody needs one

	looks singleflight.Group
}

type readiness struct {
	Status   string            `json:"status"` // ready, not ready, or stopping
	Database string            `json:"database"`
	Record   string            `json:"record"` // of access
	Sources  []sourceReadiness `json:"sources"`
}

type sourceReadiness struct {
	Name  resident.SourceName   `json:"name"`
	State source.FreshnessState `json:"state"` // UNAVAILABLE where the source does not answer
	AsOf  *time.Time            `json:"asOf"`
}

// readyTimeout is how long the database and the sources together have to answer.
const readyTimeout = 2 * time.Second

const unavailable = status.Unavailable

// ready answers 200 when the database answers and any source does, and 503 when not or when the
// gateway is about to stop, so that nothing more is sent its way. One source that is down is told
// of, and does not keep the others from being asked.
func (h *health) ready(stopping <-chan struct{}) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := h.lookOnce(r.Context())
		select {
		case <-stopping:
			answer.Status = "stopping"
		default:
		}
		status := http.StatusOK
		if answer.Status != "ready" {
			status = http.StatusServiceUnavailable
		}
		writeHealth(w, r, status, answer)
	})
}

// lookOnce looks for all who ask meanwhile: nobody needs to be known to ask, so asking often must
// not be work for the database.
func (h *health) lookOnce(ctx context.Context) readiness {
	found, _, _ := h.looks.Do("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTimeout)
		defer cancel()
		return h.look(ctx), nil
	})
	answer, _ := found.(readiness) // it is nothing else
	return answer
}

func (h *health) look(ctx context.Context) readiness {
	answer := readiness{Status: "ready", Database: "answers", Record: "can be written"}
	if err := h.database.PingContext(ctx); err != nil {
		answer.Status, answer.Database = "not ready", "does not answer"
	}
	if err := h.recorder.Check(ctx); err != nil {
		answer.Status, answer.Record = "not ready", "cannot be written"
	}
	if h.keys != nil {
		if _, err := h.keys.AnyValid(ctx); err != nil {
			answer.Status = "not ready"
		}
	}
	answer.Sources = h.lookAtSources(ctx)
	if !slices.ContainsFunc(answer.Sources, func(s sourceReadiness) bool {
		return s.State != unavailable && s.State.IsWhole()
	}) {
		answer.Status = "not ready"
	}
	return answer
}

// lookAtSources looks at all at the same time: one that does not answer takes no time from others.
func (h *health) lookAtSources(ctx context.Context) []sourceReadiness {
	sources := h.sources.All()
	found := make([]sourceReadiness, len(sources))
	var all sync.WaitGroup
	for i, s := range sources {
		found[i] = sourceReadiness{Name: s.About().Name, State: unavailable}
		all.Go(func() {
			if freshness, err := s.Freshness(ctx); err == nil {
				found[i].State, found[i].AsOf = freshness.State, freshness.AsOf
			}
		})
	}
	all.Wait()
	return found
}

// notLoaded are the sources that have never been loaded.
func notLoaded(ctx context.Context, set *source.Set) ([]resident.SourceName, error) {
	var empty []resident.SourceName
	for _, s := range set.All() {
		freshness, err := s.Freshness(ctx)
		if err != nil {
			return nil, err
		}
		if freshness.State == source.NotLoaded {
			empty = append(empty, s.About().Name)
		}
	}
	return empty, nil
}

func writeHealth(w http.ResponseWriter, r *http.Request, status int, answer any) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// Who has hung up is not told.
	_ = json.NewEncoder(w).Encode(answer) //nolint:errchkjson // of texts and times, it is JSON
}

func typeOf(v any) string { return fmt.Sprintf("%T", v) }
