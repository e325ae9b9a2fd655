package qlik_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/qlik"
	qliksample "github.com/LBHackney-IT/resident-gateway/source/qlik/sample"
)

// linesOf are those of as many households, each of whom all is true or nothing is.
func linesOf(households int, flag string) []string {
	lines := make([]string, households)
	for i := range lines {
		lines[i] = fmt.Sprintf("%d%s,1,1,1/2/2021", i+1, strings.Repeat(","+flag, 7))
	}
	return lines
}

func TestLoad(t *testing.T) {
	t.Parallel()
	database := newLoaded(t, "1,,,,,,,,,,1/2/2021", "2,,,,,,,,,,1/2/2021")

	report, err := load(t.Context(), database,
		fileOf("3,true,,,,,,,1,0,31/12/2020 10:00", "2,false,,,,,,,,,1/2/2021", ""))
	if err != nil {
		t.Fatal(err)
	}
	want := qlik.Report{
		Households: 2, Before: 2,
		Oldest: resident.Date{Year: 2020, Month: time.December, Day: 31},
		Newest: resident.Date{Year: 2021, Month: time.February, Day: 1},
	}
	if !reflect.DeepEqual(report, want) {
		t.Errorf("got %+v, want %+v", report, want)
	}
	const rows = `(2,f,,,,,,,,,"2021-02-01 00:00:00")` + "\n" + `(3,t,,,,,,,1,0,"2020-12-31 10:00:00")`
	got, _, _ := strings.Cut(contents(t, database), "\n(qlik")
	if got != rows {
		t.Errorf("got %s, want %s", got, rows)
	}
	var record struct {
		LoadedAt time.Time `db:"loaded_at"`
		Origin   string    `db:"origin"`
		Known    int       `db:"known"`
	}
	const told = `
		SELECT loaded_at, origin, (SELECT reltuples FROM pg_class WHERE relname = 'qlik_vulnerability')
			AS known
		FROM   gateway.load WHERE source = 'qlik'`
	if err := database.GetContext(t.Context(), &record, told); err != nil {
		t.Fatal(err)
	}
	if !record.LoadedAt.Equal(now()) || record.Origin != "file" || record.Known != 2 {
		t.Errorf("got %+v, want a file of two households loaded at %v", record, now())
	}
}

// A file that is refused changes nothing.
func TestLoadRefused(t *testing.T) {
	t.Parallel()
	const good = "1,true,,,,,,,,,1/2/2021"
	faults := func(all ...string) []string { return all }
	tests := map[string]struct {
		file   string
		want   error
		faults []string
		more   int
	}{
		"no bytes":            {"", qlik.ErrEmpty, nil, 0},
		"a header alone":      {header, qlik.ErrEmpty, nil, 0},
		"a header and blanks": {header + "\n\n\r\n\n", qlik.ErrEmpty, nil, 0},
		"no header": {
			good, qlik.ErrFaulty, nil, 2, // of eleven columns that are none and eleven that are missing
		},
		"a column is missing": {
			strings.TrimPrefix(header, "uprn,") + "\n" + good, qlik.ErrFaulty,
			faults("line 1, uprn: the header does not name it"), 0,
		},
		"the last line is bad": {
			fileOf(append(linesOf(50, "t"), "51,,,,,,,,,,yesterday")...), qlik.ErrFaulty,
			faults("line 52, date_created: " + notDate), 0,
		},
		"the only line is bad": {
			fileOf("0,,,,,,,,,,1/2/2021"), qlik.ErrFaulty, faults("line 2, uprn: " + notUPRN), 0,
		},
		"a property twice": {
			fileOf(good, "2,,,,,,,,,,1/2/2021", "0001,,,,,,,,,,1/2/2021"), qlik.ErrFaulty,
			faults("line 4, uprn: it stands in line 2 too"), 0,
		},
		"a property three times, and a bad line between": {
			fileOf(good, "1,,,,,,,,,,1/2/2021", "x,,,,,,,,,,1/2/2021", "", good), qlik.ErrFaulty,
			faults("line 3, uprn: it stands in line 2 too", "line 4, uprn: "+notUPRN,
				"line 6, uprn: it stands in line 2 too"), 0,
		},
		"more bad lines than are told": {
			fileOf(linesOf(100, "maybe")...), qlik.ErrFaulty, nil, 700 - 20,
		},
		"more properties twice than are told": {
			fileOf(append(linesOf(100, "t"), linesOf(100, "f")...)...), qlik.ErrFaulty, nil, 80,
		},
		"less than half of the households": {fileOf(linesOf(4, "t")...), qlik.ErrFewer, nil, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := newLoaded(t, linesOf(9, "")...)
			before := contents(t, database)

			report, err := load(t.Context(), database, tt.file)
			if !errors.Is(err, tt.want) {
				t.Fatalf("got error %v, want %v", err, tt.want)
			}
			if tt.more > 0 {
				if len(report.Faults) != 20 || report.MoreFaults != tt.more {
					t.Errorf("got %d faults told and %d not, want 20 and %d",
						len(report.Faults), report.MoreFaults, tt.more)
				}
			} else if got := texts(report.Faults); !reflect.DeepEqual(got, tt.faults) {
				t.Errorf("got %q, want %q", got, tt.faults)
			}
			if after := contents(t, database); after != before {
				t.Errorf("got %s after a refusal, want %s", after, before)
			}
		})
	}
}

