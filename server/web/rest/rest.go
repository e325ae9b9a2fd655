// Package rest answers the two questions of the first-generation API, for services that speak REST.
// It asks them of the executor that answers GraphQL, by operations stored here, so that no rule can
// differ. openapi.yaml is its contract: read that first.
package rest

import (
	"context"
	"embed"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// An Executor answers GraphQL.
type Executor interface {
	Execute(ctx context.Context, request graph.Request) *graph.Response
}

//go:embed openapi.yaml operations.graphql
var files embed.FS

// Handler answers everything under /api/v1/.
func Handler(executor Executor) http.Handler {
	a := &api{executor: executor, operations: read("operations.graphql")}
	contract := []byte(read("openapi.yaml"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/residents", a.list)
	mux.HandleFunc("GET /api/v1/residents/{id}", a.view)
	mux.HandleFunc("GET /api/v1/openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		write(w, http.StatusOK, "application/yaml", contract)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r) // and not the handler itself: the mux reads {id}
			return
		}
		// The mux tells a wrong method from a wrong path, but in its own words.
		probe := r.Clone(r.Context())
		probe.Method = http.MethodGet
		if _, known := mux.Handler(probe); known != "" {
			w.Header().Set("Allow", "GET, HEAD")
			writeProblem(w, &problem{Status: http.StatusMethodNotAllowed, Detail: "It can only be read"})
			return
		}
		writeProblem(w, &problem{Status: http.StatusNotFound,
			Detail: "There is nothing here: /api/v1/openapi.yaml says what there is"})
	})
}

func read(name string) string {
	content, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded: it is there or this did not compile
	}
	return string(content)
}

// Source is the one source whose residents are answered: these endpoints are those of the API that
// Mosaic had before.
const Source resident.SourceName = "MOSAIC"

type api struct {
	executor   Executor
	operations string
}

// list answers GET /api/v1/residents.
func (a *api) list(w http.ResponseWriter, r *http.Request) {
	variables, faults := readQuery(r.URL.RawQuery)
	if len(faults) > 0 {
		faults = append(faults, a.filterFaults(r.Context(), variables)...)
		writeProblem(w, badRequest(faults))
		return
	}
	var answer struct {
		Residents struct {
			Nodes    []*gqlResident
			PageInfo struct {
				HasNextPage bool
				EndCursor   *string
			}
		}
	}
	if p := a.ask(r.Context(), "ListResidents", variables, &answer); p != nil {
		writeProblem(w, p)
		return
	}
	page := residentPage{Residents: make([]residentBody, len(answer.Residents.Nodes))}
	for i, node := range answer.Residents.Nodes {
		page.Residents[i] = node.body()
	}
	if answer.Residents.PageInfo.HasNextPage {
		page.NextCursor = answer.Residents.PageInfo.EndCursor
	}
	writeJSON(w, http.StatusOK, "application/json", page)
}

// filterFaults returns what is wrong with the filter, for one answer to tell all that is wrong. It
// asks for a page of nobody, which the executor refuses after it has read the filter and before it
// reads anyone.
func (a *api) filterFaults(ctx context.Context, variables map[string]any) []fault {
	if variables["filter"] == nil {
		return nil
	}
	p := a.ask(ctx, "ListResidents", map[string]any{"filter": variables["filter"], "first": 0}, nil)
	if p == nil {
		return nil
	}
	return slices.DeleteFunc(p.Errors, func(f fault) bool { return f.Parameter == "limit" })
}

// view answers GET /api/v1/residents/{id}: the id of this gateway, or the Mosaic ID of before.
func (a *api) view(w http.ResponseWriter, r *http.Request) {
	if r.URL.RawQuery != "" {
		writeProblem(w, badRequest([]fault{{Detail: "One resident is asked for without parameters"}}))
		return
	}
	id := r.PathValue("id")
	if !isText(id) {
		writeProblem(w, badRequest([]fault{{"id", notText}}))
		return
	}
	if name, _, ok := resident.SplitID(id); ok && name != Source {
		writeProblem(w, nobody())
		return
	}
	operation := "ViewMosaicResident"
	if strings.Contains(id, ":") {
		operation = "ViewResident"
	}
	var answer struct{ Resident *gqlResident }
	if p := a.ask(r.Context(), operation, map[string]any{"id": id}, &answer); p != nil {
		writeProblem(w, p)
		return
	}
	if answer.Resident == nil {
		writeProblem(w, nobody())
		return
	}
	writeJSON(w, http.StatusOK, "application/json", answer.Resident.body())
}

func nobody() *problem {
	return &problem{Status: http.StatusNotFound, Detail: "There is no such resident"}
}

// ask runs a stored operation, and returns what to tell where it did not succeed.
func (a *api) ask(
	ctx context.Context, operation string, variables map[string]any, answer any,
) *problem {
	response := a.executor.Execute(ctx, graph.Request{
		Query: a.operations, OperationName: operation, Variables: variables,
	})
	if errs := besides(response.Errors); len(errs) > 0 {
		return problemOf(errs)
	}
	if err := json.Unmarshal(response.Data, answer); err != nil {
		// The executor answers what was asked, or it is broken: nothing of it is told.
		return internal()
	}
	return nil
}
