package dbtest_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m, &postgres, db.Gateway())) }

func TestNewIsOnesOwn(t *testing.T) {
	t.Parallel()
	for i := range 24 {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			pool := postgres.New(t)
			if _, err := pool.ExecContext(t.Context(), `
				INSERT INTO gateway.load (source, loaded_at, origin)
				VALUES ('one', now(), 'sample')`); err != nil {
				t.Fatal(err)
			}
			var rows int
			if err := pool.Get(&rows, `SELECT count(*) FROM gateway.load`); err != nil {
				t.Fatal(err)
			}
			if rows != 1 {
				t.Errorf("got %d rows, want this test's own one", rows)
			}
		})
	}
}

func TestNewIsDroppedAtTheEnd(t *testing.T) {
	t.Parallel()
	var name string
	t.Run("a test", func(t *testing.T) {
		pool := postgres.New(t)
		if err := pool.Get(&name, `SELECT current_database()`); err != nil {
			t.Fatal(err)
		}
		// A pool that the test forgot to close is in nobody's way.
		forgotten, err := db.Open(t.Context(), postgres.DSNOf(t, pool), db.Pool{})
		if err != nil {
			t.Fatal(err)
		}
		_ = forgotten
	})
	var left int
	pool := postgres.New(t)
	err := pool.Get(&left, `SELECT count(*) FROM pg_database WHERE datname = $1`, name)
	if err != nil {
		t.Fatal(err)
	}
	if left != 0 {
		t.Errorf("database %s is still there", name)
	}
}

func TestTemplateIsMadeOnce(t *testing.T) {
	t.Parallel()
	var made atomic.Int32
	name := rand.Text() // of this run of the test, when there are several
	sample := func(ctx context.Context, pool *sqlx.DB) error {
		made.Add(1)
		_, err := pool.ExecContext(ctx, `
			CREATE TABLE sample AS SELECT n FROM generate_series(1, 1000) AS n`)
		return err
	}
	t.Run("tests", func(t *testing.T) {
		for i := range 8 {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				pool := postgres.Template(t, name, sample)(t)
				if _, err := pool.ExecContext(t.Context(), `DELETE FROM sample WHERE n % 2 = 0`); err != nil {
					t.Fatal(err)
				}
				var rows int
				if err := pool.Get(&rows, `SELECT count(*) FROM sample`); err != nil {
					t.Fatal(err)
				}
				if rows != 500 {
					t.Errorf("got %d rows, want 500: is the copy shared?", rows)
				}
			})
		}
	})
	if made.Load() != 1 {
		t.Errorf("prepared %d times, want once", made.Load())
	}
}

func TestSharedIsOneAndReadOnly(t *testing.T) {
	t.Parallel()
	name := rand.Text()
	var pools [8]*sqlx.DB
	t.Run("tests", func(t *testing.T) {
		for i := range pools {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				pools[i] = postgres.Shared(t, name, func(ctx context.Context, pool *sqlx.DB) error {
					_, err := pool.ExecContext(ctx, `CREATE TABLE sample (n int)`)
					return err
				})
			})
		}
	})
	for _, pool := range pools {
		if pool != pools[0] {
			t.Fatal("got several pools, want one")
		}
	}
	counting, _ := postgres.Counting(t, postgres.DSNOf(t, pools[0]))
	for _, pool := range []*sqlx.DB{pools[0], counting} {
		_, err := pool.ExecContext(t.Context(), `INSERT INTO sample VALUES (1)`)
		if got := pq.As(err); got == nil || got.Code.Name() != "read_only_sql_transaction" {
			t.Errorf("got %v for a write, want it refused", err)
		}
	}
}

// One that comes after another finds nothing of it, whether it was committed or not.
func TestScratchIsUndone(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			pool := postgres.Scratch(t, `CREATE TABLE sample (n int)`, `INSERT INTO sample VALUES (1)`)
			for _, end := range []func(*sqlx.Tx) error{(*sqlx.Tx).Commit, (*sqlx.Tx).Rollback} {
				tx, err := pool.BeginTxx(t.Context(), &sql.TxOptions{ReadOnly: true})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := tx.ExecContext(t.Context(), `INSERT INTO sample VALUES (2)`); err != nil {
					t.Fatal(err)
				}
				if err := end(tx); err != nil {
					t.Fatal(err)
				}
			}
			var rows int
			if err := pool.Get(&rows, `SELECT count(*) FROM sample`); err != nil {
				t.Fatal(err)
			}
			if rows != 2 {
				t.Errorf("got %d rows, want 2", rows)
			}
		})
	}
}

