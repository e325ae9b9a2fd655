package qlik_test

import (
	"errors"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/LBHackney-IT/resident-gateway/source/qlik"
)

const (
	notUPRN    = "it is no number of one to twelve digits above 0"
	notBoolean = "it is neither true nor false, 1 nor 0, -1, yes nor no, and not blank"
	notCount   = "it is no number of one to nine digits, and not blank"
	notDate    = "it is no day of the calendar written like 31/12/2020 or 31/12/2020 14:05"
	toCome     = "it is a day that has yet to come"
	ancient    = "it is a day before 2000"
	noColumn   = "line 1: column 12 of the file is none that is loaded"
	quotes     = "the quotes of the line do not match"
)

// Each line is the second of a file.
func TestLine(t *testing.T) {
	t.Parallel()
	row := func(cells ...string) string { return strings.Join(cells, "\t") }
	const n = `\N`
	blank := row("7", n, n, n, n, n, n, n, n, n, "2021-02-01 00:00:00")
	dated := func(at string) string { return row("7", n, n, n, n, n, n, n, n, n, at) }
	flagged := func(flag string) string {
		return row("7", flag, n, n, n, n, n, n, n, n, "2021-02-01 00:00:00")
	}
	counted := func(count string) string {
		return row("7", n, n, n, n, n, n, n, count, n, "2021-02-01 00:00:00")
	}
	fault := func(column, reason string) string {
		return qlik.Fault{Line: 2, Column: column, Reason: reason}.String()
	}
	manyCells := fault("", "the line has more cells than the header")
	fewCells := fault("", "the line has fewer cells than the header")
	longLine := fault("", "the line is longer than any could be")
	neitherOf := fault("uprn", notUPRN) + "; " + fault("date_created", notDate)
	tests := map[string]struct{ line, want string }{
		"all there": {
			"123456789012,true,false,true,false,true,false,true,0,12,01/02/2021 03:04:05",
			row("123456789012", "t", "f", "t", "f", "t", "f", "t", "0", "12", "2021-02-01 03:04:05"),
		},
		"all blank":    {"7,,,,,,,,,,01/02/2021", blank},
		"nothing":      {"", ""},
		"blanks round": {" 7 ,\t, ,,,,,,,, 1/2/2021 ", blank},
		"quoted":       {`"7","",,,,,,,,,"1/2/2021"`, blank},
		"quoted, with a comma": {
			`7,"tr,ue",,,,,,,,,1/2/2021`, fault("health_condition_or_disability", notBoolean),
		},
		"quoted, with a quote": {
			`7,"""",,,,,,,,,1/2/2021`, fault("health_condition_or_disability", notBoolean),
		},
		"a quote that is not closed":   {`7,"true,,,,,,,,,1/2/2021`, fault("", quotes)},
		"a quote within a cell":        {`7,tr"ue,,,,,,,,,1/2/2021`, fault("", quotes)},
		"a letter after a quote":       {`7,"true"x,,,,,,,,,1/2/2021`, fault("", quotes)},
		"a quote at the end":           {`7,,,,,,,,,,1/2/2021"`, fault("", quotes)},
		"a cell too many":              {"7,,,,,,,,,,1/2/2021,", manyCells},
		"a cell too few":               {"7,,,,,,,,,1/2/2021", fewCells},
		"only commas":                  {",,,,,,,,,,", neitherOf},
		"semicolons":                   {"7;;;;;;;;;;1/2/2021", fewCells},
		"longer than any":              {strings.Repeat("7", 20_000), longLine},
		"no bytes of text":             {"\xff\xfe7,,,,,,,,,,1/2/2021", fault("uprn", notUPRN)},
		"a zero byte":                  {"7\x00,,,,,,,,,,1/2/2021", fault("uprn", notUPRN)},
		"uprn with leading zeros":      {"007,,,,,,,,,,1/2/2021", blank},
		"uprn blank":                   {",,,,,,,,,,1/2/2021", fault("uprn", notUPRN)},
		"uprn zero":                    {"000,,,,,,,,,,1/2/2021", fault("uprn", notUPRN)},
		"uprn below zero":              {"-7,,,,,,,,,,1/2/2021", fault("uprn", notUPRN)},
		"uprn of thirteen digits":      {"1234567890123,,,,,,,,,,1/2/2021", fault("uprn", notUPRN)},
		"uprn as a spreadsheet has it": {"1.00021E+11,,,,,,,,,,1/2/2021", fault("uprn", notUPRN)},
		"uprn with a fraction":         {"7.0,,,,,,,,,,1/2/2021", fault("uprn", notUPRN)},
		"uprn in other digits":         {"٧,,,,,,,,,,1/2/2021", fault("uprn", notUPRN)},
		"cases many":                   {"7,,,,,,,,999999999,,1/2/2021", counted("999999999")},
		"cases more than fit":          {"7,,,,,,,,1000000000,,1/2/2021", fault("asc_cases", notCount)},
		"cases below zero":             {"7,,,,,,,,-1,,1/2/2021", fault("asc_cases", notCount)},
		"cases with a fraction":        {"7,,,,,,,,,1.0,1/2/2021", fault("csc_cases", notCount)},
		"cases in words":               {"7,,,,,,,,,true,1/2/2021", fault("csc_cases", notCount)},
		"a date with minutes":          {"7,,,,,,,,,,31/12/2020 14:05", dated("2020-12-31 14:05:00")},
		"a date with parts of seconds": {
			"7,,,,,,,,,,31/12/2020 14:05:06.789", dated("2020-12-31 14:05:06"),
		},
		"a leap day":           {"7,,,,,,,,,,29/02/2024", dated("2024-02-29 00:00:00")},
		"the first day of all": {"7,,,,,,,,,,1/1/2000", dated("2000-01-01 00:00:00")},
		"today":                {"7,,,,,,,,,,14/03/2026", dated("2026-03-14 00:00:00")},
		"later today":          {"7,,,,,,,,,,14/03/2026 23:59", dated("2026-03-14 23:59:00")},
		"tomorrow":             {"7,,,,,,,,,,15/03/2026", fault("date_created", toCome)},
		"before any":           {"7,,,,,,,,,,31/12/1999", fault("date_created", ancient)},
		"no date":              {"7,,,,,,,,,,", fault("date_created", notDate)},
		"no leap day":          {"7,,,,,,,,,,29/02/2023", fault("date_created", notDate)},
		"no such day":          {"7,,,,,,,,,,31/11/2020", fault("date_created", notDate)},
		"the month first":      {"7,,,,,,,,,,12/31/2020", fault("date_created", notDate)},
		"the year first":       {"7,,,,,,,,,,2020-12-31", fault("date_created", notDate)},
		"a year of two digits": {"7,,,,,,,,,,31/12/20", fault("date_created", notDate)},
		"no such time":         {"7,,,,,,,,,,31/12/2020 25:00", fault("date_created", notDate)},
		"several at once": {
			"x,maybe,,,,,,,-1,,x",
			fault("uprn", notUPRN) + "; " + fault("health_condition_or_disability", notBoolean) + "; " +
				fault("asc_cases", notCount) + "; " + fault("date_created", notDate),
		},
	}
	type lineTest = struct{ line, want string }
	line := func(flag string) string { return "7," + flag + ",,,,,,,,,1/2/2021" }
	for yes := range strings.SplitSeq(`true TRUE True t T yes Yes y 1 -1 "1"`, " ") {
		tests["true as "+yes] = lineTest{line(yes), flagged("t")}
	}
	for no := range strings.SplitSeq(`false FALSE f no NO n 0 "0"`, " ") {
		tests["false as "+no] = lineTest{line(no), flagged("f")}
	}
	for neither := range strings.SplitSeq(`2 +1 01 on off null NULL - n/a y,n \N`, " ") {
		tests["neither as "+neither] = lineTest{
			line(`"` + neither + `"`), fault("health_condition_or_disability", notBoolean),
		}
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, faults, err := qlik.ReadFile(strings.NewReader(fileOf(tt.line)), now())
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(append(rows, texts(faults)...), "; "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func texts(faults []qlik.Fault) []string {
	var all []string
	for _, f := range faults {
		all = append(all, f.String())
	}
	return all
}

func TestHeader(t *testing.T) {
	t.Parallel()
	const line = "7,,,,,,,,,,1/2/2021"
	missing := func(name string) string { return "line 1, " + name + ": the header does not name it" }
	tests := map[string]struct {
		file string
		rows int
		want []string
	}{
		"as it should be":      {fileOf(line), 1, nil},
		"with a BOM":           {"\ufeff" + fileOf(line), 1, nil},
		"a BOM before a quote": {"\ufeff" + `"uprn"` + strings.TrimPrefix(fileOf(line), "uprn"), 1, nil},
		"lines end in LF":      {header + "\n" + line + "\n\n" + line, 2, nil},
		"the last not ended":   {header + "\r\n" + line, 1, nil},
		"in capitals, quoted": {
			`"` + strings.ReplaceAll(strings.ToUpper(header), ",", `","`) + `"` + "\n" + line, 1, nil,
		},
		"spelled as it should be": {
			strings.Replace(header, "y_accomodation", "y_accommodation", 1) + "\n" + line, 1, nil,
		},
		"in another order": {
			strings.TrimPrefix(header, "uprn,") + ",uprn\n,,,,,,,,,1/2/2021,7", 1, nil,
		},
		"a column is missing": {
			strings.Replace(header, "low_income,", "", 1) + "\n" + line, 0, []string{missing("low_income")},
		},
		"a column twice": {
			header + ",uprn\n" + line, 0, []string{"line 1, uprn: the header names it twice"},
		},
		"a column in both spellings": {
			header + ",living_in_temporary_accommodation\n" + line, 0,
			[]string{"line 1, living_in_temporary_accomodation: the header names it twice"},
		},
		"a column of something else": {
			header + ",Full Name\n" + line, 0, []string{noColumn},
		},
		"a column without a name": {
			header + ",\n" + line, 0, []string{noColumn},
		},
		"a quote that is not closed": {`"` + header + "\n" + line, 0, []string{"line 1: " + quotes}},
		"too long": {
			strings.Repeat("x", 20_000) + "\n" + line, 0,
			[]string{"line 1: the line is longer than any could be"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, faults, err := qlik.ReadFile(strings.NewReader(tt.file), now())
			if err != nil {
				t.Fatal(err)
			}
			if got := texts(faults); len(rows) != tt.rows || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %d rows and %q, want %d and %q", len(rows), got, tt.rows, tt.want)
			}
		})
	}
}

// Where the header is not there, neither are its columns, and what stands in its place is not told.
func TestHeaderIsMissing(t *testing.T) {
	t.Parallel()
	_, faults, err := qlik.ReadFile(strings.NewReader("4711,true,,,,,,,,,1/2/2021\n"), now())
	if err != nil {
		t.Fatal(err)
	}
	if len(faults) != 22 || strings.Contains(strings.Join(texts(faults), " "), "4711") {
		t.Errorf("got %q, want a fault for each column, there and missing", texts(faults))
	}
}

func TestFileFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	for _, file := range []string{"", header + "\n", fileOf("7,,,,,,,,,,1/2/2021")} {
		_, _, err := qlik.ReadFile(
			io.MultiReader(strings.NewReader(file), iotest.ErrReader(broken)), now())
		if !errors.Is(err, broken) {
			t.Errorf("got error %v after %d bytes, want %v", err, len(file), broken)
		}
	}
	rows, _, err := qlik.ReadFile(
		iotest.OneByteReader(strings.NewReader(fileOf("7,,,,,,,,,,1/2/2021"))), now())
	if err != nil || len(rows) != 1 {
		t.Errorf("got %q and error %v, byte by byte", rows, err)
	}
}

// Whatever a file holds, its rows are such as COPY takes for a household and nothing else, and its
// faults say only what is said in this package.
func FuzzFile(f *testing.F) {
	for _, seed := range []string{
		"", "\n", "\ufeff", header, header + "\n", fileOf("7,,,,,,,,,,1/2/2021"), fileOf(",,,"),
		fileOf(`"7","t","-1","YES",0,f,,"",1,2,"31/12/2020 23:59"`), fileOf(`7,"""`, `"`, `",",`),
		fileOf(`\N,\.,`+"\x00", `\.`), header + "\r7", "uprn,uprn,\"x\"\n7,8,9",
		fileOf("7,,,,,,,,,,32/1/2021", "7,maybe,2,,,,,,-1,x,1/2/1066", "0,,,,,,,,,,1/2/2999"),
		strings.Repeat(",", 17_000), fileOf(strings.Repeat(`"`, 17_000), "7,,,,,,,,,,1/2/2021"),
	} {
		f.Add([]byte(seed))
	}
	isRow := regexp.MustCompile(`^[1-9][0-9]{0,11}(\t(t|f|\\N)){7}(\t([0-9]{1,9}|\\N)){2}` +
		`\t2[0-9]{3}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]$`)
	isColumn := regexp.MustCompile(`^column [0-9]+ of the file is none that is loaded$`)
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, faults, err := qlik.ReadFile(strings.NewReader(string(file)), now())
		if err != nil && len(file) > 0 {
			t.Fatal(err)
		}
		for i, row := range rows {
			if !isRow.MatchString(row) {
				t.Errorf("row %d is none", i)
			}
		}
		lines := strings.Count(string(file), "\n") + 1
		for _, fault := range faults {
			if fault.Line < 1 || fault.Line > lines {
				t.Errorf("got a fault of line %d of %d", fault.Line, lines)
			}
			if fault.Column != "" && !slices.Contains(qlik.ColumnNames(), fault.Column) {
				t.Errorf("line %d: the column is none of the table", fault.Line)
			}
			if !slices.Contains(qlik.Reasons(), fault.Reason) && !isColumn.MatchString(fault.Reason) {
				t.Errorf("line %d: the reason is not one of those there are", fault.Line)
			}
		}
	})
}
