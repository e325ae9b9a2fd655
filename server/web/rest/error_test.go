package rest_test

import (
	"context"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A failing executor answers every question with its errors.
type failing gqlerror.List

func (f failing) Execute(context.Context, graph.Request) *graph.Response {
	return &graph.Response{Errors: gqlerror.List(f)}
}

func failure(code any, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}

// Each code has its status. Of what is internal no more is told than that, whatever its message.
func TestExecutorErrors(t *testing.T) {
	t.Parallel()
	told := failure(resident.BadInput, "It is blank")
	tests := map[string]struct {
		executor   failing
		status     int
		detail     string
		retryAfter string
	}{
		"unavailable": {
			failing{failure(resident.Unavailable, "Mosaic cannot be reached now")},
			503, "Mosaic cannot be reached now", "10",
		},
		"timeout": {
			failing{failure(resident.Timeout, "The answer took too long")},
			504, "The answer took too long", "",
		},
		"internal": {
			failing{failure(resident.Internal, marked+" SELECT")}, 500, "Internal error", "",
		},
		"a code that is not ours": {
			failing{failure("GRAPHQL_VALIDATION_FAILED", marked+" $filter")}, 500, "Internal error", "",
		},
		"no code": {
			failing{&gqlerror.Error{Message: marked + " panic"}}, 500, "Internal error", "",
		},
		"a fault, then unavailable": {
			failing{told, failure(resident.Unavailable, "Mosaic cannot be reached now")},
			503, "Mosaic cannot be reached now", "10",
		},
		"internal, then a fault": {
			failing{failure(resident.Internal, marked), told}, 500, "Internal error", "",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, tt.executor)
			for _, target := range []string{
				"/residents", "/residents?last_name=" + marked, "/residents/31", "/residents/mosaic:31",
			} {
				var got problem
				a := s.get(t, target)
				a.want(t, tt.status, &got)
				if got.Detail != tt.detail || len(got.Errors) > 0 {
					t.Errorf("%s: got %s, want %q", target, a.body, tt.detail)
				}
				if after := a.header.Get("Retry-After"); after != tt.retryAfter {
					t.Errorf("%s: got Retry-After %q, want %q", target, after, tt.retryAfter)
				}
			}
			// What the query shows to be wrong is told though the executor cannot say more.
			checkRefused(t, s, "/residents?limit=0&mosaic_id=31", []string{"limit"})
		})
	}
}

// Data that is not loaded, tables that are not there and a database that is gone are told apart
// from residents who are not there.
func TestNotAvailable(t *testing.T) {
	t.Parallel()
	targets := []string{
		"/residents", "/residents?last_name=okafor", "/residents/31", "/residents/mosaic:31",
	}
	t.Run("not loaded", func(t *testing.T) {
		t.Parallel()
		s := newService(t, newGraph(t, postgres.Scratch(t)))
		for _, target := range targets {
			checkFailed(t, s, target, 503)
		}
		checkRefused(t, s, "/residents?postcode=N1+6", []string{"postcode"})
	})
	t.Run("without its tables", func(t *testing.T) {
		t.Parallel()
		database := newFixture(t)
		if _, err := database.ExecContext(t.Context(), `DROP SCHEMA mosaic CASCADE`); err != nil {
			t.Fatal(err)
		}
		s := newService(t, newGraph(t, database))
		for _, target := range targets {
			checkFailed(t, s, target, 503)
		}
	})
	t.Run("closed", func(t *testing.T) {
		t.Parallel()
		database := newFixture(t)
		if err := database.Close(); err != nil {
			t.Fatal(err)
		}
		s := newService(t, newGraph(t, database))
		for _, target := range targets {
			checkFailed(t, s, target, 500)
		}
	})
	t.Run("out of time", func(t *testing.T) {
		t.Parallel()
		s := newService(t, outOfTime{newGraph(t, newFixture(t))})
		for _, target := range targets {
			checkFailed(t, s, target, 504)
		}
	})
}

// An outOfTime executor is asked when there is no time left for an answer.
type outOfTime struct{ gateway }

func (o outOfTime) Execute(ctx context.Context, request graph.Request) *graph.Response {
	ctx, cancel := context.WithTimeout(ctx, 0)
	defer cancel()
	return o.gateway.Execute(ctx, request)
}

func checkFailed(t *testing.T, s *service, target string, status int) {
	t.Helper()
	var got problem
	if a := s.get(t, target); a.status != status {
		t.Errorf("%s: got %d, want %d: %s", target, a.status, status, a.body)
	} else if a.want(t, status, &got); len(got.Errors) > 0 {
		t.Errorf("%s: got %s", target, a.body)
	}
}
