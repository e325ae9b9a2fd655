package status

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source"
)

// Meaning is what the state of a source means for who asks it.
func (s *Source) Meaning() string {
	switch s.State {
	case source.NotLoaded:
		return "It was never loaded whole. Asking it is an error that says so."
	case source.BeingLoaded:
		return "It is being loaded where it is read. Asking it is an error that says so."
	case source.Current:
		return "It is answered, and is as new as it should be."
	case source.Stale:
		return "It is answered, and is older than it should be."
	case source.Suspended:
		return "It is answered. A table or more is left as it was; the others go on."
	case source.Stopped:
		return "It is answered as it was: its changes are not followed any more."
	case source.Unknown:
		return "It is answered, and nobody knows how old it is."
	default:
		return "It does not answer. Asking it is an error; the other sources go on."
	}
}

// word is the state as a person writes it.
func word(s source.FreshnessState) string {
	text := strings.ToLower(strings.ReplaceAll(string(cmp.Or(s, Unavailable)), "_", " "))
	return strings.ToUpper(text[:1]) + text[1:]
}

// moment is a time as a person reads it.
func moment(at time.Time) string { return at.UTC().Format("2 January 2006 15:04 UTC") }

// span is how long something is, to two places: 3 h 20 min.
func span(d time.Duration) string {
	if d < 0 {
		return "not yet"
	}
	if d < time.Minute {
		return strconv.Itoa(int(d/time.Second)) + " s"
	}
	if d < time.Hour {
		return strconv.Itoa(int(d/time.Minute)) + " min"
	}
	whole, part, big, small := d/time.Hour, d%time.Hour/time.Minute, "h", "min"
	if d >= 48*time.Hour {
		whole, part, big, small = d/(24*time.Hour), d%(24*time.Hour)/time.Hour, "days", "h"
	}
	if part == 0 {
		return fmt.Sprintf("%d %s", whole, big)
	}
	return fmt.Sprintf("%d %s %d %s", whole, big, part, small)
}

// proved is what came of a proof.
func proved(p *source.Proof) string {
	switch p.Result {
	case "same":
		return "nothing differs in " + source.Grouped(p.Rows) + " rows"
	case "differs":
		return source.Grouped(p.Differ) + " of " + source.Grouped(p.Rows) + " rows differ"
	default:
		return "could not be finished"
	}
}

func underWay(l *source.Loading) string {
	text := "from " + l.Origin + ", " + l.Phase + ": " + source.Grouped(l.Rows) + " rows"
	if part := l.PerCent(); part != nil {
		text += fmt.Sprintf(", %d %%", *part)
	}
	if rate := l.Rate(); rate != nil {
		text += ", " + source.Grouped(*rate) + " rows a second"
	}
	switch {
	case l.Fault != nil:
		text += "; it has stopped"
	case !l.IsUnderWay:
		text += "; it broke off"
	}
	return text
}
