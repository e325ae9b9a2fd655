package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// withLog has the command do something with the record of access.
func (i *invocation) withLog(do func(context.Context, *program, *access.Log) error) {
	i.asked = func(ctx context.Context, p *program) error {
		return i.database.with(ctx, p, func(opened *database) error {
			return do(ctx, p, access.NewLog(opened.DB))
		})
	}
}

// Run drops months.
func (f *pruneLogFlags) Run(i *invocation) error {
	i.kept(i.database, false)
	months := i.number("ACCESS_LOG_MONTHS (--keep-months)", f.KeepMonths, 1, 1200)
	i.withLog(func(ctx context.Context, p *program, log *access.Log) error {
		return pruneLog(ctx, p, log, months, i.now())
	})
	return i.err()
}

// Run lists months.
func (*monthsFlags) Run(i *invocation) error {
	i.kept(i.database, false)
	i.withLog(showMonths)
	return i.err()
}

// Run shows entries.
func (f *showLogFlags) Run(i *invocation) error {
	i.kept(i.database, false)
	question := i.question(f)
	inJSON := i.oneOf("--format", f.Format, "text", "json") == "json"
	i.withLog(func(ctx context.Context, p *program, log *access.Log) error {
		return showLog(ctx, p, log, question, inJSON)
	})
	return i.err()
}

func (c *checker) question(given *showLogFlags) access.Question {
	if given.Resident == "" && given.Caller == "" {
		c.fault("--resident or --caller", "says what to show")
	}
	_, _, isID := resident.SplitID(given.Resident)
	if given.Resident != "" && !isID {
		c.fault("--resident", "is an id as the gateway answers it, such as mosaic:1000001")
	}
	question := access.Question{
		Resident: given.Resident, Caller: given.Caller,
		Since: c.moment("--since", given.Since, 0), Until: c.moment("--until", given.Until, 1),
		Limit: c.number("--limit", given.Limit, 1, 10_000_000),
	}
	if !question.Until.IsZero() && !question.Since.Before(question.Until) {
		c.fault("--since", "is after --until")
	}
	return question
}

// moment reads a moment, or a day: its beginning, or that of so many days later.
func (c *checker) moment(name, given string, daysLater int) time.Time {
	if given == "" {
		return time.Time{}
	}
	if moment, err := time.Parse(time.RFC3339, given); err == nil {
		return moment
	}
	day, err := time.Parse(time.DateOnly, given)
	if err != nil {
		c.fault(name, "is a day such as 2026-03-14, or a moment such as 2026-03-14T09:26:53Z")
	}
	return day.AddDate(0, 0, daysLater)
}

// An entryLine is an entry of the record, as a program reads it.
type entryLine struct {
	At            time.Time `json:"at"`
	Caller        string    `json:"caller"`
	CallerKind    string    `json:"callerKind"`
	CallerID      string    `json:"callerId"`
	Purpose       string    `json:"purpose,omitempty"`
	RequestID     string    `json:"requestId"`
	Operation     string    `json:"operation,omitempty"`
	OperationHash string    `json:"operationHash"`
	Residents     []string  `json:"residents"`
	Others        int       `json:"others,omitempty"` // beside the resident who is asked about
	Restricted    bool      `json:"restricted"`
	Shown         []string  `json:"shown"`
	Withheld      []string  `json:"withheld"`
	Searched      []string  `json:"searched"` // the parts of the filter
}

func showLog(
	ctx context.Context, p *program, log *access.Log, question access.Question, inJSON bool,
) error {
	entries, more, err := log.Read(ctx, question)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
	if !inJSON {
		fmt.Fprintln(w, "at\tcaller\tpurpose\toperation\tresidents\trestricted\tsearched by\tshown"+
			"\twithheld\trequest")
	}
	encoder := json.NewEncoder(p.stdout)
	for i := range entries {
		line := lineOf(&entries[i])
		if question.Resident != "" { // whoever is shown this is not to be told of the others
			line.Others = len(line.Residents) - 1
			line.Residents = []string{question.Resident}
		}
		if inJSON {
			if err := encoder.Encode(line); err != nil {
				return errors.New("the record could not be printed")
			}
			continue
		}
		whom := fmt.Sprintf("%d residents", len(line.Residents))
		if len(line.Residents) == 0 {
			whom = "nobody"
		}
		if len(line.Residents) == 1 {
			whom = line.Residents[0]
		}
		if line.Others > 0 {
			whom += fmt.Sprintf(" and %d others", line.Others)
		}
		columns := []string{
			line.At.Format(time.RFC3339), strings.ToLower(line.CallerKind) + " " + line.Caller,
			line.Purpose, line.Operation, whom, strconv.FormatBool(line.Restricted),
			strings.Join(line.Searched, " "), inShort(line.Shown), inShort(line.Withheld), line.RequestID,
		}
		for i, column := range columns {
			columns[i] = orDash(printable(column))
		}
		fmt.Fprintln(w, strings.Join(columns, "\t"))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(entries) == 0 {
		_, _ = fmt.Fprintln(p.stderr, "Nothing is recorded of that.")
	}
	if more {
		_, _ = fmt.Fprintln(p.stderr, "There are more: --limit shows more of them, and --until, with the"+
			" moment of the last, those before it.")
	}
	return nil
}

func lineOf(entry *access.Entry) entryLine {
	return entryLine{
		At: entry.At.UTC(), Caller: entry.Caller, CallerKind: string(entry.CallerKind),
		CallerID: entry.CallerID, Purpose: entry.Purpose, RequestID: entry.RequestID,
		Operation: entry.Operation, OperationHash: hex.EncodeToString(entry.OperationHash[:]),
		Residents: entry.Residents, Restricted: entry.Restricted,
		Shown: entry.Shown, Withheld: entry.Withheld, Searched: entry.Searched,
	}
}

// inShort lists fields for a person, who knows that a fullName is a Resident's.
func inShort(fields []string) string {
	short := make([]string, len(fields))
	for i, field := range fields {
		short[i] = strings.TrimPrefix(field, "Resident.")
	}
	return strings.Join(short, " ")
}

// printable keeps what was recorded from being a line of its own, or from moving the cursor.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func showMonths(ctx context.Context, p *program, log *access.Log) error {
	months, err := log.Months(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "month\tentries, about\tMiB")
	for _, m := range months {
		fmt.Fprintf(w, "%s\t%d\t%.1f\n", m.Month.Format("2006-01"), m.Records, float64(m.Bytes)/(1<<20))
	}
	return w.Flush()
}

func pruneLog(
	ctx context.Context, p *program, log *access.Log, months int, now time.Time,
) error {
	dropped, err := log.Prune(ctx, months, now)
	for _, d := range dropped {
		p.say("dropped %s, with %d entries", d.Month.Format("2006-01"), d.Records)
	}
	if err == nil && len(dropped) == 0 {
		p.say("nothing is older than %d months", months)
	}
	return err
}
