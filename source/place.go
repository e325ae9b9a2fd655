package source

import "github.com/LBHackney-IT/resident-gateway/resident"

// A Place is where a resident stands in a list of several sources: one Cut through the list of each
// source that the list is of. What is before the place is before every cut. A source that is not
// there has not been met yet: all of it is after the place of a list that goes on, and before that
// of a list that goes back.
//
// It holds a cut of each, and not the resident alone, so that of a source which did not answer
// nobody is passed over: its cut stays where it was.
type Place []Cut

// A Cut is where the list of one source is parted.
type Cut struct {
	Source resident.SourceName
	Side   Side
	At     Position // blank at the ends of the list
}

// Side says where a Cut is.
type Side byte

// The sides.
const (
	Through  Side = 't' // the resident at the position is the one whose place it is: on neither side
	JustPast Side = 'p' // after the position
	JustAt   Side = 'a' // before the position
	Start    Side = 's' // before everyone
	End      Side = 'e' // after everyone
)

// Of returns the cut of a source; false where there is none.
func (p Place) Of(name resident.SourceName) (Cut, bool) {
	for _, cut := range p {
		if cut.Source == name {
			return cut, true
		}
	}
	return Cut{}, false
}

// after returns the bound that what comes after the cut is beyond. It is nil where that is all
// there is, and false where that is nothing.
func (c Cut) after() (*Bound, bool) {
	switch c.Side {
	case Through, JustPast:
		return &Bound{Position: c.At}, true
	case JustAt:
		return &Bound{Position: c.At, Inclusive: true}, true
	case End:
		return nil, false
	default:
		return nil, true
	}
}

// before is the same for what comes before the cut.
func (c Cut) before() (*Bound, bool) {
	switch c.Side {
	case Through, JustAt:
		return &Bound{Position: c.At}, true
	case JustPast:
		return &Bound{Position: c.At, Inclusive: true}, true
	case Start:
		return nil, false
	default:
		return nil, true
	}
}

// places returns where each resident stands who is on a page, given where the page begins, or, if
// it was read from the end, where it ends.
func places(residents []Placed, sources []resident.SourceName, edge Place, fromEnd bool) []Place {
	cuts := make(Place, len(sources))
	side, base := JustPast, Start
	if fromEnd {
		side, base = JustAt, End
	}
	for i, name := range sources {
		cut, known := edge.Of(name)
		switch {
		case !known:
			cut = Cut{Source: name, Side: base}
		case cut.Side == Through: // the resident at the edge is not on the page
			cut.Side = side
		}
		cuts[i] = cut
	}
	all := make([]Place, len(residents))
	for n := range residents {
		i := n
		if fromEnd {
			i = len(residents) - 1 - n
		}
		for c := range cuts {
			if cuts[c].Source == residents[i].Source {
				cuts[c].At, cuts[c].Side = residents[i].At, Through
				all[i] = append(Place(nil), cuts...)
				cuts[c].Side = side
			}
		}
	}
	return all
}
