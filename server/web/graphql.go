package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A graphqlHandler answers GraphQL over HTTP: by POST with JSON, and queries by GET too. What it
// refuses is refused before GraphQL sees it. docs/reference/http.md lists what it answers.
type graphqlHandler struct {
	executor  *graph.Graph
	queue     *queue
	documents *Documents
	maxBody   int64        // the largest body that is read, in bytes
	bodies    atomic.Int64 // bytes of the large bodies being read or executed
}

const (
	// maxBodies is the most that bodies may take together, in bytes, but for those that are as small
	// as what their connection takes anyway: they get through even while many send large ones slowly.
	maxBodies = 32 << 20
	smallBody = 16 << 10
)

// ServeHTTP answers one request.
func (h *graphqlHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kind := acceptedKind(r.Header)
	err := headerError(w, r, kind)
	kind = cmp.Or(kind, plainJSON)
	if err == nil {
		var response *graph.Response
		if response, err = h.answer(w, r); response != nil {
			status := statusOf(response, kind)
			if status == http.StatusTooManyRequests {
				w.Header().Set("Retry-After", fmt.Sprint(response.Errors[0].Extensions["retryAfter"]))
			}
			writeResponse(w, kind, status, response)
			return
		}
	}
	refuse(w, kind, err)
}

// headerError returns what is wrong with the method and the headers of a request; nil if nothing.
func headerError(w http.ResponseWriter, r *http.Request, kind string) *httpError {
	isPost := r.Method == http.MethodPost
	switch {
	case !isPost && r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD, POST")
		return &httpError{status: http.StatusMethodNotAllowed, code: "METHOD_NOT_ALLOWED",
			message: "GraphQL is asked by POST, with a body of JSON, or by GET"}
	case kind == "":
		return &httpError{status: http.StatusNotAcceptable, code: "NOT_ACCEPTABLE",
			message: "The answer is " + graphqlJSON + " or " + plainJSON + ", in UTF-8"}
	case isPost && !isJSON(r.Header):
		w.Header().Set("Accept", plainJSON)
		return &httpError{status: http.StatusUnsupportedMediaType, code: "UNSUPPORTED_MEDIA_TYPE",
			message: "The body is JSON, in UTF-8 and not packed, with Content-Type: " + plainJSON}
	}
	return nil
}

// answer executes the request that r holds, in its turn. It returns one of the two.
func (h *graphqlHandler) answer(
	w http.ResponseWriter, r *http.Request,
) (*graph.Response, *httpError) {
	var body []byte
	if r.Method == http.MethodPost {
		size := r.ContentLength
		switch {
		case size < 0 || size > h.maxBody:
			size = h.maxBody
		case size <= smallBody:
			size = 0
		}
		defer h.bodies.Add(-size)
		if h.bodies.Add(size) > maxBodies {
			return nil, overloaded()
		}
		var err *httpError
		if body, err = h.wholeBody(w, r); err != nil {
			return nil, err
		}
	}
	// It takes its turn before it is decoded, for then it takes up more.
	release, ok := h.queue.acquire(r.Context())
	if !ok {
		return nil, overloaded()
	}
	defer release()

	isPost := r.Method == http.MethodPost
	var request parsedRequest
	var fault string
	if isPost {
		request, fault = readBody(body)
	} else {
		request, fault = readQueryString(r.URL.RawQuery)
	}
	if fault != "" {
		return nil, badRequest(fault)
	}
	response, err := h.documents.find(&request, access.CallerOf(r.Context()))
	if response != nil || err != nil {
		return response, err
	}
	if !isPost && !isQuery(request.Request) {
		w.Header().Set("Allow", http.MethodPost)
		return nil, &httpError{status: http.StatusMethodNotAllowed, code: "METHOD_NOT_ALLOWED",
			message: "GET answers queries alone"}
	}
	request.WantCost = r.Header.Get("X-Want-Cost") == "1"
	return h.executor.Execute(r.Context(), request.Request), nil
}

// wholeBody reads what may be read of a body.
func (h *graphqlHandler) wholeBody(w http.ResponseWriter, r *http.Request) ([]byte, *httpError) {
	tooLarge := &httpError{status: http.StatusRequestEntityTooLarge, code: "BAD_REQUEST",
		message: "The body is larger than " + strconv.FormatInt(h.maxBody, 10) + " bytes"}
	if r.ContentLength > h.maxBody {
		w.Header().Set("Connection", "close") // the rest of it is not read to its end
		return nil, tooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.maxBody))
	if err == nil {
		return body, nil
	}
	w.Header().Set("Connection", "close")
	if _, isTooLarge := errors.AsType[*http.MaxBytesError](err); isTooLarge {
		return nil, tooLarge
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, &httpError{status: http.StatusRequestTimeout, code: "BAD_REQUEST",
			message: "The body came too slowly"}
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
// the answer says, for that is how it is told from the answer of a proxy; but who asks too much is
// told as HTTP has it.
func statusOf(response *graph.Response, kind string) int {
	if response.Data != nil || len(response.Errors) == 0 {
		return http.StatusOK
	}
	code := response.Errors[0].Extensions["code"]
	switch {
	case code == resident.RateLimited:
		return http.StatusTooManyRequests
	case kind == plainJSON:
		return http.StatusOK
	}
	switch code {
	case resident.Forbidden, codeNotTrusted:
		return http.StatusForbidden
	case resident.Internal:
		return http.StatusInternalServerError
	case resident.Unavailable:
		return http.StatusServiceUnavailable
	case resident.Timeout:
		return http.StatusGatewayTimeout
	}
	return http.StatusBadRequest
}

// writeGraphQLError writes an error as the GraphQL response of a request.
func writeGraphQLError(w http.ResponseWriter, r *http.Request, err *httpError) {
	refuse(w, cmp.Or(acceptedKind(r.Header), plainJSON), err)
}

// refuse answers a request that GraphQL never saw.
func refuse(w http.ResponseWriter, kind string, err *httpError) {
	extensions := map[string]any{"code": err.code}
	if err.retryAfter > 0 {
		extensions["retryAfter"] = err.retryAfter
	}
	err.setRetryAfter(w.Header())
	writeResponse(w, kind, err.status, &graph.Response{Errors: gqlerror.List{{
		Message: err.message, Extensions: extensions,
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
