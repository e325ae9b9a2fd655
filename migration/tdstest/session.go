package tdstest

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/binary"
	"net"
	"strings"
	"sync"
)

// session is a connection of a client.
type session struct {
	server *Server
	conn   net.Conn
	out    *writer
	buf    []byte // of tokens under way

	isLoggedIn bool
	isolation  byte      // of the transactions to come, as TDS numbers them
	tx         *sql.Conn // on which a transaction is under way, or nil
	failed     bool      // it may only be rolled back

	requests chan request

	mu        sync.Mutex
	cancel    context.CancelFunc // of the request under way or waiting
	cancelled bool               // by the client
}

// request is a message that is to be answered.
type request struct {
	message

	ctx context.Context //nolint:containedctx // it goes from who reads to who answers
}

func newSession(server *Server, conn net.Conn) *session {
	return &session{
		server: server, conn: conn, out: newWriter(conn), isolation: 2,
		requests: make(chan request),
	}
}

// serve answers until the client goes, or sends what is no TDS.
func (s *session) serve(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	var reading sync.WaitGroup
	reading.Go(func() {
		s.read(ctx)
		stop()
		close(s.requests)
	})
	for r := range s.requests {
		if !s.answer(r) {
			break
		}
	}
	stop()
	s.conn.Close()
	for r := range s.requests {
		_ = r // nobody waits for the answer
	}
	reading.Wait()
	s.leave()
}

// leave gives back what the session holds.
func (s *session) leave() {
	if s.tx != nil {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = s.rollback(ctx)
	}
}

// read takes messages while others are answered, because one may be to stop.
func (s *session) read(ctx context.Context) {
	r := bufio.NewReaderSize(s.conn, largestSize)
	for {
		m, err := readMessage(r)
		if err != nil || ctx.Err() != nil {
			return
		}
		if m.kind == kindAttention && s.stopped() {
			continue
		}
		of, cancel := context.WithCancel(ctx)
		s.mu.Lock()
		s.cancel, s.cancelled = cancel, false
		s.mu.Unlock()
		select {
		case s.requests <- request{m, of}:
		case <-ctx.Done():
			cancel()
			return
		}
	}
}

// stopped stops the request under way, and says whether there is one.
func (s *session) stopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel == nil {
		return false
	}
	s.cancelled = true
	s.cancel()
	return true
}

// finished ends the request under way, and says whether the client has stopped it.
func (s *session) finished() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		s.cancel()
	}
	s.cancel = nil
	return s.cancelled
}

// answer is false when the connection is to end.
func (s *session) answer(r request) bool {
	s.buf = s.buf[:0]
	switch {
	case r.kind == kindPrelogin && !s.isLoggedIn:
		s.buf = appendPrelogin(s.buf)
	case r.kind == kindLogin && !s.isLoggedIn:
		return s.login(r.body)
	case !s.isLoggedIn:
		return false
	default:
		return s.answerClient(r)
	}
	s.finished()
	return s.send()
}

func (s *session) answerClient(r request) bool {
	if r.reset {
		s.reset(r.ctx)
	}
	switch r.kind {
	case kindBatch:
		c := cursor{rest: r.body}
		c.skipHeaders()
		if c.bad {
			return false
		}
		s.batch(r.ctx, fromUTF16(c.rest), tokenDone)
	case kindRPC:
		s.call(r.ctx, r.body)
	case kindTransaction:
		s.manage(r.ctx, r.body)
	case kindAttention:
		s.stopped()
	default:
		return false
	}
	if s.finished() {
		s.buf = appendDone(s.buf, tokenDone, doneAttn, 0, 0)
	}
	return s.send()
}

// send sends what is left of an answer, and is false when nobody takes it.
func (s *session) send() bool {
	s.out.write(s.buf)
	s.buf = s.buf[:0]
	return s.out.end() == nil
}

// skipHeaders skips ALL_HEADERS, which say what transaction a request is of: there is but one.
func (c *cursor) skipHeaders() {
	if n := c.uint32(); n < 4 || n > uint32(len(c.rest))+4 {
		c.bad = true
	} else {
		c.next(int(n) - 4)
	}
}

