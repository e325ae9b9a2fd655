package tdstest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokenEnd      tokenKind = iota
	tokenWord               // unquoted: a keyword or a name
	tokenName               // in brackets or double quotes
	tokenString             // without its quotes
	tokenNational           // N'..'
	tokenNumber
	tokenHex
	tokenParam // @x
	tokenMark  // an operator, a bracket, a comma
)

type token struct {
	kind tokenKind
	text string // of a word in capitals, of a parameter in lower case
	raw  string // as written
}

// tokens splits T-SQL.
func tokens(sql string) ([]token, *sqlError) {
	var all []token
	for {
		var ok bool
		if sql, ok = skipBlanks(sql); !ok {
			return nil, notUnderstood("/*")
		}
		if sql == "" {
			return append(all, token{}), nil
		}
		t, rest, ok := nextToken(sql)
		if !ok {
			return nil, notUnderstood(firstLetters(sql))
		}
		all = append(all, t)
		sql = rest
	}
}

func firstLetters(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20])
	}
	return s
}

// skipBlanks also skips comments. It is false for one that has no end.
func skipBlanks(sql string) (string, bool) {
	for {
		sql = strings.TrimLeftFunc(sql, func(r rune) bool {
			return unicode.IsSpace(r) || r == 0xfeff
		})
		switch {
		case strings.HasPrefix(sql, "--"):
			_, sql, _ = strings.Cut(sql, "\n")
		case strings.HasPrefix(sql, "/*"):
			rest, ok := afterComment(sql[2:])
			if !ok {
				return "", false
			}
			sql = rest
		default:
			return sql, true
		}
	}
}

// afterComment is what follows a comment, which may hold comments.
func afterComment(sql string) (string, bool) {
	for depth := 1; depth > 0; {
		at := strings.IndexAny(sql, "*/")
		if at < 0 || at+1 == len(sql) {
			return "", false
		}
		switch sql[at : at+2] {
		case "/*":
			depth++
			at++
		case "*/":
			depth--
			at++
		}
		sql = sql[at+1:]
	}
	return sql, true
}

func nextToken(sql string) (t token, rest string, ok bool) {
	c := sql[0]
	switch {
	case c == '\'':
		return quoted(sql, 0, '\'', tokenString)
	case (c == 'N' || c == 'n') && strings.HasPrefix(sql[1:], "'"):
		return quoted(sql, 1, '\'', tokenNational)
	case c == '[':
		return quoted(sql, 0, ']', tokenName)
	case c == '"':
		return quoted(sql, 0, '"', tokenName)
	case strings.HasPrefix(sql, "0x") || strings.HasPrefix(sql, "0X"):
		n := 2 + lengthOf(sql[2:], func(r rune) bool {
			return strings.ContainsRune("0123456789abcdefABCDEF", r)
		})
		return token{tokenHex, sql[2:n], sql[:n]}, sql[n:], true
	case c >= '0' && c <= '9', c == '.' && len(sql) > 1 && sql[1] >= '0' && sql[1] <= '9':
		n := numberLength(sql)
		return token{tokenNumber, sql[:n], sql[:n]}, sql[n:], true
	}
	if n := lengthOf(sql, isOfWord); n > 0 {
		word := sql[:n]
		if c == '@' {
			return token{tokenParam, strings.ToLower(word), word}, sql[n:], true
		}
		return token{tokenWord, strings.ToUpper(word), word}, sql[n:], true
	}
	for _, mark := range []string{"<>", "!=", "<=", ">="} {
		if strings.HasPrefix(sql, mark) {
			return token{tokenMark, mark, mark}, sql[2:], true
		}
	}
	if strings.IndexByte("()+-*/%,;=<>.", c) >= 0 {
		return token{tokenMark, sql[:1], sql[:1]}, sql[1:], true
	}
	return token{}, "", false
}

func isOfWord(r rune) bool {
	return r == '_' || r == '@' || r == '#' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

func lengthOf(s string, is func(rune) bool) int {
	for at, r := range s {
		if !is(r) || r == utf8.RuneError {
			return at
		}
	}
	return len(s)
}

func numberLength(s string) int {
	isDigit := func(r rune) bool { return r >= '0' && r <= '9' }
	n := lengthOf(s, isDigit)
	if n < len(s) && s[n] == '.' {
		n++
		n += lengthOf(s[n:], isDigit)
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		after := n + 1
		if after < len(s) && (s[after] == '+' || s[after] == '-') {
			after++
		}
		if digits := lengthOf(s[after:], isDigit); digits > 0 {
			n = after + digits
		}
	}
	return n
}

// quoted reads what begins after skip letters with a quote and ends with another, which is doubled
// where it is meant.
func quoted(sql string, skip int, end byte, kind tokenKind) (token, string, bool) {
	var b strings.Builder
	for at := skip + 1; at < len(sql); at++ {
		switch {
		case sql[at] != end:
			b.WriteByte(sql[at])
		case at+1 < len(sql) && sql[at+1] == end:
			b.WriteByte(end)
			at++
		default:
			return token{kind, b.String(), sql[:at+1]}, sql[at+1:], true
		}
	}
	return token{}, "", false
}
