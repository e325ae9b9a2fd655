package target_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration/target"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

func check(t *testing.T, database *sqlx.DB, m *mapping.Mapping, schema string) []string {
	t.Helper()
	faults, err := target.Check(t.Context(), database, m, schema)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, fault := range faults {
		told = append(told, fault.String())
	}
	return told
}

// The tables of each source are what it describes, so that none of its queries can read anything
// else, and each index that they have is one of those that are described.
func TestCheckSources(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t)
	described := 0
	for _, p := range catalogue.Sources() {
		m := p.Mapping
		if m == nil {
			continue
		}
		described++
		for _, fault := range check(t, database, m, m.Schema()) {
			t.Errorf("%s: %s", m.Source, fault)
		}
		for i := range m.Tables {
			table := &m.Tables[i]
			const others = `
				SELECT c.relname
				FROM   pg_index i
				JOIN   pg_class c ON c.oid = i.indexrelid
				WHERE  i.indrelid = ($1 || '.' || quote_ident($2))::regclass AND NOT i.indisunique
				ORDER  BY c.relname`
			var got []string
			err := database.SelectContext(t.Context(), &got, others, m.Schema(), table.Name)
			if err != nil {
				t.Fatal(err)
			}
			if want := slices.Sorted(slices.Values(table.Indexes)); !slices.Equal(got, want) {
				t.Errorf("%s.%s: got the indexes %q, and %q are described", m.Schema(), table.Name,
					got, want)
			}
		}
	}
	if described < 3 {
		t.Errorf("got %d sources that are described: the test looks in the wrong place", described)
	}
}

func permits() *mapping.Mapping {
	return &mapping.Mapping{
		Source: "PARKING", Title: "Parking", FreshFor: time.Hour, Current: "it is loaded each hour",
		Tables: []mapping.Table{{
			Owner: "dbo", From: "PERMIT", Name: "permit", Key: []string{"zone", "permit_no"},
			Columns: []mapping.Column{
				{From: "PERMIT_NO", Type: "int", NotNull: true},
				{From: "ZONE", Type: "char(3)", NotNull: true},
				{From: "HOLDER", Type: "varchar(30)"},
			},
			Indexes: []string{"permit_by_holder"},
		}},
	}
}

const permitTable = `
	CREATE SCHEMA parking;
	CREATE TABLE parking.permit (
		permit_no integer,
		zone      char(3),
		holder    varchar(30),
		PRIMARY KEY (permit_no, zone)
	);
	CREATE INDEX permit_by_holder ON parking.permit (holder);`

