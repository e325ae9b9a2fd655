package engine_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/engine"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
	"github.com/LBHackney-IT/resident-gateway/source/sourcetest"
)

// A source of two kinds that differ in all that kinds can differ in: tenants have a key of one
// column, say who is restricted, and have phones; leaseholders have a key of two, do not say, and
// have emails.
const fifthTables = `-- +goose Up
CREATE TABLE fifth.tenant (
	id bigint PRIMARY KEY, first_name text, last_name text, born timestamp, restricted text,
	phone text, is_secret boolean, address text, postcode text, uprn bigint);
CREATE TABLE fifth.leaseholder (
	block text, flat integer, first_name text, last_name text, email text, until date,
	PRIMARY KEY (block, flat));`

func fifthSchema() db.Schema {
	return db.Schema{Name: "fifth", Files: fstest.MapFS{
		"00001_tables.sql": {Data: []byte(fifthTables)},
	}}
}

const fifthRows = `
	INSERT INTO gateway.load VALUES ('fifth', now(), 'sample');
	INSERT INTO fifth.tenant
	SELECT n, (ARRAY['Ada', 'Grace', NULL, 'Seán'])[1 + n % 4],
	       (ARRAY['Okafor', 'O''Brien', 'de la Cruz', NULL, 'Li'])[1 + n % 5],
	       CASE n % 6 WHEN 0 THEN '1900-01-01' WHEN 1 THEN NULL ELSE '1970-05-04'::date + n END,
	       (ARRAY['N', 'N', 'N', 'Y', NULL])[1 + n % 5],
	       CASE WHEN n % 3 > 0 THEN '020 7946 ' || lpad((n / 2)::text, 4, '0') END, n % 7 = 0,
	       n || ' Mare Street,  Hackney', 'E8 ' || n % 9 || 'AA', 100000 + n
	FROM   generate_series(1, 250) AS n;
	INSERT INTO fifth.leaseholder
	SELECT 'B/' || n % 20, n, 'Mary', (ARRAY['Okafor', 'Ali', NULL])[1 + n % 3],
	       'mary' || n / 2 || '@example.com', CASE WHEN n % 4 = 0 THEN '2026-03-13'::date END
	FROM   generate_series(1, 150) AS n;`

type fifthRow struct {
	engine.Row

	Number    int64      `db:"number"` // of a tenant, or of a flat
	Block     *string    `db:"block"`  // nil of a tenant
	FirstName *string    `db:"first_name"`
	LastName  *string    `db:"last_name"`
	Born      *time.Time `db:"born"`
	Phone     *string    `db:"phone"`
	IsSecret  *bool      `db:"is_secret"`
	Address   *string    `db:"address"`
	Postcode  *string    `db:"postcode"`
	UPRN      *string    `db:"uprn"`

	Emails engine.List[struct {
		Address *string `json:"a"`
		Current bool    `json:"c"`
	}] `db:"emails"`
}

