// Package sample makes up residents of Mosaic, with the oddities of the real ones. No name,
// address, number or email is a real resident's. Read sample.go first.
package sample

import (
	"iter"
	"strconv"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// Sample is a made-up population of Mosaic, with the oddities that the real one has. Equal samples
// hold equal residents, and a sample begins with all the residents of a smaller one of the same
// Seed and Today.
type Sample struct {
	Residents int
	Seed      uint64
	Today     time.Time // the date that ages and periods are reckoned from; its time is ignored
}

// New returns a sample as the command line asks for it.
func New(s plug.Sample) plug.Seeder { //nolint:ireturn // what plug.Of asks for
	return Sample{s.Residents, s.Seed, s.Today}
}

// Person is one row of dm_persons with its addresses and phone numbers. Nil is null.
type Person struct {
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
	Addresses      []Address
	Phones         []Phone

	// Oddities says what is odd about this resident, for those who test with the sample.
	Oddities Oddities
	// SameAs is the id of an earlier record of the same human, 0 when there is none. A human has
	// two records at most.
	SameAs int64

	human int // who it is in the world
}

// Address is one row of dm_addresses. Nil is null.
type Address struct {
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

// Phone is one row of dm_telephone_numbers. Nil is null.
type Phone struct {
	NumberID int64 // telephone_number_id: relatives may share one
	PersonID int64
	Number   *string
	Type     string
}

// People yields the residents in order of person_id. The first is always resident 1000001, an
// adult with a name, a current address, a phone number and an e-mail, who is not restricted.
func (s Sample) People() iter.Seq[Person] {
	return func(yield func(Person) bool) {
		for people := range s.blocks() {
			for i := range people {
				if !yield(people[i]) {
					return
				}
			}
		}
	}
}

// blocks yields the residents some at a time, which hold until the next are made, and how many they
// are so far.
func (s Sample) blocks() iter.Seq2[[]Person, int] {
	return func(yield func([]Person, int) bool) {
		maker := newSampleMaker(s)
		for block, done := 0, 0; done < s.Residents; block++ {
			people := maker.block(block)
			people = people[:min(len(people), s.Residents-done)]
			done += len(people)
			if !yield(people, done) {
				return
			}
		}
	}
}

// Truth yields the reference of each resident, with the number of the human whom they are, which is
// the same in the samples of other sources with the same Seed and Today.
func (s Sample) Truth() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for p := range s.People() {
			if !yield(strconv.FormatInt(p.PersonID, 10), p.human) {
				return
			}
		}
	}
}

// Orphans returns the addresses and phone numbers that belong to no resident: addresses without a
// person_id, and rows whose person_id is of nobody.
func (s Sample) Orphans() ([]Address, []Phone) {
	maker := newSampleMaker(s)
	var addresses []Address
	for i := range sample.Share(s.Residents, addressesWithoutPerson) {
		addresses = append(addresses, maker.orphanAddress(2*i, false))
	}
	for i := range sample.Share(s.Residents, addressesOfNobody) {
		addresses = append(addresses, maker.orphanAddress(2*i+1, true))
	}
	var phones []Phone
	for i := range sample.Share(s.Residents, phonesOfNobody) {
		phones = append(phones, maker.orphanPhone(i))
	}
	return addresses, phones
}
