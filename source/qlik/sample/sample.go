// Package sample makes up households of Qlik, with the oddities of the real ones. No name, address,
// number or email is a real resident's. Read sample.go first.
package sample

import (
	"context"
	"iter"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/qlik"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// Sample is made-up households, at half of the homes of the made-up residents that other sources
// know, with the oddities of a real export. Equal samples hold equal households, and a sample
// begins with all the households of a smaller one of the same Seed and Today.
type Sample struct {
	// Residents is how many residents of the sample's world live in these households. A source that
	// has as many in its own sample has some of them, and others.
	Residents int
	Seed      uint64
	Today     time.Time // the export is of a few days before; the time of the day is ignored
}

// New returns a sample as the command line asks for it.
func New(s plug.Sample) plug.Seeder { //nolint:ireturn // what plug.Of asks for
	return Sample{s.Residents, s.Seed, s.Today}
}

// Options says how a sample is loaded. The zero value loads into an empty table only.
type Options = sample.Options

// Household is one row of qlik_vulnerability.
type Household struct {
	qlik.Household

	UPRN        int64
	DateCreated time.Time // in UTC what the clock says in London; Household.AsOf is its day
}

// Households yields the households, each property once. The first is always at the home of the
// first resident of the other sources, and nothing of it is blank or old.
func (s Sample) Households() iter.Seq[Household] {
	return func(yield func(Household) bool) {
		for households := range s.blocks() {
			for i := range households {
				if !yield(households[i]) {
					return
				}
			}
		}
	}
}

// blocks yields the households some at a time, with how many residents live in them so far.
func (s Sample) blocks() iter.Seq2[[]Household, int] {
	return func(yield func([]Household, int) bool) {
		m := newSampleMaker(s)
		for block := 0; m.residents < s.Residents; block++ {
			households := m.block(block, s.Residents)
			if !yield(households, m.residents) {
				return
			}
		}
	}
}

// Load puts the sample into the table of Qlik and records that in gateway.load, all at once or not
// at all, as sample.Loading.Run says.
func (s Sample) Load(ctx context.Context, db *sqlx.DB, o Options) error {
	return sample.Loading{
		Schema:    "qlik",
		Tables:    []sample.Table{{Name: "qlik_vulnerability", Columns: qlik.ColumnNames()}},
		Residents: s.Residents,
		Fill:      s.fill,
	}.Run(ctx, db, o)
}

func (s Sample) fill(rows *sample.Rows) iter.Seq[int] {
	return func(yield func(int) bool) {
		for households, done := range s.blocks() {
			for i := range households {
				h := &households[i]
				values := []any{h.UPRN}
				for _, flag := range h.flags() {
					values = append(values, flagText(flag, "t", "f"))
				}
				rows.Of(0).Add(append(values, h.AdultSocialCareCases, h.ChildSocialCareCases,
					h.DateCreated.Format(time.DateTime))...)
			}
			if !yield(done) {
				return
			}
		}
	}
}

// flags are the indicators in the order of their columns.
func (h *Household) flags() []*bool {
	return []*bool{
		h.HasHealthConditionOrDisability,
		h.ReceivesCouncilTaxSupport,
		h.IsInTemporaryAccommodation,
		h.HasLowIncome,
		h.HasChildWithSend,
		h.IsSingleParent,
		h.HasLearningDisability,
	}
}

// flagText returns how an indicator is written; nil where it is blank.
func flagText(flag *bool, yes, no string) *string {
	switch {
	case flag == nil:
		return nil
	case *flag:
		return &yes
	}
	return &no
}
