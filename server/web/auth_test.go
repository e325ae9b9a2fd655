package web

import (
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
)

// Whatever is wrong with a credential, what is told is the same, by every door, and takes as long.
func TestUnknownCallers(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url, _ := newServerFor(t, pool, byKeys(pool), func(o *Options) { o.FailuresPerMinute = 1000 })
	good := webtest.NewKey(t, pool, Scopes())
	ended := func(sql string) string {
		key := webtest.NewKey(t, pool, Scopes())
		dbtest.Execute(t, pool, "UPDATE access.key SET "+sql+" WHERE id = '"+
			strings.Split(key, "_")[1]+"'")
		return key
	}
	credentials := map[string][]string{
		"none":               nil,
		"blank":              {"Authorization: "},
		"no credential":      {"Authorization: Bearer"},
		"another scheme":     {"Authorization: Basic YTpi"},
		"a token":            {"Authorization: Bearer eyJhbGciOiJub25lIn0.e30."},
		"an unknown key":     {"Authorization: Bearer rgw_aaaaaaaaaaaa_" + strings.Repeat("a", 52)},
		"a wrong secret":     {good[:len(good)-52] + strings.Repeat("a", 52)},
		"a key cut short":    {good[:len(good)-1]},
		"two":                {good, good},
		"an expired key":     {ended("created_at = now() - interval '2 days', expires_at = now()")},
		"a revoked key":      {ended("revoked_at = now()")},
		"in another header":  {"X-Api-Key: " + strings.TrimPrefix(good, "Authorization: Bearer ")},
		"upper case":         {strings.ToUpper(good)},
		"of absurd length":   {"Authorization: Bearer rgw_" + strings.Repeat("a", 10_000)},
		"with a blank in it": {good + " x"},
	}
	if got := webtest.Post(t, url, `{ __typename }`, good); got.Status != http.StatusOK {
		t.Fatalf("a good key: got %d %s", got.Status, got.Body)
	}
	for _, path := range []string{"/graphql", "/api/v1/residents", "/api/v1/residents/1000001"} {
		var first webtest.Answer
		for _, name := range slices.Sorted(maps.Keys(credentials)) {
			method, body := http.MethodGet, ""
			if path == "/graphql" {
				method, body = http.MethodPost, `{"query": "{ __typename }"}`
			}
			began := time.Now()
			got := webtest.Send(t, method, url+path, body,
				append(credentials[name], "Content-Type: application/json")...)
			if took := time.Since(began); took < authTimingStep {
				t.Errorf("%s, %s: it took %v, less than all others", path, name, took)
			}
			for _, own := range []string{"Date", "X-Request-Id"} {
				got.Header.Del(own)
			}
			if first.Status == 0 {
				first = got
			}
			if got.Status != http.StatusUnauthorized || got.Body != first.Body ||
				!maps.EqualFunc(got.Header, first.Header, slices.Equal[[]string]) {
				t.Errorf("%s, %s: got %d %v %s", path, name, got.Status, got.Header, got.Body)
			}
		}
		if first.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: it is not said how to be known", path)
		}
	}
}

// A key that is revoked is refused by every replica within 5 s, as is one that was replaced.
func TestRevokedKey(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	now := time.Now()
	who := AuthMethods{Keys: access.NewKeys(access.KeysOptions{
		DB: pool, Now: func() time.Time { return now },
	})}
	url, _ := newServerFor(t, pool, who)
	key := webtest.NewKey(t, pool, Scopes())
	ask := func() int {
		return webtest.Post(t, url, `{ __typename }`, key).Status
	}
	if got := ask(); got != http.StatusOK {
		t.Fatalf("got %d", got)
	}
	const revoke = `UPDATE access.key SET revoked_at = now()`
	dbtest.Execute(t, pool, revoke) // as another replica, or an operator, would
	now = now.Add(5 * time.Second)
	if got := ask(); got != http.StatusUnauthorized {
		t.Errorf("after 5 s: got %d", got)
	}
}

