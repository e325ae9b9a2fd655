package engine

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseNumber is the Parse of a key that is one whole number above 0. It reads what PostgreSQL
// writes of a bigint, and nothing else.
func ParseNumber(sourceID string) ([]string, bool) {
	id, err := strconv.ParseInt(sourceID, 10, 64)
	return []string{sourceID}, err == nil && id > 0 && strconv.FormatInt(id, 10) == sourceID
}

// EscapeReference writes a text of a system in letters that are safe in a URL: whatever is neither
// letter nor digit of ASCII by its number, ~2f~ for a slash. It leaves out the blanks that fill a
// column. No two texts are written alike.
func EscapeReference(text string) string {
	var b strings.Builder
	for _, r := range strings.TrimRight(text, " ") {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "~%x~", r)
		}
	}
	return b.String()
}

// UnescapeReference is the reverse of EscapeReference. It returns false or any text for what
// EscapeReference cannot have written, so compare.
func UnescapeReference(written string) (string, bool) {
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
