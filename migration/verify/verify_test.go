package verify_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/verify"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A watched Reader tells when it hands on a batch.
type watched struct {
	migration.Reader

	each func(part migration.Part)
}

func (w *watched) Read(
	ctx context.Context, t *mapping.Table, part migration.Part, each func(*migration.Batch) error,
) error {
	return w.Reader.Read(ctx, t, part, func(batch *migration.Batch) error {
		w.each(part)
		return each(batch)
	})
}

func TestSame(t *testing.T) {
	t.Parallel()
	database := newSides(t, 500)
	report := run(t, options(database))
	check(t, "same", &report, nil)
	dbtest.Execute(t, database, `UPDATE `+here+`.pairs SET amount = amount + 0.0001 WHERE n = 7`)
	check(t, "not the same", new(run(t, options(database))), []verify.Finding{
		{Table: pairs, Kind: verify.RecordDiff, Key: `["-3","1"]`, Columns: []string{"amount"}},
	})
	want := map[string]verify.By{
		numbers: verify.ByRanges, pairs: verify.ByRanges, texts: verify.ByBuckets, lines: verify.ByLines,
	}
	for _, table := range report.Tables {
		if table.By != want[table.Name] || table.System != table.Here || table.System.Rows != 500 ||
			strings.Trim(table.System.Digest, "0") == "" || table.Parts == 0 || table.Reread != 0 {
			t.Errorf("got %+v", table)
		}
	}
	if report.Rows() != 2000 {
		t.Errorf("got %d rows, want 2000", report.Rows())
	}
}

// Only the ranges that differ are read again, those that follow each other as one.
func TestRangesReadAgain(t *testing.T) {
	t.Parallel()
	database := newSides(t, 3000) // the ids are up to 8950, and from -47 on
	dbtest.Execute(t, database, `DELETE FROM `+here+`.numbers WHERE id IN (1000, 1102, 5050)`)
	o := options(database, numbers)
	o.RangeRows = 100
	var mu sync.Mutex
	var read []migration.Between
	o.System = &watched{Reader: o.System, each: func(part migration.Part) {
		mu.Lock()
		defer mu.Unlock()
		if part.Between != nil {
			read = append(read, *part.Between)
		}
	}}
	report := run(t, o)
	want := []migration.Between{{From: 1000, Below: 1200}, {From: 5000, Below: 5100}}
	if got := report.Tables[0]; !slices.Equal(read, want) || got.Reread != 3 || got.Parts != 91 {
		t.Errorf("got %v and %+v, want %v", read, got, want)
	}
	if report.Differ() != 3 {
		t.Errorf("got %d rows that differ, want 3", report.Differ())
	}
}

func TestSidesAreReadAtTheSameTime(t *testing.T) {
	t.Parallel()
	o := options(newSides(t, 40), numbers)
	systemBegan, hereBegan := make(chan struct{}), make(chan struct{})
	// Neither goes on before the other has begun.
	meet := func(mine, other chan struct{}) func(migration.Part) {
		return func(migration.Part) {
			close(mine)
			select {
			case <-other:
			case <-time.After(time.Minute):
				t.Error("the other side was not begun within a minute")
			}
		}
	}
	o.System = &watched{o.System, meet(systemBegan, hereBegan)}
	o.Here = &watched{o.Here, meet(hereBegan, systemBegan)}
	check(t, "both", new(run(t, o)), nil)
}

func TestOneSideIsEmpty(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		empty string
		kind  verify.Kind
	}{
		"here":   {here, verify.MissingTarget},
		"system": {system, verify.MissingSource},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := newSides(t, 3000)
			for _, table := range tables() {
				dbtest.Execute(t, database, `TRUNCATE `+tt.empty+`.`+table)
			}
			o := options(database)
			o.MostFindings = 10
			report := run(t, o)
			if report.Result != verify.Differs || report.Differ() != 12_000 {
				t.Errorf("got %s, %d rows differ, want all", report.Result, report.Differ())
			}
			byTable := map[string]int{}
			for _, f := range report.Findings {
				byTable[f.Table]++
				if f.Kind != tt.kind {
					t.Errorf("got %+v, want %s", f, tt.kind)
				}
			}
			// No table hides another.
			if fmt.Sprint(byTable) != "map[lines:2 numbers:3 pairs:3 texts:2]" {
				t.Errorf("got findings %v", byTable)
			}
			if key := report.Findings[0].Key; key != `["-47"]` {
				t.Errorf("got %s first, want that of the first row", key)
			}
		})
	}
}

func TestTableThatCannotBeCompared(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"not on the system": `DROP TABLE ` + system + `.pairs`,
		"not here":          `DROP TABLE ` + here + `.pairs`,
		"without a column":  `ALTER TABLE ` + system + `.pairs DROP COLUMN amount`,
		"of another type": `ALTER TABLE ` + here + `.pairs ALTER id TYPE text;
			UPDATE ` + here + `.pairs SET id = 'Ada''s secret' WHERE n = 7`,
	}
	for name, statement := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := newSides(t, 40)
			dbtest.Execute(t, database, statement)
			dbtest.Execute(t, database, `DELETE FROM `+here+`.texts WHERE n = 5`)
			report := run(t, options(database))
			if report.Result != verify.Failed {
				t.Errorf("got %s, want failed", report.Result)
			}
			for _, table := range report.Tables {
				isFault := table.Fault != ""
				if isFault != (table.Name == pairs) || strings.Contains(table.Fault, "Ada") {
					t.Errorf("%s: got fault %q", table.Name, table.Fault)
				}
			}
			// The others were compared.
			if len(report.Findings) != 1 || report.Findings[0].Table != texts {
				t.Errorf("got %v, want the row of texts", report.Findings)
			}
		})
	}
}

