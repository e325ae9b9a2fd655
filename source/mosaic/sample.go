package mosaic

import (
	"iter"
	"time"
)

// Sample is a made-up population of Mosaic, with the oddities that the real one has. Equal samples
// hold equal residents, and a sample begins with all the residents of a smaller one of the same
// Seed and Today. No name, address, number or e-mail in it is taken from a real resident.
type Sample struct {
	Residents int
	Seed      uint64
	Today     time.Time // the date that ages and periods are reckoned from; its time is ignored
}

// SamplePerson is one row of dm_persons with its addresses and phone numbers. Nil is null.
type SamplePerson struct {
	PersonID       int64
	PersonIDLegacy *string
	FullName       *string
	Title          *string
	FirstName      *string
	LastName       *string
	DateOfBirth    *time.Time
	DateOfDeath    *time.Time
	Gender         *string
	Restricted     *string
	ContextFlag    *string
	Nationality    *string
	NHSID          *int64
	EmailAddress   *string
	Addresses      []SampleAddress
	Phones         []SamplePhone

	// Oddities says what is odd about this resident, for those who test with the sample.
	Oddities SampleOddities
	// SameAs is the id of an earlier record of the same human, 0 when there is none. A human has
	// two records at most.
	SameAs int64
}

// SampleAddress is one row of dm_addresses. Nil is null.
type SampleAddress struct {
	LinkID           int64 // ref_addresses_people_id
	PersonID         *int64
	StartDate        *time.Time
	EndDate          *time.Time
	Address          *string
	PostCode         *string
	IsContactAddress *string
	IsDisplayAddress *string
	UPRN             *int64 // unique_id
}

// SamplePhone is one row of dm_telephone_numbers. Nil is null.
type SamplePhone struct {
	NumberID int64 // telephone_number_id: relatives may share one
	PersonID int64
	Number   *string
	Type     string
}

// People yields the residents in order of person_id. The first is always resident 1000001, an
// adult with a name, a current address, a phone number and an e-mail, who is not restricted.
func (s Sample) People() iter.Seq[SamplePerson] {
	return func(yield func(SamplePerson) bool) {
		maker := newSampleMaker(s)
		for block := 0; block*sampleBlockSize < s.Residents; block++ {
			people := maker.block(block)
			for i := range people[:min(sampleBlockSize, s.Residents-block*sampleBlockSize)] {
				if !yield(people[i]) {
					return
				}
			}
		}
	}
}

// Orphans returns the addresses and phone numbers that belong to no resident: addresses without a
// person_id, and rows whose person_id is of nobody.
func (s Sample) Orphans() ([]SampleAddress, []SamplePhone) {
	maker := newSampleMaker(s)
	var addresses []SampleAddress
	for i := range sampleShare(s.Residents, sampleAddressesWithoutPerson) {
		addresses = append(addresses, maker.orphanAddress(2*i, false))
	}
	for i := range sampleShare(s.Residents, sampleAddressesOfNobody) {
		addresses = append(addresses, maker.orphanAddress(2*i+1, true))
	}
	var phones []SamplePhone
	for i := range sampleShare(s.Residents, samplePhonesOfNobody) {
		phones = append(phones, maker.orphanPhone(i))
	}
	return addresses, phones
}

// sampleShare returns how many of n a rate is, and one at least.
func sampleShare(n int, rate sampleRate) int {
	return max(1, n*int(rate)/sampleWhole)
}