// Where it cannot be found out who asks, nobody is let in, and nobody is told that they are not
// known.
func TestCallersCannotBeFoundOut(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url, logged := newServerFor(t, pool, byKeys(pool))
	key := webtest.NewKey(t, pool, Scopes())
	dbtest.Execute(t, pool, "ALTER TABLE access.key RENAME TO away")
	for name, got := range map[string]webtest.Answer{
		"GraphQL": webtest.Post(t, url, `{ __typename }`, key),
		"REST":    webtest.Send(t, http.MethodGet, url+"/api/v1/residents", "", key),
		"readyz":  webtest.Send(t, http.MethodGet, url+"/readyz", ""),
	} {
		if got.Status != http.StatusServiceUnavailable || strings.Contains(got.Body, "access") {
			t.Errorf("%s: got %d %s", name, got.Status, got.Body)
		}
		if name != "readyz" && got.Header.Get("Retry-After") == "" {
			t.Errorf("%s: it is not said when to ask again", name)
		}
	}
	if !strings.Contains(logged.String(), "42P01") {
		t.Errorf("the log does not say why:\n%s", logged)
	}
}

// Each may ask so much in a minute, and is told when they may ask again; others go on.
func TestRateLimits(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url, _ := newServerFor(t, pool, byKeys(pool), func(o *Options) {
		o.RequestsPerMinute = 18 // and 3 at once
	})
	one, other := webtest.NewKey(t, pool, Scopes()), webtest.NewKey(t, pool, Scopes())
	for range 3 {
		if got := webtest.Post(t, url, `{ __typename }`, one); got.Status != http.StatusOK {
			t.Fatalf("got %d %s", got.Status, got.Body)
		}
	}
	for name, got := range map[string]webtest.Answer{
		"GraphQL": webtest.Post(t, url, `{ __typename }`, one),
		"REST":    webtest.Send(t, http.MethodGet, url+"/api/v1/residents", "", one),
	} {
		if got.Status != http.StatusTooManyRequests || got.Header.Get("Retry-After") == "" {
			t.Errorf("%s: got %d %v %s", name, got.Status, got.Header, got.Body)
		}
		if name == "GraphQL" && !strings.Contains(got.Body, `"retryAfter":`) {
			t.Errorf("%s: got %s", name, got.Body)
		}
	}
	if got := webtest.Post(t, url, `{ __typename }`, other); got.Status != http.StatusOK {
		t.Errorf("another caller: got %d %s", got.Status, got.Body)
	}
}

// A page that costs more than one operation may is the caller's to mend, by REST too.
func TestTooDear(t *testing.T) {
	t.Parallel()
	url, _ := newServer(t, newSample(t), func(o *Options) { o.MaxCost = 3000 })
	for limit, want := range map[string]int{"1": http.StatusOK, "100": http.StatusBadRequest} {
		got := webtest.Send(t, http.MethodGet, url+"/api/v1/residents?limit="+limit, "")
		if got.Status != want || want != http.StatusOK && !strings.Contains(got.Body, `"limit"`) {
			t.Errorf("limit %s: got %d %s", limit, got.Status, got.Body)
		}
	}
}

func TestCostLimit(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url, _ := newServerFor(t, pool, byKeys(pool), func(o *Options) { o.CostPerMinute = 30_000 })
	key := webtest.NewKey(t, pool, Scopes())
	const dear = `{ residents(first: 100) { nodes { fullName contactDetails { value label } } } }`
	statuses := make(map[int]int)
	var last webtest.Answer
	for range 16 { // each costs 2,202
		last = webtest.Post(t, url, dear, key)
		statuses[last.Status]++
	}
	if statuses[http.StatusOK] != 13 || statuses[http.StatusTooManyRequests] != 3 {
		t.Errorf("got %v", statuses)
	}
	if last.Header.Get("Retry-After") == "" || !strings.Contains(last.Body, "RATE_LIMITED") ||
		strings.Contains(last.Body, `"data"`) {
		t.Errorf("got %v %s", last.Header, last.Body)
	}
	if got := webtest.Post(t, url, `{ __typename }`, key); got.Status != http.StatusOK {
		t.Errorf("what costs little: got %d %s", got.Status, got.Body)
	}
	got := webtest.Send(t, http.MethodGet, url+"/api/v1/residents?limit=100", "", key)
	if got.Status != http.StatusTooManyRequests || got.Header.Get("Retry-After") == "" {
		t.Errorf("REST: got %d %v %s", got.Status, got.Header, got.Body)
	}
}

