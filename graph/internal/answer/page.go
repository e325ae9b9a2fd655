package answer

import (
	"context"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// MaxCount is where counting stops.
const MaxCount = 10_000

// A ResidentConnection is a page of a list of residents.
type ResidentConnection struct {
	Edges       []*ResidentEdge
	PageInfo    *PageInfo
	Unavailable []*UnavailableSource

	// Count counts those who match, up to atMost, and says whether they are all who could. It is
	// called only when the count is asked for. Where it is nil, they are not counted.
	Count func(ctx context.Context, atMost int) (n int, all bool, err error)
}

// An UnavailableSource is a source whose part of a page is missing.
type UnavailableSource struct {
	Name   resident.SourceName
	Title  string
	Reason source.UnavailableReason
}

// A ResidentEdge is a resident in a list.
type ResidentEdge struct {
	Cursor string
	Node   *resident.Resident
}

// PageInfo is where a page stands in its list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// A Count is how many there are, up to MaxCount.
type Count struct {
	Value   int
	IsExact bool
}

// Nodes answers ResidentConnection.nodes.
func (c *ResidentConnection) Nodes() []*resident.Resident {
	nodes := make([]*resident.Resident, len(c.Edges))
	for i, edge := range c.Edges {
		nodes[i] = edge.Node
	}
	return nodes
}

// TotalCount answers ResidentConnection.totalCount.
func (c *ResidentConnection) TotalCount(ctx context.Context) (*Count, error) {
	if c.Count == nil {
		return nil, nil
	}
	// One more than is told tells whether there are more.
	n, all, err := c.Count(ctx, MaxCount+1)
	if err != nil {
		return nil, err
	}
	return &Count{Value: min(n, MaxCount), IsExact: all && n <= MaxCount}, nil
}
