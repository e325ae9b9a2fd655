package source

import (
	"context"
	"strconv"
	"time"
)

// A Reporter is a source that can say where its data came from, and what is wrong with it.
type Reporter interface {
	Source
	// Report says what Freshness says, and what that rests on.
	Report(ctx context.Context) (Report, error)
}

// A Report is what is known of the data of a source, for those who keep the gateway running. It
// holds no values and no keys of rows.
type Report struct {
	Freshness

	Rows     *int64        // of residents, as PostgreSQL estimates them; nil where it has not yet
	FreshFor time.Duration // how old the data may be and be current; 0 where nothing says
	Current  string        // what FreshFor rests on

	Load      *Load      // the last load of our own; nil where there was none
	Loading   *Loading   // one of our own that is under way, or stopped; nil where there is none
	Following *Following // changes that are followed; nil where they are not
	Proof     *Proof     // the last comparison with the system that ended; nil where there was none
	DMS       *DMS       // what AWS DMS says; nil where it says nothing
	Tables    []TableReport
	Troubles  []Trouble // the worst first
}

// A Load is one that is done.
type Load struct {
	At     time.Time `json:"at"`     // the data was at least as new as this
	Origin string    `json:"origin"` // sample, file, sqlserver, files, landing
}

// A Loading is a load under way, beside what is served.
type Loading struct {
	Origin  string    `json:"origin"`
	BeganAt time.Time `json:"beganAt"`
	ToldAt  time.Time `json:"toldAt"` // when it last got on
	Phase   string    `json:"phase"`  // rows, indexes, proof or swap
	// IsUnderWay is whether somebody is at it. What was broken off can be gone on with.
	IsUnderWay bool `json:"isUnderWay"`
	// GoesOn is whether it can be gone on with where it was. If not, the next one begins anew.
	GoesOn   bool    `json:"goesOn"`
	Rows     int64   `json:"rows"`
	Expected *int64  `json:"expected"` // about; nil where nobody knows
	Fault    *string `json:"fault"`    // why it stopped; nil while nothing is wrong
}

// PerCent is how much of the rows is loaded; nil where nobody knows how many there are.
func (l *Loading) PerCent() *int {
	if l.Expected == nil || *l.Expected <= 0 {
		return nil
	}
	return new(int(min(100, max(0, 100*l.Rows / *l.Expected))))
}

// Rate is how many rows were loaded in a second, from the beginning to when it last got on; nil
// where that cannot be told yet.
func (l *Loading) Rate() *int64 {
	seconds := int64(l.ToldAt.Sub(l.BeganAt) / time.Second)
	if seconds <= 0 || l.Rows == 0 {
		return nil
	}
	return new(l.Rows / seconds)
}

// Following is changes of the system that are applied here as they happen.
type Following struct {
	By    string     `json:"by"`    // AWS DMS, or the gateway
	Until *time.Time `json:"until"` // all that were made before are here; nil where nobody knows
}

// A Proof is a comparison of what is here with the system.
type Proof struct {
	EndedAt time.Time `json:"endedAt"`
	Origin  string    `json:"origin"` // what it was compared with
	Result  string    `json:"result"` // same, differs or failed
	Rows    int64     `json:"rows"`   // that were compared
	Differ  int64     `json:"differ"`
}

// DMS is what AWS DMS says in its control tables.
type DMS struct {
	Status             string     `json:"status"` // of the task that is worst off
	StatusAt           *time.Time `json:"statusAt"`
	PendingChanges     int64      `json:"pendingChanges"`
	SuspendedTables    int        `json:"suspendedTables"`
	ValidationFailures int64      `json:"validationFailures"` // since the last proof that found none
	ApplyExceptions    int64      `json:"applyExceptions"`    // likewise
}

// A TableReport is what is known of one table.
type TableReport struct {
	Name    string         `json:"name"`
	State   FreshnessState `json:"state"`
	AsOf    *time.Time     `json:"asOf"`
	Rows    *int64         `json:"rows"`   // as PostgreSQL estimates them
	Reason  *string        `json:"reason"` // what is wrong; nil where nothing is
	Faults  int            `json:"faults"`
	Doubts  int64          `json:"doubts"` // rows that DMS could not apply, or found to differ
	Follows bool           `json:"follows"`
}

// Trouble is one thing that is wrong, in words for an operator.
type Trouble struct {
	What string `json:"what"`
	Do   string `json:"do"` // what to do about it
}

// Report asks a source within its limits. Of one that is no Reporter, it is what Freshness says.
func (s *Set) Report(ctx context.Context, of Source) (Report, error) {
	m := s.member(of.About().Name)
	if m == nil {
		freshness, err := of.Freshness(ctx)
		return Report{Freshness: freshness}, err
	}
	return ask(ctx, m.bulkhead, func(ctx context.Context) (Report, error) {
		began := m.bulkhead.limits.Now()
		var report Report
		var err error
		if reporter, can := m.Source.(Reporter); can {
			report, err = reporter.Report(ctx)
		} else {
			report.Freshness, err = m.Source.Freshness(ctx)
		}
		if err == nil {
			m.gate.saw(report.State, began)
		}
		return report, err
	})
}

// Grouped writes a number as people read it: 1,234,567.
func Grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
