package housing

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A propertyRow is one of the properties of a memberRow, in the order of the statement.
type propertyRow struct {
	Ref      string  `json:"i"`
	Address  *string `json:"a"`
	Postcode *string `json:"p"`
	UPRN     *string `json:"u"`
}

// A stay is how long a household has its property, as far as its tenancies tell.
type stay struct {
	current  bool
	from, to *resident.Date
}

// stay is current unless there are tenancies and all have ended. It begins with the tenancy, where
// only one can be meant, and ends with the last of them, where of each it is known that it ends and
// when. isLivedAt in filter.go holds the same of what is current.
func (row *memberRow) stay() stay {
	lasting := make([]*tenancyRow, 0, len(row.Tenancies))
	for i := range row.Tenancies {
		if row.Tenancies[i].Active {
			lasting = append(lasting, &row.Tenancies[i])
		}
	}
	s := stay{current: len(lasting) > 0 || len(row.Tenancies) == 0}
	if len(lasting) == 0 {
		for i := range row.Tenancies {
			lasting = append(lasting, &row.Tenancies[i])
		}
	}
	if len(lasting) == 1 {
		s.from = source.Date(lasting[0].Start)
	}
	last := ""
	for _, t := range lasting {
		if t.End == nil || t.Terminated != nil && !*t.Terminated {
			return s
		}
		last = max(last, *t.End)
	}
	s.to = source.Date(&last)
	return s
}

// addressDetails returns the property that the household has now, preferred unless its tenancies
// have ended, and then others that are not told to be in use: of them Universal Housing does not
// say whether the household has them beside it, such as a garage, or had them before.
func (row *memberRow) addressDetails(residentID string) []*resident.ContactDetail {
	details := make([]*resident.ContactDetail, len(row.Properties))
	for i := range row.Properties {
		d := row.Properties[i].detail(residentID)
		if i == 0 {
			stay := row.stay()
			d.Current, d.Preferred = stay.current, stay.current
			d.ValidFrom, d.ValidTo = stay.from, stay.to
		}
		details[i] = d
	}
	return details
}

func (row *propertyRow) detail(residentID string) *resident.ContactDetail {
	address := &resident.PostalAddress{
		Postcode: source.Postcode(row.Postcode), UPRN: source.UPRN(row.UPRN),
	}
	address.Lines = addressLines(source.Or(row.Address), source.Or(address.Postcode))
	value := strings.Join(append(slices.Clone(address.Lines), source.Or(address.Postcode)), ", ")
	value = strings.TrimSuffix(value, ", ")
	return &resident.ContactDetail{
		ID:      fmt.Sprintf("%s:address:%s", residentID, idPart(row.Ref)),
		Type:    resident.Address,
		Value:   source.Fact(&value),
		Use:     resident.HomeUse,
		Address: address,
	}
}

// What parts the lines of an address that is held in one text.
var betweenLines = regexp.MustCompile(`[,\r\n\t]+|[ \x{a0}]{2,}`)

// A number by itself belongs to the line after it.
var houseNumber = regexp.MustCompile(`^[0-9][0-9-]{0,6}[A-Za-z]?$`)

// addressLines takes an address apart that is held in one text: at commas, line ends and wherever
// two blanks or more follow each other. The postcode is told elsewhere.
func addressLines(address, postcode string) []string {
	rest, cut := source.CutPostcode(address, postcode)
	if !cut {
		rest = address
	}
	lines, number := []string{}, ""
	for _, part := range betweenLines.Split(rest, -1) {
		part = strings.Join(strings.Fields(part), " ")
		read, err := resident.ParsePostcode(part)
		switch {
		case strings.Trim(part, "-.") == "", err == nil && read.String() == postcode:
		case number == "" && houseNumber.MatchString(part):
			number = part
		default:
			lines = append(lines, strings.TrimSpace(number+" "+part))
			number = ""
		}
	}
	if number != "" {
		lines = append(lines, number)
	}
	return lines
}
