package canon

import (
	"strconv"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// What datetime counts: 300 of them make a second.
const ticksInSecond = 300

const (
	dayForm    = "2006-01-02"
	secondForm = "2006-01-02 15:04:05"
)

// appendTime appends a day and time as the driver gives it. The zone of it counts for nothing: the
// system's times have none.
func (c *column) appendTime(line []byte, v time.Time) ([]byte, error) {
	if v.Year() < 1 || v.Year() > 9999 {
		return line, ErrValue
	}
	switch c.kind {
	case mapping.Date:
		return appendDay(line, v), nil
	case mapping.Ticks:
		return appendTicks(line, v), nil
	case mapping.Timestamp:
		return appendMicros(line, v), nil
	case mapping.Moment:
		line = appendSecond(line, v)
		return appendFraction(append(line, '.'), v.Nanosecond()/100, 7), nil
	default:
		return line, ErrValue
	}
}

// appendTimeText appends a day and time from text such as `2020-01-31 10:20:30.997`, which may have
// a T between the day and the time. Of a Date, a time of day must be midnight.
func (c *column) appendTimeText(line, text []byte) ([]byte, error) {
	const whole = len(secondForm)
	isPlain := len(text) == whole && text[10] == ' '
	form := secondForm
	switch {
	case len(text) == len(dayForm):
		form = dayForm
	case len(text) < whole:
		return line, ErrValue
	case text[10] == 'T':
		form = "2006-01-02T15:04:05"
	}
	v, err := time.Parse(form, string(text)) // it takes a fraction, of any length, where there is one
	if err != nil {
		return line, ErrValue
	}
	if c.kind == mapping.Date {
		if v.Truncate(24*time.Hour) != v {
			return line, ErrValue
		}
		return appendDay(line, v), nil
	}
	if isPlain {
		return append(line, text...), nil
	}
	return c.appendTime(line, v)
}

func appendDay(line []byte, v time.Time) []byte {
	year, month, day := v.Date()
	line = appendFraction(line, year, 4)
	line = appendFraction(append(line, '-'), int(month), 2)
	return appendFraction(append(line, '-'), day, 2)
}

func appendSecond(line []byte, v time.Time) []byte {
	line = append(appendDay(line, v), ' ')
	line = appendFraction(line, v.Hour(), 2)
	line = appendFraction(append(line, ':'), v.Minute(), 2)
	return appendFraction(append(line, ':'), v.Second(), 2)
}

// appendTicks appends a moment to the nearest 1/300 s, which it writes as SQL Server does: .003,
// .007 and .010 stand for the first three.
func appendTicks(line []byte, v time.Time) []byte {
	ticks := (v.Nanosecond()*ticksInSecond + int(time.Second)/2) / int(time.Second)
	if ticks == ticksInSecond {
		v = v.Add(time.Second).Truncate(time.Second)
		ticks = 0
	}
	line = appendSecond(line, v)
	if ticks == 0 {
		return line
	}
	millis := (ticks*10 + 1) / 3
	return trimZeros(appendFraction(append(line, '.'), millis, 3))
}

// appendMicros appends a moment to the microsecond.
func appendMicros(line []byte, v time.Time) []byte {
	v = v.Round(time.Microsecond)
	line = appendSecond(line, v)
	if v.Nanosecond() == 0 {
		return line
	}
	return trimZeros(appendFraction(append(line, '.'), v.Nanosecond()/1000, 6))
}

// appendFraction appends a number with zeros before it, up to so many digits.
func appendFraction(line []byte, number, digits int) []byte {
	for limit := 10; digits > 1; digits-- {
		if number < limit {
			for range digits - 1 {
				line = append(line, '0')
			}
			break
		}
		limit *= 10
	}
	return strconv.AppendInt(line, int64(number), 10)
}

func trimZeros(line []byte) []byte {
	for line[len(line)-1] == '0' {
		line = line[:len(line)-1]
	}
	return line
}
