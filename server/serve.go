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

type serveFlags struct {
	databaseFlags `embed:""`

	Addr            listenAddress `env:"ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (default ${default})."`
	RequestTimeout  duration      `env:"REQUEST_TIMEOUT" default:"10s" placeholder:"100ms..5m" help:"The longest that an answer may take (default ${default})."`
	SourceTimeout   duration      `env:"SOURCE_TIMEOUT" default:"4s" placeholder:"100ms..5m" help:"The longest that one source may take to answer (default ${default}). The others' answers go on without it. Less than half of the request timeout, or one source may take the time of all."`
	MaxConcurrent   number        `name:"max-concurrent-requests" env:"MAX_CONCURRENT_REQUESTS" default:"64" placeholder:"1..10000" help:"How many requests are executed at once (default ${default}). Twice as many wait, for a second at most; others are answered 503."`
	LogFormat       word          `env:"LOG_FORMAT" default:"text" placeholder:"text|json" help:"How logs are written (default ${default})."`
	SampleResidents number        `env:"SAMPLE_RESIDENTS" default:"10000" placeholder:"${residents}" help:"How many sample residents the gateway's own PostgreSQL is given (default ${default})."`

	MaxConnections number `env:"MAX_CONNECTIONS" default:"1024" placeholder:"1..100000" help:"The most connections that are open at once; others wait (default ${default})."`
	MaxBody        number `env:"MAX_BODY_BYTES" default:"262144" placeholder:"1024..1048576" help:"The largest body of a request, in bytes (default ${default})."`
	MaxCost        number `env:"MAX_COST" default:"${operation_cost}" placeholder:"1000..1000000" help:"The most that one operation may cost (default ${default})."`

	Callers callerFlags `embed:"" group:"Flags about who may ask:"`

	now func() time.Time // in London
}

// AfterApply reads what the flags name. It returns an error with every fault that no flag has by
// itself.
func (f *serveFlags) AfterApply(p *program) error {
	f.now = p.now
	return f.Callers.read(p.now)
}

// sampleSeed is what the residents are made from that the gateway loads by itself.
const sampleSeed = 1

// Run serves until ctx ends, then finishes what is under way.
func (f *serveFlags) Run(ctx context.Context, p *program) (err error) {
	// A taken address is told before anything is started for it.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", string(f.Addr))
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; ADDR names another address", f.Addr, err)
	}
	defer listener.Close()

	database, err := f.open(ctx, p)
	if err != nil {
		return err
	}
	defer closeInto(&err, database.close)
	if err := f.prepare(ctx, p, database); err != nil {
		return err
	}
	if err := database.toServe(ctx, &f.databaseFlags); err != nil {
		return err
	}
	auth, err := f.openAuth(ctx, database)
	if err != nil {
		return err
	}
	log := slog.New(f.logHandler(p))
	gateway, err := f.gateway(ctx, database, auth, log)
	if err != nil {
		return err
	}
	f.sayWhere(p, listener.Addr().String(), auth)
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

