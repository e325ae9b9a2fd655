package verify_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/verify"
)

// A writer changes the system without pause, and makes each change here some changes later.
type writer struct {
	database *sqlx.DB

	mu      sync.Mutex
	moved   *sync.Cond
	written int
	applied int
	err     error
}

// behind is how many changes are on their way.
const behind = 60

// statement is change i of a side: of one table or another, an insert, an update, a delete, and one
// row over and over.
func statement(i int, side string) string {
	table := side + "." + tables()[i%4]
	switch i / 4 % 4 {
	case 0:
		return fmt.Sprintf(`UPDATE %s SET name = 'change %d', amount = %[2]d WHERE n = %d`, table, i,
			i*7%150+1)
	case 1:
		return fmt.Sprintf(`DELETE FROM %s WHERE n = %d`, table, i*5%150+1)
	case 2: // what was deleted comes back, as something else
		return fmt.Sprintf(`INSERT INTO %[1]s SELECT %s, %s, n FROM generate_series(%d, %[4]d) AS n
			WHERE NOT EXISTS (SELECT FROM %[1]s WHERE n = %[4]d);
			UPDATE %[1]s SET note = 'change %[5]d' WHERE n = %[4]d`, table,
			joined(keysOf(tables()[i%4])), valuesOfRow, (i+130)*5%150+1, i)
	}
	return fmt.Sprintf(`UPDATE %s SET note = 'change %d' WHERE n = 1`, table, i)
}

func (w *writer) write(ctx context.Context) {
	for i := 0; ctx.Err() == nil; i++ {
		if _, err := w.database.ExecContext(ctx, statement(i, system)); err != nil {
			w.move(i, 0, err)
			return
		}
		if i >= behind {
			if _, err := w.database.ExecContext(ctx, statement(i-behind, here)); err != nil {
				w.move(i, 0, err)
				return
			}
		}
		w.move(i+1, i-behind+1, nil)
	}
}

func (w *writer) move(written, applied int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.written, w.applied = written, applied
	if err != nil {
		w.err = err
	}
	w.moved.Broadcast()
}

// catchUp returns when all that is written by now has been applied here: it is the lag.
func (w *writer) catchUp(context.Context, time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	until := w.written + 1 // one may be made and not yet counted
	for w.applied < until && w.err == nil {
		w.moved.Wait()
	}
	return w.err
}

func TestRowsInMotion(t *testing.T) {
	t.Parallel()
	database := newSides(t, 200) // of which the writer knows 150
	w := &writer{database: database}
	w.moved = sync.NewCond(&w.mu)
	ctx, stop := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	writing.Go(func() { w.write(ctx) })
	defer writing.Wait()
	defer stop()

	o := options(database)
	o.Wait = w.catchUp
	var settled int64
	for i := range 8 {
		report := run(t, o)
		check(t, fmt.Sprintf("run %d", i), &report, nil)
		for _, table := range report.Tables {
			settled += table.Settled
		}
	}
	if settled == 0 {
		t.Error("nothing was in motion: this test says nothing")
	}
	t.Logf("%d rows in motion were settled by a second look", settled)

	// What is wrong is found among them.
	var want []verify.Finding
	for _, table := range tables() {
		dbtest.Execute(t, database, `DELETE FROM `+here+`.`+table+` WHERE n = 170`)
		want = append(want, verify.Finding{
			Table: table, Kind: verify.MissingTarget, Key: keysByRow(t, database, table)[170],
		})
	}
	check(t, "a row of each", new(run(t, o)), want)
}

// A row that changes between any two looks is told of where what is here of it never moves.
func TestRowThatNeverRests(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		moves string // what moves beside the system
		waits int    // how often it is looked at after the first
		want  []verify.Finding
	}{
		"and is not followed": {`SELECT`, 5, []verify.Finding{
			{Table: numbers, Kind: verify.RecordDiff, Key: `["-29"]`, Columns: []string{"paid"}},
		}},
		"and is followed from afar": {
			`UPDATE ` + here + `.numbers SET paid = paid + 1 WHERE n = 7`, 1, nil,
		},
		"and is followed in leaps": {
			`UPDATE ` + here + `.numbers SET paid = paid + 0.5 WHERE n = 7`, 5, nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := newSides(t, 40)
			dbtest.Execute(t, database, `UPDATE `+system+`.numbers SET paid = paid + 1 WHERE n = 7`)
			o := options(database, numbers)
			waits := 0
			o.Wait = func(_ context.Context, d time.Duration) error {
				waits++
				if d != 2*time.Minute {
					t.Errorf("got a wait of %v, want two minutes", d)
				}
				dbtest.Execute(t, database, `UPDATE `+system+`.numbers SET paid = paid + 1 WHERE n = 7`)
				dbtest.Execute(t, database, tt.moves)
				return nil
			}
			check(t, name, new(run(t, o)), tt.want)
			if waits != tt.waits {
				t.Errorf("got %d looks after the first, want %d", waits, tt.waits)
			}
		})
	}
}

// A row that is found to differ, and is put right before the second look, is not told of.
func TestSecondLook(t *testing.T) {
	t.Parallel()
	for _, table := range tables() {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			database := newSides(t, 40)
			dbtest.Execute(t, database, `DELETE FROM `+here+`.`+table+` WHERE n IN (7, 8)`)
			o := options(database, table)
			o.Wait = func(context.Context, time.Duration) error {
				dbtest.Execute(t, database, `INSERT INTO `+here+`.`+table+`
					SELECT (s).* FROM `+system+`.`+table+` AS s WHERE n = 8`)
				return nil
			}
			report := run(t, o)
			check(t, table, &report, []verify.Finding{
				{Table: table, Kind: verify.MissingTarget, Key: keysByRow(t, database, table)[7]},
			})
			if got := report.Tables[0].Settled; got != 1 {
				t.Errorf("got %d settled, want 1", got)
			}
		})
	}
}

// Rows that were equal when they were read again are not waited for.
func TestNothingToWaitFor(t *testing.T) {
	t.Parallel()
	database := newSides(t, 40)
	dbtest.Execute(t, database, `DELETE FROM `+here+`.numbers WHERE n = 7`)
	o := options(database, numbers)
	o.System = &watched{o.System, func(part migration.Part) {
		if part.Between != nil { // the reading of what differs has begun there, and may have here
			dbtest.Execute(t, database, `INSERT INTO `+here+`.numbers SELECT (s).* FROM `+system+`.numbers
				AS s WHERE n = 7 ON CONFLICT DO NOTHING`)
		}
	}}
	o.Wait = func(context.Context, time.Duration) error {
		t.Error("it waited for nothing")
		return nil
	}
	report := run(t, o)
	check(t, "put right", &report, nil)
	if got := report.Tables[0]; got.Reread != 1 {
		t.Errorf("got %+v: nothing had differed", got)
	}
}
