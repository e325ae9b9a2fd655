package web

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/server/web/status"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// alive says that the process answers, and nothing more.
func alive(w http.ResponseWriter, r *http.Request) {
	writeHealth(w, r, http.StatusOK, map[string]string{"status": "alive"})
}

// health checks what the gateway needs to answer requests.
type health struct {
	ping     func(context.Context) error // the database
	sources  *source.Set
	recorder *access.Recorder
	keys     *access.Keys // nil where callers have none

	stopping atomic.Bool // whether the gateway takes no more requests
	checks   singleflight.Group
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

// ready answers 200 when the database answers and any source does, and 503 when not or when the
// gateway is about to stop, so that it is sent no more requests. It reports a source that is down,
// which does not keep callers from the others.
func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	answer := h.checkOnce(r.Context())
	if h.stopping.Load() {
		answer.Status = "stopping"
	}
	code := http.StatusOK
	if answer.Status != "ready" {
		code = http.StatusServiceUnavailable
	}
	writeHealth(w, r, code, answer)
}

// checkOnce checks once for all requests that come meanwhile. Callers need not be known, so many
// requests must not be much work for the database.
func (h *health) checkOnce(ctx context.Context) readiness {
	found, _, _ := h.checks.Do("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTimeout)
		defer cancel()
		return h.check(ctx), nil
	})
	answer, _ := found.(readiness) // it is nothing else
	return answer
}

func (h *health) check(ctx context.Context) readiness {
	answer := readiness{Status: "ready", Database: "answers", Record: "can be written"}
	if err := h.ping(ctx); err != nil {
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
	answer.Sources = h.checkSources(ctx)
	if !slices.ContainsFunc(answer.Sources, func(s sourceReadiness) bool {
		return s.State != status.Unavailable && s.State.IsWhole()
	}) {
		answer.Status = "not ready"
	}
	return answer
}

// checkSources checks all at the same time: one that does not answer takes no time from others.
func (h *health) checkSources(ctx context.Context) []sourceReadiness {
	sources := h.sources.All()
	found := make([]sourceReadiness, len(sources))
	var all sync.WaitGroup
	for i, s := range sources {
		found[i] = sourceReadiness{Name: s.About().Name, State: status.Unavailable}
		all.Go(func() {
			if freshness, err := s.Freshness(ctx); err == nil {
				found[i].State, found[i].AsOf = freshness.State, freshness.AsOf
			}
		})
	}
	all.Wait()
	return found
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
	// A caller may have hung up.
	_ = json.NewEncoder(w).Encode(answer) //nolint:errchkjson // of texts and times, it is JSON
}
