package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// progress shows how far a long piece of work is: a bar on a terminal, and elsewhere a line for
// each tenth.
type progress struct {
	w          io.Writer
	isTerminal bool
	now        func() time.Time

	phase   string
	started time.Time
	before  int // what was done when the phase began, by a run before
	tenths  int
}

func newProgress(w io.Writer, now func() time.Time) *progress {
	p := &progress{w: w, now: now}
	if file, ok := w.(*os.File); ok {
		info, err := file.Stat()
		p.isTerminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// show says that done of total are done in this phase.
func (p *progress) show(phase string, done, total int) {
	if total <= 0 {
		return
	}
	if phase != p.phase {
		p.end()
		p.phase, p.started, p.tenths, p.before = phase, p.now(), -1, done
	}
	elapsed := p.now().Sub(p.started)
	left := ""
	if now := done - p.before; now > 0 && done < total {
		remaining := time.Duration(float64(elapsed) / float64(now) * float64(total-done))
		left = fmt.Sprintf(", %.0f/s, %v left", float64(now)/max(elapsed.Seconds(), 0.001),
			remaining.Round(time.Second))
	}
	if p.isTerminal {
		const width = 30
		filled := width * done / total
		_, _ = fmt.Fprintf(p.w, "\r\x1b[K%-10s [%s%s] %d of %d%s", phase,
			strings.Repeat("#", filled), strings.Repeat(".", width-filled), done, total, left)
		return
	}
	if tenths := 10 * done / total; tenths != p.tenths {
		p.tenths = tenths
		_, _ = fmt.Fprintf(p.w, "%s: %d of %d%s\n", phase, done, total, left)
	}
}

// end leaves the line that a bar stands on.
func (p *progress) end() {
	if p.isTerminal && p.phase != "" {
		_, _ = fmt.Fprintln(p.w)
	}
	p.phase = ""
}
