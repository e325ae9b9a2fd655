package graph

import (
	"context"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/answer"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/exec"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// What sources add to the schema is resolved in their own packages, and put together by
// graph/internal/generate. A forgotten resolver does not compile.

// A root resolves every field of the schema that is not answered from what was read.
type root struct {
	exec.Extensions

	cursors *cursors
	sdl     string // as a federation router takes it
}

// Query returns the resolver of the fields of Query.
func (r root) Query() exec.QueryResolver { return queryResolver{r.cursors} }

// Resident returns the resolver of what sources add to a resident.
func (r root) Resident() exec.ResidentResolver { return residentResolver{} }

type residentResolver struct {
	coreResident
	exec.ResidentExtensions
}

type coreResident struct{}

// Source answers Resident.source.
func (coreResident) Source(ctx context.Context, r *resident.Resident) (*answer.Source, error) {
	return executionFromContext(ctx).source(r.Source)
}

// Withheld answers Resident.withheld.
func (coreResident) Withheld(
	ctx context.Context, r *resident.Resident,
) (*resident.WithheldReason, error) {
	return executionFromContext(ctx).withheld(r), nil
}
