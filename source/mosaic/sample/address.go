package sample

import (
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// sampleWording is how one address is written out.
type sampleWording struct {
	between  string
	town     string
	postcode bool
	capitals bool
}

func (m *sampleMaker) wording() sampleWording {
	d := m.dice
	return sampleWording{
		between: sample.OneOf(d, ", ", ", ", ", ", ", ", ", ", ", ", " ", ",", "\r\n", "\n"),
		town: sample.OneOf(d, "London", "London", "London", "LONDON", "Hackney, London", "Hackney",
			""),
		postcode: d.N(10) < 4,
		capitals: d.N(10) < 2,
	}
}

// text writes out an address.
func (w sampleWording) text(h sample.Home) string {
	text := strings.Join(h.Lines, w.between)
	if w.town != "" {
		text += w.between + w.town
	}
	if w.postcode {
		text += w.between + h.Postcode
	}
	if w.capitals {
		text = strings.ToUpper(text)
	}
	return text
}

// address makes a row of dm_addresses, without its ids.
func (m *sampleMaker) address(h sample.Home, w sampleWording) (Address, Oddities) {
	d := m.dice
	a := Address{
		Address:          new(w.text(h)),
		UPRN:             new(h.UPRN),
		IsContactAddress: new("Y"),
		IsDisplayAddress: new("Y"),
	}
	var odd Oddities
	if d.Odd(noUPRN) {
		a.UPRN = nil
		odd |= UPRNMissing
	}
	if d.Odd(noAddressText) {
		a.Address = nil
		odd |= AddressBlank
	} else if d.Odd(blanksRoundPlaces) {
		a.Address = new(sample.Blanks(d, *a.Address))
		odd |= Untrimmed
	}
	var spelling Oddities
	a.PostCode, spelling = spellPostcode(d, h.Postcode)
	return a, odd | spelling
}

// spellPostcode writes a postcode as it may stand in post_code.
func spellPostcode(d *sample.Dice, postcode string) (*string, Oddities) {
	missing, outward := d.Odd(noPostcode), d.Odd(outwardPostcode)
	rubbish, unusual := d.Odd(rubbishPostcode), d.Odd(unusualPostcode)
	switch {
	case missing:
		return sample.OneOf(d, nil, nil, new(""), new(" ")), PostcodeMissing
	case outward:
		return new(sample.Outward(postcode)), PostcodeOutward
	case rubbish:
		return new(sample.RubbishPostcode(d)), PostcodeRubbish
	case unusual:
		return new(sample.UnusualPostcode(d, postcode, 16)), PostcodeSpelling
	}
	return &postcode, 0
}

// orphanAddress makes an address that belongs to nobody: to an id that no resident has, or to none.
func (m *sampleMaker) orphanAddress(index int, ofNobody bool) Address {
	m.dice.Begin(orphanAddressStream, index)
	a, _ := m.address(m.world.Home(m.dice), m.wording())
	a.LinkID = int64(1_001 + 3*index)
	a.StartDate = new(m.world.DaysAgo(m.dice.N(5_000)))
	if ofNobody {
		a.PersonID = new(nobody(m.dice))
	}
	return a
}

// nobody returns an id that no resident has.
func nobody(d *sample.Dice) int64 { return int64(d.Between(1, firstPerson-1)) }

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
