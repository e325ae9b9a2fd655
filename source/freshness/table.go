package freshness

import (
	"slices"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source"
)

// tables is what is known of each table that is taken: those without a fault are as the source
// would be without the faults of others.
func (v *verdict) tables(state source.FreshnessState, asOf *time.Time) []source.TableReport {
	if v.subject.Mapping == nil {
		return nil
	}
	if state == source.Suspended {
		state = stateOf(slices.DeleteFunc(slices.Clone(v.troubles), func(t trouble) bool {
			return t.rank == rankSuspended
		}))
	}
	var all []source.TableReport
	for i := range v.subject.Mapping.Tables {
		t := &v.subject.Mapping.Tables[i]
		called := func(name string) bool {
			return strings.EqualFold(name, t.Name) || strings.EqualFold(name, t.From)
		}
		report := source.TableReport{
			Name: t.Name, State: state, AsOf: asOf, Follows: t.Follows,
			Rows: v.kept.rowsOf([]string{t.Name}),
		}
		if v.asOf != nil && t.Follows && asOf != nil {
			report.AsOf = v.asOf
		} else if !t.Follows && v.kept.LoadedAt != nil && asOf != nil {
			report.AsOf = new(v.kept.LoadedAt.UTC())
		}
		for _, c := range slices.Concat(v.told.Apply, v.told.Differ) {
			if called(c.Table) {
				report.Doubts += c.Rows
			}
		}
		if report.Doubts > 0 {
			report.Reason = new(plural(report.Doubts, "row") + " may differ.")
		}
		v.addFaults(&report, called)
		all = append(all, report)
	}
	return all
}

func (v *verdict) addFaults(report *source.TableReport, called func(string) bool) {
	fault := func(since *time.Time, reason string) {
		report.Faults++
		if report.State.IsWhole() {
			report.State = source.Suspended
		}
		report.Reason = &reason
		if report.AsOf != nil && since != nil && since.Before(*report.AsOf) {
			report.AsOf = new(since.UTC())
		}
	}
	for _, s := range v.told.Suspended {
		if called(s.Table) {
			fault(s.Since, "AWS DMS has suspended it"+sinceWhen(s.Since)+".")
		}
	}
	for _, f := range v.kept.Faults {
		if called(f.Name) {
			fault(&f.Since, strings.TrimRight(f.Reason, ". ")+".")
		}
	}
}

// rowsOf is how many rows there are in tables, as PostgreSQL estimates them; nil where it does not.
func (k *kept) rowsOf(tables []string) *int64 {
	var sum int64
	for _, name := range tables {
		rows, known := k.Rows[name]
		if !known {
			return nil
		}
		sum += rows
	}
	return &sum
}

func (v *verdict) following() *source.Following {
	switch {
	case v.byDMS:
		return &source.Following{By: "AWS DMS", Until: v.asOf}
	case v.byUs:
		return &source.Following{By: "the gateway", Until: v.asOf}
	}
	return nil
}

// dms is what DMS says, of the task that is worst off.
func (v *verdict) dms() *source.DMS {
	if !v.told.isThere {
		return nil
	}
	said := &source.DMS{
		SuspendedTables: len(v.told.Suspended), ApplyExceptions: total(v.told.Apply),
		ValidationFailures: total(v.told.Differ),
	}
	for i, t := range v.told.Tasks {
		if i == 0 || t.Status != "CHANGE PROCESSING" {
			said.Status, said.StatusAt = statusOf(t.Status), t.At
		}
		if t.Pending != nil {
			said.PendingChanges += *t.Pending
		}
	}
	return said
}

// statusOf is a documented status; what is not one is not repeated.
func statusOf(said string) string {
	if slices.Contains([]string{"FULL LOAD", "CHANGE PROCESSING", "NOT RUNNING"}, said) {
		return said
	}
	return "another"
}
