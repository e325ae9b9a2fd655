package access

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"time"
)

const (
	// rememberedFor is how long a key goes by what was last read of it.
	rememberedFor = 2 * time.Second
	// readPatience is how long a read may take. Both are counted from when the read began, so that
	// nothing older than the longer of them decides.
	readPatience = 2 * time.Second

	verifying = "verify a key"
)

// storedKey is a key, with what its secret is told by. The zero one is no key: it has expired.
type storedKey struct {
	Key
	hash   [sha256.Size]byte
	readAt time.Time
}

// Verify returns the service whose key a credential is. The error is ErrNotAuthenticated itself for
// every credential that is not accepted; any other says that the database could not be asked.
//
// A revocation, or a new expiry by rotation, holds within 2 seconds; a key that expires is not
// accepted from that very moment. Requests with one key share what is read of it.
func (k *Keys) Verify(ctx context.Context, credential string) (*Caller, error) {
	id, secret, ok := partsOf(credential)
	if !ok {
		return nil, ErrNotAuthenticated
	}
	stored, ok := k.remembered(id)
	if !ok {
		var err error
		if stored, err = k.readShared(ctx, id); err != nil {
			return nil, err
		}
	}
	if !stored.accepts(secret, k.now()) {
		return nil, ErrNotAuthenticated
	}
	return stored.caller(), nil
}

// Known is whether the credential was that of a valid key when the key was last read, however long
// ago: so whoever sends it is no guesser. It asks the database nothing.
func (k *Keys) Known(credential string) bool {
	id, secret, ok := partsOf(credential)
	if !ok {
		return false
	}
	stored, ok := k.read.Peek(id)
	return ok && stored.accepts(secret, k.now())
}

// accepts is whether the secret is the key's, and the key is valid. It does the same work whatever
// the answer is, and for no key as for any.
func (s *storedKey) accepts(secret string, now time.Time) bool {
	hash := hashOf(secret)
	isSame := subtle.ConstantTimeCompare(hash[:], s.hash[:]) == 1
	isValid := s.State(now) == KeyValid
	return isSame && isValid
}

// remembered returns a key that was read a short while ago. A clock that was set back since must
// not make that while longer, so what was read long after now does not count either.
func (k *Keys) remembered(id string) (storedKey, bool) {
	stored, ok := k.read.Get(id)
	if !ok || k.now().Sub(stored.readAt).Abs() >= rememberedFor {
		return storedKey{}, false
	}
	return stored, true
}

// readShared reads a key once for all who ask for it at the same time. Whoever asked first may give
// up: the others still get their answer.
func (k *Keys) readShared(ctx context.Context, id string) (storedKey, error) {
	answer := k.reads.DoChan(id, func() (any, error) {
		if stored, ok := k.remembered(id); ok { // by another, since this was asked for
			return stored, nil
		}
		reading, cancel := context.WithTimeout(context.WithoutCancel(ctx), readPatience)
		defer cancel()
		return k.readOne(reading, id)
	})
	waiting, cancel := context.WithTimeout(ctx, readPatience)
	defer cancel()
	select {
	case <-waiting.Done():
		if ctx.Err() == nil {
			// A connection that went dead can keep the driver for longer: the next reads anew.
			k.reads.Forget(id)
		}
		return storedKey{}, databaseError(waiting, verifying, waiting.Err())
	case result := <-answer:
		stored, _ := result.Val.(storedKey) // where there is none, the zero one, which accepts nothing
		return stored, result.Err
	}
}

const keyByID = `
	SELECT secret_hash, ` + keyColumns + `
	FROM   access.key
	WHERE  id = $1`

// readOne reads a key and remembers it. What is not there is not remembered, so that ids which
// somebody makes up take no room; it is the zero storedKey.
func (k *Keys) readOne(ctx context.Context, id string) (storedKey, error) {
	readAt := k.now()
	var row struct {
		keyRow
		SecretHash []byte `db:"secret_hash"`
	}
	switch err := k.db.GetContext(ctx, &row, keyByID, id); {
	case errors.Is(err, sql.ErrNoRows):
		return storedKey{}, nil
	case err != nil:
		return storedKey{}, databaseError(ctx, verifying, err)
	}
	stored := storedKey{Key: row.key(), readAt: readAt}
	copy(stored.hash[:], row.SecretHash)
	k.read.Add(stored.ID, stored) // not by id, which would keep the credential that it is a part of
	return stored, nil
}
