package load_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// TestRunRefuses holds what is not loaded, and that what is served then stays as it was.
func TestRunRefuses(t *testing.T) {
	t.Parallel()
	const control = `CREATE SCHEMA awsdms_mosaic; CREATE TABLE awsdms_mosaic.awsdms_status
		(server_name text, task_name text, task_status text);
		INSERT INTO awsdms_mosaic.awsdms_status VALUES ('s', 'mosaic-follow', '%')`
	tests := map[string]struct {
		before func(*testing.T, *place)
		with   func(*load.Options)
		want   error
	}{
		"a source that DMS follows": {
			before: func(_ *testing.T, p *place) {
				p.db.MustExec(strings.Replace(control, "%", "CHANGE PROCESSING", 1))
			},
			want: load.ErrDMS,
		},
		"one that DMS follows, whatever is said": {
			before: func(_ *testing.T, p *place) {
				p.db.MustExec(strings.Replace(control, "%", "FULL LOAD", 1))
			},
			with: func(o *load.Options) { o.InsteadOfDMS = true },
			want: load.ErrDMS,
		},
		"one that DMS has stopped to follow": {
			before: func(_ *testing.T, p *place) {
				p.db.MustExec(strings.Replace(control, "%", "NOT RUNNING", 1))
			},
			want: load.ErrDMS,
		},
		"one that DMS will not follow again, in capitals": {
			before: func(_ *testing.T, p *place) {
				p.db.MustExec(strings.Replace(strings.NewReplacer(
					"awsdms_mosaic", `"AWSDMS_MOSAIC"`, "awsdms_status", `"AWSDMS_STATUS"`,
					"task_name", `"TASK_NAME"`, "task_status", `"TASK_STATUS"`,
				).Replace(control), "%", "NOT RUNNING", 1))
			},
			with: func(o *load.Options) { o.InsteadOfDMS = true },
		},
		"one in capitals that DMS follows": {
			before: func(_ *testing.T, p *place) {
				p.db.MustExec(strings.Replace(strings.NewReplacer(
					"awsdms_mosaic", `"AWSDMS_MOSAIC"`, "awsdms_status", `"AWSDMS_STATUS"`,
					"task_name", `"TASK_NAME"`, "task_status", `"TASK_STATUS"`,
				).Replace(control), "%", "CHANGE PROCESSING", 1))
			},
			want: load.ErrDMS,
		},
		"much fewer rows than are served": {
			before: func(t *testing.T, p *place) {
				p.Exec(t, "DELETE FROM [dbo].[DM_PERSONS] WHERE [PERSON_ID] >= 40")
			},
			want: load.ErrFewer,
		},
		"much fewer rows, as it was told": {
			before: func(t *testing.T, p *place) {
				p.Exec(t, "DELETE FROM [dbo].[DM_PERSONS] WHERE [PERSON_ID] >= 40")
			},
			with: func(o *load.Options) { o.Fewer = true },
		},
		"a source that is being loaded": {
			before: func(t *testing.T, p *place) {
				conn, err := p.db.Connx(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = conn.Close() })
				if err := load.Lock(t.Context(), conn, "mosaic"); err != nil {
					t.Fatal(err)
				}
			},
			want: load.ErrBusy,
		},
		"rows that do not arrive": {
			before: func(_ *testing.T, p *place) {
				// Of all who could lose a row, one whom we do not own: a trigger of PostgreSQL.
				p.db.MustExec(`CREATE FUNCTION public.lose() RETURNS event_trigger LANGUAGE plpgsql AS $$
					BEGIN
						IF tg_tag = 'CREATE INDEX' THEN
							DELETE FROM mosaic_next.dm_persons WHERE person_id = 17;
						END IF;
					END $$;
					CREATE EVENT TRIGGER lose ON ddl_command_end EXECUTE FUNCTION public.lose()`)
			},
			want: load.ErrDiffers,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			p.Fill(t, 0, 100)
			p.load(t, p.options())
			before := p.loaded(t, &p.Mapping.Tables[0])
			tt.before(t, p)
			o := p.options()
			if tt.with != nil {
				tt.with(&o)
			}
			_, err := load.Run(t.Context(), o)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if tt.want == nil {
				p.wantSame(t)
				return
			}
			if got := p.loaded(t, &p.Mapping.Tables[0]); got != before {
				t.Error("what is served has changed")
			}
		})
	}
}

