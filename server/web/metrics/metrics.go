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
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			rw.Header().Set("Allow", "GET, HEAD")
			http.Error(rw, "Only GET and HEAD are answered here", http.StatusMethodNotAllowed)
			return
		}
		sources := prometheus.NewRegistry()
		sources.MustRegister(found{w.Look(r.Context())})
		promhttp.HandlerFor(prometheus.Gatherers{process, sources},
			promhttp.HandlerOpts{DisableCompression: true}).ServeHTTP(rw, r)
	})
}

// found is what there is to tell at one time.
type found struct{ status status.Status }

// Describe sends nothing: which there are depends on what is known of each source.
func (found) Describe(chan<- *prometheus.Desc) {}

// Collect sends what is known.
func (f found) Collect(to chan<- prometheus.Metric) {
	for i := range f.status.Sources {
		collect(to, &f.status.Sources[i])
	}
}

func collect(to chan<- prometheus.Metric, s *status.Source) {
	send := func(name, help string, value float64, state ...string) {
		desc := prometheus.NewDesc("resident_gateway_source_"+name, help,
			[]string{"source", "state"}[:1+len(state)], nil)
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value,
			append([]string{string(s.Name)}, state...)...)
	}
	sendTime := func(name, help string, at *time.Time) {
		if at != nil {
			send(name, help, float64(at.UnixMilli())/1000)
		}
	}
	for _, state := range append(source.FreshnessStates(), status.Unavailable) {
		value := 0.0
		if s.State == state {
			value = 1
		}
		send("state", "Whether the source is in the state: 1 for one of them, 0 for others.",
			value, string(state))
	}
	sendTime("as_of_timestamp_seconds", "The data is at least as new as this.", s.AsOf)
	if s.FreshFor > 0 {
		send("fresh_for_seconds", "How old the data may be and be current.", s.FreshFor.Seconds())
	}
	if s.Rows != nil {
		send("rows", "Residents, as PostgreSQL estimates them.", float64(*s.Rows))
	}
	faults := 0
	for _, t := range s.Tables {
		faults += min(t.Faults, 1)
	}
	if s.State != status.Unavailable {
		send("table_faults", "Tables that are left as they were.", float64(faults))
	}
	if s.Load != nil {
		sendTime("load_timestamp_seconds", "What the last load of the gateway's own is of.", &s.Load.At)
	}
	if s.Loading != nil && s.Loading.PerCent() != nil {
		send("loading_ratio", "How much of the load under way is done.",
			float64(*s.Loading.PerCent())/100)
	}
	if p := s.Proof; p != nil {
		sendTime("proof_timestamp_seconds", "When the last comparison with the system ended.",
			&p.EndedAt)
		send("proof_differing_rows", "Rows that differed in it.", float64(p.Differ))
	}
	if d := s.DMS; d != nil {
		send("dms_pending_changes", "Changes that AWS DMS has read and not applied.",
			float64(d.PendingChanges))
		send("dms_suspended_tables", "Tables that AWS DMS has suspended.", float64(d.SuspendedTables))
		send("dms_validation_failures", "Rows that AWS DMS found to differ since the last proof that"+
			" found none.", float64(d.ValidationFailures))
		send("dms_apply_exceptions", "Changes that AWS DMS could not apply since the last proof that"+
			" found no difference.", float64(d.ApplyExceptions))
		sendTime("dms_status_timestamp_seconds", "When AWS DMS last said what it does.", d.StatusAt)
	}
}
