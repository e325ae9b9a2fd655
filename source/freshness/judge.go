package freshness

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source"
)

// A rank is how bad a trouble is, the worst first.
type rank int

const (
	rankClosed rank = iota + 1 // residents are not answered
	rankStopped
	rankSuspended
	rankStale
	rankUnknown
	rankDoubt // the state is as it would be without
)

type trouble struct {
	rank     rank
	state    source.FreshnessState // of rankClosed, which of the two
	what, do string                // without the full stop
}

const (
	// silence is how long DMS may say nothing: three of the timeslots of five minutes in which it
	// writes down what it does. That it writes when there is nothing to do is documented nowhere, so
	// a heartbeat that is here counts for more.
	silence = 15 * time.Minute
	// ahead is how much later than ours the clock of a system may be.
	ahead = 2 * time.Minute
)

// A verdict is a report in the making.
type verdict struct {
	subject *Subject
	kept    *kept
	told    *control
	now     time.Time

	// byDMS is whether DMS follows changes of the source, and byUs whether the gateway does.
	byDMS, byUs bool
	asOf        *time.Time // of what is followed
	troubles    []trouble
}

// judge says what it all comes to: the state is that of the worst there is.
func judge(s *Subject, k *kept, told *control, now time.Time) source.Report {
	if since := k.tookOver(); since != nil {
		told.Tasks = slices.DeleteFunc(told.Tasks, func(t task) bool { return t.isRetired(*since) })
	}
	v := &verdict{
		subject: s, kept: k, told: told, now: now,
		byDMS: len(told.Tasks) > 0, byUs: k.Followed != nil,
	}
	if !v.byDMS {
		k.Faults = append(k.Faults, k.unfollowed(s.Mapping)...)
	}
	report := source.Report{
		FreshFor: s.freshFor(), Rows: k.rowsOf(s.Tables), Loading: k.Loading, Proof: k.Proof,
	}
	if s.Mapping != nil {
		report.Current = s.Mapping.Current
	}
	if k.LoadedAt != nil {
		report.Load = &source.Load{At: k.LoadedAt.UTC(), Origin: *k.Origin}
	}
	v.lookIfWhole()
	if !v.has(rankClosed) {
		v.troubles = append(v.troubles, told.faults...)
		v.lookIfFollowed()
		v.lookIfSuspended()
		report.AsOf = v.lookAtAge()
		v.lookForDoubts()
	}
	slices.SortStableFunc(v.troubles, func(a, b trouble) int { return int(a.rank - b.rank) })
	report.State = stateOf(v.troubles)
	report.Following, report.DMS = v.following(), v.dms()
	report.Tables = v.tables(report.State, report.AsOf)
	report.Troubles, report.Note = tell(v.troubles)
	return report
}

func (v *verdict) trouble(r rank, what, do string, args ...any) {
	v.troubles = append(v.troubles, trouble{rank: r, what: fmt.Sprintf(what, args...), do: do})
}

func (v *verdict) closed(state source.FreshnessState, what, do string) {
	v.troubles = append(v.troubles, trouble{rank: rankClosed, state: state, what: what, do: do})
}

func (v *verdict) has(r rank) bool {
	return slices.ContainsFunc(v.troubles, func(t trouble) bool { return t.rank == r })
}

func stateOf(sorted []trouble) source.FreshnessState {
	if len(sorted) == 0 {
		return source.Current
	}
	switch worst := sorted[0]; worst.rank {
	case rankClosed:
		return worst.state
	case rankStopped:
		return source.Stopped
	case rankSuspended:
		return source.Suspended
	case rankStale:
		return source.Stale
	case rankUnknown:
		return source.Unknown
	default:
		return source.Current
	}
}

// tell puts troubles into sentences.
func tell(sorted []trouble) ([]source.Trouble, *string) {
	if len(sorted) == 0 {
		return nil, nil
	}
	all := make([]source.Trouble, len(sorted))
	sentences := make([]string, len(sorted))
	for i, t := range sorted {
		all[i] = source.Trouble{What: t.what + "."}
		sentences[i] = t.what + "."
		if t.do != "" {
			all[i].Do = t.do + "."
			sentences[i] += " " + t.do + "."
		}
	}
	return all, new(strings.Join(sentences, " "))
}

