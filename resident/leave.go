package resident

// Leave is what whoever asks may know beyond what others may. The zero Leave is the least.
type Leave struct {
	Restricted  bool // the whereabouts of restricted residents
	ExDirectory bool // numbers that are not to be disclosed
}

// FullLeave is leave to know all there is.
func FullLeave() Leave { return Leave{Restricted: true, ExDirectory: true} }

// WithheldReason is why something is not told that may be known.
type WithheldReason string

// The reasons.
const (
	WithheldRestricted   WithheldReason = "RESTRICTED"    // the resident is
	WithheldExDirectory  WithheldReason = "EX_DIRECTORY"  // the number is
	WithheldNotPermitted WithheldReason = "NOT_PERMITTED" // the caller may not see such things at all
)

// Withhold takes away what may not be known with this leave: of a restricted resident all that
// could locate them, and numbers that are ex-directory.
func (r *Resident) Withhold(leave Leave) {
	if r.Restricted && !leave.Restricted {
		r.UPRN, r.details, r.whereaboutsWithheld = nil, nil, true
		return
	}
	if leave.ExDirectory || r.details == nil {
		return
	}
	for _, d := range *r.details {
		if d.ExDirectory {
			reason := WithheldExDirectory
			d.Value, d.Phone, d.Withheld = nil, nil, &reason
		}
	}
}

// WhereaboutsWithheld is whether the UPRN and the contact details were taken away.
func (r *Resident) WhereaboutsWithheld() bool { return r.whereaboutsWithheld }
