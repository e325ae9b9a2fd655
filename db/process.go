package db

import (
	"io"
	"os/exec"
	"runtime"
	"sync"
)

// process is a program that dies with this one.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	err  error         // how it ended; set before done is closed
}

// launch starts cmd.
func launch(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		defer close(p.done)
		// Linux ends the child when the thread that made it ends, which is before this process
		// does, unless the thread is kept for as long as the child lives.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()

		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// logTail passes what a program says on, and keeps the end of it until it is told to stop.
type logTail struct {
	to io.Writer

	mu      sync.Mutex
	kept    []byte
	stopped bool
}

const logTailSize = 4 << 10

// Write never fails: a log that cannot be written must not stop the server.
func (l *logTail) Write(p []byte) (int, error) {
	if l.to != nil {
		_, _ = l.to.Write(p)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.stopped {
		l.kept = append(l.kept, p...)
		l.kept = l.kept[max(0, len(l.kept)-logTailSize):]
	}
	return len(p), nil
}

// stop forgets what was kept. From now on the log may be about what clients do.
func (l *logTail) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped, l.kept = true, nil
}

func (l *logTail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.kept)
}
