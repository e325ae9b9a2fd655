package graph

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// cursors seals places in a list: a name stands in them, and none may be made up. The same place in
// the same list has the same cursor, as long as the secret is the same.
type cursors struct {
	aead  cipher.AEAD
	nonce []byte // the key that nonces are derived with
}

func newCursors(secret []byte) (*cursors, error) {
	if len(secret) < sha256.Size {
		return nil, fmt.Errorf("graph: the cursor key has %d bytes and needs %d",
			len(secret), sha256.Size)
	}
	sealing, err := hkdf.Key(sha256.New, secret, nil, "cursor: seal", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("graph: cursor key: %w", err)
	}
	nonce, err := hkdf.Key(sha256.New, secret, nil, "cursor: nonce", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("graph: cursor key: %w", err)
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return nil, fmt.Errorf("graph: cursor key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("graph: cursor key: %w", err)
	}
	return &cursors{aead: aead, nonce: nonce}, nil
}

// A list is what makes two lists the same: order, sources and filter. A cursor of one is nothing in
// another.
type list []byte

func listOf(order source.Order, sources []resident.SourceName, filter *resident.Filter) list {
	names := slices.Clone(sources)
	slices.Sort(names)
	identity, err := json.Marshal(struct { //nolint:musttag // it is compared, and read by nobody
		Order   source.Order
		Sources []resident.SourceName
		Filter  *resident.Filter
	}{order, slices.Compact(names), filter})
	if err != nil {
		panic(err) // of strings and numbers alone: it cannot fail
	}
	return identity
}

// seal returns the cursor of a place. The nonce is derived from what is sealed, so that it is never
// the same for two different places.
func (c *cursors) seal(l list, at source.Place) string {
	plain := writePlace(at)
	mac := hmac.New(sha256.New, c.nonce)
	mac.Write(l)
	mac.Write([]byte{0})
	mac.Write(plain)
	nonce := mac.Sum(nil)[:c.aead.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(c.aead.Seal(nonce, nonce, plain, l))
}

// open returns the place of a cursor, or nil where there is none.
func (c *cursors) open(l list, argument string, cursor *string) (source.Place, error) {
	if cursor == nil {
		return nil, nil
	}
	sealed, err := base64.RawURLEncoding.DecodeString(*cursor)
	if err != nil || len(sealed) < c.aead.NonceSize() {
		return nil, badCursor(argument)
	}
	plain, err := c.aead.Open(nil, sealed[:c.aead.NonceSize()], sealed[c.aead.NonceSize():], l)
	if err != nil {
		return nil, badCursor(argument)
	}
	place, ok := readPlace(plain)
	if !ok { // sealed by a release that wrote places in another way
		return nil, badCursor(argument)
	}
	return place, nil
}

// writePlace writes a place as a side, a source, a reference and a key of each cut, each behind its
// length.
func writePlace(place source.Place) []byte {
	plain := []byte{placeForm}
	for _, cut := range place {
		plain = append(plain, byte(cut.Side))
		for _, text := range []string{string(cut.Source), cut.At.SourceID, cut.At.NameKey} {
			plain = binary.AppendUvarint(plain, uint64(len(text)))
			plain = append(plain, text...)
		}
	}
	return plain
}

// placeForm is what a place begins with, so that one in another form is known as such.
const placeForm = 1

func readPlace(plain []byte) (source.Place, bool) {
	if len(plain) == 0 || plain[0] != placeForm {
		return nil, false
	}
	place := source.Place{} // not nil, which would be no place
	for plain = plain[1:]; len(plain) > 0; {
		cut := source.Cut{Side: source.Side(plain[0])}
		plain = plain[1:]
		var texts [3]string
		for i := range texts {
			length, n := binary.Uvarint(plain)
			if n <= 0 {
				return nil, false
			}
			if plain = plain[n:]; length > uint64(len(plain)) {
				return nil, false
			}
			texts[i], plain = string(plain[:length]), plain[length:]
		}
		cut.Source = resident.SourceName(texts[0])
		cut.At = source.Position{SourceID: texts[1], NameKey: texts[2]}
		place = append(place, cut)
	}
	return place, true
}

func badCursor(argument string) error {
	return at(argument, resident.Errorf(resident.BadCursor, nil, "The cursor is not of this list:"+
		" use one only with the filter, the sources and the order that it was read with"))
}
