package freshness

import (
	"time"
)

// lookAtAge returns what the data is at least as new as, and finds it too old, or not known.
func (v *verdict) lookAtAge() *time.Time {
	var ages []time.Time
	known := true
	if v.byDMS {
		at := v.dmsAge()
		known = at != nil
		if known {
			ages = append(ages, *at)
		}
	}
	if v.byUs {
		ages = append(ages, *v.kept.Followed)
		// What is followed may be a copy that is itself behind: a replica, or files of DMS.
		if beat := v.kept.Heartbeat; beat != nil && !v.byDMS {
			ages = append(ages, *beat)
		}
	}
	v.asOf = oldest(ages)
	_, all := v.subject.followed()
	if v.kept.LoadedAt != nil && (!all || !v.byDMS && !v.byUs) {
		ages = append(ages, *v.kept.LoadedAt) // not all tables are followed, or none is
	}
	asOf := oldest(ages)
	limit := v.subject.freshFor()
	switch {
	case asOf == nil || limit <= 0 || v.isAsGiven():
	case asOf.After(v.now.Add(ahead)):
		v.trouble(rankUnknown, "The data says that it is of %s, which is still to come",
			"See whether the clock of the system is right, and in UTC", moment(*asOf))
		return nil
	case v.now.Sub(*asOf) <= limit:
	case v.has(rankStopped):
		// That it is old is no wonder.
	case v.isIdle() && v.asOf != nil && asOf.Equal(*v.asOf):
		v.trouble(rankUnknown, "AWS DMS has applied no change of %s since %s, and without a heartbeat it"+
			" cannot be told whether there was none or whether it is behind",
			"Have the system write a heartbeat, or look at the latency in AWS",
			v.subject.Title, moment(*asOf))
	default:
		v.trouble(rankStale, "The data of %s is as of %s, and should be no older than %s",
			v.whatToDoOfAge(), v.subject.Title, moment(*asOf), span(limit))
	}
	if !known {
		return nil
	}
	return asOf
}

// isAsGiven is whether the data is as somebody gave it, and never grows old: a sample, or a file.
func (v *verdict) isAsGiven() bool {
	return !v.byDMS && !v.byUs && v.kept.Origin != nil &&
		(*v.kept.Origin == "sample" || *v.kept.Origin == "file")
}

// dmsAge is as of when DMS has applied all changes: the heartbeat, where the system writes one.
func (v *verdict) dmsAge() *time.Time {
	if v.kept.Heartbeat != nil {
		return v.kept.Heartbeat
	}
	if v.subject.Mapping != nil && v.subject.Mapping.Heartbeat != nil {
		v.trouble(rankDoubt, "The heartbeat that %s should write has not come",
			"See that the job runs there which writes it", v.subject.Title)
	}
	var applied []time.Time
	for _, t := range v.told.Tasks {
		if t.Applied == nil {
			v.trouble(rankUnknown, "AWS DMS has applied no change of %s yet, so that its age is not known",
				"Have the system write a heartbeat", v.subject.Title)
			return nil
		}
		applied = append(applied, *t.Applied)
	}
	return oldest(applied)
}

// isIdle is whether an old age may be for want of changes: there is no heartbeat, and nothing waits
// to be applied.
func (v *verdict) isIdle() bool {
	for _, t := range v.told.Tasks {
		if t.Pending != nil && *t.Pending > 0 {
			return false
		}
	}
	return v.byDMS && !v.byUs && v.kept.Heartbeat == nil
}

func (v *verdict) whatToDoOfAge() string {
	switch {
	case v.byDMS && v.kept.Heartbeat != nil:
		return "Look at the latency of its task in AWS, and at the job that writes the heartbeat"
	case v.byDMS:
		return "Look at the latency of its task in AWS"
	case v.byUs && v.asOf != nil && v.kept.Heartbeat != nil && v.asOf.Equal(*v.kept.Heartbeat):
		return "See if what is followed is behind the system, and look at the job that writes the" +
			" heartbeat"
	default:
		return "See why the last scheduled load was not done"
	}
}

func oldest(of []time.Time) *time.Time {
	var first *time.Time
	for _, at := range of {
		if first == nil || at.Before(*first) {
			first = new(at.UTC())
		}
	}
	return first
}
