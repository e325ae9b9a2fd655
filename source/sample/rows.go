package sample

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// Rows is rows on their way into the tables of a source.
type Rows struct{ tables []Lines }

// Of returns the rows of a table, by its place among those of a Loading.
func (r *Rows) Of(table int) *Lines { return &r.tables[table] }

// size is in bytes.
func (r *Rows) size() int {
	n := 0
	for _, text := range r.tables {
		n += len(text)
	}
	return n
}

// take returns the rows so far, and begins anew.
func (r *Rows) take() []Lines {
	taken := r.tables
	r.tables = make([]Lines, len(taken))
	return taken
}

// Lines is rows of one table in the text format of COPY: column after column, and EndRow.
type Lines []byte

const null = table.CopyNull

// Number writes a column.
func (t *Lines) Number(n int64) {
	*t = append(strconv.AppendInt(*t, n, 10), '\t')
}

// OptionalNumber writes a column, null for nil.
func (t *Lines) OptionalNumber(n *int64) {
	if n == nil {
		t.Null()
		return
	}
	t.Number(*n)
}

// Date writes a column, null for nil.
func (t *Lines) Date(d *time.Time) {
	if d == nil {
		t.Null()
		return
	}
	year, month, day := d.Date()
	*t = append(strconv.AppendInt(*t, int64(year), 10), '-',
		byte('0'+month/10), byte('0'+month%10), '-', byte('0'+day/10), byte('0'+day%10), '\t')
}

// OptionalText writes a column, null for nil.
func (t *Lines) OptionalText(s *string) {
	if s == nil {
		t.Null()
		return
	}
	t.Text(*s)
}

// Null writes a column.
func (t *Lines) Null() { *t = append(*t, null+"\t"...) }

// Text writes a column.
func (t *Lines) Text(s string) {
	if !strings.ContainsAny(s, "\\\t\r\n") {
		*t = append(append(*t, s...), '\t')
		return
	}
	for i := range len(s) {
		switch c := s[i]; c {
		case '\\':
			*t = append(*t, `\\`...)
		case '\t':
			*t = append(*t, `\t`...)
		case '\r':
			*t = append(*t, `\r`...)
		case '\n':
			*t = append(*t, `\n`...)
		default:
			*t = append(*t, c)
		}
	}
	*t = append(*t, '\t')
}

// EndRow puts the end of the row in the place of the last column's.
func (t *Lines) EndRow() { (*t)[len(*t)-1] = '\n' }

// Add writes a whole row. Its values are nil, int, int64, string, pointers to those, and
// *time.Time, which is a date; a nil pointer is null.
func (t *Lines) Add(values ...any) {
	for _, value := range values {
		switch v := value.(type) {
		case nil:
			t.Null()
		case int:
			t.Number(int64(v))
		case *int:
			if v == nil {
				t.Null()
			} else {
				t.Number(int64(*v))
			}
		case int64:
			t.Number(v)
		case *int64:
			t.OptionalNumber(v)
		case string:
			t.Text(v)
		case *string:
			t.OptionalText(v)
		case *time.Time:
			t.Date(v)
		default:
			panic(fmt.Sprintf("sample: a column cannot be a %T", value)) // an error of the generator's
		}
	}
	t.EndRow()
}
