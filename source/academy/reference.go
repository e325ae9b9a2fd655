package academy

import (
	"fmt"
	"strconv"
	"strings"
)

// A reference is what Academy calls a resident: the number of a claim and of a person on it, or the
// number of an account. It does not change when they move: an address of a claim has a number too,
// and so has a member there, and neither is part of it.
//
// It is written with the last character of the number as letters and bills have it, so that a slip
// of the finger is nobody's reference: benefits-1234567X-2, council-tax-12345678Y.
type reference struct {
	kind   kindName
	number int64 // of the claim, or of the account
	person int64 // within the claim; 0 for an account
	mark   string
}

// noMark stands for the last character of a number of which Academy does not have it.
const noMark = "_"

// markOf is the expression that reads the last character of a number as references have it.
func markOf(column string) string {
	return "CASE WHEN " + column + " ~ '^[0-9A-Za-z]$' THEN " + column + " ELSE '" + noMark + "' END"
}

func (r reference) String() string {
	if r.kind == councilTaxName {
		return fmt.Sprintf("%s-%08d%s", r.kind, r.number, r.mark)
	}
	return fmt.Sprintf("%s-%07d%s-%d", r.kind, r.number, r.mark, r.person)
}

// parseReference reads what String writes, and nothing else.
func parseReference(sourceID string) (reference, bool) {
	for _, name := range []kindName{benefitsName, councilTaxName} {
		rest, ok := strings.CutPrefix(sourceID, string(name)+"-")
		if !ok {
			continue
		}
		number, person, hasPerson := strings.Cut(rest, "-")
		if number == "" || hasPerson != (name == benefitsName) {
			return reference{}, false
		}
		r := reference{kind: name, mark: number[len(number)-1:]}
		var err, personErr error
		r.number, err = strconv.ParseInt(number[:len(number)-1], 10, 32)
		if hasPerson {
			r.person, personErr = strconv.ParseInt(person, 10, 32)
		}
		isMark := r.mark == noMark || isLetterOrDigit(rune(r.mark[0]))
		return r, err == nil && personErr == nil && isMark && r.String() == sourceID
	}
	return reference{}, false
}

func isLetterOrDigit(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// quoted is the number as letters and bills quote it.
func (r reference) quoted() string {
	digits := 7
	if r.kind == councilTaxName {
		digits = 8
	}
	return fmt.Sprintf("%0*d%s", digits, r.number, strings.TrimSuffix(r.mark, noMark))
}
