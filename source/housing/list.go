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
	if err := h.canAnswer(&query.Filter); err != nil {
		return source.Page{}, err
	}
	st := h.newStatement()
	text, err := st.selectPage(&query)
	if err != nil {
		return source.Page{}, err
	}
	return table.Page(ctx, h.question(st, text), &query,
		func(row *memberRow) (*resident.Resident, string) {
			return row.resident(query.Wanted), row.NameKey
		})
}

func (h *Housing) question(st *statement, text string) table.Question {
	return table.Question{Loads: h.loads(), Text: text, Args: st.Args}
}

// selectPage returns the text that reads a page of a list, and one resident more.
func (st *statement) selectPage(query *source.Query) (string, error) {
	between, err := table.Between(query, func(end *source.Bound, op string) (string, error) {
		return st.beyond(end, op, query.Order)
	})
	if err != nil {
		return "", err
	}
	where := slices.Concat(st.matches(&query.Filter), between)
	return st.selectMembers(query.Wanted, where, table.ListingOf(query)), nil
}

// CountResidents returns how many match, or atMost where that is less.
func (h *Housing) CountResidents(
	ctx context.Context, filter *resident.Filter, atMost int,
) (int, error) {
	if err := h.canAnswer(filter); err != nil {
		return 0, err
	}
	st := h.newStatement()
	text := st.countMembers(st.matches(filter), atMost)
	return table.Count(ctx, h.question(st, text))
}

// ResidentsByID returns one resident for each of sourceIDs, in their order, with nil where
// Universal Housing knows of none.
func (h *Housing) ResidentsByID(
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
		return make([]*resident.Resident, len(sourceIDs)), h.loads().Nobody(ctx)
	}
	st := h.newStatement()
	text := st.selectMembers(wanted, []string{st.isOneOf(references)}, table.Listing{})
	return table.ByID(ctx, h.question(st, text), sourceIDs, func(row *memberRow) *resident.Resident {
		return row.resident(wanted)
	})
}

// canAnswer returns an error for a filter that Universal Housing cannot answer.
func (h *Housing) canAnswer(f *resident.Filter) error {
	about := h.About()
	if err := about.CheckFilter(f); err != nil {
		return err
	}
	if _, isOurs := f.Own.(Filter); f.Own != nil && !isOurs {
		return about.Refuse(resident.OwnFilterField(Name))
	}
	return nil
}
