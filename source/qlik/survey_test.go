package qlik_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/qlik"
)

func TestSurvey(t *testing.T) {
	t.Parallel()
	database := newLoaded(t,
		"100021000001,true,false,true,false,true,false,true,2,0,31/12/2020",
		"10008000002,,,,,,,,,,1/2/2021 14:05",
		"7,false,true,false,true,false,true,false,0,3,14/03/2026 23:59:59",
	)
	full := &qlik.Household{
		HasHealthConditionOrDisability: new(true), ReceivesCouncilTaxSupport: new(false),
		IsInTemporaryAccommodation: new(true), HasLowIncome: new(false), HasChildWithSend: new(true),
		IsSingleParent: new(false), HasLearningDisability: new(true),
		AdultSocialCareCases: new(2), ChildSocialCareCases: new(0),
		AsOf: resident.Date{Year: 2020, Month: time.December, Day: 31},
	}
	blank := &qlik.Household{AsOf: resident.Date{Year: 2021, Month: time.February, Day: 1}}
	other := &qlik.Household{
		HasHealthConditionOrDisability: new(false), ReceivesCouncilTaxSupport: new(true),
		IsInTemporaryAccommodation: new(false), HasLowIncome: new(true), HasChildWithSend: new(false),
		IsSingleParent: new(true), HasLearningDisability: new(false),
		AdultSocialCareCases: new(0), ChildSocialCareCases: new(3),
		AsOf: resident.Date{Year: 2026, Month: time.March, Day: 14},
	}
	tests := map[string]struct {
		uprns []string
		want  []any
	}{
		"all that is known": {[]string{"100021000001"}, []any{full}},
		"all blank":         {[]string{"10008000002"}, []any{blank}},
		"in their order":    {[]string{"7", "100021000001", "10008000002"}, []any{other, full, blank}},
		"not known":         {[]string{"8"}, []any{nil}},
		"some not known":    {[]string{"8", "7", "9", "10"}, []any{nil, other, nil, nil}},
		"one twice":         {[]string{"7", "8", "7"}, []any{other, nil, other}},
		"the greatest":      {[]string{"999999999999"}, []any{nil}},
		"no property": {
			[]string{"", "x", "-7", "99999999999999999999", "7"}, []any{nil, nil, nil, nil, other},
		},
		"of nothing, nothing": {[]string{}, []any{}},
	}
	q := qlik.New(database, now)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := q.Survey(t.Context(), tt.uprns)
			if err != nil {
				t.Fatal(err)
			}
			// A nil *qlik.Household is not equal to nil.
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestSurveyIsOneStatement(t *testing.T) {
	t.Parallel()
	loaded := newLoaded(t, "1,,,,,,,,,,1/2/2021", "2,,,,,,,,,,1/2/2021")
	counted, counter := postgres.Counting(t, postgres.DSNOf(t, loaded))
	for name, uprns := range map[string][]string{
		"known": {"1", "2", "3"}, "not known": {"4", "5"},
	} {
		counter.Reset()
		if _, err := qlik.New(counted, now).Survey(t.Context(), uprns); err != nil {
			t.Fatal(err)
		}
		if got := counter.Statements(); len(got) != 1 {
			t.Errorf("%s: got %d statements, want 1: %q", name, len(got), got)
		}
	}
}

func TestSurveyNotLoaded(t *testing.T) {
	t.Parallel()
	q := qlik.New(postgres.Scratch(t), now)

	got, err := q.Survey(t.Context(), []string{"1"})
	if got != nil || !errors.Is(err, source.ErrNotLoaded) {
		t.Errorf("got %v and error %v, want that it was never loaded", got, err)
	}
	told, ok := errors.AsType[*resident.Error](err)
	if !ok || told.Code != resident.Unavailable || told.Message != "Qlik has not been loaded yet" {
		t.Errorf("got error %v", err)
	}
}

func TestGivenUp(t *testing.T) {
	t.Parallel()
	const row = "1,,,,,,,,,,1/2/2021"
	database := newLoaded(t, row)
	questions := map[string]func(context.Context) error{
		"survey": func(ctx context.Context) error {
			_, err := qlik.New(database, now).Survey(ctx, []string{"1"})
			return err
		},
		"freshness": func(ctx context.Context) error {
			_, err := qlik.New(database, now).Freshness(ctx)
			return err
		},
		"load": func(ctx context.Context) error {
			_, err := load(ctx, database, fileOf(row))
			return err
		},
	}
	for name, ask := range questions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			canceled, cancel := context.WithCancel(t.Context())
			cancel()
			if err := ask(canceled); !errors.Is(err, context.Canceled) {
				t.Errorf("got error %v, want one that is context.Canceled", err)
			}
			late, cancel := context.WithDeadline(t.Context(), now().AddDate(-1, 0, 0))
			defer cancel()
			if err := ask(late); resident.CodeOf(err) != resident.Timeout {
				t.Errorf("got error %v, want one of the code %s", err, resident.Timeout)
			}
		})
	}
}

