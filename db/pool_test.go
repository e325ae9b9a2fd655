package db_test

import (
	"testing"

	"github.com/LBHackney-IT/resident-gateway/db"
)

// A jsonb value that is given as bytes is read as text, unless parameters are sent in binary.
func TestBinaryParametersAreOn(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		more string // after the DSN
		want bool
	}{
		"unless said otherwise": {"", true},
		"said otherwise":        {" binary_parameters=no", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool, err := db.Open(t.Context(), postgres.DSN(t)+tt.more, db.Pool{})
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			_, err = pool.ExecContext(t.Context(), `SELECT $1::jsonb`, []byte(`{}`))
			if got := err != nil; got != tt.want {
				t.Errorf("binary: got %t, want %t (%v)", got, tt.want, err)
			}
		})
	}
}

func TestPool(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		pool db.Pool
		want int
	}{
		"the zero value": {db.Pool{}, 16},
		"a size":         {db.Pool{MaxOpen: 3}, 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool, err := db.Open(t.Context(), postgres.DSN(t), tt.pool)
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			if got := pool.Stats().MaxOpenConnections; got != tt.want {
				t.Errorf("got %d connections at most, want %d", got, tt.want)
			}
			var name string
			if err := pool.Get(&name, `SHOW application_name`); err != nil {
				t.Fatal(err)
			}
			if name != "resident-gateway" {
				t.Errorf("got the name %q, want resident-gateway", name)
			}
		})
	}
}
