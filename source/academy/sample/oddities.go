package sample

import "github.com/LBHackney-IT/resident-gateway/source/sample"

// known is how many households of 10,000 Academy knows.
const known sample.Rate = 6_000

// The rates of the oddities. Where it does not say of what, it is of rows or residents.
const (
	noName          sample.Rate = 30 // nothing at all
	noFirstName     sample.Rate = 60
	noNameParts     sample.Rate = 200 // of tax payers: the whole name alone
	upperCase       sample.Rate = 4_000
	blanksRound     sample.Rate = 150
	oddBirth        sample.Rate = 300
	neverDead       sample.Rate = 60 // deceased_date is 2099-12-31
	noNINumber      sample.Rate = 900
	spacedNI        sample.Rate = 400
	memberTwice     sample.Rate = 40 // one person in two rows of one address
	memberNobody    sample.Rate = 25 // person_ref is null
	memberStayed    sample.Rate = 700
	claimMissing    sample.Rate = 60 // members whose claim has no row
	noCheckDigit    sample.Rate = 60
	noStatus        sample.Rate = 100
	houseMissing    sample.Rate = 60  // members at an address that has no row
	claimGone       sample.Rate = 300 // no address that holds
	oddFrom         sample.Rate = 150
	oddTo           sample.Rate = 100
	futureTo        sample.Rate = 60
	noOccupation    sample.Rate = 120
	noProperty      sample.Rate = 80 // an occupation of a property that has no row
	occupiedTwice   sample.Rate = 80 // one occupation in two rows
	vacated         sample.Rate = 1_500
	oddVacation     sample.Rate = 120
	noUPRN          sample.Rate = 800
	oddUPRN         sample.Rate = 500
	oddPostcode     sample.Rate = 1_500
	blankAddress    sample.Rate = 60
	postcodeLine    sample.Rate = 500 // the postcode among the lines too
	noPhone         sample.Rate = 3_500
	nonsensePhone   sample.Rate = 200
	notedPhone      sample.Rate = 500
	samePhone       sample.Rate = 200 // one number in two places
	oddPhoneRef     sample.Rate = 150 // the reference filled with blanks or zeros
	noEmail         sample.Rate = 4_500
	endedEmail      sample.Rate = 900
	emailTwice      sample.Rate = 300
	nonsenseEmail   sample.Rate = 100
	otherContacts   sample.Rate = 1_500 // another application's, of the same number
	sampleOtherKind sample.Rate = 300   // of another kind of reference
)
