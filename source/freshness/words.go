package freshness

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source"
)

func moment(at time.Time) string { return at.UTC().Format("2006-01-02 15:04 UTC") }

func sinceWhen(at *time.Time) string {
	if at == nil {
		return ""
	}
	return " since " + moment(*at)
}

// span is a time in words that everybody reads alike.
func span(d time.Duration) string {
	switch {
	case d%(24*time.Hour) == 0 && d > 24*time.Hour:
		return strconv.Itoa(int(d/(24*time.Hour))) + " days"
	case d%time.Hour == 0 && d > time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + " hours"
	case d%time.Minute == 0:
		return plural(int64(d/time.Minute), "minute")
	}
	return d.String()
}

func plural(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return source.Grouped(n) + " " + what + "s"
}

// are is how many rows there are of which something is said.
func are(n int64) string {
	if n == 1 {
		return "1 row is"
	}
	return source.Grouped(n) + " rows are"
}

func perCent(l *source.Loading) string {
	var told strings.Builder
	if part := l.PerCent(); part != nil {
		fmt.Fprintf(&told, ": %d %%", *part)
	}
	return told.String()
}

func total(counts []count) int64 {
	var n int64
	for _, c := range counts {
		n += c.Rows
	}
	return n
}
