package sample

import (
	"strconv"
	"strings"
)

// Home is a place to live. Equal homes have equal UPRNs and postcodes.
type Home struct {
	Lines    []string // one or two, without town and postcode
	Postcode string   // in its usual form
	UPRN     int64
}

// street is a street with the part of a postcode that all of it has.
type street struct {
	number                int
	name, outward, sector string
}

func streetList() []street {
	var streets []street
	for i, line := range wordList(streetNames()) {
		part := strings.Split(line, "/")
		streets = append(streets, street{i, part[0], part[1], part[2]})
	}
	return streets
}

func (w *World) flat(in street, block, flat int) Home {
	key := in.number*20 + block
	chance := scatter(uint64(key))
	building := w.buildings[chance%uint64(len(w.buildings))] + " " +
		w.kinds[chance>>8%uint64(len(w.kinds))]
	number := 4 + 12*block
	return Home{
		Lines: []string{
			"Flat " + strconv.Itoa(flat) + " " + building,
			strconv.Itoa(number) + " " + in.name,
		},
		Postcode: postcodeOf(in, number),
		UPRN:     10_008_000_000 + shuffled(key*100+flat),
	}
}

func houseIn(in street, number, unit int) Home {
	line := strconv.Itoa(number) + " " + in.name
	lines := []string{line}
	switch unit {
	case 1:
		lines = []string{"Ground Floor Flat", line}
	case 2:
		lines = []string{"Flat B", line}
	case 3:
		lines = []string{strconv.Itoa(number) + "A " + in.name}
	}
	return Home{
		Lines:    lines,
		Postcode: postcodeOf(in, number),
		UPRN:     100_021_000_000 + shuffled((in.number*400+number)*4+unit),
	}
}

// shuffled puts the numbers below a million in another order.
func shuffled(n int) int64 { return int64((n*618_033 + 271_828) % 1_000_000) }

// postcodeOf is one for twenty numbers of a street.
func postcodeOf(in street, number int) string {
	const letters = "ABDEFGHJLNPQRSTUWXY" // of those that end a postcode
	chance := scatter(uint64(in.number*1_000 + number/20))
	return in.outward + " " + in.sector +
		string(letters[chance%uint64(len(letters))]) + string(letters[chance>>8%uint64(len(letters))])
}
