package resident_test

import (
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

func TestWithhold(t *testing.T) {
	t.Parallel()
	number, uprn := "020 7946 0123", "10008232162"
	newResident := func(restricted bool) *resident.Resident {
		r := &resident.Resident{Restricted: restricted, UPRN: &uprn}
		r.SetContactDetails([]*resident.ContactDetail{
			{
				ID: "1", Type: resident.Phone, Value: &number, Current: true, ExDirectory: true,
				Phone: &resident.PhoneNumber{AsGiven: number},
			},
			{
				ID: "2", Type: resident.Phone, Value: &number, Current: true,
				Phone: &resident.PhoneNumber{AsGiven: number}, ContactAllowed: new(true),
			},
			{
				ID: "3", Type: resident.Phone, Value: &number, Current: true,
				Phone: &resident.PhoneNumber{AsGiven: number}, ContactAllowed: new(false),
			},
		})
		return r
	}
	tests := map[string]struct {
		restricted bool
		leave      resident.Leave
		details    int // how many are told of at all
		numbers    int // and of how many the number
		uprn       bool
	}{
		"anyone":                              {false, resident.Leave{}, 3, 1, true},
		"anyone, leave for opted out":         {false, resident.Leave{OptedOut: true}, 3, 2, true},
		"anyone, with leave":                  {false, resident.FullLeave(), 3, 3, true},
		"restricted":                          {true, resident.Leave{}, 0, 0, false},
		"restricted, leave for numbers alone": {true, resident.Leave{ExDirectory: true}, 0, 0, false},
		"restricted, with leave for them":     {true, resident.Leave{Restricted: true}, 3, 1, true},
		"restricted, with all leave":          {true, resident.FullLeave(), 3, 3, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newResident(tt.restricted)
			r.Withhold(tt.leave)
			r.Withhold(tt.leave) // twice is as good as once
			details, err := r.ContactDetails(nil, true)
			if err != nil {
				t.Fatal(err)
			}
			numbers := 0
			for _, d := range details {
				if (d.Value != nil) != (d.Phone != nil) || (d.Value == nil) != (d.Withheld != nil) {
					t.Errorf("detail %s: its value, its parts and its reason do not go together", d.ID)
				}
				if d.Value != nil {
					numbers++
				}
			}
			if len(details) != tt.details || numbers != tt.numbers || (r.UPRN != nil) != tt.uprn {
				t.Errorf("got %d details, %d numbers, a UPRN %t", len(details), numbers, r.UPRN != nil)
			}
			if r.WhereaboutsWithheld() != (tt.details == 0) {
				t.Errorf("got withheld %t", r.WhereaboutsWithheld())
			}
		})
	}
}
