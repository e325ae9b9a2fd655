package web

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"
)

// Who sends a request slowly, or never to its end, is not waited for.
func TestSlowCallers(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"headers that do not end": "POST /graphql HTTP/1.1\r\nHost: localhost\r\nX-A: ",
		"a body that does not come": "POST /graphql HTTP/1.1\r\nHost: localhost\r\n" +
			"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
	}
	for name, sent := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			gateway := Gateway{options: Options{
				RequestTimeout: time.Second, Log: slog.New(slog.DiscardHandler),
			}}
			server := gateway.server()
			if server.ReadHeaderTimeout == 0 || server.ReadTimeout == 0 || server.WriteTimeout == 0 ||
				server.IdleTimeout == 0 || server.MaxHeaderBytes == 0 {
				t.Errorf("a timeout is not set: %+v", server)
			}
			// In the same proportions, and sooner.
			server.ReadHeaderTimeout, server.ReadTimeout = 100*time.Millisecond, 200*time.Millisecond
			server.Handler = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
			})
			listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			go func() { _ = server.Serve(listener) }()
			t.Cleanup(func() { _ = server.Close() })
			connection, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close()
			if err := connection.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(connection, sent); err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, connection); err != nil {
				t.Errorf("got %v, want the connection to be closed", err)
			}
		})
	}
}
