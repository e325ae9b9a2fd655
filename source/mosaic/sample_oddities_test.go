package mosaic_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// sampleOddityCases says of each oddity whether a resident shows it, by the rows alone. It is nil
// where the rows of one resident do not tell.
func sampleOddityCases() map[mosaic.SampleOddities]func(*mosaic.SamplePerson) bool {
	type person = mosaic.SamplePerson
	blank := func(s *string) bool { return s == nil || strings.TrimSpace(*s) == "" }
	is := func(s *string, value string) bool { return s != nil && *s == value }
	width := func(s *string) int {
		if s == nil {
			return 0
		}
		return utf8.RuneCountInString(*s)
	}
	return map[mosaic.SampleOddities]func(*person) bool{
		mosaic.SampleFirstNameMissing: func(p *person) bool { return p.FirstName == nil },
		mosaic.SampleLastNameMissing:  func(p *person) bool { return p.LastName == nil },
		mosaic.SampleFullNameBlank:    func(p *person) bool { return blank(p.FullName) },
		mosaic.SampleNameMissing: func(p *person) bool {
			return p.FirstName == nil && p.LastName == nil && blank(p.FullName)
		},
		mosaic.SampleNameCut:       nil,
		mosaic.SampleNameUpperCase: nil,
		mosaic.SampleNameForwards:  nil,
		mosaic.SampleNameApostrophe: func(p *person) bool {
			return p.FirstName != nil && strings.ContainsAny(*p.FirstName, "'’") ||
				p.LastName != nil && strings.ContainsAny(*p.LastName, "'’")
		},
		mosaic.SampleUntrimmed:     nil,
		mosaic.SampleEnteredTwice:  func(p *person) bool { return p.SameAs != 0 },
		mosaic.SampleBirthMissing:  func(p *person) bool { return p.DateOfBirth == nil },
		mosaic.SampleBirthSentinel: sampleBirthSentinel,
		mosaic.SampleDeceased:      func(p *person) bool { return p.DateOfDeath != nil },
		mosaic.SampleContextMissing: func(p *person) bool {
			return p.ContextFlag == nil
		},
		mosaic.SampleRestricted:        func(p *person) bool { return is(p.Restricted, "Y") },
		mosaic.SampleRestrictedUnknown: func(p *person) bool { return p.Restricted == nil },
		mosaic.SampleNHSMissing:        func(p *person) bool { return p.NHSID == nil },
		mosaic.SampleEmailMissing:      func(p *person) bool { return p.EmailAddress == nil },
		mosaic.SampleEmailMessy: func(p *person) bool {
			return p.EmailAddress != nil &&
				*p.EmailAddress != strings.ToLower(strings.TrimSpace(*p.EmailAddress))
		},
		mosaic.SampleLegacyConstant: func(p *person) bool { return is(p.PersonIDLegacy, "-") },
		mosaic.SampleAddressMissing: func(p *person) bool { return len(p.Addresses) == 0 },
		mosaic.SampleAddressEnded: func(p *person) bool {
			return len(p.Addresses) > 0 && sampleCurrent(p) == 0
		},
		mosaic.SampleAddressSeveral: func(p *person) bool { return sampleCurrent(p) > 1 },
		mosaic.SampleAddressDisplayed: func(p *person) bool {
			return sampleCount(p.Addresses, func(a *mosaic.SampleAddress) bool {
				return is(a.IsDisplayAddress, "Y")
			}) > 1
		},
		mosaic.SampleAddressTwice: nil,
		mosaic.SampleAddressBlank: sampleAnyAddress(func(a *mosaic.SampleAddress) bool {
			return a.Address == nil
		}),
		mosaic.SampleAddressStarts: nil, // the date can be missing
		mosaic.SampleAddressEnds: sampleAnyAddress(func(a *mosaic.SampleAddress) bool {
			return a.EndDate != nil && a.EndDate.After(sampleOf(0).Today)
		}),
		mosaic.SampleFlagsMissing: sampleAnyAddress(func(a *mosaic.SampleAddress) bool {
			return a.IsContactAddress == nil || a.IsDisplayAddress == nil
		}),
		mosaic.SampleUPRNMissing: sampleAnyAddress(func(a *mosaic.SampleAddress) bool {
			return a.UPRN == nil
		}),
		mosaic.SamplePostcodeMissing: sampleAnyAddress(func(a *mosaic.SampleAddress) bool {
			return blank(a.PostCode)
		}),
		mosaic.SamplePostcodeOutward: sampleAnyAddress(func(a *mosaic.SampleAddress) bool {
			n := width(a.PostCode)
			return n >= 2 && n <= 4 && strings.Contains("ENW", (*a.PostCode)[:1]) &&
				strings.ContainsAny(*a.PostCode, "123456789")
		}),
		mosaic.SamplePostcodeRubbish:  nil,
		mosaic.SamplePostcodeSpelling: nil,
		mosaic.SamplePhoneMissing:     func(p *person) bool { return len(p.Phones) == 0 },
		mosaic.SamplePhoneNonsense: sampleAnyPhone(func(row *mosaic.SamplePhone) bool {
			return row.Number == nil || !strings.ContainsAny(*row.Number, "0123456789")
		}),
		mosaic.SamplePhoneNote: nil,
		mosaic.SamplePhoneTwo: sampleAnyPhone(func(row *mosaic.SamplePhone) bool {
			return row.Number != nil &&
				(strings.Contains(*row.Number, "/") && strings.Contains(*row.Number, "0") ||
					strings.Contains(*row.Number, " or "))
		}),
		mosaic.SamplePhoneTwice:  nil,
		mosaic.SamplePhoneShared: nil,
		mosaic.SamplePhoneExDirectory: sampleAnyPhone(func(row *mosaic.SamplePhone) bool {
			return strings.HasPrefix(row.Type, "Ex-directory")
		}),
	}
}