func TestLoadFewer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		households int
		fewer      bool
		want       error
	}{
		"half":                     {5, false, nil},
		"less than half":           {4, false, qlik.ErrFewer},
		"less than half, allowed":  {4, true, nil},
		"none at all, though said": {0, true, qlik.ErrEmpty},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := newLoaded(t, linesOf(10, "")...)
			_, err := qlik.Load(t.Context(), database,
				strings.NewReader(fileOf(linesOf(tt.households, "t")...)),
				qlik.LoadOptions{Now: now, Fewer: tt.fewer})
			if !errors.Is(err, tt.want) {
				t.Errorf("got error %v, want %v", err, tt.want)
			}
		})
	}
}

// A file takes the place of a sample, however small it is, and is no sample from then on.
func TestLoadOverSample(t *testing.T) {
	t.Parallel()
	database := postgres.New(t)
	sample := qliksample.Sample{Residents: 50, Seed: 1, Today: now()}
	if err := sample.Load(t.Context(), database, qliksample.Options{Now: now}); err != nil {
		t.Fatal(err)
	}
	if only, err := db.HasOnlySamples(t.Context(), database); err != nil || !only {
		t.Fatalf("got only samples: %t, and error %v", only, err)
	}
	if _, err := load(t.Context(), database, fileOf("7,,,,,,,,,,1/2/2021")); err != nil {
		t.Fatal(err)
	}
	if only, err := db.HasOnlySamples(t.Context(), database); err != nil || only {
		t.Errorf("got only samples: %t, and error %v", only, err)
	}
	err := sample.Load(t.Context(), database, qliksample.Options{Now: now, Replace: true})
	if !errors.Is(err, source.ErrSampleOverData) {
		t.Errorf("got error %v, want %v", err, source.ErrSampleOverData)
	}
}

// Whatever stops a load, nothing of it is left, and what is said of it tells of no household.
func TestLoadThatFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	tests := map[string]struct {
		before string // SQL that makes the load fail
		read   error  // what reading the file ends with
		want   string
	}{
		"the file cannot be read on": {read: broken, want: broken.Error()},
		"a value is not allowed": {
			before: `ALTER TABLE qlik.qlik_vulnerability ADD CONSTRAINT x CHECK (uprn <> 4711)`,
			want:   "SQLSTATE 23514",
		},
		"it cannot be recorded": {
			before: `ALTER TABLE gateway.load ADD CONSTRAINT x CHECK (origin <> 'file') NOT VALID`,
			want:   "SQLSTATE 23514",
		},
		"a column is missing": {
			before: `ALTER TABLE qlik.qlik_vulnerability DROP COLUMN asc_cases`,
			want:   "SQLSTATE 42703",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := newLoaded(t, "1,,,,,,,,,,1/2/2021")
			if _, err := database.ExecContext(t.Context(), tt.before); err != nil {
				t.Fatal(err)
			}
			before := contents(t, database)
			var file io.Reader = strings.NewReader(fileOf("4711,,,,,,,,,,1/2/2021"))
			if tt.read != nil {
				file = io.MultiReader(file, iotest.ErrReader(tt.read))
			}
			_, err := qlik.Load(t.Context(), database, file, qlik.LoadOptions{Now: now})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got error %v, want one that says %s", err, tt.want)
			}
			if strings.Contains(err.Error(), "4711") {
				t.Errorf("got error %v, which tells of a household", err)
			}
			if after := contents(t, database); after != before {
				t.Errorf("got %s after a failure, want %s", after, before)
			}
		})
	}
}

