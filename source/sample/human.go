package sample

import (
	"strings"
	"time"
	"unicode/utf8"
)

// The rates of what is so of humans.
const (
	longName        Rate = 40 // longer than any column is
	doubleBarrelled Rate = 500
	secondFirstName Rate = 700
	deadYoung       Rate = 60  // of those under 65
	deadOld         Rate = 700 // of those of 65 and over
)

// fill makes a human.
func (w *World) fill(h *Human, index int, at place) {
	d := w.dice
	h.Index, h.Household, h.Role = index, at.household.number, at.role
	h.Female = d.N(100) < 52
	h.Mobile, h.HomePhone = Mobile(d), at.household.phone
	age, of := w.ageAndFamily(at)
	h.Born = w.today.AddDate(-age, 0, -d.N(365))
	w.name(h, at, of)
	h.Title = titleOf(d, h.Female, age)
	h.Nationality = of.nationality.Pick(d)
	if d.N(3) > 0 {
		h.Nationality = "British"
	}
	h.NHSNumber = nhsNumber(w.seed, index)
	if age >= 16 {
		h.NINumber = niNumber(w.seed, index)
	}
	w.die(h, age)
	h.Stays = w.stays(h, at)
}

// ageAndFamily returns how old a human is, in whole years, and where their names come from.
func (w *World) ageAndFamily(at place) (int, *family) {
	d, of := w.dice, at.household.family
	headAge := at.household.headAge
	switch at.role {
	case Head:
	case Partner:
		age := max(18, headAge+d.Between(-8, 8))
		if d.N(5) == 0 {
			of = w.families.Pick(d)
		}
		return age, of
	case Child:
		if headAge > 60 {
			return headAge - d.Between(20, 40), of
		}
		return d.Between(0, max(0, min(headAge-18, 17))), of
	case Relative:
		return adultAge(d), of
	}
	return headAge, of
}

// Age is how old they are on a day, in whole years, or would be.
func (h *Human) Age(today time.Time) int {
	years := today.Year() - h.Born.Year()
	if h.Born.AddDate(years, 0, 0).After(today) {
		years--
	}
	return years
}

func (w *World) die(h *Human, age int) {
	d, rate := w.dice, deadYoung
	if age >= 65 {
		rate = deadOld
	}
	if !d.Odd(rate) {
		return
	}
	lived := int(w.today.Sub(h.Born).Hours() / 24)
	h.Died = new(w.DaysAgo(d.N(min(lived, 5_000) + 1)))
}

// stays returns where somebody lives and has lived, none of it before birth.
func (w *World) stays(h *Human, at place) []Stay {
	stays := at.household.stays
	if at.role == Relative {
		stays = w.earlier(w.dice, stays[:1:1])
	}
	for i := range stays {
		if stays[i].Since.After(h.Born) {
			continue
		}
		// Of this stay and those before it, the household's are longer than the human's.
		own := append([]Stay(nil), stays[:i]...)
		if stays[i].Until.After(h.Born) || i == 0 {
			own = append(own, stays[i])
			own[i].Since = h.Born
		}
		return own
	}
	return stays
}

// name draws the first and the last name of a human.
func (w *World) name(h *Human, at place, of *family) {
	d := w.dice
	given := &of.male
	if h.Female {
		given = &of.female
	}
	h.First = given.Pick(d)
	if d.Odd(secondFirstName) {
		h.First += " " + given.Pick(d)
	}
	if d.Odd(longName) {
		for utf8.RuneCountInString(h.First) <= widest {
			h.First += OneOf(d, " ", "-") + given.Pick(d)
		}
	}
	h.Last = feminine(lastName(d, of), h.Female)
	if sharesName := at.role == Head || at.role == Child || d.N(10) < 6; sharesName {
		h.Last = feminine(at.household.last, h.Female)
	}
	if d.Odd(doubleBarrelled) {
		h.Last += "-" + feminine(w.families.Pick(d).last.Pick(d), h.Female)
	}
}

// widest is how many characters the widest column takes that holds a part of a name.
const widest = 32

func lastName(d *Dice, of *family) string {
	last := of.last.Pick(d)
	if d.Odd(longName) {
		for utf8.RuneCountInString(last) <= widest {
			last += OneOf(d, " ", "-", " de ") + of.last.Pick(d)
		}
	}
	return last
}

// feminine gives a Polish last name the ending that a woman's has.
func feminine(last string, female bool) string {
	if stem, ok := strings.CutSuffix(last, "ski"); ok && female {
		return stem + "ska"
	}
	return last
}

func titleOf(d *Dice, female bool, age int) string {
	at := d.N(20)
	switch {
	case at == 0 && age > 25:
		return OneOf(d, "Dr", "Rev", "Mx", "Prof")
	case age < 16 && !female:
		return "Master"
	case !female:
		return "Mr"
	case age < 18 || at < 8:
		return "Miss"
	case at < 14:
		return "Mrs"
	}
	return "Ms"
}
