// Package metrics tells Prometheus, and who reads its format, how fresh each source is, beside what
// the process takes. It has a registry of its own, knows no source by name, and nothing of who may
// ask. docs/reference/metrics.md lists what there is.
package metrics

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/LBHackney-IT/resident-gateway/server/web/status"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// Handler answers with what the sources are like when it is asked, and what the process takes.
func Handler(w *status.Watcher) http.Handler {
	process := prometheus.NewRegistry()
	process.MustRegister(collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	described := describe()
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			rw.Header().Set("Allow", "GET, HEAD")
			http.Error(rw, "Only GET and HEAD are answered here", http.StatusMethodNotAllowed)
			return
		}
		sources := prometheus.NewRegistry()
		sources.MustRegister(found{described, w.Look(r.Context())})
		promhttp.HandlerFor(prometheus.Gatherers{process, sources},
			promhttp.HandlerOpts{DisableCompression: true}).ServeHTTP(rw, r)
	})
}

// descriptions are of all that is told of sources.
type descriptions struct {
	state, asOf, freshFor, rows, faults, loadedAt, loading   *prometheus.Desc
	proofEnded, proofDiffer                                  *prometheus.Desc
	dmsPending, dmsSuspended, dmsValidation, dmsApply, dmsAt *prometheus.Desc
}

func describe() *descriptions {
	of := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("resident_gateway_source_"+name, help,
			append([]string{"source"}, labels...), nil)
	}
	return &descriptions{
		state: of("state", "Whether the source is in the state: 1 for one of them, 0 for others.",
			"state"),
		asOf:     of("as_of_timestamp_seconds", "The data is at least as new as this."),
		freshFor: of("fresh_for_seconds", "How old the data may be and be current."),
		rows:     of("rows", "Residents, as PostgreSQL estimates them."),
		faults:   of("table_faults", "Tables that are left as they were."),
		loadedAt: of("load_timestamp_seconds", "What the last load of the gateway's own is of."),
		loading:  of("loading_ratio", "How much of the load under way is done."),
		proofEnded: of("proof_timestamp_seconds",
			"When the last comparison with the system ended."),
		proofDiffer:  of("proof_differing_rows", "Rows that differed in it."),
		dmsPending:   of("dms_pending_changes", "Changes that AWS DMS has read and not applied."),
		dmsSuspended: of("dms_suspended_tables", "Tables that AWS DMS has suspended."),
		dmsValidation: of("dms_validation_failures",
			"Rows that AWS DMS found to differ since the last proof that found none."),
		dmsApply: of("dms_apply_exceptions",
			"Changes that AWS DMS could not apply since the last proof that found no difference."),
		dmsAt: of("dms_status_timestamp_seconds", "When AWS DMS last said what it does."),
	}
}

// found is what there is to tell at one time.
type found struct {
	*descriptions
	status status.Status
}

// Describe sends nothing: which there are depends on what is known of each source.
func (found) Describe(chan<- *prometheus.Desc) {}

// Collect sends what is known.
func (f found) Collect(to chan<- prometheus.Metric) {
	for i := range f.status.Sources {
		f.source(to, &f.status.Sources[i])
	}
}

func (f found) source(to chan<- prometheus.Metric, s *status.Source) {
	send := func(desc *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value,
			append([]string{string(s.Name)}, labels...)...)
	}
	moment := func(desc *prometheus.Desc, at *time.Time) {
		if at != nil {
			send(desc, float64(at.UnixMilli())/1000)
		}
	}
	for _, state := range append(source.FreshnessStates(), status.Unavailable) {
		value := 0.0
		if s.State == state {
			value = 1
		}
		send(f.state, value, string(state))
	}
	moment(f.asOf, s.AsOf)
	if s.FreshFor > 0 {
		send(f.freshFor, s.FreshFor.Seconds())
	}
	if s.Rows != nil {
		send(f.rows, float64(*s.Rows))
	}
	faults := 0
	for _, t := range s.Tables {
		faults += min(t.Faults, 1)
	}
	if s.State != status.Unavailable {
		send(f.faults, float64(faults))
	}
	if s.Load != nil {
		moment(f.loadedAt, &s.Load.At)
	}
	if s.Loading != nil && s.Loading.PerCent() != nil {
		send(f.loading, float64(*s.Loading.PerCent())/100)
	}
	if p := s.Proof; p != nil {
		moment(f.proofEnded, &p.EndedAt)
		send(f.proofDiffer, float64(p.Differ))
	}
	if d := s.DMS; d != nil {
		send(f.dmsPending, float64(d.PendingChanges))
		send(f.dmsSuspended, float64(d.SuspendedTables))
		send(f.dmsValidation, float64(d.ValidationFailures))
		send(f.dmsApply, float64(d.ApplyExceptions))
		moment(f.dmsAt, d.StatusAt)
	}
}
