package main

import (
	"io"
	"strings"
	"testing"
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

func TestConfigurationFaults(t *testing.T) {
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
		"no such flag":    {[]string{"--adr", "x"}, nil, []string{"--adr", "--help"}},
		"no such command": {[]string{"serv"}, nil, []string{"serv", "--help"}},
		"every fault at once": {
			[]string{"--request-timeout", "1"},
			[]string{"ADDR=x", "LOG_FORMAT=xml", "DATABASE_CONNECTIONS=1", "SAMPLE_RESIDENTS=0",
				"MAX_CONCURRENT_REQUESTS=0"},
			[]string{"ADDR", "REQUEST_TIMEOUT", "LOG_FORMAT", "DATABASE_CONNECTIONS", "SAMPLE_RESIDENTS",
				"MAX_CONCURRENT_REQUESTS"},
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
			[]string{"OIDC_GROUPS", "twice", "is like"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(tt.args, environment(tt.env...), io.Discard)
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

// The environment says what flags do not, and flags are stronger.
func TestFlagsAreStronger(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	// A flag with no fault over a variable with one.
	if _, err := parse(
		[]string{"--addr", "127.0.0.1:0"}, environment("ADDR=0.0.0.0:80"), &out,
	); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestHelpListsEverything(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	command, err := parse([]string{"--help"}, environment(), &out)
	if command != nil || err != nil {
		t.Fatalf("got a command %t and %v", command != nil, err)
	}
	for _, name := range []string{
		"serve", "migrate", "seed", "ADDR", "127.0.0.1:8080", "DATABASE_URL", "DATA_DIR", "--data",
		"DATABASE_CONNECTIONS", "REQUEST_TIMEOUT", "LOG_FORMAT", "SAMPLE_RESIDENTS",
		"MAX_CONCURRENT_REQUESTS", "--max-concurrent-requests",
	} {
		if !strings.Contains(out.String(), name) {
			t.Errorf("--help does not list %s", name)
		}
	}
}

// Every command has a method that makes it, so none can be chosen and do nothing, or do what
// another does; and what is no command is refused.
func TestEveryCommandRuns(t *testing.T) {
	t.Parallel()
	parser, err := newParser(new(flags), environment(), io.Discard, func() {})
	if err != nil {
		t.Fatal(err)
	}
	leaves := parser.Model.Leaves(false)
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
		command, err := parse(args, environment(), io.Discard)
		if err == nil || command != nil {
			t.Errorf("%q: got a command %t and %v", args, command != nil, err)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	command, err := parse([]string{"--version"}, environment(), &out)
	if command != nil || err != nil || out.String() != version()+"\n" || version() == "" {
		t.Errorf("got a command %t, %v and %q", command != nil, err, out.String())
	}
}
