package housing

import (
	"strconv"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/source/engine"
)

// Reference returns what Universal Housing calls a member: the reference of the household, a text
// of up to ten characters, and the number of the member within it. It is written 000123-2; whatever
// is neither letter nor digit in the text of a household is written by its number, ~2f~ for a
// slash, so that no two members are written alike and all is safe in a URL.
func Reference(house string, person int64) string {
	return engine.EscapeReference(house) + "-" + strconv.FormatInt(person, 10)
}

const maxPersons = 99 // person_no has two digits

// parseReference reads what Reference writes, and nothing else, into the household and the number
// of the member.
func parseReference(sourceID string) ([]string, bool) {
	written, number, _ := strings.Cut(sourceID, "-")
	house, isText := engine.UnescapeReference(written)
	person, err := strconv.ParseInt(number, 10, 64)
	return []string{house, number}, isText && err == nil && person >= 0 && person <= maxPersons &&
		Reference(house, person) == sourceID
}
