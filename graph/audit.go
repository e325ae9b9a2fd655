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

// An auditCollector collects who is seen in one request, and what of them. It goes by the
// selections of the operation, which show the same of every resident, except for what is withheld
// for the resident's sake. What it says was shown may have been null: that is known of a resident
// then.
type auditCollector struct {
	leave resident.Leave

	mu     sync.Mutex
	noted  map[any]bool // residents, and contact details that are answered without theirs
	groups map[disclosureKey]*access.Seen
	order  []disclosureKey
}

// What the record of access calls a number that is not to be disclosed, and what the resident may
// not be contacted by.
const (
	exDirectoryNumber = "ContactDetail.value:EX_DIRECTORY"
	optedOutDetail    = "ContactDetail.value:OPTED_OUT"
)

// A disclosureKey is what residents have in common of whom the same was shown.
type disclosureKey struct {
	disclosure  *disclosure
	restricted  bool
	exDirectory bool // they have a number that is
	optedOut    bool // they have a detail that they may not be contacted by
}

// A disclosure is what an operation shows of residents at one place, and what it does not.
type disclosure struct {
	shown    []string // of anyone
	located  []string // of those whose whereabouts the caller may know
	locating []string // the fields that the others have null
	withheld []string // of anyone, for the caller lacks a scope
	searched []string // the parts of a filter by which they were searched
	numbers  bool     // whether numbers and the like are among what is shown
}

// disclosureOf returns what a selection on a type, a Resident or what is theirs, comes to for the
// caller.
func (p *permissions) disclosureOf(
	operation *graphql.OperationContext, on string, set ast.SelectionSet,
) *disclosure {
	var o disclosure
	p.addDisclosure(operation, on, set, on != "Resident", &o)
	for _, names := range []*[]string{&o.shown, &o.located, &o.locating, &o.withheld} {
		slices.Sort(*names)
		*names = slices.Compact(*names)
	}
	return &o
}

func (p *permissions) addDisclosure(
	operation *graphql.OperationContext, on string, set ast.SelectionSet, located bool, o *disclosure,
) {
	for _, field := range graphql.CollectFields(operation, set, []string{on, "_Entity"}) {
		rule := p.fields[field.Definition]
		switch {
		case rule == nil: // nothing of a resident
			continue
		case p.missing(rule) != "":
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
		p.addDisclosure(operation, field.Definition.Type.Name(), field.Selections,
			located || rule.locates, o)
	}
}

// add collects residents before they are answered, and a search that found none.
func (c *auditCollector) add(o *disclosure, residents ...*resident.Resident) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open()
	if len(residents) == 0 && len(o.searched) > 0 { // the caller learns that nobody was found
		at := disclosureKey{disclosure: o}
		c.groups[at] = &access.Seen{Searched: o.searched}
		c.order = append(c.order, at)
	}
	for _, r := range residents {
		details, _ := r.ContactDetails(nil, true) // none, where none were read
		seen := c.group(disclosureKeyOf(o, r, details...))
		seen.Residents = append(seen.Residents, r.ID())
		c.noted[r] = true
	}
}

// addDetail collects a contact detail that is answered without its resident, and the resident whose
// it is: once, of however many of theirs.
func (c *auditCollector) addDetail(
	o *disclosure, r *resident.Resident, detail *resident.ContactDetail,
) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open()
	seen := c.group(disclosureKeyOf(o, r, detail))
	if id := r.ID(); !slices.Contains(seen.Residents, id) {
		seen.Residents = append(seen.Residents, id)
	}
	c.noted[detail] = true
}

func (c *auditCollector) open() {
	if c.noted == nil {
		c.noted = make(map[any]bool)
		c.groups = make(map[disclosureKey]*access.Seen)
	}
}

// group returns those of whom the same is shown.
func (c *auditCollector) group(at disclosureKey) *access.Seen {
	seen := c.groups[at]
	if seen == nil {
		seen = c.seen(at)
		c.groups[at] = seen
		c.order = append(c.order, at)
	}
	return seen
}

// seen returns what is shown and withheld of residents like that.
func (c *auditCollector) seen(at disclosureKey) *access.Seen {
	seen := &access.Seen{
		Restricted: at.restricted,
		Shown:      slices.Clone(at.disclosure.shown),
		Withheld:   slices.Clone(at.disclosure.withheld),
		Searched:   at.disclosure.searched,
	}
	if at.restricted && !c.leave.Restricted {
		seen.Withheld = append(seen.Withheld, at.disclosure.locating...)
	} else {
		seen.Shown = append(seen.Shown, at.disclosure.located...)
	}
	for _, kind := range []struct {
		has, leave bool
		name       string
	}{
		{at.exDirectory, c.leave.ExDirectory, exDirectoryNumber},
		{at.optedOut, c.leave.OptedOut, optedOutDetail},
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

// disclosureKeyOf returns what a resident has in common with others, of whom these details are
// shown.
func disclosureKeyOf(
	o *disclosure, r *resident.Resident, details ...*resident.ContactDetail,
) disclosureKey {
	at := disclosureKey{disclosure: o, restricted: r.Restricted}
	for _, d := range details {
		at.exDirectory = at.exDirectory || o.numbers && d.ExDirectory
		at.optedOut = at.optedOut || o.numbers && d.OptedOut()
	}
	return at
}

// check fails for a resident who is about to be answered and was not collected.
func (c *auditCollector) check(result any) error {
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
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range answered {
		if !c.noted[one] {
			return errors.New("graph: a resident is answered whom no record would have")
		}
	}
	return nil
}

// all returns what was seen, in the order in which it was noted.
func (c *auditCollector) all() []access.Seen {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]access.Seen, len(c.order))
	for i, at := range c.order {
		all[i] = *c.groups[at]
	}
	return all
}
