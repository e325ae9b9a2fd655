package dms_test

import (
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/migration/dms"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// madeUp is the description of a system with all that there may be: two databases, tables that are
// followed and that are not, every type, names that change, a large column, a table without a key.
func madeUp() *mapping.Mapping {
	return &mapping.Mapping{
		Source: "PARKING", Title: "Parking",
		FreshFor: time.Hour, Current: "it is loaded hourly",
		Tables: []mapping.Table{permits(), types(), letters(), zones()},
	}
}

func permits() mapping.Table {
	return mapping.Table{
		Database: "Park_Live", Owner: "dbo", From: "PERMIT", Name: "permit",
		Key: []string{"id", "issued"}, Follows: true,
		Columns: []mapping.Column{
			{From: "PERMIT_ID", Name: "id", Type: "numeric(16,0)", As: "bigint", NotNull: true},
			{From: "ISSUED", Type: "datetime", NotNull: true},
			{From: "CHANGED", Type: "datetime"},
		},
		Never: map[string]string{"DISABILITY": "special category data"},
	}
}

func types() mapping.Table {
	t := mapping.Table{
		Database: "Park_Live", Owner: "ref", From: "kinds", Name: "kinds", Key: []string{"c_int"},
		Never: map[string]string{"note": "free text"},
	}
	for name, words := range map[string]string{
		"c_bit": "bit", "c_tinyint": "tinyint", "c_bigint": "bigint", "c_decimal": "decimal(9,2)",
		"c_money": "money", "c_float": "float", "c_real": "real", "c_date": "date",
		"c_datetime": "datetime", "c_smalldatetime": "smalldatetime", "c_datetime2": "datetime2(7)",
		"c_char": "char(3)", "c_nchar": "nchar(3)", "c_varchar": "varchar(30)",
		"c_nvarchar": "nvarchar(30)", "c_binary": "binary(8)", "c_varbinary": "varbinary(8)",
		"c_guid": "uniqueidentifier", "c_version": "rowversion",
	} {
		t.Columns = append(t.Columns, mapping.Column{From: name, Type: words})
	}
	t.Columns = append(t.Columns, mapping.Column{From: "c_int", Type: "int", NotNull: true})
	return t
}

func letters() mapping.Table {
	return mapping.Table{
		Database: "archive", Owner: "dbo", From: "CCLetter", Name: "CCLetter",
		Key: []string{"LetterID"}, Follows: true,
		Columns: []mapping.Column{
			{From: "LetterID", Name: "LetterID", Type: "int", NotNull: true},
			{From: "Body", Name: "Body", Type: "nvarchar(max)", Limit: 100_000},
			{From: "Scan", Name: "Scan", Type: "image", Limit: 2_000_001},
		},
		Never: map[string]string{"Author": "it is of no use"},
	}
}

func zones() mapping.Table {
	return mapping.Table{
		Database: "archive", Owner: "dbo", From: "zone", Name: "zone", Rows: []string{"code"},
		Columns: []mapping.Column{
			{From: "code", Type: "char(4)"}, {From: "since", Type: "datetime"},
		},
	}
}

// tasksOf returns the tasks of a description, by their identifiers.
func tasksOf(t *testing.T, m *mapping.Mapping) map[string]dms.Task {
	t.Helper()
	tasks, err := dms.Tasks(m)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]dms.Task{}
	for i := range tasks {
		all[tasks[i].Identifier] = tasks[i]
	}
	if len(all) != len(tasks) {
		t.Fatalf("got %d identifiers of %d tasks", len(all), len(tasks))
	}
	return all
}
