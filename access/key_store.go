package access

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"io"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"golang.org/x/sync/singleflight"
)

// Keys are the keys of all services. They are safe for concurrent use, by any number of processes
// over one database: what one of them changes holds for all within 2 seconds.
type Keys struct {
	db     *sqlx.DB
	now    func() time.Time
	random io.Reader

	read  *lru.Cache[string, storedKey] // by id, each for rememberedFor
	reads singleflight.Group            // by id
}

// KeysOptions are what Keys need.
type KeysOptions struct {
	DB     *sqlx.DB
	Now    func() time.Time
	Random io.Reader // crypto/rand.Reader when nil; safe for concurrent use
}

// NewKeys returns the Keys in a database. It asks nothing of it yet, and leaves it open: the caller
// owns it.
func NewKeys(o KeysOptions) *Keys {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	read, err := lru.New[string, storedKey](1000)
	if err != nil {
		panic(err) // the size is a constant: it is valid or this never worked
	}
	return &Keys{db: o.DB, now: o.Now, random: o.Random, read: read}
}

// keyColumns are those of a keyRow.
const keyColumns = `id, name, scopes, coalesce(requests_per_minute, 0) AS requests_per_minute,
	created_at, expires_at, revoked_at`

type keyRow struct {
	ID                string         `db:"id"`
	Name              string         `db:"name"`
	Scopes            pq.StringArray `db:"scopes"`
	RequestsPerMinute int            `db:"requests_per_minute"`
	CreatedAt         time.Time      `db:"created_at"`
	ExpiresAt         time.Time      `db:"expires_at"`
	RevokedAt         *time.Time     `db:"revoked_at"`
}

func (r *keyRow) key() Key {
	key := Key{
		ID:                r.ID,
		Name:              r.Name,
		Scopes:            ScopesOf(r.Scopes...),
		RequestsPerMinute: r.RequestsPerMinute,
		CreatedAt:         r.CreatedAt.UTC(),
		ExpiresAt:         r.ExpiresAt.UTC(),
	}
	if r.RevokedAt != nil {
		at := r.RevokedAt.UTC()
		key.RevokedAt = &at
	}
	return key
}

func keysOf(rows []keyRow) []Key {
	keys := make([]Key, len(rows))
	for i := range rows {
		keys[i] = rows[i].key()
	}
	return keys
}

const keyNameIsTaken = `
	SELECT EXISTS (
	    SELECT FROM access.key WHERE name = $1 AND revoked_at IS NULL AND expires_at > $2)`

// Create makes a key, and returns it with its text, which is nowhere kept: whoever loses it needs
// another. There is no second valid key of a name, unless Rotate makes it.
func (k *Keys) Create(ctx context.Context, n NewKey) (Key, string, error) {
	const doing = "create a key"
	if err := n.check(); err != nil {
		return Key{}, "", fmt.Errorf("access: %s: %w", doing, err)
	}
	id, secret, err := randomKey(k.random)
	if err != nil {
		return Key{}, "", fmt.Errorf("access: %s: %w", doing, err)
	}
	var isTaken bool
	var created Key
	err = k.alone(ctx, n.Name, func(tx *sqlx.Tx, now time.Time) error {
		err := tx.GetContext(ctx, &isTaken, keyNameIsTaken, n.Name, now)
		if err != nil || isTaken {
			return err
		}
		created = n.at(now, id)
		return storeKey(ctx, tx, &created, secret)
	})
	switch {
	case err != nil:
		return Key{}, "", databaseError(ctx, doing, err)
	case isTaken:
		return Key{}, "", fmt.Errorf("access: %s: there is a valid key named %q: "+
			"rotate it, or revoke it first", doing, n.Name)
	}
	return created, keyText(id, secret), nil
}

const listKeys = `
	SELECT ` + keyColumns + `
	FROM   access.key
	ORDER  BY name COLLATE "C", created_at DESC, id`

// List returns all keys that there ever were, by name, and the newest of a name first.
func (k *Keys) List(ctx context.Context) ([]Key, error) {
	var rows []keyRow
	if err := k.db.SelectContext(ctx, &rows, listKeys); err != nil {
		return nil, databaseError(ctx, "list keys", err)
	}
	return keysOf(rows), nil
}

const anyKeyIsValid = `
	SELECT EXISTS (SELECT FROM access.key WHERE revoked_at IS NULL AND expires_at > $1)`

// AnyValid is whether there is a key that Verify accepts.
func (k *Keys) AnyValid(ctx context.Context) (bool, error) {
	var isAny bool
	if err := k.db.GetContext(ctx, &isAny, anyKeyIsValid, k.moment()); err != nil {
		return false, databaseError(ctx, "look for a valid key", err)
	}
	return isAny, nil
}

const validKeysOfName = `
	SELECT ` + keyColumns + `
	FROM   access.key
	WHERE  name = $1 AND revoked_at IS NULL AND expires_at > $2
	ORDER  BY created_at DESC, id
	FOR    UPDATE`

// A key whose maker's clock was ahead cannot end before it began.
const endKeysLater = `
	UPDATE access.key
	SET    expires_at = least(expires_at, greatest($2, created_at + interval '1 microsecond'))
	WHERE  id = ANY ($1)`

