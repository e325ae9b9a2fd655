package tdstest

import (
	"strconv"
	"strings"
)

// Who may log in. There is but one.
const (
	user     = "tds"
	password = "Not-a-secret-1"
)

// appendPrelogin appends the version, and that encryption is not supported.
func appendPrelogin(dst []byte) []byte {
	const version, encryption, end, unsupported = 0, 1, 0xff, 2
	return append(dst,
		version, 0, 11, 0, 6,
		encryption, 0, 17, 0, 1,
		end,
		15, 0, 0x07, 0xd0, 0, 0,
		unsupported)
}

// login is what a client says of itself.
type login struct {
	version        uint32
	packetSize     int
	user, password string
	database       string
}

func readLogin(body []byte) (login, bool) {
	c := cursor{rest: body}
	c.next(4)
	l := login{version: c.uint32(), packetSize: int(c.uint32())}
	c.next(24)
	text := func() []byte {
		at, length := int(c.uint16()), int(c.uint16())
		end := at + 2*length
		if end > len(body) {
			c.bad = true
			return nil
		}
		return body[at:end]
	}
	text() // host
	l.user = fromUTF16(text())
	hidden := append([]byte(nil), text()...)
	for i, b := range hidden {
		b ^= 0xa5
		hidden[i] = b<<4 | b>>4
	}
	l.password = fromUTF16(hidden)
	c.next(5 * 4) // program, server, extensions, library, language
	l.database = fromUTF16(text())
	return l, !c.bad
}

// login is false when the client may not stay.
func (s *session) login(body []byte) bool {
	l, ok := readLogin(body)
	s.finished()
	if !ok {
		return false
	}
	if !strings.EqualFold(l.user, user) || l.password != password {
		s.buf = appendError(s.buf, &sqlError{
			18456, 14, "Login failed for user '" + l.user + "'.",
		})
		s.buf = appendDone(s.buf, tokenDone, doneError, 0, 0)
		s.send()
		return false
	}
	if l.version < oldest {
		s.buf = appendError(s.buf, errorOf(17830, "TDS 7.3 or later is needed."))
		s.buf = appendDone(s.buf, tokenDone, doneError, 0, 0)
		s.send()
		return false
	}
	s.isLoggedIn = true
	size := l.packetSize
	if size == 0 {
		size = firstSize
	}
	size = max(512, min(size, largestSize))
	if l.database == "" {
		l.database = "master"
	}
	s.buf = appendEnvText(s.buf, envDatabase, l.database, "master")
	s.buf = appendEnvBytes(s.buf, envCollation, collation(), nil)
	s.buf = appendLoginAck(s.buf, min(l.version, newest))
	s.buf = appendEnvText(s.buf, envPacketSize, strconv.Itoa(size), strconv.Itoa(firstSize))
	s.buf = appendDone(s.buf, tokenDone, 0, 0, 0)
	sent := s.send()
	s.out.size = size
	return sent
}
