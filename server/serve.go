package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/server/web"
	"github.com/LBHackney-IT/resident-gateway/server/web/rest"
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
	auth, err := c.openAuth(ctx, database)
	if err != nil {
		return err
	}
	log := slog.New(c.logHandler(p))
	gateway, err := c.gateway(ctx, database, auth, log)
	if err != nil {
		return err
	}
	c.sayWhere(p, listener.Addr().String(), auth)
	served := make(chan error, 1)
	go func() { served <- gateway.Serve(ctx, listener) }()
	select {
	case err := <-served:
		return err
	case <-database.stopped():
	}
	if ctx.Err() != nil { // the gateway was told to stop first
		return <-served
	}
	return errors.New("the gateway's own PostgreSQL has ended")
}

func (c serveConfig) sayWhere(p *program, addr string, auth web.AuthMethods) {
	url := "http://" + addr
	if isChosen(c.callers.playground, auth) {
		p.say("Playground  %s/", url)
	}
	p.say("GraphQL     %s/graphql", url)
	p.say("Status      %s/status", url)
	if c.servesREST() {
		p.say("REST        %s/api/v1/residents", url)
	}
	if auth.Developer != nil {
		p.say("Anyone on this machine may ask for anything: there is nobody real in it.")
	} else {
		needs := "a key"
		if auth.Issuer != nil {
			needs += ", or a token of the identity provider"
		}
		p.say("Who asks needs %s.", needs)
	}
	p.say("Stop with Ctrl-C.")
}

// isChosen returns what is configured, and what suits a developer where nothing is.
func isChosen(configured *bool, auth web.AuthMethods) bool {
	if configured != nil {
		return *configured
	}
	return auth.Developer != nil
}

func (c serveConfig) servesREST() bool {
	return slices.Contains(names(c.database.inUse), rest.Source)
}

// openAuth returns how callers authenticate. It fails where they cannot, unless there is nothing to
// hide from anyone who could send a request.
func (c serveConfig) openAuth(ctx context.Context, database *database) (web.AuthMethods, error) {
	auth := web.AuthMethods{Keys: access.NewKeys(access.KeysOptions{
		DB: cmp.Or(database.door, database.DB), Now: c.now,
	})}
	if c.callers.issuer != nil {
		var err error
		if auth.Issuer, err = access.NewIssuer(*c.callers.issuer); err != nil {
			return auth, err
		}
		return auth, nil
	}
	hasKeys, err := auth.Keys.AnyValid(ctx)
	if err != nil || hasKeys {
		return auth, err
	}
	onlySamples := false
	if database.isOwn() && isLoopback(c.addr) {
		if onlySamples, err = db.HasOnlySamples(ctx, database.DB); err != nil {
			return auth, err
		}
	}
	if !onlySamples {
		return auth, errors.New("nobody could be told from anybody else: make a key with" +
			" `go run ./server key create`, or set OIDC_ISSUER. Without either, only sample residents" +
			" are served, from the gateway's own PostgreSQL, on a loopback address")
	}
	auth.Developer = &access.Caller{
		Kind: access.Developer, ID: "local", Name: "developer", Scopes: web.Scopes(),
	}
	return auth, nil
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

// notLoaded returns the sources that have never been loaded.
func notLoaded(ctx context.Context, set *source.Set) ([]resident.SourceName, error) {
	var empty []resident.SourceName
	for _, s := range set.All() {
		freshness, err := s.Freshness(ctx)
		if err != nil {
			return nil, err
		}
		if freshness.State == source.NotLoaded {
			empty = append(empty, s.About().Name)
		}
	}
	return empty, nil
}

// gateway returns what answers requests over an open database.
func (c serveConfig) gateway(
	ctx context.Context, database *database, auth web.AuthMethods, log *slog.Logger,
) (*web.Gateway, error) {
	secret, err := db.CursorKey(ctx, database.DB)
	if err != nil {
		return nil, err
	}
	set, err := database.openSources(c.sourceLimits())
	if err != nil {
		return nil, err
	}
	return web.New(web.Options{
		Auth: auth, Purposes: c.callers.purposes, Documents: c.callers.documents,
		Proxies: c.callers.proxies, Origins: c.callers.origins,
		Sources: set, CursorKey: secret, PingDatabase: database.PingContext,
		Recorder:       access.NewRecorder(cmp.Or(database.door, database.DB)),
		RequestTimeout: c.requestTimeout, MaxConnections: c.maxConnections,
		MaxConcurrent: c.atOnce, MaxBody: c.maxBody, MaxCost: c.maxCost,
		RequestsPerMinute: c.callers.requestsPerMinute, CostPerMinute: c.callers.costPerMinute,
		FailuresPerMinute: c.callers.failuresPM,
		OpenSchema:        isChosen(c.callers.openSchema, auth),
		Playground:        isChosen(c.callers.playground, auth), REST: c.servesREST(),
		Now: c.now, Log: log,
	})
}

// sourceLimits are what one source may hold of the gateway: its connections, and no more.
func (c serveConfig) sourceLimits() source.Limits {
	limits := source.DefaultLimits(c.now)
	limits.Timeout, limits.AtOnce = c.sourceTimeout, c.database.connections
	return limits
}

// isLoopback is whether an address can be reached from this machine alone.
func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	return access.IsLoopback(host)
}
