package academy

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/source/engine"
)

// The kinds of resident, as they are in the list.
const (
	benefits = iota
	councilTax
)

// A reference is what Academy calls a resident: the number of a claim and of a person on it, or the
// number of an account. It does not change when they move: an address of a claim has a number too,
// and so has a member there, and neither is part of it.
//
// It is written with the last character of the number as letters and bills have it, so that a slip
// of the finger is nobody's reference: benefits-1234567X-2, council-tax-12345678Y.
type reference struct {
	kind   int
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
	if r.kind == councilTax {
		return fmt.Sprintf("council-tax-%08d%s", r.number, r.mark)
	}
	return fmt.Sprintf("benefits-%07d%s-%d", r.number, r.mark, r.person)
}

// ClaimReference returns the reference of a person on a claim, of whose number mark is the last
// character as the table has it.
func ClaimReference(claim, person int64, mark *string) string {
	return reference{benefits, claim, person, readMark(mark)}.String()
}

// AccountReference returns the reference of the tax payer of an account, likewise.
func AccountReference(account int64, mark *string) string {
	return reference{kind: councilTax, number: account, mark: readMark(mark)}.String()
}

// readMark is markOf, in Go.
func readMark(mark *string) string {
	if mark != nil && len(*mark) == 1 && engine.EscapeReference(*mark) == *mark {
		return *mark
	}
	return noMark
}

// parserOf returns what reads references of a kind into the key and the mark, and nothing else than
// what String writes.
func parserOf(kind int) func(string) ([]string, bool) {
	return func(sourceID string) ([]string, bool) {
		rest := strings.TrimPrefix(strings.TrimPrefix(sourceID, "benefits-"), "council-tax-")
		number, person, hasPerson := strings.Cut(rest, "-")
		if number == "" || hasPerson != (kind == benefits) {
			return nil, false
		}
		r := reference{kind: kind, mark: number[len(number)-1:]}
		number = number[:len(number)-1]
		var err, personErr error
		r.number, err = strconv.ParseInt(number, 10, 32)
		key := []string{number}
		if hasPerson {
			r.person, personErr = strconv.ParseInt(person, 10, 32)
			key = append(key, person)
		}
		isRead := err == nil && personErr == nil && readMark(&r.mark) == r.mark
		return append(key, r.mark), isRead && r.String() == sourceID
	}
}

// quoted is the number as letters and bills quote it.
func (r reference) quoted() string {
	digits := 7
	if r.kind == councilTax {
		digits = 8
	}
	return fmt.Sprintf("%0*d%s", digits, r.number, strings.TrimSuffix(r.mark, noMark))
}
