package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/netutil"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/server/web/metrics"
	"github.com/LBHackney-IT/resident-gateway/server/web/rest"
	"github.com/LBHackney-IT/resident-gateway/server/web/status"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

type serveConfig struct {
	database       databaseConfig
	callers        callerConfig
	now            func() time.Time // in London
	addr           string
	requestTimeout time.Duration
	sourceTimeout  time.Duration // for one question put to one source
	atOnce         int           // how many requests are executed at once
	maxConnections int           // that are open at once
	maxBody        int64         // in bytes
	maxCost        int           // of an operation
	logFormat      string
	residents      int
}

// sampleSeed is what the residents are made from that the gateway loads by itself.
const sampleSeed = 1

// run serves until ctx ends, then finishes what is under way.
func (c serveConfig) run(ctx context.Context, p *program) (err error) {
	// A taken address is told before anything is started for it.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.addr)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; ADDR names another address", c.addr, err)
	}
	defer listener.Close()

	database, err := c.database.open(ctx, p)
	if err != nil {
		return err
	}
	defer closeInto(&err, database.close)
	if err := c.prepare(ctx, p, database); err != nil {
		return err
	}
	if err := database.toServe(ctx, c.database); err != nil {
		return err
	}
	who, err := c.whoMayAsk(ctx, database)
	if err != nil {
		return err
	}
	log := slog.New(c.logHandler(p))
	handler, err := c.handler(ctx, database, who, log)
	if err != nil {
		return err
	}
	c.sayWhere(p, listener.Addr().String(), who)
	listener = netutil.LimitListener(listener, c.maxConnections)
	return c.serve(ctx, listener, handler, database, log)
}

func (c serveConfig) sayWhere(p *program, addr string, who askers) {
	url := "http://" + addr
	if c.servesPlayground(who) {
		p.say("Playground  %s/", url)
	}
	p.say("GraphQL     %s/graphql", url)
	p.say("Status      %s/status", url)
	if c.servesREST() {
		p.say("REST        %s/api/v1/residents", url)
	}
	if who.developer != nil {
		p.say("Anyone on this machine may ask for anything: there is nobody real in it.")
	} else {
		needs := "a key"
		if who.issuer != nil {
			needs += ", or a token of the identity provider"
		}
		p.say("Who asks needs %s.", needs)
	}
	p.say("Stop with Ctrl-C.")
}

func (c serveConfig) servesPlayground(who askers) bool {
	if c.callers.playground != nil {
		return *c.callers.playground
	}
	return who.developer != nil
}

func (c serveConfig) servesREST() bool {
	return slices.Contains(names(c.database.inUse), rest.Source)
}

func (c serveConfig) opensSchema(who askers) bool {
	if c.callers.openSchema != nil {
		return *c.callers.openSchema
	}
	return who.developer != nil
}

// askers are who may ask.
type askers struct {
	keys      *access.Keys
	issuer    *access.Issuer // nil where there is no identity provider
	developer *access.Caller // who asks without a credential; nil where nobody may
}

// whoMayAsk fails where callers cannot be told apart, unless there is nothing to hide from anyone
// who could ask.
func (c serveConfig) whoMayAsk(ctx context.Context, database *database) (askers, error) {
	who := askers{keys: access.NewKeys(access.KeysOptions{
		DB: cmp.Or(database.door, database.DB), Now: c.now,
	})}
	if c.callers.issuer != nil {
		var err error
		if who.issuer, err = access.NewIssuer(*c.callers.issuer); err != nil {
			return who, err
		}
		return who, nil
	}
	hasKeys, err := who.keys.AnyValid(ctx)
	if err != nil || hasKeys {
		return who, err
	}
	onlySamples := false
	if database.isOwn() && isLoopback(c.addr) {
		if onlySamples, err = db.HasOnlySamples(ctx, database.DB); err != nil {
			return who, err
		}
	}
	if !onlySamples {
		return who, errors.New("nobody could be told from anybody else: make a key with" +
			" `go run ./server key create`, or set OIDC_ISSUER. Without either, only sample residents" +
			" are served, from the gateway's own PostgreSQL, on a loopback address")
	}
	who.developer = &access.Caller{
		Kind: access.Developer, ID: "local", Name: "developer", Scopes: allScopes(),
	}
	return who, nil
}

func (c serveConfig) logHandler(p *program) slog.Handler {
	if c.logFormat == "json" {
		return slog.NewJSONHandler(p.stderr, nil)
	}
	return slog.NewTextHandler(p.stderr, nil)
}

// prepare makes the gateway's own database ready, and looks whether another's is.
func (c serveConfig) prepare(
	ctx context.Context, p *program, database *database,
) error {
	if err := database.bringForward(ctx); err != nil || !database.isOwn() {
		return err
	}
	set, err := database.openSources(c.sourceLimits())
	if err != nil {
		return err
	}
	empty, err := notLoaded(ctx, set)
	if err != nil {
		return err
	}
	kept := "gone when it stops"
	if c.database.dataDir != "" {
		kept = "kept in " + c.database.dataDir
	}
	if len(empty) == 0 {
		p.say("Residents as they were, in a PostgreSQL of its own, %s.", kept)
		return nil
	}
	started := c.now()
	bar := newProgress(p.stderr, c.now)
	show := bar.show
	if c.residents <= 20_000 {
		show = nil // it is done before a bar could be read
	}
	err = database.seed(ctx, empty, plug.Sample{
		Residents: c.residents, Seed: sampleSeed, Today: sampleDay(),
		Options: sample.Options{Now: c.now, Progress: show},
	})
	bar.end()
	if err != nil {
		return err
	}
	p.say("A sample of %d residents for each source, none of them real, loaded in %v, in a PostgreSQL"+
		" of its own, %s.", c.residents, c.now().Sub(started).Round(10*time.Millisecond), kept)
	return nil
}

