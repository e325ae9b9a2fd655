package tdstest

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
)

// Kinds of message, as MS-TDS 2.2.3.1.1 numbers them.
const (
	kindBatch       = 0x01
	kindRPC         = 0x03
	kindReply       = 0x04
	kindAttention   = 0x06
	kindTransaction = 0x0e
	kindLogin       = 0x10
	kindPrelogin    = 0x12
)

// Bits of a packet's status.
const (
	statusEnd    = 0x01
	statusIgnore = 0x02
	statusReset  = 0x08 | 0x10 // with or without the transaction under way
)

const (
	headerSize  = 8
	firstSize   = 4096     // of a packet, until the login has said otherwise
	largestSize = 32767    // of a packet
	longest     = 64 << 20 // message that is taken
	flushAt     = 128 << 10
)

var errBadPacket = errors.New("tdstest: not a packet of TDS")

// message is what a client has sent, put together from its packets.
type message struct {
	kind  byte
	reset bool
	body  []byte
}

func readMessage(r *bufio.Reader) (message, error) {
	var m message
	for {
		var header [headerSize]byte
		if _, err := io.ReadFull(r, header[:]); err != nil {
			return m, err
		}
		size := int(binary.BigEndian.Uint16(header[2:])) - headerSize
		first := len(m.body) == 0
		if size < 0 || len(m.body)+size > longest || !first && header[0] != m.kind {
			return m, errBadPacket
		}
		m.kind = header[0]
		m.reset = m.reset || header[1]&statusReset != 0
		was := len(m.body)
		m.body = append(m.body, make([]byte, size)...)
		if _, err := io.ReadFull(r, m.body[was:]); err != nil {
			return m, err
		}
		if header[1]&statusIgnore != 0 {
			m = message{}
			continue
		}
		if header[1]&statusEnd != 0 {
			return m, nil
		}
	}
}

// writer cuts an answer into packets, and sends many at once.
type writer struct {
	conn  net.Conn
	size  int    // of a packet
	buf   []byte // whole packets, and the one under way
	start int    // of the one under way
	id    byte
	err   error // the first one
}

func newWriter(conn net.Conn) *writer {
	w := &writer{conn: conn, size: firstSize, buf: make([]byte, 0, flushAt+largestSize)}
	w.begin()
	return w
}

func (w *writer) begin() {
	w.start = len(w.buf)
	w.buf = append(w.buf, kindReply, 0, 0, 0, 0, 0, 0, 0)
}

// close ends the packet under way, of which status says whether it is the last.
func (w *writer) close(status byte) {
	header := w.buf[w.start:]
	header[1] = status
	binary.BigEndian.PutUint16(header[2:], uint16(len(header)))
	w.id++
	header[6] = w.id
}

func (w *writer) write(p []byte) {
	for len(p) > 0 {
		room := w.size - (len(w.buf) - w.start)
		if room == 0 {
			w.close(0)
			if len(w.buf) >= flushAt {
				w.flush()
			}
			w.begin()
			continue
		}
		n := min(room, len(p))
		w.buf = append(w.buf, p[:n]...)
		p = p[n:]
	}
}

// end sends what is there as the last packet of an answer.
func (w *writer) end() error {
	w.close(statusEnd)
	w.flush()
	w.id = 0
	w.begin()
	return w.err
}

// cut sends what is there, though more is to follow.
func (w *writer) cut() {
	w.close(0)
	w.flush()
	w.begin()
}

func (w *writer) flush() {
	if w.err == nil {
		_, w.err = w.conn.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

// cursor reads little-endian values. Past the end it gives zeros, and says so by bad.
type cursor struct {
	rest []byte
	bad  bool
}

func (c *cursor) next(n int) []byte {
	if n < 0 || n > len(c.rest) {
		c.bad, c.rest = true, nil
		return make([]byte, min(max(n, 0), 16)) // what is asked for by a fixed size is at most this
	}
	p := c.rest[:n]
	c.rest = c.rest[n:]
	return p
}

func (c *cursor) byte() byte     { return c.next(1)[0] }
func (c *cursor) uint16() uint16 { return binary.LittleEndian.Uint16(c.next(2)) }
func (c *cursor) uint32() uint32 { return binary.LittleEndian.Uint32(c.next(4)) }
func (c *cursor) uint64() uint64 { return binary.LittleEndian.Uint64(c.next(8)) }

// shortText is UTF-16 after its length in one byte.
func (c *cursor) shortText() string { return fromUTF16(c.next(2 * int(c.byte()))) }