func fifth() *engine.Declaration[fifthRow] {
	addresses := source.Wanted{Contacts: resident.Addresses}
	phones := source.Wanted{Contacts: resident.Phones}
	columns := func(alias string, ofTenant func(string) string) []engine.Column {
		return []engine.Column{
			{Name: "first_name", SQL: alias + ".first_name", For: source.WantFacts(resident.FactFirstName)},
			{Name: "last_name", SQL: alias + ".last_name", For: source.WantFacts(resident.FactLastName)},
			{Name: "born", SQL: ofTenant("born"), For: source.WantFacts(resident.FactDateOfBirth)},
			{Name: "phone", SQL: ofTenant("phone"), For: phones},
			{Name: "is_secret", SQL: ofTenant("is_secret"), For: phones},
			{Name: "address", SQL: ofTenant("address"), For: addresses},
			{Name: "postcode", SQL: ofTenant("postcode"), For: addresses},
			{Name: "uprn", SQL: ofTenant("uprn"), For: addresses.And(source.WantFacts(resident.FactUPRN))},
		}
	}
	filters := func(alias string) map[resident.FilterField]engine.Filter {
		return map[resident.FilterField]engine.Filter{
			resident.FilterFirstName: engine.Contains("gateway.name_form(" + alias + ".first_name)"),
			resident.FilterLastName:  engine.Contains("gateway.name_form(" + alias + ".last_name)"),
		}
	}
	nameKey := func(alias string) string {
		return `gateway.name_key(` + alias + `.last_name, ` + alias + `.first_name, NULL) COLLATE "C"`
	}
	tenant := engine.Kind{
		From: "fifth.tenant t", NameKey: nameKey("t"), Unrestricted: "t.restricted = 'N'",
		Key: []engine.Key{{Name: "number", SQL: "t.id", Type: "bigint"}},
		Parse: func(sourceID string) ([]string, bool) {
			number, isTenant := strings.CutPrefix(sourceID, "t-")
			values, ok := engine.ParseNumber(number)
			return values, ok && isTenant
		},
		Columns: columns("t", func(column string) string { return "t." + column }),
		Filters: filters("t"),
	}
	inPhones := "t.id IN (SELECT x.id FROM fifth.tenant x WHERE {match}"
	tenant.Filters[resident.FilterPhone] = engine.Contains("gateway.digits(x.phone)").
		In(&engine.Related{
			In: inPhones + ")", Disclosed: inPhones + " AND x.is_secret IS NOT TRUE)",
			Needs: resident.Leave{ExDirectory: true},
		})
	tenant.Filters[resident.FilterDateOfBirth] = engine.OnDay("t.born")
	tenant.Filters[resident.FilterPostcode] = engine.Postcode("t.postcode")
	tenant.Filters[resident.FilterAddress] = engine.Contains("gateway.address_form(t.address)")
	tenant.Filters[resident.FilterUPRN] = engine.Where("t.uprn = {value}", "bigint")

	leaseholder := engine.Kind{
		From: "fifth.leaseholder l", NameKey: nameKey("l"),
		Key: []engine.Key{
			{Name: "number", SQL: "l.flat", Type: "integer"},
			{Name: "block", SQL: `l.block COLLATE "C"`, Type: "text"},
		},
		Parse: func(sourceID string) ([]string, bool) {
			rest, isLeaseholder := strings.CutPrefix(sourceID, "l-")
			written, number, _ := strings.Cut(rest, "-")
			block, isText := engine.UnescapeReference(written)
			flat, err := strconv.ParseInt(number, 10, 32)
			return []string{number, block}, isLeaseholder && isText && err == nil &&
				leaseholderID(block, flat) == sourceID
		},
		Columns: columns("l", func(string) string { return "NULL" }),
		Details: []engine.Detail{{
			Name: "emails", For: source.Wanted{Contacts: resident.Emails}, SQL: engine.Always(`(
				SELECT json_agg(json_build_object('a', e.email, 'c', coalesce(e.until >= {today}, true)))
				FROM   fifth.leaseholder e WHERE e.block = p.block AND e.flat = p.number)`),
		}},
		Filters: filters("l"),
	}
	leaseholder.Filters[resident.FilterEmail] = engine.Where(
		"gateway.email_form(e.email) = {value}", "text").In(&engine.Related{
		In:    "(l.block, l.flat) IN (SELECT e.block, e.flat FROM fifth.leaseholder e WHERE {match})",
		InUse: "coalesce(e.until >= {today}, true)",
	})
	return &engine.Declaration[fifthRow]{
		Mapping:     &mapping.Mapping{Source: "FIFTH", Title: "Fifth"},
		Description: "Some.", Tables: []string{"tenant", "leaseholder"},
		Kinds: []engine.Kind{tenant, leaseholder}, Read: readFifth,
	}
}

func leaseholderID(block string, flat int64) string {
	return fmt.Sprintf("l-%s-%d", engine.EscapeReference(block), flat)
}

func readFifth(
	row *fifthRow, _ *source.Wanted,
) (*resident.Resident, []*resident.ContactDetail) {
	r := &resident.Resident{
		FirstName: source.Fact(row.FirstName), LastName: source.Fact(row.LastName),
		DateOfBirth: engine.Day(row.Born),
	}
	var details []*resident.ContactDetail
	if row.Kind == 0 {
		r.SourceID = "t-" + strconv.FormatInt(row.Number, 10)
		phone := engine.PhoneDetail("1", row.Phone, nil, resident.HomeUse)
		if phone != nil {
			phone.ExDirectory = row.IsSecret != nil && *row.IsSecret
		}
		details = append(details, phone)
		if row.UPRN != nil {
			address := engine.AddressDetail("1", row.Postcode, row.UPRN, row.Address)
			address.Current, address.Preferred = true, true
			details = append(details, address)
		}
		return r, details
	}
	r.SourceID = leaseholderID(*row.Block, row.Number)
	for i, email := range row.Emails {
		d := engine.EmailDetail("email:"+strconv.Itoa(i), email.Address, nil)
		if d != nil {
			d.Current = email.Current
		}
		details = append(details, d)
	}
	return r, details
}

