package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/answer"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// unavailable returns the sources whose part of a list is missing, in the order of the set, and
// adds an error for each to the answer; but for what a source cannot do or the caller may not, only
// where it was asked by name.
func unavailable(
	ctx context.Context, set *source.Set, missing []*source.Error, named bool,
) []*answer.UnavailableSource {
	unavailable := make([]*answer.UnavailableSource, 0, len(missing))
	for _, known := range set.All() {
		about := known.About()
		at := slices.IndexFunc(missing, func(f *source.Error) bool { return f.Source == about.Name })
		if at < 0 {
			continue
		}
		reason := missing[at].Reason()
		unavailable = append(unavailable, &answer.UnavailableSource{
			Name: about.Name, Title: about.Title, Reason: reason,
		})
		if named || reason != source.NotPermitted && reason != source.FilterNotSupported {
			graphql.AddError(ctx, missing[at])
		}
	}
	return unavailable
}

// each returns the errors that are joined in one, or that one.
func each(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

func errorsOf(faults []*source.Error) []error {
	errs := make([]error, len(faults))
	for i, fault := range faults {
		errs[i] = fault
	}
	return errs
}
