package follow_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/follow"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

func TestOnce(t *testing.T) {
	t.Parallel()
	p := newPlace(t, 500)
	writer := p.Writer(500, 3)
	for range 20 {
		p.clock = p.clock.Add(time.Minute)
		for range 20 {
			if err := writer.Write(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		p.pass(t)
		p.wantSame(t)
	}
	var applied time.Time
	p.get(t, &applied, `SELECT min(applied_at) FROM gateway.following WHERE source = 'mosaic'`)
	if !applied.Equal(p.clock) {
		t.Errorf("got changes up to %v, want %v", applied, p.clock)
	}
}

func (p *place) get(t *testing.T, into any, query string) {
	t.Helper()
	if err := p.db.GetContext(t.Context(), into, query); err != nil {
		t.Fatal(err)
	}
}

// TestOnceChangesOnlyWhatChanged holds that rows which were written to the system and are as they
// were are not written here, and that a pass without changes is told to nobody.
func TestOnceChangesOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	p := newPlace(t, 100)
	var before, after string
	const rows = `SELECT string_agg(xmin::text, ',' ORDER BY person_id) FROM mosaic.dm_persons`
	p.get(t, &before, rows)
	p.Exec(t, `UPDATE [dbo].[DM_PERSONS] SET [TITLE] = [TITLE]`)
	p.pass(t)
	p.get(t, &after, rows)
	if before != after {
		t.Error("rows were written that have not changed")
	}
}

// TestOnceReadsAgain holds that a table whose changes are lost is read again, and the others go on.
func TestOnceReadsAgain(t *testing.T) {
	t.Parallel()
	p := newPlace(t, 300)
	if p.Double == nil {
		t.Skip("SKIPPED: a real system is not made to forget")
	}
	writer := p.Writer(300, 4)
	for range 100 {
		if err := writer.Write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Double.Forget(t.Context(), "dbo", "DM_ADDRESSES"); err != nil {
		t.Fatal(err)
	}
	var warned []string
	o := p.options()
	o.Warn = func(text string) { warned = append(warned, text) }
	if err := follow.Once(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	p.wantSame(t)
	if len(warned) == 0 || !strings.Contains(warned[0], "dm_addresses") {
		t.Errorf("got %q, want to be told of dm_addresses", warned)
	}
	var left int
	p.get(t, &left, `SELECT (SELECT count(*) FROM gateway.table_fault)
		+ (SELECT count(*) FROM pg_namespace WHERE nspname IN ('mosaic_next', 'mosaic_replaced'))`)
	if left != 0 {
		t.Errorf("got %d things left over", left)
	}
	for range 20 {
		if err := writer.Write(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	p.pass(t)
	p.wantSame(t)
}

// TestOnceOfASystemThatWasPutBack holds that a system which counts its versions from less than was
// followed, as one does that was restored from a backup, is read again.
func TestOnceOfASystemThatWasPutBack(t *testing.T) {
	t.Parallel()
	p := newPlace(t, 100)
	// What the follower had reached is what the system had before it was put back.
	p.db.MustExec(`UPDATE gateway.following SET version = '1000000'`)
	p.Exec(t, `UPDATE [dbo].[DM_PERSONS] SET [TITLE] = 'Dr'`)
	p.pass(t)
	p.wantSame(t)
	var ahead int
	p.get(t, &ahead, `SELECT count(*) FROM gateway.following WHERE version = '1000000'`)
	if ahead != 0 {
		t.Errorf("got %d tables that are followed from a version that is still to come", ahead)
	}
}

// TestOnceSaysWhyItCannotReadAgain holds that an operator is told why a table stays as it was.
func TestOnceSaysWhyItCannotReadAgain(t *testing.T) {
	t.Parallel()
	p := newPlace(t, 100)
	if p.Double == nil {
		t.Skip("SKIPPED: a real system is not made to forget")
	}
	p.Exec(t, `DELETE FROM [dbo].[DM_ADDRESSES] WHERE [REF_ADDRESSES_PEOPLE_ID] > 10`)
	if err := p.Double.Forget(t.Context(), "dbo", "DM_ADDRESSES"); err != nil {
		t.Fatal(err)
	}
	if err := follow.Once(t.Context(), p.options()); !errors.Is(err, load.ErrFewer) {
		t.Fatalf("got %v, want %v", err, load.ErrFewer)
	}
	var reason string
	p.get(t, &reason, `SELECT reason FROM gateway.table_fault WHERE kind = 'reread'`)
	if !strings.Contains(reason, load.ErrFewer.Error()) {
		t.Errorf("got %q, want %q in it", reason, load.ErrFewer)
	}
}

// TestOnceLeavesATable holds that one table whose changes cannot be applied does not keep the
// others from theirs, and is caught up with once it can be.
func TestOnceLeavesATable(t *testing.T) {
	t.Parallel()
	p := newPlace(t, 100)
	addresses, persons := p.Mapping.Table("dm_addresses"), p.Mapping.Table("dm_persons")
	p.db.MustExec(`ALTER TABLE mosaic.dm_addresses ADD CONSTRAINT short CHECK (length(address) < 40)`)
	p.Exec(t, `UPDATE [dbo].[DM_ADDRESSES] SET [ADDRESS] = 'secret `+strings.Repeat("x", 50)+`'`)
	p.Exec(t, `UPDATE [dbo].[DM_PERSONS] SET [TITLE] = 'Dr'`)
	p.pass(t)
	p.WantSame(t, p.db, persons)
	var reason string
	const fault = `SELECT coalesce(max(reason), '') FROM gateway.table_fault
		WHERE source = 'mosaic' AND name = 'dm_addresses' AND kind = 'apply'`
	p.get(t, &reason, fault)
	if !strings.Contains(reason, "23514") || strings.Contains(reason, "secret") {
		t.Errorf("got %q, which is to say why and no more", reason)
	}
	p.db.MustExec(`ALTER TABLE mosaic.dm_addresses DROP CONSTRAINT short`)
	p.pass(t)
	p.WantSame(t, p.db, addresses)
	if p.get(t, &reason, fault); reason != "" {
		t.Errorf("got %q left of what is right again", reason)
	}
}

// TestOnceDrift holds that a table which has become another on the system is left as it is, until
// it is what is described again.
func TestOnceDrift(t *testing.T) {
	t.Parallel()
	p := newPlace(t, 100)
	p.Exec(t, `ALTER TABLE [dbo].[DM_ADDRESSES] DROP COLUMN [POST_CODE]`)
	p.Exec(t, `UPDATE [dbo].[DM_ADDRESSES] SET [ADDRESS] = 'another'`)
	p.Exec(t, `UPDATE [dbo].[DM_PERSONS] SET [TITLE] = 'Dr'`)
	p.pass(t)
	p.WantSame(t, p.db, p.Mapping.Table("dm_persons"))
	var others int
	p.get(t, &others, `SELECT count(*) FROM mosaic.dm_addresses WHERE address = 'another'`)
	if others != 0 {
		t.Errorf("got %d changes of a table that is another", others)
	}
	p.Exec(t, `ALTER TABLE [dbo].[DM_ADDRESSES] ADD [POST_CODE] varchar(16) NULL`)
	p.pass(t)
	p.wantSame(t)
	var faults int
	if p.get(t, &faults, `SELECT count(*) FROM gateway.table_fault`); faults != 0 {
		t.Errorf("got %d faults left of what is right again", faults)
	}
}

// TestRunRefuses holds what is not followed.
func TestRunRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before string
		want   error
	}{
		"what was never loaded": {`DELETE FROM gateway.following`, follow.ErrNotLoaded},
		"what DMS follows": {`CREATE SCHEMA awsdms_mosaic;
			CREATE TABLE awsdms_mosaic.awsdms_status (task_name text, task_status text);
			INSERT INTO awsdms_mosaic.awsdms_status VALUES ('t', 'CHANGE PROCESSING')`, load.ErrDMS},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, 10)
			p.db.MustExec(tt.before)
			if err := follow.Run(t.Context(), p.options()); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// TestRunGoesOn cuts the system off while it is followed, and holds that it is followed again.
func TestRunGoesOn(t *testing.T) {
	t.Parallel()
	p := newPlace(t, 100)
	ctx, stop := context.WithCancel(t.Context())
	o := p.options()
	feed := &cutOff{Feed: p.Reader}
	o.Feed = feed
	var rest time.Duration
	o.Wait = func(ctx context.Context, d time.Duration) error {
		rest += d
		return ctx.Err()
	}
	o.Passed = func(follow.Pass) { stop() }
	p.Exec(t, `UPDATE [dbo].[DM_PERSONS] SET [TITLE] = 'Dr'`)
	if err := follow.Run(ctx, o); err != nil {
		t.Fatal(err)
	}
	p.wantSame(t)
	if feed.failed != 4 {
		t.Errorf("got %d failures, which is no test", feed.failed)
	}
	if least := 15 * time.Second; rest < least {
		t.Errorf("got %v of rest between them, want %v", rest, least)
	}
}

// cutOff is a feed that does not answer four times.
type cutOff struct {
	migration.Feed
	failed int
}

func (c *cutOff) Changes(
	ctx context.Context, t *mapping.Table, after string, each func(*migration.Changes) error,
) error {
	if c.failed < 4 {
		c.failed++
		return errors.New("the system does not answer")
	}
	return c.Feed.Changes(ctx, t, after, each)
}
