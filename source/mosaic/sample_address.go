package mosaic

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
func (m *sampleMaker) address(h sample.Home, w sampleWording) (SampleAddress, SampleOddities) {
	d := m.dice
	a := SampleAddress{
		Address:          new(w.text(h)),
		UPRN:             new(h.UPRN),
		IsContactAddress: new("Y"),
		IsDisplayAddress: new("Y"),
	}
	var odd SampleOddities
	if d.Odd(sampleNoUPRN) {
		a.UPRN = nil
		odd |= SampleUPRNMissing
	}
	if d.Odd(sampleNoAddressText) {
		a.Address = nil
		odd |= SampleAddressBlank
	} else if d.Odd(sampleBlanksRoundPlaces) {
		a.Address = new(sample.Blanks(d, *a.Address))
		odd |= SampleUntrimmed
	}
	var spelling SampleOddities
	a.PostCode, spelling = sampleSpellPostcode(d, h.Postcode)
	return a, odd | spelling
}

// sampleSpellPostcode writes a postcode as it may stand in post_code.
func sampleSpellPostcode(d *sample.Dice, postcode string) (*string, SampleOddities) {
	missing, outward := d.Odd(sampleNoPostcode), d.Odd(sampleOutwardPostcode)
	rubbish, unusual := d.Odd(sampleRubbishPostcode), d.Odd(sampleUnusualPostcode)
	switch {
	case missing:
		return sample.OneOf(d, nil, nil, new(""), new(" ")), SamplePostcodeMissing
	case outward:
		return new(sample.Outward(postcode)), SamplePostcodeOutward
	case rubbish:
		return new(sample.RubbishPostcode(d)), SamplePostcodeRubbish
	case unusual:
		return new(sample.UnusualPostcode(d, postcode, 16)), SamplePostcodeSpelling
	}
	return &postcode, 0
}

// orphanAddress makes an address that belongs to nobody: to an id that no resident has, or to none.
func (m *sampleMaker) orphanAddress(index int, ofNobody bool) SampleAddress {
	m.dice.Begin(sampleOrphanAddressStream, index)
	a, _ := m.address(m.world.Home(m.dice), m.wording())
	a.LinkID = int64(1_001 + 3*index)
	a.StartDate = new(m.world.DaysAgo(m.dice.N(5_000)))
	if ofNobody {
		a.PersonID = new(sampleNobody(m.dice))
	}
	return a
}

// sampleNobody returns an id that no resident has.
func sampleNobody(d *sample.Dice) int64 { return int64(d.Between(1, sampleFirstPerson-1)) }

func sampleLatest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
