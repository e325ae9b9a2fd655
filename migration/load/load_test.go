package load_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

func TestRun(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 1_000)
	before := structure(t, p.db)
	report := p.load(t, p.options())
	p.wantSame(t)
	if want := int64(3*1_000 + 1); report.Rows() != want {
		t.Errorf("got %d rows, want %d", report.Rows(), want)
	}
	if got := structure(t, p.db); got != before {
		t.Errorf("the tables are others than they were:\n%s\nwant\n%s", got, before)
	}
	var row struct {
		LoadedAt time.Time `db:"loaded_at"`
		Origin   string    `db:"origin"`
	}
	get(t, p.db, &row, `SELECT loaded_at, origin FROM gateway.load WHERE source = 'mosaic'`)
	if !row.LoadedAt.Equal(now()) || row.Origin != "sqlserver" {
		t.Errorf("got a load of %v from %s, want one of %v from sqlserver",
			row.LoadedAt, row.Origin, now())
	}
	var left []string
	selected(t, p.db, &left, `SELECT nspname FROM pg_namespace WHERE nspname LIKE 'mosaic\_%'
		UNION ALL SELECT source FROM gateway.loading ORDER BY 1`)
	if got := strings.Join(left, " "); got != "mosaic_previous" {
		t.Errorf("got %q left over, want mosaic_previous alone", got)
	}
	for _, statement := range p.sent() {
		if !strings.HasPrefix(statement, "SELECT ") {
			t.Errorf("the system was sent %.60q, and it is only ever to be read", statement)
		}
	}
}

// sent are the statements that the system was sent, but for those that filled it.
func (p *place) sent() []string {
	if p.Double == nil {
		return nil
	}
	var all []string
	for _, s := range p.Double.Statements() {
		s = strings.TrimSpace(s)
		if s != "" && !strings.HasPrefix(s, "INSERT INTO") {
			all = append(all, s)
		}
	}
	return all
}

// structure is what the tables that are served are made of.
func structure(t *testing.T, db *sqlx.DB) string {
	t.Helper()
	var parts []string
	selected(t, db, &parts, `
		SELECT format('%s.%s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
		              a.attnotnull)
		FROM   pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE  c.relnamespace = 'mosaic'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
		UNION  ALL
		SELECT pg_get_indexdef(indexrelid) || indisvalid FROM pg_index
		JOIN   pg_class c ON c.oid = indrelid WHERE c.relnamespace = 'mosaic'::regnamespace
		UNION  ALL
		SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint
		WHERE  connamespace = 'mosaic'::regnamespace
		UNION  ALL
		SELECT relname || relacl::text FROM pg_class
		WHERE  relnamespace = 'mosaic'::regnamespace AND relkind = 'r' AND relacl IS NOT NULL
		ORDER  BY 1`)
	return strings.Join(parts, "\n")
}

func get(t *testing.T, db *sqlx.DB, into any, query string) {
	t.Helper()
	if err := db.GetContext(t.Context(), into, query); err != nil {
		t.Fatal(err)
	}
}

func selected(t *testing.T, db *sqlx.DB, into any, query string) {
	t.Helper()
	if err := db.SelectContext(t.Context(), into, query); err != nil {
		t.Fatal(err)
	}
}

// TestRunKeepsGrants holds that who may read what is served may go on reading it.
func TestRunKeepsGrants(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 10)
	p.db.MustExec(`CREATE ROLE load_reader;
		GRANT SELECT ON ALL TABLES IN SCHEMA mosaic TO load_reader;
		GRANT SELECT ON mosaic.dm_persons TO PUBLIC`)
	t.Cleanup(func() { p.db.MustExec(`DROP OWNED BY load_reader; DROP ROLE load_reader`) })
	before := structure(t, p.db)
	for range 2 {
		p.load(t, p.options())
		if got := structure(t, p.db); got != before {
			t.Errorf("got\n%s\nwant\n%s", got, before)
		}
	}
}

