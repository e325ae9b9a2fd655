package housing_test

import (
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A phone is whose tenancy and number both say, however they are filled, and nobody else's.
func TestLinks(t *testing.T) {
	t.Parallel()
	const told = "PHONE 07700 900123 preferred\nEMAIL ada@example.com"
	tests := map[string]struct {
		key1, key2 string // SQL
		isAdas     bool
	}{
		"both":                    {"'0001234/01'", "'2'", true},
		"filled":                  {"'0001234/01         '", "'2         '", true},
		"number with nought":      {"'0001234/01'", "'02'", true},
		"number after a blank":    {"'0001234/01'", "' 2'", true},
		"of a tenancy that ended": {"'0001234/00'", "'2'", true},
		"another member's":        {"'0001234/01'", "'1'", false},
		"another tenancy's":       {"'0001235/01'", "'2'", false},
		"a number with 2 in it":   {"'0001234/01'", "'12'", false},
		"a number that is words":  {"'0001234/01'", "'two'", false},
		"a number too long":       {"'0001234/01'", "'002'", false},
		"both null":               {"NULL", "NULL", false},
		"tenancy null":            {"NULL", "'2'", false},
		"number null":             {"'0001234/01'", "NULL", false},
		"both blank":              {"''", "''", false},
		"tenancy blank":           {"''", "'2'", false},
		"by the household":        {"'0001234'", "'2'", false},
		"tenancy after a blank":   {"' 0001234/01'", "'2'", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Scratch(t, ada, tenancy,
				`INSERT INTO housing.tenagree VALUES
				 	('0001234/00', '0001234', 'INT', true, NULL, '2010-05-02'),
				 	('', '0001234', NULL, NULL, NULL, NULL), (NULL, '0001234', NULL, NULL, NULL, NULL)`,
				`INSERT INTO housing."CCContactLink" VALUES (5, `+tt.key1+`, `+tt.key2+`)`,
				`INSERT INTO housing."CCPhone" VALUES (1, 5, '07700 900123'), (2, NULL, '07700 900456')`,
				`INSERT INTO housing."CCEmailAddress" VALUES (1, 5, 'ada@example.com')`)
			want := ""
			if tt.isAdas {
				want = told
			}
			if got := details(t, read(t, database, adaID)); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			for what, filter := range map[string]resident.Filter{
				"phone": {Phone: "7700900123"}, "e-mail": {Email: "ada@example.com"},
			} {
				filter.Leave = resident.FullLeave()
				if got := list(t, database, filter); (len(got) == 1) != tt.isAdas {
					t.Errorf("%s: got %q, want one: %t", what, got, tt.isAdas)
				}
			}
		})
	}
}

// By a tenancy that two households have, neither is told what is linked to it, for it may be the
// other's.
func TestTenancyOfTwoHouseholds(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t, ada, tenancy,
		`INSERT INTO housing.member VALUES ('0001235', 2)`,
		`INSERT INTO housing.tenagree VALUES ('0001234/01', '0001235')`,
		`INSERT INTO housing.contacts VALUES (7, NULL, '0001234/01')`,
		`INSERT INTO housing."CCContactLink" VALUES (5, '0001234/01', '2')`,
		`INSERT INTO housing."CCPhone" VALUES (1, 5, '07700 900123')`)
	for _, id := range []string{adaID, "0001235-2"} {
		r := read(t, database, id)
		if got := details(t, r); got != "" {
			t.Errorf("%s: got %s, want nothing", id, got)
		}
		if got := record(t, r); got.WaitingListContactKey != nil || len(got.Tenancies) != 1 {
			t.Errorf("%s: got %+v, want the tenancy and no key", id, got)
		}
	}
	filter := resident.Filter{Phone: "7700900123", Leave: resident.FullLeave()}
	if got := list(t, database, filter); len(got) != 0 {
		t.Errorf("got %q by the phone, want nobody", got)
	}
}

// The housing register's key is the household's, by its own reference before that of a tenancy.
func TestWaitingListContactKeys(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		values string // SQL: key, household, tenancy
		want   string
	}{
		"none": {
			"(7, NULL, NULL), (8, '', ''), (9, '0001235', '0001235/01')", "nil",
		},
		"by the household":          {"(7, '0001234', NULL)", "7"},
		"by the household, filled":  {"(7, '0001234     ', '')", "7"},
		"by a tenancy":              {"(7, NULL, '0001234/01')", "7"},
		"by both":                   {"(7, '0001234', '0001234/01')", "7"},
		"several: the latest":       {"(7, '0001234', NULL), (8, '0001234', NULL)", "8"},
		"the household's own first": {"(7, '0001234', NULL), (8, NULL, '0001234/01')", "7"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Scratch(t, ada, tenancy,
				`INSERT INTO housing.contacts VALUES `+tt.values)
			r := read(t, database, adaID)
			if got := said(record(t, r).WaitingListContactKey); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