// A question that waits for a lock ends when who asked gives up, or has waited long enough.
func TestGivenUpWhileWaiting(t *testing.T) {
	t.Parallel()
	database := newLoaded(t, "1,,,,,,,,,,1/2/2021")
	ask := func(ctx context.Context) error {
		_, err := qlik.New(database, now).Survey(ctx, []string{"1"})
		return err
	}
	tx, err := database.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	const lock = `LOCK TABLE qlik.qlik_vulnerability IN ACCESS EXCLUSIVE MODE`
	if _, err := tx.ExecContext(t.Context(), lock); err != nil {
		t.Fatal(err)
	}

	const enough = 500 * time.Millisecond // the driver loses a wish to end what has not yet begun
	short, cancel := context.WithTimeout(t.Context(), enough)
	defer cancel()
	if err := ask(short); resident.CodeOf(err) != resident.Timeout {
		t.Errorf("got error %v, want one of the code %s", err, resident.Timeout)
	}
	givenUp, cancel := context.WithCancel(t.Context())
	time.AfterFunc(enough, cancel)
	if err := ask(givenUp); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want one that is context.Canceled", err)
	}
}

// What a database says can hold what is in a row, so nothing of it is told.
func TestSurveyFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		broken string
		want   resident.Code
	}{
		"there is no table": {`DROP TABLE qlik.qlik_vulnerability`, resident.Unavailable},
		"there is no column": {
			`ALTER TABLE qlik.qlik_vulnerability DROP COLUMN asc_cases`, resident.Internal,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Scratch(t)
			if _, err := database.ExecContext(t.Context(), tt.broken); err != nil {
				t.Fatal(err)
			}
			_, err := qlik.New(database, now).Survey(t.Context(), []string{"4711"})
			if resident.CodeOf(err) != tt.want {
				t.Errorf("got error %v, want one of the code %s", err, tt.want)
			}
		})
	}
}

func TestFreshness(t *testing.T) {
	t.Parallel()
	const insert = `INSERT INTO qlik.qlik_vulnerability (uprn, date_created) VALUES (1, '2026-01-02')`
	london := time.FixedZone("London", 60*60) // in summer
	tests := map[string]struct {
		prepare func(*testing.T) *sqlx.DB
		want    source.FreshnessState
		asOf    time.Time // zero for nil
	}{
		"never loaded": {
			func(t *testing.T) *sqlx.DB { return postgres.Scratch(t) }, source.NotLoaded, time.Time{},
		},
		"as of the oldest row, by the clock of the export": {
			func(t *testing.T) *sqlx.DB {
				return newLoaded(t, "1,,,,,,,,,,1/7/2025 10:00", "2,,,,,,,,,,1/8/2025")
			},
			source.Current, time.Date(2025, time.July, 1, 9, 0, 0, 0, time.UTC),
		},
		"not after it was loaded": {
			func(t *testing.T) *sqlx.DB { return newLoaded(t, "1,,,,,,,,,,14/3/2026 23:00") },
			source.Current, now(),
		},
		"put there by others": {
			func(t *testing.T) *sqlx.DB {
				database := postgres.Scratch(t)
				database.MustExecContext(t.Context(), insert)
				return database
			},
			source.Unknown, time.Time{},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := qlik.New(tt.prepare(t), func() time.Time { return now().In(london) })
			got, err := q.Freshness(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got.State != tt.want || (got.AsOf == nil) != tt.asOf.IsZero() {
				t.Fatalf("got %+v, want %s as of %v", got, tt.want, tt.asOf)
			}
			if got.AsOf != nil && !got.AsOf.Equal(tt.asOf) {
				t.Errorf("got as of %v, want %v", got.AsOf, tt.asOf)
			}
			if (got.Note == nil) != (tt.want == source.Current) {
				t.Errorf("got the note %v", got.Note)
			}
		})
	}
}

func TestHouseholdResolver(t *testing.T) {
	t.Parallel()
	known := &qlik.Household{}
	asked := func(survey any) *resident.PostalAddress {
		a := &resident.PostalAddress{UPRN: new("7")}
		a.SetSurvey(qlik.Name, survey)
		return a
	}
	tests := map[string]struct {
		address *resident.PostalAddress
		want    *qlik.Household
		fails   bool
	}{
		"known":          {asked(known), known, false},
		"nothing known":  {asked(nil), nil, false},
		"no property":    {&resident.PostalAddress{}, nil, false},
		"not asked":      {&resident.PostalAddress{UPRN: new("7")}, nil, true},
		"something else": {asked("a household"), nil, true},
		"of another source": {func() *resident.PostalAddress {
			a := &resident.PostalAddress{UPRN: new("7")}
			a.SetSurvey("OTHER", known)
			return a
		}(), nil, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := qlik.PostalAddressResolver{}.Household(t.Context(), tt.address)
			if got != tt.want || (err != nil) != tt.fails {
				t.Errorf("got %v and error %v, want %v and an error: %t", got, err, tt.want, tt.fails)
			}
		})
	}
}
