package tdstest

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
)

// batch runs the statements of a text until one fails. token ends the last of its answers.
func (s *session) batch(ctx context.Context, query string, token byte, params ...param) {
	s.server.note(query)
	each := byte(tokenDone)
	if token == tokenDoneProc {
		each = tokenDoneInProc
	}
	p, err := newParser(query, s.server.tables, params...)
	var st *statement
	if err == nil {
		st, err = p.statement()
	}
	for err == nil && st != nil {
		var rows uint64
		var status uint16
		rows, status, err = s.run(ctx, st)
		if err != nil {
			break
		}
		done := *st
		if st, err = p.statement(); err == nil && st == nil && token == tokenDone {
			s.buf = appendDone(s.buf, token, status, done.command, rows)
			return
		}
		s.buf = appendDone(s.buf, each, status|doneMore, done.command, rows)
	}
	if err != nil {
		s.fail(err, token)
		return
	}
	if token == tokenDoneProc {
		s.buf = append(s.buf, tokenReturnStatus, 0, 0, 0, 0)
	}
	s.buf = appendDone(s.buf, token, 0, 0, 0)
}

// run runs one statement, and writes its result.
func (s *session) run(ctx context.Context, st *statement) (rows uint64, status uint16, err error) {
	switch {
	case st.do != nil:
		return 0, 0, st.do(ctx, s)
	case st.sql == "":
		return 0, 0, nil
	case st.cols == nil:
		err = s.on(ctx, func(conn any) error {
			result, err := conn.(driver.ExecerContext).ExecContext(ctx, st.sql, st.args())
			if err != nil {
				return err
			}
			if n, err := result.RowsAffected(); err == nil {
				rows = uint64(n)
			}
			return nil
		})
	default:
		err = s.on(ctx, func(conn any) error {
			found, err := conn.(driver.QueryerContext).QueryContext(ctx, st.sql, st.args())
			if err != nil {
				return err
			}
			rows, err = s.rows(ctx, st.cols, found)
			return errors.Join(err, found.Close())
		})
	}
	if st.command != 0 {
		status = doneCount
	}
	return rows, status, err
}

const enoughTokens = 16 << 10 // to be cut into packets

// rows writes a result.
func (s *session) rows(
	ctx context.Context, columns []column, found driver.Rows,
) (n uint64, err error) {
	if s.buf, err = appendMetadata(s.buf, columns); err != nil {
		return 0, err
	}
	encoders := make([]encoder, len(columns))
	for i, c := range columns {
		encoders[i] = c.typ.encoder()
	}
	values := make([]driver.Value, len(columns))
	for {
		switch err := found.Next(values); {
		case errors.Is(err, io.EOF):
			return n, nil
		case err != nil:
			return n, err
		}
		row, err := appendRow(s.buf, encoders, values)
		if err != nil {
			return n, err
		}
		s.buf = row
		n++
		if err := s.sent(ctx); err != nil {
			return n, err
		}
		if len(s.buf) >= enoughTokens {
			s.out.write(s.buf)
			s.buf = s.buf[:0]
			if s.out.err != nil {
				return n, s.out.err
			}
		}
	}
}

func appendRow(dst []byte, encoders []encoder, values []driver.Value) ([]byte, error) {
	dst = append(dst, tokenRow)
	var err error
	for i, encode := range encoders {
		if dst, err = encode(dst, values[i]); err != nil {
			return nil, err
		}
	}
	return dst, nil
}
