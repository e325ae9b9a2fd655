// Package files reads what AWS DMS wrote to a bucket, or a copy of it in a folder: CSV, plain or
// gzip, the full load of each table and then its changes in order. It is a migration.Reader, and
// tells what changed since. It knows nothing of PostgreSQL and writes nothing.
//
// Where the files of a table are, and what they are called:
//
//	<place>/<database>/<schema>/<table>/LOAD0000000A.csv         the full load, the tenth part
//	<place>/<database>/<schema>/<table>/20230905-151244585.csv   changes, by the time of the file
//
// Each may end in .gz as well. The database is there only for a table whose mapping has one: each
// database is a task of DMS, which is told a bucketFolder of that name. Any other file there is an
// error, as is a number that is left out: it could have held rows. So is a last line without an
// end, a gzip that ends too soon, and a file that is not as long as it was said to be.
//
// Of the settings of DMS's endpoint these are never read: Parquet, preserveTransactions with
// cdcPath, datePartitionEnabled, cdcInsertsOnly, cdcInsertsAndUpdates, useCsvNoSupValue, and a
// csvRowDelimiter that is not a line feed. DMS is best told addColumnName=true, a csvNullValue that
// no value can be, and to add the columns of the key as it was before (Reader.Changes). Read
// Options, then scan.go.
package files

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

var _ migration.Reader = (*Reader)(nil)

// Options say how DMS was told to write the files. The zero Options are its defaults.
type Options struct {
	// Header is whether each file begins with the names of its columns (addColumnName). Columns that
	// the mapping does not have are then ignored. Without it, the columns are those of the mapping, in
	// the order of its Columns, in which DMS must have been told them.
	Header bool
	// Op is whether the rows of the full load begin with an operation too (includeOpForFullLoad). With
	// Header it is not asked: a first column Op tells.
	Op bool
	// Unquoted is whether values are written as they are (rfc4180=false). A value that holds a
	// delimiter or a line feed then makes its row another one, which most often is an error, and
	// cannot always be told: it is not for text that people write.
	Unquoted bool
	// Delimiter stands between columns (csvDelimiter). 0 for a comma.
	Delimiter byte
	// Null is what stands for a value that is not there (csvNullValue). Blank for NULL, as DMS has it.
	// A value in quotes is never null. But DMS quotes only what must be, so a resident whose name is
	// NULL becomes a resident without a name: let DMS write something that no value can be.
	Null string
	// EmptyIsNull is whether nothing at all stands for a value that is not there (csvNullValue is ''),
	// and Null for itself. An empty text is then told from it only where DMS puts it in quotes.
	// Otherwise nothing at all is an empty text, and an error where no text may stand.
	EmptyIsNull bool
	// Schema is the folder of the tables, where it is not what the system calls their schema. A
	// table's folder goes by its name there or by its name here.
	Schema string
}

// ErrLate is of changes that were read already and are not what they were: a file came late, was
// written anew, or was taken away. What it did to the table cannot be told: it must be read anew.
var ErrLate = fmt.Errorf("among the changes that were read already, a file came late, was written"+
	" anew or was taken away: %w", migration.ErrExpired)

// ErrChanged is of files of a full load that are not those that were there when it was begun.
var ErrChanged = fmt.Errorf("the files: %w", migration.ErrChanged)

// errNone is of a table without a full load.
var errNone = errors.New("there is no file of a full load: DMS writes none of a table without" +
	" rows; where it has none, say so by a file LOAD00000001.csv without rows")

// A Reader reads the files of one place.
type Reader struct {
	store   store
	options Options
}

// Open opens a folder, as a path or as file://, or a bucket, as s3://bucket/prefix?region=REGION,
// to which &endpoint=URL is added where it is not of AWS. A bucket is opened by what the
// environment has for it: AWS's variables, its files, or the role of the task.
func Open(ctx context.Context, place string, options Options) (*Reader, error) {
	options, err := options.whole()
	if err != nil {
		return nil, err
	}
	var opened store
	scheme, path, hasScheme := strings.Cut(place, "://")
	switch {
	case !hasScheme:
		opened, err = openFolder(place)
	case scheme == "file":
		opened, err = openFolder(path)
	case scheme == "s3":
		var parsed *url.URL
		if parsed, err = url.Parse(place); err == nil {
			opened, err = openBucket(ctx, parsed)
		}
	default:
		err = fmt.Errorf("%s:// is not known: a folder, file:// or s3:// is", scheme)
	}
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	return &Reader{store: opened, options: options}, nil
}

// whole puts in what is meant by nothing.
func (o Options) whole() (Options, error) {
	if o.EmptyIsNull && o.Null != "" {
		return o, errors.New("files: null is written as nothing, or as something, and not as both")
	}
	if o.Null == "" && !o.EmptyIsNull {
		o.Null = "NULL"
	}
	if o.Delimiter == 0 {
		o.Delimiter = ','
	}
	if o.Delimiter == '"' || o.Delimiter == '\n' {
		return o, errors.New("files: a delimiter is neither a quotation mark nor a line feed")
	}
	if strings.ContainsAny(o.Null, "\"\n") || strings.IndexByte(o.Null, o.Delimiter) >= 0 {
		return o, errors.New("files: what stands for null holds what ends a value")
	}
	if strings.Contains(o.Schema, "/") {
		return o, errors.New("files: a schema is one folder")
	}
	return o, nil
}

// Close lets go of the folder.
func (r *Reader) Close() error { return r.store.close() }

// Origin is what it reads, which is files.
func (*Reader) Origin() string { return "files" }

// Catalogue is the columns that the first file of the full load begins with, by the names that the
// mapping has for those that it has; without Header, the columns of the mapping. Files tell neither
// types, nor what may be null, nor the key: Type is blank, NotNull is false, and Key is that of the
// mapping.
func (r *Reader) Catalogue(ctx context.Context, t *mapping.Table) (migration.Catalogue, error) {
	loads, err := r.loads(ctx, t)
	if errors.Is(err, errNone) {
		return migration.Catalogue{}, nil
	}
	if err != nil {
		return migration.Catalogue{}, err
	}
	var catalogue migration.Catalogue
	for _, name := range t.Key {
		catalogue.Key = append(catalogue.Key, t.Column(name).From)
	}
	if !r.options.Header {
		for i := range t.Columns {
			column := migration.CatalogueColumn{Name: t.Columns[i].From}
			catalogue.Columns = append(catalogue.Columns, column)
		}
		return catalogue, nil
	}
	opened, err := r.open(ctx, t, loads[0], place{}, ofLoad)
	if err != nil {
		return migration.Catalogue{}, err
	}
	defer opened.close()
	for i, name := range opened.layout.names {
		if i == opened.layout.op {
			continue
		}
		if c := columnOf(t, name); c != nil {
			name = c.From
		}
		catalogue.Columns = append(catalogue.Columns, migration.CatalogueColumn{Name: name})
	}
	return catalogue, nil
}
