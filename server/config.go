package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// A command is what the program was asked to do, with its configuration checked.
type command func(context.Context, *program) error

// An invocation is what a command is made from. The flags of each command have a method Run, which
// checks them, sets asked and returns every fault. A command without one fails, and
// TestEveryCommandRuns finds it.
type invocation struct {
	checker

	given    *flags
	database databaseConfig
	now      func() time.Time
	asked    command
}

// parse returns the command that the arguments and the environment ask for. It returns nil, and no
// error, when all that was asked for was help.
func parse(args []string, getenv func(string) string, stdout io.Writer) (command, error) {
	given, chosen, err := parseFlags(args, getenv, stdout)
	if err != nil || chosen == nil {
		return nil, err
	}
	now, err := londonClock()
	if err != nil {
		return nil, err
	}
	i := &invocation{given: given, now: now}
	i.database = i.checker.database(given)
	if err := chosen.Run(i); err != nil {
		return nil, err
	}
	return i.asked, nil
}

// parseFlags returns what is given, with the command that is chosen. It returns nil for help.
func parseFlags(
	args []string, getenv func(string) string, stdout io.Writer,
) (given *flags, chosen *kong.Context, err error) {
	given = new(flags)
	helped := false
	parser, err := newParser(given, getenv, stdout, func() { helped = true })
	if err != nil {
		return nil, nil, fmt.Errorf("configuration: %w", err)
	}
	chosen, err = parser.Parse(args)
	switch {
	case helped:
		return nil, nil, nil
	case err != nil && strings.Contains(err.Error(), access.KeyPrefix):
		return nil, nil, errors.New("an argument looks like a key, which is for none; --help lists what" +
			" there is")
	case err != nil:
		return nil, nil, fmt.Errorf("%w; --help lists what there is", err)
	}
	return given, chosen, nil
}

func newParser(
	given *flags, getenv func(string) string, stdout io.Writer, helped func(),
) (*kong.Kong, error) {
	return kong.New(given,
		kong.Name("resident-gateway"),
		kong.Description("One GraphQL endpoint for who a council's residents are and how to reach them."),
		kong.Writers(stdout, stdout),
		kong.Vars{"version": version()},
		kong.Exit(func(int) { helped() }),
		kong.Resolvers(fromEnvironment(getenv)),
		kong.ExplicitGroups([]kong.Group{
			{Key: "serve", Title: "Flags of serve:"},
			{Key: "callers", Title: "Flags of serve, about who may ask:"},
		}),
	)
}

// version returns the module version and the commit that the program was built from, such as
// `v1.2.0 (0f1e2d3c)`. A build outside a checkout knows neither and is `(devel)`.
func version() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "(devel)"
	}
	for _, setting := range build.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) > 8 {
			return build.Main.Version + " (" + setting.Value[:8] + ")"
		}
	}
	return cmp.Or(build.Main.Version, "(devel)")
}

func (c *checker) database(given *flags) databaseConfig {
	config := databaseConfig{
		url: given.DatabaseURL, dataDir: given.Data,
		connections: c.number("DATABASE_CONNECTIONS (--connections)", given.Connections, 2, 1000),
		inUse:       c.sources("SOURCES (--sources)", given.Sources),
	}
	if config.url != "" {
		if _, err := db.Connector(config.url); err != nil {
			c.fault("DATABASE_URL (--database-url)", "cannot be read: %w", err)
		}
	}
	if config.url != "" && config.dataDir != "" {
		c.fault("DATA_DIR (--data)",
			"is for the gateway's own PostgreSQL, and DATABASE_URL names another")
	}
	return config
}

// kept finds fault with a database that is gone when the command ends, and with a folder that is
// not there, unless the command may make one.
func (c *checker) kept(from databaseConfig, mayMake bool) {
	if from.url == "" && from.dataDir == "" {
		c.fault("DATABASE_URL or --data", "says which database: the one that the gateway makes for"+
			" itself is gone when it stops")
	}
	if from.dataDir == "" || mayMake {
		return
	}
	if _, err := os.Stat(from.dataDir); err != nil {
		c.fault("DATA_DIR (--data)", "names no folder that there is")
	}
}

// Run answers requests.
func (*serveFlags) Run(i *invocation) error {
	i.asked = i.serve(i.given, i.database, i.now).run
	return i.err()
}

func (c *checker) serve(
	given *flags, database databaseConfig, now func() time.Time,
) serveConfig {
	return serveConfig{
		database:       database,
		callers:        c.callers(&given.Callers, now),
		now:            now,
		addr:           c.addr("ADDR (--addr)", given.Addr),
		requestTimeout: c.duration("REQUEST_TIMEOUT (--request-timeout)", given.RequestTimeout),
		sourceTimeout:  c.duration("SOURCE_TIMEOUT (--source-timeout)", given.SourceTimeout),
		atOnce: c.number("MAX_CONCURRENT_REQUESTS (--max-concurrent-requests)",
			given.MaxConcurrent, 1, 10_000),
		maxConnections: c.number(
			"MAX_CONNECTIONS (--max-connections)", given.MaxConnections, 1, 100_000),
		maxBody:   int64(c.number("MAX_BODY_BYTES (--max-body)", given.MaxBody, 1<<10, 1<<20)),
		maxCost:   c.number("MAX_COST (--max-cost)", given.MaxCost, 1_000, 1_000_000),
		logFormat: c.oneOf("LOG_FORMAT (--log-format)", given.LogFormat, "text", "json"),
		residents: c.number(
			"SAMPLE_RESIDENTS (--sample-residents)", given.SampleResidents, 1, maxSample),
	}
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

// sources are those that are named, in the order of the table; all, where none is.
func (c *checker) sources(name, given string) []plug.Plug {
	all := catalogue.Sources()
	if given == "" {
		return all
	}
	known, named := make([]string, len(all)), make(map[string]bool)
	for i, p := range all {
		known[i] = pgSchema(p.Name)
	}
	for _, word := range listed(given) {
		word = strings.ToLower(word)
		named[word] = true
		if !slices.Contains(known, word) {
			c.fault(name, "lists some of %s", strings.Join(known, ", "))
			return nil
		}
	}
	if len(named) == 0 {
		c.fault(name, "names no source")
	}
	return slices.DeleteFunc(all, func(p plug.Plug) bool { return !named[pgSchema(p.Name)] })
}

// loaded is the source of that name, which is to be one that is loaded by files.
func (c *checker) loaded(name, given string, inUse []plug.Plug) plug.Plug {
	var known []string
	for _, p := range inUse {
		if p.LoadFile == nil {
			continue
		}
		if pgSchema(p.Name) == strings.ToLower(given) {
			return p
		}
		known = append(known, pgSchema(p.Name))
	}
	c.fault(name, "is one that is loaded by files: %s", strings.Join(known, ", "))
	return plug.Plug{}
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

// addr is where to listen: a host, or nothing for every one that the machine has, and a port.
func (c *checker) addr(name, given string) string {
	host, port, err := net.SplitHostPort(given)
	if err != nil {
		c.fault(name, "is a host and a port, such as 127.0.0.1:8080")
		return ""
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		c.fault(name, "has a port from 0 to 65535")
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "localhost" && host != "" {
		c.fault(name, "has an address of this machine, such as 127.0.0.1 or 0.0.0.0, or localhost")
	}
	return given
}

// isLoopback is whether an address can be reached from this machine alone.
func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	return access.IsLoopback(host)
}
