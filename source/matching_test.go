package source_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"pgregory.net/rapid"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m, &postgres, db.Gateway())) }

// pairs are the rules of matching as Go has them, and as SQL has them of a text t.
func pairs() map[string]struct {
	inGo  func(string) string
	inSQL string
} {
	return map[string]struct {
		inGo  func(string) string
		inSQL string
	}{
		"name":    {source.NameForm, "gateway.name_form(t)"},
		"address": {source.AddressForm, "gateway.address_form(t)"},
		"digits":  {source.Digits, "gateway.digits(t)"},
		"e-mail":  {source.EmailForm, "gateway.email_form(t)"},
		"name key": {
			func(t string) string {
				last, rest, _ := strings.Cut(t, "|")
				first, rest, _ := strings.Cut(rest, "|")
				full, _, _ := strings.Cut(rest, "|") // as split_part has it
				return source.NameKey(last, first, full)
			},
			"gateway.name_key(split_part(t, '|', 1), split_part(t, '|', 2), split_part(t, '|', 3))",
		},
	}
}

// wantSame fails for each text of which SQL has another form than Go.
func wantSame(t testing.TB, database *sqlx.DB, texts []string) (same bool) {
	t.Helper()
	same = true
	for name, pair := range pairs() {
		var got []string
		query := fmt.Sprintf(
			`SELECT %s FROM unnest($1::text[]) WITH ORDINALITY AS u (t, n) ORDER BY n`, pair.inSQL)
		if err := database.SelectContext(t.Context(), &got, query, pq.Array(texts)); err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			if want := pair.inGo(text); got[i] != want {
				t.Errorf("%s of %+q: SQL has %+q, Go has %+q", name, text, got[i], want)
				same = false
			}
		}
	}
	return same
}

// Every letter and mark of the scripts that names are written in, by itself and within a word.
func TestFormsAgreeOnEveryLetter(t *testing.T) {
	t.Parallel()
	var texts []string
	for r := rune(1); r <= 0xffff; r++ {
		known := r < 0x250 || r >= 0x2000 && r < 0x2100 ||
			unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Inherited) ||
			unicode.In(r, unicode.Space, unicode.Dash, unicode.Quotation_Mark)
		if known && unicode.IsOneOf([]*unicode.RangeTable{
			unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf,
		}, r) {
			texts = append(texts, "a"+string(r)+"B", string(r))
		}
	}
	if len(texts) < 3_000 {
		t.Fatalf("got %d texts: the tables of letters are not what they were", len(texts))
	}
	wantSame(t, postgres.New(t), texts)
}

func TestFormsAgreeOnAnyText(t *testing.T) {
	t.Parallel()
	database := postgres.New(t)
	alphabet := rapid.SampledFrom([]rune("aZéßŁøİı’'`-–. ,\t|%_\\/()+0123456789\u0301\u00a0\u200b"))
	rapid.Check(t, func(rt *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringOfN(alphabet, 0, 24, -1), 1, 50).Draw(rt, "texts")
		if !wantSame(t, database, texts) {
			rt.Fatal("they differ")
		}
	})
}

// A postcode that Go reads has the halves that SQL reads, however it is written.
func TestPostcodesAgree(t *testing.T) {
	t.Parallel()
	database := postgres.New(t)
	for _, written := range []string{
		"E8 1DY", "e81dy", " N16 8QR", "n1-6ab", "EC1V.9AA", "GIR 0AA", "ZZ99 3VZ", "W1A1HQ", "N16",
		" n16 ",
	} {
		read, err := resident.ParsePostcode(written)
		if err != nil {
			t.Fatalf("%q: %v", written, err)
		}
		var got resident.Postcode
		const halves = `SELECT gateway.postcode_outward($1) AS outward,
			gateway.postcode_inward($1) AS inward`
		if err := database.GetContext(t.Context(), &got, halves, written); err != nil {
			t.Fatal(err)
		}
		if got != read {
			t.Errorf("%q: SQL has %+v, Go has %+v", written, got, read)
		}
	}
}

func TestNameKeyPutsInOrder(t *testing.T) {
	t.Parallel()
	names := [][3]string{ // last, first, full
		{"", "Zoë", ""},
		{"Abara", "", ""},
		{"Abara", "Ada", ""},
		{"Ábara", "Ben", "Zzz"},
		{"Abaranka", "Ada", ""},
		{"", "", "Bello, Ada"},
		{"O’Brien", "Ann", ""},
		{"OBRIEN", "Bea", ""},
		{"Żak", "Ola", ""},
		{"", "", ""},
	}
	var keys []string
	for _, n := range names {
		keys = append(keys, source.NameKey(n[0], n[1], n[2]))
	}
	if !slices.IsSorted(keys) {
		t.Errorf("got %q, want them in order", keys)
	}
}

func TestLikePart(t *testing.T) {
	t.Parallel()
	if got, want := source.LikePart(`a%b_c\d`), `%a\%b\_c\\d%`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
