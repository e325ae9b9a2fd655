// Package access says who asks and what they may see, and keeps the record of what they saw. It
// knows nothing of residents, GraphQL or HTTP: a scope is a word, and a resident is an id. It owns
// the schema access in PostgreSQL. Read this file first, then key.go and record.go.
package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Scope is leave to do one kind of thing, such as `contact-details:read`. The schema says which
// field needs which; docs/reference/access.md lists them.
type Scope string

// Scopes are what a caller may do: each once, in order. The nil Scopes are leave to do nothing.
type Scopes []Scope

// Has is whether the scope is one of them.
func (s Scopes) Has(scope Scope) bool { return slices.Contains(s, scope) }

// String returns the scopes as ParseScopes reads them.
func (s Scopes) String() string {
	words := make([]string, len(s))
	for i, scope := range s {
		words[i] = string(scope)
	}
	return strings.Join(words, ",")
}

// ScopesOf returns the scopes of words, which may hold one twice.
func ScopesOf(words ...string) Scopes {
	scopes := make(Scopes, len(words))
	for i, word := range words {
		scopes[i] = Scope(word)
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// ParseScopes reads scopes with commas between them. It fails when there is none, and for one that
// is not known, which it names.
func ParseScopes(text string, known Scopes) (Scopes, error) {
	var words []string
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimSpace(word)
		if !known.Has(Scope(word)) {
			return nil, fmt.Errorf("there is no scope %q: there are %s", word,
				strings.ReplaceAll(known.String(), ",", ", "))
		}
		words = append(words, word)
	}
	return ScopesOf(words...), nil
}

// Kind is what kind of caller asks.
type Kind string

// The kinds.
const (
	Service   Kind = "SERVICE"   // a program, with a key
	Person    Kind = "PERSON"    // a person, with a token of the identity provider
	Developer Kind = "DEVELOPER" // whoever is at the machine that serves sample residents
)

// A Caller is who asks. The zero Caller is nobody, and has leave to do nothing.
type Caller struct {
	Kind Kind
	// ID tells the caller from all others of the kind, and is safe in a log: that of a key, or a
	// digest of what the identity provider calls the person.
	ID string
	// Name is what the record of access calls the caller: that of the key, or what the identity
	// provider calls the person. It is not for logs.
	Name   string
	Scopes Scopes
	// RequestsPerMinute is how much the caller may ask; 0 is as much as any.
	RequestsPerMinute int
	// KnownUntil is when the key ends by which a service is known; zero for others.
	KnownUntil time.Time
}

// LimitKey is what every limit counts the caller by. A service is the same with its next key, so it
// goes by its name. A person goes by ID: the claim that names people need not be unique.
func (c *Caller) LimitKey() string {
	id := c.ID
	if c.Kind == Service {
		id = c.Name
	}
	return strings.ToLower(string(c.Kind)) + ":" + id
}

type callerKey struct{}

// WithCaller returns a context of what the caller asks.
func WithCaller(ctx context.Context, c *Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf returns who asks. It is never nil: where nobody is known to, it is the zero Caller.
func CallerOf(ctx context.Context) *Caller {
	if c, ok := ctx.Value(callerKey{}).(*Caller); ok {
		return c
	}
	return &Caller{}
}

// IsName is whether a text may name a key or a purpose: up to 64 lower-case letters without
// accents, digits, dots and dashes, of which the first is no dot or dash.
func IsName(text string) bool {
	if text == "" || len(text) > 64 || strings.ContainsRune(".-", rune(text[0])) {
		return false
	}
	return strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789.-") == ""
}
