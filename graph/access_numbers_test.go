package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A resident is found by just those numbers, and pieces of numbers, that the caller is told. So
// nobody finds one by a number that is withheld, and nobody learns of it by asking for pieces of
// another that is told.
func TestFoundByWhatIsTold(t *testing.T) {
	t.Parallel()
	const ordinary = "020 7946 0431"
	tests := map[string]struct {
		exDirectory string // as the source has it, beside an ordinary number
		told        bool   // whether the ordinary number is still told
	}{
		"another number":                 {"01632 960555", true},
		"the same number":                {"+44 (0)20 7946-0431", false},
		"the same number, with a note":   {"02079460431 ext 2", false},
		"the same number, of two":        {"020 7946 0431 / 01632 960555", false},
		"the same number, the second":    {"01632 960555 / 020 7946 0431", false},
		"the last digit is another":      {"020 7946 0432", false},
		"the first digits are others":    {"0121 7946 0431", true},
		"nine digits of it, not its own": {"07207 946043 99", false},
		"half of it":                     {"7946 0431", false},
		"five digits of it":              {"60431", true},
		"a digit of it":                  {"4", true},
		"no digit":                       {"none", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Template(t, "residents", fill("access_residents.sql"))(t)
			const add = `INSERT INTO mosaic.dm_telephone_numbers VALUES
				(801, 31, $1, 'Work'), (802, 31, $2, 'Ex-directory')`
			if _, err := database.ExecContext(t.Context(), add, ordinary, tt.exDirectory); err != nil {
				t.Fatal(err)
			}
			full, _ := newGraph(t, database)
			g := full.as(but("ex-directory:read")...)
			var answer struct {
				Resident struct {
					ContactDetails []struct {
						ID       string
						Value    *string
						Phone    *struct{ AsGiven string }
						Withheld *string
					}
				}
			}
			ask(t, g, `{ resident(id: "mosaic:31") {
				contactDetails(types: [PHONE]) { id value phone { asGiven } withheld } } }`, &answer)
			var told []string
			for _, d := range answer.Resident.ContactDetails {
				if (d.Withheld == nil) != (d.Phone != nil) || (d.Withheld == nil) != (d.Value != nil) {
					t.Errorf("got %+v", d)
				}
				if d.Phone != nil {
					told = append(told, source.Digits(d.Phone.AsGiven))
				}
				if d.ID == "mosaic:31:phone:801" && (d.Withheld == nil) != tt.told {
					t.Errorf("the ordinary number is told: %t, want %t", !tt.told, tt.told)
				}
				if d.ID == "mosaic:31:phone:802" && d.Withheld == nil {
					t.Error("the ex-directory number is told")
				}
			}
			for _, text := range []string{ordinary, tt.exDirectory} {
				if source.PhoneForm(text) != "" && !foundByPhone(t, full, text) {
					t.Errorf("by %s: not found with leave", text)
				}
				for _, asked := range pieces(source.Digits(text)) {
					wants := false
					for _, digits := range told {
						wants = wants || strings.Contains(digits, source.PhoneForm(asked))
					}
					found := foundByPhone(t, g, asked)
					if found != wants {
						t.Errorf("by %s: found %t, want %t", asked, found, wants)
					}
				}
			}
		})
	}
}

// pieces are those pieces of a number that may be searched by.
func pieces(digits string) []string {
	var all []string
	for from := range digits {
		for _, size := range []int{9, 10, len(digits)} {
			if from+size <= len(digits) && source.PhoneForm(digits[from:from+size]) != "" {
				all = append(all, digits[from:from+size])
			}
		}
	}
	return all
}

func foundByPhone(t *testing.T, g gateway, number string) bool {
	t.Helper()
	response := g.Execute(t.Context(), graph.Request{
		Query: fmt.Sprintf(`{ residents(filter: { phone: %q }) { nodes { id } } }`, number),
	})
	if len(response.Errors) > 0 {
		t.Fatalf("got %v", response.Errors)
	}
	return strings.Contains(string(response.Data), `"mosaic:31"`)
}
