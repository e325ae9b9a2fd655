package academy

import "github.com/LBHackney-IT/resident-gateway/source/sample"

// sampleKnown is how many households of 10,000 Academy knows.
const sampleKnown sample.Rate = 6_000

// The rates of the oddities. Where it does not say of what, it is of rows or residents.
const (
	sampleNoName        sample.Rate = 30 // nothing at all
	sampleNoFirstName   sample.Rate = 60
	sampleNoNameParts   sample.Rate = 200 // of tax payers: the whole name alone
	sampleUpperCase     sample.Rate = 4_000
	sampleBlanksRound   sample.Rate = 150
	sampleOddBirth      sample.Rate = 300
	sampleNeverDead     sample.Rate = 60 // deceased_date is 2099-12-31
	sampleNoNINumber    sample.Rate = 900
	sampleSpacedNI      sample.Rate = 400
	sampleMemberTwice   sample.Rate = 40 // one person in two rows of one address
	sampleMemberNobody  sample.Rate = 25 // person_ref is null
	sampleMemberStayed  sample.Rate = 700
	sampleClaimMissing  sample.Rate = 60 // members whose claim has no row
	sampleNoCheckDigit  sample.Rate = 60
	sampleNoStatus      sample.Rate = 100
	sampleHouseMissing  sample.Rate = 60  // members at an address that has no row
	sampleClaimGone     sample.Rate = 300 // no address that holds
	sampleOddFrom       sample.Rate = 150
	sampleOddTo         sample.Rate = 100
	sampleFutureTo      sample.Rate = 60
	sampleNoOccupation  sample.Rate = 120
	sampleNoProperty    sample.Rate = 80 // an occupation of a property that has no row
	sampleOccupiedTwice sample.Rate = 80 // one occupation in two rows
	sampleVacated       sample.Rate = 1_500
	sampleOddVacation   sample.Rate = 120
	sampleNoUPRN        sample.Rate = 800
	sampleOddUPRN       sample.Rate = 500
	sampleOddPostcode   sample.Rate = 1_500
	sampleBlankAddress  sample.Rate = 60
	samplePostcodeLine  sample.Rate = 500 // the postcode among the lines too
	sampleNoPhone       sample.Rate = 3_500
	sampleNonsensePhone sample.Rate = 200
	sampleNotedPhone    sample.Rate = 500
	sampleSamePhone     sample.Rate = 200 // one number in two places
	sampleOddPhoneRef   sample.Rate = 150 // the reference filled with blanks or zeros
	sampleNoEmail       sample.Rate = 4_500
	sampleEndedEmail    sample.Rate = 900
	sampleEmailTwice    sample.Rate = 300
	sampleNonsenseEmail sample.Rate = 100
	sampleOtherContacts sample.Rate = 1_500 // another application's, of the same number
	sampleOtherKind     sample.Rate = 300   // of another kind of reference
)
