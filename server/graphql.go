package main

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/graph"
)

// maxBody is the largest request that is read, in bytes.
const maxBody = 256 << 10

const (
	plainJSON   = "application/json"
	graphqlJSON = "application/graphql-response+json"
)

// graphqlHandler answers GraphQL over HTTP: POST with JSON alone, so that no other site's page can
// ask without the browser asking first.
func graphqlHandler(g *graph.Graph) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		accepted := acceptedType(r.Header.Values("Accept"))
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			refuse(w, plainJSON, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED",
				"GraphQL is asked by POST, with a body of JSON")
			return
		}
		if accepted == "" {
			refuse(w, plainJSON, http.StatusNotAcceptable, "NOT_ACCEPTABLE",
				"The answer is "+graphqlJSON+" or "+plainJSON)
			return
		}
		if !isJSON(r.Header.Get("Content-Type")) {
			refuse(w, accepted, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE",
				"The body is JSON, in UTF-8, with Content-Type: "+plainJSON)
			return
		}
		request, status, fault := readRequest(http.MaxBytesReader(w, r.Body, maxBody))
		if fault != "" {
			refuse(w, accepted, status, "BAD_REQUEST", fault)
			return
		}
		response := g.Execute(r.Context(), request)
		status = http.StatusOK
		if response.Data == nil && accepted == graphqlJSON {
			status = http.StatusBadRequest
		}
		writeResponse(w, accepted, status, response)
	})
}

// readRequest reads a GraphQL request, or says what is wrong with it and which status that is. It
// never repeats what the body holds.
func readRequest(body io.Reader) (request graph.Request, status int, fault string) {
	var given struct {
		Query         *string         `json:"query"`
		OperationName *string         `json:"operationName"`
		Variables     map[string]any  `json:"variables"`
		Extensions    json.RawMessage `json:"extensions"`
	}
	decoder := json.NewDecoder(body)
	decoder.UseNumber()
	err := decoder.Decode(&given)
	if err == nil {
		_, err = decoder.Token()
		if errors.Is(err, io.EOF) {
			err = nil
		} else if err == nil {
			return request, http.StatusBadRequest, "The body goes on after its JSON object"
		}
	}
	var tooLarge *http.MaxBytesError
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &tooLarge):
		return request, http.StatusRequestEntityTooLarge,
			"The body is larger than " + strconv.Itoa(maxBody) + " bytes"
	case errors.As(err, &wrongType):
		return request, http.StatusBadRequest, "The body is a JSON object with a query (a string)," +
			" and if need be an operationName (a string) and variables (an object)"
	case err != nil:
		return request, http.StatusBadRequest, "The body is not JSON"
	case given.Query == nil || strings.TrimSpace(*given.Query) == "":
		return request, http.StatusBadRequest, "The body has no query"
	}
	request = graph.Request{Query: *given.Query, Variables: given.Variables}
	if given.OperationName != nil {
		request.OperationName = *given.OperationName
	}
	return request, http.StatusOK, ""
}

func isJSON(contentType string) bool {
	kind, parameters, err := mime.ParseMediaType(contentType)
	charset := parameters["charset"]
	return err == nil && kind == plainJSON && (charset == "" || strings.EqualFold(charset, "utf-8"))
}

// acceptedType returns the kind of answer that a caller likes best, or blank where it likes none.
func acceptedType(accept []string) string {
	if len(accept) == 0 {
		return plainJSON
	}
	best, bestQuality := "", 0.0
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		kind, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		quality := 1.0
		if q, given := parameters["q"]; given {
			if quality, err = strconv.ParseFloat(q, 64); err != nil {
				continue
			}
		}
		offered := ""
		switch kind {
		case plainJSON, graphqlJSON:
			offered = kind
		case "*/*", "application/*":
			offered = plainJSON
		}
		if offered != "" && quality > bestQuality {
			best, bestQuality = offered, quality
		}
	}
	return best
}

// refuse answers a request that GraphQL never saw.
func refuse(w http.ResponseWriter, kind string, status int, code, message string) {
	writeResponse(w, kind, status, &graph.Response{Errors: gqlerror.List{{
		Message: message, Extensions: map[string]any{"code": code},
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
