package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/server/web/playground"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// newServerOfAll returns the address of a server over a sample of every source.
func newServerOfAll(t *testing.T) string {
	t.Helper()
	handler, err := configured(t).gateway(
		t.Context(), newSampleOfAll(t), developer(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// newSampleOfAll returns a database with a sample of every source.
func newSampleOfAll(t *testing.T) *database {
	t.Helper()
	pool := postgres.Template(t, "all", func(ctx context.Context, pool *sqlx.DB) error {
		return seedAll(ctx, &database{DB: pool, inUse: catalogue.Sources()}, plug.Sample{
			Options: sample.Options{Now: today}, Residents: 200, Seed: 1, Today: sampleDay(),
		})
	})(t)
	return &database{DB: pool, inUse: catalogue.Sources()}
}

// What a page asks is answered as it says there.
func TestPagesThatAsk(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../source/*/README.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(catalogue.Sources()) {
		t.Errorf("got %d: each source has a README", len(files))
	}
	asked := 0
	files = append(files, "../README.md", "../docs/how-to/join-a-federation.md")
	url := newServerOfAll(t)
	for _, file := range files {
		readme, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		request := regexp.MustCompile(`(?s)-d '(\{.*?\})'`).FindSubmatch(readme)
		answer := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(readme)
		if request == nil || answer == nil {
			continue // one that asks nothing yet
		}
		asked++
		got := webtest.Send(t, "POST", url+"/graphql", string(request[1]),
			"Content-Type: application/json")
		var gotJSON, wantJSON any
		if err := json.Unmarshal([]byte(got.Body), &gotJSON); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(answer[1], &wantJSON); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(gotJSON, wantJSON) {
			t.Errorf("%s: got %s, want %s", file, got.Body, answer[1])
		}
	}
	if asked < 6 {
		t.Errorf("got %d pages with a question and its answer: the test looks for another form", asked)
	}
}

// Each example of the playground is answered, with somebody in it.
func TestPlaygroundExamples(t *testing.T) {
	t.Parallel()
	url := newServerOfAll(t)
	for _, example := range playground.Examples() {
		t.Run(example.Name, func(t *testing.T) {
			body, err := json.Marshal(map[string]any{
				"query": example.Query, "variables": example.Variables,
			})
			if err != nil {
				t.Fatal(err)
			}
			got := webtest.Send(t, "POST", url+"/graphql", string(body),
				"Content-Type: application/json")
			if strings.Contains(got.Body, `"errors"`) || strings.Contains(got.Body, `"nodes":[]`) {
				t.Errorf("got %s", got.Body)
			}
		})
	}
}