func (f *serveFlags) sayWhere(p *program, addr string, auth web.AuthMethods) {
	url := "http://" + addr
	if isChosen(f.Callers.Playground, auth) {
		p.say("Playground  %s/", url)
	}
	p.say("GraphQL     %s/graphql", url)
	p.say("Status      %s/status", url)
	if f.servesREST() {
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
func isChosen(configured *truth, auth web.AuthMethods) bool {
	if configured != nil {
		return bool(*configured)
	}
	return auth.Developer != nil
}

func (f *serveFlags) servesREST() bool {
	return slices.Contains(names(f.inUse()), rest.Source)
}

// openAuth returns how callers authenticate. It fails where they cannot, unless there is nothing to
// hide from anyone who could send a request.
func (f *serveFlags) openAuth(ctx context.Context, database *database) (web.AuthMethods, error) {
	auth := web.AuthMethods{
		Keys: access.NewKeys(access.KeysOptions{
			DB: cmp.Or(database.door, database.DB), Now: f.now,
		}),
		Issuer: f.Callers.issuer,
	}
	if auth.Issuer != nil {
		return auth, nil
	}
	hasKeys, err := auth.Keys.AnyValid(ctx)
	if err != nil || hasKeys {
		return auth, err
	}
	onlySamples := false
	if database.isOwn() && f.Addr.isLoopback() {
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

func (f *serveFlags) logHandler(p *program) slog.Handler {
	if f.LogFormat == "json" {
		return slog.NewJSONHandler(p.stderr, nil)
	}
	return slog.NewTextHandler(p.stderr, nil)
}

// prepare makes the gateway's own database ready, and looks whether another's is.
func (f *serveFlags) prepare(
	ctx context.Context, p *program, database *database,
) error {
	if err := database.bringForward(ctx); err != nil || !database.isOwn() {
		return err
	}
	set, err := database.openSources(f.sourceLimits())
	if err != nil {
		return err
	}
	empty, err := notLoaded(ctx, set)
	if err != nil {
		return err
	}
	kept := "gone when it stops"
	if f.Data != "" {
		kept = "kept in " + f.Data
	}
	if len(empty) == 0 {
		p.say("Residents as they were, in a PostgreSQL of its own, %s.", kept)
		return nil
	}
	started := f.now()
	bar := newProgress(p.stderr, f.now)
	show := bar.show
	if f.SampleResidents <= 20_000 {
		show = nil // it is done before a bar could be read
	}
	err = database.seed(ctx, empty, plug.Sample{
		Residents: int(f.SampleResidents), Seed: sampleSeed, Today: sampleDay(),
		Options: sample.Options{Now: f.now, Progress: show},
	})
	bar.end()
	if err != nil {
		return err
	}
	p.say("A sample of %d residents for each source, none of them real, loaded in %v, in a PostgreSQL"+
		" of its own, %s.", f.SampleResidents, f.now().Sub(started).Round(10*time.Millisecond), kept)
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
func (f *serveFlags) gateway(
	ctx context.Context, database *database, auth web.AuthMethods, log *slog.Logger,
) (*web.Gateway, error) {
	secret, err := db.CursorKey(ctx, database.DB)
	if err != nil {
		return nil, err
	}
	set, err := database.openSources(f.sourceLimits())
	if err != nil {
		return nil, err
	}
	return web.New(web.Options{
		Auth: auth, Documents: f.Callers.documents,
		Purposes: web.Purposes{
			Allowed: f.Callers.Purposes, Required: bool(f.Callers.PurposeRequired),
		},
		Proxies: f.Callers.TrustedProxies, Origins: f.Callers.CORSOrigins,
		Sources: set, CursorKey: secret, PingDatabase: database.PingContext,
		Recorder:       access.NewRecorder(cmp.Or(database.door, database.DB)),
		RequestTimeout: time.Duration(f.RequestTimeout), MaxConnections: int(f.MaxConnections),
		MaxConcurrent: int(f.MaxConcurrent), MaxBody: int64(f.MaxBody), MaxCost: int(f.MaxCost),
		RequestsPerMinute: int(f.Callers.RequestsPerMinute),
		CostPerMinute:     int(f.Callers.CostPerMinute),
		FailuresPerMinute: int(f.Callers.FailuresPerMinute),
		OpenSchema:        isChosen(f.Callers.OpenSchema, auth),
		Playground:        isChosen(f.Callers.Playground, auth), REST: f.servesREST(),
		Now: f.now, Log: log,
	})
}

// sourceLimits are what one source may hold of the gateway: its connections, and no more.
func (f *serveFlags) sourceLimits() source.Limits {
	limits := source.DefaultLimits(f.now)
	limits.Timeout, limits.AtOnce = time.Duration(f.SourceTimeout), int(f.Connections)
	return limits
}
