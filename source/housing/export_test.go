package housing

import "strconv"

// Read returns what a reference is of; false for a text that is none.
func Read(sourceID string) (house string, person int64, ok bool) {
	values, ok := parseReference(sourceID)
	person, _ = strconv.ParseInt(values[1], 10, 64)
	return values[0], person, ok
}
