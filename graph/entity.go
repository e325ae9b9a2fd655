package graph

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/answer"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/exec"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

var _ exec.Federated = root{}

// Service answers Query._service.
func (r root) Service(context.Context) (*answer.Service, error) {
	return &answer.Service{SDL: r.g.sdl}, nil
}

// maxRepresentations is how many a router may ask for at once: as many as are on a page.
const maxRepresentations = maxPage

// Entities answers Query._entities: those of each type by one question to each source.
func (r root) Entities(
	ctx context.Context, representations []answer.Representation,
) []answer.Entity {
	if len(representations) > maxRepresentations {
		graphql.AddError(ctx, badArgument("representations", "It has %d, and %d are allowed",
			len(representations), maxRepresentations))
		return nil
	}
	e := entities{
		exchange: exchangeOf(ctx),
		found:    make([]answer.Entity, len(representations)),
		told:     make(map[resident.SourceName]bool),
	}
	references := make(map[string][]reference)
	for i, representation := range representations {
		name, ref, err := readRepresentation(representation)
		if err != nil {
			graphql.AddError(ctx, at(fmt.Sprintf("representations[%d]", i), err))
			continue
		}
		ref.place = i
		if e.mayAsk(ctx, name, ref.key.Source) {
			references[name] = append(references[name], ref)
		}
	}
	e.residents(ctx, references["Resident"])
	e.details(ctx, references["ContactDetail"])
	return e.found
}

// A reference is what one representation refers to.
type reference struct {
	place  int // among the representations
	key    source.Key
	detail string // the id of a contact detail; blank for a resident
}

// readRepresentation returns what is referred to, and its type.
func readRepresentation(given answer.Representation) (string, reference, error) {
	name, _ := given["__typename"].(string)
	id, _ := given["id"].(string)
	var ref reference
	var ok bool
	switch name {
	case "Resident":
		ref.key.Source, ref.key.SourceID, ok = resident.SplitID(id)
	case "ContactDetail":
		ref.key.Source, ref.key.SourceID, ok = resident.SplitContactID(id)
		ref.detail = id
	default:
		return "", ref, resident.Errorf(resident.BadInput, nil,
			"Its __typename is Resident or ContactDetail")
	}
	if !ok {
		return "", ref, resident.Errorf(resident.BadInput, nil,
			"Its id is one that was read from %s.id, whole", name)
	}
	return name, ref, nil
}

// entities is one field _entities being answered.
type entities struct {
	*exchange

	found []answer.Entity
	told  map[resident.SourceName]bool // sources of which an error was told
}

// mayAsk is whether the caller may have what is of that type, from that source. Where not, it says
// so once.
func (e *entities) mayAsk(ctx context.Context, name string, from resident.SourceName) bool {
	guards := e.graph.guards
	if guards.sources[from] == nil {
		return false // an id of no source that there is
	}
	err := e.forbiddenSource(from)
	if name == "ContactDetail" {
		list := e.graph.schema.Types["Resident"].Fields.ForName("contactDetails")
		if scope := guards.missing(guards.fields[list], e.has); scope != "" {
			err = forbidden(scope, "see Resident.contactDetails")
		}
	}
	if err != nil {
		e.tell(ctx, from, err)
	}
	return err == nil
}

func (e *entities) tell(ctx context.Context, from resident.SourceName, err error) {
	if !e.told[from] {
		e.told[from] = true
		graphql.AddError(ctx, err)
	}
}

// read returns the residents of references, in their order, with nil where there is none.
func (e *entities) read(
	ctx context.Context, references []reference, wanted *wants,
) []*resident.Resident {
	keys := make([]source.Key, len(references))
	for i, ref := range references {
		keys[i] = ref.key
	}
	residents := make([]*resident.Resident, len(references))
	var met []*resident.Resident
	for i, found := range e.graph.sources.ResidentsByKey(ctx, keys, e.graph.wantedFrom(wanted)) {
		if found.Err != nil {
			e.tell(ctx, keys[i].Source, found.Err)
		}
		if found.Resident != nil {
			residents[i] = found.Resident
			met = append(met, found.Resident)
		}
	}
	e.survey(ctx, wanted.surveys, met)
	return residents
}

func (e *entities) residents(ctx context.Context, references []reference) {
	if len(references) == 0 {
		return
	}
	operation, selections := current(ctx)
	wanted := e.wantedOf(operation, selections)
	outcome := e.outcomeOf(operation, "Resident", selections)
	for i, r := range e.read(ctx, references, &wanted) {
		if r != nil {
			e.note(outcome, r)
			e.found[references[i].place] = r
		}
	}
}

func (e *entities) details(ctx context.Context, references []reference) {
	if len(references) == 0 {
		return
	}
	operation, selections := current(ctx)
	wanted := wants{
		Wanted: source.Wanted{
			Contacts: resident.AllContacts, IncludeEnded: true, Leave: e.leave,
		},
		surveys: e.surveysOf(operation, selections),
	}
	outcome := e.outcomeOf(operation, "ContactDetail", selections)
	for i, r := range e.read(ctx, references, &wanted) {
		if r == nil {
			continue
		}
		details, err := r.ContactDetails(nil, true) // none of whose whereabouts are withheld
		if err != nil {
			e.tell(ctx, r.Source, err)
			continue
		}
		for _, detail := range details {
			if detail.ID == references[i].detail {
				e.note(outcome, r)
				e.ledger.noteDetail(detail)
				e.found[references[i].place] = detail
			}
		}
	}
}
