package tdstest

import (
	"encoding/binary"
	"fmt"
)

// Tokens of an answer.
const (
	tokenReturnStatus = 0x79
	tokenColMetadata  = 0x81
	tokenError        = 0xaa
	tokenLoginAck     = 0xad
	tokenRow          = 0xd1
	tokenEnvChange    = 0xe3
	tokenDone         = 0xfd
	tokenDoneProc     = 0xfe
	tokenDoneInProc   = 0xff
)

// Bits of DONE.
const (
	doneMore  = 0x01
	doneError = 0x02
	doneCount = 0x10
	doneAttn  = 0x20
)

// What an ENVCHANGE is about.
const (
	envDatabase   = 1
	envPacketSize = 4
	envCollation  = 7
	envBegin      = 8
	envCommit     = 9
	envRollback   = 10
	envReset      = 18
)

const (
	programName = "tdstest"
	productName = "Microsoft SQL Server double (tdstest) over PostgreSQL"
	newest      = 0x74000004 // TDS 7.4
	oldest      = 0x730a0003 // 7.3; before it, there are no types for dates
)

// short and long append text after its length.
func short(dst []byte, text string) []byte {
	return appendUTF16(append(dst, byte(utf16Length(text)/2)), text)
}

func long(dst []byte, text string) []byte {
	return appendUTF16(binary.LittleEndian.AppendUint16(dst, uint16(utf16Length(text)/2)), text)
}

// sized appends what put appends, after its length.
func lengthened(dst []byte, token byte, put func([]byte) []byte) []byte {
	at := len(dst) + 1
	dst = put(append(dst, token, 0, 0))
	binary.LittleEndian.PutUint16(dst[at:], uint16(len(dst)-at-2))
	return dst
}

func appendError(dst []byte, e *sqlError) []byte {
	text := []rune(e.text)
	if len(text) > 2000 {
		text = text[:2000]
	}
	return lengthened(dst, tokenError, func(dst []byte) []byte {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(e.number))
		dst = append(dst, 1, e.class)
		dst = short(short(long(dst, string(text)), programName), "")
		return binary.LittleEndian.AppendUint32(dst, 1)
	})
}

func appendDone(dst []byte, token byte, status, command uint16, rows uint64) []byte {
	dst = binary.LittleEndian.AppendUint16(append(dst, token), status)
	dst = binary.LittleEndian.AppendUint16(dst, command)
	return binary.LittleEndian.AppendUint64(dst, rows)
}

func appendEnvText(dst []byte, about byte, to, from string) []byte {
	return lengthened(dst, tokenEnvChange, func(dst []byte) []byte {
		return short(short(append(dst, about), to), from)
	})
}

func appendEnvBytes(dst []byte, about byte, to, from []byte) []byte {
	return lengthened(dst, tokenEnvChange, func(dst []byte) []byte {
		dst = append(append(dst, about, byte(len(to))), to...)
		return append(append(dst, byte(len(from))), from...)
	})
}

func appendLoginAck(dst []byte, version uint32) []byte {
	return lengthened(dst, tokenLoginAck, func(dst []byte) []byte {
		dst = append(dst, 1) // T-SQL
		dst = binary.BigEndian.AppendUint32(dst, version)
		dst = short(dst, "Microsoft SQL Server")
		return append(dst, 15, 0, 0x07, 0xd0)
	})
}

// appendMetadata appends what a result's columns are.
func appendMetadata(dst []byte, columns []column) ([]byte, error) {
	if len(columns) > 4096 {
		return nil, fmt.Errorf("tdstest: %d columns are too many", len(columns))
	}
	dst = binary.LittleEndian.AppendUint16(append(dst, tokenColMetadata), uint16(len(columns)))
	for _, c := range columns {
		kind, flags := uint32(0), uint16(0x08) // perhaps updatable
		if c.typ.name == "rowversion" {
			kind = 80
		}
		if c.Null {
			flags |= 0x01
		}
		dst = binary.LittleEndian.AppendUint32(dst, kind)
		dst = binary.LittleEndian.AppendUint16(dst, flags)
		dst = short(c.typ.appendInfo(dst), c.Name)
	}
	return dst, nil
}
