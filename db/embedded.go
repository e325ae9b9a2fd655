package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Embedded is a PostgreSQL server of the gateway's own. It lives no longer than this process does.
type Embedded struct {
	programs binaries
	account  *account
	folder   *privateFolder   // of the cluster
	folders  []*privateFolder // all that are given up when the server has stopped
	data     string           // the cluster
	at       endpoint
	env      []string
	log      *logTail
	server   *process

	stop func() error
}

// EmbeddedOptions say where the server of StartEmbedded keeps its data and what it may look at.
// The zero value is usable.
type EmbeddedOptions struct {
	// Dir is a folder for the data that is to be kept: missing, empty, or used by an embedded
	// server before. With "", the data is in a temporary folder that Stop removes.
	Dir string

	// Getenv reads PG_BIN, the folder that holds initdb and postgres; PATH, where else they may
	// be; and TMPDIR. With nil, it is os.Getenv.
	Getenv func(string) string

	// Log gets what the server says of itself: no statements, and no values out of rows. With
	// nil, it is dropped.
	Log io.Writer
}

// StartEmbedded starts a server from the PostgreSQL that is installed on this machine, and returns
// when it answers. It holds the database postgres, in UTF-8, and accepts this account alone. When
// ctx ends before that, nothing is left behind; afterwards ctx has no meaning.
//
// PostgreSQL does not run as root. For root, it runs as the owner of Dir, or as postgres, or as
// nobody, and a Dir of root's becomes theirs. Without PostgreSQL on the machine the error is a
// NoPostgreSQLError. On Windows it has not been tried.
func StartEmbedded(ctx context.Context, o EmbeddedOptions) (*Embedded, error) {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	return startEmbedded(ctx, o, newFinder(o.Getenv))
}

func startEmbedded(ctx context.Context, o EmbeddedOptions, find finder) (*Embedded, error) {
	e := &Embedded{env: environment(o.Getenv), log: &logTail{to: o.Log}}
	e.stop = sync.OnceValue(e.end)

	err := e.start(ctx, o, find)
	if err == nil {
		return e, nil
	}
	if ctx.Err() != nil {
		err = ctx.Err() // what followed from it is not worth telling
	}
	return nil, fmt.Errorf("db: embedded server: %w", errors.Join(err, e.stop()))
}

// DSN is the connection string of a database of the server, for the role that owns all of it.
func (e *Embedded) DSN(database string) string { return e.at.dsn(superuser, database) }

// DSNAs is the same, for a role that AddRole has added.
func (e *Embedded) DSNAs(role, database string) string { return e.at.dsn(role, database) }

// AddRole adds a role that may connect and nothing else, unless it is there. db is of the server.
func (e *Embedded) AddRole(ctx context.Context, db *sqlx.DB, role string) error {
	const exists = `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`
	var isThere bool
	if err := db.GetContext(ctx, &isThere, exists, role); err != nil {
		return fmt.Errorf("db: look for the role %s: %w", role, err)
	}
	statement := "CREATE ROLE"
	if isThere {
		statement = "ALTER ROLE"
	}
	statement += " " + pq.QuoteIdentifier(role) + " LOGIN"
	if e.at.password != "" {
		statement += " PASSWORD " + pq.QuoteLiteral(e.at.password)
	}
	if _, err := db.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("db: add the role %s: %w", role, err)
	}
	return nil
}

// Done is closed when the server has ended, by Stop or by itself.
func (e *Embedded) Done() <-chan struct{} { return e.server.done }

// Stop ends the server and removes what is temporary. It returns when both are done; a call after
// the first one does nothing more and returns the same.
func (e *Embedded) Stop() error { return e.stop() }

func (e *Embedded) start(ctx context.Context, o EmbeddedOptions, find finder) error {
	var (
		kept keptFolder
		err  error
	)
	if o.Dir != "" {
		if o.Dir, err = filepath.Abs(o.Dir); err != nil {
			return err
		}
		if resolved, err := filepath.EvalSymlinks(o.Dir); err == nil {
			o.Dir = resolved
		}
		if kept, err = inspectKept(o.Dir); err != nil {
			return err
		}
	}
	if e.account, err = serverAccount(o.Dir); err != nil {
		return err
	}
	if e.programs, err = find.find(ctx, kept.major); err != nil {
		return err
	}
	if err := e.takeFolders(ctx, o); err != nil {
		return err
	}
	if err := e.prepareCluster(ctx); err != nil {
		return err
	}
	if err := e.launch(); err != nil {
		return err
	}
	if err := e.await(ctx); err != nil {
		return err
	}
	e.log.stop()
	return nil
}

