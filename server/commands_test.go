package main

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for _, pair := range pairs {
			if value, ok := strings.CutPrefix(pair, name+"="); ok {
				return value
			}
		}
		return ""
	}
}

// parsed returns what the arguments and the environment come to, and what was printed.
func parsed(args, env []string) (isCommand bool, printed string, err error) {
	var out strings.Builder
	command, err := parse(args, &program{getenv: environment(env...), stdout: &out, now: today})
	return command != nil, out.String(), err
}

func TestParseFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args []string
		env  []string
		want []string // what the error names
	}{
		"nothing set":        {nil, nil, nil},
		"loopback by name":   {[]string{"--addr", "localhost:0"}, nil, nil},
		"loopback of IPv6":   {nil, []string{"ADDR=[::1]:8080"}, nil},
		"to other machines":  {nil, []string{"ADDR=0.0.0.0:8080"}, nil},
		"to all, said short": {nil, []string{"ADDR=:8080"}, nil},
		"a name":             {[]string{"--addr", "example.org:80"}, nil, []string{"ADDR", "address"}},
		"no port":            {nil, []string{"ADDR=127.0.0.1"}, []string{"ADDR", "a host and a port"}},
		"port too large":     {nil, []string{"ADDR=127.0.0.1:65536"}, []string{"ADDR", "65535"}},
		"two databases": {
			[]string{"--data", "x"}, []string{"DATABASE_URL=postgres://h/d"}, []string{"DATA_DIR"},
		},
		"a database that is none": {
			nil, []string{"DATABASE_URL=postgres://a:b c@h/d", "ADDR=x"}, []string{"DATABASE_URL", "ADDR"},
		},
		"no such flag": {[]string{"--adr", "x"}, nil, []string{"--adr", "--addr", "--help"}},
		"another command's flag": {
			[]string{"key", "list", "--data", ".", "--addr", "x"}, nil, []string{"unknown flag --addr"},
		},
		"a flag before its command": {
			[]string{"--data", "x", "migrate"}, nil, []string{"--data", "migrate"},
		},
		"no such command":    {[]string{"serv"}, nil, []string{"unexpected argument serv", "--help"}},
		"no such subcommand": {[]string{"key", "lst"}, nil, []string{"lst", `"list"`, "--help"}},
		"no such migration": {
			[]string{"migration", "laod", "mosaic"}, nil, []string{"unexpected argument laod", "load"},
		},
		"no value":         {[]string{"--addr"}, nil, []string{"--addr"}},
		"a blank variable": {nil, []string{"ADDR=", "MAX_COST="}, nil},
		"every fault at once": {
			[]string{"--request-timeout", "1"},
			[]string{"ADDR=x", "LOG_FORMAT=xml", "DATABASE_CONNECTIONS=1", "SAMPLE_RESIDENTS=0",
				"MAX_CONCURRENT_REQUESTS=0", "PLAYGROUND=yes", "OIDC_AUDIENCE=x", "TRUSTED_DOCUMENTS=/no"},
			[]string{"ADDR (--addr) must", "REQUEST_TIMEOUT (--request-timeout) must", "LOG_FORMAT",
				"text or json", "DATABASE_CONNECTIONS (--connections) must", "from 2 to 1000",
				"SAMPLE_RESIDENTS", "MAX_CONCURRENT_REQUESTS", "PLAYGROUND", "OIDC_ISSUER",
				"TRUSTED_DOCUMENTS"},
		},
		"seed with faults": {
			[]string{"seed", "--residents", "x", "--seed", "x"}, nil, []string{"--residents", "--seed"},
		},
		"what serve is told is nothing to migrate": {
			[]string{"migrate"}, []string{"ADDR=x", "DATABASE_URL=postgres://h/d"}, nil,
		},
		"a folder that is not there": {
			[]string{"key", "list", "--data", "/nowhere"}, nil, []string{"DATA_DIR", "folder"},
		},
		"every origin": {
			nil, []string{"CORS_ORIGINS=https://*"}, []string{"CORS_ORIGINS"},
		},
		"purposes that name none": {nil, []string{"PURPOSES= , "}, []string{"PURPOSES"}},
		"proxies that are everyone": {
			nil, []string{"TRUSTED_PROXIES=0.0.0.0/0"}, []string{"TRUSTED_PROXIES"},
		},
		"a key for a command": {[]string{"rgw_secret"}, nil, []string{"looks like a key"}},
		"a role without a name": {
			[]string{"migrate", "--data", "x", "--grant", ""}, nil, []string{"--grant"},
		},
		"a group twice": {
			nil, []string{"OIDC_ISSUER=https://a.example", "OIDC_AUDIENCE=b",
				"OIDC_GROUPS=a=residents:read;a=mosaic:read;=mosaic:read"},
			[]string{"OIDC_GROUPS", "twice", "must be like"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := parsed(tt.args, tt.env)
			if (err != nil) != (len(tt.want) > 0) {
				t.Fatalf("got %v", err)
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("got %q, want it to name %s", err, part)
				}
			}
		})
	}
}

