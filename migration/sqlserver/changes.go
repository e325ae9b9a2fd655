package sqlserver

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/migration/rows"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

var _ migration.Feed = (*Reader)(nil)

// What a batch of changes holds at most.
const mostChanges = 10_000

// versions are those of the database and of the oldest change of a table that is kept; null where
// changes are not tracked.
func (r *Reader) versions(
	ctx context.Context, db *sql.DB, t *mapping.Table,
) (now, oldest int64, _ error) {
	var n, o sql.NullInt64
	query := "SELECT CHANGE_TRACKING_CURRENT_VERSION(), " +
		"CHANGE_TRACKING_MIN_VALID_VERSION(OBJECT_ID(N'" +
		strings.ReplaceAll(object(t), "'", "''") + "'))"
	if err := db.QueryRowContext(ctx, query).Scan(&n, &o); err != nil {
		return 0, 0, failed(ctx, "version of "+t.From, err)
	}
	if !n.Valid || !o.Valid {
		return 0, 0, fmt.Errorf("sqlserver: %s: %w", t.From, migration.ErrNotTracked)
	}
	return n.Int64, o.Int64, nil
}

// Version is that of the database, which counts the transactions that changed what is tracked.
func (r *Reader) Version(ctx context.Context, t *mapping.Table) (string, error) {
	db, err := r.database(t.Database)
	if err != nil {
		return "", err
	}
	now, _, err := r.versions(ctx, db, t)
	if err != nil {
		return "", err
	}
	return strconv.FormatInt(now, 10), nil
}

// Changes reads them by Change Tracking, which tells the keys of rows that have changed; what the
// rows are now is read with them. A row that was changed again meanwhile is left for the next time.
func (r *Reader) Changes(
	ctx context.Context, t *mapping.Table, after string, each func(*migration.Changes) error,
) error {
	db, err := r.database(t.Database)
	if err != nil {
		return err
	}
	from, err := strconv.ParseInt(after, 10, 64)
	if err != nil {
		return fmt.Errorf("sqlserver: changes of %s: a version that is no number", t.From)
	}
	to, oldest, err := r.versions(ctx, db, t)
	// A system that was put back from a backup, or whose tracking was turned off and on again, counts
	// from less than it did: what became of the rows since then it cannot tell.
	if err == nil && (from < oldest || from > to) {
		err = fmt.Errorf("sqlserver: %s: %w", t.From, migration.ErrExpired)
	}
	if err != nil || from == to {
		return err
	}
	c := &changes{canon: canon.Of(t), key: len(t.Key), each: each}
	c.batch.Version = after
	err = rows.Each(ctx, db, changesOf(t), []any{from, to}, c.add)
	if err == nil {
		c.batch.Version = strconv.FormatInt(to, 10)
		err = c.each(&c.batch) // though it may be empty: the version has changed
	}
	if err != nil {
		return failed(ctx, "changes of "+t.From, err)
	}
	// Changes may have been cleaned up while they were read.
	_, oldest, err = r.versions(ctx, db, t)
	if err == nil && from < oldest {
		err = fmt.Errorf("sqlserver: %s: %w", t.From, migration.ErrExpired)
	}
	return err
}

// changesOf is the statement that reads the changes of a table between two versions: what was done,
// the key, and the row, which has no key where it is gone.
func changesOf(t *mapping.Table) string {
	key := keyColumns(t)
	same := make([]string, len(key))
	for i, c := range key {
		same[i] = "t." + quote(c.From) + " = ct." + quote(c.From)
	}
	return "SELECT ct.SYS_CHANGE_OPERATION, " + strings.Join(columns(key, "ct."), ", ") + ", " +
		strings.Join(columns(t.Ordered(), "t."), ", ") +
		" FROM CHANGETABLE(CHANGES " + object(t) + ", @p1) AS ct LEFT OUTER JOIN " + object(t) +
		" AS t ON " + strings.Join(same, " AND ") + " WHERE ct.SYS_CHANGE_VERSION <= @p2"
}

// changes puts rows of changesOf into batches.
type changes struct {
	canon *canon.Table
	key   int
	each  func(*migration.Changes) error
	batch migration.Changes
}

func (c *changes) add(values []driver.Value) error {
	row := values[1+c.key:]
	if values[0] == "D" || row[0] == nil {
		key, err := appendRow(nil, c.canon, values[1:1+c.key])
		if err != nil {
			return err
		}
		c.batch.Deletes = append(c.batch.Deletes, key)
	} else {
		lines, err := appendRow(c.batch.Upserts.Lines, c.canon, row)
		if err != nil {
			return err
		}
		c.batch.Upserts.Lines = lines
		c.batch.Upserts.EndRow()
	}
	if c.batch.Rows() < mostChanges {
		return nil
	}
	after := c.batch.Version
	err := c.each(&c.batch)
	c.batch.Reset()
	c.batch.Version = after
	return err
}
