package graph

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// permissions are what the caller of one request may see. They are not changed while it is
// answered.
type permissions struct {
	*rules

	caller *access.Caller
	has    scopeSet // the scopes of the caller, as far as the schema knows them
	leave  resident.Leave
}

// permissionsOf returns the permissions of a caller.
func (r *rules) permissionsOf(caller *access.Caller) *permissions {
	p := &permissions{rules: r, caller: caller, leave: resident.Leave{
		Restricted:  caller.Scopes.Has(readRestricted),
		ExDirectory: caller.Scopes.Has(readExDirectory),
		OptedOut:    caller.Scopes.Has(readOptedOut),
	}}
	for _, scope := range caller.Scopes {
		p.has |= r.bits[scope]
	}
	return p
}

// missing returns the first scope that the caller lacks for a rule. It returns "" when the caller
// lacks none, and when there is no rule.
func (p *permissions) missing(r *rule) access.Scope {
	if r == nil || r.set&^p.has == 0 {
		return ""
	}
	for _, scope := range r.needs {
		if p.bits[scope]&^p.has != 0 {
			return scope
		}
	}
	return ""
}

// maySee reports whether the caller has the scopes of a field.
func (p *permissions) maySee(field *ast.FieldDefinition) bool {
	return p.missing(p.fields[field]) == ""
}

// checkSource returns why the caller may not ask a source; nil when they may.
func (p *permissions) checkSource(name resident.SourceName) error {
	r := p.sources[name]
	if r == nil {
		return fmt.Errorf("graph: the schema does not know the source %s", name)
	}
	if scope := p.missing(r); scope != "" {
		return forbidden(scope, "ask "+string(name))
	}
	return nil
}

// checkInputs returns why the caller may not search by one of these input fields of ResidentFilter;
// nil when they may search by all.
func (p *permissions) checkInputs(names []string) error {
	for _, name := range names {
		if scope := p.missing(p.inputs[name]); scope != "" {
			return at("filter."+name, forbidden(scope, "search by it"))
		}
	}
	return nil
}

// mayLocate reports whether the caller may know where a resident is, as far as the resident's own
// restriction goes.
func (p *permissions) mayLocate(r *resident.Resident) bool {
	return !r.Restricted || p.leave.Restricted
}

// withheld returns why the contact details of a resident are withheld; nil when they are not.
func (p *permissions) withheld(r *resident.Resident) *resident.WithheldReason {
	var reason resident.WithheldReason
	switch {
	case !p.caller.Scopes.Has(readContacts):
		reason = resident.WithheldNotPermitted
	case !p.mayLocate(r):
		reason = resident.WithheldRestricted
	default:
		return nil
	}
	return &reason
}
