// Package web answers HTTP: GraphQL, REST, the playground and operators' pages. Options holds all
// that it needs: it reads no flag and no environment, and opens no database.
//
// Read New and Serve first, then the other files in the order of a request, each of which uses only
// those after it: handler.go, site.go, auth.go, limit.go, purpose.go; queue.go; graphql.go,
// accept.go, request.go, body.go, documents.go; then operator.go and health.go. All of them use
// log.go and error.go.
package web

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"golang.org/x/net/netutil"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/server/web/metrics"
	"github.com/LBHackney-IT/resident-gateway/server/web/playground"
	"github.com/LBHackney-IT/resident-gateway/server/web/rest"
	"github.com/LBHackney-IT/resident-gateway/server/web/status"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// Options are what a Gateway is made of. A field must be set unless it says what its zero value
// means.
type Options struct {
	Auth      AuthMethods // how callers authenticate
	Purposes  Purposes    // what callers may state in X-Purpose; the zero value allows any
	Documents *Documents  // the trusted ones; nil trusts none, and lets callers send any
	// Proxies are the addresses of proxies whose X-Forwarded-For is trusted. Without any, the address
	// of a caller is that of the connection.
	Proxies []netip.Prefix
	// Origins are the other sites whose pages may send requests and read responses, such as
	// https://app.example.org. Nil allows no other site.
	Origins []string

	Sources *source.Set
	// CursorKey is the secret that cursors are sealed with, of at least 32 bytes. Gateways that share
	// it accept each other's cursors.
	CursorKey []byte
	Recorder  *access.Recorder // a response with residents waits until it is recorded
	// PingDatabase fails while the database does not answer. /readyz calls it.
	PingDatabase func(ctx context.Context) error

	RequestTimeout time.Duration // for the work on one request
	MaxConnections int           // that are open at once; further ones wait
	// MaxConcurrent is how many operations run at once. Twice as many wait for up to 1 second.
	MaxConcurrent int
	MaxBody       int64 // the size of the largest request body, in bytes
	MaxCost       int   // of one operation
	// RequestsPerMinute is how many requests a caller may send in a minute, unless the API key says
	// otherwise. A sixth of them may come at once.
	RequestsPerMinute int
	// CostPerMinute is what the operations of a caller may cost in a minute. A sixth of it, or
	// MaxCost if that is more, may be used at once.
	CostPerMinute int
	// FailuresPerMinute is how many wrong credentials an address may send in a minute.
	FailuresPerMinute int

	OpenSchema bool // to every caller; false opens it only to those with the scope schema:read
	Playground bool // whether anyone is served the playground
	REST       bool // whether callers are served REST, which needs the source rest.Source

	// Now returns the current time, in the time zone whose days count for residents.
	Now func() time.Time
	Log *slog.Logger // takes one line for each request, and errors that callers do not see
}

// A Gateway answers HTTP requests. It may be used by several goroutines at once.
type Gateway struct {
	options Options
	health  *health
	handler http.Handler
}

// New returns a Gateway. It fails where CursorKey is too short or an origin is not one.
func New(o Options) (*Gateway, error) {
	o.Documents = cmp.Or(o.Documents, new(Documents))
	sites := http.NewCrossOriginProtection()
	for _, origin := range o.Origins {
		if err := sites.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("origin %s: %w", origin, err)
		}
	}
	checks := &callerChecks{
		sites: sites,
		auth: &authenticator{
			methods:  o.Auth,
			failures: newLimiter(o.FailuresPerMinute, o.FailuresPerMinute, o.Now),
			proxies:  o.Proxies,
			now:      o.Now,
			log:      o.Log,
			warned:   make(map[string]time.Time),
		},
		requests: newLimiter(o.RequestsPerMinute,
			(o.RequestsPerMinute+burstsPerMinute-1)/burstsPerMinute, o.Now),
	}
	g := &Gateway{options: o, health: &health{
		ping: o.PingDatabase, sources: o.Sources, recorder: o.Recorder, keys: o.Auth.Keys,
	}}
	mux, err := g.routes(checks)
	if err != nil {
		return nil, err
	}
	handler := onlyCleanPaths(withTimeout(o.RequestTimeout, mux))
	if o.Auth.Developer != nil {
		handler = onlyLoopbackNames(handler)
	} else {
		handler = closeConnections(handler)
	}
	g.handler = logged(o.Log, o.Now, mux, noStore(allowOrigins(o.Origins, handler)))
	return g, nil
}

