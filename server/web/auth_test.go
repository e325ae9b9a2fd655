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
)

// Whatever is wrong with a credential, what is told is the same, by every door, and takes as long.
func TestUnknownCallers(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url, _ := newServerFor(t, pool, byKeys(pool), func(o *Options) { o.FailuresPerMinute = 1000 })
	good := newKey(t, pool, Scopes())
	ended := func(sql string) string {
		key := newKey(t, pool, Scopes())
		execute(t, pool, "UPDATE access.key SET "+sql+" WHERE id = '"+strings.Split(key, "_")[1]+"'")
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
	if got := post(t, url, `{ __typename }`, good); got.status != http.StatusOK {
		t.Fatalf("a good key: got %d %s", got.status, got.body)
	}
	for _, path := range []string{"/graphql", "/api/v1/residents", "/api/v1/residents/1000001"} {
		var first answer
		for _, name := range slices.Sorted(maps.Keys(credentials)) {
			method, body := http.MethodGet, ""
			if path == "/graphql" {
				method, body = http.MethodPost, `{"query": "{ __typename }"}`
			}
			began := time.Now()
			got := send(t, newRequest(t, method, url+path, body,
				append(credentials[name], "Content-Type: application/json")...))
			if took := time.Since(began); took < authTimingStep {
				t.Errorf("%s, %s: it took %v, less than all others", path, name, took)
			}
			for _, own := range []string{"Date", "X-Request-Id"} {
				got.header.Del(own)
			}
			if first.status == 0 {
				first = got
			}
			if got.status != http.StatusUnauthorized || got.body != first.body ||
				!maps.EqualFunc(got.header, first.header, slices.Equal[[]string]) {
				t.Errorf("%s, %s: got %d %v %s", path, name, got.status, got.header, got.body)
			}
		}
		if first.header.Get("WWW-Authenticate") == "" {
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
	key := newKey(t, pool, Scopes())
	ask := func() int {
		return post(t, url, `{ __typename }`, key).status
	}
	if got := ask(); got != http.StatusOK {
		t.Fatalf("got %d", got)
	}
	const revoke = `UPDATE access.key SET revoked_at = now()`
	execute(t, pool, revoke) // as another replica, or an operator, would
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
	key := newKey(t, pool, Scopes())
	execute(t, pool, "ALTER TABLE access.key RENAME TO away")
	for name, got := range map[string]answer{
		"GraphQL": post(t, url, `{ __typename }`, key),
		"REST":    send(t, newRequest(t, http.MethodGet, url+"/api/v1/residents", "", key)),
		"readyz":  send(t, newRequest(t, http.MethodGet, url+"/readyz", "")),
	} {
		if got.status != http.StatusServiceUnavailable || strings.Contains(got.body, "access") {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
		if name != "readyz" && got.header.Get("Retry-After") == "" {
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
	one, other := newKey(t, pool, Scopes()), newKey(t, pool, Scopes())
	for range 3 {
		if got := post(t, url, `{ __typename }`, one); got.status != http.StatusOK {
			t.Fatalf("got %d %s", got.status, got.body)
		}
	}
	for name, got := range map[string]answer{
		"GraphQL": post(t, url, `{ __typename }`, one),
		"REST":    send(t, newRequest(t, http.MethodGet, url+"/api/v1/residents", "", one)),
	} {
		if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
			t.Errorf("%s: got %d %v %s", name, got.status, got.header, got.body)
		}
		if name == "GraphQL" && !strings.Contains(got.body, `"retryAfter":`) {
			t.Errorf("%s: got %s", name, got.body)
		}
	}
	if got := post(t, url, `{ __typename }`, other); got.status != http.StatusOK {
		t.Errorf("another caller: got %d %s", got.status, got.body)
	}
}

// A page that costs more than one operation may is the caller's to mend, by REST too.
func TestTooDear(t *testing.T) {
	t.Parallel()
	url, _ := newServer(t, newSample(t), func(o *Options) { o.MaxCost = 3000 })
	for limit, want := range map[string]int{"1": http.StatusOK, "100": http.StatusBadRequest} {
		got := send(t, newRequest(t, http.MethodGet, url+"/api/v1/residents?limit="+limit, ""))
		if got.status != want || want != http.StatusOK && !strings.Contains(got.body, `"limit"`) {
			t.Errorf("limit %s: got %d %s", limit, got.status, got.body)
		}
	}
}

func TestCostLimit(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url, _ := newServerFor(t, pool, byKeys(pool), func(o *Options) { o.CostPerMinute = 30_000 })
	key := newKey(t, pool, Scopes())
	const dear = `{ residents(first: 100) { nodes { fullName contactDetails { value label } } } }`
	statuses := make(map[int]int)
	var last answer
	for range 16 { // each costs 2,202
		last = post(t, url, dear, key)
		statuses[last.status]++
	}
	if statuses[http.StatusOK] != 13 || statuses[http.StatusTooManyRequests] != 3 {
		t.Errorf("got %v", statuses)
	}
	if last.header.Get("Retry-After") == "" || !strings.Contains(last.body, "RATE_LIMITED") ||
		strings.Contains(last.body, `"data"`) {
		t.Errorf("got %v %s", last.header, last.body)
	}
	if got := post(t, url, `{ __typename }`, key); got.status != http.StatusOK {
		t.Errorf("what costs little: got %d %s", got.status, got.body)
	}
	got := send(t, newRequest(t, http.MethodGet, url+"/api/v1/residents?limit=100", "", key))
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
		t.Errorf("REST: got %d %v %s", got.status, got.header, got.body)
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
	key := newKey(t, pool, Scopes())
	const from = "X-Forwarded-For: 192.0.2.1"
	known := func() int { return post(t, url, `{ __typename }`, key, from).status }
	if got := known(); got != http.StatusOK {
		t.Fatalf("got %d", got)
	}
	guess := "Authorization: Bearer rgw_aaaaaaaaaaaa_" + strings.Repeat("a", 52)
	statuses := make(map[int]int)
	for range 8 {
		got := post(t, url, `{ __typename }`, guess, from)
		statuses[got.status]++
		if got.status == http.StatusTooManyRequests && got.header.Get("Retry-After") == "" {
			t.Error("it is not said when to ask again")
		}
	}
	if statuses[http.StatusUnauthorized] != 5 || statuses[http.StatusTooManyRequests] != 3 {
		t.Errorf("got %v", statuses)
	}
	if got := known(); got != http.StatusOK {
		t.Errorf("who is known: got %d", got)
	}
	elsewhere := post(t, url, `{ __typename }`, guess, "X-Forwarded-For: 192.0.2.2").status
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
			got := post(t, url, `{ resident(id: "mosaic:1000001") { id } }`, tt.headers...)
			if got.status != tt.want || strings.Contains(got.body, "Ada") {
				t.Errorf("got %d %s", got.status, got.body)
			}
			rest := send(t, newRequest(t, http.MethodGet, url+"/api/v1/residents/1000001", "",
				tt.headers...))
			if rest.status != tt.want {
				t.Errorf("REST: got %d %s", rest.status, rest.body)
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
				who, headers = byKeys(pool), []string{newKey(t, pool, tt.scopes)}
			}
			url, _ := newServerFor(t, pool, who, tt.change)
			got := post(t, url, `{ __schema { queryType { name } } }`, headers...)
			if strings.Contains(got.body, "Query") != tt.schema {
				t.Errorf("schema: got %s", got.body)
			}
			if !tt.schema && !strings.Contains(got.body, "FORBIDDEN") {
				t.Errorf("schema: got %s", got.body)
			}
			suggests := strings.Contains(post(t, url, `{ resident(id: "") { fulName } }`,
				headers...).body, "Did you mean")
			if suggests != tt.schema {
				t.Errorf("suggestions: got %t", suggests)
			}
			page := send(t, newRequest(t, http.MethodGet, url+"/", ""))
			if (page.status == http.StatusOK) != tt.playground {
				t.Errorf("playground: got %d", page.status)
			}
		})
	}
}

// Whoever is not known keeps no connection, and who is does.
func TestConnectionsAreOfThoseWhoAreKnown(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url, _ := newServerFor(t, pool, byKeys(pool))
	key := newKey(t, pool, Scopes())
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
		got := send(t, newRequest(t, http.MethodGet, url+tt.path, "", tt.headers...))
		if (got.header.Get("Connection") == "close") != tt.closed {
			t.Errorf("%s: got %d with Connection: %q", name, got.status, got.header.Get("Connection"))
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
		key := newKey(t, pool, Scopes())
		execute(t, pool, "UPDATE access.key SET expires_at = '"+today().Format(time.RFC3339)+
			"'::timestamptz + interval '"+ends+"', created_at = '2026-03-01' WHERE id = '"+
			strings.Split(key, "_")[1]+"'")
		for range 5 {
			post(t, url, `{ __typename }`, key)
		}
		if got := strings.Count(logged.String(), "a key ends soon"); got != want {
			t.Errorf("%s before it ends: got %d warnings, want %d:\n%s", ends, got, want, logged)
		}
	}
}