func TestCheck(t *testing.T) {
	t.Parallel()
	const noKey = "table permit: no valid unique index has the key (zone, permit_no)"
	tests := map[string]struct {
		spoil string
		want  []string
	}{
		"nothing": {"", nil},
		"more than is needed": {`CREATE INDEX also ON parking.permit (holder, zone);
			CREATE UNIQUE INDEX once ON parking.permit (lower(holder));
			CREATE SEQUENCE parking.number`, nil},
		"the key by an index alone": {`ALTER TABLE parking.permit DROP CONSTRAINT permit_pkey;
			ALTER TABLE parking.permit ALTER zone DROP NOT NULL;
			CREATE UNIQUE INDEX k ON parking.permit (zone, permit_no) INCLUDE (holder)`, nil},
		"no schema": {`DROP SCHEMA parking CASCADE`, []string{"table permit: it is not there"}},
		"no table":  {`DROP TABLE parking.permit`, []string{"table permit: it is not there"}},
		"another table": {`CREATE TABLE parking.note (text text)`, []string{
			"table note: it is not described, and can be read",
		}},
		"a view": {`CREATE VIEW parking.holder AS SELECT holder FROM parking.permit`, []string{
			"table holder: it is not described, and can be read",
		}},
		"a view in its place": {`ALTER TABLE parking.permit SET SCHEMA public;
			CREATE VIEW parking.permit AS SELECT * FROM public.permit`, []string{
			"table permit: it is no ordinary table", noKey,
			"table permit: the index permit_by_holder is not there",
		}},
		"not logged": {`ALTER TABLE parking.permit SET UNLOGGED`, []string{
			"table permit: it is not logged: a crash would empty it",
		}},
		"row security": {`ALTER TABLE parking.permit ENABLE ROW LEVEL SECURITY`, []string{
			"table permit: it has row security, which may hide rows",
		}},
		"no column": {`ALTER TABLE parking.permit DROP holder`, []string{
			"table permit: the index permit_by_holder is not there",
			"table permit, column holder: it is not there",
		}},
		"another type": {`ALTER TABLE parking.permit ALTER permit_no TYPE bigint`, []string{
			"table permit, column permit_no: it is bigint, and integer is described",
		}},
		"another length": {`ALTER TABLE parking.permit ALTER holder TYPE varchar(29)`, []string{
			"table permit, column holder: it is character varying(29), and character varying(30) is" +
				" described",
		}},
		"must have a value": {`ALTER TABLE parking.permit ALTER holder SET NOT NULL`, []string{
			"table permit, column holder: it must have a value here, and may be without one on the" +
				" system",
		}},
		"generated": {`ALTER TABLE parking.permit DROP holder;
			ALTER TABLE parking.permit ADD holder varchar(30) GENERATED ALWAYS AS (zone) STORED;
			CREATE INDEX permit_by_holder ON parking.permit (holder)`, []string{
			"table permit, column holder: it is generated here, so that nothing can be loaded into it",
		}},
		"numbered here": {`ALTER TABLE parking.permit
			ALTER permit_no ADD GENERATED ALWAYS AS IDENTITY`, []string{
			"table permit, column permit_no: it is generated here, so that nothing can be loaded" +
				" into it",
		}},
		"another column": {`ALTER TABLE parking.permit ADD health text`, []string{
			"table permit, column health: it is not described, and can be read",
		}},
		"a column in another letter case": {
			`ALTER TABLE parking.permit RENAME holder TO "Holder"`, []string{
				"table permit, column Holder: it is not described, and can be read",
				"table permit, column holder: it is not there",
			},
		},
		"no key": {`ALTER TABLE parking.permit DROP CONSTRAINT permit_pkey`, []string{noKey}},
		"less than the key": {`ALTER TABLE parking.permit DROP CONSTRAINT permit_pkey;
			CREATE UNIQUE INDEX k ON parking.permit (permit_no)`, []string{noKey}},
		"more than the key": {`ALTER TABLE parking.permit DROP CONSTRAINT permit_pkey;
			CREATE UNIQUE INDEX k ON parking.permit (permit_no, zone, holder)`, []string{noKey}},
		"the key of some rows": {`ALTER TABLE parking.permit DROP CONSTRAINT permit_pkey;
			CREATE UNIQUE INDEX k ON parking.permit (permit_no, zone) WHERE holder <> ''`,
			[]string{noKey}},
		"the key in another form": {`ALTER TABLE parking.permit DROP CONSTRAINT permit_pkey;
			CREATE UNIQUE INDEX k ON parking.permit (permit_no, lower(zone))`, []string{noKey}},
		"the key, not unique": {`ALTER TABLE parking.permit DROP CONSTRAINT permit_pkey;
			CREATE INDEX k ON parking.permit (permit_no, zone)`, []string{noKey}},
		"the key, in the end": {`ALTER TABLE parking.permit DROP CONSTRAINT permit_pkey;
			ALTER TABLE parking.permit ADD UNIQUE (permit_no, zone) DEFERRABLE`, []string{noKey}},
		"the key, not valid": {`UPDATE pg_index SET indisvalid = false
			WHERE indexrelid = 'parking.permit_pkey'::regclass`, []string{noKey}},
		"no index": {`DROP INDEX parking.permit_by_holder`, []string{
			"table permit: the index permit_by_holder is not there",
		}},
		"an index of another table": {`DROP INDEX parking.permit_by_holder;
			CREATE TABLE parking.note (text text);
			CREATE INDEX permit_by_holder ON parking.note (text)`, []string{
			"table note: it is not described, and can be read",
			"table permit: the index permit_by_holder is not there",
		}},
		"an index, not valid": {`UPDATE pg_index SET indisvalid = false
			WHERE indexrelid = 'parking.permit_by_holder'::regclass`, []string{
			"table permit: the index permit_by_holder is not valid: it was not built to its end",
		}},
		"a foreign key": {`CREATE TABLE public.zone (code char(3) PRIMARY KEY);
			ALTER TABLE parking.permit ADD CONSTRAINT in_zone FOREIGN KEY (zone) REFERENCES public.zone`,
			[]string{"table permit: it has the foreign key in_zone, and rows arrive in any order"}},
		"a foreign key of another's": {`CREATE TABLE public.fine (number integer, zone char(3),
			CONSTRAINT of_permit FOREIGN KEY (number, zone) REFERENCES parking.permit)`, []string{
			"table permit: the foreign key of_permit refers to it, and rows arrive in any order",
		}},
		"a trigger": {`CREATE TRIGGER never BEFORE UPDATE ON parking.permit
			FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`, []string{
			"table permit: it has the trigger never, which may change what is written",
		}},
		"a trigger that is off": {`CREATE TRIGGER never BEFORE UPDATE ON parking.permit
			FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
			ALTER TABLE parking.permit DISABLE TRIGGER never`, []string{
			"table permit: it has the trigger never, which may change what is written",
		}},
		"a rule": {`CREATE RULE quiet AS ON DELETE TO parking.permit DO INSTEAD NOTHING`, []string{
			"table permit: it has the rule quiet, which may change what is written",
		}},
	}
	open := postgres.Template(t, "parking", func(ctx context.Context, database *sqlx.DB) error {
		_, err := database.ExecContext(ctx, permitTable)
		return err
	})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := open(t)
			if _, err := database.ExecContext(t.Context(), tt.spoil); err != nil {
				t.Fatal(err)
			}
			if got := check(t, database, permits(), "parking"); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// Several tables that are wrong are told in order, and the same each time.
func TestCheckIsInOrder(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t)
	if _, err := database.ExecContext(t.Context(), `
		ALTER TABLE mosaic.dm_persons ADD religion varchar(80), DROP full_name;
		ALTER TABLE mosaic.dm_addresses ADD access_notes text;
		CREATE TABLE mosaic.case_notes (note text)`); err != nil {
		t.Fatal(err)
	}
	for _, p := range catalogue.Sources() {
		if p.Name != "MOSAIC" {
			continue
		}
		want := []string{
			"table case_notes: it is not described, and can be read",
			"table dm_addresses, column access_notes: it is not described, and can be read",
			"table dm_persons: the index dm_persons_by_name is not there",
			"table dm_persons, column full_name: it is not there",
			"table dm_persons, column religion: it is not described, and can be read",
		}
		if got := check(t, database, p.Mapping, "mosaic"); !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestCheckFails(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	faults, err := target.Check(ctx, database, permits(), "parking")
	if err == nil || !strings.Contains(err.Error(), "target: schema parking: ") || faults != nil {
		t.Errorf("got %v and %v, want an error alone", faults, err)
	}
}

// What the mapping says that a type becomes here is what PostgreSQL calls it, or no table could be
// what is described.
func TestTypesAreWordsOfPostgreSQL(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t)
	targets := map[string]bool{"uuid": true, "numeric": true, "text": true}
	for _, words := range []string{
		"tinyint", "smallint", "int", "bigint", "bit", "real", "float", "date", "numeric",
		"numeric(38,38)", "decimal(38,0)", "numeric(9,2)", "money", "smallmoney", "datetime",
		"smalldatetime", "datetime2(0)", "datetime2(6)", "datetime2(7)", "uniqueidentifier",
		"varchar(8000)", "varchar", "nvarchar(4000)", "varchar(max)", "text", "xml", "char(8000)",
		"nchar(10)", "binary(8000)", "varbinary(max)", "image", "rowversion",
	} {
		parsed, err := mapping.ParseType(words)
		if err != nil {
			t.Fatal(err)
		}
		targets[parsed.Target()] = true
	}
	for _, name := range slices.Sorted(maps.Keys(targets)) {
		table := fmt.Sprintf("t%d", len(name))
		create := fmt.Sprintf(`DROP TABLE IF EXISTS %s; CREATE TABLE %[1]s (c %s)`, table, name)
		if _, err := database.ExecContext(t.Context(), create); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		const typeOf = `SELECT format_type(atttypid, atttypmod) FROM pg_attribute
			WHERE attrelid = $1::regclass AND attname = 'c'`
		var got string
		if err := database.GetContext(t.Context(), &got, typeOf, table); err != nil {
			t.Fatal(err)
		}
		if got != name {
			t.Errorf("%s is %s in PostgreSQL", name, got)
		}
	}
}
