package housing

import "github.com/LBHackney-IT/resident-gateway/source/sample"

// The rates, of households that the world holds, and of rows where it says nothing else.
const (
	sampleKnown        sample.Rate = 4_500 // of the households of the world
	sampleEarlierHouse sample.Rate = 3_000 // of those who moved: another house_ref
	sampleOfNobody     sample.Rate = 200

	sampleShortRef     sample.Rate = 1_200 // 1 to 5 digits
	sampleLongRef      sample.Rate = 300   // 9 digits
	sampleLettersInRef sample.Rate = 200
	sampleSlashInRef   sample.Rate = 40
	samplePersonsLate  sample.Rate = 500 // numbers of members that do not begin with 1

	// Of members.
	sampleCapitals       sample.Rate = 3_000
	sampleMisspelt       sample.Rate = 150
	sampleMisspeltBefore sample.Rate = 1_000
	sampleBlanksRound    sample.Rate = 150
	sampleNoFirstName    sample.Rate = 80
	sampleNoLastName     sample.Rate = 50
	sampleNoTitle        sample.Rate = 1_500
	sampleNoBirth        sample.Rate = 600 // 1900-01-01
	sampleNoNINumber     sample.Rate = 2_500
	sampleSpacedNI       sample.Rate = 300

	// Of properties.
	sampleNoProperty     sample.Rate = 200
	sampleSecondProperty sample.Rate = 600
	sampleNoStamp        sample.Rate = 100
	sampleOddPostcode    sample.Rate = 800
	sampleOddUPRN        sample.Rate = 900
	sampleNoAddress      sample.Rate = 80
	samplePostcodeInLine sample.Rate = 500
	sampleNumberApart    sample.Rate = 500

	// Of tenancies.
	sampleNoTenancy      sample.Rate = 300
	sampleSecondTenancy  sample.Rate = 1_200
	sampleGarageTenancy  sample.Rate = 400
	sampleOddTenure      sample.Rate = 200
	sampleEndedTenancy   sample.Rate = 1_000
	sampleOddTermination sample.Rate = 400
	sampleOddStart       sample.Rate = 300

	sampleNoContactKey sample.Rate = 2_500
	sampleKeyByTenancy sample.Rate = 2_000
	sampleSecondKey    sample.Rate = 200

	// Of how members are reached.
	sampleNoContact         sample.Rate = 2_500
	sampleOddKey            sample.Rate = 300
	sampleSecondLink        sample.Rate = 300
	sampleSharedContact     sample.Rate = 300
	sampleNoMobile          sample.Rate = 1_500
	sampleFurtherPhone      sample.Rate = 1_500
	sampleSamePhone         sample.Rate = 400
	sampleNotedPhone        sample.Rate = 500
	sampleNonsensePhone     sample.Rate = 200
	sampleOddPhoneType      sample.Rate = 800
	sampleRefused           sample.Rate = 1_200
	samplePermissionNotSaid sample.Rate = 2_500
	sampleNoEmail           sample.Rate = 4_500
	sampleNoDefault         sample.Rate = 1_500
	sampleSecondEmail       sample.Rate = 1_000
	sampleSameEmail         sample.Rate = 200
	sampleMessyEmail        sample.Rate = 800
	sampleNonsenseEmail     sample.Rate = 150
)
