package rest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A problem is what is told instead of an answer, as RFC 9457 has it.
type problem struct {
	Type   string  `json:"type"`
	Title  string  `json:"title"`
	Status int     `json:"status"`
	Detail string  `json:"detail"`
	Errors []fault `json:"errors,omitempty"`

	retryAfter string // in seconds, where it is worth asking again
}

// A fault is one thing that is wrong with a request.
type fault struct {
	Parameter string `json:"parameter,omitempty"`
	Detail    string `json:"detail"`
}

func badRequest(faults []fault) *problem {
	return &problem{
		Status: http.StatusBadRequest,
		Detail: "The request cannot be answered as it is: errors says why",
		Errors: faults,
	}
}

// besides drops what the caller may not see of a resident: it is null, and says so itself.
func besides(errs gqlerror.List) gqlerror.List {
	var others gqlerror.List
	for _, err := range errs {
		if err.Extensions["code"] != resident.Forbidden || len(err.Path) <= 1 {
			others = append(others, err)
		}
	}
	return others
}

// problemOf returns what to tell of errors of the executor. One that the caller cannot mend weighs
// more than those that they can.
func problemOf(errs gqlerror.List) *problem {
	var faults []fault
	for _, err := range errs {
		if err.Extensions["code"] == graph.CodeTooComplex { // its message speaks of operations
			return badRequest([]fault{{"limit", "It asks for more than this gateway allows: ask for fewer"}})
		}
		code, _ := err.Extensions["code"].(resident.Code)
		argument, _ := err.Extensions["argument"].(string)
		switch code {
		case resident.BadInput:
			faults = append(faults, fault{
				Parameter: parameterOf(argument),
				Detail:    strings.TrimPrefix(err.Message, argument+": "),
			})
		case resident.BadCursor:
			faults = append(faults, fault{
				Parameter: parameterOf(argument),
				Detail: "The cursor is not of this list: use a nextCursor only with the other" +
					" parameters that it was read with; limit may change",
			})
		case resident.Forbidden:
			refused := &problem{
				Status: http.StatusForbidden, Detail: strings.TrimPrefix(err.Message, argument+": "),
			}
			if parameter := parameterOf(argument); parameter != "" {
				refused.Errors = []fault{{parameter, refused.Detail}}
			}
			return refused
		case resident.RateLimited:
			seconds, _ := err.Extensions["retryAfter"].(int)
			return &problem{Status: http.StatusTooManyRequests, Detail: err.Message,
				retryAfter: strconv.Itoa(seconds)}
		case resident.Unavailable:
			return &problem{Status: http.StatusServiceUnavailable, Detail: err.Message, retryAfter: "10"}
		case resident.Overloaded:
			return &problem{Status: http.StatusServiceUnavailable, Detail: err.Message, retryAfter: "1"}
		case resident.Timeout:
			return &problem{Status: http.StatusGatewayTimeout, Detail: err.Message}
		default:
			return internal()
		}
	}
	return badRequest(faults)
}

func internal() *problem {
	return &problem{Status: http.StatusInternalServerError, Detail: "Internal error"}
}

// Refuse answers a request that does not come as far as the handler, as the handler would.
func Refuse(w http.ResponseWriter, status int, detail string) {
	writeProblem(w, &problem{Status: status, Detail: detail})
}

func writeProblem(w http.ResponseWriter, p *problem) {
	// A type of one's own would need a page that says more than the title does.
	p.Type, p.Title = "about:blank", http.StatusText(p.Status)
	if p.retryAfter != "" {
		w.Header().Set("Retry-After", p.retryAfter)
	}
	writeJSON(w, p.Status, "application/problem+json", p)
}

func writeJSON(w http.ResponseWriter, status int, kind string, body any) {
	encoded, err := json.Marshal(body)
	if err != nil {
		http.Error(w, "Internal error", http.StatusInternalServerError)
		return
	}
	write(w, status, kind, encoded)
}

func write(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // who has hung up is not told
}
