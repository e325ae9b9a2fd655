package graph

import (
	"context"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/answer"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/exec"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A queryResolver resolves the fields of Query.
type queryResolver struct{ cursors *cursors }

var _ exec.QueryResolver = queryResolver{}

// Resident answers Query.resident.
func (q queryResolver) Resident(ctx context.Context, id string) (*resident.Resident, error) {
	name, sourceID, ok := resident.SplitID(id)
	if !ok {
		return nil, badArgument("id", "An id is one that was read from Resident.id, whole")
	}
	return executionFromContext(ctx).resident(ctx, source.Key{Source: name, SourceID: sourceID})
}

// ResidentBySourceID answers Query.residentBySourceId.
func (q queryResolver) ResidentBySourceID(
	ctx context.Context, name resident.SourceName, sourceID string,
) (*resident.Resident, error) {
	return executionFromContext(ctx).resident(ctx, source.Key{Source: name, SourceID: sourceID})
}

// Residents answers Query.residents.
func (q queryResolver) Residents(
	ctx context.Context,
	filter *exec.ResidentFilter,
	sources []resident.SourceName,
	first *int, after *string, last *int, before *string,
	orderBy source.Order,
) (*answer.ResidentConnection, error) {
	x := executionFromContext(ctx)
	given := x.namesGiven(filter)
	if err := x.checkInputs(given); err != nil {
		return nil, err
	}
	wantedFilter, faults := readFilter(filter)
	wantedFilter.Leave = x.leave
	asked, forbidden, err := x.askable(sources)
	if err != nil {
		faults = append(faults, err)
	}
	operation, _ := current(ctx)
	nodes := residentsOnPage(ctx)
	selected := x.selectionOf(operation, nodes)
	list := listOf(orderBy, sources, &wantedFilter)
	query := source.ListQuery{
		Sources: asked, Filter: wantedFilter, Order: orderBy,
	}
	if len(faults) == 0 { // of a list that cannot be meant, no cursor can be one
		for _, cursor := range []struct {
			argument string
			given    *string
			at       *source.Place
		}{{"after", after, &query.After}, {"before", before, &query.Before}} {
			if *cursor.at, err = q.cursors.open(list, cursor.argument, cursor.given); err != nil {
				faults = append(faults, err)
			}
		}
	}
	page, more := readPage(first, after, last, before)
	if faults = append(faults, more...); len(faults) > 0 {
		return nil, tellAll(ctx, faults...)
	}
	if len(asked) == 0 {
		return nil, tellAll(ctx, errorsOf(forbidden)...)
	}
	query.Limit, query.FromEnd = page.limit, page.fromEnd
	found, err := x.list(ctx, query, &selected)
	if err != nil {
		return nil, tellAll(ctx, append(errorsOf(forbidden), each(err)...)...)
	}
	shown := x.disclosureOf(operation, "Resident", nodes)
	shown.searched = given
	x.audit.add(shown, found.Residents...) // even where the answer has no more of them than a cursor
	connection := q.cursors.connection(list, page, &found)
	connection.Unavailable = unavailable(ctx, x.reader.sources,
		append(forbidden, found.Missing...), sources != nil)
	if len(found.Residents) > 0 || query.After == nil && query.Before == nil {
		// Elsewhere, a count would tell of somebody whom no record would have.
		connection.Count = x.reader.counter(x.permissions, asked, found.Missing, &wantedFilter)
	}
	return connection, nil
}

// Sources answers Query.sources.
func (q queryResolver) Sources(ctx context.Context) ([]*answer.Source, error) {
	return executionFromContext(ctx).sources, nil
}
