package tdstest

import (
	"encoding/hex"
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// param is a value that came with a statement: as text that PostgreSQL reads as the type.
type param struct {
	name  string // with its @, in lower case
	typ   sqlType
	value any // a string, or nil
}

var errBadParameter = errors.New("the parameter is of a type that is not known here, or broken")

// param reads one parameter of a call.
func (c *cursor) param() (param, error) {
	p := param{name: strings.ToLower(c.shortText())}
	if flags := c.byte(); flags&^2 != 0 { // what is by reference wants an answer
		return p, errBadParameter
	}
	var err error
	if p.typ, err = c.info(); err != nil {
		return p, err
	}
	p.value, err = c.value(p.typ)
	if err == nil && c.bad {
		err = errBadParameter
	}
	return p, err
}

// info reads TYPE_INFO. Types of a fixed length become those that may be NULL, with their length
// put before the value, as if it had been sent.
func (c *cursor) info() (sqlType, error) {
	wire := c.byte()
	if t, size := fixedType(wire); t != "" {
		c.rest = append([]byte{byte(size)}, c.rest...)
		return plain(t), nil
	}
	switch wire {
	case wireNull:
		c.rest = append([]byte{0}, c.rest...)
		return plain("int"), nil
	case wireDate:
		return plain("date"), nil
	case wireDecimal, wireNumeric:
		c.byte()
		t := sqlType{name: "decimal", prec: int(c.byte()), scale: int(c.byte())}
		if t.prec > 38 || t.scale > t.prec {
			return t, errBadParameter
		}
		return t, nil
	case wireTime, wireExact, wireZoned:
		t := plain(map[byte]string{
			wireTime: "time", wireExact: "datetime2", wireZoned: "datetimeoffset",
		}[wire])
		if t.scale = int(c.byte()); t.scale > 7 {
			return t, errBadParameter
		}
		return t, nil
	}
	if name, ok := map[byte]string{
		wireVarchar: "varchar", wireChar: "varchar", wireNvarchar: "nvarchar",
		wireNchar: "nvarchar", wireVarbin: "varbinary", wireBinary: "varbinary",
	}[wire]; ok {
		return c.stringInfo(name), nil
	}
	name, ok := sizedName(wire, c.byte())
	if !ok {
		return sqlType{}, errBadParameter
	}
	return plain(name), nil
}

func (c *cursor) stringInfo(name string) sqlType {
	t := sqlType{name: name, size: int(c.uint16())}
	if t.size == nullShort {
		t.size = unlimited
	} else if t.isWide() {
		t.size /= 2
	}
	if name != "varbinary" {
		c.next(len(collation()))
	}
	if t.size == 0 {
		t.size = 1
	}
	return t
}

func fixedType(wire byte) (name string, size int) {
	switch wire {
	case 0x30:
		return "tinyint", 1
	case 0x32:
		return "bit", 1
	case 0x34:
		return "smallint", 2
	case 0x38:
		return "int", 4
	case 0x3a:
		return "smalldatetime", 4
	case 0x3b:
		return "real", 4
	case 0x3c:
		return "money", 8
	case 0x3d:
		return "datetime", 8
	case 0x3e:
		return "float", 8
	case 0x7a:
		return "smallmoney", 4
	case 0x7f:
		return "bigint", 8
	}
	return "", 0
}

func sizedName(wire, size byte) (string, bool) {
	name, ok := map[[2]byte]string{
		{wireInt, 1}: "tinyint", {wireInt, 2}: "smallint", {wireInt, 4}: "int",
		{wireInt, 8}: "bigint", {wireBit, 1}: "bit", {wireFloat, 4}: "real",
		{wireFloat, 8}: "float", {wireMoney, 4}: "smallmoney", {wireMoney, 8}: "money",
		{wireDatetime, 4}: "smalldatetime", {wireDatetime, 8}: "datetime",
		{wireGUID, 16}: "uniqueidentifier",
	}[[2]byte{wire, size}]
	return name, ok
}

// value reads what follows TYPE_INFO.
func (c *cursor) value(t sqlType) (any, error) {
	f := t.fact()
	if f.family == text || f.family == binaryData {
		p, ok := c.bytes(t)
		switch {
		case !ok:
			return nil, nil
		case f.family == binaryData:
			return `\x` + hex.EncodeToString(p), nil
		case t.isWide():
			return fromUTF16(p), nil
		}
		return from1252(p), nil
	}
	size := int(c.byte())
	p := c.next(size)
	switch {
	case c.bad:
		return nil, errBadParameter
	case size == 0:
		return nil, nil
	}
	return decodeValue(t, f, &cursor{rest: p}, size)
}

// bytes reads text or bytes, and false for NULL.
func (c *cursor) bytes(t sqlType) ([]byte, bool) {
	if t.size != unlimited {
		n := c.uint16()
		if n == nullShort {
			return nil, false
		}
		return c.next(int(n)), true
	}
	if c.uint64() == nullLong {
		return nil, false
	}
	var all []byte
	for !c.bad {
		n := c.uint32()
		if n == 0 {
			break
		}
		all = append(all, c.next(int(n))...)
	}
	return all, true
}

func decodeValue(t sqlType, f fact, c *cursor, size int) (any, error) {
	var value string
	switch f.wire {
	case wireInt, wireBit:
		value = decodeInt(t, c, size)
	case wireFloat:
		value = decodeFloat(c, size)
	case wireDecimal, wireNumeric:
		value = decodeDecimal(c, t.scale)
	case wireMoney:
		value = decodeMoney(c, size)
	case wireDate:
		value = exactText(c.day(), 0)[:dateLength]
	case wireDatetime:
		value = decodeDatetime(c, size)
	case wireTime, wireExact, wireZoned:
		value = decodeClock(c, f.family, t.scale)
	case wireGUID:
		var id [16]byte
		copy(id[:], c.next(16))
		swapGUID(&id)
		value = hex.EncodeToString(id[:])
	}
	if c.bad || len(c.rest) != 0 {
		return nil, errBadParameter
	}
	return value, nil
}

func decodeInt(t sqlType, c *cursor, size int) string {
	n := int64(0)
	for i, b := range c.next(size) {
		n |= int64(b) << (8 * i)
	}
	if size < 8 && t.name != "tinyint" && t.name != "bit" {
		shift := 64 - 8*size
		n = n << shift >> shift
	}
	return strconv.FormatInt(n, 10)
}

func decodeFloat(c *cursor, size int) string {
	if size == 4 {
		return strconv.FormatFloat(float64(math.Float32frombits(c.uint32())), 'g', -1, 32)
	}
	return strconv.FormatFloat(math.Float64frombits(c.uint64()), 'g', -1, 64)
}

func decodeDecimal(c *cursor, scale int) string {
	negative := c.byte() == 0
	digits := make([]byte, len(c.rest))
	for i, b := range c.rest {
		digits[len(digits)-1-i] = b
	}
	c.rest = nil
	return withPoint(new(big.Int).SetBytes(digits), negative, scale)
}

func withPoint(n *big.Int, negative bool, scale int) string {
	s := n.String()
	for len(s) <= scale {
		s = "0" + s
	}
	if scale > 0 {
		s = s[:len(s)-scale] + "." + s[len(s)-scale:]
	}
	if negative {
		s = "-" + s
	}
	return s
}

func decodeMoney(c *cursor, size int) string {
	n := int64(int32(c.uint32()))
	if size == 8 {
		n = n<<32 | int64(c.uint32())
	}
	whole := big.NewInt(n)
	return withPoint(whole.Abs(whole), n < 0, 4)
}

func (c *cursor) day() int64 {
	p := c.next(3)
	return int64(p[0]) | int64(p[1])<<8 | int64(p[2])<<16
}

func decodeDatetime(c *cursor, size int) string {
	var at time.Time
	if size == 4 {
		day, minute := int64(c.uint16()), int64(c.uint16())
		at = time.Unix((day+datetimeEpoch)*secondsOfDay+minute*60, 0)
	} else {
		day, ticks := int64(int32(c.uint32())), int64(c.uint32())
		milliseconds := (ticks%300*10 + 1) / 3
		at = time.Unix((day+datetimeEpoch)*secondsOfDay+ticks/300, milliseconds*1e6)
	}
	return at.UTC().Format("2006-01-02 15:04:05.000")
}

func decodeClock(c *cursor, f family, scale int) string {
	ticks := int64(0)
	for i, b := range c.next(clockSize(scale)) {
		ticks |= int64(b) << (8 * i)
	}
	ticks *= power(7 - scale)
	if f == clock {
		return clockText(ticks)
	}
	day := c.day()
	if f == exact {
		return exactText(day, ticks)
	}
	offset := int64(int16(c.uint16()))
	ticks += offset * 60 * power(7)
	perDay := secondsOfDay * power(7)
	for ; ticks < 0; day-- {
		ticks += perDay
	}
	for ; ticks >= perDay; day++ {
		ticks -= perDay
	}
	sign := "+"
	if offset < 0 {
		sign, offset = "-", -offset
	}
	return exactText(day, ticks) + " " + sign +
		time.Unix(offset*60, 0).UTC().Format("15:04")
}
