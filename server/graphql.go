package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/server/rest"
)

// A graphqlHandler answers GraphQL over HTTP: by POST with JSON, and queries by GET too. What it
// refuses is refused before GraphQL sees it. docs/reference/http.md lists what it answers.
type graphqlHandler struct {
	executor rest.Executor
	queue    *queue
	sites    http.CrossOriginProtection
	bodies   atomic.Int64 // bytes of the large bodies that are being read or executed
}

const (
	// maxBody is the largest body that is read, in bytes.
	maxBody = 256 << 10
	// maxBodies is the most that bodies may take together, in bytes, but for those that are as small
	// as what their connection takes anyway: they get through even while many send large ones slowly.
	maxBodies = 32 << 20
	smallBody = 16 << 10
)

// A refusal is why a request is not answered. The zero value is that there is no reason.
type refusal struct {
	status  int
	code    string
	message string
}

func badRequest(message string) refusal {
	return refusal{http.StatusBadRequest, "BAD_REQUEST", message}
}

func overloaded() refusal {
	return refusal{http.StatusServiceUnavailable, string(resident.Overloaded), tooBusy}
}

// ServeHTTP answers one request.
func (h *graphqlHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kind := acceptedKind(r.Header)
	no := h.doorRefusal(w, r, kind)
	if kind == "" {
		kind = plainJSON
	}
	if no == (refusal{}) {
		var response *graph.Response
		if response, no = h.answer(w, r); response != nil {
			writeResponse(w, kind, statusOf(response, kind), response)
			return
		}
	}
	refuse(w, kind, no)
}

// doorRefusal looks at what can be seen before anything is read.
func (h *graphqlHandler) doorRefusal(
	w http.ResponseWriter, r *http.Request, kind string,
) refusal {
	isPost := r.Method == http.MethodPost
	switch {
	case !isPost && r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD, POST")
		return refusal{http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED",
			"GraphQL is asked by POST, with a body of JSON, or by GET"}
	case h.isFromAnotherSite(r):
		return refusal{http.StatusForbidden, "CROSS_SITE",
			"A page of another site may not ask"}
	case kind == "":
		return refusal{http.StatusNotAcceptable, "NOT_ACCEPTABLE",
			"The answer is " + graphqlJSON + " or " + plainJSON + ", in UTF-8"}
	case isPost && !isJSON(r.Header):
		w.Header().Set("Accept", plainJSON)
		return refusal{http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE",
			"The body is JSON, in UTF-8 and not packed, with Content-Type: " + plainJSON}
	}
	return refusal{}
}

// isFromAnotherSite is whether a browser says that the page of another site asks. The standard
// library takes GET for safe; one that asks who somebody is tells by its time whether they are
// there.
func (h *graphqlHandler) isFromAnotherSite(r *http.Request) bool {
	asPost := r.WithContext(r.Context())
	asPost.Method = http.MethodPost
	return h.sites.Check(asPost) != nil
}

// answer executes the request that r holds, in its turn. It returns one of the two.
func (h *graphqlHandler) answer(
	w http.ResponseWriter, r *http.Request,
) (*graph.Response, refusal) {
	var body []byte
	if r.Method == http.MethodPost {
		size := r.ContentLength
		switch {
		case size < 0 || size > maxBody:
			size = maxBody
		case size <= smallBody:
			size = 0
		}
		defer h.bodies.Add(-size)
		if h.bodies.Add(size) > maxBodies {
			return nil, overloaded()
		}
		var no refusal
		if body, no = wholeBody(w, r); no != (refusal{}) {
			return nil, no
		}
	}
	// It takes its turn before it is decoded, for then it takes up more.
	leave, ok := h.queue.enter(r.Context())
	if !ok {
		return nil, overloaded()
	}
	defer leave()

	var request graph.Request
	var fault string
	if r.Method == http.MethodPost {
		request, fault = readBody(body)
	} else if request, fault = readQueryString(r.URL.RawQuery); fault == "" && !isQuery(request) {
		w.Header().Set("Allow", http.MethodPost)
		return nil, refusal{http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED",
			"GET answers queries alone"}
	}
	if fault != "" {
		return nil, badRequest(fault)
	}
	request.WantCost = r.Header.Get("X-Want-Cost") == "1"
	return h.executor.Execute(r.Context(), request), refusal{}
}

// wholeBody reads what may be read of a body.
func wholeBody(w http.ResponseWriter, r *http.Request) ([]byte, refusal) {
	tooLarge := refusal{http.StatusRequestEntityTooLarge, "BAD_REQUEST",
		"The body is larger than " + strconv.Itoa(maxBody) + " bytes"}
	if r.ContentLength > maxBody {
		w.Header().Set("Connection", "close") // the rest of it is not read to its end
		return nil, tooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		return body, refusal{}
	}
	w.Header().Set("Connection", "close")
	if _, isTooLarge := errors.AsType[*http.MaxBytesError](err); isTooLarge {
		return nil, tooLarge
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, refusal{http.StatusRequestTimeout, "BAD_REQUEST", "The body came too slowly"}
	}
	return nil, badRequest("The body ended before its end")
}

// isQuery is whether the operation that is asked for is a query. Of a document that cannot be read,
// or has no such operation, the executor says so itself: it reads by the same parser.
func isQuery(request graph.Request) bool {
	const maxTokens = 10_000
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: request.Query}, maxTokens)
	if err != nil {
		return true
	}
	operation := document.Operations.ForName(request.OperationName)
	return operation == nil || operation.Operation == ast.Query
}

// statusOf returns the status for an answer of the executor. In the older kind it is 200 whatever
// the answer says, for that is how it is told from the answer of a proxy.
func statusOf(response *graph.Response, kind string) int {
	if response.Data != nil || kind == plainJSON || len(response.Errors) == 0 {
		return http.StatusOK
	}
	switch response.Errors[0].Extensions["code"] {
	case resident.Internal:
		return http.StatusInternalServerError
	case resident.Unavailable:
		return http.StatusServiceUnavailable
	case resident.Timeout:
		return http.StatusGatewayTimeout
	}
	return http.StatusBadRequest
}

// refuse answers a request that GraphQL never saw.
func refuse(w http.ResponseWriter, kind string, no refusal) {
	if no.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	writeResponse(w, kind, no.status, &graph.Response{Errors: gqlerror.List{{
		Message: no.message, Extensions: map[string]any{"code": no.code},
	}}})
}

func writeResponse(w http.ResponseWriter, kind string, status int, response *graph.Response) {
	body, err := json.Marshal(response)
	if err != nil { // what the executor wrote is JSON, or the executor is broken
		http.Error(w, "Internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // who has hung up is not told
}
