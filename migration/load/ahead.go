package load

import (
	"context"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
)

// mostAhead is how many batches are read ahead of what is written. With the size of a batch, it is
// what a load needs of memory, whatever the table's size.
const mostAhead = 4

// ahead is what has been read and not yet been written.
type ahead struct {
	pieces chan piece
	spare  chan *migration.Batch
	err    error // why reading ended; good once pieces is closed
}

// A piece is a batch, or the end of a range.
type piece struct {
	batch  *migration.Batch
	digest canon.Digest // of the batch
	isEnd  bool
	isLast bool // whether it is the end of the table too
}

func newAhead() *ahead {
	a := &ahead{pieces: make(chan piece, mostAhead), spare: make(chan *migration.Batch, mostAhead+2)}
	for range cap(a.spare) {
		a.spare <- &migration.Batch{}
	}
	return a
}

func (a *ahead) close() { close(a.pieces) }

// send takes a copy of a batch.
func (a *ahead) send(ctx context.Context, b *migration.Batch) error {
	var own *migration.Batch
	select {
	case own = <-a.spare:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	own.Lines = append(own.Lines[:0], b.Lines...)
	own.Ends = append(own.Ends[:0], b.Ends...)
	own.Next = b.Next
	return a.put(ctx, piece{batch: own, digest: own.Digest()})
}

func (a *ahead) endRange(ctx context.Context, isLast bool) error {
	return a.put(ctx, piece{isEnd: true, isLast: isLast})
}

func (a *ahead) put(ctx context.Context, p piece) error {
	select {
	case a.pieces <- p:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// receive fails with why reading ended, where it ended before its end.
func (a *ahead) receive(ctx context.Context) (piece, error) {
	select {
	case p, ok := <-a.pieces:
		if !ok {
			return p, a.err
		}
		return p, nil
	case <-ctx.Done():
		return piece{}, context.Cause(ctx)
	}
}

func (a *ahead) giveBack(p piece) { a.spare <- p.batch }

// drain waits until the reader has ended, whose context has.
func (a *ahead) drain() {
	for range a.pieces {
	}
}
