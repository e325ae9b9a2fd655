package sample_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/LBHackney-IT/resident-gateway/source/mosaic/sample"
)

// sampleOddityCases says of each oddity whether a resident shows it, by the rows alone. It is nil
// where the rows of one resident do not tell.
func sampleOddityCases() map[sample.Oddities]func(*sample.Person) bool {
	type person = sample.Person
	blank := func(s *string) bool { return s == nil || strings.TrimSpace(*s) == "" }
	is := func(s *string, value string) bool { return s != nil && *s == value }
	width := func(s *string) int {
		if s == nil {
			return 0
		}
		return utf8.RuneCountInString(*s)
	}
	return map[sample.Oddities]func(*person) bool{
		sample.FirstNameMissing: func(p *person) bool { return p.FirstName == nil },
		sample.LastNameMissing:  func(p *person) bool { return p.LastName == nil },
		sample.FullNameBlank:    func(p *person) bool { return blank(p.FullName) },
		sample.NameMissing: func(p *person) bool {
			return p.FirstName == nil && p.LastName == nil && blank(p.FullName)
		},
		sample.NameCut:       nil,
		sample.NameUpperCase: nil,
		sample.NameForwards:  nil,
		sample.NameApostrophe: func(p *person) bool {
			return p.FirstName != nil && strings.ContainsAny(*p.FirstName, "'’") ||
				p.LastName != nil && strings.ContainsAny(*p.LastName, "'’")
		},
		sample.Untrimmed:     nil,
		sample.EnteredTwice:  func(p *person) bool { return p.SameAs != 0 },
		sample.BirthMissing:  func(p *person) bool { return p.DateOfBirth == nil },
		sample.BirthSentinel: sampleBirthSentinel,
		sample.Deceased:      func(p *person) bool { return p.DateOfDeath != nil },
		sample.ContextMissing: func(p *person) bool {
			return p.ContextFlag == nil
		},
		sample.Restricted:        func(p *person) bool { return is(p.Restricted, "Y") },
		sample.RestrictedUnknown: func(p *person) bool { return p.Restricted == nil },
		sample.NHSMissing:        func(p *person) bool { return p.NHSID == nil },
		sample.EmailMissing:      func(p *person) bool { return p.EmailAddress == nil },
		sample.EmailMessy: func(p *person) bool {
			return p.EmailAddress != nil &&
				*p.EmailAddress != strings.ToLower(strings.TrimSpace(*p.EmailAddress))
		},
		sample.LegacyConstant: func(p *person) bool { return is(p.PersonIDLegacy, "-") },
		sample.AddressMissing: func(p *person) bool { return len(p.Addresses) == 0 },
		sample.AddressEnded: func(p *person) bool {
			return len(p.Addresses) > 0 && sampleCurrent(p) == 0
		},
		sample.AddressSeveral: func(p *person) bool { return sampleCurrent(p) > 1 },
		sample.AddressDisplayed: func(p *person) bool {
			return sampleCount(p.Addresses, func(a *sample.Address) bool {
				return is(a.IsDisplayAddress, "Y")
			}) > 1
		},
		sample.AddressTwice: nil,
		sample.AddressBlank: sampleAnyAddress(func(a *sample.Address) bool {
			return a.Address == nil
		}),
		sample.AddressStarts: nil, // the date can be missing
		sample.AddressEnds: sampleAnyAddress(func(a *sample.Address) bool {
			return a.EndDate != nil && a.EndDate.After(sampleOf(0).Today)
		}),
		sample.FlagsMissing: sampleAnyAddress(func(a *sample.Address) bool {
			return a.IsContactAddress == nil || a.IsDisplayAddress == nil
		}),
		sample.UPRNMissing: sampleAnyAddress(func(a *sample.Address) bool {
			return a.UPRN == nil
		}),
		sample.PostcodeMissing: sampleAnyAddress(func(a *sample.Address) bool {
			return blank(a.PostCode)
		}),
		sample.PostcodeOutward: sampleAnyAddress(func(a *sample.Address) bool {
			n := width(a.PostCode)
			return n >= 2 && n <= 4 && strings.Contains("ENW", (*a.PostCode)[:1]) &&
				strings.ContainsAny(*a.PostCode, "123456789")
		}),
		sample.PostcodeRubbish:  nil,
		sample.PostcodeSpelling: nil,
		sample.PhoneMissing:     func(p *person) bool { return len(p.Phones) == 0 },
		sample.PhoneNonsense: sampleAnyPhone(func(row *sample.Phone) bool {
			return row.Number == nil || !strings.ContainsAny(*row.Number, "0123456789")
		}),
		sample.PhoneNote: nil,
		sample.PhoneTwo: sampleAnyPhone(func(row *sample.Phone) bool {
			return row.Number != nil &&
				(strings.Contains(*row.Number, "/") && strings.Contains(*row.Number, "0") ||
					strings.Contains(*row.Number, " or "))
		}),
		sample.PhoneTwice:  nil,
		sample.PhoneShared: nil,
		sample.PhoneExDirectory: sampleAnyPhone(func(row *sample.Phone) bool {
			return strings.HasPrefix(row.Type, "Ex-directory")
		}),
	}
}

func sampleBirthSentinel(p *sample.Person) bool {
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
	holds func(*sample.Address) bool,
) func(*sample.Person) bool {
	return func(p *sample.Person) bool { return sampleCount(p.Addresses, holds) > 0 }
}

func sampleAnyPhone(holds func(*sample.Phone) bool) func(*sample.Person) bool {
	return func(p *sample.Person) bool { return sampleCount(p.Phones, holds) > 0 }
}

// sampleCurrent counts the addresses that hold. One without a start date may start in the future.
func sampleCurrent(p *sample.Person) int {
	today := sampleOf(0).Today
	current := sampleCount(p.Addresses, func(a *sample.Address) bool {
		return (a.StartDate == nil || !a.StartDate.After(today)) &&
			(a.EndDate == nil || a.EndDate.After(today))
	})
	if p.Oddities.Has(sample.AddressStarts) {
		current -= sampleCount(p.Addresses, func(a *sample.Address) bool {
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
	last := sample.PhoneExDirectory
	for oddity := sample.FirstNameMissing; oddity <= last; oddity <<= 1 {
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
	records := map[int64]sample.Person{}
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