// TestRunEmpty holds that a source is not served for the first time while it looks empty, unless it
// is said to be.
func TestRunEmpty(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.FillTable(t, p.Mapping.Table("dm_persons"), 0, 10)
	if _, err := load.Run(t.Context(), p.options()); !errors.Is(err, load.ErrEmpty) {
		t.Errorf("got %v, want %v", err, load.ErrEmpty)
	}
	p.FillTable(t, p.Mapping.Table("dm_addresses"), 0, 10)
	o := p.options()
	o.Fewer = true
	p.load(t, o)
	if got := p.loaded(t, p.Mapping.Table("dm_addresses")).Rows; got != 10 {
		t.Errorf("got %d addresses, want the 10 that there are by now", got)
	}
}

// TestBackRefusesDMS holds that what DMS writes to is not taken from under it.
func TestBackRefusesDMS(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 10)
	p.load(t, p.options())
	p.load(t, p.options())
	p.db.MustExec(`CREATE SCHEMA awsdms_mosaic;
		CREATE TABLE awsdms_mosaic.awsdms_status (task_name text, task_status text);
		INSERT INTO awsdms_mosaic.awsdms_status VALUES ('mosaic-follow', 'CHANGE PROCESSING')`)
	if err := load.Back(t.Context(), p.options()); !errors.Is(err, load.ErrDMS) {
		t.Errorf("got %v, want %v", err, load.ErrDMS)
	}
}

// TestRunOfSomeTablesOfNone holds that a source is not served before all of it can be, though
// tables of it are named.
func TestRunOfSomeTablesOfNone(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{"nothing": `SELECT`, "a sample": sampleInPlace} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			p.Fill(t, 0, 20)
			p.db.MustExec(before)
			o := p.options()
			o.Tables, o.Again = []*mapping.Table{p.Mapping.Table("dm_persons")}, true
			if _, err := load.Run(t.Context(), o); !errors.Is(err, load.ErrNotServed) {
				t.Errorf("got %v, want %v", err, load.ErrNotServed)
			}
			if got := p.loaded(t, p.Mapping.Table("dm_persons")).Rows; got != 0 {
				t.Errorf("got %d residents without their addresses, want none", got)
			}
		})
	}
}

// TestRunEmptyOverASample holds that a sample makes no table whole that looks empty.
func TestRunEmptyOverASample(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.FillTable(t, p.Mapping.Table("dm_persons"), 0, 10)
	p.db.MustExec(sampleInPlace)
	if _, err := load.Run(t.Context(), p.options()); !errors.Is(err, load.ErrEmpty) {
		t.Errorf("got %v, want %v", err, load.ErrEmpty)
	}
}

const sampleInPlace = `INSERT INTO gateway.load VALUES ('mosaic', now(), 'sample');
	INSERT INTO mosaic.dm_addresses (ref_addresses_people_id, person_id) VALUES (1, 1)`

// TestRunOfSomeTables loads one table again: the others, and how old the source is, stay as they
// were.
func TestRunOfSomeTables(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 20)
	o := p.options()
	o.AsOf = now().Add(-time.Hour)
	p.load(t, o)
	p.db.MustExec(`DELETE FROM mosaic.dm_persons WHERE person_id = 7;
		DELETE FROM mosaic.dm_addresses WHERE ref_addresses_people_id = 7`)
	o = p.options()
	o.Tables, o.Again = []*mapping.Table{p.Mapping.Table("dm_persons")}, true
	o.Now = func() time.Time { return now().Add(time.Hour) }
	p.load(t, o)
	p.WantSame(t, p.db, p.Mapping.Table("dm_persons"))
	if got := p.loaded(t, p.Mapping.Table("dm_addresses")).Rows; got != 19 {
		t.Errorf("got %d addresses, want the 19 that there were", got)
	}
	var at time.Time
	get(t, p.db, &at, `SELECT loaded_at FROM gateway.load WHERE source = 'mosaic'`)
	if want := now().Add(-time.Hour); !at.Equal(want) {
		t.Errorf("got a load as of %v, want %v", at, want)
	}
}

