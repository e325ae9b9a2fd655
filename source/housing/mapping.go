package housing

import (
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// Mapping is what is taken from Universal Housing: five tables of UHT and three of UHW. Two have a
// primary key and are followed by DMS; the system has declared none for the others, which are
// loaded whole. Where it keeps a unique index, that is the key here.
func Mapping() *mapping.Mapping {
	return &mapping.Mapping{
		Source: Name, Title: "Universal Housing",
		FreshFor: 26 * time.Hour,
		Current: "most of its tables cannot be followed and are loaded whole each night; a day and two" +
			" hours without a load is one that did not come",
		Tables: []mapping.Table{
			memberTable(), propertyTable(), tenancyTable(), tenureTable(), contactTable(),
			contactLinkTable(), phoneTable(), emailTable(),
		},
	}
}

const (
	tenanciesDatabase = "uhtlive"
	contactsDatabase  = "uhwlive"

	specialCategory = "special category data, which no caller may ask for"
	aboutHealth     = "data about health, which no caller may ask for"
	aboutCrime      = "data about crime, which no caller may ask for"
	aboutDanger     = "says who is thought to be in danger or a danger, which is for other systems"
	aboutMoney      = "what somebody owes or is owed: nothing that is served needs it"
	freeText        = "free text, which may say anything"
	ofOthers        = "of the household as a whole, and nobody's in particular"
	notTheirHome    = "a forwarding address is not where somebody lives"
	ofStaff         = "says which of the council's staff wrote the row"
)

func memberTable() mapping.Table {
	return mapping.Table{
		Database: tenanciesDatabase, Owner: "dbo", From: "member", Name: "member",
		Key: []string{"house_ref", "person_no"},
		Columns: []mapping.Column{
			{From: "house_ref", Type: "char(10)", NotNull: true},
			{From: "person_no", Type: "numeric(2,0)", NotNull: true},
			{From: "title", Type: "char(10)"},
			{From: "forename", Type: "char(24)"},
			{From: "surname", Type: "char(20)"},
			{From: "dob", Type: "datetime"},
			{From: "ni_no", Type: "char(12)"},
		},
		Indexes: []string{"member_by_name", "member_by_name_part", "member_by_dob"},
		Never: map[string]string{
			"hiv_positive":    aboutHealth,
			"disabled":        aboutHealth,
			"wheelch_user":    aboutHealth,
			"pregnant":        aboutHealth,
			"crim_rec":        aboutCrime,
			"asboissued":      aboutCrime,
			"at_risk":         aboutDanger,
			"vulnerable":      aboutDanger,
			"appearance":      specialCategory,
			"ethnic_origin":   specialCategory,
			"ethnic_colour":   specialCategory,
			"u_ethnic_other":  specialCategory,
			"religion_belief": specialCategory,
			"sex_orient":      specialCategory,
			"transgender":     specialCategory,
			"marriage_civil":  "nothing that is served needs it",
			"homeless":        "nothing that is served needs it",
			"bank_acc_type":   aboutMoney,
			"u_pin_number":    "a secret by which a member proves who they are",
		},
	}
}

func propertyTable() mapping.Table {
	return mapping.Table{
		Database: tenanciesDatabase, Owner: "dbo", From: "property", Name: "property",
		Key: []string{"prop_ref"},
		Columns: []mapping.Column{
			{From: "prop_ref", Type: "char(12)", NotNull: true},
			{From: "house_ref", Type: "char(10)"},
			{From: "address1", Type: "char(255)"},
			{From: "post_code", Type: "char(10)"},
			{From: "u_llpg_ref", Type: "char(16)"},
			{From: "dtstamp", Type: "smalldatetime"},
		},
		Indexes: []string{
			"property_by_house", "property_by_postcode", "property_by_part", "property_by_uprn",
		},
		Never: map[string]string{
			"comments":            freeText,
			"u_disabled_occupier": aboutHealth,
			"u_disabled_only":     aboutHealth,
			"u_legal_cases":       "of disputes with who lives there",
		},
	}
}

func tenancyTable() mapping.Table {
	return mapping.Table{
		Database: tenanciesDatabase, Owner: "dbo", From: "tenagree", Name: "tenagree",
		Rows: []string{"tag_ref", "house_ref"},
		Columns: []mapping.Column{
			{From: "tag_ref", Type: "char(11)"},
			{From: "house_ref", Type: "char(10)"},
			{From: "tenure", Type: "char(3)"},
			{From: "terminated", Type: "bit"},
			{From: "cot", Type: "smalldatetime"},
			{From: "eot", Type: "smalldatetime"},
		},
		Indexes: []string{"tenagree_by_house", "tenagree_by_reference"},
		Never: map[string]string{
			"forwardaddress": notTheirHome,
			"cur_bal":        aboutMoney,
			"rent":           aboutMoney,
			"arrears_case":   aboutMoney,
			"eviction":       aboutMoney,
			"evictdate":      aboutMoney,
			"lettertext":     freeText,
			"pmandata":       freeText,
			"u_comments":     freeText,
			"u_message":      freeText,
		},
	}
}

func tenureTable() mapping.Table {
	return mapping.Table{
		Database: tenanciesDatabase, Owner: "dbo", From: "tenure", Name: "tenure",
		Rows: []string{"ten_type"},
		Columns: []mapping.Column{
			{From: "ten_type", Type: "char(3)"},
			{From: "ten_desc", Type: "char(15)"},
		},
		Indexes: []string{"tenure_by_type"},
	}
}

func contactTable() mapping.Table {
	return mapping.Table{
		Database: tenanciesDatabase, Owner: "dbo", From: "contacts", Name: "contacts",
		Key: []string{"con_key"},
		Columns: []mapping.Column{
			{From: "con_key", Type: "int", NotNull: true},
			{From: "con_ref", Type: "char(12)"},
			{From: "tag_ref", Type: "char(11)"},
		},
		Indexes: []string{"contacts_by_house", "contacts_by_tenancy"},
		Never: map[string]string{
			"con_name":      ofOthers,
			"con_address":   ofOthers,
			"con_postcode":  ofOthers,
			"con_phone1":    ofOthers,
			"con_phone2":    ofOthers,
			"con_phone3":    ofOthers,
			"email_address": ofOthers,
		},
	}
}

func contactLinkTable() mapping.Table {
	return mapping.Table{
		Database: contactsDatabase, Owner: "dbo", From: "CCContactLink", Name: "CCContactLink",
		Rows: []string{"ContactNo", "Key1", "Key2"},
		Columns: []mapping.Column{
			{From: "ContactNo", Name: "ContactNo", Type: "int"},
			{From: "Key1", Name: "Key1", Type: "char(20)"},
			{From: "Key2", Name: "Key2", Type: "char(10)"},
		},
		Indexes: []string{"contact_link_by_keys", "contact_link_by_contact"},
		Never:   map[string]string{"MODUSER": ofStaff},
	}
}

func phoneTable() mapping.Table {
	return mapping.Table{
		Database: contactsDatabase, Owner: "dbo", From: "CCPhone", Name: "CCPhone",
		Key: []string{"PhoneID"}, Follows: true,
		Columns: []mapping.Column{
			{From: "PhoneID", Name: "PhoneID", Type: "int", NotNull: true},
			{From: "ContactNo", Name: "ContactNo", Type: "int"},
			{From: "PhoneNo", Name: "PhoneNo", Type: "varchar(20)"},
			{From: "PhoneType", Name: "PhoneType", Type: "varchar(1)"},
			{From: "modDate", Name: "modDate", Type: "datetime"},
			{From: "OKToCall", Name: "OKToCall", Type: "varchar(1)"},
		},
		Indexes: []string{"phone_by_contact", "phone_by_digits"},
		Never:   map[string]string{"modUser": ofStaff},
	}
}

func emailTable() mapping.Table {
	return mapping.Table{
		Database: contactsDatabase, Owner: "dbo", From: "CCEmailAddress", Name: "CCEmailAddress",
		Key: []string{"EmailID"}, Follows: true,
		Columns: []mapping.Column{
			{From: "EmailID", Name: "EmailID", Type: "int", NotNull: true},
			{From: "ContactNo", Name: "ContactNo", Type: "int"},
			{From: "Email", Name: "Email", Type: "varchar(50)"},
			{From: "EmailType", Name: "EmailType", Type: "varchar(5)"},
			{From: "modDate", Name: "modDate", Type: "datetime"},
			{From: "OKToEmail", Name: "OKToEmail", Type: "varchar(5)"},
			{From: "Defualt", Name: "Defualt", Type: "varchar(5)"},
		},
		Indexes: []string{"email_by_contact", "email_by_form"},
		Never:   map[string]string{"modUser": ofStaff},
	}
}