// A load that is given up leaves what is there, and the next is not kept from it.
func TestLoadGivenUp(t *testing.T) {
	t.Parallel()
	database := newLoaded(t, "1,,,,,,,,,,1/2/2021")
	before := contents(t, database)
	waits := map[string]func(ctx context.Context, cancel func()) error{
		"while the file is read": func(ctx context.Context, cancel func()) error {
			file := io.MultiReader(strings.NewReader(fileOf(linesOf(1_000, "t")...)),
				readerFunc(func([]byte) (int, error) { cancel(); return 0, io.EOF }))
			_, err := qlik.Load(ctx, database, file, qlik.LoadOptions{Now: now})
			return err
		},
		"while it waits for a lock": func(ctx context.Context, cancel func()) error {
			tx := hold(t, database, `LOCK TABLE qlik.qlik_vulnerability IN SHARE MODE`)
			defer tx.Rollback()
			time.AfterFunc(100*time.Millisecond, cancel)
			_, err := load(ctx, database, fileOf(linesOf(1_000, "t")...))
			return err
		},
	}
	for name, run := range waits {
		ctx, cancel := context.WithCancel(t.Context())
		if err := run(ctx, cancel); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got error %v, want one that is context.Canceled", name, err)
		}
		cancel()
		if after := contents(t, database); after != before {
			t.Errorf("%s: got %s, want %s", name, after, before)
		}
	}
	tx := hold(t, database, `LOCK TABLE qlik.qlik_vulnerability IN SHARE MODE`)
	late, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := load(late, database, fileOf("2,,,,,,,,,,1/2/2021"))
	if resident.CodeOf(err) != resident.Timeout {
		t.Errorf("got error %v, want one of the code %s", err, resident.Timeout)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	// PostgreSQL ends a transaction that was given up a moment after the caller has heard so.
	for began := time.Now(); ; {
		_, err := load(t.Context(), database, fileOf("2,,,,,,,,,,1/2/2021"))
		if err == nil {
			return
		}
		if time.Since(began) > 10*time.Second {
			t.Fatalf("got error %v after loads that were given up", err)
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// hold returns a transaction in which a statement was executed.
func hold(t *testing.T, database *sqlx.DB, statement string) *sqlx.Tx {
	t.Helper()
	tx, err := database.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	return tx
}

// The file that a sample is written to holds what the sample does.
func TestSampleWriteCSV(t *testing.T) {
	t.Parallel()
	made := qliksample.Sample{Residents: 1_000, Seed: 1, Today: now()}
	loaded, written := postgres.New(t), postgres.New(t)
	if err := made.Load(t.Context(), loaded, qliksample.Options{Now: now}); err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	if err := made.WriteCSV(&file); err != nil {
		t.Fatal(err)
	}
	if report, err := load(t.Context(), written, file.String()); err != nil {
		t.Fatal(err, report.Faults)
	}
	want, _, _ := strings.Cut(contents(t, loaded), "\n(qlik")
	got, _, _ := strings.Cut(contents(t, written), "\n(qlik")
	if got != want || !strings.HasPrefix(file.String(), header+"\r\n") {
		t.Error("got other households from the file than were made")
	}
	if err := made.WriteCSV(fullDisk{}); !errors.Is(err, errFull) {
		t.Errorf("got error %v, want %v", err, errFull)
	}
}

var errFull = errors.New("the disk is full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }
