package housing_test

import (
	"slices"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A number that one row refuses is refused in every spelling that another row has it in: it is not
// told, and nobody is found by any piece of either.
func TestRefusedInEverySpelling(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		allowed, refused string
		by               []string // pieces that are searched by
	}{
		"international": {"+44 7700 900777", "07700 900777", []string{"7700900777", "47700900777"}},
		"local":         {"020 8356 1234", "8356 1234", []string{"2083561234"}},
		"extension":     {"7700900888 12", "7700900888", []string{"7700900888", "770090088812"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Scratch(t, ada, tenancy,
				`INSERT INTO housing."CCContactLink" VALUES (7, '0001234/01', '2')`,
				`INSERT INTO housing."CCPhone" VALUES (1, 7, '`+tt.allowed+`', 'M', now(), 'Y'),
				    (2, 7, '`+tt.refused+`', 'M', now(), 'n')`)
			r := read(t, database, adaID)
			r.Withhold(resident.Leave{Restricted: true})
			all, err := r.ContactDetails(nil, true)
			if err != nil || len(all) == 0 {
				t.Fatalf("got %d details and error %v", len(all), err)
			}
			for _, d := range all {
				if d.Value != nil || d.Preferred {
					t.Errorf("%s is told, preferred %t", said(d.Value), d.Preferred)
				}
			}
			for _, piece := range tt.by {
				for _, optedOut := range []bool{true, false} {
					filter := resident.Filter{
						Phone: source.PhoneForm(piece),
						Leave: resident.Leave{Restricted: true, OptedOut: optedOut},
					}
					if found := slices.Contains(list(t, database, filter), adaID); found && !optedOut {
						t.Errorf("found by %s without leave", piece)
					}
				}
			}
		})
	}
}
