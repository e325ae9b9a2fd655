package tdstest

import (
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"strconv"
	"time"
)

// Lengths that stand for NULL, and for a length that is not told beforehand.
const (
	nullShort  = 0xffff
	nullLong   = 0xffffffffffffffff
	lengthLong = 0xfffffffffffffffe
)

func (t sqlType) stringEncoder(f fact) encoder {
	put := append1252
	switch {
	case f.family == binaryData:
		put = func(dst []byte, s string) []byte { return append(dst, s...) }
	case t.isWide():
		put = appendUTF16
	}
	if t.size == unlimited {
		return longEncoder(put)
	}
	width := 0 // to fill up to, with zeros
	if t.name == "binary" {
		width = t.size
	}
	return func(dst []byte, v driver.Value) ([]byte, error) {
		at := len(dst)
		dst = append(dst, 0, 0)
		switch v := v.(type) {
		case nil:
			return append(dst[:at], 0xff, 0xff), nil
		case string:
			dst = put(dst, v)
		case []byte:
			dst = put(dst, string(v))
		default:
			return nil, unexpectedValue(v)
		}
		for len(dst)-at-2 < width {
			dst = append(dst, 0)
		}
		size := len(dst) - at - 2
		if size >= nullShort {
			return nil, fmt.Errorf("tdstest: %d bytes are too long for a %s", size, t)
		}
		binary.LittleEndian.PutUint16(dst[at:], uint16(size))
		return dst, nil
	}
}

// longEncoder is for what is of max: in pieces, here one, and an empty one at the end.
func longEncoder(put func([]byte, string) []byte) encoder {
	return func(dst []byte, v driver.Value) ([]byte, error) {
		var s string
		switch v := v.(type) {
		case nil:
			return binary.LittleEndian.AppendUint64(dst, nullLong), nil
		case string:
			s = v
		case []byte:
			s = string(v)
		default:
			return nil, unexpectedValue(v)
		}
		dst = binary.LittleEndian.AppendUint64(dst, lengthLong)
		if s == "" {
			return append(dst, 0, 0, 0, 0), nil
		}
		at := len(dst)
		dst = put(append(dst, 0, 0, 0, 0), s)
		binary.LittleEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
		return append(dst, 0, 0, 0, 0), nil
	}
}

// Where the parts of a moment stand that is kept as text: 2099-12-31 23:59:59.1234567 +01:00.
const (
	dateLength  = len("2099-12-31")
	clockAt     = len("2099-12-31 ")
	clockLength = len("23:59:59.1234567")
	zoneAt      = len("2099-12-31 23:59:59.1234567 ")
	exactLength = zoneAt - 1
	zonedLength = zoneAt + len("+01:00")
)

// appendClock appends a time, a datetime2 or a datetimeoffset.
func appendClock(dst []byte, s string, f family, scale int) ([]byte, error) {
	day, offset := int64(0), 0
	at, length := 0, clockLength
	if f != clock {
		at, length = clockAt, exactLength
	}
	if f == zoned {
		length = zonedLength
	}
	ok := len(s) == length
	if ok && f != clock {
		day, ok = dayOf(s[:dateLength])
	}
	if ok && f == zoned {
		offset, ok = minutesOf(s[zoneAt:])
	}
	var ticks int64
	if ok {
		ticks, ok = ticksOf(s[at:at+clockLength], scale)
	}
	if !ok {
		return nil, fmt.Errorf("tdstest: %q is not kept as it should be", s)
	}
	if f != clock {
		perDay := secondsOfDay * power(scale)
		ticks -= int64(offset) * 60 * power(scale) // what is sent is of UTC
		for ; ticks < 0; day-- {
			ticks += perDay
		}
		for ; ticks >= perDay; day++ {
			ticks -= perDay
		}
	}
	return appendTicks(dst, f, scale, ticks, day, offset), nil
}

func appendTicks(dst []byte, f family, scale int, ticks, day int64, offset int) []byte {
	at := len(dst)
	dst = append(dst, 0)
	for range clockSize(scale) {
		dst = append(dst, byte(ticks))
		ticks >>= 8
	}
	if f != clock {
		n := day - dateEpoch
		dst = append(dst, byte(n), byte(n>>8), byte(n>>16))
	}
	if f == zoned {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(int16(offset)))
	}
	dst[at] = byte(len(dst) - at - 1)
	return dst
}

// clockSize is how many bytes a time of a scale takes.
func clockSize(scale int) int {
	switch {
	case scale <= 2:
		return 3
	case scale <= 4:
		return 4
	}
	return 5
}

func power(scale int) int64 {
	n := int64(1)
	for range scale {
		n *= 10
	}
	return n
}

// dayOf is a date in days since 1970.
func dayOf(s string) (int64, bool) {
	year, ok := digitsOf(s[:4])
	month, ok2 := digitsOf(s[5:7])
	day, ok3 := digitsOf(s[8:10])
	if !ok || !ok2 || !ok3 {
		return 0, false
	}
	t := time.Date(int(year), time.Month(month), int(day), 0, 0, 0, 0, time.UTC)
	seconds := t.Unix()
	return (seconds - (seconds%secondsOfDay+secondsOfDay)%secondsOfDay) / secondsOfDay, true
}

// minutesOf is +01:00 in minutes.
func minutesOf(s string) (int, bool) {
	hour, ok := digitsOf(s[1:3])
	minute, ok2 := digitsOf(s[4:6])
	n := int(hour*60 + minute)
	if s[0] == '-' {
		n = -n
	}
	return n, ok && ok2
}

// ticksOf is 23:59:59.1234567 in parts of a second of a scale. What is kept is rounded already.
func ticksOf(s string, scale int) (int64, bool) {
	hour, ok := digitsOf(s[:2])
	minute, ok2 := digitsOf(s[3:5])
	second, ok3 := digitsOf(s[6:8])
	part, ok4 := digitsOf(s[9:])
	n := (hour*3600+minute*60+second)*power(7) + part
	return n / power(7-scale), ok && ok2 && ok3 && ok4
}

func digitsOf(s string) (int64, bool) {
	n := int64(0)
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n, true
}

// exactText is how a moment is kept as text, from what TDS has of it.
func exactText(day, ticks int64) string {
	t := time.Unix((day+dateEpoch)*secondsOfDay, 0).UTC()
	return t.Format("2006-01-02") + " " + clockText(ticks)
}

// clockText is how a time is kept as text, from so many ten-millionths of a second.
func clockText(ticks int64) string {
	seconds := ticks / power(7)
	pad := func(n int64, width int) string {
		s := strconv.FormatInt(n, 10)
		for len(s) < width {
			s = "0" + s
		}
		return s
	}
	return pad(seconds/3600, 2) + ":" + pad(seconds/60%60, 2) + ":" + pad(seconds%60, 2) + "." +
		pad(ticks%power(7), 7)
}
