package rest

import "strings"

// The names in a body are those of the first generation where they were sound;
// docs/reference/rest.md lists those that were not.

type residentPage struct {
	Residents  []residentBody `json:"residents"`
	NextCursor *string        `json:"nextCursor"` // null at the end
}

type residentBody struct {
	ID             string        `json:"id"`
	MosaicID       string        `json:"mosaicId"`
	FullName       *string       `json:"fullName"`
	Title          *string       `json:"title"`
	FirstName      *string       `json:"firstName"`
	LastName       *string       `json:"lastName"`
	UPRN           *string       `json:"uprn"`
	DateOfBirth    *string       `json:"dateOfBirth"`
	Deceased       bool          `json:"deceased"`
	AgeContext     *string       `json:"ageContext"`
	Gender         *string       `json:"gender"`
	Nationality    *string       `json:"nationality"`
	NHSNumber      *string       `json:"nhsNumber"`
	Restricted     bool          `json:"restricted"`
	Withheld       *string       `json:"withheld"` // why what locates the resident is null
	PhoneNumbers   []phoneBody   `json:"phoneNumbers"`
	EmailAddresses []emailBody   `json:"emailAddresses"`
	Addresses      []addressBody `json:"addresses"`
}

type phoneBody struct {
	PhoneNumber *string `json:"phoneNumber"`
	PhoneType   *string `json:"phoneType"`
	E164        *string `json:"e164"`
	Note        *string `json:"note"`
	ExDirectory bool    `json:"exDirectory"`
	Withheld    *string `json:"withheld"` // why there is no number
}

type emailBody struct {
	EmailAddress *string `json:"emailAddress"`
}

type addressBody struct {
	AddressLine1       *string `json:"addressLine1"`
	AddressLine2       *string `json:"addressLine2"`
	AddressLine3       *string `json:"addressLine3"`
	Postcode           *string `json:"postcode"`
	UPRN               *string `json:"uprn"`
	StartDate          *string `json:"startDate"`
	EndDate            *string `json:"endDate"`
	ContactAddressFlag bool    `json:"contactAddressFlag"`
	DisplayAddressFlag bool    `json:"displayAddressFlag"`
}

// A gqlResident is the fragment ResidentBody, as the executor answers it.
type gqlResident struct {
	ID, SourceID                         string
	FullName, Title, FirstName, LastName *string
	DateOfBirth, Gender, Nationality     *string
	NHSNumber, AgeGroup, UPRN            *string
	IsDeceased                           *bool
	IsRestricted                         bool
	Withheld                             *string
	ContactDetails                       []gqlContactDetail
}

type gqlContactDetail struct {
	Type, Use                                       string
	Value, Label, Withheld                          *string
	IsPreferred, IsExDirectory, IsForCorrespondence bool
	ValidFrom, ValidTo                              *string
	Address                                         *struct {
		Lines          []string
		Postcode, UPRN *string
	}
	Phone *struct{ E164, Note *string }
}

func (r *gqlResident) body() residentBody {
	body := residentBody{
		ID: r.ID, MosaicID: r.SourceID,
		FullName: r.FullName, Title: r.Title, FirstName: r.FirstName, LastName: r.LastName,
		UPRN: r.UPRN, DateOfBirth: r.DateOfBirth,
		Deceased:    r.IsDeceased != nil && *r.IsDeceased,
		AgeContext:  letter(r.AgeGroup),
		Gender:      letter(r.Gender),
		Nationality: r.Nationality,
		NHSNumber:   r.NHSNumber,
		Restricted:  r.IsRestricted,
		Withheld:    r.Withheld,
	}
	if r.Withheld != nil {
		return body // an empty list would say that there are none
	}
	body.PhoneNumbers = []phoneBody{}
	body.EmailAddresses = []emailBody{}
	body.Addresses = []addressBody{}
	for i := range r.ContactDetails {
		d := &r.ContactDetails[i]
		switch d.Type {
		case "PHONE":
			phone := phoneBody{
				PhoneNumber: d.Value, PhoneType: d.Label,
				ExDirectory: d.IsExDirectory, Withheld: d.Withheld,
			}
			if d.Phone != nil {
				phone.E164, phone.Note = d.Phone.E164, d.Phone.Note
			}
			body.PhoneNumbers = append(body.PhoneNumbers, phone)
		case "EMAIL":
			body.EmailAddresses = append(body.EmailAddresses, emailBody{d.Value})
		case "ADDRESS":
			body.Addresses = append(body.Addresses, d.address())
		}
	}
	return body
}

func (d *gqlContactDetail) address() addressBody {
	body := addressBody{
		Postcode: d.Address.Postcode, UPRN: d.Address.UPRN,
		StartDate: d.ValidFrom, EndDate: d.ValidTo,
		ContactAddressFlag: d.IsForCorrespondence,
		DisplayAddressFlag: d.IsPreferred,
	}
	into := []**string{&body.AddressLine1, &body.AddressLine2, &body.AddressLine3}
	for i := range d.Address.Lines {
		line := d.Address.Lines[i]
		if i == len(into)-1 { // there is no fourth line: the third has the rest
			line = strings.Join(d.Address.Lines[i:], ", ")
		}
		*into[i] = &line
		if i == len(into)-1 {
			break
		}
	}
	return body
}

// letter is the first letter, which is what the first generation had for A and C, F and M.
func letter(s *string) *string {
	if s == nil {
		return nil
	}
	first := (*s)[:1]
	return &first
}