// TestRunDrift holds that a table which is another on the system is left as it is, and the others
// are loaded; and that nothing is served before all of it can be.
func TestRunDrift(t *testing.T) {
	t.Parallel()
	const narrow = `ALTER TABLE [dbo].[DM_ADDRESSES] DROP COLUMN [POST_CODE]`
	t.Run("of a source that is served", func(t *testing.T) {
		t.Parallel()
		p := newPlace(t)
		p.Fill(t, 0, 100)
		p.load(t, p.options())
		addresses := p.Mapping.Table("dm_addresses")
		before := p.loaded(t, addresses)
		p.Exec(t, narrow)
		p.FillTable(t, p.Mapping.Table("dm_persons"), 100, 150)
		p.load(t, p.options())
		if got := p.loaded(t, addresses); got != before {
			t.Error("the table that is another has changed")
		}
		persons := p.loaded(t, p.Mapping.Table("dm_persons"))
		if persons.Rows != 150 {
			t.Errorf("got %d residents, want 150", persons.Rows)
		}
		var reason string
		get(t, p.db, &reason, `SELECT reason FROM gateway.table_fault
			WHERE source = 'mosaic' AND name = 'dm_addresses' AND kind = 'drift'`)
		if !strings.Contains(strings.ToLower(reason), "post_code") {
			t.Errorf("got %q, which does not say what is wrong", reason)
		}
	})
	for name, before := range map[string]string{
		"of one that is not":          `SELECT`,
		"of one of which a sample is": sampleInPlace,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			p.Fill(t, 0, 100)
			p.Exec(t, narrow)
			p.db.MustExec(before)
			if _, err := load.Run(t.Context(), p.options()); !errors.Is(err, load.ErrDrift) {
				t.Errorf("got %v, want %v", err, load.ErrDrift)
			}
			if got := p.loaded(t, p.Mapping.Table("dm_persons")); got.Rows != 0 {
				t.Errorf("got %d residents of half a source", got.Rows)
			}
		})
	}
}

// TestRunTriesAgain cuts the system's connections while it is loaded.
func TestRunTriesAgain(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	if p.Double == nil {
		t.Skip("SKIPPED: a real system is not cut off")
	}
	p.Fill(t, 0, 1_000)
	p.Double.Break(750)
	o := p.options()
	waits := 0
	o.Wait = func(ctx context.Context, _ time.Duration) error {
		waits++
		return ctx.Err()
	}
	p.load(t, o)
	p.wantSame(t)
	if waits == 0 {
		t.Error("nothing was cut off, which is no test")
	}
}

// TestRunGivesUp holds that a system which never answers is not asked for ever, and what it is told
// of then.
func TestRunGivesUp(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 10)
	o := p.options()
	o.Reader = failing{o.Reader}
	rests := time.Duration(0)
	o.Wait = func(ctx context.Context, d time.Duration) error {
		rests += d
		return ctx.Err()
	}
	if _, err := load.Run(t.Context(), o); !errors.Is(err, errFailing) {
		t.Errorf("got %v, want %v", err, errFailing)
	}
	if want := 15 * time.Second; rests != want {
		t.Errorf("got %v of rest, want %v", rests, want)
	}
	var fault string
	get(t, p.db, &fault, `SELECT fault FROM gateway.loading WHERE source = 'mosaic'`)
	if !strings.Contains(fault, errFailing.Error()) {
		t.Errorf("got %q kept, want %v", fault, errFailing)
	}
}

var errFailing = errors.New("it does not answer")

type failing struct{ migration.Reader }

func (failing) Read(
	context.Context, *mapping.Table, migration.Part, func(*migration.Batch) error,
) error {
	return errFailing
}

// TestRunWaits holds that a system is read no faster than is allowed, and at no other time.
func TestRunWaits(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 1_000)
	var waited atomic.Int64 // who reads waits, and who writes looks at the clock
	o := p.options()
	o.Now = func() time.Time { return now().Add(time.Duration(waited.Load())) }
	o.Wait = func(ctx context.Context, d time.Duration) error {
		waited.Add(int64(d))
		return ctx.Err()
	}
	o.MostPerSecond = 100
	opens := now().Add(10 * time.Hour)
	o.Open = func(at time.Time) (bool, time.Time) { return !at.Before(opens), opens }
	p.load(t, o)
	p.wantSame(t)
	// The last range of each table is not waited for.
	if got, want := o.Now().Sub(opens), 3*900/100*time.Second; got < want {
		t.Errorf("got %v for %d rows, want %v at least", got, 3*1_000, want)
	}
}
