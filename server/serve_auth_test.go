package main

import (
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/server/web"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
)

// Without a way to tell callers apart, nothing is served but samples, and to this machine alone.
func TestWhoMayAsk(t *testing.T) {
	t.Parallel()
	const sample = `INSERT INTO gateway.load VALUES ('mosaic', now(), 'sample')
		ON CONFLICT (source) DO UPDATE SET origin = 'sample'`
	const loaded = `INSERT INTO gateway.load VALUES ('mosaic', now(), 'dms')
		ON CONFLICT (source) DO UPDATE SET origin = 'dms'`
	tests := map[string]struct {
		addr   string
		isOwn  bool
		data   string
		hasKey bool
		issuer bool
		fails  bool
		anyone bool
	}{
		"samples, here":               {"127.0.0.1:0", true, sample, false, false, false, true},
		"samples, here by IPv6":       {"[::1]:0", true, sample, false, false, false, true},
		"samples, for other machines": {"0.0.0.0:0", true, sample, false, false, true, false},
		"samples, for all machines":   {":0", true, sample, false, false, true, false},
		"an operator's samples":       {"127.0.0.1:0", false, sample, false, false, true, false},
		"people, here":                {"127.0.0.1:0", true, loaded, false, false, true, false},
		"nothing loaded, here":        {"127.0.0.1:0", true, "SELECT 1", false, false, true, false},
		"people, with a key":          {"0.0.0.0:0", false, loaded, true, false, false, false},
		"people, with an issuer":      {"0.0.0.0:0", false, loaded, false, true, false, false},
		"samples, here, with a key":   {"127.0.0.1:0", true, sample, true, false, false, false},
		"samples, here, with issuer":  {"127.0.0.1:0", true, sample, false, true, false, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgres.New(t)
			dbtest.Execute(t, pool, tt.data)
			if tt.hasKey {
				webtest.NewKey(t, pool, web.Scopes())
			}
			args := []string{"--addr", tt.addr}
			if tt.issuer {
				args = append(args, "--oidc-issuer", "https://login.example.org", "--oidc-audience", "x")
			}
			c := configured(t, args...)
			c.now = time.Now
			opened := over(pool)
			if tt.isOwn {
				opened.embedded = new(db.Embedded)
			}
			auth, err := c.openAuth(t.Context(), opened)
			if (err != nil) != tt.fails || (auth.Developer != nil) != tt.anyone {
				t.Errorf("got %v and developer %v", err, auth.Developer)
			}
		})
	}
}
