package main

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/LBHackney-IT/resident-gateway/access"
)

// A number is a whole number. The placeholder of its flag is its bounds, such as 1..100.
type number int

// Decode reads a number within the bounds.
func (n *number) Decode(ctx *kong.DecodeContext) error {
	return decodeWithin(ctx, n, "a whole number", func(text string) (number, error) {
		value, err := strconv.Atoi(text)
		return number(value), err
	})
}

// A duration is a time such as 10s, or a number of days such as 90d. The placeholder of its flag is
// its bounds, such as 1m..365d.
type duration time.Duration

// Decode reads a duration within the bounds.
func (d *duration) Decode(ctx *kong.DecodeContext) error {
	return decodeWithin(ctx, d, "a time such as 10s, or a number of days such as 90d,",
		func(text string) (duration, error) {
			if days, isDays := strings.CutSuffix(text, "d"); isDays {
				value, err := strconv.ParseInt(days, 10, 16) // that many days are a time.Duration
				return duration(value) * duration(oneDay), err
			}
			value, err := time.ParseDuration(text)
			return duration(value), err
		})
}

const oneDay = 24 * time.Hour

// decodeWithin reads a value of which the placeholder of the flag has the bounds.
func decodeWithin[T cmp.Ordered](
	ctx *kong.DecodeContext, target *T, what string, read func(string) (T, error),
) error {
	least, most, _ := strings.Cut(ctx.Value.Flag.PlaceHolder, "..")
	from, fromErr := read(least)
	to, toErr := read(most)
	value, err := read(ctx.Scan.Pop().String())
	if errors.Join(fromErr, toErr, err) != nil || value < from || value > to {
		return fmt.Errorf("must be %s from %s to %s", what, least, most)
	}
	*target = value
	return nil
}

// A word is one of those in the placeholder of its flag, such as text|json.
type word string

// Decode reads one of the words.
func (w *word) Decode(ctx *kong.DecodeContext) error {
	*w = word(ctx.Scan.Pop().String())
	words := strings.Split(ctx.Value.Flag.PlaceHolder, "|")
	if !slices.Contains(words, string(*w)) {
		return fmt.Errorf("must be %s", strings.Join(words, " or "))
	}
	return nil
}

// A truth is true or false. Its flag by itself means true.
type truth bool

// Decode reads the word, where there is one.
func (t *truth) Decode(ctx *kong.DecodeContext) error {
	if !ctx.Scan.Peek().IsValue() {
		*t = true
		return nil
	}
	text := ctx.Scan.Pop().String()
	*t = text == "true"
	if !*t && text != "false" {
		return errors.New("must be true or false")
	}
	return nil
}

// A moment is a day, or a time of one. The zero moment is none.
type moment struct {
	time.Time

	isDay bool // then the time is its beginning, in UTC
}

// UnmarshalText reads a day or a time.
func (m *moment) UnmarshalText(text []byte) (err error) {
	if m.Time, err = time.Parse(time.RFC3339, string(text)); err == nil {
		return nil
	}
	if m.Time, err = time.Parse(time.DateOnly, string(text)); err != nil {
		return errors.New("must be a day such as 2026-03-14, or a time such as 2026-03-14T09:26:53Z")
	}
	m.isDay = true
	return nil
}

// end returns the time, or the end of the day.
func (m moment) end() time.Time {
	if m.isDay {
		return m.AddDate(0, 0, 1)
	}
	return m.Time
}

// hours report whether a time is within the same hours of every day, and when they begin next after
// it.
type hours func(time.Time) (isOpen bool, begins time.Time)

// UnmarshalText reads the hours, such as 22:00-06:00, by the clock of the times that are asked
// about.
func (h *hours) UnmarshalText(text []byte) error {
	const form = "15:04"
	first, last, _ := strings.Cut(string(text), "-")
	from, fromErr := time.Parse(form, first)
	until, untilErr := time.Parse(form, last)
	if fromErr != nil || untilErr != nil || from.Equal(until) {
		return errors.New("must be two times of the day, such as 22:00-06:00")
	}
	*h = func(at time.Time) (bool, time.Time) {
		day := func(t time.Time) time.Time {
			return time.Date(at.Year(), at.Month(), at.Day(), t.Hour(), t.Minute(), 0, 0, at.Location())
		}
		begins, ends := day(from), day(until)
		isOpen := !at.Before(begins) && at.Before(ends)
		if begins.After(ends) {
			isOpen = !at.Before(begins) || at.Before(ends)
		}
		if !at.Before(begins) {
			begins = begins.AddDate(0, 0, 1)
		}
		return isOpen, begins
	}
	return nil
}

// A listenAddress is where to listen: a host, or nothing for all addresses of the machine, and a
// port.
type listenAddress string

// UnmarshalText reads a host and a port.
func (a *listenAddress) UnmarshalText(text []byte) error {
	*a = listenAddress(text)
	host, port, err := net.SplitHostPort(string(text))
	if err != nil {
		return errors.New("must be a host and a port, such as 127.0.0.1:8080")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return errors.New("must have a port from 0 to 65535")
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "localhost" && host != "" {
		return errors.New(
			"must have an address of this machine, such as 127.0.0.1 or 0.0.0.0, or localhost")
	}
	return nil
}

// isLoopback reports whether only this machine can reach the address.
func (a listenAddress) isLoopback() bool {
	host, _, err := net.SplitHostPort(string(a))
	return err == nil && access.IsLoopback(host)
}

// listed returns the words between the commas of a text, without blanks around them.
func listed(text string) []string {
	var words []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, word)
		}
	}
	return words
}
