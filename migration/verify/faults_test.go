package verify_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration/verify"
)

// A change is one of a value: what a column is set to, in rows where that is a change.
type change struct{ column, to, where string }

// faults are changes that must be found.
func faults() map[string]change {
	const always = "true"
	return map[string]change{
		"one character":            {"name", `overlay(name placing 'q' from 3 for 1)`, always},
		"one character less":       {"name", `left(name, -1)`, always},
		"the last of a large text": {"note", `left(note, -1) || 'Z'`, `note <> ''`},
		"case of a letter":         {"name", `upper(left(name, 1)) || upper(substr(name, 2))`, always},
		"an accent":                {"name", `replace(name, 'ä', 'a')`, always},
		"a blank after a varchar":  {"name", `name || ' '`, always},
		"a blank before a char":    {"code", `' ' || code`, always},
		"a ten-thousandth":         {"amount", `amount + 0.0001`, `amount IS NOT NULL`},
		"a ten-thousandth of money": {
			"paid", `paid - 0.0001`, always,
		},
		"a sign":              {"amount", `-amount`, `amount <> 0`},
		"nothing for blank":   {"note", `NULL`, `note = ''`},
		"blank for nothing":   {"note", `''`, `note IS NULL`},
		"zero for nothing":    {"amount", `0`, `amount IS NULL`},
		"false for nothing":   {"flag", `NULL`, `NOT flag`},
		"a flag":              {"flag", `NOT flag`, always},
		"a day":               {"day", `day + 1`, always},
		"a day of a moment":   {"seen", `seen - interval '1 day'`, always},
		"an hour":             {"seen", `seen + interval '1 hour'`, always},
		"a 300th of a second": {"seen", `seen + interval '3333 microseconds'`, always},
		"a millisecond":       {"made", `made + interval '1 ms'`, always},
		"100 ns":              {"exact", `left(exact, -1) || (right(exact, 1)::int + 1) % 10`, always},
		"a digit of a GUID": {
			"guid", `translate(left(guid, 1), '0123456789abcdef', '123456789abcdef0') || substr(guid, 2)`,
			always,
		},
		"a byte":                {"blob", `set_byte(blob, 5, (get_byte(blob, 5) + 1) % 256)`, always},
		"a byte less":           {"blob", `substr(blob, 2)`, always},
		"the last bit of float": {"ratio", `ratio * (1 + 2.3e-16)`, always},
		"a tab for a blank":     {"name", `replace(name, ' ', E'\t')`, always},
		"null's own letters":    {"note", `E'\\N'`, `note IS NULL`},
	}
}

// harmless are changes that say nothing.
func harmless() map[string]change {
	return map[string]change{
		"a blank after a char":      {"code", `code || ' '`, "true"},
		"case of a GUID":            {"guid", `upper(guid)`, "true"},
		"less than a 300th":         {"seen", `seen + interval '1 ms'`, "true"},
		"the microseconds of a 300": {"seen", `seen - interval '300 microseconds'`, "true"},
	}
}

// A vandal does harm to one table, and knows what it did.
type vandal struct {
	database *sqlx.DB
	table    string
	dice     *rand.Rand
	keys     map[int]string // by n
	used     map[int]bool
	pools    map[string][]int // rows that may be changed, by the condition
}

func newVandal(t *testing.T, database *sqlx.DB, table string, seed uint64) *vandal {
	t.Helper()
	return &vandal{
		database: database, table: table, dice: rand.New(rand.NewPCG(seed, 5)),
		keys: keysByRow(t, database, table), used: map[int]bool{}, pools: map[string][]int{},
	}
}

// row picks one that it has not touched.
func (v *vandal) row(t *testing.T, where string) int {
	t.Helper()
	if v.pools[where] == nil {
		query := fmt.Sprintf(`SELECT n FROM %s.%s WHERE %s ORDER BY n`, system, v.table, where)
		var pool []int
		if err := v.database.SelectContext(t.Context(), &pool, query); err != nil {
			t.Fatal(err)
		}
		v.pools[where] = pool
	}
	pool := v.pools[where]
	for range 10_000 {
		if n := pool[v.dice.IntN(len(pool))]; !v.used[n] {
			v.used[n] = true
			return n
		}
	}
	t.Fatalf("no row is left where %s", where)
	return 0
}

func (v *vandal) execute(t *testing.T, form string, args ...any) {
	t.Helper()
	dbtest.Execute(t, v.database, fmt.Sprintf(form, append([]any{here + "." + v.table}, args...)...))
}

// set changes a value of a row.
func (v *vandal) set(t *testing.T, c change) int {
	t.Helper()
	n := v.row(t, c.where)
	v.execute(t, `UPDATE %s SET %s = %s WHERE n = %d`, c.column, c.to, n)
	return n
}

// changed is what is to be found of a row of which a column was changed.
func (v *vandal) changed(n int, column string) []verify.Finding {
	if v.table == lines { // where it is another row
		return []verify.Finding{v.lost(n), v.extra(v.keys[n])}
	}
	return []verify.Finding{
		{Table: v.table, Kind: verify.RecordDiff, Key: v.keys[n], Columns: []string{column}},
	}
}

func (v *vandal) lost(n int) verify.Finding {
	return verify.Finding{Table: v.table, Kind: verify.MissingTarget, Key: v.keys[n]}
}

func (v *vandal) extra(key string) verify.Finding {
	return verify.Finding{Table: v.table, Kind: verify.MissingSource, Key: key}
}

