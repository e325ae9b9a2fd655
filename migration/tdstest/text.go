package tdstest

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// collation is SQL_Latin1_General_CP1_CI_AS, by which clients take varchar for code page 1252.
func collation() []byte { return []byte{0x09, 0x04, 0xd0, 0x00, 0x34} }

// above1252 are the letters of code page 1252 from 0x80 to 0x9f; where it has none, Windows and SQL
// Server have the control letter of that number.
const above1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"

// append1252 appends text in code page 1252, with ? for what that has not, as SQL Server does.
func append1252(dst []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < utf8.RuneSelf {
			dst = append(dst, c)
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		dst = append(dst, to1252(r))
		i += size - 1
	}
	return dst
}

func to1252(r rune) byte {
	if r >= 0xa0 && r <= 0xff {
		return byte(r)
	}
	n := byte(0x80)
	for _, other := range above1252 {
		if other == r {
			return n
		}
		n++
	}
	return '?'
}

func from1252(p []byte) string {
	above := []rune(above1252)
	text := make([]rune, len(p))
	for i, c := range p {
		text[i] = rune(c)
		if c >= 0x80 && c < 0xa0 {
			text[i] = above[c-0x80]
		}
	}
	return string(text)
}

func appendUTF16(dst []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < utf8.RuneSelf {
			dst = append(dst, c, 0)
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r >= 0x10000 {
			high, low := utf16.EncodeRune(r)
			dst = binary.LittleEndian.AppendUint16(dst, uint16(high))
			r = low
		}
		dst = binary.LittleEndian.AppendUint16(dst, uint16(r))
		i += size - 1
	}
	return dst
}

func fromUTF16(p []byte) string {
	units := make([]uint16, len(p)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(p[2*i:])
	}
	return string(utf16.Decode(units))
}

// utf16Length is how many bytes text takes in UTF-16.
func utf16Length(text string) int {
	n := 0
	for _, r := range text {
		n += 2
		if r >= 0x10000 {
			n += 2
		}
	}
	return n
}
