package housing

import (
	"context"
	"slices"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// ListResidents returns a page of those that match, by one statement, contact details and all.
func (h *Housing) ListResidents(ctx context.Context, query source.Query) (source.Page, error) {
	st := h.newStatement()
	text, err := st.selectPage(&query)
	if err != nil {
		return source.Page{}, err
	}
	rows, err := h.read(ctx, "housing: list residents", text, st)
	if err != nil {
		return source.Page{}, err
	}
	page := source.Page{More: len(rows) > query.Limit}
	for i := range rows[:min(len(rows), query.Limit)] {
		r := rows[i].resident(query.Wanted)
		page.Residents = append(page.Residents, source.Placed{
			Resident: r, At: source.Position{SourceID: r.SourceID, NameKey: rows[i].NameKey},
		})
	}
	if query.FromEnd {
		slices.Reverse(page.Residents)
	}
	return page, nil
}

// selectPage returns the text that reads a page of a list, and one resident more.
func (st *statement) selectPage(query *source.Query) (string, error) {
	if err := canAnswer(&query.Filter); err != nil {
		return "", err
	}
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
			return "", err
		}
		where = append(where, condition)
	}
	return st.selectMembers(query.Wanted, where, table.ListingOf(query)), nil
}

// read asks for rows. None at all is an answer only of a source that was loaded.
func (h *Housing) read(
	ctx context.Context, doing, text string, st *statement,
) ([]memberRow, error) {
	var rows []memberRow
	if err := h.db.SelectContext(ctx, &rows, text, st.Args...); err != nil {
		return nil, source.Failed(title, doing, err)
	}
	if len(rows) == 0 {
		return nil, h.loads().Nobody(ctx)
	}
	return rows, nil
}

// CountResidents returns how many match, or atMost where that is less.
func (h *Housing) CountResidents(
	ctx context.Context, filter *resident.Filter, atMost int,
) (int, error) {
	if err := canAnswer(filter); err != nil {
		return 0, err
	}
	st := h.newStatement()
	text := st.countMembers(st.matches(filter), atMost)
	var count int
	if err := h.db.GetContext(ctx, &count, text, st.Args...); err != nil {
		return 0, source.Failed(title, "housing: count residents", err)
	}
	if count == 0 {
		return 0, h.loads().Nobody(ctx)
	}
	return count, nil
}

// ResidentsByID returns one resident for each of sourceIDs, in their order, with nil where
// Universal Housing knows of none.
func (h *Housing) ResidentsByID(
	ctx context.Context, sourceIDs []string, wanted source.Wanted,
) ([]*resident.Resident, error) {
	answers := make([]*resident.Resident, len(sourceIDs))
	if len(sourceIDs) == 0 {
		return answers, nil
	}
	var references []reference
	for _, sourceID := range sourceIDs {
		if r, ok := parseReference(sourceID); ok {
			references = append(references, r)
		}
	}
	if len(references) == 0 {
		return answers, h.loads().Nobody(ctx)
	}
	st := h.newStatement()
	text := st.selectMembers(wanted, []string{st.isOneOf(references)}, table.Listing{})
	rows, err := h.read(ctx, "housing: residents by id", text, st)
	if err != nil {
		return nil, err
	}
	found := make(map[string]*resident.Resident, len(rows))
	for i := range rows {
		r := rows[i].resident(wanted)
		found[r.SourceID] = r
	}
	for i, sourceID := range sourceIDs {
		answers[i] = found[sourceID]
	}
	return answers, nil
}
