package load_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
)

// TestBackAfterAKill goes back although a load that read a table again was killed between its swap
// and its clearing up.
func TestBackAfterAKill(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 10)
	p.load(t, p.options())
	p.load(t, p.options())
	p.db.MustExec(`CREATE SCHEMA mosaic_replaced; CREATE TABLE mosaic_replaced.dm_persons ()`)
	if err := load.Back(t.Context(), p.options()); err != nil {
		t.Error(err)
	}
}

// TestRunSaysNoMoreThanItKnows holds that what is followed counts as of when the system was last
// asked for changes, and not of when the tables were swapped in.
func TestRunSaysNoMoreThanItKnows(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 10)
	clock := now()
	o := p.options()
	o.Now = func() time.Time { return clock }
	o.Progress = func(phase string, _, _ int) {
		if phase == "indexes" {
			clock = now().Add(time.Hour) // it is before the changes are asked for
		}
	}
	reader, err := p.db.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reader.Exec(`SELECT FROM mosaic.dm_persons`); err != nil {
		t.Fatal(err)
	}
	o.Warn = func(string) { // the swap waits for who reads
		clock = clock.Add(time.Hour)
		_ = reader.Rollback()
	}
	p.load(t, o)
	var applied time.Time
	get(t, p.db, &applied, `SELECT max(applied_at) FROM gateway.following`)
	if want := now().Add(time.Hour); !applied.Equal(want) {
		t.Errorf("got changes of up to %v, want %v", applied, want)
	}
}

// TestRunAfterTwins holds that a load which was refused for rows of the system that are mended
// since does not go on with them.
func TestRunAfterTwins(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 10)
	p.db.MustExec(`CREATE UNIQUE INDEX of_nhs ON mosaic.dm_persons (nhs_id)`)
	p.Exec(t, `UPDATE [dbo].[DM_PERSONS] SET [NHS_ID] = 1`)
	if _, err := load.Run(t.Context(), p.options()); err == nil {
		t.Fatal("rows that are refused were loaded")
	}
	var fault string
	get(t, p.db, &fault, `SELECT coalesce(max(fault), '') FROM gateway.loading`)
	if !strings.Contains(fault, "unique violation") {
		t.Errorf("got %q kept of why it stopped", fault)
	}
	p.Exec(t, `UPDATE [dbo].[DM_PERSONS] SET [NHS_ID] = NULL`)
	p.load(t, p.options())
	p.wantSame(t)
}

// TestRunAfterARelease holds that indexes are built anew where a release has changed what they are
// made with since.
func TestRunAfterARelease(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 100)
	ctx, cancel := context.WithCancel(t.Context())
	o := p.options()
	o.Progress = func(phase string, _, _ int) {
		if phase == "proof" {
			cancel()
		}
	}
	if _, err := load.Run(ctx, o); err == nil {
		t.Fatal("it was not broken off")
	}
	p.db.MustExec(`CREATE OR REPLACE FUNCTION gateway.email_form(t text) RETURNS text
		LANGUAGE sql IMMUTABLE AS $$ SELECT upper(t) $$;
		REINDEX TABLE mosaic.dm_persons`)
	if report := p.load(t, p.options()); report.Resumed {
		t.Error("it went on with indexes of a function that is another by now")
	}
}

// TestRunWaitsOutsideTransactions holds that a load which waits for the night, or for its turn,
// keeps no transaction open: many a PostgreSQL ends the connection of who does.
func TestRunWaitsOutsideTransactions(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 700)
	o := p.options()
	o.Wait = func(ctx context.Context, _ time.Duration) error {
		const idle = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
			AND state = 'idle in transaction' AND state_change < now() - interval '300 ms'`
		if err := migration.Wait(ctx, 600*time.Millisecond); err != nil {
			return err
		}
		var found int
		get(t, p.db, &found, idle)
		if found > 0 {
			t.Errorf("got %d transactions that are kept open", found)
		}
		return nil
	}
	o.MostPerSecond = 300
	p.load(t, o)
	p.wantSame(t)
}