// lookIfFollowed looks whether those who follow changes are still at it.
func (v *verdict) lookIfFollowed() {
	beats := v.kept.Heartbeat != nil && v.now.Sub(*v.kept.Heartbeat) <= v.subject.freshFor()
	for _, t := range v.told.Tasks {
		switch {
		case t.Status != "CHANGE PROCESSING":
			v.trouble(rankStopped, "AWS DMS does not follow the changes of %s: its task does not run",
				"Resume the task; reload its tables if the log that it needs is gone", v.subject.Title)
		case !beats && (t.At == nil || v.now.Sub(*t.At) > silence):
			v.trouble(rankStopped, "AWS DMS has said nothing of %s for more than %s",
				"See in AWS whether its task runs, and resume it if not", v.subject.Title, span(silence))
		}
	}
	if databases, _ := v.subject.followed(); databases > 0 && v.isLanded() {
		v.trouble(rankStopped, "What AWS DMS lands of %s has been loaded, and nothing says that it"+
			" follows the other tables, or ever loaded them",
			"Start its task, or load the source from the system", v.subject.Title)
	}
	if limit := v.subject.freshFor(); v.byUs && limit > 0 && v.now.Sub(*v.kept.Followed) > limit {
		v.trouble(rankStopped, "The gateway's own follower has applied no change of %s since %s",
			"See that it runs, and what its log says", v.subject.Title, moment(*v.kept.Followed))
	}
}

// isLanded is whether all that is known of the data is that it was loaded from where DMS lands what
// it does not follow.
func (v *verdict) isLanded() bool {
	return !v.byDMS && !v.byUs && v.kept.Origin != nil && *v.kept.Origin == "landing"
}

func (v *verdict) lookIfSuspended() {
	for _, s := range v.told.Suspended {
		v.trouble(rankSuspended, "AWS DMS has suspended %s%s, which is left as it was",
			"See the log of the task, mend the cause, and reload the table",
			v.tableCalled(s.Table), sinceWhen(s.Since))
	}
	for _, f := range v.kept.Faults {
		do := "Mend the description or the system's table, then load the table again"
		switch f.Kind {
		case "reread":
			do = "It is read again by itself: see the log if that lasts"
		case kindUnfollowed:
			do = "Have the system keep its changes, then load the source again"
		}
		v.trouble(rankSuspended, "Table %s is left as it was since %s: %s", do,
			f.Name, moment(f.Since), strings.TrimRight(f.Reason, ". "))
	}
}

// tableCalled names a table by what it is called here. One that is not taken has no name: what a
// control table says is not repeated.
func (v *verdict) tableCalled(name string) string {
	if v.subject.Mapping != nil {
		for i := range v.subject.Mapping.Tables {
			t := &v.subject.Mapping.Tables[i]
			if strings.EqualFold(t.Name, name) || strings.EqualFold(t.From, name) {
				return "table " + t.Name
			}
		}
	}
	return "a table that is not described"
}

// lookForDoubts looks at what may be wrong with single rows, and at loads beside what is served.
func (v *verdict) lookForDoubts() {
	if n := total(v.told.Apply); n > 0 {
		v.trouble(rankDoubt, "AWS DMS could not apply %s since the last proof",
			"Prove the source, and reload the tables that differ", plural(n, "change"))
	}
	if n := total(v.told.Differ); n > 0 {
		v.trouble(rankDoubt, "AWS DMS finds that %s not as in %s since the last proof",
			"Prove the source, and reload the tables that differ", are(n), v.subject.Title)
	}
	if p := v.kept.Proof; p != nil && p.Result == "differs" {
		v.trouble(rankDoubt, "The proof of %s found that %s not as in %s",
			"Load again the tables that differ, and prove the source again",
			moment(p.EndedAt), are(p.Differ), v.subject.Title)
	} else if p != nil && p.Result == "failed" {
		v.trouble(rankDoubt, "The proof of %s could not be finished",
			"See its log, and prove the source again", moment(p.EndedAt))
	}
	if l := v.kept.Loading; l != nil && l.Fault != nil {
		v.trouble(rankDoubt, "The next load stopped: %s", "Mend the cause, and start it again: "+howOn(l),
			strings.TrimRight(*l.Fault, ". "))
	} else if l != nil && !l.IsUnderWay {
		v.trouble(rankDoubt, "The next load broke off", "Start it again: "+howOn(l))
	} else if l != nil {
		v.trouble(rankDoubt, "The next load is under way beside what is served%s", "", perCent(l))
	}
}
