package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// A Source answers for a system of record whose residents are rows of tables. It is safe for
// concurrent use.
type Source struct {
	about source.About
	loads table.Loads
	now   func() time.Time
	kinds []Kind
	read  func(ctx context.Context, q question) ([]source.Placed, error)
}

var (
	_ source.Getter   = (*Source)(nil)
	_ source.Lister   = (*Source)(nil)
	_ source.Reporter = (*Source)(nil)
)

// New returns the source of a declaration over db, which it leaves open. The day of a question is
// the one at now(), in the time zone of now().
func New[R any, P interface {
	*R
	engineRow() *Row
}](db *sqlx.DB, now func() time.Time, d *Declaration[R]) *Source {
	s := &Source{
		about: source.About{
			Name: d.Mapping.Source, Title: d.Mapping.Title, Description: d.Description,
		},
		loads: table.Loads{
			DB: db, Title: d.Mapping.Title, Schema: d.Mapping.Schema(), Tables: d.Tables,
			Mapping: d.Mapping, Now: now,
		},
		now: now, kinds: d.Kinds,
	}
	s.about.FilterFields = s.filterFields()
	s.read = func(ctx context.Context, q question) ([]source.Placed, error) {
		var rows []R
		if err := db.SelectContext(ctx, &rows, q.text, q.args...); err != nil {
			return nil, source.Failed(s.about.Title, s.loads.Schema+": "+q.doing, err)
		}
		if len(rows) == 0 {
			return nil, s.loads.Nobody(ctx)
		}
		placed := make([]source.Placed, len(rows))
		for i := range rows {
			r, details := d.Read(&rows[i], &q.wanted)
			row := P(&rows[i]).engineRow()
			s.finish(r, details, row, &q.wanted)
			placed[i] = source.Placed{
				Resident: r, At: source.Position{SourceID: r.SourceID, NameKey: row.NameKey},
			}
		}
		return placed, nil
	}
	return s
}

// A question is a statement that reads residents.
type question struct {
	text   string
	args   []any
	wanted source.Wanted
	doing  string // for the log
}

// finish adds to a resident what depends on all details together, and withholds what the caller may
// not see.
func (s *Source) finish(
	r *resident.Resident, details []*resident.ContactDetail, row *Row, wanted *source.Wanted,
) {
	r.Source, r.Restricted, r.Has = s.about.Name, !row.IsUnrestricted, wanted.Facts
	details = arrange(details)
	if wanted.Facts.Has(resident.FactUPRN) {
		r.UPRN = preferredUPRN(details)
	}
	if wanted.Contacts != resident.NoContacts {
		details = slices.DeleteFunc(details, func(d *resident.ContactDetail) bool {
			return !wanted.Contacts.Has(d.Type) || !d.Current && !wanted.IncludeEnded
		})
		for _, d := range details {
			d.ID = r.ID() + ":" + d.ID
		}
		r.SetContactDetails(details)
	}
	r.Withhold(wanted.Leave)
}

// preferredUPRN returns the UPRN of the address that a resident lives at.
func preferredUPRN(details []*resident.ContactDetail) *string {
	for _, d := range details {
		if d.Type == resident.Address && d.Preferred {
			return d.Address.UPRN
		}
	}
	return nil
}

// filterFields lists the input fields that any kind can be filtered by.
func (s *Source) filterFields() []resident.FilterField {
	fields := []resident.FilterField{resident.FilterSourceID}
	for i := range s.kinds {
		for field := range s.kinds[i].Filters {
			fields = append(fields, field)
		}
		if s.kinds[i].Own != nil {
			fields = append(fields, s.ownField())
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

func (s *Source) ownField() resident.FilterField { return resident.OwnFilterField(s.about.Name) }

func (s *Source) newStatement() *statement { return &statement{today: resident.DateOf(s.now())} }

// About says what the source is.
func (s *Source) About() source.About { return s.about }

// Freshness is how far the data is behind the system of record.
func (s *Source) Freshness(ctx context.Context) (source.Freshness, error) {
	return s.loads.Freshness(ctx)
}

// Report is how fresh the source is, and what that rests on.
func (s *Source) Report(ctx context.Context) (source.Report, error) { return s.loads.Report(ctx) }

// ListResidents returns a page of those who match, by one statement, contact details and all.
func (s *Source) ListResidents(ctx context.Context, query source.Query) (source.Page, error) {
	text, args, err := s.PageStatement(&query)
	if err != nil {
		return source.Page{}, err
	}
	placed, err := s.read(ctx, question{text, args, query.Wanted, "list residents"})
	if err != nil {
		return source.Page{}, err
	}
	page := source.Page{
		Residents: placed[:min(len(placed), query.Limit)], More: len(placed) > query.Limit,
	}
	if query.FromEnd {
		slices.Reverse(page.Residents)
	}
	return page, nil
}

// CountResidents returns how many match, or atMost where that is less.
func (s *Source) CountResidents(
	ctx context.Context, filter *resident.Filter, atMost int,
) (int, error) {
	text, args, err := s.CountStatement(filter, atMost)
	if err != nil {
		return 0, err
	}
	var count int
	if err := s.loads.DB.GetContext(ctx, &count, text, args...); err != nil {
		return 0, source.Failed(s.about.Title, s.loads.Schema+": count residents", err)
	}
	if count == 0 {
		return 0, s.loads.Nobody(ctx)
	}
	return count, nil
}

// ResidentsByID returns one resident for each of sourceIDs, in their order, with nil where the
// source knows of none.
func (s *Source) ResidentsByID(
	ctx context.Context, sourceIDs []string, wanted source.Wanted,
) ([]*resident.Resident, error) {
	if len(sourceIDs) == 0 {
		return nil, nil
	}
	answers := make([]*resident.Resident, len(sourceIDs))
	text, args, ok := s.referencesStatement(sourceIDs, wanted)
	if !ok {
		return answers, s.loads.Nobody(ctx)
	}
	placed, err := s.read(ctx, question{text, args, wanted, "residents by id"})
	if err != nil {
		return nil, err
	}
	found := make(map[string]*resident.Resident, len(placed))
	for _, r := range placed {
		found[r.SourceID] = r.Resident
	}
	for i, sourceID := range sourceIDs {
		answers[i] = found[sourceID]
	}
	return answers, nil
}

// RecordOf returns what only one source knows of a resident, and nil for a resident of another. It
// fails for a record that was not read.
func RecordOf[T any](r *resident.Resident, name resident.SourceName) (*T, error) {
	record, ok := r.Record.(*T)
	if r.Source == name && !ok {
		return nil, fmt.Errorf("engine: %s: the record was not read", name)
	}
	return record, nil
}

// List is what json_agg wrote; of nothing, nothing.
type List[T any] []T

var errUnreadable = errors.New("a list in a row cannot be read")

// Scan reads a column. Its error holds nothing of what is in it.
func (l *List[T]) Scan(column any) error {
	written, ok := column.([]byte)
	if column == nil || ok && json.Unmarshal(written, (*[]T)(l)) == nil {
		return nil
	}
	return errUnreadable
}
