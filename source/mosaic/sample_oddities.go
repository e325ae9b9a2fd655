package mosaic

import "github.com/LBHackney-IT/resident-gateway/source/sample"

// SampleOddities is a set of the things that make a resident of the sample hard to serve.
type SampleOddities uint64

// The oddities. Of each there are ten or more among 10,000 residents.
const (
	SampleFirstNameMissing  SampleOddities = 1 << iota // first_name is null
	SampleLastNameMissing                              // last_name is null
	SampleFullNameBlank                                // full_name holds blanks alone
	SampleNameMissing                                  // no name at all
	SampleNameCut                                      // a name as long as its column
	SampleNameUpperCase                                // the names in capitals
	SampleNameForwards                                 // full_name is first name, last name
	SampleNameApostrophe                               // a straight or a curly apostrophe
	SampleUntrimmed                                    // blanks round values
	SampleEnteredTwice                                 // a later record of an earlier resident
	SampleBirthMissing                                 // date_of_birth is null
	SampleBirthSentinel                                // date_of_birth is 1900-01-01
	SampleDeceased                                     // date_of_death is known
	SampleContextMissing                               // context_flag is null
	SampleRestricted                                   // restricted is Y
	SampleRestrictedUnknown                            // restricted is null
	SampleNHSMissing                                   // nhs_id is null
	SampleEmailMissing                                 // email_address is null
	SampleEmailMessy                                   // mixed case, or blanks round it
	SampleLegacyConstant                               // person_id_legacy is '-'
	SampleAddressMissing                               // no address at all
	SampleAddressEnded                                 // addresses, none of them current
	SampleAddressSeveral                               // several current addresses
	SampleAddressDisplayed                             // several displayed addresses
	SampleAddressTwice                                 // one address in two equal rows
	SampleAddressBlank                                 // the text of an address is null
	SampleAddressStarts                                // an address that starts in the future
	SampleAddressEnds                                  // an address that ends in the future
	SampleFlagsMissing                                 // is_display or is_contact_address is null
	SampleUPRNMissing                                  // unique_id is null
	SamplePostcodeMissing                              // post_code is null or blank
	SamplePostcodeOutward                              // post_code is its first half
	SamplePostcodeRubbish                              // post_code is no postcode
	SamplePostcodeSpelling                             // unusual spaces or letter case
	SamplePhoneMissing                                 // no phone number at all
	SamplePhoneNonsense                                // a phone number without a number
	SamplePhoneNote                                    // a phone number with words
	SamplePhoneTwo                                     // two numbers in one row
	SamplePhoneTwice                                   // a number and type in two rows
	SamplePhoneShared                                  // a number of the household
	SamplePhoneExDirectory                             // a number not to be disclosed
)

// Has reports whether the set holds all of these oddities.
func (o SampleOddities) Has(these SampleOddities) bool { return o&these == these }

// sampleKnown is how many humans of 10,000 Mosaic knows.
const sampleKnown sample.Rate = 5_000

// The rates, in rows or residents of 10,000. Where a rate is of some only, it says of which.
const (
	// Of residents: how they are named.
	sampleNoFirstName      sample.Rate = 40
	sampleNoLastName       sample.Rate = 40
	sampleBlankFullName    sample.Rate = 40
	sampleNoNameAtAll      sample.Rate = 25
	sampleUpperCaseName    sample.Rate = 600
	sampleForwardsName     sample.Rate = 2_500
	sampleNoTitle          sample.Rate = 2_500
	sampleUnsaidGender     sample.Rate = 80 // '-' or 'U'
	sampleNoNationality    sample.Rate = 1_500
	sampleBlanksRoundNames sample.Rate = 150

	// Of residents: who they are.
	sampleSecondRecord    sample.Rate = 120
	sampleNoBirthDate     sample.Rate = 120
	sampleSentinelBirth   sample.Rate = 30
	sampleNoContextFlag   sample.Rate = 60
	sampleIsRestricted    sample.Rate = 200
	sampleRestrictionNull sample.Rate = 100
	sampleNoNHSNumber     sample.Rate = 1_500 // and 1 in 11, whose check digit would be 10
	sampleNoEmail         sample.Rate = 4_500
	sampleMessyEmail      sample.Rate = 1_200 // of e-mails
	sampleConstantLegacy  sample.Rate = 40

	// Of residents: where they live.
	sampleNoAddress         sample.Rate = 150
	sampleOnlyEnded         sample.Rate = 200
	sampleSecondCurrent     sample.Rate = 600
	sampleSecondDisplayed   sample.Rate = 120
	sampleRepeatedAddress   sample.Rate = 120
	sampleFutureStart       sample.Rate = 50
	sampleFutureEnd         sample.Rate = 60
	sampleOwnAddressWording sample.Rate = 2_500 // not as the rest of the household has it

	// Of addresses.
	sampleNoAddressText     sample.Rate = 30
	sampleNoUPRN            sample.Rate = 800
	sampleNoPostcode        sample.Rate = 200
	sampleOutwardPostcode   sample.Rate = 60
	sampleRubbishPostcode   sample.Rate = 50
	sampleUnusualPostcode   sample.Rate = 1_800
	sampleNoFlags           sample.Rate = 200
	sampleBlanksRoundPlaces sample.Rate = 120
	sampleNoStartDate       sample.Rate = 150

	// Of residents: how they are called.
	sampleNoPhone       sample.Rate = 1_200
	sampleSecondPhone   sample.Rate = 2_000
	sampleThirdPhone    sample.Rate = 1_500 // of those who have two
	sampleRepeatedPhone sample.Rate = 150

	// Of phone numbers.
	sampleNonsensePhone   sample.Rate = 150
	sampleNotedPhone      sample.Rate = 500
	sampleTwoPhones       sample.Rate = 60
	sampleBlanksRoundCall sample.Rate = 120

	// Of residents: rows that belong to none.
	sampleAddressesWithoutPerson sample.Rate = 25
	sampleAddressesOfNobody      sample.Rate = 20
	samplePhonesOfNobody         sample.Rate = 20
)