// TestRunKeepsRights holds that nobody loses or gains by a load: not the owner, not who may read
// some columns, nor who may read by default what others make.
func TestRunKeepsRights(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 10)
	p.db.MustExec(`CREATE ROLE rights_owner; CREATE ROLE rights_reader; CREATE ROLE rights_some;
		ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO rights_reader;
		GRANT SELECT (person_id) ON mosaic.dm_persons TO rights_some;
		GRANT CREATE, USAGE ON SCHEMA mosaic TO rights_owner;
		ALTER TABLE mosaic.dm_addresses OWNER TO rights_owner`)
	t.Cleanup(func() {
		p.db.MustExec(`DROP OWNED BY rights_owner, rights_reader, rights_some CASCADE;
			DROP ROLE rights_owner, rights_reader, rights_some`)
	})
	const rights = `
		SELECT format('%s of %s: %s', relname, relowner::regrole, (
		           SELECT string_agg(format('%s may %s', grantee::regrole, privilege_type), ', '
		                             ORDER BY grantee, privilege_type)
		           FROM   aclexplode(coalesce(relacl, acldefault('r', relowner)))))
		FROM   pg_class WHERE relnamespace = 'mosaic'::regnamespace AND relkind = 'r'
		UNION  ALL
		SELECT format('%s.%s: %s', attrelid::regclass, attname, attacl)
		FROM   pg_attribute JOIN pg_class ON pg_class.oid = attrelid
		WHERE  relnamespace = 'mosaic'::regnamespace AND attacl IS NOT NULL
		ORDER  BY 1`
	var before, after []string
	selected(t, p.db, &before, rights)
	p.load(t, p.options())
	selected(t, p.db, &after, rights)
	if got, want := strings.Join(after, "\n"), strings.Join(before, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestRunGoesOn breaks a load off at each place it can be, and goes on with it.
func TestRunGoesOn(t *testing.T) {
	t.Parallel()
	const rows = 320
	p := newPlace(t)
	p.Fill(t, 0, rows)
	broken := errors.New("broken off")
	writer := p.Writer(rows, 1)
	for at := 1; ; at += dbtest.Rounds(3, 1) {
		steps := 0
		ctx, cancel := context.WithCancelCause(t.Context())
		o := p.options()
		o.Progress = func(string, int, int) {
			if steps++; steps == at {
				cancel(broken)
			}
		}
		_, err := load.Run(ctx, o)
		cancel(nil)
		if err == nil {
			break // it was not broken off any more
		}
		if !errors.Is(err, broken) {
			t.Fatalf("at step %d: got %v, want %v", at, err, broken)
		}
		if err := writer.Write(t.Context()); err != nil {
			t.Fatal(err)
		}
		o = p.options()
		report, err := load.Run(t.Context(), o)
		if err != nil {
			t.Fatalf("after step %d: %v", at, err)
		}
		if !report.Resumed {
			t.Errorf("after step %d: it did not go on", at)
		}
		p.wantSame(t)
	}
}

// TestRunGoesOnWithTheSwap holds that a load of which the swap alone was left tells of its rows.
func TestRunGoesOnWithTheSwap(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 20)
	reader := p.db.MustBegin()
	reader.MustExec(`SELECT FROM mosaic.dm_persons`)
	o := p.options()
	o.Wait = func(context.Context, time.Duration) error { return context.Canceled }
	if _, err := load.Run(t.Context(), o); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want %v", err, context.Canceled)
	}
	if err := reader.Rollback(); err != nil {
		t.Fatal(err)
	}
	report := p.load(t, p.options())
	if !report.Resumed || len(report.Tables) != len(p.Mapping.Tables) || report.Tables[0].Rows != 20 {
		t.Errorf("got %+v, want 20 rows of the first of all tables", report)
	}
}

// TestRunReadsOn holds that a load which goes on does not read again what it has.
func TestRunReadsOn(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 1_000)
	ctx, cancel := context.WithCancel(t.Context())
	o := p.options()
	o.Progress = func(_ string, done, _ int) {
		if done >= 600 {
			cancel()
		}
	}
	if _, err := load.Run(ctx, o); err == nil {
		t.Fatal("it was not broken off")
	}
	reader := &counting{Reader: p.Reader}
	o = p.options()
	o.Reader = reader
	p.load(t, o)
	// The range that was under way is read again.
	if most := 3*1_000 + 1 - 600; reader.rows > most || reader.rows == 0 {
		t.Errorf("read %d rows, want %d at most", reader.rows, most)
	}
	p.wantSame(t)
}

