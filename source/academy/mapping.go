package academy

import (
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// Mapping is what is taken from Academy: eight tables of its reporting copy on SQL Server, which
// has no primary keys and is written anew each night, so that each is loaded whole.
//
// The copy has moments to 100 ns, which become text: 2099-12-31 00:00:00.0000000.
func Mapping() *mapping.Mapping {
	return &mapping.Mapping{
		Source: Name, Title: "Academy",
		FreshFor: 26 * time.Hour,
		Current: "the reporting copy is written each night and loaded whole after that; a day and two" +
			" hours without a load is one that did not come",
		Tables: []mapping.Table{
			memberTable(), householdTable(), claimTable(),
			accountTable(), occupationTable(), propertyTable(),
			emailTable(), phoneTable(),
		},
	}
}

// taken is one of Academy's, whose names are the same on both sides.
func taken(name string) mapping.Table {
	return mapping.Table{Database: "HBCTLIVEDB", Owner: "dbo", From: name, Name: name}
}

const (
	moment = "datetime2(7)"

	aboutHealth  = "data about health, which no caller may ask for"
	aboutOthers  = "of the owner of a property, who is no resident"
	notTheirHome = "a forwarding address is not where somebody lives"
	ofTheClaim   = "of the claim as a whole, and nobody's in particular"
	aboutDanger  = "says who is thought dangerous, which is for other systems to tell"
	freeText     = "free text, which may say anything"
)

func memberTable() mapping.Table {
	t := taken("hbmember")
	t.Key = []string{"claim_id", "house_id", "member_id"}
	t.Columns = []mapping.Column{
		{From: "claim_id", Type: "int", NotNull: true},
		{From: "house_id", Type: "smallint", NotNull: true},
		{From: "member_id", Type: "smallint", NotNull: true},
		{From: "person_ref", Type: "int"},
		{From: "name", Type: "varchar(32)"},
		{From: "title", Type: "varchar(4)"},
		{From: "forename", Type: "varchar(32)"},
		{From: "surname", Type: "varchar(32)"},
		{From: "birth_date", Type: moment},
		{From: "deceased_date", Type: moment},
		{From: "nino", Type: "varchar(10)"},
	}
	t.Indexes = []string{
		"hbmember_by_person", "hbmember_by_name", "hbmember_by_name_part", "hbmember_by_birth_date",
	}
	t.Never = map[string]string{
		"disable_ind":                    aboutHealth,
		"hospital_ind":                   aboutHealth,
		"incapable_of_work":              aboutHealth,
		"num_dis_child_prem":             aboutHealth,
		"severely_mentally_impaired_ind": aboutHealth,
		"carer_ind":                      aboutHealth,
		"cared_for_ind":                  aboutHealth,
		"ccp_prison_hosp_ind":            "says who is in prison or in hospital",
		"sanction_rate":                  "says whose benefit was cut",
		"sanction_type":                  "says whose benefit was cut",
		"period_sanction":                "says whose benefit was cut",
		"holocaust_disregard":            "tells of a person's origin, which no caller may ask for",
		"fepow_disregard":                "tells of a person's past, which no caller may ask for",
		"unique_pupil_num":               "of children: nothing that is served needs it",
	}
	return t
}

func householdTable() mapping.Table {
	t := taken("hbhousehold")
	t.Key = []string{"claim_id", "house_id"}
	t.Columns = []mapping.Column{
		{From: "claim_id", Type: "int", NotNull: true},
		{From: "house_id", Type: "smallint", NotNull: true},
		{From: "from_date", Type: moment},
		{From: "to_date", Type: moment},
		{From: "addr1", Type: "varchar(35)"},
		{From: "addr2", Type: "varchar(35)"},
		{From: "addr3", Type: "varchar(32)"},
		{From: "addr4", Type: "varchar(32)"},
		{From: "post_code", Type: "varchar(10)"},
		{From: "uprn", Type: "varchar(12)"},
	}
	t.Indexes = []string{"hbhousehold_by_postcode", "hbhousehold_by_part", "hbhousehold_by_uprn"}
	t.Never = map[string]string{"bereavement_override": "says who has lost somebody"}
	return t
}

func claimTable() mapping.Table {
	t := taken("hbclaim")
	t.Key = []string{"claim_id"}
	t.Columns = []mapping.Column{
		{From: "claim_id", Type: "int", NotNull: true},
		{From: "check_digit", Type: "varchar(1)"},
		{From: "status_ind", Type: "int"},
	}
	t.Never = map[string]string{
		"pot_violent":      aboutDanger,
		"unsafe_addr_ind":  aboutDanger,
		"warn_code":        aboutDanger,
		"contact_tel_no":   ofTheClaim,
		"contact_tel_type": ofTheClaim,
		"contact_tel_time": ofTheClaim,
		"nino":             ofTheClaim,
		"forward_addr1":    notTheirHome,
		"forward_addr2":    notTheirHome,
		"forward_addr3":    notTheirHome,
		"forward_addr4":    notTheirHome,
		"forward_postcode": notTheirHome,
		"notes_db_handle":  freeText,
	}
	return t
}

func accountTable() mapping.Table {
	t := taken("ctaccount")
	t.Key = []string{"account_ref"}
	t.Columns = []mapping.Column{
		{From: "account_ref", Type: "int", NotNull: true},
		{From: "account_cd", Type: "varchar(1)"},
		{From: "lead_liab_name", Type: "varchar(32)"},
		{From: "lead_liab_title", Type: "varchar(8)"},
		{From: "lead_liab_forename", Type: "varchar(32)"},
		{From: "lead_liab_surname", Type: "varchar(32)"},
	}
	t.Indexes = []string{"ctaccount_by_name", "ctaccount_by_name_part"}
	t.Never = map[string]string{
		"for_addr1":     notTheirHome,
		"for_addr2":     notTheirHome,
		"for_addr3":     notTheirHome,
		"for_addr4":     notTheirHome,
		"for_postcode":  notTheirHome,
		"for_district":  notTheirHome,
		"employee_ind":  "says who works for the council",
		"employee_no":   "says who works for the council",
		"person_status": "nobody knows what it means",
	}
	return t
}

func occupationTable() mapping.Table {
	t := taken("ctoccupation")
	t.Rows = []string{"account_ref", "property_ref"}
	t.Columns = []mapping.Column{
		{From: "account_ref", Type: "int"},
		{From: "property_ref", Type: "varchar(18)"},
		{From: "vacation_date", Type: moment},
	}
	t.Indexes = []string{"ctoccupation_by_account", "ctoccupation_by_property"}
	return t
}

func propertyTable() mapping.Table {
	t := taken("ctproperty")
	t.Key = []string{"property_ref"}
	t.Columns = []mapping.Column{
		{From: "property_ref", Type: "varchar(18)", NotNull: true},
		{From: "addr1", Type: "varchar(35)"},
		{From: "addr2", Type: "varchar(35)"},
		{From: "addr3", Type: "varchar(32)"},
		{From: "addr4", Type: "varchar(32)"},
		{From: "postcode", Type: "varchar(8)"},
		{From: "uprn", Type: "varchar(12)"},
	}
	t.Indexes = []string{"ctproperty_by_postcode", "ctproperty_by_part", "ctproperty_by_uprn"}
	t.Never = map[string]string{
		"owner_name":       aboutOthers,
		"owner_title":      aboutOthers,
		"owner_forename":   aboutOthers,
		"owner_middlename": aboutOthers,
		"owner_surname":    aboutOthers,
		"own_addr1":        aboutOthers,
		"own_addr2":        aboutOthers,
		"own_addr3":        aboutOthers,
		"own_addr4":        aboutOthers,
		"own_postcode":     aboutOthers,
		"own_telno":        aboutOthers,
		"own_email_addr":   aboutOthers,
		"owner_away_ind":   aboutOthers,
		"owner_liable":     aboutOthers,
	}
	return t
}

func emailTable() mapping.Table {
	t := taken("syemail")
	t.Rows = []string{"applic_id", "reference_id", "person_type", "person_type_seq_no"}
	t.Columns = []mapping.Column{
		{From: "applic_id", Type: "varchar(2)"},
		{From: "reference_id", Type: "int"},
		{From: "person_type", Type: "varchar(2)"},
		{From: "person_type_seq_no", Type: "smallint"},
		{From: "email_addr", Type: "varchar(128)"},
		{From: "email_start_date", Type: moment},
		{From: "email_end_date", Type: moment},
	}
	t.Indexes = []string{"syemail_by_reference", "syemail_by_email"}
	return t
}

func phoneTable() mapping.Table {
	t := taken("syphone")
	t.Rows = []string{"applic_id", "ref_type", "ref"}
	t.Columns = []mapping.Column{
		{From: "applic_id", Type: "varchar(2)"},
		{From: "ref_type", Type: "varchar(2)"},
		{From: "ref", Type: "varchar(20)"},
		{From: "phonenum1", Type: "varchar(20)"},
		{From: "phonenum2", Type: "varchar(20)"},
		{From: "phonenum3", Type: "varchar(20)"},
		{From: "phonenum4", Type: "varchar(20)"},
	}
	t.Indexes = []string{"syphone_by_account", "syphone_by_digits"}
	t.Never = map[string]string{"notes": freeText}
	return t
}
