package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/alecthomas/kong"

	"github.com/LBHackney-IT/resident-gateway/db"
)

// flags are all that can be set, as it is written. They are strings so that every fault is found,
// and named, at once.
type flags struct {
	DatabaseURL string `env:"DATABASE_URL" placeholder:"URL" help:"Use this PostgreSQL, and load nothing into it. Without it the gateway starts one of its own."`
	Data        string `env:"DATA_DIR" placeholder:"DIR" help:"Keep the gateway's own PostgreSQL in this folder. Without it, it is gone when the gateway stops."`
	Connections string `env:"DATABASE_CONNECTIONS" default:"16" placeholder:"N" help:"The most connections to the database, from 2 to 1000 (default ${default})."`

	// Those of serve stand here, so that the first --help lists all that can be set.
	Addr            string `group:"serve" env:"ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (default ${default})."`
	RequestTimeout  string `group:"serve" env:"REQUEST_TIMEOUT" default:"10s" placeholder:"TIME" help:"The longest that an answer may take, from 100ms to 5m (default ${default})."`
	MaxConcurrent   string `name:"max-concurrent-requests" group:"serve" env:"MAX_CONCURRENT_REQUESTS" default:"64" placeholder:"N" help:"How many requests are executed at once, from 1 to 10000 (default ${default}). Twice as many wait, for a second at most; others are answered 503."`
	LogFormat       string `group:"serve" env:"LOG_FORMAT" default:"text" placeholder:"FORMAT" help:"How logs are written: text or json (default ${default})."`
	SampleResidents string `group:"serve" env:"SAMPLE_RESIDENTS" default:"10000" placeholder:"N" help:"How many sample residents the gateway's own PostgreSQL is given, from 1 to 10 million (default ${default})."`

	Serve   struct{}     `cmd:"" default:"1" help:"Answer requests. This is the default."`
	Migrate migrateFlags `cmd:"" help:"Bring the schema of the database forward, and show where it stands."`
	Seed    seedFlags    `cmd:"" help:"Load sample residents, none of them real: the same ones for the same seed."`
}

type migrateFlags struct {
	Status bool `help:"Only show where the schema stands."`
}

type seedFlags struct {
	Residents string `default:"10000" placeholder:"N" help:"How many residents, from 1 to 10 million (default ${default})."`
	Seed      string `default:"1" placeholder:"S" help:"What the residents are made from: a whole number (default ${default})."`
	Replace   bool   `help:"Replace sample residents that are there. Others are never replaced."`
}

// A command is what the program was asked to do, with its configuration checked.
type command func(context.Context, *program) error

// parse returns the command that the arguments and the environment ask for. It returns nil, and no
// error, when all that was asked for was help.
func parse(args []string, getenv func(string) string, stdout io.Writer) (command, error) {
	var given flags
	helped := false
	parser, err := kong.New(&given,
		kong.Name("resident-gateway"),
		kong.Description("One GraphQL endpoint for who a council's residents are and how to reach them."),
		kong.Writers(stdout, stdout),
		kong.Exit(func(int) { helped = true }),
		kong.Resolvers(fromEnvironment(getenv)),
		kong.ExplicitGroups([]kong.Group{{Key: "serve", Title: "Flags of serve:"}}),
	)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	parsed, err := parser.Parse(args)
	if helped {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w; --help lists what there is", err)
	}
	var c checker
	database := databaseConfig{
		url: given.DatabaseURL, dataDir: given.Data,
		connections: c.number("DATABASE_CONNECTIONS (--connections)", given.Connections, 2, 1000),
	}
	if database.url != "" {
		if _, err := db.Connector(database.url); err != nil {
			c.fault("DATABASE_URL (--database-url)", "cannot be read: %w", err)
		}
	}
	if database.url != "" && database.dataDir != "" {
		c.fault("DATA_DIR (--data)",
			"is for the gateway's own PostgreSQL, and DATABASE_URL names another")
	}
	var asked command
	switch parsed.Command() {
	case "migrate":
		asked = migrateConfig{database, given.Migrate.Status}.run
	case "seed":
		asked = seedConfig{
			database:  database,
			residents: c.number("--residents", given.Seed.Residents, 1, maxSample),
			seed:      uint64(c.number("--seed", given.Seed.Seed, 0, maxSeed)), //nolint:gosec // from 0
			replace:   given.Seed.Replace,
		}.run
	default:
		asked = serveConfig{
			database:       database,
			addr:           c.loopback("ADDR (--addr)", given.Addr),
			requestTimeout: c.duration("REQUEST_TIMEOUT (--request-timeout)", given.RequestTimeout),
			atOnce: c.number("MAX_CONCURRENT_REQUESTS (--max-concurrent-requests)",
				given.MaxConcurrent, 1, 10_000),
			logFormat: c.oneOf("LOG_FORMAT (--log-format)", given.LogFormat, "text", "json"),
			residents: c.number(
				"SAMPLE_RESIDENTS (--sample-residents)", given.SampleResidents, 1, maxSample),
		}.run
	}
	return asked, c.err()
}

const (
	maxSample = 10_000_000
	maxSeed   = 1<<63 - 1
)

// fromEnvironment takes what no flag gives from the variable that the flag is tagged with.
func fromEnvironment(getenv func(string) string) kong.Resolver {
	return kong.ResolverFunc(func(
		_ *kong.Context, _ *kong.Path, flag *kong.Flag,
	) (any, error) {
		for _, name := range flag.Envs {
			if value := getenv(name); value != "" {
				return value, nil
			}
		}
		return nil, nil
	})
}

// A checker collects every fault of a configuration.
type checker struct{ faults []error }

func (c *checker) fault(name, format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf("%s "+format, append([]any{name}, args...)...))
}

func (c *checker) err() error {
	if len(c.faults) == 0 {
		return nil
	}
	return fmt.Errorf("the configuration has faults:\n%w", errors.Join(c.faults...))
}

func (c *checker) number(name, given string, least, most int) int {
	n, err := strconv.Atoi(given)
	if err != nil || n < least || n > most {
		c.fault(name, "is a whole number from %d to %d", least, most)
	}
	return n
}

func (c *checker) duration(name, given string) time.Duration {
	const least, most = 100 * time.Millisecond, 5 * time.Minute
	d, err := time.ParseDuration(given)
	if err != nil || d < least || d > most {
		c.fault(name, "is a time such as 10s, from %v to %v", least, most)
	}
	return d
}

func (c *checker) oneOf(name, given string, values ...string) string {
	for _, value := range values {
		if given == value {
			return value
		}
	}
	c.fault(name, "is one of %v", values)
	return ""
}

// loopback is an address of this machine alone: until callers can be told apart, nobody else may
// ask.
func (c *checker) loopback(name, given string) string {
	host, port, err := net.SplitHostPort(given)
	if err != nil {
		c.fault(name, "is a host and a port, such as 127.0.0.1:8080")
		return ""
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		c.fault(name, "has a port from 0 to 65535")
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		c.fault(name, "must be a loopback address, such as 127.0.0.1:8080: callers cannot be told"+
			" apart yet, so nothing is served to other machines")
	}
	return given
}
