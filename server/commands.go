package main

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph"
)

// commands are what the program can be asked for. Each has its flags, and a method Run.
type commands struct {
	Version kong.VersionFlag `help:"Print the version of the gateway."`

	Serve     serveFlags     `cmd:"" default:"withargs" help:"Answer requests. This is the default; serve --help lists its flags. Without a database, the gateway starts one with sample residents, which is gone when it stops."`
	Migrate   migrateFlags   `cmd:"" help:"Bring the schema of the database forward, and show where it stands."`
	Seed      seedFlags      `cmd:"" help:"Load sample residents, none of them real: the same ones for the same seed."`
	Load      loadFlags      `cmd:"" help:"Load a file that was exported from a source, in the place of all that is there of it."`
	Key       keyCommands    `cmd:"" help:"The keys of services."`
	AccessLog logCommands    `cmd:"" help:"The record of access: who saw whom, and what."`
	Schema    schemaFlags    `cmd:"" help:"Print the GraphQL schema, with the sources that are in use."`
	Migration migrations     `cmd:"" help:"The data migration service: from the systems of record to PostgreSQL."`
	NewSource newSourceFlags `cmd:"" help:"Write the folder of a new source into this repository, and list it: for those who change the gateway."`
}

// parse returns the command that the arguments and the environment ask for, or an error with every
// fault of theirs. It returns nil, and no error, after it has printed help or the version.
func parse(args []string, p *program) (*kong.Context, error) {
	line, err := newCommandLine(p)
	if err != nil {
		return nil, fmt.Errorf("flags: %w", err)
	}
	command, err := line.Parse(args)
	switch {
	case line.isDone:
		return nil, nil
	case err == nil && len(line.faults) == 0:
		return command, nil
	case err != nil && (strings.Contains(err.Error(), access.KeyPrefix) ||
		strings.Contains(err.Error(), "://")):
		err = errors.New("an argument looks like a key or an address, and no command takes it there")
	}
	return nil, fmt.Errorf("%w\n--help lists what there is", errors.Join(append(line.faults, err)...))
}

// A commandLine reads the arguments of one run of the program.
type commandLine struct {
	*kong.Kong

	faults []error // of the values of flags
	isDone bool    // since help or the version is all that was asked for
}

func newCommandLine(p *program) (*commandLine, error) {
	line := new(commandLine)
	var err error
	line.Kong, err = kong.New(new(commands),
		kong.Name("resident-gateway"),
		kong.Description("One GraphQL endpoint for who a council's residents are and how to reach them."),
		kong.Writers(p.stdout, p.stdout),
		kong.Vars{
			"version":        version(),
			"residents":      "1..10000000",
			"lifetime":       fmt.Sprintf("1m..%dd", access.MaxLifetime/oneDay),
			"overlap":        fmt.Sprintf("0s..%dd", access.MaxOverlap/oneDay),
			"operation_cost": strconv.Itoa(graph.DefaultMaxCost),
		},
		kong.Bind(p),
		kong.Exit(func(int) { line.isDone = true }),
		kong.Resolvers(fromEnvironment(p.getenv)),
	)
	if err != nil {
		return nil, err
	}
	return line, kong.Visit(line.Model, func(node kong.Visitable, next kong.Next) error {
		if value, ok := node.(*kong.Value); ok {
			// Help names the variable, which kong is not to read: it would repeat a value in an error.
			value.Help = kong.DefaultHelpValueFormatter(value)
			value.Tag.Envs = nil
			value.Mapper = kong.MapperFunc(collected(value.Mapper.Decode, func(fault error) {
				line.faults = append(line.faults, fmt.Errorf("%s %w", nameOf(value), fault))
			}))
		}
		return next(nil)
	})
}

// collected returns a decoder that reports the fault of a value, so that the next value is read.
func collected[V any](
	decode func(*kong.DecodeContext, V) error, report func(error),
) func(*kong.DecodeContext, V) error {
	return func(ctx *kong.DecodeContext, target V) error {
		isValue := ctx.Scan.Peek().IsValue()
		err := decode(ctx, target)
		if err == nil || !isValue { // then kong knows what is missing
			return err
		}
		report(err)
		return nil
	}
}

// nameOf returns what a fault calls a value, such as ADDR (--addr).
func nameOf(value *kong.Value) string {
	if value.Flag == nil || len(value.Flag.Envs) == 0 {
		return value.ShortSummary()
	}
	return fmt.Sprintf("%s (%s)", value.Flag.Envs[0], value.ShortSummary())
}

// fromEnvironment takes what no flag gives from the variable that the flag is tagged with. A blank
// variable is none.
func fromEnvironment(getenv func(string) string) kong.ResolverFunc {
	return func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		for _, name := range flag.Envs {
			if value := getenv(name); value != "" {
				return value, nil
			}
		}
		return nil, nil
	}
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