// What stands here and is not of its type differs, and fails nothing.
func TestUnreadableValue(t *testing.T) {
	t.Parallel()
	database := newSides(t, 40)
	dbtest.Execute(t, database, `ALTER TABLE `+here+`.numbers ALTER seen TYPE text;
		UPDATE `+here+`.numbers SET seen = 'the day before yesterday' WHERE n = 7`)
	check(t, "unreadable", new(run(t, options(database, numbers))), []verify.Finding{
		{Table: numbers, Kind: verify.RecordDiff, Key: `["-29"]`, Columns: []string{"seen"}},
	})
}

// A system without primary keys may have rows without a value in the key. They are compared like
// all others.
func TestKeyWithoutValue(t *testing.T) {
	t.Parallel()
	database := newSides(t, 40)
	for _, side := range []string{system, here} {
		dbtest.Execute(t, database, `
			ALTER TABLE `+side+`.pairs DROP CONSTRAINT pairs_pkey;
			ALTER TABLE `+side+`.pairs ALTER id DROP NOT NULL, ALTER line DROP NOT NULL;
			UPDATE `+side+`.pairs SET line = NULL WHERE n = 7;
			UPDATE `+side+`.pairs SET id = NULL WHERE n = 8`)
	}
	check(t, "alike", new(run(t, options(database, pairs))), nil)
	dbtest.Execute(t, database, `DELETE FROM `+here+`.pairs WHERE n IN (7, 8);
		UPDATE `+here+`.pairs SET name = 'another' WHERE n = 9`)
	check(t, "lost", new(run(t, options(database, pairs))), []verify.Finding{
		{Table: pairs, Kind: verify.MissingTarget, Key: `["-3",null]`},
		{Table: pairs, Kind: verify.RecordDiff, Key: `["-2","0"]`, Columns: []string{"name"}},
		{Table: pairs, Kind: verify.MissingTarget, Key: `[null,"2"]`},
	})
}

func TestOptionalTable(t *testing.T) {
	t.Parallel()
	database := newSides(t, 3)
	dbtest.Execute(t, database, `DROP TABLE `+system+`.texts; DELETE FROM `+here+`.texts WHERE n > 1`)
	o := options(database, texts)
	o.Mapping.Table(texts).Optional = true
	check(t, "not there", new(run(t, o)), []verify.Finding{
		{Table: texts, Kind: verify.MissingSource, Key: `["B1"]`},
	})
	dbtest.Execute(t, database, `TRUNCATE `+here+`.texts`)
	check(t, "on neither side", new(run(t, o)), nil)
}

func TestStopped(t *testing.T) {
	t.Parallel()
	errStopped := errors.New("someone stopped it")
	tests := map[string]func(o *verify.Options, stop func()){
		"while reading": func(o *verify.Options, stop func()) {
			o.Here = &watched{o.Here, func(migration.Part) { stop() }}
		},
		"while waiting": func(o *verify.Options, stop func()) {
			o.Wait = func(ctx context.Context, _ time.Duration) error {
				stop()
				return ctx.Err()
			}
		},
		"at the second look": func(o *verify.Options, stop func()) {
			waited := false
			o.Wait = func(context.Context, time.Duration) error {
				waited = true
				return nil
			}
			o.System = &watched{o.System, func(migration.Part) {
				if waited {
					stop()
				}
			}}
		},
	}
	for name, prepare := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := newSides(t, 40)
			dbtest.Execute(t, database, `UPDATE `+here+`.pairs SET flag = NOT flag`)
			ctx, cancel := context.WithCancelCause(t.Context())
			o := options(database)
			prepare(&o, func() { cancel(errStopped) })
			report, err := verify.Run(ctx, o)
			if !errors.Is(err, errStopped) && !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want that it was stopped", err)
			}
			kept := proofOf(t, database, report.ID)
			if kept.Result != "failed" || !kept.Ended || report.Result != verify.Failed {
				t.Errorf("got %+v, want failed", kept)
			}
		})
	}
}

func TestTwoRunsAtOnce(t *testing.T) {
	t.Parallel()
	database := newSides(t, 40)
	dbtest.Execute(t, database, `DELETE FROM `+here+`.texts WHERE n = 9`)
	ids := make(chan int64, 2)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			report, err := verify.Run(t.Context(), options(database))
			if err != nil || report.Differ() != 1 {
				t.Errorf("got %+v, %v", report, err)
			}
			ids <- report.ID
		})
	}
	both.Wait()
	if one, other := <-ids, <-ids; one == other || proofOf(t, database, one).Differ != 1 ||
		proofOf(t, database, other).Differ != 1 {
		t.Errorf("got proofs %d and %d", one, other)
	}
}

func TestOptionsThatCannotBeWorkedWith(t *testing.T) {
	t.Parallel()
	database := newSides(t, 3)
	tests := map[string]func(*verify.Options){
		"no system":     func(o *verify.Options) { o.System = nil },
		"no such table": func(o *verify.Options) { o.Tables = []string{"people"} },
		"a faulty mapping": func(o *verify.Options) {
			o.Mapping.Tables[0].Columns[0].Type = "sql_variant"
		},
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(database)
			spoil(&o)
			if _, err := verify.Run(t.Context(), o); err == nil {
				t.Error("got no error")
			}
		})
	}
}

// What progress says at the end is how many rows there are.
func TestProgress(t *testing.T) {
	t.Parallel()
	o := options(newSides(t, 40), texts, lines)
	done := map[string]int64{}
	o.Progress = func(table string, rows, of int64) {
		done[table] = rows
		if of != 40 {
			t.Errorf("got %d of %d, want 40", rows, of)
		}
	}
	run(t, o)
	if done[texts] != 40 || done[lines] != 40 || len(done) != 2 {
		t.Errorf("got %v", done)
	}
}
