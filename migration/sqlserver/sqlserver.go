// Package sqlserver reads a system of record that is kept in SQL Server. It sends queries and
// nothing else: nothing is written there, and no lock is held longer than a query takes.
package sqlserver

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/migration/rows"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// Origin is what data from here is called.
const Origin = "sqlserver"

// A Reader reads the databases of one system.
type Reader struct {
	databases map[string]*sql.DB // by their names in the mapping
}

var _ migration.Reader = (*Reader)(nil)

// Open returns a Reader of databases by their names in the mapping. It connects when it is first
// asked. The caller closes it.
//
// An address is as go-mssqldb has it: sqlserver://reader@host:1433?database=mosaic. Rows are
// encrypted on the way, and the server's certificate is checked, unless the address says otherwise;
// it may say encrypt=disable of this machine alone. Changes must not be followed from replicas that
// take turns: one may know of a change whose row another does not have yet.
//
// What is wrong with an address is told without quoting it, for it may hold a password.
func Open(addresses map[string]string) (*Reader, error) {
	r := &Reader{databases: make(map[string]*sql.DB)}
	for name, address := range addresses {
		config, err := msdsn.Parse(encrypted(address))
		if err != nil {
			_ = r.Close()
			return nil, fmt.Errorf("sqlserver: the address%s cannot be read; it is"+
				" like sqlserver://reader@host:1433?database=mosaic", ofDatabase(name))
		}
		isClear := config.Encryption == msdsn.EncryptionDisabled ||
			config.Encryption == msdsn.EncryptionOff // which is of the login alone
		if isClear && !isThisMachine(config.Host) {
			_ = r.Close()
			return nil, fmt.Errorf("sqlserver: rows would travel in clear: the address%s is to say"+
				" encrypt=true, or nothing of it", ofDatabase(name))
		}
		opened := sql.OpenDB(mssql.NewConnectorConfig(config))
		opened.SetMaxOpenConns(4)
		r.databases[name] = opened
	}
	return r, nil
}

// ofDatabase names a database in a text, where the system has several.
func ofDatabase(name string) string {
	if name == "" {
		return ""
	}
	return " of database " + name
}

// encrypted is an address that says whether rows are encrypted: they are, where it does not.
func encrypted(address string) string {
	switch {
	case strings.Contains(strings.ToLower(address), "encrypt="):
		return address
	case strings.Contains(address, "?"):
		return address + "&encrypt=true"
	}
	return address + "?encrypt=true"
}

func isThisMachine(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// Close ends all connections.
func (r *Reader) Close() error {
	var failed error
	for _, db := range r.databases {
		if err := db.Close(); err != nil {
			failed = err
		}
	}
	return failed
}

// Origin is what data from here is called.
func (r *Reader) Origin() string { return Origin }

func (r *Reader) database(name string) (*sql.DB, error) {
	db := r.databases[name]
	if db == nil {
		return nil, fmt.Errorf("sqlserver: it was not said where database %q is", name)
	}
	return db, nil
}

// Read reads rows in the order of the key, as SQL Server has it, where they are not read all at
// once.
func (r *Reader) Read(
	ctx context.Context, t *mapping.Table, part migration.Part, each func(*migration.Batch) error,
) error {
	db, err := r.database(t.Database)
	if err != nil {
		return err
	}
	query, args, err := statement(t, part)
	if err != nil {
		return err
	}
	c := canon.Of(t)
	batcher := migration.NewBatcher(c, each)
	err = rows.Each(ctx, db, query, args, func(values []driver.Value) error {
		line, err := appendRow(batcher.Line(), c, values)
		if err != nil {
			return err
		}
		return batcher.EndRow(line)
	})
	if err == nil {
		err = batcher.Flush()
	}
	if err != nil {
		return failed(ctx, "read "+t.From, err)
	}
	return nil
}

func appendRow(line []byte, c *canon.Table, values []driver.Value) ([]byte, error) {
	var err error
	for i, value := range values {
		if line, err = c.AppendValue(line, i, value); err != nil {
			return nil, err
		}
	}
	return line, nil
}

// quote writes a name as SQL Server takes it.
func quote(name string) string { return "[" + strings.ReplaceAll(name, "]", "]]") + "]" }

func object(t *mapping.Table) string { return quote(t.Owner) + "." + quote(t.From) }

// columns are the names of columns on the system, each with a prefix.
func columns(all []*mapping.Column, prefix string) []string {
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = prefix + quote(c.From)
	}
	return names
}