// From an address where many guess, guesses are no longer looked at; who is known there is served.
func TestGuesses(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url, _ := newServerFor(t, pool, byKeys(pool),
		func(o *Options) {
			o.FailuresPerMinute = 5
			o.Proxies = []netip.Prefix{
				netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("::1/128"),
			}
		})
	key := webtest.NewKey(t, pool, Scopes())
	const from = "X-Forwarded-For: 192.0.2.1"
	known := func() int { return webtest.Post(t, url, `{ __typename }`, key, from).Status }
	if got := known(); got != http.StatusOK {
		t.Fatalf("got %d", got)
	}
	guess := "Authorization: Bearer rgw_aaaaaaaaaaaa_" + strings.Repeat("a", 52)
	statuses := make(map[int]int)
	for range 8 {
		got := webtest.Post(t, url, `{ __typename }`, guess, from)
		statuses[got.Status]++
		if got.Status == http.StatusTooManyRequests && got.Header.Get("Retry-After") == "" {
			t.Error("it is not said when to ask again")
		}
	}
	if statuses[http.StatusUnauthorized] != 5 || statuses[http.StatusTooManyRequests] != 3 {
		t.Errorf("got %v", statuses)
	}
	if got := known(); got != http.StatusOK {
		t.Errorf("who is known: got %d", got)
	}
	elsewhere := webtest.Post(t, url, `{ __typename }`, guess, "X-Forwarded-For: 192.0.2.2").Status
	if elsewhere != http.StatusUnauthorized {
		t.Errorf("from elsewhere: got %d", elsewhere)
	}
}

func TestPurpose(t *testing.T) {
	t.Parallel()
	listed := Purposes{Allowed: []string{"a", "b"}}
	tests := map[string]struct {
		purposes Purposes
		headers  []string
		want     int
	}{
		"none":                   {Purposes{}, nil, 200},
		"any":                    {Purposes{}, []string{"X-Purpose: direct-care"}, 200},
		"no name":                {Purposes{}, []string{"X-Purpose: Looking for Ada"}, 400},
		"two":                    {Purposes{}, []string{"X-Purpose: a", "X-Purpose: b"}, 400},
		"required and not there": {Purposes{Required: true}, nil, 400},
		"required and there": {
			Purposes{Required: true}, []string{"X-Purpose: a"}, 200,
		},
		"listed":                   {listed, []string{"X-Purpose: b"}, 200},
		"not listed":               {listed, []string{"X-Purpose: c"}, 400},
		"listed, and not required": {listed, nil, 200},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := newSample(t)
			url, _ := newServer(t, pool, func(o *Options) { o.Purposes = tt.purposes })
			got := webtest.Post(t, url, `{ resident(id: "mosaic:1000001") { id } }`, tt.headers...)
			if got.Status != tt.want || strings.Contains(got.Body, "Ada") {
				t.Errorf("got %d %s", got.Status, got.Body)
			}
			rest := webtest.Send(t, http.MethodGet, url+"/api/v1/residents/1000001", "",
				tt.headers...)
			if rest.Status != tt.want {
				t.Errorf("REST: got %d %s", rest.Status, rest.Body)
			}
			if tt.want != http.StatusOK {
				return
			}
			var purpose *string
			if err := pool.GetContext(t.Context(), &purpose,
				`SELECT purpose FROM access.record LIMIT 1`); err != nil {
				t.Fatal(err)
			}
			if (purpose != nil) != (len(tt.headers) > 0) {
				t.Errorf("the record has the purpose %v", purpose)
			}
		})
	}
}