// counting counts the rows that are read.
type counting struct {
	migration.Reader
	rows int
}

func (c *counting) Read(
	ctx context.Context, t *mapping.Table, part migration.Part, each func(*migration.Batch) error,
) error {
	return c.Reader.Read(ctx, t, part, func(b *migration.Batch) error {
		c.rows += b.Rows()
		return each(b)
	})
}

// TestRunBeginsAnew holds when what was loaded so far is thrown away.
func TestRunBeginsAnew(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*place, *load.Options){
		"of a place that others write to between": func(_ *place, o *load.Options) { o.Still = true },
		"as it was told": func(_ *place, o *load.Options) { o.Anew = true },
		"of other tables": func(p *place, _ *load.Options) {
			p.db.MustExec(`CREATE INDEX another ON mosaic.dm_persons (title)`)
		},
		"from elsewhere": func(_ *place, o *load.Options) { o.Reader = elsewhere{o.Reader} },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			p.Fill(t, 0, 700)
			ctx, cancel := context.WithCancel(t.Context())
			o := p.options()
			o.Progress = func(string, int, int) { cancel() }
			if _, err := load.Run(ctx, o); err == nil {
				t.Fatal("it was not broken off")
			}
			o = p.options()
			change(p, &o)
			if report := p.load(t, o); report.Resumed {
				t.Error("it went on")
			}
			p.wantSame(t)
		})
	}
}

type elsewhere struct{ migration.Reader }

func (elsewhere) Origin() string { return "elsewhere" }

// TestRunCatchesUp writes to the system while it is loaded.
func TestRunCatchesUp(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 1_000)
	writer := p.Writer(1_000, 1)
	o := p.options()
	writes := 0
	o.Progress = func(string, int, int) {
		for range 5 {
			writes++
			if err := writer.Write(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
	p.load(t, o)
	if writes < 50 {
		t.Errorf("got %d writes, which is no test", writes)
	}
	// What was written after the last look is left to who follows: the last writes were before it.
	p.wantSame(t)
	var versions []string
	selected(t, p.db, &versions, `SELECT DISTINCT version FROM gateway.following`)
	if len(versions) == 0 {
		t.Error("nothing can be followed")
	}
}

// TestBack serves the generation before, and the one after again.
func TestBack(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 100)
	if err := load.Back(t.Context(), p.options()); !errors.Is(err, load.ErrNothingBefore) {
		t.Errorf("got %v, want %v", err, load.ErrNothingBefore)
	}
	p.load(t, p.options())
	first := p.loaded(t, &p.Mapping.Tables[0])
	if err := load.Back(t.Context(), p.options()); !errors.Is(err, load.ErrNothingBefore) {
		t.Errorf("got %v of what was never loaded, want %v", err, load.ErrNothingBefore)
	}
	p.Fill(t, 100, 200)
	p.load(t, p.options())
	second := p.loaded(t, &p.Mapping.Tables[0])
	if first == second {
		t.Fatal("the generations are the same, which is no test")
	}
	before := structure(t, p.db)
	for _, want := range []struct {
		rows any
		is   any
	}{{first.Rows, first}, {second.Rows, second}} {
		if err := load.Back(t.Context(), p.options()); err != nil {
			t.Fatal(err)
		}
		if got := p.loaded(t, &p.Mapping.Tables[0]); got != want.is {
			t.Errorf("got %d rows, want %d", got.Rows, want.rows)
		}
		if got := structure(t, p.db); got != before {
			t.Errorf("got\n%s\nwant\n%s", got, before)
		}
	}
	var following int
	get(t, p.db, &following, `SELECT count(*) FROM gateway.following`)
	if following != 0 {
		t.Errorf("got %d tables that are followed, of a generation that nobody knows the changes to",
			following)
	}
	p.db.MustExec(`ALTER TABLE mosaic.dm_persons ADD COLUMN of_a_later_release text`)
	if err := load.Back(t.Context(), p.options()); !errors.Is(err, load.ErrNothingBefore) {
		t.Errorf("got %v, want %v", err, load.ErrNothingBefore)
	}
}