const endKeysNow = `
	UPDATE access.key
	SET    revoked_at = $2
	WHERE  id = ANY ($1)`

// Rotate makes a key that takes the place of the valid ones of its name, with their scopes and
// rate, and returns it as Create does. The old ones are accepted for the overlap, of 30 days at
// most, but no longer than they were to be. Without an overlap they are revoked.
func (k *Keys) Rotate(
	ctx context.Context, name string, overlap, lifetime time.Duration,
) (Key, string, error) {
	const doing = "rotate a key"
	if err := checkRotation(name, overlap, lifetime); err != nil {
		return Key{}, "", fmt.Errorf("access: %s: %w", doing, err)
	}
	id, secret, err := randomKey(k.random)
	if err != nil {
		return Key{}, "", fmt.Errorf("access: %s: %w", doing, err)
	}
	var created *Key
	err = k.alone(ctx, name, func(tx *sqlx.Tx, now time.Time) error {
		var rows []keyRow
		err := tx.SelectContext(ctx, &rows, validKeysOfName, name, now)
		if err != nil || len(rows) == 0 {
			return err
		}
		old := rows[0].key()
		made := (&NewKey{old.Name, old.Scopes, lifetime, old.RequestsPerMinute}).at(now, id)
		if err := storeKey(ctx, tx, &made, secret); err != nil {
			return err
		}
		created = &made
		return end(ctx, tx, rows, now, overlap)
	})
	switch {
	case err != nil:
		return Key{}, "", databaseError(ctx, doing, err)
	case created == nil:
		return Key{}, "", fmt.Errorf("access: %s: %w", doing, errNothingToRotate)
	}
	return *created, keyText(id, secret), nil
}

// end has keys end after the overlap. Where there is none they are revoked instead, which holds on
// every replica, whatever its clock says.
func end(
	ctx context.Context, tx *sqlx.Tx, rows []keyRow, now time.Time, overlap time.Duration,
) error {
	ids := make(pq.StringArray, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	statement := endKeysNow
	if overlap > 0 {
		statement = endKeysLater
	}
	_, err := tx.ExecContext(ctx, statement, ids, now.Add(overlap))
	return err
}

const revokeKeys = `
	UPDATE access.key
	SET    revoked_at = $2
	WHERE  revoked_at IS NULL AND expires_at > $2
	AND    CASE WHEN EXISTS (SELECT FROM access.key WHERE id = $1)
	            THEN id = $1
	            ELSE name = $1
	       END
	RETURNING ` + keyColumns

// Revoke ends the valid key of an id or, where there is no such id, every valid key of a name, and
// returns them.
func (k *Keys) Revoke(ctx context.Context, nameOrID string) ([]Key, error) {
	const doing = "revoke a key"
	if !IsName(nameOrID) { // a whole key, perhaps: it is not repeated
		return nil, fmt.Errorf("access: %s: it goes by its name, or by its id, "+
			"which is the %d characters after %s", doing, idLength, KeyPrefix)
	}
	var rows []keyRow
	err := k.alone(ctx, nameOrID, func(tx *sqlx.Tx, now time.Time) error {
		return tx.SelectContext(ctx, &rows, revokeKeys, nameOrID, now)
	})
	switch {
	case err != nil:
		return nil, databaseError(ctx, doing, err)
	case len(rows) == 0:
		return nil, fmt.Errorf("access: %s: there is no valid key of that name or id", doing)
	}
	return keysOf(rows), nil
}

const lockKeyName = `SELECT pg_advisory_xact_lock(hashtext('access.key'), hashtext($1))`

// alone does something to the keys of a name in a transaction, while nobody else does, and says
// when that is. What is locked is the name: a lock of rows would not cover a key that is not there
// yet, and one of the table would hold up its vacuum. Verify is held up by none of it.
func (k *Keys) alone(
	ctx context.Context, name string, do func(*sqlx.Tx, time.Time) error,
) error {
	// Each statement sees what was there when it began: all that was done before the lock was had.
	tx, err := k.db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, lockKeyName, name); err != nil {
		return err
	}
	if err := do(tx, k.moment()); err != nil {
		return err
	}
	return tx.Commit()
}

const insertKey = `
	INSERT INTO access.key (
	    id, name, secret_hash, scopes, requests_per_minute, created_at, expires_at)
	VALUES ($1, $2, $3, $4, nullif($5::integer, 0), $6, $7)`

func storeKey(ctx context.Context, tx *sqlx.Tx, key *Key, secret string) error {
	scopes := make(pq.StringArray, len(key.Scopes))
	for i, scope := range key.Scopes {
		scopes[i] = string(scope)
	}
	hash := hashOf(secret)
	_, err := tx.ExecContext(ctx, insertKey, key.ID, key.Name, hash[:], scopes,
		key.RequestsPerMinute, key.CreatedAt, key.ExpiresAt)
	return err
}

// moment is now, as PostgreSQL would return it.
func (k *Keys) moment() time.Time { return k.now().UTC().Truncate(time.Microsecond) }
