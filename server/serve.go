package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/graph"
)

type serveConfig struct {
	database       databaseConfig
	addr           string
	requestTimeout time.Duration
	atOnce         int // how many requests are executed at once
	logFormat      string
	residents      int
}

// sampleSeed is what the residents are made from that the gateway loads by itself.
const sampleSeed = 1

// run serves until ctx ends, then finishes what is under way.
func (c serveConfig) run(ctx context.Context, p *program) (err error) {
	now, err := londonClock()
	if err != nil {
		return err
	}
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
	if err := c.prepare(ctx, p, database, now); err != nil {
		return err
	}
	log := slog.New(c.logHandler(p))
	handler, err := c.handler(ctx, database, now, log)
	if err != nil {
		return err
	}
	url := "http://" + listener.Addr().String()
	p.say("Playground  %s/\nGraphQL     %s/graphql\nREST        %s/api/v1/residents\n"+
		"Stop with Ctrl-C.", url, url, url)
	return c.serve(ctx, listener, handler, database, log)
}

func (c serveConfig) logHandler(p *program) slog.Handler {
	if c.logFormat == "json" {
		return slog.NewJSONHandler(p.stderr, nil)
	}
	return slog.NewTextHandler(p.stderr, nil)
}

// prepare makes the gateway's own database ready, and looks whether another's is.
func (c serveConfig) prepare(
	ctx context.Context, p *program, database *database, now func() time.Time,
) error {
	if err := database.bringForward(ctx); err != nil || !database.isOwn() {
		return err
	}
	set, err := openSources(database.DB, now)
	if err != nil {
		return err
	}
	loaded, err := isLoaded(ctx, set)
	if err != nil {
		return err
	}
	kept := "gone when it stops"
	if c.database.dataDir != "" {
		kept = "kept in " + c.database.dataDir
	}
	if loaded {
		p.say("Sample residents, none of them real, as they were, in a PostgreSQL of its own, %s.", kept)
		return nil
	}
	started := now()
	bar := newProgress(p.stderr, now)
	show := bar.show
	if c.residents <= 20_000 {
		show = nil // it is done before a bar could be read
	}
	err = seedAll(ctx, database, sample{
		residents: c.residents, seed: sampleSeed, now: now, progress: show,
	})
	bar.end()
	if err != nil {
		return err
	}
	p.say("%d sample residents, none of them real, loaded in %v, in a PostgreSQL of its own, %s.",
		c.residents, now().Sub(started).Round(10*time.Millisecond), kept)
	return nil
}

// checkSchema fails when the database lacks what this release reads. One that is ahead of it is
// well: the release before stays in service while the next is rolled out.
func checkSchema(ctx context.Context, database *database) error {
	all, err := db.Status(ctx, database.DB, schemas()...)
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
	ctx context.Context, database *database, now func() time.Time, log *slog.Logger,
) (http.Handler, error) {
	secret, err := db.CursorKey(ctx, database.DB)
	if err != nil {
		return nil, err
	}
	set, err := openSources(database.DB, now)
	if err != nil {
		return nil, err
	}
	g, err := graph.New(graph.Options{
		Sources:   set,
		CursorKey: secret,
		Report: func(ctx context.Context, err error) {
			log.ErrorContext(ctx, "a field failed", "request", requestID(ctx), "error", err.Error())
		},
	})
	if err != nil {
		return nil, err
	}
	return newHandler(handlerParts{
		graph:    g,
		health:   &health{database: database.DB, sources: set},
		timeout:  c.requestTimeout,
		queue:    newQueue(c.atOnce, patience),
		log:      log,
		now:      now,
		newID:    randomID,
		stopping: ctx.Done(),
	}), nil
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
