package access

import (
	"encoding/json"
	"strings"
	"time"
	"unicode"

	"github.com/coreos/go-oidc/v3/oidc"
	strict "github.com/go-jose/go-jose/v4/json"
)

const (
	// issuerLeeway is how far the issuer's clock may be ahead of ours.
	issuerLeeway = time.Minute
	// longestPersonName is the most bytes of what a person is called: OpenID Connect has it so of
	// sub.
	longestPersonName = 255
	// mostGroups is in how many groups a person may be. Some cut off would be rights that come and
	// go, so a token with more is refused.
	mostGroups = 500
)

// A tokenPerson is what a token says of one.
type tokenPerson struct {
	sub, name string
	groups    []string
}

type tokenClaims map[string]any

// personOf reads the claims of a token whose signature, issuer and audience are known to be right.
// It is not ok when it has expired, is not yet valid, or does not say who it is.
func (i *Issuer) personOf(token *oidc.IDToken) (p tokenPerson, ok bool) {
	c, ok := claimsOf(token)
	if !ok || !c.isTimely(i.now()) {
		return tokenPerson{}, false
	}
	sub, isSub := claimName(c["sub"])
	called, isName := claimName(c.find(i.nameClaim))
	groups, isList := claimWords(c.find(i.groupsClaim))
	if !isSub || !isName || !isList || len(groups) > mostGroups {
		return tokenPerson{}, false
	}
	return tokenPerson{sub: sub, name: called, groups: groups}, true
}

// claimsOf reads the claims more strictly than go-oidc does, which takes the last of two claims of
// one name, and AUD for aud: what it has checked has to be what is read here.
func claimsOf(token *oidc.IDToken) (tokenClaims, bool) {
	var raw json.RawMessage
	var c tokenClaims
	if token.Claims(&raw) != nil || strict.Unmarshal(raw, &c) != nil {
		return nil, false
	}
	for claim := range c {
		for _, checked := range []string{"iss", "aud", "exp", "nbf", "iat", "sub"} {
			if claim != checked && strings.EqualFold(claim, checked) {
				return nil, false
			}
		}
	}
	return c, true
}

// isTimely is whether a token is in force. go-oidc has checked some of it: it takes times that are
// strings, looks at no iat, and lets nbf be five minutes ahead.
func (c tokenClaims) isTimely(now time.Time) bool {
	const lastSecond = 253402300799 // of the year 9999: later ones are no times
	clock := float64(now.UnixMilli()) / 1000
	exp, ok := c["exp"].(float64)
	if !ok || exp <= clock || exp > lastSecond {
		return false
	}
	for _, start := range []string{"nbf", "iat"} {
		value, isThere := c[start]
		if !isThere {
			continue
		}
		at, ok := value.(float64)
		if !ok || at > clock+issuerLeeway.Seconds() {
			return false
		}
	}
	return true
}

// find returns the claim of that name or, where there is none, the one that the dots in it lead to.
// It is nil when there is neither.
func (c tokenClaims) find(path string) any {
	if value, ok := c[path]; ok {
		return value
	}
	var value any = map[string]any(c)
	for part := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		value = object[part]
	}
	return value
}

// claimName returns what a person is called. It is not ok when that is empty, long, or not fit to
// be written down.
func claimName(claim any) (text string, ok bool) {
	text, ok = claim.(string)
	if !ok || len(text) > longestPersonName || strings.TrimSpace(text) == "" {
		return "", false
	}
	return text, !strings.ContainsFunc(text, unicode.IsControl)
}

// claimWords returns the strings of a list, or those between the spaces of one. It is ok when there
// is no claim, and not when the claim is of another kind.
func claimWords(claim any) (list []string, ok bool) {
	switch claim := claim.(type) {
	case nil:
		return nil, true
	case string:
		return strings.Fields(claim), true
	case []any:
		for _, element := range claim {
			word, ok := element.(string)
			if !ok {
				return nil, false
			}
			list = append(list, word)
		}
		return list, true
	default:
		return nil, false
	}
}
