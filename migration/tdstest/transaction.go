package tdstest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// begin starts a transaction, with the isolation of the session unless another is asked for.
func (s *session) begin(ctx context.Context, isolation byte) error {
	if s.tx != nil {
		return errorOf(3989, "New request is not allowed to start because it should come with "+
			"valid transaction descriptor.")
	}
	if isolation == 0 {
		isolation = s.isolation
	}
	level, ok := map[byte]string{
		1: "READ COMMITTED", 2: "READ COMMITTED", 3: "REPEATABLE READ", 4: "SERIALIZABLE",
		5: "REPEATABLE READ",
	}[isolation]
	if !ok {
		return errorOf(8012, "Isolation level %d is not known here.", isolation)
	}
	conn, err := s.server.db.Conn(ctx)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "BEGIN ISOLATION LEVEL "+level); err != nil {
		conn.Close()
		return err
	}
	s.tx, s.failed = conn, false
	s.buf = appendEnvBytes(s.buf, envBegin, s.descriptor(), nil)
	return nil
}

func (s *session) commit(ctx context.Context) error {
	if s.tx == nil {
		return errorOf(3902, "The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.")
	}
	if s.failed {
		if err := s.rollback(ctx); err != nil {
			return err
		}
		return errorOf(failedTransaction, "The current transaction cannot be committed and cannot "+
			"support operations that write to the log file. It was rolled back.")
	}
	return s.end(ctx, "COMMIT", envCommit)
}

func (s *session) rollback(ctx context.Context) error {
	if s.tx == nil {
		return errorOf(3903,
			"The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.")
	}
	return s.end(ctx, "ROLLBACK", envRollback)
}

// end ends the transaction. Where PostgreSQL does not do as it is told, its connection is given up.
func (s *session) end(ctx context.Context, how string, change byte) error {
	conn := s.tx
	s.tx = nil
	s.buf = appendEnvBytes(s.buf, change, nil, s.descriptor())
	err := conn.Raw(func(of any) error {
		_, err := of.(driver.ExecerContext).ExecContext(ctx, how, nil)
		if err != nil {
			return fmt.Errorf("%w: %w", driver.ErrBadConn, err)
		}
		return nil
	})
	conn.Close()
	if how == "ROLLBACK" && errors.Is(err, driver.ErrBadConn) {
		return nil // it is gone, and the transaction with it
	}
	return err
}

// on gives do a connection of PostgreSQL: that of the transaction, if there is one.
func (s *session) on(ctx context.Context, do func(conn any) error) error {
	if s.tx != nil {
		return s.onTransaction(do)
	}
	conn, err := s.server.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(do)
}

func (s *session) onTransaction(do func(conn any) error) error {
	if s.failed {
		return errorOf(failedTransaction, "The current transaction cannot be committed and cannot "+
			"support operations that write to the log file. Roll back the transaction.")
	}
	err := s.tx.Raw(do)
	if err != nil {
		s.failed = true
	}
	if errors.Is(err, sql.ErrConnDone) {
		err = errorOf(failedTransaction, "The transaction is lost.")
	}
	return err
}
