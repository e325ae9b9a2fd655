package mosaic

import (
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// Mapping is what is taken from Mosaic: three of its tables, which it keeps for reports and writes
// as it writes its own, and a heartbeat. They have primary keys, so that DMS follows them by
// replication.
func Mapping() *mapping.Mapping {
	return &mapping.Mapping{
		Source: Name, Title: "Mosaic",
		FreshFor: 15 * time.Minute,
		Current: "changes are followed as they happen, and Mosaic is written to all day; a quarter of" +
			" an hour without a heartbeat is longer than any wait that was planned for",
		Tables:    []mapping.Table{persons(), addresses(), telephoneNumbers(), heartbeat()},
		Heartbeat: &mapping.Heartbeat{Table: "gateway_heartbeat", Column: "beat_at"},
	}
}

const (
	specialCategory = "special category data, which no caller may ask for"
	notServed       = "nothing that is served needs it"
)

func persons() mapping.Table {
	return mapping.Table{
		Owner: "dbo", From: "DM_PERSONS", Name: "dm_persons",
		Key: []string{"person_id"}, Follows: true,
		Columns: []mapping.Column{
			{From: "PERSON_ID", Type: "numeric(16,0)", As: "bigint", NotNull: true},
			{From: "PERSON_ID_LEGACY", Type: "varchar(16)"},
			{From: "FULL_NAME", Type: "varchar(62)"},
			{From: "TITLE", Type: "varchar(8)"},
			{From: "FIRST_NAME", Type: "varchar(30)"},
			{From: "LAST_NAME", Type: "varchar(30)"},
			{From: "DATE_OF_BIRTH", Type: "datetime"},
			{From: "DATE_OF_DEATH", Type: "datetime"},
			{From: "GENDER", Type: "varchar(1)"},
			{From: "RESTRICTED", Type: "varchar(1)"},
			{From: "CONTEXT_FLAG", Type: "varchar(1)"},
			{From: "NATIONALITY", Type: "varchar(80)"},
			{From: "NHS_ID", Type: "numeric(10,0)", As: "bigint"},
			{From: "EMAIL_ADDRESS", Type: "varchar(240)"},
		},
		Indexes: []string{
			"dm_persons_by_name", "dm_persons_by_name_part", "dm_persons_by_date_of_birth",
			"dm_persons_by_nhs_number", "dm_persons_by_email",
		},
		Never: map[string]string{
			"FULL_ETHNICITY_CODE":   specialCategory,
			"RELIGION":              specialCategory,
			"COUNTRY_OF_BIRTH_CODE": specialCategory,
			"MARITAL_STATUS":        notServed,
			"FIRST_LANGUAGE":        notServed,
			"FLUENCY_IN_ENGLISH":    notServed,
			"INTERPRETER_REQUIRED":  notServed,
			"IS_CHILD_LEGACY":       notServed,
			"IS_ADULT_LEGACY":       notServed,
			"SSDA903_ID":            "of children looked after: " + notServed,
			"SCN_ID":                notServed,
			"UPN_ID":                notServed,
			"FORMER_UPN_ID":         notServed,
			"SCRA_ID":               "of children's hearings: " + notServed,
		},
	}
}

func addresses() mapping.Table {
	return mapping.Table{
		Owner: "dbo", From: "DM_ADDRESSES", Name: "dm_addresses",
		Key: []string{"ref_addresses_people_id"}, Follows: true,
		Columns: []mapping.Column{
			{From: "REF_ADDRESSES_PEOPLE_ID", Type: "numeric(9,0)", As: "bigint", NotNull: true},
			{From: "PERSON_ID", Type: "numeric(16,0)", As: "bigint"},
			{From: "START_DATE", Type: "datetime"},
			{From: "END_DATE", Type: "datetime"},
			{From: "ADDRESS", Type: "varchar(464)"},
			{From: "POST_CODE", Type: "varchar(16)"},
			{From: "IS_CONTACT_ADDRESS", Type: "varchar(1)"},
			{From: "IS_DISPLAY_ADDRESS", Type: "varchar(1)"},
			{From: "UNIQUE_ID", Type: "numeric(15,0)", As: "bigint"},
		},
		Indexes: []string{
			"dm_addresses_by_person", "dm_addresses_by_postcode", "dm_addresses_by_part",
			"dm_addresses_by_uprn",
		},
		Never: map[string]string{
			"ACCESS_NOTES":   "free text about who lives there and how to get in",
			"REF_ADDRESS_ID": notServed,
			"ADDRESS_TYPE":   notServed,
			"DISTRICT":       notServed,
			"EASTING":        notServed,
			"HOUSING_TENURE": notServed,
			"IS_HMO":         notServed,
			"IS_IN_LA_AREA":  notServed,
			"NORTHING":       notServed,
			"OZ_HACC_ID":     notServed,
			"OZ_LGA_NAME":    notServed,
			"OZ_LGA_NUMBER":  notServed,
			"OZ_LHD_ID":      notServed,
			"OZ_PHAMS_ID":    notServed,
			"OZ_SLA_ID":      notServed,
			"PAF_AUTHORITY":  notServed,
			"WARD":           notServed,
		},
	}
}

func telephoneNumbers() mapping.Table {
	return mapping.Table{
		Owner: "dbo", From: "DM_TELEPHONE_NUMBERS", Name: "dm_telephone_numbers",
		Key: []string{"telephone_number_id", "person_id"}, Follows: true,
		Columns: []mapping.Column{
			{From: "TELEPHONE_NUMBER_ID", Type: "numeric(9,0)", As: "bigint", NotNull: true},
			{From: "PERSON_ID", Type: "numeric(16,0)", As: "bigint", NotNull: true},
			{From: "TELEPHONE_NUMBER", Type: "varchar(32)"},
			{From: "TELEPHONE_NUMBER_TYPE", Type: "varchar(80)"},
		},
		Indexes: []string{"dm_telephone_numbers_by_person", "dm_telephone_numbers_by_digits"},
	}
}

// heartbeat is a table that is not Mosaic's own: its DBA makes it, with one row, and a job of SQL
// Server Agent writes SYSUTCDATETIME() to that every minute.
func heartbeat() mapping.Table {
	return mapping.Table{
		Owner: "dbo", From: "GATEWAY_HEARTBEAT", Name: "gateway_heartbeat",
		Key: []string{"id"}, Follows: true, Optional: true,
		Columns: []mapping.Column{
			{From: "ID", Type: "tinyint", NotNull: true},
			{From: "BEAT_AT", Type: "datetime2(3)"},
		},
	}
}
