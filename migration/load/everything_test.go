package load_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/migration/migrationtest"
	"github.com/LBHackney-IT/resident-gateway/migration/pgreader"
	"github.com/LBHackney-IT/resident-gateway/migration/sqlserver"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// newEverything is a place with every type there is.
func newEverything(t *testing.T, rows int) *place {
	t.Helper()
	m := migrationtest.Everything()
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	p := &place{migrationtest.New(t, server.New(t), m), server.New(t)}
	migrationtest.MakeTables(t, p.db, m)
	for i := range m.Tables {
		most := rows
		if m.Tables[i].Name == "pairs" {
			most = min(most, 250) // its first column is a small number
		}
		p.FillTable(t, &m.Tables[i], 0, most)
	}
	return p
}

// TestEveryType loads a table with every type, by every kind of key, and reads it in every way on
// both sides: the rows are the same.
func TestEveryType(t *testing.T) {
	t.Parallel()
	p := newEverything(t, 400)
	p.load(t, p.options())
	here := pgreader.New(p.db, "everything", "here")
	for i := range p.Mapping.Tables {
		table := &p.Mapping.Tables[i]
		want := migrationtest.Lines(t, p.Reader, table)
		for name, r := range map[string]migration.Reader{"there": p.Reader, "here": here} {
			if got := migrationtest.Lines(t, r, table); !slices.Equal(got, want) {
				t.Errorf("%s, %s: got %d rows, want %d, and the same", table.Name, name, len(got), len(want))
			}
			if len(table.Key) > 0 {
				wantParts(t, r, table, want)
			}
		}
	}
}

// wantParts reads a table in parts: by position, by range and by key.
func wantParts(t *testing.T, r migration.Reader, table *mapping.Table, want []string) {
	t.Helper()
	var all []string
	next := ""
	for {
		got, at := part(t, r, table, migration.Part{After: next, Limit: 33})
		all, next = append(all, got...), at
		if len(got) < 33 {
			break
		}
	}
	if slices.Sort(all); !slices.Equal(all, want) {
		t.Errorf("%s: got %d rows by position, want %d, and the same", table.Name, len(all), len(want))
	}
	c := canon.Of(table)
	keys := [][]byte{c.Key([]byte(want[3])), c.Key([]byte(want[7])), c.Key([]byte(want[3]))}
	got, _ := part(t, r, table, migration.Part{Keys: keys})
	if slices.Sort(got); !slices.Equal(got, []string{want[3], want[7]}) {
		t.Errorf("%s: got %d rows of two keys", table.Name, len(got))
	}
	if parsed := table.Column(table.Key[0]).Parsed(); parsed.Kind == mapping.Integer {
		between := &migration.Between{From: 10, Below: 1_000_000}
		got, _ := part(t, r, table, migration.Part{Between: between})
		of := 0
		for _, line := range want {
			if first, _, _ := strings.Cut(line, "\t"); len(first) >= 2 {
				of++
			}
		}
		if len(got) != of || of == 0 {
			t.Errorf("%s: got %d rows from 10, want %d", table.Name, len(got), of)
		}
	}
}

func part(
	t *testing.T, r migration.Reader, table *mapping.Table, p migration.Part,
) (all []string, next string) {
	t.Helper()
	err := r.Read(t.Context(), table, p, func(b *migration.Batch) error {
		for i := range b.Rows() {
			all = append(all, string(bytes.Clone(b.Line(i))))
		}
		next = b.Next
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", table.Name, err)
	}
	return all, next
}

// TestTooLong holds that a value which is longer than its limit is an error, and never cut.
func TestTooLong(t *testing.T) {
	t.Parallel()
	p := newEverything(t, 20)
	p.Exec(t, `UPDATE [dbo].[NUMBERS] SET [C_NVARCHAR_MAX] = N'secret`+strings.Repeat("x", 1<<16)+
		`' WHERE [ID] = 7`)
	_, err := load.Run(t.Context(), p.options())
	if !errors.Is(err, canon.ErrLimit) || strings.Contains(err.Error(), "secret") ||
		!strings.Contains(err.Error(), "c_nvarchar_max") {
		t.Errorf("got %v, want %v with the column and no value", err, canon.ErrLimit)
	}
}

// TestAddresses holds what an address may say of how rows travel.
func TestAddresses(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"sqlserver://u:secret@example.org?database=d":                  true,
		"sqlserver://u:secret@example.org":                             true,
		"sqlserver://u:secret@example.org?encrypt=true":                true,
		"sqlserver://u:secret@example.org?encrypt=strict":              true,
		"sqlserver://u:secret@example.org?encrypt=false":               false,
		"sqlserver://u:secret@example.org?database=d&encrypt=disable":  false,
		"sqlserver://u:secret@example.org?database=d&Encrypt=disable":  false,
		"sqlserver://u:secret@127.0.0.1?database=d&encrypt=disable":    true,
		"sqlserver://u:secret@localhost:99?database=d&encrypt=disable": true,
		"sqlserver://u:secret@example.org:port":                        false,
	}
	for address, want := range tests {
		r, err := sqlserver.Open(map[string]string{"": address})
		if (err == nil) != want || err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v, want it taken: %v", address, err, want)
		}
		if r != nil {
			_ = r.Close()
		}
	}
}

// TestSystemErrors holds what is told of what SQL Server refuses.
func TestSystemErrors(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	if p.Double == nil {
		t.Skip("SKIPPED: a real system has other addresses")
	}
	wrong := strings.Replace(p.DSN, "Not-a-secret-1", "another-secret", 1)
	r, err := sqlserver.Open(map[string]string{"": wrong})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	persons := p.Mapping.Table("dm_persons")
	_, err = r.Catalogue(t.Context(), persons)
	if told, ok := errors.AsType[*sqlserver.Error](err); !ok || told.Number != 18456 ||
		strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v, want the number 18456 and no password", err)
	}
	gone := *persons
	gone.From = "NOT_THERE"
	err = p.Reader.Read(t.Context(), &gone, migration.Part{}, nil)
	if told, ok := errors.AsType[*sqlserver.Error](err); !ok || told.Number != 208 {
		t.Errorf("got %v, want the number 208", err)
	}
	if c, err := p.Reader.Catalogue(t.Context(), &gone); err != nil || len(c.Columns) != 0 {
		t.Errorf("got %v and %v, want nothing of a table that is not there", c, err)
	}
	elsewhere := *persons
	elsewhere.Database = "another"
	if err := p.Reader.Read(t.Context(), &elsewhere, migration.Part{}, nil); err == nil {
		t.Error("a database was read that nobody said the address of")
	}
	c, err := p.Reader.Catalogue(t.Context(), persons)
	if err != nil || len(c.Columns) != len(persons.Columns) ||
		!slices.Equal(c.Key, []string{"PERSON_ID"}) {
		t.Errorf("got %v and %v", c, err)
	}
}
