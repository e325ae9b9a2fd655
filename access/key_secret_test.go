package access_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/access"
)

func TestDatabaseHoldsNoSecret(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	keys := keysIn(pool, newClock())
	_, first := createKey(t, keys, newKey("benefits"))
	_, second := rotateKey(t, keys, "benefits", day)

	var rows []string
	if err := pool.Select(&rows, `SELECT k::text FROM access.key AS k`); err != nil {
		t.Fatal(err)
	}
	stored := strings.Join(rows, "\n")
	for _, text := range []string{first, second} {
		secret := text[17:]
		decoded, err := base32.StdEncoding.WithPadding(base32.NoPadding).
			DecodeString(strings.ToUpper(secret))
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{
			secret, hex.EncodeToString([]byte(secret)), string(decoded), hex.EncodeToString(decoded),
		} {
			if strings.Contains(stored, form) {
				t.Errorf("the database holds the secret of a key:\n%s", stored)
			}
		}
		hash := sha256.Sum256([]byte(secret))
		if !strings.Contains(stored, hex.EncodeToString(hash[:])) {
			t.Error("the database does not hold SHA-256 of the secret")
		}
	}
}

// The database's own errors quote the row that was at fault.
func TestKeyErrorsTellNothing(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	same := bytes.Repeat([]byte("0123456789"), 4)
	keys := access.NewKeys(access.KeysOptions{
		DB: pool, Now: newClock().now, Random: bytes.NewReader(slices.Concat(same, same, same)),
	})
	createKey(t, keys, newKey("benefits"))
	_, _, err := keys.Create(t.Context(), newKey("housing")) // with the same id
	wantError(t, err, "access: create a key: SQLSTATE 23505")
	_, _, err = keys.Rotate(t.Context(), "benefits", 0, day)
	wantError(t, err, "access: rotate a key: SQLSTATE 23505")

	keys = keysIn(pool, newClock())
	_, text := createKey(t, keys, newKey("planning"))
	if _, err := pool.ExecContext(t.Context(), `ALTER TABLE access.key RENAME TO gone`); err != nil {
		t.Fatal(err)
	}
	_, err = keys.Verify(t.Context(), text)
	wantError(t, err, "access: verify a key: SQLSTATE 42P01")
	_, err = keys.Revoke(t.Context(), "benefits")
	wantError(t, err, "access: revoke a key: SQLSTATE 42P01")
	_, err = keys.List(t.Context())
	wantError(t, err, "access: list keys: SQLSTATE 42P01")
	_, err = keys.AnyValid(t.Context())
	wantError(t, err, "access: look for a valid key: SQLSTATE 42P01")
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("got error %v, want %q", err, want)
	}
}
