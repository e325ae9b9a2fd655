package academy

import (
	"context"
	"slices"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// ListResidents returns a page of those that match, by one statement, contact details and all.
func (a *Academy) ListResidents(ctx context.Context, query source.Query) (source.Page, error) {
	st := a.newStatement()
	text, err := st.selectPage(&query)
	if err != nil {
		return source.Page{}, err
	}
	rows, err := a.read(ctx, "academy: list residents", text, st)
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
	where := make(map[kindName][]string)
	for _, k := range kinds() {
		conditions, err := st.inPage(&k, query)
		if err != nil {
			return "", err
		}
		where[k.name] = conditions
	}
	return st.selectResidents(query.Wanted, func(k *kind) []string { return where[k.name] },
		table.ListingOf(query)), nil
}

// inPage returns the conditions that are all true of residents of a kind between the ends of a page
// who match its filter.
func (st *statement) inPage(k *kind, query *source.Query) ([]string, error) {
	where := st.matches(k, &query.Filter)
	if query.After != nil {
		condition, err := st.beyond(k, query.After, ">", query.Order)
		if err != nil {
			return nil, err
		}
		where = append(where, condition)
	}
	if query.Before != nil {
		condition, err := st.beyond(k, query.Before, "<", query.Order)
		if err != nil {
			return nil, err
		}
		where = append(where, condition)
	}
	return where, nil
}

// read asks for rows. None at all is an answer only of a source that was loaded.
func (a *Academy) read(
	ctx context.Context, doing, text string, st *statement,
) ([]residentRow, error) {
	var rows []residentRow
	if err := a.db.SelectContext(ctx, &rows, text, st.Args...); err != nil {
		return nil, source.Failed(title, doing, err)
	}
	if len(rows) == 0 {
		return nil, a.loads().Nobody(ctx)
	}
	return rows, nil
}

// CountResidents returns how many match, or atMost where that is less.
func (a *Academy) CountResidents(
	ctx context.Context, filter *resident.Filter, atMost int,
) (int, error) {
	if err := canAnswer(filter); err != nil {
		return 0, err
	}
	st := a.newStatement()
	text := st.countResidents(func(k *kind) []string { return st.matches(k, filter) }, atMost)
	var count int
	if err := a.db.GetContext(ctx, &count, text, st.Args...); err != nil {
		return 0, source.Failed(title, "academy: count residents", err)
	}
	if count == 0 {
		return 0, a.loads().Nobody(ctx)
	}
	return count, nil
}

// ResidentsByID returns one resident for each of sourceIDs, in their order, with nil where Academy
// knows of none.
func (a *Academy) ResidentsByID(
	ctx context.Context, sourceIDs []string, wanted source.Wanted,
) ([]*resident.Resident, error) {
	answers := make([]*resident.Resident, len(sourceIDs))
	var references []reference
	for _, sourceID := range sourceIDs {
		if r, ok := parseReference(sourceID); ok {
			references = append(references, r)
		}
	}
	if len(references) == 0 && len(sourceIDs) > 0 {
		return answers, a.loads().Nobody(ctx)
	}
	if len(references) == 0 {
		return answers, nil
	}
	st := a.newStatement()
	text := st.selectResidents(wanted, func(k *kind) []string {
		return []string{st.isOneOf(k, references)}
	}, table.Listing{})
	rows, err := a.read(ctx, "academy: residents by id", text, st)
	if err != nil {
		return nil, err
	}
	// One whose number has another last character than was asked for is not among them.
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
