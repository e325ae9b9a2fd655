package before

import (
	"context"
	"slices"
	"strconv"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// ListResidents returns a page of those that match, by one statement, contact details and all.
func (m *Mosaic) ListResidents(ctx context.Context, query source.Query) (source.Page, error) {
	about := m.About()
	if err := about.CheckFilter(&query.Filter); err != nil {
		return source.Page{}, err
	}
	st := m.newStatement()
	between, err := table.Between(&query, func(end *source.Bound, op string) (string, error) {
		return st.beyond(end, op, query.Order)
	})
	if err != nil {
		return source.Page{}, err
	}
	where := slices.Concat(st.matches(&query.Filter), between)
	text := st.selectPersons(query.Wanted, where, table.ListingOf(&query))
	return table.Page(ctx, m.question(st, text), &query,
		func(row *personRow) (*resident.Resident, string) {
			return row.resident(query.Wanted), row.NameKey
		})
}

func (m *Mosaic) question(st *statement, text string) table.Question {
	return table.Question{Loads: m.loads(), Text: text, Args: st.Args}
}

// CountResidents returns how many match, or atMost where that is less.
func (m *Mosaic) CountResidents(
	ctx context.Context, filter *resident.Filter, atMost int,
) (int, error) {
	about := m.About()
	if err := about.CheckFilter(filter); err != nil {
		return 0, err
	}
	st := m.newStatement()
	text := st.countPersons(st.matches(filter), atMost)
	return table.Count(ctx, m.question(st, text))
}

// ResidentsByID returns one resident for each of sourceIDs, in their order, with nil where Mosaic
// knows of none.
func (m *Mosaic) ResidentsByID(
	ctx context.Context, sourceIDs []string, wanted source.Wanted,
) ([]*resident.Resident, error) {
	if len(sourceIDs) == 0 {
		return nil, nil
	}
	var ids []int64
	for _, sourceID := range sourceIDs {
		if id, ok := personID(sourceID); ok {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return make([]*resident.Resident, len(sourceIDs)), m.loads().Nobody(ctx)
	}
	slices.Sort(ids)
	st := m.newStatement()
	text := st.selectPersons(
		wanted, []string{st.isOneOf(slices.Compact(ids))}, table.Listing{})
	return table.ByID(ctx, m.question(st, text), sourceIDs, func(row *personRow) *resident.Resident {
		return row.resident(wanted)
	})
}

// personID reads a Mosaic ID. It is false for what is not written as Mosaic writes it.
func personID(sourceID string) (int64, bool) {
	id, err := strconv.ParseInt(sourceID, 10, 64)
	return id, err == nil && id > 0 && strconv.FormatInt(id, 10) == sourceID
}

// PageStatement returns the statement that reads a page.
func (m *Mosaic) PageStatement(query *source.Query) (string, []any, error) {
	st := m.newStatement()
	between, err := table.Between(query, func(end *source.Bound, op string) (string, error) {
		return st.beyond(end, op, query.Order)
	})
	if err != nil {
		return "", nil, err
	}
	where := slices.Concat(st.matches(&query.Filter), between)
	return st.selectPersons(query.Wanted, where, table.ListingOf(query)), st.Args, nil
}