// another is a key that no row has, as columns are set to it and as it is found.
func (v *vandal) another(n int) (string, string) {
	number := 1_000_000_000 + n
	if n%2 == 0 {
		number = -number
	}
	switch v.table {
	case numbers:
		return fmt.Sprintf(`"id": %d`, number), listOf(fmt.Sprint(number))
	case pairs:
		return fmt.Sprintf(`"line": %d`, 100+n), listOf(fmt.Sprint(n/3-5), fmt.Sprint(100+n))
	case texts: // of which some systems say that it is the same
		key := strings.Trim(v.keys[n], `["]`)
		other := strings.ToUpper(key)
		if other == key {
			other = strings.ToLower(key)
		}
		if other == key {
			other = key + " "
		}
		return fmt.Sprintf(`"ref": %q`, other), listOf(other)
	}
	return fmt.Sprintf(`"ref": "X%d"`, n), listOf(fmt.Sprintf("X%d", n), fmt.Sprint(n%5))
}

// harm does the harm of that name, and returns what is to be found.
func (v *vandal) harm(t *testing.T, name string) []verify.Finding {
	t.Helper()
	if c, isChange := faults()[name]; isChange {
		return v.changed(v.set(t, c), c.column)
	}
	n := v.row(t, "true")
	switch name {
	case "a lost row":
		v.execute(t, `DELETE FROM %s WHERE n = %d`, n)
		return []verify.Finding{v.lost(n)}
	case "an extra row":
		fields, key := v.another(n)
		v.execute(t, `INSERT INTO %s SELECT (jsonb_populate_record(s, '{%s, "n": null}')).*
			FROM `+system+`.`+v.table+` AS s WHERE n = %d`, fields, n)
		return []verify.Finding{v.extra(key)}
	case "another key":
		fields, key := v.another(n)
		v.execute(t, `WITH old AS (DELETE FROM %s WHERE n = %d)
			INSERT INTO `+here+`.`+v.table+` SELECT (jsonb_populate_record(s, '{%s}')).*
			FROM `+system+`.`+v.table+` AS s WHERE n = %[2]d`, n, fields)
		return []verify.Finding{v.lost(n), v.extra(key)}
	case "two values swapped":
		m := v.row(t, "true")
		v.execute(t, `UPDATE %s AS a SET name = b.name FROM `+system+`.`+v.table+` AS b
			WHERE a.n + b.n = %d AND a.n IN (%d, %d)`, n+m, n, m)
		return append(v.changed(n, "name"), v.changed(m, "name")...)
	case "a row twice": // of a table that lets it stand
		if v.table != lines {
			return v.harm(t, "a lost row")
		}
		v.execute(t, `INSERT INTO %s SELECT (s).* FROM `+system+`.`+v.table+` AS s WHERE n = %d`, n)
		return []verify.Finding{v.extra(v.keys[n])}
	}
	t.Fatalf("no such harm: %s", name)
	return nil
}

// harms are the names of all there are.
func harms() []string {
	all := []string{
		"a lost row", "an extra row", "another key", "two values swapped", "a row twice",
	}
	for name := range faults() {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func TestOneFaultAtATime(t *testing.T) {
	t.Parallel()
	for _, table := range tables() {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			database := newSides(t, 40)
			v := newVandal(t, database, table, 1)
			all := harms()
			check(t, "before", new(run(t, options(database, table))), nil)
			for i := range dbtest.Rounds(len(all), 250) {
				name := all[i%len(all)]
				clear(v.used)
				want := v.harm(t, name)
				check(t, fmt.Sprintf("%d: %s", i, name), new(run(t, options(database, table))), want)
				v.execute(t, `DELETE FROM %s; INSERT INTO %[1]s TABLE `+system+`.`+table)
				if t.Failed() {
					return
				}
			}
		})
	}
}

func TestAllFaultsTogether(t *testing.T) {
	t.Parallel()
	database := newSides(t, 1000)
	all := harms()
	var want []verify.Finding
	for i, table := range tables() {
		v := newVandal(t, database, table, uint64(i))
		for i := range 250 {
			want = append(want, v.harm(t, all[i%len(all)])...)
		}
		for range 10 {
			for _, c := range harmless() {
				v.set(t, c)
			}
		}
	}
	o := options(database)
	o.RangeRows = 100
	o.MostFindings = 10_000
	report := run(t, o)
	check(t, "together", &report, want)
	var kept int
	if err := database.GetContext(t.Context(), &kept, `SELECT count(*) FROM gateway.proof_finding
		WHERE proof = $1 AND (kind = 'RECORD_DIFF') = (columns IS NOT NULL)`, report.ID); err != nil {
		t.Fatal(err)
	}
	if kept != len(want) {
		t.Errorf("got %d findings kept, want %d", kept, len(want))
	}
}

func TestHarmless(t *testing.T) {
	t.Parallel()
	for name, c := range harmless() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := newSides(t, 40)
			for _, table := range tables() {
				v := newVandal(t, database, table, 1)
				for range 10 {
					v.set(t, c)
				}
				var changed int // which it is, or this test says nothing
				if err := database.GetContext(t.Context(), &changed, fmt.Sprintf(`SELECT count(*)
					FROM %s.%s AS a JOIN %s.%[2]s AS b USING (n) WHERE a.%[4]s <> b.%[4]s`, system, table,
					here, c.column)); err != nil || changed != 10 {
					t.Fatalf("%s: %d rows were changed, %v", table, changed, err)
				}
			}
			check(t, name, new(run(t, options(database))), nil)
			// And what is not harmless is found among it.
			v := newVandal(t, database, numbers, 1)
			want := v.changed(v.set(t, faults()["a flag"]), "flag")
			check(t, name, new(run(t, options(database))), want)
		})
	}
}
