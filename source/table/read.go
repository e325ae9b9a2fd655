package table

import (
	"context"
	"slices"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A Question is one statement that is put to the tables of a source.
type Question struct {
	Loads // of the source that it is put to

	Text string
	Args []any
}

// Rows reads the rows that answer a question. None at all is an answer only of a source that was
// loaded.
func Rows[R any](ctx context.Context, q Question, doing string) ([]R, error) {
	var rows []R
	if err := q.DB.SelectContext(ctx, &rows, q.Text, q.Args...); err != nil {
		return nil, source.Failed(q.Title, q.Schema+": "+doing, err)
	}
	if len(rows) == 0 {
		return nil, q.Nobody(ctx)
	}
	return rows, nil
}

// Page reads a page of a list, from rows that are in the order of the list, or in the reverse of it
// for a page from the end, and one more than the page where the list goes on. What read returns
// beside the resident is their NameKey; blank in a list by id.
func Page[R any](
	ctx context.Context, q Question, query *source.Query, read func(*R) (*resident.Resident, string),
) (source.Page, error) {
	rows, err := Rows[R](ctx, q, "list residents")
	if err != nil {
		return source.Page{}, err
	}
	page := source.Page{More: len(rows) > query.Limit}
	rows = rows[:min(len(rows), query.Limit)]
	page.Residents = make([]source.Placed, len(rows))
	for i := range rows {
		r, key := read(&rows[i])
		page.Residents[i] = source.Placed{
			Resident: r, At: source.Position{SourceID: r.SourceID, NameKey: key},
		}
	}
	if query.FromEnd {
		slices.Reverse(page.Residents)
	}
	return page, nil
}

// Count reads how many there are. None at all is an answer only of a source that was loaded.
func Count(ctx context.Context, q Question) (int, error) {
	var count int
	if err := q.DB.GetContext(ctx, &count, q.Text, q.Args...); err != nil {
		return 0, source.Failed(q.Title, q.Schema+": count residents", err)
	}
	if count == 0 {
		return 0, q.Nobody(ctx)
	}
	return count, nil
}

// ByID reads residents by the references that the source gave them, in their order, with nil where
// there is none.
func ByID[R any](
	ctx context.Context, q Question, sourceIDs []string, read func(*R) *resident.Resident,
) ([]*resident.Resident, error) {
	rows, err := Rows[R](ctx, q, "residents by id")
	if err != nil {
		return nil, err
	}
	found := make(map[string]*resident.Resident, len(rows))
	for i := range rows {
		r := read(&rows[i])
		found[r.SourceID] = r
	}
	answers := make([]*resident.Resident, len(sourceIDs))
	for i, sourceID := range sourceIDs {
		answers[i] = found[sourceID]
	}
	return answers, nil
}

// Between returns the conditions that a page has its ends by: beyond returns that of what is after
// (">") or before ("<") one.
func Between(
	query *source.Query, beyond func(end *source.Bound, op string) (string, error),
) ([]string, error) {
	var where []string
	for _, end := range []struct {
		bound *source.Bound
		op    string
	}{{query.After, ">"}, {query.Before, "<"}} {
		if end.bound == nil {
			continue
		}
		condition, err := beyond(end.bound, end.op)
		if err != nil {
			return nil, err
		}
		where = append(where, condition)
	}
	return where, nil
}
