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
	about := a.About()
	if err := about.CheckFilter(&query.Filter); err != nil {
		return source.Page{}, err
	}
	st := a.newStatement()
	text, err := st.selectPage(&query)
	if err != nil {
		return source.Page{}, err
	}
	return table.Page(ctx, a.question(st, text), &query,
		func(row *residentRow) (*resident.Resident, string) {
			return row.resident(query.Wanted), row.NameKey
		})
}

func (a *Academy) question(st *statement, text string) table.Question {
	return table.Question{Loads: a.loads(), Text: text, Args: st.Args}
}

// selectPage returns the text that reads a page of a list, and one resident more.
func (st *statement) selectPage(query *source.Query) (string, error) {
	where := make(map[kindName][]string)
	for _, k := range kinds() {
		between, err := table.Between(query, func(end *source.Bound, op string) (string, error) {
			return st.beyond(&k, end, op, query.Order)
		})
		if err != nil {
			return "", err
		}
		where[k.name] = slices.Concat(st.matches(&k, &query.Filter), between)
	}
	return st.selectResidents(query.Wanted, func(k *kind) []string { return where[k.name] },
		table.ListingOf(query)), nil
}

// CountResidents returns how many match, or atMost where that is less.
func (a *Academy) CountResidents(
	ctx context.Context, filter *resident.Filter, atMost int,
) (int, error) {
	about := a.About()
	if err := about.CheckFilter(filter); err != nil {
		return 0, err
	}
	st := a.newStatement()
	text := st.countResidents(func(k *kind) []string { return st.matches(k, filter) }, atMost)
	return table.Count(ctx, a.question(st, text))
}

// ResidentsByID returns one resident for each of sourceIDs, in their order, with nil where Academy
// knows of none, and where its number has another last character than was asked for.
func (a *Academy) ResidentsByID(
	ctx context.Context, sourceIDs []string, wanted source.Wanted,
) ([]*resident.Resident, error) {
	if len(sourceIDs) == 0 {
		return nil, nil
	}
	var references []reference
	for _, sourceID := range sourceIDs {
		if r, ok := parseReference(sourceID); ok {
			references = append(references, r)
		}
	}
	if len(references) == 0 {
		return make([]*resident.Resident, len(sourceIDs)), a.loads().Nobody(ctx)
	}
	st := a.newStatement()
	text := st.selectResidents(wanted, func(k *kind) []string {
		return []string{st.isOneOf(k, references)}
	}, table.Listing{})
	return table.ByID(ctx, a.question(st, text), sourceIDs, func(row *residentRow) *resident.Resident {
		return row.resident(wanted)
	})
}
