package graph

import (
	"errors"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/answer"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A ledger is who was seen in one exchange, and what of them. It is kept from the selections of the
// operation, which decide what is shown of every resident alike, but for what is withheld for the
// resident's sake. What it says was shown may have been null: so much is known of a resident then.
type ledger struct {
	mu     sync.Mutex
	noted  map[any]bool // residents, and contact details that are answered without theirs
	groups map[likeness]*access.Seen
	order  []likeness
}

// What the record of access calls a number that is not to be disclosed, and what the resident may
// not be contacted by.
const (
	exDirectoryNumber = "ContactDetail.value:EX_DIRECTORY"
	optedOutDetail    = "ContactDetail.value:OPTED_OUT"
)

// A likeness is what residents have in common of whom the same was shown.
type likeness struct {
	outcome     *outcome
	restricted  bool
	exDirectory bool // they have a number that is
	optedOut    bool // they have a detail that they may not be contacted by
}

// An outcome is what an operation shows of residents at one place, and what it does not.
type outcome struct {
	shown    []string // of anyone
	located  []string // of those whose whereabouts the caller may know
	locating []string // the fields that the others have null
	withheld []string // of anyone, for the caller lacks a scope
	searched []string // the parts of a filter by which they were searched
	numbers  bool     // whether numbers and the like are among what is shown
}

// outcomeOf returns what a selection on a type, a Resident or what is theirs, comes to for the
// caller.
func (x *exchange) outcomeOf(
	operation *graphql.OperationContext, on string, set ast.SelectionSet,
) *outcome {
	var o outcome
	x.addOutcome(operation, on, set, on != "Resident", &o)
	for _, names := range []*[]string{&o.shown, &o.located, &o.locating, &o.withheld} {
		slices.Sort(*names)
		*names = slices.Compact(*names)
	}
	return &o
}

func (x *exchange) addOutcome(
	operation *graphql.OperationContext, on string, set ast.SelectionSet, located bool, o *outcome,
) {
	for _, field := range graphql.CollectFields(operation, set, []string{on, "_Entity"}) {
		rule := x.graph.guards.fields[field.Definition]
		switch {
		case rule == nil: // nothing of a resident
			continue
		case x.graph.guards.missing(rule, x.has) != "":
			o.withheld = append(o.withheld, rule.name)
			continue
		case located || rule.locates:
			o.located = append(o.located, rule.name)
		default:
			o.shown = append(o.shown, rule.name)
		}
		if rule.locates {
			o.locating = append(o.locating, rule.name)
		}
		o.numbers = o.numbers ||
			rule.name == "ContactDetail.value" || rule.name == "ContactDetail.phone"
		x.addOutcome(operation, field.Definition.Type.Name(), field.Selections,
			located || rule.locates, o)
	}
}

// note puts residents into the ledger, before they are answered; and that a search found nobody.
func (x *exchange) note(o *outcome, residents ...*resident.Resident) {
	l := &x.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open()
	if len(residents) == 0 && len(o.searched) > 0 { // that nobody was found was seen too
		at := likeness{outcome: o}
		l.groups[at] = &access.Seen{Searched: o.searched}
		l.order = append(l.order, at)
	}
	for _, r := range residents {
		details, _ := r.ContactDetails(nil, true) // none, where none were read
		seen := x.group(likenessOf(o, r, details...))
		seen.Residents = append(seen.Residents, r.ID())
		l.noted[r] = true
	}
}

// noteDetail puts a contact detail into the ledger that is answered without its resident, and whose
// it is: once, of however many of theirs.
func (x *exchange) noteDetail(
	o *outcome, r *resident.Resident, detail *resident.ContactDetail,
) {
	l := &x.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open()
	seen := x.group(likenessOf(o, r, detail))
	if id := r.ID(); !slices.Contains(seen.Residents, id) {
		seen.Residents = append(seen.Residents, id)
	}
	l.noted[detail] = true
}

func (l *ledger) open() {
	if l.noted == nil {
		l.noted = make(map[any]bool)
		l.groups = make(map[likeness]*access.Seen)
	}
}

// group returns those of whom the same is shown.
func (x *exchange) group(at likeness) *access.Seen {
	l := &x.ledger
	seen := l.groups[at]
	if seen == nil {
		seen = x.seen(at)
		l.groups[at] = seen
		l.order = append(l.order, at)
	}
	return seen
}

// seen returns what is shown and withheld of residents like that.
func (x *exchange) seen(at likeness) *access.Seen {
	seen := &access.Seen{
		Restricted: at.restricted,
		Shown:      slices.Clone(at.outcome.shown),
		Withheld:   slices.Clone(at.outcome.withheld),
		Searched:   at.outcome.searched,
	}
	if at.restricted && !x.leave.Restricted {
		seen.Withheld = append(seen.Withheld, at.outcome.locating...)
	} else {
		seen.Shown = append(seen.Shown, at.outcome.located...)
	}
	for _, kind := range []struct {
		has, leave bool
		name       string
	}{
		{at.exDirectory, x.leave.ExDirectory, exDirectoryNumber},
		{at.optedOut, x.leave.OptedOut, optedOutDetail},
	} {
		switch {
		case kind.has && kind.leave:
			seen.Shown = append(seen.Shown, kind.name)
		case kind.has:
			seen.Withheld = append(seen.Withheld, kind.name)
		}
	}
	slices.Sort(seen.Shown)
	slices.Sort(seen.Withheld)
	return seen
}

// likenessOf returns what a resident has in common with others, of whom these details are shown.
func likenessOf(
	o *outcome, r *resident.Resident, details ...*resident.ContactDetail,
) likeness {
	at := likeness{outcome: o, restricted: r.Restricted}
	for _, d := range details {
		at.exDirectory = at.exDirectory || o.numbers && d.ExDirectory
		at.optedOut = at.optedOut || o.numbers && d.OptedOut()
	}
	return at
}

// check fails for a resident who is about to be answered and is not in the ledger.
func (l *ledger) check(result any) error {
	var answered []any
	switch held := result.(type) {
	case *resident.Resident:
		if held != nil {
			answered = append(answered, held)
		}
	case []*resident.Resident:
		for _, r := range held {
			answered = append(answered, r)
		}
	case []answer.Entity:
		for _, entity := range held {
			if entity != nil {
				answered = append(answered, entity)
			}
		}
	default:
		return errors.New("graph: what holds residents holds them in a form that is not known")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, one := range answered {
		if !l.noted[one] {
			return errors.New("graph: a resident is answered whom no record would have")
		}
	}
	return nil
}

// all returns what was seen, in the order in which it was noted.
func (l *ledger) all() []access.Seen {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]access.Seen, len(l.order))
	for i, at := range l.order {
		all[i] = *l.groups[at]
	}
	return all
}
