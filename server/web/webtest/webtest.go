// Package webtest has what the tests of the program and of web share: they send requests to a
// gateway over a real database.
package webtest

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
)

// An Answer is a response of which the body has been read.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Send sends a request with these headers, each written like `Accept: text/html`, and returns the
// response.
func Send(t *testing.T, method, url, body string, headers ...string) Answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Add(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.Close { // the client takes the header away
		response.Header.Set("Connection", "close")
	}
	return Answer{response.StatusCode, response.Header, string(read)}
}

// Post sends a GraphQL operation to the gateway at url, and returns the response.
func Post(t *testing.T, url, query string, headers ...string) Answer {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	return Send(t, http.MethodPost, url+"/graphql", string(body),
		append(headers, "Content-Type: application/json")...)
}

// NewKey returns the header by which a service with these scopes authenticates.
func NewKey(t *testing.T, pool *sqlx.DB, scopes access.Scopes) string {
	t.Helper()
	keys := access.NewKeys(access.KeysOptions{DB: pool, Now: time.Now})
	_, secret, err := keys.Create(t.Context(), access.NewKey{
		Name: strings.ToLower(rand.Text()), Scopes: scopes, Lifetime: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	return "Authorization: Bearer " + secret
}

// Hold locks the table of Mosaic's residents until the returned function is called.
func Hold(t *testing.T, pool *sqlx.DB) (release func()) {
	t.Helper()
	tx, err := pool.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "LOCK mosaic.dm_persons"); err != nil {
		t.Fatal(err)
	}
	return func() { _ = tx.Rollback() }
}

// WaitingFor returns how many statements wait for a lock in a database.
func WaitingFor(t *testing.T, pool *sqlx.DB) int {
	t.Helper()
	var n int
	const count = `SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock'`
	if err := pool.GetContext(t.Context(), &n, count); err != nil {
		t.Fatal(err)
	}
	return n
}

// WaitFor returns once isSo returns true, and fails the test after 10 seconds.
func WaitFor(t *testing.T, isSo func() bool) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.After(10 * time.Second); ; {
		if isSo() {
			return
		}
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatal("waited for ten seconds in vain")
		}
	}
}

// A Buffer keeps what is written to it. It is safe for concurrent use.
type Buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write adds to what is kept.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// String returns what was written.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
