package access

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
)

// ErrNotAuthenticated is all that is told of a credential that is not accepted, whatever is wrong
// with it: whoever tries some learns nothing of which exist, or once did.
var ErrNotAuthenticated = errors.New("not authenticated")

const (
	// KeyPrefix is what every key begins with, so that one is known for a key wherever it turns up.
	KeyPrefix = "rgw_"

	idLength     = 12
	secretBytes  = 32
	secretLength = 52 // in base32, without padding
	keyLength    = len(KeyPrefix) + idLength + 1 + secretLength

	base32Letters = "abcdefghijklmnopqrstuvwxyz234567"

	// MaxLifetime is the longest that a key is good.
	MaxLifetime = 365 * 24 * time.Hour
	// MaxOverlap is the longest that a key goes on beside the one that follows it.
	MaxOverlap = 30 * 24 * time.Hour
)

// IsKey is whether a credential is meant as a key, rather than as a token of the identity provider.
// It says nothing of whether Verify accepts it.
func IsKey(credential string) bool { return strings.HasPrefix(credential, KeyPrefix) }

// A Key is what is known of a service's key once it has been made. It holds no secret.
type Key struct {
	ID     string // the part of the key that is no secret
	Name   string // the service's; keys that follow each other share it
	Scopes Scopes
	// RequestsPerMinute is how much the service may ask; 0 is as much as any caller.
	RequestsPerMinute int
	CreatedAt         time.Time
	ExpiresAt         time.Time  // from then on it is not accepted
	RevokedAt         *time.Time // nil while it is not revoked
}

// KeyState is whether a key is accepted, and why not.
type KeyState string

// The states of a key.
const (
	KeyValid   KeyState = "VALID"
	KeyExpired KeyState = "EXPIRED"
	KeyRevoked KeyState = "REVOKED"
)

// State is that of the key at a moment. What is revoked is so at every moment, for the clock of
// whoever revoked it may be ahead of the clock that is asked.
func (k *Key) State(at time.Time) KeyState {
	switch {
	case k.RevokedAt != nil:
		return KeyRevoked
	case !at.Before(k.ExpiresAt):
		return KeyExpired
	}
	return KeyValid
}

// caller is who asks with the key.
func (k *Key) caller() *Caller {
	return &Caller{
		Kind:              Service,
		ID:                k.ID,
		Name:              k.Name,
		Scopes:            slices.Clone(k.Scopes), // the key may be that of many requests at once
		RequestsPerMinute: k.RequestsPerMinute,
		KnownUntil:        k.ExpiresAt,
	}
}

// NewKey is what Create makes a key for.
type NewKey struct {
	Name              string // as IsName has it
	Scopes            Scopes // at least one
	Lifetime          time.Duration
	RequestsPerMinute int // 0 for as much as any caller
}

// check says what is wrong, without the name: it may be a key, pasted into the wrong place.
func (n *NewKey) check() error {
	switch {
	case !IsName(n.Name):
		return errors.New("a name is up to 64 lower-case letters without accents, digits, dots " +
			"and dashes, the first of them no dot or dash")
	case len(n.Scopes) == 0:
		return errors.New("a key needs at least one scope")
	case n.RequestsPerMinute < 0 || n.RequestsPerMinute > math.MaxInt32:
		return fmt.Errorf("requests per minute are from 0 to %d", math.MaxInt32)
	}
	return checkLifetime(n.Lifetime)
}

func checkLifetime(lifetime time.Duration) error {
	// PostgreSQL knows no time shorter than a microsecond.
	if lifetime < time.Microsecond || lifetime > MaxLifetime {
		return errors.New("a key is made for some time, and for 365 days at most")
	}
	return nil
}

var errNothingToRotate = errors.New("there is no valid key of that name: create one")

func checkRotation(name string, overlap, lifetime time.Duration) error {
	switch {
	case !IsName(name):
		return errNothingToRotate
	case overlap < 0 || overlap > MaxOverlap:
		return errors.New("an old key is kept beside the new one for 30 days at most")
	}
	return checkLifetime(lifetime)
}

// at is the key that is made at a moment. Its times are what PostgreSQL makes of them.
func (n *NewKey) at(now time.Time, id string) Key {
	scopes := slices.Clone(n.Scopes)
	slices.Sort(scopes)
	return Key{
		ID:                id,
		Name:              n.Name,
		Scopes:            slices.Compact(scopes),
		RequestsPerMinute: n.RequestsPerMinute,
		CreatedAt:         now,
		ExpiresAt:         now.Add(n.Lifetime).Truncate(time.Microsecond),
	}
}

// randomKey returns the two parts of a new key.
func randomKey(random io.Reader) (id, secret string, err error) {
	bytes := make([]byte, 8+secretBytes)
	if _, err := io.ReadFull(random, bytes); err != nil {
		return "", "", fmt.Errorf("random bytes: %w", err)
	}
	encoding := base32.NewEncoding(base32Letters).WithPadding(base32.NoPadding)
	return encoding.EncodeToString(bytes[:8])[:idLength], encoding.EncodeToString(bytes[8:]), nil
}

// keyText is the whole key, as its caller has it.
func keyText(id, secret string) string { return KeyPrefix + id + "_" + secret }

// partsOf takes a key apart. It is not ok where a text has not the form of one, which is no secret.
func partsOf(credential string) (id, secret string, ok bool) {
	if len(credential) != keyLength || !IsKey(credential) {
		return "", "", false
	}
	id, secret, ok = strings.Cut(credential[len(KeyPrefix):], "_")
	return id, secret, ok && len(id) == idLength && isBase32(id) && isBase32(secret)
}

func isBase32(text string) bool { return strings.Trim(text, base32Letters) == "" }

// hashOf is what is stored of a secret: SHA-256 of its 52 characters. A slow hash is for what
// people think up; nobody can try 256 random bits, however fast the hash, and Verify is to be
// quick. The characters are hashed, not the bytes, since several texts stand for the same bytes.
func hashOf(secret string) [sha256.Size]byte { return sha256.Sum256([]byte(secret)) }
