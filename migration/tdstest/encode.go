package tdstest

import (
	"database/sql/driver"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/bits"
	"time"
)

// encoder appends a value that PostgreSQL has given, as a row of TDS has it.
type encoder func(dst []byte, v driver.Value) ([]byte, error)

func (t sqlType) encoder() encoder {
	f := t.fact()
	switch f.wire {
	case wireInt, wireBit:
		return encodeInt(f.size)
	case wireFloat:
		return encodeFloat(f.size)
	case wireDecimal, wireNumeric:
		return encodeText(func(dst []byte, s string) ([]byte, error) {
			return appendDecimal(dst, s, decimalSize(t.prec)-1, t.scale)
		})
	case wireMoney:
		return encodeText(moneyEncoder(f.size))
	case wireDate, wireDatetime:
		return encodeMoment(f)
	case wireTime, wireExact, wireZoned:
		return encodeText(func(dst []byte, s string) ([]byte, error) {
			return appendClock(dst, s, f.family, t.scale)
		})
	case wireGUID:
		return encodeText(appendGUID)
	case 0:
		return encodeInt(4)
	}
	return t.stringEncoder(f)
}

func encodeInt(size int) encoder {
	return func(dst []byte, v driver.Value) ([]byte, error) {
		n, ok := v.(int64)
		if b, is := v.(bool); is {
			ok = true
			if b {
				n = 1
			}
		}
		switch {
		case v == nil:
			return append(dst, 0), nil
		case !ok:
			return nil, unexpectedValue(v)
		}
		dst = append(dst, byte(size))
		for range size {
			dst = append(dst, byte(n))
			n >>= 8
		}
		return dst, nil
	}
}

func encodeFloat(size int) encoder {
	return func(dst []byte, v driver.Value) ([]byte, error) {
		n, ok := v.(float64)
		switch {
		case v == nil:
			return append(dst, 0), nil
		case !ok:
			return nil, unexpectedValue(v)
		case size == 4:
			return binary.LittleEndian.AppendUint32(append(dst, 4), math.Float32bits(float32(n))), nil
		}
		return binary.LittleEndian.AppendUint64(append(dst, 8), math.Float64bits(n)), nil
	}
}

// encodeText takes what is given as text.
func encodeText(put func(dst []byte, s string) ([]byte, error)) encoder {
	return func(dst []byte, v driver.Value) ([]byte, error) {
		switch v := v.(type) {
		case nil:
			return append(dst, 0), nil
		case string:
			return put(dst, v)
		case []byte:
			return put(dst, string(v))
		}
		return nil, unexpectedValue(v)
	}
}

func unexpectedValue(v driver.Value) error {
	return fmt.Errorf("tdstest: PostgreSQL has given a %T where another type is expected", v)
}

// wide is a number of 128 bits: the digits of a decimal, without their sign.
type wide struct{ high, low uint64 }

// timesTen is w with one more digit, and whether it has room for it.
func (w wide) timesTen(digit uint64) (wide, bool) {
	high, low := bits.Mul64(w.low, 10)
	over, top := bits.Mul64(w.high, 10)
	low, carry := bits.Add64(low, digit, 0)
	top, carry = bits.Add64(top, high, carry)
	return wide{top, low}, over == 0 && carry == 0
}

// parseDecimal reads digits with a point, to scale digits behind it. Further ones round.
func parseDecimal(s string, scale int) (n wide, negative bool, err error) {
	rest := s
	if rest != "" && (rest[0] == '-' || rest[0] == '+') {
		negative = rest[0] == '-'
		rest = rest[1:]
	}
	left, point, ok := scale, false, rest != ""
	for i := 0; i < len(rest) && ok; i++ {
		c := rest[i]
		switch {
		case c == '.' && !point:
			point = true
			continue
		case c < '0' || c > '9':
			ok = false
		case !point:
			n, ok = n.timesTen(uint64(c - '0'))
		case left > 0:
			n, ok = n.timesTen(uint64(c - '0'))
			left--
		case left == 0:
			left--
			if c >= '5' {
				var carry uint64
				n.low, carry = bits.Add64(n.low, 1, 0)
				n.high += carry
			}
		}
	}
	for ; left > 0 && ok; left-- {
		n, ok = n.timesTen(0)
	}
	if !ok {
		return n, negative, fmt.Errorf("tdstest: %q is no decimal of scale %d", s, scale)
	}
	return n, negative, nil
}

