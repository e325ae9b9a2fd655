package sample

import (
	"fmt"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// member writes a member of a household, and how they are reached.
func (m *maker) member(h *sampleHouse, human *sample.Human, person int) {
	d := m.dice
	first, last := human.First, human.Last
	if d.Odd(misspelt) || h.isEarlier && d.Odd(misspeltBefore) {
		last = sample.Misspell(d, last)
	}
	if d.Odd(capitals) {
		first, last = strings.ToUpper(first), strings.ToUpper(last)
	}
	forename, surname, title := new(sample.Cut(first, 24)), new(sample.Cut(last, 20)), new(human.Title)
	if d.Odd(blanksRound) {
		forename = new(sample.Cut(sample.Blanks(d, first), 24))
	}
	if d.Odd(noFirstName) {
		forename = sample.OneOf(d, nil, new(""), new("-"))
	}
	if d.Odd(noLastName) {
		surname = sample.OneOf(d, nil, new(""))
	}
	if d.Odd(noTitle) {
		title = sample.OneOf(d, nil, new(""))
	}
	born := new(human.Born)
	if d.Odd(noBirth) {
		born = unknownDay()
	}
	m.add(members,
		h.ref, person, title, forename, surname, born, m.niNumber(human.NINumber))
	m.reached(h, human, person)
}

func (m *maker) niNumber(number string) *string {
	d := m.dice
	switch {
	case number == "" || d.Odd(noNINumber):
		return sample.OneOf(d, nil, new(""))
	case d.Odd(spacedNI):
		return new(strings.ToLower(number[:2]) + number[2:8] + " " + number[8:])
	}
	return &number
}

// reached writes the phones and the e-mail addresses of a member.
func (m *maker) reached(h *sampleHouse, human *sample.Human, person int) {
	d := m.dice
	if len(h.tags) == 0 || d.Odd(noContact) {
		return
	}
	contact := 2*human.Index + 1_000_000 // the number is the human's, whatever the tenancy
	if h.isEarlier {
		contact++
	}
	key2 := fmt.Sprint(person)
	if d.Odd(oddKey) {
		key2 = sample.OneOf(d, fmt.Sprintf("%02d", person), " "+key2, fmt.Sprint(person+40), "")
	}
	m.add(links, contact, h.tags[0], key2)
	if d.Odd(secondLink) {
		m.add(links, contact, h.tags[len(h.tags)-1], key2)
	}
	if human.Index != h.people[0].Index && d.Odd(sharedContact) {
		m.add(links, 2*h.people[0].Index+1_000_000, h.tags[0], key2)
	}
	m.phones(human, contact)
	m.emails(human, contact)
}

func (m *maker) phones(human *sample.Human, contact int) {
	d := m.dice
	if !d.Odd(noMobile) {
		m.phone(contact, 0, human.Mobile, "M")
	}
	if human.HomePhone != nil {
		m.phone(contact, 1, *human.HomePhone, "H")
	}
	if d.Odd(furtherPhone) {
		m.phone(contact, 2, sample.Landline(d), sample.OneOf(d, "W", "W", "F"))
	}
	if d.Odd(samePhone) {
		m.phone(contact, 3, human.Mobile, sample.OneOf(d, "M", "H"))
	}
}

func (m *maker) phone(contact, nth int, phone sample.Phone, kind string) {
	d := m.dice
	number, ofType := new(sample.Cut(phone.Spelled(d), 20)), &kind
	if d.Odd(notedPhone) {
		number = new(sample.Cut(sample.NotedPhone(d, phone.Plain()), 20))
	}
	if d.Odd(nonsensePhone) {
		number = sample.NoPhone(d)
	}
	if d.Odd(oddPhoneType) {
		ofType = sample.OneOf(d, nil, nil, new("X"), new(""), new(strings.ToLower(kind)))
	}
	m.add(samplePhones, 4*contact+nth, contact, number, ofType, m.changed(), m.permission())
}

// permission is whether somebody agreed to be reached.
func (m *maker) permission() *string {
	switch {
	case m.dice.Odd(refused):
		return new("N")
	case m.dice.Odd(permissionNotSaid):
		return sample.OneOf(m.dice, nil, nil, new(""), new(" "))
	}
	return new("Y")
}

// changed is when a row was last changed.
func (m *maker) changed() *time.Time {
	if m.dice.Odd(noStamp) {
		return nil
	}
	return new(m.world.DaysAgo(m.dice.Between(1, 3_000)))
}

func (m *maker) emails(human *sample.Human, contact int) {
	d := m.dice
	if d.Odd(noEmail) {
		return
	}
	isDefault := new("Y")
	if d.Odd(noDefault) {
		isDefault = sample.OneOf(d, nil, new("N"))
	}
	m.email(contact, 0, human.Email(), isDefault)
	if d.Odd(secondEmail) {
		other := human.OtherEmail(d)
		m.email(contact, 1, other, sample.OneOf(d, nil, new("N"), new("Y")))
	}
	if d.Odd(sameEmail) {
		m.email(contact, 2, strings.ToUpper(human.Email()), nil)
	}
}

func (m *maker) email(contact, nth int, address string, isDefault *string) {
	d := m.dice
	if d.Odd(messyEmail) {
		address = sample.MessyEmail(d, address)
	}
	if d.Odd(nonsenseEmail) {
		address = sample.OneOf(d, "none", "", "n/a", "does not have")
	}
	m.add(sampleEmails, 4*contact+nth, contact, sample.Cut(address, 50),
		sample.OneOf(d, nil, new("H"), new("W")), m.changed(), m.permission(), isDefault)
}

// nobody writes rows that are nobody's.
func (m *maker) nobody(n int) {
	d := m.dice
	const contacts, gone = 400_000_000, 9_000_000
	contact := contacts + n
	switch d.N(6) {
	case 0, 1, 2: // a link without keys, as there are in production
		m.add(links, contact, nil, nil)
	case 3: // of a tenancy that is not there
		m.add(links, contact, fmt.Sprintf("%07d/01", gone), "1")
	case 4:
		m.add(sampleTenancies,
			fmt.Sprintf("%07d/01", gone+n%1_000), sample.OneOf(d, nil, new("9999999")), "SEC", "f", nil, nil)
	case 5:
		home := m.world.Home(d)
		m.add(sampleProperties, fmt.Sprintf("X%07d", n), sample.OneOf(d, nil, new("9999999")),
			m.address(home), home.Postcode, fmt.Sprint(home.UPRN), nil)
	}
	m.phone(contact, 0, sample.Mobile(d), "M")
	m.add(sampleContacts, contacts+n, nil, nil)
}
