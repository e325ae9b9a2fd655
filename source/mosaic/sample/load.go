package sample

import (
	"context"
	"iter"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// Options says how a sample is loaded. The zero value loads into empty tables only.
type Options = sample.Options

// Load puts the sample into the tables of Mosaic, all at once or not at all, and records that in
// gateway.load, as [sample.Loading.Run] does.
func (s Sample) Load(ctx context.Context, db *sqlx.DB, o Options) error {
	return sample.Loading{
		Schema: "mosaic", Tables: tables(), Residents: s.Residents, Fill: s.fill,
	}.Run(ctx, db, o)
}

const (
	persons = iota
	sampleAddresses
	samplePhones
)

// tables returns what is loaded, with the columns in the order in which they are written.
func tables() []sample.Table {
	return []sample.Table{
		persons: {Name: "dm_persons", Columns: []string{
			"person_id", "person_id_legacy", "full_name", "title", "first_name", "last_name",
			"date_of_birth", "date_of_death", "gender", "restricted", "context_flag",
			"nationality", "nhs_id", "email_address",
		}},
		sampleAddresses: {Name: "dm_addresses", Columns: []string{
			"ref_addresses_people_id", "person_id", "start_date", "end_date", "address",
			"post_code", "is_contact_address", "is_display_address", "unique_id",
		}},
		samplePhones: {Name: "dm_telephone_numbers", Columns: []string{
			"telephone_number_id", "person_id", "telephone_number", "telephone_number_type",
		}},
	}
}

// fill writes the whole sample, orphans first.
func (s Sample) fill(rows *sample.Rows) iter.Seq[int] {
	return func(yield func(int) bool) {
		addresses, phones := s.Orphans()
		for i := range addresses {
			addresses[i].write(rows)
		}
		for i := range phones {
			phones[i].write(rows)
		}
		if !yield(0) {
			return
		}
		for people, done := range s.blocks() {
			for i := range people {
				people[i].write(rows)
			}
			if !yield(done) {
				return
			}
		}
	}
}

func (p *Person) write(rows *sample.Rows) {
	t := rows.Of(persons)
	t.Number(p.PersonID)
	t.OptionalText(p.PersonIDLegacy)
	t.OptionalText(p.FullName)
	t.OptionalText(p.Title)
	t.OptionalText(p.FirstName)
	t.OptionalText(p.LastName)
	t.Date(p.DateOfBirth)
	t.Date(p.DateOfDeath)
	t.OptionalText(p.Gender)
	t.OptionalText(p.Restricted)
	t.OptionalText(p.ContextFlag)
	t.OptionalText(p.Nationality)
	t.OptionalNumber(p.NHSID)
	t.OptionalText(p.EmailAddress)
	t.EndRow()
	for i := range p.Addresses {
		p.Addresses[i].write(rows)
	}
	for i := range p.Phones {
		p.Phones[i].write(rows)
	}
}

func (a *Address) write(rows *sample.Rows) {
	t := rows.Of(sampleAddresses)
	t.Number(a.LinkID)
	t.OptionalNumber(a.PersonID)
	t.Date(a.StartDate)
	t.Date(a.EndDate)
	t.OptionalText(a.Address)
	t.OptionalText(a.PostCode)
	t.OptionalText(a.IsContactAddress)
	t.OptionalText(a.IsDisplayAddress)
	t.OptionalNumber(a.UPRN)
	t.EndRow()
}

func (p *Phone) write(rows *sample.Rows) {
	t := rows.Of(samplePhones)
	t.Number(p.NumberID)
	t.Number(p.PersonID)
	t.OptionalText(p.Number)
	t.Text(p.Type)
	t.EndRow()
}
