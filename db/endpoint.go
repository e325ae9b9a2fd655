package db

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// superuser is the one role of a cluster of ours.
const superuser = "gateway"

// passwordFile is in the folder of a cluster that is reached by a port.
const passwordFile = "password"

// endpoint is where a server of ours is reached: by a socket in a folder that only its account
// can look into, which needs no password; or, on Windows, by a free port of this machine and a
// password.
type endpoint struct {
	socket   string // the folder of the socket; "" for a port
	port     int
	password string // of a port; it is in file
	file     string
}

func socketIn(folder string) endpoint { return endpoint{socket: folder, port: 5432} }

// portWithPassword takes a free port, and the password in folder, which it makes if need be.
func portWithPassword(ctx context.Context, folder string) (endpoint, error) {
	e := endpoint{file: filepath.Join(folder, passwordFile)}
	text, err := os.ReadFile(e.file)
	if errors.Is(err, os.ErrNotExist) {
		text = []byte(rand.Text())
		err = os.WriteFile(e.file, text, 0o600)
	}
	if err != nil {
		return endpoint{}, fmt.Errorf("password of the server: %w", err)
	}
	e.password = string(text)

	free, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return endpoint{}, fmt.Errorf("free port for the server: %w", err)
	}
	e.port = free.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // it listens on TCP
	return e, free.Close()
}

// initdb are the arguments by which a new cluster lets us in here and nowhere else.
func (e endpoint) initdb() []string {
	if e.socket != "" {
		return []string{"--auth=trust"}
	}
	return []string{"--auth=scram-sha-256", "--pwfile=" + e.file}
}

func (e endpoint) settings() []string {
	if e.socket == "" {
		return []string{
			"listen_addresses=127.0.0.1",
			"port=" + strconv.Itoa(e.port),
			"unix_socket_directories=",
		}
	}
	return []string{
		"listen_addresses=",
		"port=" + strconv.Itoa(e.port), // a part of the socket's name
		`unix_socket_directories="` + strings.ReplaceAll(e.socket, `"`, `""`) + `"`,
		"unix_socket_permissions=0700",
		"dynamic_shared_memory_type=mmap", // /dev/shm is small in containers
	}
}

func (e endpoint) dsn(role, database string) string {
	host := e.socket
	if host == "" {
		host = "127.0.0.1"
	}
	dsn := fmt.Sprintf("host=%s port=%d user=%s dbname=%s sslmode=disable",
		quoteValue(host), e.port, quoteValue(role), quoteValue(database))
	if e.password != "" {
		dsn += " password=" + quoteValue(e.password)
	}
	return dsn
}

// quoteValue is value as it stands in a connection string of the form key=value.
func quoteValue(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}

// fitsSocket reports whether a socket in folder can be named: the kernel of macOS takes 103
// bytes, the one of Linux 107, and the driver reads a comma as the end of a host.
func fitsSocket(folder string) bool {
	return len(folder)+len("/.s.PGSQL.5432") <= 103 && !strings.Contains(folder, ",")
}
