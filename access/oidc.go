package access

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

// ErrIssuerDown is wrapped by what Verify returns when the issuer's keys could not be read, so that
// nobody can say whether the token is good.
var ErrIssuerDown = errors.New("access: the keys of the issuer could not be read")

// longestJWT is the most bytes that a token may have: identity providers that put every group of
// a person into it come to half of that.
const longestJWT = 8 << 10

// IssuerOptions say whose tokens are good, and what they are good for. URL, Audience and Now must
// be set.
type IssuerOptions struct {
	// URL is what the issuer calls itself, to the letter. It is https, but for one on this machine.
	URL string
	// Audience is what the issuer calls this gateway: a token for others is refused.
	Audience string
	// GroupsClaim is the claim that lists the groups or roles of a person: "groups" unless set. Its
	// value is a list of strings, or one string with spaces between them. Where no claim has that
	// name, dots lead into objects: realm_access.roles.
	GroupsClaim string
	// NameClaim is the claim that the record of access calls the person by: "sub" unless set. Dots
	// are as in GroupsClaim.
	NameClaim string
	// Groups are what each group may do. A person may do what any of their groups may.
	Groups map[string]Scopes
	// Client is what the issuer is asked with; nil is one with the settings of net/http. Redirects
	// are followed within a host, whatever the client says of them.
	Client *http.Client
	Now    func() time.Time
}

// An Issuer is an identity provider whose access tokens are believed. It may be used by several
// goroutines at once.
type Issuer struct {
	url         string
	config      *oidc.Config
	groupsClaim string
	nameClaim   string
	groups      map[string]Scopes
	keys        *issuerKeys
	now         func() time.Time
}

// NewIssuer returns the issuer of the options, or what is wrong with them. It asks nobody anything:
// the issuer is first asked for its keys by the first token.
func NewIssuer(o IssuerOptions) (*Issuer, error) {
	err := checkIssuerURL(o.URL)
	switch {
	case err != nil:
		return nil, fmt.Errorf("access: issuer: %w", err)
	case o.Audience == "":
		return nil, errors.New("access: issuer: there is no audience")
	case o.Now == nil:
		return nil, errors.New("access: issuer: there is no clock")
	}
	i := &Issuer{
		url:         o.URL,
		config:      &oidc.Config{ClientID: o.Audience, Now: o.Now},
		groupsClaim: "groups",
		nameClaim:   "sub",
		groups:      maps.Clone(o.Groups),
		keys:        newIssuerKeys(o.URL, o.Client, o.Now),
		now:         o.Now,
	}
	if o.GroupsClaim != "" {
		i.groupsClaim = o.GroupsClaim
	}
	if o.NameClaim != "" {
		i.nameClaim = o.NameClaim
	}
	for _, algorithm := range signatureAlgorithms() {
		i.config.SupportedSigningAlgs = append(i.config.SupportedSigningAlgs, string(algorithm))
	}
	return i, nil
}

func checkIssuerURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Hostname() == "", u.Opaque != "":
		return errors.New("its URL is none") // err would quote it
	case u.User != nil, u.RawQuery != "", u.ForceQuery, u.Fragment != "":
		return errors.New("its URL has a user, a query or a fragment")
	case !isSafeURL(u, true):
		return errors.New("its URL must be https, as it is not on this machine")
	}
	return nil
}

// isSafeURL is whether nobody on the way can change what the URL answers.
func isSafeURL(u *url.URL, isLoopbackSafe bool) bool {
	return u.Scheme == "https" && u.Host != "" ||
		u.Scheme == "http" && isLoopbackSafe && IsLoopback(u.Hostname())
}

// Verify returns the person whose token it is, with what their groups may do: somebody who is in no
// group that is known is a Caller without scopes.
//
// The error is ErrNotAuthenticated for all that can be wrong with a token, so that nobody can tell
// one wrong from another; or it wraps ErrIssuerDown. Neither holds anything of the token. The clock
// of the issuer may be a minute ahead of ours; a token that has expired has no such grace.
func (i *Issuer) Verify(ctx context.Context, token string) (*Caller, error) {
	if !isCompact(token) {
		return nil, ErrNotAuthenticated
	}
	check := &signatureCheck{keys: i.keys}
	verified, err := oidc.NewVerifier(i.url, check, i.config).Verify(ctx, token)
	switch {
	case check.down != nil:
		return nil, check.down
	case err != nil:
		return nil, ErrNotAuthenticated
	}
	p, ok := i.personOf(verified)
	if !ok {
		return nil, ErrNotAuthenticated
	}
	return &Caller{
		Kind: Person, ID: i.digest(p.sub), Name: p.name, Scopes: i.scopesOf(p.groups),
	}, nil
}

// digest tells the subjects of all issuers apart, and is safe in a log.
func (i *Issuer) digest(sub string) string {
	sum := sha256.Sum256([]byte(i.url + "\x00" + sub))
	return hex.EncodeToString(sum[:12])
}

func (i *Issuer) scopesOf(groups []string) Scopes {
	var scopes Scopes
	for _, group := range groups {
		scopes = append(scopes, i.groups[group]...)
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// isCompact is whether the text could be a token that was signed once: three parts of base64. The
// other forms, with several signatures or encrypted, are not read.
func isCompact(token string) bool {
	if len(token) > longestJWT || strings.Count(token, ".") != 2 {
		return false
	}
	return !strings.ContainsFunc(token, func(r rune) bool {
		isLetter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		return !isLetter && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
	})
}

// signatureAlgorithms are those that need a key of the issuer that is not public.
func signatureAlgorithms() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{
		jose.RS256, jose.RS384, jose.RS512,
		jose.PS256, jose.PS384, jose.PS512,
		jose.ES256, jose.ES384, jose.ES512,
		jose.EdDSA,
	}
}

var _ oidc.KeySet = (*signatureCheck)(nil)

// A signatureCheck is that of one token. go-oidc returns the text of its error alone, so what it
// must not lose is kept here.
type signatureCheck struct {
	keys *issuerKeys
	down error
}

// VerifySignature returns what was signed, if a key of the issuer signed it.
func (s *signatureCheck) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	jws, err := jose.ParseSignedCompact(token, signatureAlgorithms())
	if err != nil || !isPlain(jws.Signatures[0].Protected) {
		return nil, ErrNotAuthenticated
	}
	payload, err := s.keys.open(ctx, jws)
	if errors.Is(err, ErrIssuerDown) {
		s.down = err
	}
	return payload, err
}

// isPlain is whether a token is an access token, or does not say what it is, and asks for nothing
// that is not done here. Keys that it brings or points to are not looked at.
func isPlain(header jose.Header) bool {
	if _, ok := header.ExtraHeaders["crit"]; ok {
		return false
	}
	switch typ := header.ExtraHeaders[jose.HeaderType].(type) {
	case nil:
		return true
	case string:
		typ = strings.TrimPrefix(strings.ToLower(typ), "application/")
		return typ == "jwt" || typ == "at+jwt"
	default:
		return false
	}
}
