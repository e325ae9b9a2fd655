package freshness

import (
	"github.com/LBHackney-IT/resident-gateway/source"
)

// lookIfWhole looks whether the data can be asked for. What we load goes beside what is served, and
// is swapped in whole; what DMS loads goes where it is read.
func (v *verdict) lookIfWhole() {
	title := v.subject.Title
	for _, t := range v.told.Tasks {
		switch {
		case t.Status == "FULL LOAD":
			v.closed(source.BeingLoaded, "AWS DMS is loading "+title,
				"Nothing is to be done: it is asked again when that is done")
			return
		case t.Status != "CHANGE PROCESSING" && t.Slot != nil && *t.Slot == "FULL LOAD":
			v.closed(source.NotLoaded, "AWS DMS stopped before it had loaded all of "+title,
				"Start its task again, so that it reloads the tables")
			return
		}
	}
	switch {
	case v.kept.LoadedAt != nil:
	case v.kept.Loading != nil && v.kept.Loading.Fault != nil:
		v.closed(source.NotLoaded, "The first load of "+title+" stopped: "+*v.kept.Loading.Fault,
			"Mend the cause, and start it again: "+howOn(v.kept.Loading))
	case v.kept.Loading != nil && !v.kept.Loading.IsUnderWay:
		v.closed(source.NotLoaded, "The first load of "+title+" broke off",
			"Start it again: "+howOn(v.kept.Loading))
	case v.kept.Loading != nil:
		v.closed(source.BeingLoaded, title+" is being loaded for the first time"+perCent(v.kept.Loading),
			"Nothing is to be done: it is asked when that is done")
	case !v.kept.HasRows:
		v.closed(source.NotLoaded, title+"'s data has not been loaded yet",
			"Load it: docs/how-to says how")
	case !v.told.isThere:
		v.trouble(rankUnknown, "There is data, and no record of when it was loaded",
			"Load it by the gateway or by AWS DMS, which keep one")
	case !v.wasLoadedByDMS():
		v.closed(source.NotLoaded, "There is data of "+title+", and AWS DMS does not say that it was"+
			" loaded whole", "See that its task runs with a status table")
		v.troubles = append(v.troubles, v.told.faults...)
	}
}

// wasLoadedByDMS is whether every task has got as far as applying changes. A task that does not run
// has, if that is what it did in its last timeslot, or else if it ever applied any.
func (v *verdict) wasLoadedByDMS() bool {
	for _, t := range v.told.Tasks {
		switch {
		case t.Status == "CHANGE PROCESSING":
		case t.Slot != nil && *t.Slot != "CHANGE PROCESSING":
			return false
		case t.Slot == nil && t.Applied == nil:
			return false
		}
	}
	return len(v.told.Tasks) > 0
}

// howOn is what becomes of a load that stopped, once it is started again.
func howOn(l *source.Loading) string {
	if l.GoesOn {
		return "it goes on where it was"
	}
	return "it begins anew"
}
