package resident

// Leave is what whoever asks may know beyond what others may. The zero Leave is the least.
type Leave struct {
	Restricted  bool // the whereabouts of restricted residents
	ExDirectory bool // numbers that are not to be disclosed
	OptedOut    bool // details that the resident may not be contacted by
}

// FullLeave is leave to know all there is.
func FullLeave() Leave { return Leave{Restricted: true, ExDirectory: true, OptedOut: true} }

// Covers reports whether l permits all that needs does.
func (l Leave) Covers(needs Leave) bool {
	return (l.Restricted || !needs.Restricted) && (l.ExDirectory || !needs.ExDirectory) &&
		(l.OptedOut || !needs.OptedOut)
}

// LocatingFacts are those that could tell where a resident is, or lead to a record that does.
func LocatingFacts() Facts { return FactUPRN | FactNHSNumber }

// WithheldReason is why something is not told that may be known.
type WithheldReason string

// The reasons.
const (
	WithheldRestricted   WithheldReason = "RESTRICTED"    // the resident is
	WithheldExDirectory  WithheldReason = "EX_DIRECTORY"  // the number is
	WithheldOptedOut     WithheldReason = "OPTED_OUT"     // the resident may not be contacted by it
	WithheldNotPermitted WithheldReason = "NOT_PERMITTED" // the caller may not see such things at all
)

// Withhold takes away what may not be known with this leave: of a restricted resident all that
// could locate them, numbers that are ex-directory, and what they may not be contacted by.
func (r *Resident) Withhold(leave Leave) {
	if r.Restricted && !leave.Restricted {
		r.UPRN, r.NHSNumber, r.details, r.whereaboutsWithheld = nil, nil, nil, true
		return
	}
	if r.details == nil {
		return
	}
	for _, d := range *r.details {
		if reason := d.withheldFrom(leave); reason != "" {
			d.Value, d.Phone, d.Withheld = nil, nil, &reason
		}
	}
}

// withheldFrom is why a detail is not told with this leave; blank where it is.
func (d *ContactDetail) withheldFrom(leave Leave) WithheldReason {
	switch {
	case d.ExDirectory && !leave.ExDirectory:
		return WithheldExDirectory
	case d.OptedOut() && !leave.OptedOut:
		return WithheldOptedOut
	}
	return ""
}

// OptedOut is whether the source says that the resident may not be contacted by it.
func (d *ContactDetail) OptedOut() bool { return d.ContactAllowed != nil && !*d.ContactAllowed }

// WhereaboutsWithheld is whether the UPRN and the contact details were taken away.
func (r *Resident) WhereaboutsWithheld() bool { return r.whereaboutsWithheld }
