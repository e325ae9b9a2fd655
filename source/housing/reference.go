package housing

import (
	"fmt"
	"strconv"
	"strings"
)

// A reference is what Universal Housing calls a member: the reference of the household, a text of
// up to ten characters, and the number of the member within it. It is written 000123-2; whatever is
// neither letter nor digit in the text of a household is written by its number, ~2f~ for a slash,
// so that no two members are written alike and all is safe in a URL.
type reference struct {
	house  string // as it is, but for the blanks after it
	person int64
}

const mostPersons = 99 // person_no has two digits

func (r reference) String() string {
	return idPart(r.house) + "-" + strconv.FormatInt(r.person, 10)
}

// parseReference reads what String writes, and nothing else.
func parseReference(sourceID string) (reference, bool) {
	written, number, _ := strings.Cut(sourceID, "-")
	house, isText := readIDPart(written)
	person, err := strconv.ParseInt(number, 10, 64)
	r := reference{house, person}
	return r, isText && err == nil && person >= 0 && person <= mostPersons && r.String() == sourceID
}

// idPart is a reference of Universal Housing in letters that are safe in a URL, without the blanks
// that fill its column.
func idPart(ref string) string {
	var b strings.Builder
	for _, r := range strings.TrimRight(ref, " ") {
		if isLetterOrDigit(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "~%x~", r)
		}
	}
	return b.String()
}

// readIDPart is the reverse of idPart. What idPart cannot have written it reads as anything.
func readIDPart(written string) (string, bool) {
	var b strings.Builder
	for i, part := range strings.Split(written, "~") {
		if i%2 == 0 {
			b.WriteString(part)
			continue
		}
		letter, err := strconv.ParseInt(part, 16, 32)
		if err != nil || letter <= 0 { // PostgreSQL has zero in no text
			return "", false
		}
		b.WriteRune(rune(letter))
	}
	return b.String(), b.Len() > 0
}

func isLetterOrDigit(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}
