// Command server is the gateway: it reads configuration, puts the parts together, and answers HTTP.
// `go run ./server` serves sample residents; `go run ./server --help` lists the commands, and
// `go run ./server serve --help` all that can be set of serving. Read serve.go first.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // what is current is decided by London's day, on machines without zones too
)

func main() {
	os.Exit(exitCode())
}

func exitCode() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal is not waited for: it ends the program at once.
	context.AfterFunc(ctx, stop)

	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitStatus(err)
	}
	return 0
}

// run is the program: its arguments, its environment and where it writes are passed in. It returns
// when the command has done its work, or, if it serves, some time after ctx ends.
func run(
	ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer,
) error {
	now, err := londonClock()
	if err != nil {
		return err
	}
	p := &program{getenv: getenv, stdout: stdout, stderr: stderr, now: now}
	command, err := parse(args, p)
	if err != nil || command == nil {
		return err
	}
	command.BindTo(ctx, (*context.Context)(nil))
	return command.Run()
}
