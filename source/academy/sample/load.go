package sample

import (
	"context"
	"iter"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

type sampleTable int

const (
	sampleMembers sampleTable = iota
	sampleHouseholds
	claims
	accounts
	sampleOccupations
	sampleProperties
	sampleEmails
	samplePhones
)

// tables returns the tables, with the columns in the order in which they are written.
func tables() []sample.Table {
	return []sample.Table{
		sampleMembers: {Name: "hbmember", Columns: []string{
			"claim_id", "house_id", "member_id", "person_ref", "name", "title", "forename", "surname",
			"birth_date", "deceased_date", "nino",
		}},
		sampleHouseholds: {Name: "hbhousehold", Columns: []string{
			"claim_id", "house_id", "from_date", "to_date", "addr1", "addr2", "addr3", "addr4",
			"post_code", "uprn",
		}},
		claims: {Name: "hbclaim", Columns: []string{"claim_id", "check_digit", "status_ind"}},
		accounts: {Name: "ctaccount", Columns: []string{
			"account_ref", "account_cd", "lead_liab_name", "lead_liab_title", "lead_liab_forename",
			"lead_liab_surname",
		}},
		sampleOccupations: {Name: "ctoccupation", Columns: []string{
			"account_ref", "property_ref", "vacation_date",
		}},
		sampleProperties: {Name: "ctproperty", Columns: []string{
			"property_ref", "addr1", "addr2", "addr3", "addr4", "postcode", "uprn",
		}},
		sampleEmails: {Name: "syemail", Columns: []string{
			"applic_id", "reference_id", "person_type", "person_type_seq_no", "email_addr",
			"email_start_date", "email_end_date",
		}},
		samplePhones: {Name: "syphone", Columns: []string{
			"applic_id", "ref_type", "ref", "phonenum1", "phonenum2", "phonenum3", "phonenum4",
		}},
	}
}

// Options says how a sample is loaded. The zero value loads into empty tables only.
type Options = sample.Options

// Load puts the sample into the tables of Academy, all at once or not at all, and records that in
// gateway.load, as [sample.Loading.Run] does.
func (s Sample) Load(ctx context.Context, db *sqlx.DB, o Options) error {
	return sample.Loading{
		Schema: "academy", Tables: tables(), Residents: s.Residents, Fill: s.fill,
	}.Run(ctx, db, o)
}

// fill writes the whole sample.
func (s Sample) fill(rows *sample.Rows) iter.Seq[int] {
	return func(yield func(int) bool) {
		done := 0
		for residents := range s.households(rows) {
			if done += len(residents); !yield(done) {
				return
			}
		}
	}
}
