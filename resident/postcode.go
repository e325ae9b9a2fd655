package resident

import (
	"regexp"
	"strings"
)

// A Postcode is a postcode of the United Kingdom, whole or its outward part alone.
type Postcode struct {
	Outward string // such as N16
	Inward  string // such as 8QR; blank where only the outward part is known
}

// String returns the postcode in capitals, with one space between its parts.
func (p Postcode) String() string {
	if p.Inward == "" {
		return p.Outward
	}
	return p.Outward + " " + p.Inward
}

var (
	// The area is one or two letters, the district a digit, two digits, or a digit and a letter.
	// Q, V and X are never first; I, J and Z never second.
	outwardPart = regexp.MustCompile(
		`^(?:[A-PR-UWYZ][0-9][0-9A-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y][0-9][0-9ABEHMNPRVWXY]?|GIR|ZZ99)$`)
	// A digit and two letters, of which C, I, K, M, O and V are not used: but for ZZ99, which the
	// health service uses for no fixed abode and for addresses abroad.
	inwardPart       = regexp.MustCompile(`^[0-9][ABD-HJLNP-UW-Z]{2}$`)
	inwardPartOfZZ99 = regexp.MustCompile(`^[0-9][A-Z]{2}$`)
)

// ParsePostcode reads a postcode in any form a person would write it: any letter case, any spaces,
// a full stop or a hyphen between the parts. It may be whole (E8 1DY) or the outward part alone
// (E8, which is not the beginning of E81).
func ParsePostcode(s string) (Postcode, error) {
	parts := strings.FieldsFunc(strings.ToUpper(s), func(r rune) bool {
		return r == ' ' || r == '.' || r == '-' || r == '\t' || r == '\u00a0'
	})
	joined := strings.Join(parts, "")

	// What was written apart is read apart, so that `N1 6` is not taken for N16.
	if len(parts) <= 1 && outwardPart.MatchString(joined) {
		return Postcode{Outward: joined}, nil
	}
	if len(joined) >= 5 {
		whole := Postcode{joined[:len(joined)-3], joined[len(joined)-3:]}
		if whole.isWhole() {
			return whole, nil
		}
	}
	return Postcode{}, Errorf(BadInput, nil,
		"This is not a postcode: write one whole, like E8 1DY, or its first half, like E8")
}

func (p Postcode) isWhole() bool {
	if p.Outward == "GIR" {
		return p.Inward == "0AA"
	}
	if p.Outward == "ZZ99" {
		return inwardPartOfZZ99.MatchString(p.Inward)
	}
	return outwardPart.MatchString(p.Outward) && inwardPart.MatchString(p.Inward)
}
