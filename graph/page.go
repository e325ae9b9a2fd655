package graph

import (
	"github.com/LBHackney-IT/resident-gateway/graph/internal/answer"
	"github.com/LBHackney-IT/resident-gateway/source"
)

const (
	defaultPage = 20
	maxPage     = 100
)

// A page is the part of a list that is asked for.
type page struct {
	limit         int
	fromEnd       bool
	after, before *string
}

// readPage returns the page that a caller means, or every fault in it.
func readPage(first *int, after *string, last *int, before *string) (page, []error) {
	p := page{limit: defaultPage, after: after, before: before}
	var faults []error
	if first != nil && last != nil {
		faults = append(faults, badArgument("last", "Give either first or last, not both"))
	}
	for _, size := range []struct {
		name  string
		given *int
	}{{"first", first}, {"last", last}} {
		if size.given == nil {
			continue
		}
		if *size.given < 1 || *size.given > maxPage {
			faults = append(faults, badArgument(size.name, "It is from 1 to %d", maxPage))
		}
		p.limit = *size.given
	}
	p.fromEnd = first == nil && last != nil
	return p, faults
}

// connection returns what was found as a page with its cursors.
func (c *cursors) connection(l list, p page, found *source.ListPage) *answer.ResidentConnection {
	connection := &answer.ResidentConnection{
		Edges: make([]*answer.ResidentEdge, len(found.Residents)),
		PageInfo: &answer.PageInfo{
			HasNextPage:     found.More || p.before != nil,
			HasPreviousPage: p.after != nil,
		},
	}
	if p.fromEnd {
		connection.PageInfo.HasNextPage = p.before != nil
		connection.PageInfo.HasPreviousPage = found.More || p.after != nil
	}
	for i, r := range found.Residents {
		connection.Edges[i] = &answer.ResidentEdge{
			Cursor: c.seal(l, found.Places[i]),
			Node:   r,
		}
	}
	if n := len(connection.Edges); n > 0 {
		connection.PageInfo.StartCursor = &connection.Edges[0].Cursor
		connection.PageInfo.EndCursor = &connection.Edges[n-1].Cursor
	}
	return connection
}
