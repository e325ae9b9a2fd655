package main

import (
	"fmt"
	"io"
	"time"
)

// A program is where a command runs.
type program struct {
	getenv         func(string) string
	stdout, stderr io.Writer
	now            func() time.Time // in London
}

// say tells the person who started the program, in one line.
func (p *program) say(format string, args ...any) {
	// Who has closed the other end does not want to be told.
	_, _ = fmt.Fprintf(p.stdout, format+"\n", args...)
}

// londonClock returns what the time is, in London: the day there is the day for Hackney's records.
func londonClock() (func() time.Time, error) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		return nil, err
	}
	return func() time.Time { return time.Now().In(london) }, nil
}

// closeInto closes what a function opened, and tells of it unless there is a worse thing to tell.
func closeInto(err *error, closeIt func() error) {
	if closeErr := closeIt(); *err == nil {
		*err = closeErr
	}
}
