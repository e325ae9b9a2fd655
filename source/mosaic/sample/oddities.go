package sample

import "github.com/LBHackney-IT/resident-gateway/source/sample"

// Oddities is a set of the things that make a resident of the sample hard to serve.
type Oddities uint64

// The oddities. Of each there are ten or more among 10,000 residents.
const (
	FirstNameMissing  Oddities = 1 << iota // first_name is null
	LastNameMissing                        // last_name is null
	FullNameBlank                          // full_name holds blanks alone
	NameMissing                            // no name at all
	NameCut                                // a name as long as its column
	NameUpperCase                          // the names in capitals
	NameForwards                           // full_name is first name, last name
	NameApostrophe                         // a straight or a curly apostrophe
	Untrimmed                              // blanks round values
	EnteredTwice                           // a later record of an earlier resident
	BirthMissing                           // date_of_birth is null
	BirthSentinel                          // date_of_birth is 1900-01-01
	Deceased                               // date_of_death is known
	ContextMissing                         // context_flag is null
	Restricted                             // restricted is Y
	RestrictedUnknown                      // restricted is null
	NHSMissing                             // nhs_id is null
	EmailMissing                           // email_address is null
	EmailMessy                             // mixed case, or blanks round it
	LegacyConstant                         // person_id_legacy is '-'
	AddressMissing                         // no address at all
	AddressEnded                           // addresses, none of them current
	AddressSeveral                         // several current addresses
	AddressDisplayed                       // several displayed addresses
	AddressTwice                           // one address in two equal rows
	AddressBlank                           // the text of an address is null
	AddressStarts                          // an address that starts in the future
	AddressEnds                            // an address that ends in the future
	FlagsMissing                           // is_display or is_contact_address is null
	UPRNMissing                            // unique_id is null
	PostcodeMissing                        // post_code is null or blank
	PostcodeOutward                        // post_code is its first half
	PostcodeRubbish                        // post_code is no postcode
	PostcodeSpelling                       // unusual spaces or letter case
	PhoneMissing                           // no phone number at all
	PhoneNonsense                          // a phone number without a number
	PhoneNote                              // a phone number with words
	PhoneTwo                               // two numbers in one row
	PhoneTwice                             // a number and type in two rows
	PhoneShared                            // a number of the household
	PhoneExDirectory                       // a number not to be disclosed
)

// Has reports whether the set holds all of these oddities.
func (o Oddities) Has(these Oddities) bool { return o&these == these }

// known is how many humans of 10,000 Mosaic knows.
const known sample.Rate = 5_000

// The rates, in rows or residents of 10,000. Where a rate is of some only, it says of which.
const (
	// Of residents: how they are named.
	noFirstName      sample.Rate = 40
	noLastName       sample.Rate = 40
	blankFullName    sample.Rate = 40
	noNameAtAll      sample.Rate = 25
	upperCaseName    sample.Rate = 600
	forwardsName     sample.Rate = 2_500
	noTitle          sample.Rate = 2_500
	unsaidGender     sample.Rate = 80 // '-' or 'U'
	noNationality    sample.Rate = 1_500
	blanksRoundNames sample.Rate = 150

	// Of residents: who they are.
	sampleSecondRecord sample.Rate = 120
	noBirthDate        sample.Rate = 120
	sentinelBirth      sample.Rate = 30
	noContextFlag      sample.Rate = 60
	isRestricted       sample.Rate = 200
	restrictionNull    sample.Rate = 100
	noNHSNumber        sample.Rate = 1_500 // and 1 in 11, whose check digit would be 10
	noEmail            sample.Rate = 4_500
	messyEmail         sample.Rate = 1_200 // of e-mails
	constantLegacy     sample.Rate = 40

	// Of residents: where they live.
	noAddress         sample.Rate = 150
	onlyEnded         sample.Rate = 200
	secondCurrent     sample.Rate = 600
	secondDisplayed   sample.Rate = 120
	repeatedAddress   sample.Rate = 120
	futureStart       sample.Rate = 50
	futureEnd         sample.Rate = 60
	ownAddressWording sample.Rate = 2_500 // not as the rest of the household has it

	// Of addresses.
	noAddressText     sample.Rate = 30
	noUPRN            sample.Rate = 800
	noPostcode        sample.Rate = 200
	outwardPostcode   sample.Rate = 60
	rubbishPostcode   sample.Rate = 50
	unusualPostcode   sample.Rate = 1_800
	noFlags           sample.Rate = 200
	blanksRoundPlaces sample.Rate = 120
	noStartDate       sample.Rate = 150

	// Of residents: how they are called.
	noPhone       sample.Rate = 1_200
	secondPhone   sample.Rate = 2_000
	thirdPhone    sample.Rate = 1_500 // of those who have two
	repeatedPhone sample.Rate = 150

	// Of phone numbers.
	nonsensePhone   sample.Rate = 150
	notedPhone      sample.Rate = 500
	twoPhones       sample.Rate = 60
	blanksRoundCall sample.Rate = 120

	// Of residents: rows that belong to none.
	addressesWithoutPerson sample.Rate = 25
	addressesOfNobody      sample.Rate = 20
	phonesOfNobody         sample.Rate = 20
)
