package canon

import (
	"crypto/sha256"
	"encoding/binary"
)

// A Digest stands for a set of rows, whatever order they came in. Two sets that differ have the
// same one with a chance of about 1 in 2^128; a row that stands there twice counts twice.
type Digest struct { //nolint:recvcheck // it is a value, like a number
	Rows int64
	Xor  uint64 // of the first 64 bits of each row's SHA-256
	Sum  uint64 // of the next 64, which wraps around
}

// Add adds the row of a line, without the end of it.
func (d *Digest) Add(line []byte) {
	hash := sha256.Sum256(line)
	d.Rows++
	d.Xor ^= binary.BigEndian.Uint64(hash[:8])
	d.Sum += binary.BigEndian.Uint64(hash[8:16])
}

// And is the digest of both sets.
func (d Digest) And(other Digest) Digest {
	return Digest{d.Rows + other.Rows, d.Xor ^ other.Xor, d.Sum + other.Sum}
}
