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

// logCommands are those about the record of access.
type logCommands struct {
	Show   showLogFlags  `cmd:"" default:"withargs" help:"Show who saw a resident, or whom a caller saw, the latest first. This is the default; show --help lists its flags."`
	Months monthsFlags   `cmd:"" help:"List the months there are."`
	Prune  pruneLogFlags `cmd:"" help:"Drop the months that need not be kept any longer. It cannot be undone."`
}

type showLogFlags struct {
	existingDatabase `embed:""`

	Resident string `placeholder:"ID" help:"Whom, by the id that the gateway answers, such as mosaic:1000001."`
	Caller   string `placeholder:"NAME" help:"By whom: the name of a key, or what the identity provider calls a person."`
	Since    moment `placeholder:"DAY" help:"From this day or moment on, such as 2026-03-14 or 2026-03-14T09:26:53Z, in UTC."`
	Until    moment `placeholder:"DAY" help:"Up to and with this day, or before this moment."`
	Limit    number `default:"1000" placeholder:"1..10000000" help:"The most entries (default ${default})."`
	Format   word   `default:"text" placeholder:"text|json" help:"How entries are written (default ${default}); as JSON, one object in each line."`
}

// Validate also finds fault with a question that asks about nothing.
func (f *showLogFlags) Validate() error {
	faults := []error{f.existingDatabase.Validate()}
	if f.Resident == "" && f.Caller == "" {
		faults = append(faults, errors.New("--resident or --caller must say what to show"))
	}
	if _, _, isID := resident.SplitID(f.Resident); f.Resident != "" && !isID {
		faults = append(faults, errors.New(
			"--resident must be an id as the gateway answers it, such as mosaic:1000001"))
	}
	if !f.Until.IsZero() && !f.Since.Before(f.Until.end()) {
		faults = append(faults, errors.New("--since must not be after --until"))
	}
	return errors.Join(faults...)
}

// Run shows entries.
func (f *showLogFlags) Run(ctx context.Context, p *program) error {
	return f.with(ctx, p, func(opened *database) error {
		return showLog(ctx, p, access.NewLog(opened.DB), access.Question{
			Resident: f.Resident, Caller: f.Caller, Limit: int(f.Limit),
			Since: f.Since.Time, Until: f.Until.end(),
		}, f.Format == "json")
	})
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

type monthsFlags struct {
	existingDatabase `embed:""`
}

// Run lists months.
func (f *monthsFlags) Run(ctx context.Context, p *program) error {
	return f.with(ctx, p, func(opened *database) error { return showMonths(ctx, p, opened) })
}

func showMonths(ctx context.Context, p *program, from *database) error {
	months, err := access.NewLog(from.DB).Months(ctx)
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

type pruneLogFlags struct {
	existingDatabase `embed:""`

	KeepMonths number `env:"ACCESS_LOG_MONTHS" default:"84" placeholder:"1..1200" help:"How many whole months are kept beside this one (default ${default})."`
}

// Run drops months.
func (f *pruneLogFlags) Run(ctx context.Context, p *program) error {
	return f.with(ctx, p, func(opened *database) error {
		dropped, err := access.NewLog(opened.DB).Prune(ctx, int(f.KeepMonths), p.now())
		for _, d := range dropped {
			p.say("dropped %s, with %d entries", d.Month.Format("2006-01"), d.Records)
		}
		if err == nil && len(dropped) == 0 {
			p.say("nothing is older than %d months", f.KeepMonths)
		}
		return err
	})
}