// takeFolders makes the folders of the server and chooses where it listens.
func (e *Embedded) takeFolders(ctx context.Context, o EmbeddedOptions) error {
	if o.Dir != "" {
		kept, err := takeKept(o.Dir, e.account)
		if err != nil {
			return err
		}
		e.folder = kept
		e.folders = append(e.folders, kept)
	}
	root, err := temporaryRoot(o.Getenv, e.account)
	if err != nil {
		return err
	}
	temporary, err := newTemporaryFolder(root, e.account)
	if err != nil {
		return err
	}
	e.folders = append(e.folders, temporary)
	if e.folder == nil {
		e.folder = temporary
	}
	e.data = filepath.Join(e.folder.path, finishedCluster)

	if runtime.GOOS == "windows" {
		e.at, err = portWithPassword(ctx, e.folder.path)
		return err
	}
	socket := temporary
	if !fitsSocket(socket.path) {
		if closed := e.account.closedTo(shortRoot); closed != "" {
			return e.account.cannotEnter(shortRoot, closed)
		}
		if socket, err = newTemporaryFolder(shortRoot, e.account); err != nil {
			return err
		}
		e.folders = append(e.folders, socket)
	}
	e.at = socketIn(socket.path)
	return nil
}

// prepareCluster makes the cluster, or makes sure that the one there is free.
func (e *Embedded) prepareCluster(ctx context.Context) error {
	if _, err := os.Stat(e.data); err == nil {
		return waitForPrevious(ctx, e.data)
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	unfinished := filepath.Join(e.folder.path, unfinishedCluster)
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	arguments := append(initdbArguments(unfinished, e.folder.temporary), e.at.initdb()...)
	initdb := exec.CommandContext(ctx, e.programs.path("initdb"), arguments...)
	initdb.Dir, initdb.Env = e.folder.path, e.env
	said := &logTail{}
	initdb.Stdout, initdb.Stderr = said, said
	// When ctx ends, it is left to finish unless it takes too long: killed, it would leave shared
	// memory behind for which nobody looks.
	initdb.Cancel = func() error { return os.ErrProcessDone }
	initdb.WaitDelay = 10 * time.Second
	setUpTool(initdb, e.account)

	run, err := launch(initdb)
	if err != nil {
		return e.cannotRun("initdb", err)
	}
	<-run.done
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if run.err != nil {
		return fmt.Errorf("initdb: %w\n%s", run.err, strings.TrimSpace(said.String()))
	}
	return os.Rename(unfinished, e.data)
}

func (e *Embedded) launch() error {
	arguments := []string{"-D", e.data}
	for _, setting := range append(settings(e.folder.temporary), e.at.settings()...) {
		arguments = append(arguments, "-c", setting)
	}
	server := exec.Command( //nolint:noctx // it outlives every context, until Stop
		e.programs.path("postgres"), arguments...)
	server.Dir, server.Env = e.folder.path, e.env
	server.Stderr = e.log
	server.WaitDelay = time.Second
	setUpServer(server, e.account, e.folder.temporary)

	var err error
	if e.server, err = launch(server); err != nil {
		return e.cannotRun("postgres", err)
	}
	return nil
}

func (e *Embedded) cannotRun(program string, err error) error {
	if errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("run %s: the account that PostgreSQL runs as may not, or may not enter "+
			"%s: %w", e.programs.path(program), e.folder.path, err)
	}
	return fmt.Errorf("run %s: %w", e.programs.path(program), err)
}

// startTimeout bounds the start of the server, with the recovery of a kept cluster in it.
const startTimeout = 2 * time.Minute

// await returns when the server answers and can do what our SQL asks of it.
func (e *Embedded) await(ctx context.Context) error {
	connector, err := Connector(e.DSN("postgres"))
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer db.Close()

	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for db.PingContext(ctx) != nil {
		select {
		case <-e.server.done:
			return fmt.Errorf("PostgreSQL ended while it started: %w\n%s",
				cmp.Or(e.server.err, io.EOF), strings.TrimSpace(e.log.String()))
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s",
				ctx.Err(), strings.TrimSpace(e.log.String()))
		case <-again.C:
		}
	}

	const available = `SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'`
	var extensions int
	if err := db.QueryRowContext(ctx, available).Scan(&extensions); err != nil {
		return fmt.Errorf("look for pg_trgm: %w", err)
	}
	if extensions == 0 {
		return fmt.Errorf("the PostgreSQL %d in %s has no extension pg_trgm: install the package "+
			"postgresql-contrib as well", e.programs.major, e.programs.folder)
	}
	return nil
}

// shutdown is a way for a server to end.
type shutdown int

const (
	inOrder shutdown = iota // everything written; a start needs no recovery
	atOnce                  // no client left, nothing more written
	byForce
)

// end is Stop. It copes with a server that never came to be.
func (e *Embedded) end() error {
	if e.server != nil {
		e.endServer()
	}
	var errs []error
	for _, folder := range e.folders {
		errs = append(errs, folder.release())
	}
	return errors.Join(errs...)
}

// endServer ends the server by ever harder means, and returns when it is gone.
func (e *Embedded) endServer() {
	steps := []struct {
		how  shutdown
		wait time.Duration
	}{{inOrder, 10 * time.Second}, {atOnce, 6 * time.Second}, {byForce, time.Minute}}
	if e.folder.temporary {
		steps = steps[1:]
	}
	for _, step := range steps {
		e.signal(step.how)
		select {
		case <-e.server.done:
			return
		case <-time.After(step.wait):
		}
	}
}

// environment is what PostgreSQL gets to see of ours: nothing that changes what it does.
func environment(getenv func(string) string) []string {
	env := []string{"LC_ALL=C", "TZ=UTC"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot"} {
		if value := getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}
