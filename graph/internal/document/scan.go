package document

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
)

// scan looks at the tokens of a text, one after another, before the parser builds anything of them:
// it goes a level deeper for each bracket, and so must not be given too many.
func scan(text string) (tokens int, fault *gqlerror.Error) {
	if len(text) > maxText {
		return 0, tooComplex(len(text), "bytes", maxText)
	}
	var depth, deepest, longestName, longestString int
	at := place{text: text}
	read := lexer.New(&ast.Source{Input: text})
	for {
		token, err := read.ReadToken()
		if err != nil || token.Kind == lexer.EOF {
			break // what is wrong is for the parser to say: it comes no further either
		}
		tokens++
		switch token.Kind {
		case lexer.BraceL, lexer.BracketL:
			depth++
			deepest = max(deepest, depth)
		case lexer.BraceR, lexer.BracketR:
			depth--
		case lexer.Name:
			longestName = max(longestName, len(token.Value))
		case lexer.BlockString:
			longestString = max(longestString, len(token.Value))
		case lexer.String:
			longestString = max(longestString, len(token.Value))
			// The lexer reads half of a surrogate pair as the letter that stands for what is no letter.
			if strings.ContainsRune(token.Value, utf8.RuneError) &&
				halfSurrogate(at.between(token.Pos.Start, token.Pos.End)) {
				return 0, newErrorAt(&token.Pos, errcode.ParseFailed,
					"The document cannot be read: a string has half of a surrogate pair")
			}
		default:
		}
	}
	return tokens, firstTooComplex(
		measured{tokens, "tokens", maxTokens},
		measured{deepest, "levels of brackets", maxDepth},
		measured{longestName, "letters in a name", maxName},
		measured{longestString, "bytes in a string", maxString},
	)
}

// A place is how far a text has been gone through: tokens know where they stand by the letter, and
// texts are cut by the byte. It goes forwards only, so that all its steps are one walk.
type place struct {
	text           string
	letters, bytes int
}

func (p *place) between(start, end int) string {
	from := p.to(start)
	return p.text[from:p.to(end)]
}

func (p *place) to(letter int) int {
	for ; p.letters < letter; p.letters++ {
		_, size := utf8.DecodeRuneInString(p.text[p.bytes:])
		p.bytes += size
	}
	return p.bytes
}

// halfSurrogate reports whether a string, as it is written, has one half of a surrogate pair
// without the other. The lexer has seen that its escapes are whole.
func halfSurrogate(written string) bool {
	for i := 0; i < len(written); i++ {
		if written[i] != '\\' {
			continue
		}
		first, size := escaped(written[i:])
		i += size - 1
		if !utf16.IsSurrogate(first) {
			continue
		}
		second, size := escaped(written[i+1:])
		if utf16.DecodeRune(first, second) == utf8.RuneError {
			return true
		}
		i += size
	}
	return false
}

// escaped returns what a text that begins with \uXXXX begins with, and how long that is. Of another
// escape it tells the beginning alone, which is long enough to go past it.
func escaped(written string) (letter rune, size int) {
	if len(written) < 6 || written[:2] != `\u` {
		return 0, 2
	}
	code, err := strconv.ParseUint(written[2:6], 16, 16)
	if err != nil { // \u{...}, which has no halves
		return 0, 2
	}
	return rune(code), 6
}