// reset makes a connection as it was after its login, for a client that keeps them in a pool.
func (s *session) reset(ctx context.Context) {
	if s.tx != nil {
		_ = s.rollback(ctx)
	}
	s.isolation = 2
	s.buf = appendEnvBytes(s.buf, envReset, nil, nil)
}

// fail tells of an error, and ends what was asked with token.
func (s *session) fail(err error, token byte) {
	s.mu.Lock()
	cancelled := s.cancelled
	s.mu.Unlock()
	if cancelled { // nobody waits for it
		return
	}
	s.buf = appendError(s.buf, asSQLError(err))
	s.buf = appendDone(s.buf, token, doneError, 0, 0)
}

// call answers a call of a procedure, of which sp_executesql is the only one.
func (s *session) call(ctx context.Context, body []byte) {
	c := &cursor{rest: body}
	c.skipHeaders()
	name := ""
	if n := c.uint16(); n == 0xffff {
		if id := c.uint16(); id == 10 {
			name = "sp_executesql"
		}
	} else {
		name = strings.ToLower(fromUTF16(c.next(2 * int(n))))
	}
	c.uint16() // options
	name = strings.TrimPrefix(strings.TrimPrefix(name, "sys."), "dbo.")
	if name != "sp_executesql" || c.bad {
		s.fail(errorOf(2812, "Could not find stored procedure '%s'.", name), tokenDoneProc)
		return
	}
	var params []param
	for len(c.rest) > 0 && !c.bad {
		p, err := c.param()
		if err != nil {
			s.fail(errorOf(8016, "%v", err), tokenDoneProc)
			return
		}
		params = append(params, p)
	}
	query, params, err := declared(params)
	if err != nil {
		s.fail(err, tokenDoneProc)
		return
	}
	s.batch(ctx, query, tokenDoneProc, params...)
}

// declared splits the parameters of sp_executesql: the statement, what is declared of the others,
// and those.
func declared(params []param) (string, []param, error) {
	missing := errorOf(214, "Procedure expects parameter '@statement' of type 'nvarchar(max)'.")
	if len(params) == 0 {
		return "", nil, missing
	}
	query, ok := params[0].value.(string)
	if !ok {
		return "", nil, missing
	}
	if len(params) == 1 {
		return query, nil, nil
	}
	text, _ := params[1].value.(string)
	params = params[2:]
	p, err := newParser(text, nil)
	if err != nil {
		return "", nil, err
	}
	for i := 0; !p.at(""); i++ {
		name := p.next()
		p.accept("AS")
		typ, err := p.typeName()
		if err != nil {
			return "", nil, err
		}
		if name.kind != tokenParam || i >= len(params) || !p.at("") && !p.accept(",") {
			return "", nil, errorOf(8178, "The parameterized query expects a parameter '%s', "+
				"which was not supplied.", name.raw)
		}
		if err := params[i].become(name.text, typ); err != nil {
			return "", nil, err
		}
	}
	return query, params, nil
}

// become makes a parameter what it is declared to be.
func (p *param) become(name string, typ sqlType) error {
	if p.name != "" && p.name != name {
		return errorOf(8178, "The parameterized query expects the parameter '%s', "+
			"which was not supplied.", name)
	}
	p.name = name
	if p.value != nil && p.typ.family() != typ.family() {
		return clash(p.typ, typ)
	}
	p.typ = typ
	return nil
}

// manage answers a request about a transaction.
func (s *session) manage(ctx context.Context, body []byte) {
	c := &cursor{rest: body}
	c.skipHeaders()
	var err error
	switch kind := c.uint16(); kind {
	case 5:
		err = s.begin(ctx, c.byte())
	case 7, 8:
		c.shortText()
		again := c.byte()
		if kind == 7 {
			err = s.commit(ctx)
		} else {
			err = s.rollback(ctx)
		}
		if err == nil && again&1 != 0 {
			err = s.begin(ctx, c.byte())
		}
	default:
		err = errorOf(8012, "Transaction manager request %d is not known here.", kind)
	}
	if err != nil {
		s.fail(err, tokenDone)
		return
	}
	s.buf = appendDone(s.buf, tokenDone, 0, 0, 0)
}

// descriptor is by what a client knows its transaction.
func (s *session) descriptor() []byte {
	return binary.LittleEndian.AppendUint64(nil, 1)
}