func sampleBirthSentinel(p *mosaic.SamplePerson) bool {
	return p.DateOfBirth != nil && p.DateOfBirth.Equal(time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC))
}

func sampleCount[T any](rows []T, holds func(*T) bool) int {
	n := 0
	for i := range rows {
		if holds(&rows[i]) {
			n++
		}
	}
	return n
}

func sampleAnyAddress(
	holds func(*mosaic.SampleAddress) bool,
) func(*mosaic.SamplePerson) bool {
	return func(p *mosaic.SamplePerson) bool { return sampleCount(p.Addresses, holds) > 0 }
}

func sampleAnyPhone(holds func(*mosaic.SamplePhone) bool) func(*mosaic.SamplePerson) bool {
	return func(p *mosaic.SamplePerson) bool { return sampleCount(p.Phones, holds) > 0 }
}

// sampleCurrent counts the addresses that hold. One without a start date may start in the future.
func sampleCurrent(p *mosaic.SamplePerson) int {
	today := sampleOf(0).Today
	current := sampleCount(p.Addresses, func(a *mosaic.SampleAddress) bool {
		return (a.StartDate == nil || !a.StartDate.After(today)) &&
			(a.EndDate == nil || a.EndDate.After(today))
	})
	if p.Oddities.Has(mosaic.SampleAddressStarts) {
		current -= sampleCount(p.Addresses, func(a *mosaic.SampleAddress) bool {
			return a.StartDate == nil && a.EndDate == nil
		})
		return max(1, current)
	}
	return current
}

func TestSampleOddities(t *testing.T) {
	t.Parallel()
	people := samplePeople(sampleOf(10_000))
	cases := sampleOddityCases()
	last := mosaic.SamplePhoneExDirectory
	for oddity := mosaic.SampleFirstNameMissing; oddity <= last; oddity <<= 1 {
		if _, ok := cases[oddity]; !ok {
			t.Errorf("oddity %#x has no case", uint64(oddity))
		}
	}
	for _, oddity := range slices.Sorted(maps.Keys(cases)) {
		shows, marked := cases[oddity], 0
		for i := range people {
			p := &people[i]
			says := p.Oddities.Has(oddity)
			if says {
				marked++
			}
			if shows != nil && shows(p) != says {
				t.Errorf("oddity %#x: resident %d is marked: %v, shows it: %v",
					uint64(oddity), p.PersonID, says, !says)
			}
		}
		if marked < 10 {
			t.Errorf("oddity %#x: got %d of 10,000 residents, want 10 or more",
				uint64(oddity), marked)
		}
	}
}

func TestSampleSecondRecords(t *testing.T) {
	t.Parallel()
	records := map[int64]mosaic.SamplePerson{}
	pairs, sameBirth, sameNumber, sameName := 0, 0, 0, 0
	for _, p := range samplePeople(sampleOf(20_000)) {
		records[p.PersonID] = p
		if p.SameAs == 0 {
			continue
		}
		pairs++
		first := records[p.SameAs]
		if p.DateOfBirth != nil && first.DateOfBirth != nil &&
			p.DateOfBirth.Equal(*first.DateOfBirth) {
			sameBirth++
		}
		if p.NHSID != nil && first.NHSID != nil {
			if *p.NHSID != *first.NHSID {
				t.Errorf("residents %d and %d are one human with two NHS numbers",
					p.PersonID, p.SameAs)
			}
			sameNumber++
		}
		if p.FullName != nil && first.FullName != nil && *p.FullName == *first.FullName {
			sameName++
		}
	}
	if sameBirth*2 < pairs || sameBirth == pairs {
		t.Errorf("got %d of %d pairs with one birth date, want most and not all", sameBirth, pairs)
	}
	if sameNumber*5 < pairs || sameNumber == pairs {
		t.Errorf("got %d of %d pairs with one NHS number, want some and not all", sameNumber, pairs)
	}
	if sameName*2 > pairs {
		t.Errorf("got %d of %d pairs with one full name, want the fewer", sameName, pairs)
	}
}
