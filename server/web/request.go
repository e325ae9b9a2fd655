package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"
)

// parameters are what a request has, by the names that GraphQL over HTTP gives them.
type parameters struct {
	Query         *string                    `json:"query"`
	OperationName *string                    `json:"operationName"`
	Variables     map[string]any             `json:"variables"`
	Extensions    map[string]json.RawMessage `json:"extensions"`
	DocumentID    *string                    `json:"documentId"`
}

// Others are refused, not passed over: who writes Variables, or variable, would lose the filter
// that stands in it, and be answered with everybody.
const onlyParameters = "query, documentId, operationName, variables and extensions are all that" +
	" is known"

func isParameter(name string) bool { return isText(name) || isObject(name) }

// isText is whether a parameter is one, rather than an object.
func isText(name string) bool {
	return name == "query" || name == "documentId" || name == "operationName"
}

func isObject(name string) bool { return name == "variables" || name == "extensions" }

// readBody returns the request that a body holds, or what is wrong with it, which repeats nothing
// of what the body holds.
func readBody(body []byte) (request parsedRequest, fault string) {
	if fault := jsonFault(body); fault != "" {
		return request, "The body " + fault
	}
	// encoding/json would also take QUERY for query, so the names are looked at first.
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return request, "The body is not an object"
	}
	for name := range members {
		if !isParameter(name) {
			return request, "The body has a name that is not known: " + onlyParameters
		}
	}
	var given parameters
	if fault := decode(body, &given); fault != "" {
		return request, "The body " + fault
	}
	return given.request("The body")
}

// request returns what the parameters ask for. Where they stand is named to say what is missing.
func (p *parameters) request(where string) (request parsedRequest, fault string) {
	request.Variables = p.Variables
	if p.Query != nil {
		request.Query = *p.Query
	}
	if p.OperationName != nil {
		request.OperationName = *p.OperationName
	}
	if p.DocumentID != nil {
		request.documentID = *p.DocumentID
	}
	if persisted := p.Extensions["persistedQuery"]; persisted != nil {
		var given struct {
			Version int    `json:"version"`
			Hash    string `json:"sha256Hash"`
		}
		err := json.Unmarshal(persisted, &given)
		if err != nil || given.Version != 1 || given.Hash == "" {
			return request, where + " has a persistedQuery that is not of version 1, with its sha256Hash"
		}
		request.sha256Hash = given.Hash
	}
	isNamed := request.documentID != "" || request.sha256Hash != ""
	switch {
	case request.documentID != "" && (request.sha256Hash != "" || request.Query != ""):
		return request, where + " names its document more than once"
	case !isNamed && strings.TrimSpace(request.Query) == "":
		return request, where + " has no query"
	}
	return request, ""
}

// decode reads JSON, whose shape is known to be well, and keeps its numbers as they are written.
func decode(text []byte, into any) (fault string) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err := decoder.Decode(into)
	wrongType, isWrongType := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case err == nil:
		return ""
	case isWrongType && isText(wrongType.Field):
		return "has another type than a string for " + wrongType.Field
	case isWrongType && isObject(wrongType.Field):
		return "has another type than an object for " + wrongType.Field
	case isWrongType:
		return "is not an object"
	}
	return notJSON
}

// readQueryString returns the request that a query string holds, or what is wrong with it.
func readQueryString(raw string) (request parsedRequest, fault string) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return request, "The URL has a query string that cannot be read"
	}
	var given parameters
	for name, value := range values {
		switch {
		case !isParameter(name):
			return request, "The URL has a parameter that is not known: " + onlyParameters
		case len(value) > 1:
			return request, "The URL has a parameter twice"
		}
		if fault := given.set(name, value[0]); fault != "" {
			return request, fault
		}
	}
	return given.request("The URL")
}

// set takes one parameter of a URL. A blank one is as one that is not there.
func (p *parameters) set(name, value string) (fault string) {
	switch {
	case value == "":
		return ""
	case isText(name):
		if !utf8.ValidString(value) {
			return "The parameter " + name + " " + notUTF8
		}
		switch name {
		case "query":
			p.Query = &value
		case "documentId":
			p.DocumentID = &value
		default:
			p.OperationName = &value
		}
		return ""
	}
	if fault := jsonFault([]byte(value)); fault != "" {
		return "The parameter " + name + " " + fault
	}
	var into any = &p.Variables
	if name == "extensions" {
		into = &p.Extensions
	}
	if fault := decode([]byte(value), into); fault != "" {
		return "The parameter " + name + " " + fault
	}
	return ""
}
