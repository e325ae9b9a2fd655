package load_test

import (
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/migration/pgreader"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// TestRunOfKeysThatAreNone loads a table by a key that the system does not hold its rows to: all
// rows come, however they fall into ranges, or the load fails.
func TestRunOfKeysThatAreNone(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rows string
		want int // 0 for an error
	}{
		"without a value": {`SELECT nullif(n, 4), n FROM generate_series(1, 7) AS n
			UNION ALL SELECT NULL, n FROM generate_series(11, 17) AS n`, 14},
		"twice": {`SELECT least(n, 4), n FROM generate_series(1, 5) AS n`, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			persons := p.Mapping.Table("dm_persons")
			persons.Follows = false
			p.db.MustExec(`
				ALTER TABLE mosaic.dm_persons DROP CONSTRAINT dm_persons_pkey;
				ALTER TABLE mosaic.dm_persons ALTER person_id DROP NOT NULL;
				CREATE UNIQUE INDEX persons01 ON mosaic.dm_persons (person_id);
				CREATE SCHEMA landed;
				CREATE TABLE landed.dm_persons (LIKE mosaic.dm_persons);
				INSERT INTO landed.dm_persons (person_id, nhs_id) ` + tt.rows)
			o := p.options()
			o.Reader, o.Feed = pgreader.New(p.db, "landed", "landing"), nil
			o.Tables, o.RangeRows = []*mapping.Table{persons}, 4
			_, err := load.Run(t.Context(), o)
			var got int
			get(t, p.db, &got, `SELECT count(*) FROM mosaic.dm_persons`)
			if got != tt.want || (err == nil) != (tt.want > 0) {
				t.Errorf("got %d rows and %v, want %d", got, err, tt.want)
			}
		})
	}
}
