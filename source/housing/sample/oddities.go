package sample

import "github.com/LBHackney-IT/resident-gateway/source/sample"

// The rates, of households that the world holds, and of rows where it says nothing else.
const (
	known        sample.Rate = 4_500 // of the households of the world
	earlierHouse sample.Rate = 3_000 // of those who moved: another house_ref
	ofNobody     sample.Rate = 200

	shortRef     sample.Rate = 1_200 // 1 to 5 digits
	longRef      sample.Rate = 300   // 9 digits
	lettersInRef sample.Rate = 200
	slashInRef   sample.Rate = 40
	personsLate  sample.Rate = 500 // numbers of members that do not begin with 1

	// Of members.
	capitals       sample.Rate = 3_000
	misspelt       sample.Rate = 150
	misspeltBefore sample.Rate = 1_000
	blanksRound    sample.Rate = 150
	noFirstName    sample.Rate = 80
	noLastName     sample.Rate = 50
	noTitle        sample.Rate = 1_500
	noBirth        sample.Rate = 600 // 1900-01-01
	noNINumber     sample.Rate = 2_500
	spacedNI       sample.Rate = 300

	// Of properties.
	noProperty     sample.Rate = 200
	secondProperty sample.Rate = 600
	noStamp        sample.Rate = 100
	oddPostcode    sample.Rate = 800
	oddUPRN        sample.Rate = 900
	noAddress      sample.Rate = 80
	postcodeInLine sample.Rate = 500
	numberApart    sample.Rate = 500

	// Of tenancies.
	noTenancy      sample.Rate = 300
	secondTenancy  sample.Rate = 1_200
	garageTenancy  sample.Rate = 400
	oddTenure      sample.Rate = 200
	endedTenancy   sample.Rate = 1_000
	oddTermination sample.Rate = 400
	oddStart       sample.Rate = 300

	noContactKey sample.Rate = 2_500
	keyByTenancy sample.Rate = 2_000
	secondKey    sample.Rate = 200

	// Of how members are reached.
	noContact         sample.Rate = 2_500
	oddKey            sample.Rate = 300
	secondLink        sample.Rate = 300
	sharedContact     sample.Rate = 300
	noMobile          sample.Rate = 1_500
	furtherPhone      sample.Rate = 1_500
	samePhone         sample.Rate = 400
	notedPhone        sample.Rate = 500
	nonsensePhone     sample.Rate = 200
	oddPhoneType      sample.Rate = 800
	refused           sample.Rate = 1_200
	permissionNotSaid sample.Rate = 2_500
	noEmail           sample.Rate = 4_500
	noDefault         sample.Rate = 1_500
	secondEmail       sample.Rate = 1_000
	sameEmail         sample.Rate = 200
	messyEmail        sample.Rate = 800
	nonsenseEmail     sample.Rate = 150
)
