package mosaic

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
	st := m.newStatement()
	where := st.matches(&query.Filter)
	for _, end := range []struct {
		bound *source.Bound
		op    string
	}{{query.After, ">"}, {query.Before, "<"}} {
		if end.bound == nil {
			continue
		}
		condition, err := st.beyond(end.bound, end.op, query.Order)
		if err != nil {
			return source.Page{}, err
		}
		where = append(where, condition)
	}
	text := st.selectPersons(query.Wanted, where, table.ListingOf(&query))

	var rows []personRow
	if err := m.db.SelectContext(ctx, &rows, text, st.Args...); err != nil {
		return source.Page{}, source.Failed(title, "mosaic: list residents", err)
	}
	if len(rows) == 0 {
		if err := m.loads().Nobody(ctx); err != nil {
			return source.Page{}, err
		}
	}
	page := source.Page{More: len(rows) > query.Limit}
	if page.More {
		rows = rows[:query.Limit]
	}
	if query.FromEnd {
		slices.Reverse(rows)
	}
	page.Residents = make([]source.Placed, len(rows))
	for i := range rows {
		r := rows[i].resident(query.Wanted)
		page.Residents[i] = source.Placed{
			Resident: r,
			At:       source.Position{SourceID: r.SourceID, NameKey: rows[i].NameKey},
		}
	}
	return page, nil
}

// CountResidents returns how many match, or atMost where that is less.
func (m *Mosaic) CountResidents(
	ctx context.Context, filter *resident.Filter, atMost int,
) (int, error) {
	st := m.newStatement()
	var count int
	if err := m.db.GetContext(
		ctx, &count, st.countPersons(st.matches(filter), atMost), st.Args...,
	); err != nil {
		return 0, source.Failed(title, "mosaic: count residents", err)
	}
	if count == 0 {
		if err := m.loads().Nobody(ctx); err != nil {
			return 0, err
		}
	}
	return count, nil
}

// ResidentsByID returns one resident for each of sourceIDs, in their order, with nil where Mosaic
// knows of none.
func (m *Mosaic) ResidentsByID(
	ctx context.Context, sourceIDs []string, wanted source.Wanted,
) ([]*resident.Resident, error) {
	residents := make([]*resident.Resident, len(sourceIDs))
	places := make(map[int64][]int, len(sourceIDs))
	for i, sourceID := range sourceIDs {
		if id, ok := personID(sourceID); ok {
			places[id] = append(places[id], i)
		}
	}
	if len(places) == 0 {
		if len(sourceIDs) == 0 {
			return residents, nil
		}
		return residents, m.loads().Nobody(ctx)
	}
	ids := make([]int64, 0, len(places))
	for id := range places {
		ids = append(ids, id)
	}
	slices.Sort(ids)

	st := m.newStatement()
	text := st.selectPersons(wanted, []string{st.isOneOf(ids)}, table.Listing{})
	var rows []personRow
	if err := m.db.SelectContext(ctx, &rows, text, st.Args...); err != nil {
		return nil, source.Failed(title, "mosaic: residents by id", err)
	}
	if len(rows) == 0 {
		if err := m.loads().Nobody(ctx); err != nil {
			return nil, err
		}
	}
	for i := range rows {
		r := rows[i].resident(wanted)
		for _, place := range places[rows[i].PersonID] {
			residents[place] = r
		}
	}
	return residents, nil
}

// personID reads a Mosaic ID. It is false for what is not written as Mosaic writes it.
func personID(sourceID string) (int64, bool) {
	id, err := strconv.ParseInt(sourceID, 10, 64)
	return id, err == nil && id > 0 && strconv.FormatInt(id, 10) == sourceID
}