// routes returns what answers each path.
func (g *Gateway) routes(checks *callerChecks) (*http.ServeMux, error) {
	o := &g.options
	executor, err := o.graph()
	if err != nil {
		return nil, err
	}
	watcher := &status.Watcher{Sources: o.Sources, Timeout: readyTimeout, Now: o.Now}
	statusPage, err := status.Handler(watcher)
	if err != nil {
		return nil, err
	}
	queue := newQueue(o.MaxConcurrent)
	mux := http.NewServeMux()
	mux.Handle("/graphql", checks.guard(&graphqlHandler{
		executor: executor, queue: queue, documents: o.Documents, maxBody: o.MaxBody,
	}, writeGraphQLError, o.Purposes.check))
	if o.REST {
		api := rest.Handler(queuedGraph{executor, queue})
		api = checks.guard(api, writeRESTError, o.Purposes.check)
		mux.Handle("/api/v1", api) // or the mux would send on to /api/v1/
		mux.Handle("/api/v1/", api)
	}
	if o.Playground {
		page := playground.Handler("/graphql")
		mux.Handle("/{$}", page)
		mux.Handle("/playground", page)
		mux.Handle("/playground/", page)
	}
	for path, page := range map[string]http.Handler{
		"/status": statusPage, "/status.json": statusPage, "/metrics": metrics.Handler(watcher),
	} {
		mux.Handle(path, basicAsBearer(checks.guard(page, writeOperatorError, checkOperator)))
	}
	mux.Handle("/healthz", http.HandlerFunc(alive))
	mux.Handle("/readyz", http.HandlerFunc(g.health.ready))
	return mux, nil
}

// graph returns what executes operations. Each is charged to its caller, and recorded.
func (o *Options) graph() (*graph.Graph, error) {
	costs := newLimiter(
		o.CostPerMinute, max(o.CostPerMinute/burstsPerMinute, o.MaxCost), o.Now)
	return graph.New(graph.Options{
		Sources:    o.Sources,
		CursorKey:  o.CursorKey,
		Charge:     charge(costs),
		MaxCost:    o.MaxCost,
		OpenSchema: o.OpenSchema,
		Now:        o.Now,
		Record: func(ctx context.Context, record access.Record) error {
			info := requestInfoFromContext(ctx)
			record.RequestID, record.Purpose = info.id, info.purpose
			return o.Recorder.Write(ctx, record)
		},
		Report: func(ctx context.Context, err error) {
			o.Log.ErrorContext(ctx, "an answer failed",
				"request", requestInfoFromContext(ctx).id, "error", err.Error())
		},
	})
}

// ServeHTTP answers one request.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.handler.ServeHTTP(w, r) }

// shutdownTimeout is how long requests in progress have to end once Serve is to stop.
const shutdownTimeout = 10 * time.Second

// Serve answers requests on a listener until ctx ends. Then /readyz says so, and requests in
// progress have 10 seconds to end. Serve fails if they do not, or if the listener does.
func (g *Gateway) Serve(ctx context.Context, listener net.Listener) error {
	server := g.server()
	failed := make(chan error, 1)
	go func() {
		failed <- server.Serve(netutil.LimitListener(listener, g.options.MaxConnections))
	}()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	g.health.stopping.Store(true)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(end); err != nil {
		return fmt.Errorf("requests were still under way after %v: %w", shutdownTimeout, err)
	}
	return nil
}

// server returns a server that has a limit for every wait.
func (g *Gateway) server() *http.Server {
	return &http.Server{
		Handler:           g,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      g.options.RequestTimeout + 15*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(g.options.Log.Handler(), slog.LevelWarn),
	}
}

// Scopes returns every scope that a caller can be given: those of the schema, and those of HTTP.
func Scopes() access.Scopes {
	scopes := []string{string(anyDocument), string(readStatus)}
	for _, scope := range graph.Scopes() {
		scopes = append(scopes, string(scope))
	}
	return access.ScopesOf(scopes...)
}
