package qlik

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// Nobody else may write, such as who loads a sample. Who reads is not kept waiting.
const lockHouseholds = `LOCK TABLE qlik.qlik_vulnerability IN SHARE ROW EXCLUSIVE MODE`

const countBefore = `
	SELECT (SELECT count(*) FROM qlik.qlik_vulnerability) AS households,
	       EXISTS (SELECT FROM gateway.load WHERE source = 'qlik' AND origin = 'sample') AS is_sample`

// Rows are deleted and not truncated: who reads goes on seeing them until the others are there, and
// does not wait. It also keeps the table, with what was granted on it.
const deleteHouseholds = `DELETE FROM qlik.qlik_vulnerability`

const insertHouseholds = `
	INSERT INTO qlik.qlik_vulnerability (
	    uprn, health_condition_or_disability, receives_council_tax_support,
	    living_in_temporary_accomodation, low_income, child_with_send, single_parent,
	    learning_disability, asc_cases, csc_cases, date_created)
	SELECT uprn, health_condition_or_disability, receives_council_tax_support,
	       living_in_temporary_accomodation, low_income, child_with_send, single_parent,
	       learning_disability, asc_cases, csc_cases, date_created
	FROM   pg_temp.qlik_file
	ORDER  BY uprn`

const datesOfFile = `
	SELECT min(date_created) AS oldest, max(date_created) AS newest FROM pg_temp.qlik_file`

const recordLoad = `
	INSERT INTO gateway.load (source, loaded_at, origin)
	VALUES ('qlik', $1, 'file')
	ON CONFLICT (source) DO UPDATE SET loaded_at = excluded.loaded_at, origin = excluded.origin`

const analyzeHouseholds = `ANALYZE qlik.qlik_vulnerability`

// The room of the rows that were deleted is for those of the next file. It is not given back: for
// that, who reads would be kept waiting.
const vacuumHouseholds = `VACUUM (SKIP_LOCKED, TRUNCATE false) qlik.qlik_vulnerability`

// swap puts the file in the place of the households that are there.
func (l *load) swap(ctx context.Context, tx *sqlx.Tx) error {
	if _, err := tx.ExecContext(ctx, lockHouseholds); err != nil {
		return failed(ctx, "lock the households", err)
	}
	var before struct {
		Households int  `db:"households"`
		IsSample   bool `db:"is_sample"`
	}
	if err := tx.GetContext(ctx, &before, countBefore); err != nil {
		return failed(ctx, "count households", err)
	}
	l.report.Before = before.Households
	isFewer := 2*l.report.Households < before.Households
	if isFewer && !before.IsSample && !l.options.Fewer {
		return ErrFewer
	}
	var dates struct {
		Oldest time.Time `db:"oldest"`
		Newest time.Time `db:"newest"`
	}
	if err := tx.GetContext(ctx, &dates, datesOfFile); err != nil {
		return failed(ctx, "look for the dates", err)
	}
	l.report.Oldest = resident.DateOf(dates.Oldest)
	l.report.Newest = resident.DateOf(dates.Newest)
	for _, step := range []struct {
		doing, statement string
		args             []any
	}{
		{"delete households", deleteHouseholds, nil},
		{"insert households", insertHouseholds, nil},
		{"record the load", recordLoad, []any{l.options.Now()}},
		{"analyze", analyzeHouseholds, nil},
	} {
		if _, err := tx.ExecContext(ctx, step.statement, step.args...); err != nil {
			return failed(ctx, step.doing, err)
		}
	}
	return nil
}