// A connection that is lent again has nothing of who had it before; one that is broken is not lent.
func TestLentAsGoodAsNew(t *testing.T) {
	t.Parallel()
	dsn := postgres.DSN(t)
	pids := make(map[int]bool)
	for i := range 4 {
		pool, _ := postgres.Counting(t, dsn)
		var pid, locks int
		var path string
		err := pool.QueryRowContext(t.Context(), `SELECT pg_backend_pid(), current_setting('search_path'),
			(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())`,
		).Scan(&pid, &path, &locks)
		if err != nil {
			t.Fatal(err)
		}
		if path != `"$user", public` || locks > 0 {
			t.Errorf("got the path %s and %d locks", path, locks)
		}
		pids[pid] = true
		dbtest.Execute(t, pool, `SET search_path = pg_catalog; SELECT pg_advisory_lock(1)`)
		if i == 2 {
			_, _ = pool.ExecContext(t.Context(), `SELECT pg_terminate_backend(pg_backend_pid())`)
		}
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	}
	if len(pids) != 2 {
		t.Errorf("got %d connections, want one for the first three and another for the last", len(pids))
	}
}

func TestCounting(t *testing.T) {
	t.Parallel()
	const (
		one    = `SELECT 1`
		copyIn = `COPY c (n) FROM STDIN`
	)
	tests := map[string]struct {
		do   func(context.Context, *sqlx.DB) error
		want []string
	}{
		"a query": {
			func(ctx context.Context, pool *sqlx.DB) error {
				var got []string
				return pool.SelectContext(ctx, &got, `SELECT $1::text`, "x")
			},
			[]string{`SELECT $1::text`},
		},
		"an array as a value": {
			func(ctx context.Context, pool *sqlx.DB) error {
				var got []int64
				return pool.SelectContext(ctx, &got, `SELECT unnest($1::bigint[])`, []int64{1})
			},
			[]string{`SELECT unnest($1::bigint[])`},
		},
		"a statement": {
			func(ctx context.Context, pool *sqlx.DB) error {
				_, err := pool.ExecContext(ctx, `CREATE TABLE t (n int)`)
				return err
			},
			[]string{`CREATE TABLE t (n int)`},
		},
		"a prepared statement, run twice": {
			func(ctx context.Context, pool *sqlx.DB) error {
				statement, err := pool.PrepareContext(ctx, one)
				if err != nil {
					return err
				}
				_, err = statement.ExecContext(ctx)
				var n int
				return errors.Join(err, statement.QueryRowContext(ctx).Scan(&n), statement.Close())
			},
			[]string{one, one},
		},
		"a transaction": {
			func(ctx context.Context, pool *sqlx.DB) error {
				tx, err := pool.BeginTxx(ctx, &sql.TxOptions{ReadOnly: true})
				if err != nil {
					return err
				}
				_, err = tx.ExecContext(ctx, one)
				return errors.Join(err, tx.Commit())
			},
			[]string{"BEGIN", one, "COMMIT"},
		},
		"a copy of many rows": {
			func(ctx context.Context, pool *sqlx.DB) error {
				tx, err := pool.BeginTxx(ctx, nil)
				if err != nil {
					return err
				}
				defer tx.Rollback()
				if _, err := tx.ExecContext(ctx, `CREATE TEMPORARY TABLE c (n int)`); err != nil {
					return err
				}
				rows, err := tx.PrepareContext(ctx, copyIn)
				if err != nil {
					return err
				}
				for n := range 3 {
					if _, err := rows.ExecContext(ctx, n); err != nil {
						return err
					}
				}
				_, err = rows.ExecContext(ctx)
				return errors.Join(err, rows.Close())
			},
			[]string{"BEGIN", `CREATE TEMPORARY TABLE c (n int)`, copyIn, "ROLLBACK"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool, counter := postgres.Counting(t, postgres.DSN(t))
			if err := tt.do(t.Context(), pool); err != nil {
				t.Fatal(err)
			}
			if got := counter.Statements(); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			counter.Reset()
			if got := counter.Statements(); len(got) != 0 {
				t.Errorf("got %q after Reset, want nothing", got)
			}
		})
	}
}

func TestCountingFromManyGoroutines(t *testing.T) {
	t.Parallel()
	pool, counter := postgres.Counting(t, postgres.DSN(t))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := pool.ExecContext(t.Context(), `SELECT 1`); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := len(counter.Statements()); got != 20 {
		t.Errorf("got %d statements, want 20", got)
	}
}
