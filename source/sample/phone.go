package sample

import "strconv"

// Phone is a phone number of the ranges that Ofcom keeps for drama. They are three thousand in all,
// so humans who are no relatives have them in common.
type Phone struct {
	Kind PhoneKind
	last int // the last three digits
}

// PhoneKind is where a phone rings.
type PhoneKind int

// The kinds.
const (
	MobilePhone  PhoneKind = iota // 07700 900000 to 900999
	LondonPhone                   // 020 7946 0000 to 0999
	NowherePhone                  // 01632 960000 to 960999
)

const phonesOfAKind = 1_000

// Mobile draws a mobile phone.
func Mobile(d *Dice) Phone { return Phone{MobilePhone, d.N(phonesOfAKind)} }

// Landline draws another phone.
func Landline(d *Dice) Phone {
	return Phone{OneOf(d, LondonPhone, LondonPhone, NowherePhone), d.N(phonesOfAKind)}
}

// Plain is the spelling with the fewest surprises.
func (p Phone) Plain() string {
	switch p.Kind {
	case MobilePhone:
		return p.after("07700 900")
	case LondonPhone:
		return p.after("020 7946 0")
	case NowherePhone:
	}
	return p.after("01632 960")
}

// Spelled is one of the many ways in which people write numbers, of 19 characters at most.
func (p Phone) Spelled(d *Dice) string {
	if d.N(10) < 4 {
		return p.Plain()
	}
	switch p.Kind {
	case MobilePhone:
		return p.after(OneOf(d, "07700900", "07700900", "07700900", "07700900", "07700 900 ",
			"+447700900", "+44 7700 900", "+44 (0)7700 900", "07700-900-", "447700900",
			"(07700) 900"))
	case LondonPhone:
		return p.after(OneOf(d, "02079460", "02079460", "02079460", "0207 946 0",
			"(020) 7946 0", "+44 20 7946 0", "+44 (0)20 7946 0", "+442079460",
			"020-7946-0", "(0207) 9460"))
	case NowherePhone:
	}
	return p.after(OneOf(d, "01632960", "01632960", "(01632) 960", "+44 1632 960",
		"+44 (0)1632 960", "01632-960"))
}

func (p Phone) after(start string) string {
	digits := strconv.Itoa(phonesOfAKind + p.last)
	return start + digits[1:]
}

// NotedPhone writes something beside a number.
func NotedPhone(d *Dice, number string) string {
	who := OneOf(d, "Daughter", "Son", "Mum", "Dad", "Wife", "Husband", "Sister", "Carer", "Nan")
	return OneOf(d, number+" - "+who, number+" - "+who, number+" ("+who+")", who+" "+number,
		who+": "+number, number+" (after 6pm)", number+" ext 12", number+" text only",
		"Tel "+number)
}

// NoPhone is what stands where a number should, nil for nothing.
func NoPhone(d *Dice) *string {
	return OneOf(d, nil, new(""), new(" "), new("-"), new("none"), new("None"), new("n/a"),
		new("N/A"), new("not known"), new("no phone"), new("tbc"))
}
