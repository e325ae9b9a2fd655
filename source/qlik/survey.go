package qlik

import (
	"context"
	"strconv"
	"time"

	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// There is always a row, so that one statement tells a property that nothing is known of from a
// source that was never loaded, whatever is loaded meanwhile.
const householdsByUPRN = `
	SELECT known.is_loaded,
	       h.uprn,
	       h.health_condition_or_disability,
	       h.receives_council_tax_support,
	       h.living_in_temporary_accomodation,
	       h.low_income,
	       h.child_with_send,
	       h.single_parent,
	       h.learning_disability,
	       h.asc_cases,
	       h.csc_cases,
	       h.date_created
	FROM   (SELECT EXISTS (SELECT FROM gateway.load WHERE source = 'qlik')
	               OR EXISTS (SELECT FROM qlik.qlik_vulnerability) AS is_loaded) AS known
	LEFT   JOIN qlik.qlik_vulnerability AS h ON h.uprn = ANY ($1::bigint[])`

type householdRow struct {
	IsLoaded                      bool       `db:"is_loaded"`
	UPRN                          *int64     `db:"uprn"` // nil where there is no household in the row
	HealthConditionOrDisability   *bool      `db:"health_condition_or_disability"`
	ReceivesCouncilTaxSupport     *bool      `db:"receives_council_tax_support"`
	LivingInTemporaryAccomodation *bool      `db:"living_in_temporary_accomodation"`
	LowIncome                     *bool      `db:"low_income"`
	ChildWithSEND                 *bool      `db:"child_with_send"`
	SingleParent                  *bool      `db:"single_parent"`
	LearningDisability            *bool      `db:"learning_disability"`
	ASCCases                      *int       `db:"asc_cases"`
	CSCCases                      *int       `db:"csc_cases"`
	DateCreated                   *time.Time `db:"date_created"`
}

func (r *householdRow) household() *Household {
	return &Household{
		HasHealthConditionOrDisability: r.HealthConditionOrDisability,
		ReceivesCouncilTaxSupport:      r.ReceivesCouncilTaxSupport,
		IsInTemporaryAccommodation:     r.LivingInTemporaryAccomodation,
		HasLowIncome:                   r.LowIncome,
		HasChildWithSend:               r.ChildWithSEND,
		IsSingleParent:                 r.SingleParent,
		HasLearningDisability:          r.LearningDisability,
		AdultSocialCareCases:           r.ASCCases,
		ChildSocialCareCases:           r.CSCCases,
		AsOf:                           resident.DateOf(*r.DateCreated),
	}
}

// Survey returns a *Household for each of uprns, in their order, with nil where Qlik knows nothing
// of the property.
func (q *Qlik) Survey(ctx context.Context, uprns []string) ([]any, error) {
	numbers := make([]int64, len(uprns))
	for i, uprn := range uprns {
		n, err := strconv.ParseInt(uprn, 10, 64)
		if err != nil {
			n = 0 // which is no property's
		}
		numbers[i] = n
	}
	var rows []householdRow
	if err := q.db.SelectContext(ctx, &rows, householdsByUPRN, pq.Array(numbers)); err != nil {
		return nil, failed(ctx, "qlik: households by uprn", err)
	}
	known := make(map[int64]*Household, len(rows))
	for i := range rows {
		if !rows[i].IsLoaded {
			return nil, resident.Errorf(resident.Unavailable, source.ErrNotLoaded,
				"Qlik has not been loaded yet")
		}
		if uprn := rows[i].UPRN; uprn != nil {
			known[*uprn] = rows[i].household()
		}
	}
	surveyed := make([]any, len(uprns))
	for i, n := range numbers {
		if h := known[n]; h != nil { // a nil *Household would not be nil in an any
			surveyed[i] = h
		}
	}
	return surveyed, nil
}
