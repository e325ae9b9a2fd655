package mosaic

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

// sampleRate is how many of 10,000.
type sampleRate int

const sampleWhole = 10_000

// The rates, in rows or residents of 10,000. Where a rate is of some only, it says of which.
const (
	// Of residents: how they are named.
	sampleNoFirstName      sampleRate = 40
	sampleNoLastName       sampleRate = 40
	sampleBlankFullName    sampleRate = 40
	sampleNoNameAtAll      sampleRate = 25
	sampleLongName         sampleRate = 40 // longer than the columns are
	sampleUpperCaseName    sampleRate = 600
	sampleForwardsName     sampleRate = 2_500
	sampleDoubleBarrelled  sampleRate = 500
	sampleSecondFirstName  sampleRate = 700
	sampleNoTitle          sampleRate = 2_500
	sampleUnsaidGender     sampleRate = 80 // '-' or 'U'
	sampleNoNationality    sampleRate = 1_500
	sampleBlanksRoundNames sampleRate = 150

	// Of residents: who they are.
	sampleSecondRecord    sampleRate = 120
	sampleNoBirthDate     sampleRate = 120
	sampleSentinelBirth   sampleRate = 30
	sampleDeadYoung       sampleRate = 60  // of those under 65
	sampleDeadOld         sampleRate = 700 // of those of 65 and over
	sampleNoContextFlag   sampleRate = 60
	sampleIsRestricted    sampleRate = 200
	sampleRestrictionNull sampleRate = 100
	sampleNoNHSNumber     sampleRate = 1_500 // and 1 in 11, whose check digit would be 10
	sampleNoEmail         sampleRate = 4_500
	sampleMessyEmail      sampleRate = 1_200 // of e-mails
	sampleConstantLegacy  sampleRate = 40

	// Of residents: where they live.
	sampleNoAddress         sampleRate = 150
	sampleOnlyEnded         sampleRate = 200
	sampleSecondCurrent     sampleRate = 600
	sampleSecondDisplayed   sampleRate = 120
	sampleRepeatedAddress   sampleRate = 120
	sampleFutureStart       sampleRate = 50
	sampleFutureEnd         sampleRate = 60
	sampleFirstPast         sampleRate = 2_600 // an ended address
	sampleNextPast          sampleRate = 3_000 // another, of those who have one
	sampleOwnAddressWording sampleRate = 2_500 // not as the rest of the household has it

	// Of addresses.
	sampleNoAddressText     sampleRate = 30
	sampleNoUPRN            sampleRate = 800
	sampleNoPostcode        sampleRate = 200
	sampleOutwardPostcode   sampleRate = 60
	sampleRubbishPostcode   sampleRate = 50
	sampleUnusualPostcode   sampleRate = 1_800
	sampleNoFlags           sampleRate = 200
	sampleBlanksRoundPlaces sampleRate = 120
	sampleNoStartDate       sampleRate = 150

	// Of residents: how they are called.
	sampleNoPhone        sampleRate = 1_200
	sampleHouseholdPhone sampleRate = 4_000 // of households
	sampleSecondPhone    sampleRate = 2_000
	sampleThirdPhone     sampleRate = 1_500 // of those who have two
	sampleRepeatedPhone  sampleRate = 150

	// Of phone numbers.
	sampleNonsensePhone   sampleRate = 150
	sampleNotedPhone      sampleRate = 500
	sampleTwoPhones       sampleRate = 60
	sampleBlanksRoundCall sampleRate = 120

	// Of residents: rows that belong to none.
	sampleAddressesWithoutPerson sampleRate = 25
	sampleAddressesOfNobody      sampleRate = 20
	samplePhonesOfNobody         sampleRate = 20
)
