package mosaic

import (
	"strconv"
	"strings"
	"time"
)

// sampleStreet is a street with the part of a postcode that all of it has.
type sampleStreet struct {
	number                int
	name, outward, sector string
}

func sampleStreetList() []sampleStreet {
	var streets []sampleStreet
	for i, line := range sampleWordList(sampleStreets()) {
		part := strings.Split(line, "/")
		streets = append(streets, sampleStreet{i, part[0], part[1], part[2]})
	}
	return streets
}

// sampleHome is a place to live. Equal homes have equal UPRNs and postcodes.
type sampleHome struct {
	lines    []string // without town and postcode
	postcode string
	uprn     int64
}

// sampleWording is how one address is written out.
type sampleWording struct {
	between  string
	town     string
	postcode bool
	capitals bool
}

// home draws a home: six of ten are flats in a block.
func (m *sampleMaker) home() sampleHome {
	d := m.dice
	street := m.streets.pick(d)
	if d.n(10) < 6 {
		return m.flat(street, d.n(20), d.between(1, 80))
	}
	return sampleHouse(street, d.between(1, 320-2*street.number), sampleOneOf(d, 0, 0, 0, 1, 2, 3))
}

func (m *sampleMaker) flat(street sampleStreet, block, flat int) sampleHome {
	key := street.number*20 + block
	chance := sampleScatter(uint64(key))
	building := m.buildings[chance%uint64(len(m.buildings))] + " " +
		m.kinds[chance>>8%uint64(len(m.kinds))]
	number := 4 + 12*block
	return sampleHome{
		lines: []string{
			"Flat " + strconv.Itoa(flat) + " " + building,
			strconv.Itoa(number) + " " + street.name,
		},
		postcode: samplePostcode(street, number),
		uprn:     10_008_000_000 + sampleShuffle(key*100+flat),
	}
}

func sampleHouse(street sampleStreet, number, unit int) sampleHome {
	line := strconv.Itoa(number) + " " + street.name
	lines := []string{line}
	switch unit {
	case 1:
		lines = []string{"Ground Floor Flat", line}
	case 2:
		lines = []string{"Flat B", line}
	case 3:
		lines = []string{strconv.Itoa(number) + "A " + street.name}
	}
	return sampleHome{
		lines:    lines,
		postcode: samplePostcode(street, number),
		uprn:     100_021_000_000 + sampleShuffle((street.number*400+number)*4+unit),
	}
}

// sampleShuffle puts the numbers below a million in another order.
func sampleShuffle(n int) int64 { return int64((n*618_033 + 271_828) % 1_000_000) }

// samplePostcode is one for twenty numbers of a street.
func samplePostcode(street sampleStreet, number int) string {
	const letters = "ABDEFGHJLNPQRSTUWXYZ" // those that end a postcode
	chance := sampleScatter(uint64(street.number*1_000 + number/20))
	return street.outward + " " + street.sector +
		string(letters[chance%20]) + string(letters[chance>>8%20])
}

func (m *sampleMaker) wording() sampleWording {
	d := m.dice
	return sampleWording{
		between: sampleOneOf(d, ", ", ", ", ", ", ", ", ", ", ", ", " ", ",", "\r\n", "\n"),
		town: sampleOneOf(d, "London", "London", "London", "LONDON", "Hackney, London", "Hackney",
			""),
		postcode: d.n(10) < 4,
		capitals: d.n(10) < 2,
	}
}

// text writes an address out.
func (h sampleHome) text(w sampleWording) string {
	text := strings.Join(h.lines, w.between)
	if w.town != "" {
		text += w.between + w.town
	}
	if w.postcode {
		text += w.between + h.postcode
	}
	if w.capitals {
		text = strings.ToUpper(text)
	}
	return text
}

// address makes a row of dm_addresses, without its ids.
func (m *sampleMaker) address(h sampleHome, w sampleWording) (SampleAddress, SampleOddities) {
	d := m.dice
	a := SampleAddress{
		Address:          new(h.text(w)),
		UPRN:             new(h.uprn),
		IsContactAddress: new("Y"),
		IsDisplayAddress: new("Y"),
	}
	var odd SampleOddities
	if d.odd(sampleNoUPRN) {
		a.UPRN = nil
		odd |= SampleUPRNMissing
	}
	if d.odd(sampleNoAddressText) {
		a.Address = nil
		odd |= SampleAddressBlank
	} else if d.odd(sampleBlanksRoundPlaces) {
		a.Address = new(sampleBlanks(d, *a.Address))
		odd |= SampleUntrimmed
	}
	var spelling SampleOddities
	a.PostCode, spelling = sampleSpellPostcode(d, h.postcode)
	return a, odd | spelling
}

// sampleSpellPostcode writes a postcode as it may stand in post_code.
func sampleSpellPostcode(d *sampleDice, postcode string) (*string, SampleOddities) {
	missing, outward := d.odd(sampleNoPostcode), d.odd(sampleOutwardPostcode)
	rubbish, unusual := d.odd(sampleRubbishPostcode), d.odd(sampleUnusualPostcode)
	first, second, _ := strings.Cut(postcode, " ")
	switch {
	case missing:
		return sampleOneOf(d, nil, nil, new(""), new(" ")), SamplePostcodeMissing
	case outward:
		return &first, SamplePostcodeOutward
	case rubbish:
		return new(sampleOneOf(d, "TBC", "UNKNOWN", "N/A", "LONDON", "XX1 1XX", "0", "?")),
			SamplePostcodeRubbish
	case unusual:
		return new(sampleOneOf(d, first+second, strings.ToLower(postcode),
			strings.ToLower(first+second), first+"  "+second, " "+postcode, postcode+" ",
			strings.ToLower(first)+" "+second)), SamplePostcodeSpelling
	}
	return &postcode, 0
}

// orphanAddress makes an address that belongs to nobody: to an id that no resident has, or to none.
func (m *sampleMaker) orphanAddress(index int, ofNobody bool) SampleAddress {
	m.dice.seed(m.seed, sampleOrphanAddressStream, index)
	a, _ := m.address(m.home(), m.wording())
	a.LinkID = int64(1_001 + 3*index)
	a.StartDate = new(m.daysAgo(m.dice.n(5_000)))
	if ofNobody {
		a.PersonID = new(sampleNobody(m.dice))
	}
	return a
}

// sampleNobody returns an id that no resident has.
func sampleNobody(d *sampleDice) int64 { return int64(d.between(1, sampleFirstPerson-1)) }

func sampleLatest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