// What the schema is, and the playground, are for the developer, and for those who are let.
func TestSchemaAndPlayground(t *testing.T) {
	t.Parallel()
	same := func(*Options) {}
	tests := map[string]struct {
		change             func(*Options)
		isDeveloper        bool
		scopes             access.Scopes
		schema, playground bool
	}{
		"developer":            {same, true, nil, true, true},
		"service":              {same, false, access.ScopesOf("residents:read"), false, false},
		"service with a scope": {same, false, access.ScopesOf("schema:read"), true, false},
		"opened": {
			func(o *Options) { o.OpenSchema, o.Playground = true, true }, false,
			access.ScopesOf("residents:read"), true, true,
		},
		"closed": {func(o *Options) { o.Playground = false }, true, nil, true, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := newSample(t)
			who, headers := developer(), []string(nil)
			if !tt.isDeveloper {
				who, headers = byKeys(pool), []string{webtest.NewKey(t, pool, tt.scopes)}
			}
			url, _ := newServerFor(t, pool, who, tt.change)
			got := webtest.Post(t, url, `{ __schema { queryType { name } } }`, headers...)
			if strings.Contains(got.Body, "Query") != tt.schema {
				t.Errorf("schema: got %s", got.Body)
			}
			if !tt.schema && !strings.Contains(got.Body, "FORBIDDEN") {
				t.Errorf("schema: got %s", got.Body)
			}
			suggests := strings.Contains(webtest.Post(t, url, `{ resident(id: "") { fulName } }`,
				headers...).Body, "Did you mean")
			if suggests != tt.schema {
				t.Errorf("suggestions: got %t", suggests)
			}
			page := webtest.Send(t, http.MethodGet, url+"/", "")
			if (page.Status == http.StatusOK) != tt.playground {
				t.Errorf("playground: got %d", page.Status)
			}
		})
	}
}

// Whoever is not known keeps no connection, and who is does.
func TestConnectionsAreOfThoseWhoAreKnown(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url, _ := newServerFor(t, pool, byKeys(pool))
	key := webtest.NewKey(t, pool, Scopes())
	for name, tt := range map[string]struct {
		path    string
		headers []string
		closed  bool
	}{
		"nobody":                  {"/graphql?query={__typename}", nil, true},
		"nobody, by REST":         {"/api/v1/residents", nil, true},
		"nobody, health":          {"/healthz", nil, true},
		"nobody, nothing":         {"/nothing", nil, true},
		"a page of another site":  {"/graphql", []string{"Sec-Fetch-Site: cross-site", key}, true},
		"a service":               {"/graphql?query={__typename}", []string{key}, false},
		"a service, by REST":      {"/api/v1/residents?limit=1", []string{key}, false},
		"a service, with a fault": {"/graphql?query=", []string{key}, false},
	} {
		got := webtest.Send(t, http.MethodGet, url+tt.path, "", tt.headers...)
		if (got.Header.Get("Connection") == "close") != tt.closed {
			t.Errorf("%s: got %d with Connection: %q", name, got.Status, got.Header.Get("Connection"))
		}
	}
}

// A key that is used and about to end is told of in the log, once.
func TestKeyThatEndsSoon(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	for ends, want := range map[string]int{"13 days": 1, "20 days": 0} {
		url, logged := newServerFor(t, pool, AuthMethods{
			Keys: access.NewKeys(access.KeysOptions{DB: pool, Now: today}),
		})
		key := webtest.NewKey(t, pool, Scopes())
		dbtest.Execute(t, pool, "UPDATE access.key SET expires_at = '"+today().Format(time.RFC3339)+
			"'::timestamptz + interval '"+ends+"', created_at = '2026-03-01' WHERE id = '"+
			strings.Split(key, "_")[1]+"'")
		for range 5 {
			webtest.Post(t, url, `{ __typename }`, key)
		}
		if got := strings.Count(logged.String(), "a key ends soon"); got != want {
			t.Errorf("%s before it ends: got %d warnings, want %d:\n%s", ends, got, want, logged)
		}
	}
}
