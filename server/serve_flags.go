package main

import (
	"context"
	"time"
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

	config serveConfig // once AfterApply has made it
}

// AfterApply makes the configuration. It returns an error with every fault that no flag has by
// itself.
func (f *serveFlags) AfterApply(p *program) error {
	callers, err := f.Callers.config(p.now)
	f.config = serveConfig{
		database:       f.databaseFlags.config(),
		callers:        callers,
		now:            p.now,
		addr:           string(f.Addr),
		requestTimeout: time.Duration(f.RequestTimeout),
		sourceTimeout:  time.Duration(f.SourceTimeout),
		atOnce:         int(f.MaxConcurrent),
		maxConnections: int(f.MaxConnections),
		maxBody:        int64(f.MaxBody),
		maxCost:        int(f.MaxCost),
		logFormat:      string(f.LogFormat),
		residents:      int(f.SampleResidents),
	}
	return err
}

// Run answers requests.
func (f *serveFlags) Run(ctx context.Context, p *program) error { return f.config.run(ctx, p) }