func appendDecimal(dst []byte, s string, size, scale int) ([]byte, error) {
	n, negative, err := parseDecimal(s, scale)
	if err != nil {
		return nil, err
	}
	if size < 16 && (n.high != 0 && size <= 8 || size < 8 && n.low>>(8*size) != 0 ||
		size > 8 && n.high>>(8*(size-8)) != 0) {
		return nil, fmt.Errorf("tdstest: %q is too large for a decimal of %d bytes", s, size)
	}
	sign := byte(1)
	if negative {
		sign = 0
	}
	dst = append(dst, byte(size+1), sign)
	for i := range size {
		if i < 8 {
			dst = append(dst, byte(n.low>>(8*i)))
			continue
		}
		dst = append(dst, byte(n.high>>(8*(i-8))))
	}
	return dst, nil
}

func moneyEncoder(size int) func([]byte, string) ([]byte, error) {
	return func(dst []byte, s string) ([]byte, error) {
		unsigned, negative, err := parseDecimal(s, 4)
		if err != nil || unsigned.high != 0 {
			return nil, fmt.Errorf("tdstest: %q is no money", s)
		}
		n := unsigned.low
		if negative {
			n = -n
		}
		dst = append(dst, byte(size))
		if size == 8 { // the upper half comes first
			dst = binary.LittleEndian.AppendUint32(dst, uint32(n>>32))
		}
		return binary.LittleEndian.AppendUint32(dst, uint32(n)), nil
	}
}

// Days from 1 January 1970 back to where date and datetime begin.
const (
	dateEpoch     = -719162 // 1 January of the year 1
	datetimeEpoch = -25567  // 1 January 1900
	secondsOfDay  = 86400
	lastDay       = 3652058 // 31 December 9999, from 1 January of the year 1
)

func encodeMoment(f fact) encoder {
	return func(dst []byte, v driver.Value) ([]byte, error) {
		t, ok := v.(time.Time)
		switch {
		case v == nil:
			return append(dst, 0), nil
		case !ok:
			return nil, unexpectedValue(v)
		}
		seconds := t.Unix()
		day := seconds / secondsOfDay
		second := seconds % secondsOfDay
		if second < 0 {
			day, second = day-1, second+secondsOfDay
		}
		switch n := day - dateEpoch; {
		case n < 0 || n > lastDay,
			f.size == 4 && (day < datetimeEpoch || day-datetimeEpoch > math.MaxUint16):
			return nil, fmt.Errorf("tdstest: %s is beyond the type of its column", t)
		case f.wire == wireDate:
			return append(dst, 3, byte(n), byte(n>>8), byte(n>>16)), nil
		case f.size == 4:
			dst = binary.LittleEndian.AppendUint16(append(dst, 4), uint16(day-datetimeEpoch))
			return binary.LittleEndian.AppendUint16(dst, uint16(second/60)), nil
		}
		ticks := second*300 + (int64(t.Nanosecond())*3+5_000_000)/10_000_000
		if ticks == secondsOfDay*300 {
			day, ticks = day+1, 0
		}
		dst = binary.LittleEndian.AppendUint32(append(dst, 8), uint32(day-datetimeEpoch))
		return binary.LittleEndian.AppendUint32(dst, uint32(ticks)), nil
	}
}

func appendGUID(dst []byte, s string) ([]byte, error) {
	var digits [32]byte
	n := 0
	for i := range len(s) {
		if s[i] != '-' && n < len(digits) {
			digits[n] = s[i]
			n++
		}
	}
	var id [16]byte
	if size, err := hex.Decode(id[:], digits[:n]); err != nil || size != len(id) {
		return nil, fmt.Errorf("tdstest: %q is no uniqueidentifier", s)
	}
	swapGUID(&id)
	return append(append(dst, 16), id[:]...), nil
}

// swapGUID turns round the first three parts, which SQL Server has with the lowest byte first.
func swapGUID(id *[16]byte) {
	id[0], id[1], id[2], id[3] = id[3], id[2], id[1], id[0]
	id[4], id[5] = id[5], id[4]
	id[6], id[7] = id[7], id[6]
}