func keyColumns(t *mapping.Table) []*mapping.Column { return t.Ordered()[:len(t.Key)] }

// statement is what a part of a table is read by.
func statement(t *mapping.Table, part migration.Part) (string, []any, error) {
	top, where, order := "", "", ""
	var args []any
	parameter := func(c *mapping.Column, value string) (string, error) {
		arg, err := argument(c, value)
		args = append(args, arg)
		return "@p" + strconv.Itoa(len(args)), err
	}
	if part.Limit > 0 {
		top = "TOP (" + strconv.Itoa(part.Limit) + ") "
	}
	if (part.After != "" || part.Limit > 0) && len(t.Key) > 0 {
		order = " ORDER BY " + strings.Join(columns(keyColumns(t), ""), ", ")
	}
	switch {
	case part.Between != nil:
		first := columns(keyColumns(t), "")[0]
		where = " WHERE " + first + " >= @p1 AND " + first + " < @p2"
		args = []any{part.Between.From, part.Between.Below}
	case part.Keys != nil:
		var conditions []string
		for _, key := range part.Keys {
			condition, err := matches(t, key, parameter)
			if err != nil {
				return "", nil, err
			}
			conditions = append(conditions, condition)
		}
		where = " WHERE " + strings.Join(conditions, " OR ")
	case part.After != "":
		after, err := migration.KeyAfter(part.After)
		if err != nil || len(after) != len(t.Key) {
			return "", nil, fmt.Errorf("sqlserver: a position of another table than %s", t.From)
		}
		if where, err = beyond(t, after, parameter); err != nil {
			return "", nil, err
		}
		where = " WHERE " + where
	}
	return "SELECT " + top + strings.Join(columns(t.Ordered(), ""), ", ") +
		" FROM " + object(t) + where + order, args, nil
}

type parameterFunc func(c *mapping.Column, value string) (string, error)

// matches is the condition of a row of one key.
func matches(t *mapping.Table, key []byte, parameter parameterFunc) (string, error) {
	var all []string
	fields := canon.Fields(key)
	for i, c := range keyColumns(t) {
		if i >= len(fields) || fields[i] == nil {
			return "", fmt.Errorf("sqlserver: a key of another table than %s", t.From)
		}
		p, err := parameter(c, *fields[i])
		if err != nil {
			return "", err
		}
		all = append(all, quote(c.From)+" = "+p)
	}
	return "(" + strings.Join(all, " AND ") + ")", nil
}

// beyond is the condition of rows after a key, written so that SQL Server goes to the first of them
// by the index of the key: it compares no tuples.
func beyond(t *mapping.Table, after []string, parameter parameterFunc) (string, error) {
	key := keyColumns(t)
	parameters := make([]string, len(key))
	for i, c := range key {
		var err error
		if parameters[i], err = parameter(c, after[i]); err != nil {
			return "", err
		}
	}
	condition := ""
	for i, c := range slices.Backward(key) {
		name := quote(c.From)
		if condition == "" {
			condition = name + " > " + parameters[i]
			continue
		}
		condition = name + " >= " + parameters[i] + " AND (" + name + " > " + parameters[i] +
			" OR " + condition + ")"
	}
	return condition, nil
}

// argument is the value of a key's column as the driver is to send it: of the column's own type, or
// SQL Server would turn the whole column into the other and find nothing by its index.
func argument(c *mapping.Column, value string) (any, error) {
	switch parsed := c.Parsed(); parsed.Kind {
	case mapping.Integer:
		number, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("sqlserver: a key that is no number in %s", c.From)
		}
		return number, nil
	case mapping.Text, mapping.Padded:
		if strings.HasPrefix(parsed.Name, "n") {
			return value, nil
		}
		return mssql.VarChar(value), nil
	case mapping.Ticks:
		moment, err := time.Parse("2006-01-02 15:04:05", value) // with a fraction, where there is one
		if err != nil {
			return nil, fmt.Errorf("sqlserver: a key that is no moment in %s", c.From)
		}
		return mssql.DateTime1(moment), nil
	default:
		return value, nil
	}
}

// failed says what failed. Of what SQL Server says it keeps the number alone, since the rest can
// quote a row.
func failed(ctx context.Context, doing string, err error) error {
	return fmt.Errorf("sqlserver: %s: %w", doing, plain(ctx, err))
}
