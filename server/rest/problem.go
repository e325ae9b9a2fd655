package rest

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A problem is what is told instead of an answer, as RFC 9457 has it.
type problem struct {
	Type   string  `json:"type"`
	Title  string  `json:"title"`
	Status int     `json:"status"`
	Detail string  `json:"detail"`
	Errors []fault `json:"errors,omitempty"`
}

// A fault is one thing that is wrong with a request.
type fault struct {
	Parameter string `json:"parameter,omitempty"`
	Detail    string `json:"detail"`
}

func badRequest(faults []fault) problem {
	return problem{
		Status: http.StatusBadRequest, Detail: "The request cannot be meant as it is", Errors: faults,
	}
}

// problemOf returns what to tell of errors of the executor. One that the caller cannot mend weighs
// more than those that they can.
func problemOf(errs gqlerror.List) problem {
	var faults []fault
	for _, err := range errs {
		code, _ := err.Extensions["code"].(resident.Code)
		switch code {
		case resident.BadInput, resident.BadCursor:
			argument, _ := err.Extensions["argument"].(string)
			faults = append(faults, fault{
				Parameter: parameterOf(argument),
				Detail:    strings.TrimPrefix(err.Message, argument+": "),
			})
		case resident.Unavailable:
			return problem{Status: http.StatusServiceUnavailable, Detail: err.Message}
		case resident.Timeout:
			return problem{Status: http.StatusGatewayTimeout, Detail: err.Message}
		default:
			return problem{Status: http.StatusInternalServerError, Detail: "Internal error"}
		}
	}
	return badRequest(faults)
}

func writeProblem(w http.ResponseWriter, p problem) {
	// A type of one's own would need a page that says more than the title does.
	p.Type, p.Title = "about:blank", http.StatusText(p.Status)
	if p.Title == "" {
		p.Title = fmt.Sprint(p.Status)
	}
	writeJSON(w, p.Status, "application/problem+json", p)
}
