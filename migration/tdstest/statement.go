package tdstest

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"
)

// What DONE says has been done.
const (
	doneSelect = 0xc1
	doneInsert = 0xc3
	doneDelete = 0xc4
	doneUpdate = 0xc5
)

// statement is one of T-SQL, ready to be run.
type statement struct {
	sql     string   // of PostgreSQL, or "" where do is all
	cols    []column // of a result, or nil
	command uint16
	do      func(context.Context, *session) error
	params  []param
}

func (s *statement) args() []driver.NamedValue {
	var args []driver.NamedValue
	for i, p := range s.params {
		args = append(args, driver.NamedValue{Ordinal: i + 1, Value: p.value})
	}
	return args
}

// statement reads the next one. It is nil at the end.
func (p *parser) statement() (*statement, error) {
	for p.accept(";") {
		continue
	}
	p.used, p.scopes = nil, nil
	var st *statement
	var err error
	switch word := p.next(); {
	case word.is(""):
		return nil, nil
	case word.is("SELECT"):
		var s selection
		s, err = p.selection()
		st = &statement{sql: s.sql, cols: s.cols, command: doneSelect}
	case word.is("INSERT"):
		st, err = p.insert()
	case word.is("UPDATE"):
		st, err = p.update()
	case word.is("DELETE"):
		st, err = p.delete()
	case word.is("TRUNCATE"):
		st, err = p.truncate()
	case word.is("ALTER"):
		st, err = p.alter()
	case word.is("SET"):
		st, err = p.set()
	case word.is("USE"):
		_, err = p.name()
		st = &statement{}
	case word.is("BEGIN"), word.is("COMMIT"), word.is("ROLLBACK"):
		st, err = p.transaction(word.text)
	default:
		return nil, notUnderstood(word.raw)
	}
	if err != nil {
		return nil, err
	}
	if !p.at(";") && !p.at("") && !p.atStatement() {
		return nil, p.unexpected()
	}
	st.params = p.used
	return st, nil
}

func (p *parser) atStatement() bool {
	t := p.peek()
	return t.kind == tokenWord && slices.Contains(strings.Fields(
		"SELECT INSERT UPDATE DELETE TRUNCATE ALTER SET USE BEGIN COMMIT ROLLBACK"), t.text)
}

func (p *parser) truncate() (*statement, error) {
	if err := p.expect("TABLE"); err != nil {
		return nil, err
	}
	t, err := p.writable()
	if err != nil {
		return nil, err
	}
	return &statement{sql: "TRUNCATE " + t.postgres}, nil
}

// writable reads the name of a table that is not a view of the catalogue.
func (p *parser) writable() (*table, error) {
	t, err := p.tableName()
	if err == nil && strings.HasPrefix(t.postgres, "tds.") {
		err = errorOf(259, "%s is a part of the system, and is not updated.", t.Name)
	}
	return t, err
}

// set reads what changes nothing here, and the isolation of the transactions to come.
func (p *parser) set() (*statement, error) {
	if p.accept("TRANSACTION", "ISOLATION", "LEVEL") {
		return p.isolation()
	}
	option := p.next()
	known := strings.Fields(`NOCOUNT TEXTSIZE XACT_ABORT LOCK_TIMEOUT ANSI_NULLS ANSI_PADDING
		ANSI_WARNINGS ANSI_DEFAULTS ANSI_NULL_DFLT_ON ARITHABORT ARITHIGNORE QUOTED_IDENTIFIER
		CONCAT_NULL_YIELDS_NULL CURSOR_CLOSE_ON_COMMIT IMPLICIT_TRANSACTIONS NUMERIC_ROUNDABORT
		DEADLOCK_PRIORITY`)
	if option.kind != tokenWord || !slices.Contains(known, option.text) {
		return nil, notUnderstood(option.raw)
	}
	if option.text == "IMPLICIT_TRANSACTIONS" && !p.at("OFF") {
		return nil, p.unexpected()
	}
	for p.accept(",") {
		p.pos++
	}
	p.accept("-")
	p.pos++
	if p.pos >= len(p.tokens) {
		p.pos = len(p.tokens) - 1
		return nil, p.unexpected()
	}
	return &statement{}, nil
}

func (p *parser) isolation() (*statement, error) {
	for level, words := range map[byte][]string{
		1: {"READ", "UNCOMMITTED"}, 2: {"READ", "COMMITTED"}, 3: {"REPEATABLE", "READ"},
		4: {"SERIALIZABLE"}, 5: {"SNAPSHOT"},
	} {
		if p.accept(words...) {
			return &statement{do: func(_ context.Context, s *session) error {
				s.isolation = level
				return nil
			}}, nil
		}
	}
	return nil, p.unexpected()
}

func (p *parser) transaction(word string) (*statement, error) {
	short := p.accept("TRAN") || p.accept("TRANSACTION") || word != "BEGIN" && p.accept("WORK")
	if word == "BEGIN" && !short {
		return nil, p.unexpected()
	}
	return &statement{do: func(ctx context.Context, s *session) error {
		switch word {
		case "BEGIN":
			return s.begin(ctx, 0)
		case "COMMIT":
			return s.commit(ctx)
		}
		return s.rollback(ctx)
	}}, nil
}
