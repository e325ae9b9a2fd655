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
	return &answer.Service{SDL: r.sdl}, nil
}

// Entities answers Query._entities: those of each type by one question to each source. There are no
// more representations than a list may have values.
func (r root) Entities(
	ctx context.Context, representations []answer.Representation,
) []answer.Entity {
	e := entities{
		execution: executionFromContext(ctx),
		found:     make([]answer.Entity, len(representations)),
		told:      make(map[fault]bool),
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
	*execution

	found []answer.Entity
	told  map[fault]bool
}

// A fault is why something of a source is not answered. It is told once, of however many.
type fault struct {
	from resident.SourceName
	code resident.Code
}

// mayAsk is whether the caller may have what is of that type, from that source. Where not, it says
// so.
func (e *entities) mayAsk(ctx context.Context, name string, from resident.SourceName) bool {
	if e.rules.sources[from] == nil {
		return false // an ID of no source that there is
	}
	err := e.checkSource(from)
	if err == nil && name == "ContactDetail" {
		if scope := e.missing(e.contactDetails); scope != "" {
			err = forbidden(scope, "see Resident.contactDetails")
		}
	}
	if err != nil {
		e.tell(ctx, from, err)
	}
	return err == nil
}

func (e *entities) tell(ctx context.Context, from resident.SourceName, err error) {
	why := fault{from, resident.CodeOf(err)}
	if !e.told[why] {
		e.told[why] = true
		graphql.AddError(ctx, err)
	}
}

// referred returns the residents that references are to, by their keys, and those who there are,
// each once.
func (e *entities) referred(
	ctx context.Context, references []reference, selected *selection,
) (map[source.Key]*resident.Resident, []*resident.Resident) {
	residents := make(map[source.Key]*resident.Resident, len(references))
	var keys []source.Key
	for _, ref := range references {
		if _, met := residents[ref.key]; !met {
			residents[ref.key] = nil
			keys = append(keys, ref.key)
		}
	}
	var met []*resident.Resident
	for i, found := range e.read(ctx, keys, selected) {
		if found.Err != nil {
			e.tell(ctx, keys[i].Source, found.Err)
		}
		if found.Resident != nil {
			residents[keys[i]] = found.Resident
			met = append(met, found.Resident)
		}
	}
	return residents, met
}

func (e *entities) residents(ctx context.Context, references []reference) {
	if len(references) == 0 {
		return
	}
	operation, selections := current(ctx)
	selected := e.selectionOf(operation, selections)
	residents, met := e.referred(ctx, references, &selected)
	e.audit.add(e.disclosureOf(operation, "Resident", selections), met...)
	for _, ref := range references {
		if r := residents[ref.key]; r != nil {
			e.found[ref.place] = r
		}
	}
}

func (e *entities) details(ctx context.Context, references []reference) {
	if len(references) == 0 {
		return
	}
	operation, selections := current(ctx)
	selected := selection{
		Wanted: source.Wanted{
			Contacts: resident.AllContacts, IncludeEnded: true, Leave: e.leave,
		},
		properties: e.propertiesOf(operation, selections),
	}
	shown := e.disclosureOf(operation, "ContactDetail", selections)
	residents, _ := e.referred(ctx, references, &selected)
	for _, ref := range references {
		r := residents[ref.key]
		if r == nil {
			continue
		}
		details, err := r.ContactDetails(nil, true) // none of whose whereabouts are withheld
		if err != nil {
			e.tell(ctx, r.Source, err)
			continue
		}
		for _, detail := range details {
			if detail.ID == ref.detail {
				e.audit.addDetail(shown, r, detail)
				e.found[ref.place] = detail
			}
		}
	}
}