func today() time.Time { return time.Date(2026, time.March, 14, 12, 0, 0, 0, time.UTC) }

func openFifth(database *sqlx.DB) *engine.Source { return engine.New(database, today, fifth()) }

// The engine keeps to what a source keeps to, for kinds of every shape in one list.
func TestConformance(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, sourcetest.Harness{
		Open:          openSubject,
		OpenNotLoaded: func(t *testing.T) sourcetest.Source { return openFifth(postgres.Scratch(t)) },
		NoSuchIDs: []string{
			"", "31", "t-", "t-0", "t-01", "t-9999999", "t-x", "l-", "l-B~2f~1", "l-B/1-21", "l-B~2f~1-22",
			"l-B~2f~1-021", "l-B~2f~1-99999999999999999999", "l-~zz~-1", "x-1", "\x00",
		},
	})
}

func openSubject(t *testing.T) sourcetest.Subject {
	t.Helper()
	database := postgres.Scratch(t)
	do := func(t testing.TB, statement string, args ...any) {
		t.Helper()
		if _, err := database.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	do(t, fifthRows)
	added := 0
	return sourcetest.Subject{
		Source: openFifth(database),
		Remove: func(t testing.TB, sourceIDs []string) {
			t.Helper()
			do(t, `DELETE FROM fifth.tenant WHERE 't-' || id = ANY ($1)`, pq.Array(sourceIDs))
			do(t, `DELETE FROM fifth.leaseholder
				WHERE 'l-' || replace(block, '/', '~2f~') || '-' || flat = ANY ($1)`, pq.Array(sourceIDs))
		},
		Add: func(t testing.TB, n int) {
			t.Helper()
			for range n {
				added++
				last := fmt.Sprintf("%c%c", 'a'+rune(added*7%26), 'a'+rune(added*11%26))
				do(t, `INSERT INTO fifth.tenant (id, last_name) VALUES (1000 + $1, $2)`, added, last)
				do(t, `INSERT INTO fifth.leaseholder VALUES ('A', $1, 'Come', $2)`, added*7919%2003, last)
			}
		},
	}
}

// A caller without permission is not even read what locates a resident who may be restricted, and
// finds nobody by it among those of whom the source does not say.
func TestReadsWhatMayBeKnown(t *testing.T) {
	t.Parallel()
	s := openFifth(postgres.Template(t, "fifth", func(ctx context.Context, d *sqlx.DB) error {
		_, err := d.ExecContext(ctx, fifthRows)
		return err
	})(t))
	statement := func(query source.Query) string {
		query.Order, query.Limit = source.ByID, 10
		text, _, err := s.PageStatement(&query)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(text), " ")
	}
	wanted := source.Everything()
	if text := statement(source.Query{Wanted: wanted}); strings.Contains(text, "CASE WHEN t.") {
		t.Errorf("with permission: got %s", text)
	}
	wanted.Leave = resident.Leave{}
	text := statement(source.Query{Wanted: wanted})
	for _, part := range []string{
		"(t.restricted = 'N') IS TRUE AS is_unrestricted", "false AS is_unrestricted",
		"CASE WHEN t.restricted = 'N' THEN t.phone END AS phone",
		"CASE WHEN t.restricted = 'N' THEN t.address END AS address",
		"CASE WHEN t.restricted = 'N' THEN t.uprn END AS uprn", ", NULL AS phone",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("without permission: there is no %s in %s", part, text)
		}
	}
	if strings.Contains(text, "fifth.leaseholder e") {
		t.Errorf("without permission, emails are read of those who may be restricted: %s", text)
	}
	text = statement(source.Query{
		Filter: resident.Filter{Email: "mary1@example.com", LastName: "ali"},
	})
	if strings.Contains(text, "email") || strings.Count(text, "AND false") != 2 {
		t.Errorf("without permission: got %s", text)
	}
}
