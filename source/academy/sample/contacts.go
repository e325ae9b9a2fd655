package sample

import (
	"strconv"

	"github.com/LBHackney-IT/resident-gateway/source/academy"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// phones makes the phones of an account, and those of somebody else under the same number.
func (m *maker) phones(id int, h *sample.Human) {
	other, otherKind := m.dice.Odd(otherContacts), m.dice.Odd(sampleOtherKind)
	if other {
		m.add(samplePhones, "HB", academy.AccountPhone, strconv.Itoa(id),
			m.phone(sample.Mobile(m.dice)), nil, nil, nil)
	}
	if otherKind {
		m.add(samplePhones, academy.TaxApplication, "P", strconv.Itoa(id),
			m.phone(sample.Mobile(m.dice)), nil, nil, nil)
	}
	if m.dice.Odd(noPhone) {
		return
	}
	ref := strconv.Itoa(id)
	if m.dice.Odd(oddPhoneRef) {
		ref = sample.OneOf(m.dice, "0"+ref, ref+"  ", " "+ref)
	}
	numbers := [4]*string{m.phone(h.Mobile)}
	if h.HomePhone != nil {
		numbers[1] = m.phone(*h.HomePhone)
	}
	for i := 2; i < len(numbers) && m.dice.N(6) == 0; i++ {
		numbers[i] = m.phone(sample.OneOf(m.dice, sample.Mobile(m.dice), sample.Landline(m.dice)))
	}
	if m.dice.Odd(samePhone) {
		numbers[1] = numbers[0]
	}
	m.add(samplePhones, academy.TaxApplication, academy.AccountPhone, ref, numbers[0], numbers[1],
		numbers[2],
		numbers[3])
}

// emails makes the e-mail addresses of an account, and those of others under the same number.
func (m *maker) emails(id int, h *sample.Human) {
	other, otherKind := m.dice.Odd(otherContacts), m.dice.Odd(sampleOtherKind)
	add := func(application, kind string, seqNo int, address string, start, end *string) {
		m.add(sampleEmails, application, id, kind, seqNo, address, start, end)
	}
	if other {
		add("HB", academy.LeadLiable, 1, "other"+strconv.Itoa(id)+"@example.com", nil, nil)
	}
	if otherKind {
		add(academy.TaxApplication, "O", 1, "owner"+strconv.Itoa(id)+"@example.com", nil, nil)
	}
	if m.dice.Odd(noEmail) {
		return
	}
	start := sampleDay(m.world.DaysAgo(m.dice.N(1_000)))
	end := sample.OneOf(m.dice, nil, forever())
	address := m.email(h.Email())
	if m.dice.Odd(nonsenseEmail) {
		address = sample.OneOf(m.dice, "NONE", "n/a", "", "no email")
	}
	add(academy.TaxApplication, academy.LeadLiable, 1, address, start, end)
	if m.dice.Odd(emailTwice) {
		add(academy.TaxApplication, academy.LeadLiable, sample.OneOf(m.dice, 1, 2), address, start, end)
	}
	if m.dice.Odd(endedEmail) {
		add(academy.TaxApplication, academy.LeadLiable, sample.OneOf(m.dice, 1, 2),
			m.email(h.OtherEmail(m.dice)),
			sampleDay(m.world.DaysAgo(3_000)), sampleDay(m.world.DaysAgo(1+m.dice.N(900))))
	}
}

// phone is a number, well or badly written.
func (m *maker) phone(number sample.Phone) *string {
	text := number.Spelled(m.dice)
	nonsense, noted := m.dice.Odd(nonsensePhone), m.dice.Odd(notedPhone)
	switch {
	case nonsense:
		return sample.OneOf(m.dice, new("X-DIR"), sample.NoPhone(m.dice))
	case noted:
		text = sample.NotedPhone(m.dice, text)
	}
	return new(sample.Cut(text, 20))
}

func (m *maker) email(address string) string {
	return sample.OneOf(m.dice, address, sample.MessyEmail(m.dice, address))
}
