package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

const (
	loadForm   = `^LOAD([0-9A-F]{5,15})\.csv(?:\.gz)?$`
	changeForm = `^([0-9]{8}-[0-9]{9,10})\.csv(?:\.gz)?$`
	secondForm = "20060102-150405" // what the name of a file of changes begins with
)

// looksBack is how long before the last file that was read a late one is looked for.
const looksBack = 24 * time.Hour

// loads are the files of a table's full load, in their order. There is at least one.
func (r *Reader) loads(ctx context.Context, t *mapping.Table) ([]file, error) {
	loads, _, err := r.list(ctx, t, "")
	if err != nil {
		return nil, err
	}
	if len(loads) == 0 {
		return nil, fmt.Errorf("files: %s: %w", t.Name, errNone)
	}
	number := regexp.MustCompile(loadForm)
	slices.SortFunc(loads, func(a, b file) int { // a longer number is a greater one
		return strings.Compare(pad(number, a.name), pad(number, b.name))
	})
	for i, f := range loads {
		n, err := strconv.ParseUint(number.FindStringSubmatch(f.name)[1], 16, 64)
		if err != nil {
			return nil, fmt.Errorf("files: %s: %w", f.path(), err)
		}
		if n != uint64(i)+1 {
			return nil, fmt.Errorf("files: %s: it stands where number %X is looked for",
				f.path(), i+1)
		}
	}
	return loads, nil
}

func pad(number *regexp.Regexp, name string) string {
	return fmt.Sprintf("%16s", number.FindStringSubmatch(name)[1])
}

// list lists the files of a table: those of its full load, and those of changes in their order.
// Only those whose name comes after the one given are listed.
func (r *Reader) list(
	ctx context.Context, t *mapping.Table, after string,
) (loads, changes []file, err error) {
	var all []file
	for _, folder := range r.folders(t) {
		listed, err := r.store.list(ctx, folder, after)
		if err != nil {
			return nil, nil, fmt.Errorf("files: %s: %w", folder, err)
		}
		if len(all) > 0 && len(listed) > 0 {
			return nil, nil, fmt.Errorf("files: table %s is in %s, and in %s too",
				t.Name, all[0].folder, folder)
		}
		all = append(all, listed...)
	}
	isLoad, isChange := regexp.MustCompile(loadForm), regexp.MustCompile(changeForm)
	before := ""
	for _, f := range all {
		switch {
		case isLoad.MatchString(f.name):
			loads = append(loads, f)
			continue
		case !isChange.MatchString(f.name):
			return nil, nil, fmt.Errorf("files: %s: no file of DMS is called that", f.path())
		}
		stem := isChange.FindStringSubmatch(f.name)[1]
		if _, err := time.Parse(secondForm, stem[:len(secondForm)]); err != nil || stem == before {
			return nil, nil, fmt.Errorf("files: %s: its name is no time, or is there twice", f.path())
		}
		before = stem
		changes = append(changes, f)
	}
	return loads, changes, nil
}

// folders are where the files of a table may be. They are in one of them.
func (r *Reader) folders(t *mapping.Table) []string {
	schema := t.Owner
	if r.options.Schema != "" {
		schema = r.options.Schema
	}
	folders := []string{path.Join(t.Database, schema, t.From)}
	if here := path.Join(t.Database, schema, t.Name); here != folders[0] {
		folders = append(folders, here)
	}
	return folders
}

// digest tells one list of files from another. Of a list that may be copied, it takes no marks.
func digest(files []file, hasMarks bool) string {
	var list []byte
	for _, f := range files {
		mark := ""
		if hasMarks {
			mark = f.mark
		}
		list = fmt.Appendf(list, "%q %d %q\n", f.name, f.size, mark)
	}
	hash := sha256.Sum256(list)
	return hex.EncodeToString(hash[:8])
}

// floor is the name that comes before all that are looked at together with this one.
func floor(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	if !regexp.MustCompile(changeForm).MatchString(name) {
		return "", fmt.Errorf("%q is no file of changes", name)
	}
	at, err := time.Parse(secondForm, name[:len(secondForm)])
	if err != nil {
		return "", fmt.Errorf("the time of a file of changes: %w", err)
	}
	return at.Add(-looksBack).Format(secondForm), nil
}

// A place is in a list of files: where the next row of a file begins.
type place struct {
	set    string // the digest of the files; blank for the beginning of all
	name   string
	line   int   // how many come before it
	offset int64 // in bytes, after what gzip does; whole where no row comes after it
	// load is the digest of the full load that the changes came after; blank of a place in that
	// itself, and where there was none to be seen.
	load string
}

// whole stands for the offset of a place at the end of its file.
const whole = -1

func (p place) String() string {
	text := fmt.Sprintf("%s %s %d %d", p.set, p.name, p.line, p.offset)
	if p.load != "" {
		text += " " + p.load
	}
	return text
}

func parsePlace(text string) (place, error) {
	if text == "" {
		return place{}, nil
	}
	var p place
	n, err := fmt.Sscanf(text, "%s %s %d %d %s", &p.set, &p.name, &p.line, &p.offset, &p.load)
	if n < 4 {
		return place{}, fmt.Errorf("files: %q is no place in files: %w", text, err)
	}
	if p.line < 0 || p.offset < whole || p.String() != text {
		return place{}, fmt.Errorf("files: %q is no place in files", text)
	}
	return p, nil
}
