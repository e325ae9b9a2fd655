package migration

import (
	"encoding/json"
	"fmt"

	"github.com/LBHackney-IT/resident-gateway/migration/canon"
)

// What a batch holds, and a little more of bytes.
const (
	batchRows  = 10_000
	batchBytes = 1 << 20
)

// A Batcher puts rows into batches. A Reader has one for each read.
type Batcher struct {
	batch Batch
	canon *canon.Table
	each  func(*Batch) error
}

// NewBatcher returns a Batcher that hands its batches to each.
func NewBatcher(c *canon.Table, each func(*Batch) error) *Batcher {
	return &Batcher{canon: c, each: each}
}

// Line is where the next row is written; EndRow ends it.
func (b *Batcher) Line() []byte { return b.batch.Lines }

// EndRow takes a line that was appended to what Line returned, and hands the batch on once it is
// full. The key of its last row is where to go on.
func (b *Batcher) EndRow(lines []byte) error {
	b.batch.Lines = lines
	b.batch.EndRow()
	if b.batch.Rows() < batchRows && len(lines) < batchBytes {
		return nil
	}
	return b.Flush()
}

// Flush hands on what there is of a batch.
func (b *Batcher) Flush() error {
	if b.batch.Rows() == 0 {
		return nil
	}
	if key := b.canon.Key(b.batch.Line(b.batch.Rows() - 1)); key != nil {
		b.batch.Next = Position(key)
	}
	err := b.each(&b.batch)
	b.batch.Reset()
	return err
}

// Position is the Next of a batch whose reader goes on after a key.
func Position(key []byte) string {
	written, err := json.Marshal(canon.Fields(key))
	if err != nil {
		panic(err) // texts are JSON
	}
	return string(written)
}

// KeyAfter reads a Position: the values of the key.
func KeyAfter(position string) ([]string, error) {
	var values []string
	if err := json.Unmarshal([]byte(position), &values); err != nil {
		return nil, fmt.Errorf("migration: %q is no position", position)
	}
	return values, nil
}