// checkSchema fails when the database lacks what this release reads. One that is ahead of it is
// well: the release before stays in service while the next is rolled out.
func checkSchema(ctx context.Context, database *database) error {
	all, err := db.Status(ctx, database.DB, database.schemas()...)
	if err != nil {
		return err
	}
	var behind []string
	for _, s := range all {
		if len(s.Pending) > 0 && !s.Newer() {
			behind = append(behind, s.Name)
		}
	}
	if len(behind) > 0 {
		return fmt.Errorf("the database is behind this release in %s: "+
			"run `go run ./server migrate` first", strings.Join(behind, " and "))
	}
	return nil
}

// handler puts the parts together that answer requests.
func (c serveConfig) handler(
	ctx context.Context, database *database, who askers, log *slog.Logger,
) (http.Handler, error) {
	secret, err := db.CursorKey(ctx, database.DB)
	if err != nil {
		return nil, err
	}
	set, err := database.openSources(c.sourceLimits())
	if err != nil {
		return nil, err
	}
	recorder := access.NewRecorder(cmp.Or(database.door, database.DB))
	g, err := graph.New(graph.Options{
		Sources:   set,
		CursorKey: secret,
		Record: func(ctx context.Context, record access.Record) error {
			record.RequestID, record.Purpose = requestID(ctx), visitOf(ctx).purpose
			return recorder.Write(ctx, record)
		},
		Charge: charge(c.limiter(
			c.callers.costPerMinute, max(c.callers.costPerMinute/atOnceOfMinute, c.maxCost))),
		MaxCost:    c.maxCost,
		OpenSchema: c.opensSchema(who),
		Now:        c.now,
		Report: func(ctx context.Context, err error) {
			log.ErrorContext(ctx, "an answer failed", "request", requestID(ctx), "error", err.Error())
		},
	})
	if err != nil {
		return nil, err
	}
	door, err := c.door(who, log)
	if err != nil {
		return nil, err
	}
	watcher := &status.Watcher{Sources: set, Timeout: readyTimeout, Now: c.now}
	page, err := status.Handler(watcher)
	if err != nil {
		return nil, err
	}
	return newHandler(handlerParts{
		graph: g,
		health: &health{
			database: database.DB, sources: set, recorder: recorder, keys: who.keys,
		},
		door:       door,
		documents:  c.callers.documents,
		maxBody:    c.maxBody,
		playground: c.servesPlayground(who),
		rest:       c.servesREST(),
		origins:    c.callers.origins,
		timeout:    c.requestTimeout,
		queue:      newQueue(c.atOnce),
		log:        log,
		now:        c.now,
		newID:      randomID,
		stopping:   ctx.Done(),
		status:     page,
		metrics:    metrics.Handler(watcher),
	}), nil
}

// sourceLimits are what one source may hold of the gateway: its connections, and no more.
func (c serveConfig) sourceLimits() source.Limits {
	limits := source.DefaultLimits(c.now)
	limits.Timeout, limits.AtOnce = c.sourceTimeout, c.database.connections
	return limits
}

// rememberedCallers is how many callers, or addresses, are counted at once.
const rememberedCallers = 10_000

// atOnceOfMinute is which part of what may be asked in a minute may be asked at once: as much as in
// ten seconds.
const atOnceOfMinute = 6

func (c serveConfig) limiter(perMinute, atOnce int) *access.Limiter {
	return access.NewLimiter(perMinute, atOnce, rememberedCallers, c.now)
}

func (c serveConfig) door(who askers, log *slog.Logger) (*door, error) {
	sites := http.NewCrossOriginProtection()
	for _, origin := range c.callers.origins {
		if err := sites.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("origin %s: %w", origin, err)
		}
	}
	return &door{
		keys:      who.keys,
		issuer:    who.issuer,
		developer: who.developer,
		failures:  c.limiter(c.callers.failuresPM, c.callers.failuresPM),
		requests: c.limiter(c.callers.requestsPerMinute,
			(c.callers.requestsPerMinute+atOnceOfMinute-1)/atOnceOfMinute),
		proxies:  c.callers.proxies,
		purposes: c.callers.purposes,
		sites:    sites,
		now:      c.now,
		log:      log,
		warned:   make(map[string]time.Time),
	}, nil
}

// grace is how long requests under way have to end, once the gateway is told to stop.
const grace = 10 * time.Second

func (c serveConfig) serve(
	ctx context.Context, listener net.Listener, handler http.Handler, database *database,
	log *slog.Logger,
) error {
	server := c.httpServer(handler, log)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-database.stopped():
		_ = server.Close()
		return errors.New("the gateway's own PostgreSQL has ended")
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(end); err != nil {
		return fmt.Errorf("requests were still under way after %v: %w", grace, err)
	}
	return nil
}

// httpServer waits for nobody without end.
func (c serveConfig) httpServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      c.requestTimeout + 15*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
