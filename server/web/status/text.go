package status

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source"
)

// Print writes the status in columns, and what is wrong below them.
func (s *Status) Print(to io.Writer) error {
	w := tabwriter.NewWriter(to, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "source\tstate\trows\tas of, UTC\tage\tlast load, UTC\tlast proof, UTC")
	for i := range s.Sources {
		of := &s.Sources[i]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", of.Title, of.State, orDash(of.Rows),
			when(of.AsOf), age(s.At, of.AsOf), lastLoad(of.Load), lastProof(of.Proof))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for i := range s.Sources {
		if err := s.Sources[i].printBelow(to); err != nil {
			return err
		}
	}
	return nil
}

func (s *Source) printBelow(to io.Writer) error {
	var lines []string
	if s.Loading != nil {
		lines = append(lines, "next load "+underWay(s.Loading))
	}
	for _, t := range s.Troubles {
		line := t.What
		if t.Do != "" {
			line += " " + t.Do
		}
		lines = append(lines, line)
	}
	for _, t := range s.Tables {
		if t.Reason != nil {
			lines = append(lines, "table "+t.Name+": "+*t.Reason)
		}
	}
	for i, line := range lines {
		if i == 0 {
			line = "\n" + s.Title + "\n  " + line
		} else {
			line = "  " + line
		}
		if _, err := fmt.Fprintln(to, line); err != nil {
			return err
		}
	}
	return nil
}

// inColumns is how times are written in columns.
const inColumns = "2006-01-02 15:04"

func when(at *time.Time) string {
	if at == nil {
		return "-"
	}
	return at.UTC().Format(inColumns)
}

func age(now time.Time, at *time.Time) string {
	if at == nil {
		return "-"
	}
	return span(now.Sub(*at))
}

func orDash(n *int64) string {
	if n == nil {
		return "-"
	}
	return "about " + source.Grouped(*n)
}

func lastLoad(l *source.Load) string {
	if l == nil {
		return "-"
	}
	return l.At.UTC().Format(inColumns) + " " + l.Origin
}

func lastProof(p *source.Proof) string {
	if p == nil {
		return "-"
	}
	return p.EndedAt.UTC().Format(inColumns) + " " + proved(p)
}