// A fault names what was given and not its value, which may be secret.
func TestFaultsRepeatNoSecret(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args, env []string
	}{
		"a URL that cannot be read": {[]string{"key", "list"}, []string{
			"DATABASE_URL=postgres://a:hunter2@h:x/d",
		}},
		"a URL as an argument": {[]string{"migration", "sqlserver://a:hunter2@h"}, nil},
		"a key as an argument": {[]string{"key", "list", "rgw_hunter2"}, nil},
		"numbers and words": {nil, []string{
			"MAX_COST=hunter2", "ADDR=hunter2", "LOG_FORMAT=hunter2", "REQUEST_TIMEOUT=hunter2",
			"SOURCES=hunter2", "OPEN_SCHEMA=hunter2", "PURPOSES=hunter2!", "CORS_ORIGINS=hunter2",
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := parsed(tt.args, tt.env)
			if err == nil || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// What is at a bound is taken, and what is beyond is not.
func TestBounds(t *testing.T) {
	t.Parallel()
	create := []string{"key", "create", "--data", "x", "--name", "a", "--scopes", "residents:read"}
	rotate := []string{"key", "rotate", "a", "--data", "."}
	tests := map[string]struct {
		args     []string
		in, over []string
	}{
		"--connections": {
			nil, []string{"2", "1000"}, []string{"1", "1001", "-2", "0x10", "", "2.5"},
		},
		"--request-timeout":  {nil, []string{"100ms", "5m"}, []string{"99ms", "5m1ms", "10", "1d"}},
		"--cost-per-minute":  {nil, []string{"30000"}, []string{"29999"}},
		"--sample-residents": {nil, []string{"1", "10000000"}, []string{"0", "10000001"}},
		"--addr":             {nil, []string{":0", "[::]:65535"}, []string{":65536", ":-1", "x:1", ":"}},
		"--expires": {
			create, []string{"1m", "365d", "36h"}, []string{"59s", "366d", "99999d", "d"},
		},
		"--overlap":           {rotate, []string{"0s", "30d"}, []string{"-1s", "31d"}},
		"--limit":             {create, []string{"0"}, []string{"-1", "1e3"}},
		"--trusted-proxies":   {nil, []string{"10.0.0.0/8"}, []string{"10.0.0.1/8", "::/0"}},
		"--purpose-required":  {nil, []string{"true", "false"}, []string{"", "1", "TRUE"}},
		"--oidc-groups-claim": {nil, []string{"realm_access.roles"}, nil},
	}
	for flag, tt := range tests {
		for _, value := range slices.Concat(tt.in, tt.over) {
			_, _, err := parsed(append(slices.Clone(tt.args), flag+"="+value), nil)
			if isIn := slices.Contains(tt.in, value); (err == nil) != isIn {
				t.Errorf("%s=%s: got %v", flag, value, err)
			}
		}
	}
}

// A flag is stronger than the environment, which is stronger than the default.
func TestFlagsAreStronger(t *testing.T) {
	t.Parallel()
	given := environment("ADDR=x", "MAX_COST=5000")
	command, err := parse([]string{"--addr", "127.0.0.1:0", "--purpose-required"},
		&program{getenv: given, stdout: io.Discard, now: today})
	if err != nil {
		t.Fatal(err)
	}
	config := command.Selected().Target.Addr().Interface().(*serveFlags)
	if config.Addr != "127.0.0.1:0" || config.MaxCost != 5000 || !config.Callers.PurposeRequired ||
		time.Duration(config.SourceTimeout) != 4*time.Second || config.Callers.OpenSchema != nil {
		t.Errorf("got %+v", config)
	}
}

// The help of a command has all that can be set of it, with the environment variables, and what can
// be set of no other command.
func TestHelp(t *testing.T) {
	t.Parallel()
	serve := strings.Fields(`ADDR COST_PER_MINUTE CORS_ORIGINS DATABASE_CONNECTIONS DATABASE_URL
		DATA_DIR FAILURES_PER_MINUTE LOG_FORMAT MAX_BODY_BYTES MAX_CONCURRENT_REQUESTS
		MAX_CONNECTIONS MAX_COST OIDC_AUDIENCE OIDC_GROUPS OIDC_GROUPS_CLAIM OIDC_ISSUER
		OIDC_NAME_CLAIM OPEN_SCHEMA PLAYGROUND PURPOSES PURPOSE_REQUIRED REQUESTS_PER_MINUTE
		REQUEST_TIMEOUT SAMPLE_RESIDENTS SOURCES SOURCE_TIMEOUT TRUSTED_DOCUMENTS
		TRUSTED_DOCUMENTS_ONLY TRUSTED_PROXIES`)
	for i, name := range serve {
		serve[i] = "$" + name + ")"
	}
	database := []string{"($DATABASE_URL)", "($DATA_DIR)", "($DATABASE_CONNECTIONS)", "($SOURCES)"}
	tests := map[string]struct{ lists, lacks []string }{
		"": {
			[]string{"serve", "migrate", "seed", "key create", "migration load", "--version", "<command>"},
			[]string{"--addr", "--data"},
		},
		"serve": {append(serve, "--addr", "127.0.0.1:8080", "1024..1048576", "--help"), nil},
		"key create": {
			append(database, "--scopes", "1m..365d", "--help"), []string{"--addr", "OIDC", "--overlap"},
		},
		"access-log": {[]string{"show", "prune"}, []string{"--addr", "DATABASE_URL"}},
		"access-log prune": {
			append(database, "ACCESS_LOG_MONTHS", "1..1200"), []string{"--resident", "--addr"},
		},
		"schema": {[]string{"--subgraph", "($SOURCES)"}, []string{"DATABASE_URL"}},
		"migration load": {
			append(database, "MIGRATION_FROM", "100..1000000"), []string{"--lag", "--addr"},
		},
		"new-source": {[]string{"<name>"}, []string{"SOURCES"}},
	}
	for command, tt := range tests {
		isCommand, help, err := parsed(append(strings.Fields(command), "--help"), []string{"ADDR=x"})
		if isCommand || err != nil {
			t.Errorf("%s: got a command %t and %v", command, isCommand, err)
		}
		for _, text := range tt.lists {
			if !strings.Contains(help, text) {
				t.Errorf("%s --help does not list %s", command, text)
			}
		}
		for _, text := range tt.lacks {
			if strings.Contains(help, text) {
				t.Errorf("%s --help lists %s", command, text)
			}
		}
	}
}

// Every command has a method that makes it, so none can be chosen and do nothing, or do what
// another does; and what is no command is refused.
func TestEveryCommandRuns(t *testing.T) {
	t.Parallel()
	line, err := newCommandLine(&program{getenv: environment(), stdout: io.Discard, now: today})
	if err != nil {
		t.Fatal(err)
	}
	leaves := line.Model.Leaves(false)
	for _, leaf := range leaves {
		if !leaf.Target.Addr().MethodByName("Run").IsValid() {
			t.Errorf("%s has no method Run", leaf.FullPath())
		}
	}
	if len(leaves) < 18 {
		t.Errorf("got %d commands: the test looks in the wrong place", len(leaves))
	}
	for _, args := range [][]string{
		{"nothing"}, {"migration"}, {"migration", "nothing"}, {"key"}, {"key", "nothing"},
		{"access-log", "nothing"}, {"serve", "nothing"},
	} {
		if isCommand, _, err := parsed(args, nil); isCommand || err == nil {
			t.Errorf("%q: got a command %t and %v", args, isCommand, err)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	isCommand, printed, err := parsed([]string{"--version"}, nil)
	if isCommand || err != nil || printed != version()+"\n" || version() == "" {
		t.Errorf("got a command %t, %v and %q", isCommand, err, printed)
	}
}
