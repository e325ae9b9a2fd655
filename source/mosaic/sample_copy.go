package mosaic

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// sampleTables returns what is loaded, in the order of a batch: the table and its columns, in the
// order in which the rows are written.
func sampleTables() []string {
	return []string{
		`mosaic.dm_persons (person_id, person_id_legacy, full_name, title, first_name, last_name,
			date_of_birth, date_of_death, gender, restricted, context_flag, nationality, nhs_id,
			email_address)`,
		`mosaic.dm_addresses (ref_addresses_people_id, person_id, start_date, end_date, address,
			post_code, is_contact_address, is_display_address, unique_id)`,
		`mosaic.dm_telephone_numbers (telephone_number_id, person_id, telephone_number,
			telephone_number_type)`,
	}
}

// sampleBatch is rows as COPY reads them: one text for each table.
type sampleBatch struct {
	rows      [3]sampleText
	residents int // how many are done with this batch
}

func (b *sampleBatch) isEmpty() bool {
	return len(b.rows[0])+len(b.rows[1])+len(b.rows[2]) == 0
}

func (b *sampleBatch) addPerson(p *SamplePerson) {
	t := &b.rows[0]
	t.number(p.PersonID)
	t.text(p.PersonIDLegacy)
	t.text(p.FullName)
	t.text(p.Title)
	t.text(p.FirstName)
	t.text(p.LastName)
	t.date(p.DateOfBirth)
	t.date(p.DateOfDeath)
	t.text(p.Gender)
	t.text(p.Restricted)
	t.text(p.ContextFlag)
	t.text(p.Nationality)
	t.optionalNumber(p.NHSID)
	t.text(p.EmailAddress)
	t.endRow()
	for i := range p.Addresses {
		b.addAddress(&p.Addresses[i])
	}
	for i := range p.Phones {
		b.addPhone(&p.Phones[i])
	}
}

func (b *sampleBatch) addAddress(a *SampleAddress) {
	t := &b.rows[1]
	t.number(a.LinkID)
	t.optionalNumber(a.PersonID)
	t.date(a.StartDate)
	t.date(a.EndDate)
	t.text(a.Address)
	t.text(a.PostCode)
	t.text(a.IsContactAddress)
	t.text(a.IsDisplayAddress)
	t.optionalNumber(a.UPRN)
	t.endRow()
}

func (b *sampleBatch) addPhone(p *SamplePhone) {
	t := &b.rows[2]
	t.number(p.NumberID)
	t.number(p.PersonID)
	t.text(p.Number)
	t.text(&p.Type)
	t.endRow()
}

// sampleText is rows in the text format of COPY.
type sampleText []byte

const sampleNull = `\N`

func (t *sampleText) number(n int64) {
	*t = append(strconv.AppendInt(*t, n, 10), '\t')
}

func (t *sampleText) optionalNumber(n *int64) {
	if n == nil {
		*t = append(*t, sampleNull+"\t"...)
		return
	}
	t.number(*n)
}

func (t *sampleText) date(d *time.Time) {
	if d == nil {
		*t = append(*t, sampleNull+"\t"...)
		return
	}
	year, month, day := d.Date()
	*t = append(strconv.AppendInt(*t, int64(year), 10), '-',
		byte('0'+month/10), byte('0'+month%10), '-', byte('0'+day/10), byte('0'+day%10), '\t')
}

func (t *sampleText) text(s *string) {
	switch {
	case s == nil:
		*t = append(*t, sampleNull...)
	case strings.ContainsAny(*s, "\\\t\r\n"):
		for i := range len(*s) {
			switch c := (*s)[i]; c {
			case '\\':
				*t = append(*t, `\\`...)
			case '\t':
				*t = append(*t, `\t`...)
			case '\r':
				*t = append(*t, `\r`...)
			case '\n':
				*t = append(*t, `\n`...)
			default:
				*t = append(*t, c)
			}
		}
	default:
		*t = append(*t, *s...)
	}
	*t = append(*t, '\t')
}

// endRow puts the end of the row in the place of the last column's.
func (t *sampleText) endRow() { (*t)[len(*t)-1] = '\n' }

// generate makes the whole sample, orphans first, and gives it to use in batches. What it gives is
// done with when use returns.
func (s Sample) generate(use func(*sampleBatch) error) error {
	const blocks = 64 // in a batch
	batch := &sampleBatch{}
	addresses, phones := s.Orphans()
	for i := range addresses {
		batch.addAddress(&addresses[i])
	}
	for i := range phones {
		batch.addPhone(&phones[i])
	}
	maker := newSampleMaker(s)
	for block := 0; block*sampleBlockSize < s.Residents; block++ {
		people := maker.block(block)
		count := min(sampleBlockSize, s.Residents-block*sampleBlockSize)
		for i := range people[:count] {
			batch.addPerson(&people[i])
		}
		batch.residents += count
		if block%blocks == blocks-1 {
			if err := use(batch); err != nil {
				return err
			}
			batch = &sampleBatch{residents: batch.residents}
		}
	}
	if batch.isEmpty() {
		return nil
	}
	return use(batch)
}

// sampleCopy is a COPY that takes rows as they go over the wire, which costs a fraction of what
// handing them over value by value costs.
type sampleCopy interface {
	driver.Stmt
	CopyData(ctx context.Context, rows string) (driver.Result, error)
}

// copySampleRows sends rows over a connection of lib/pq that is in a transaction.
func copySampleRows(ctx context.Context, conn any, statement string, rows sampleText) error {
	preparer, ok := conn.(driver.ConnPrepareContext)
	if !ok {
		return errors.New("the driver cannot prepare statements")
	}
	prepared, err := preparer.PrepareContext(ctx, statement)
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	to, ok := prepared.(sampleCopy)
	if !ok {
		_ = prepared.Close()
		return errors.New("the driver is not lib/pq")
	}
	// The last line end is left to CopyData.
	if _, err := to.CopyData(ctx, string(rows[:len(rows)-1])); err != nil {
		_ = to.Close()
		return fmt.Errorf("send: %w", err)
	}
	if err := to.Close(); err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	return nil
}
