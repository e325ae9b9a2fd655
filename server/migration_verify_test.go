package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration/pgreader"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

func TestExitStatus(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want int
	}{
		"none":      {nil, 0},
		"any":       {io.EOF, 1},
		"its own":   {&exitError{exitNotRight, io.EOF}, 3},
		"within it": {fmt.Errorf("so: %w", &exitError{exitNotRight, io.EOF}), 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := exitStatus(tt.err); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestVerification(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change string // SQL
		status int
		says   []string
	}{
		"the same": {`SELECT`, 0, []string{"dm_persons", "30", "proof 1: same"}},
		"a name": {
			`UPDATE mosaic.dm_persons SET first_name = 'Zebedee' WHERE person_id = 7`, 3,
			[]string{`RECORD_DIFF dm_persons ["7"] in first_name`, "proof 1: differs"},
		},
		"many": {`TRUNCATE mosaic.dm_persons`, 3, []string{
			`MISSING_TARGET dm_persons ["1"]`, "and more, in gateway.proof_finding of proof 1",
		}},
		"a table that is not there": {`DROP TABLE the_system.dm_addresses;
			TRUNCATE mosaic.dm_persons`, 1, []string{"42P01", `["1"]`, "proof 1: failed"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgres.New(t)
			dbtest.Execute(t, pool, `INSERT INTO mosaic.dm_persons (person_id, full_name, restricted)
				SELECT n, 'Resident ' || n, 'N' FROM generate_series(1, 30) AS n;
				CREATE SCHEMA the_system;
				CREATE TABLE the_system.dm_persons AS TABLE mosaic.dm_persons;
				CREATE TABLE the_system.dm_addresses AS TABLE mosaic.dm_addresses;
				CREATE TABLE the_system.dm_telephone_numbers AS TABLE mosaic.dm_telephone_numbers`)
			dbtest.Execute(t, pool, tt.change)
			var out strings.Builder
			v := verification{
				mapping: mosaic.Mapping(), system: pgreader.New(pool, "the_system", "double"), now: time.Now,
				wait: func(context.Context, time.Duration) error { return nil },
			}
			err := v.run(t.Context(), &program{stdout: &out, stderr: io.Discard}, pool)
			if got := exitStatus(err); got != tt.status {
				t.Errorf("got status %d of %v, want %d", got, err, tt.status)
			}
			for _, part := range tt.says {
				if !strings.Contains(out.String(), part) {
					t.Errorf("got %s\nwant %q in it", &out, part)
				}
			}
			if strings.Contains(out.String(), "Zebedee") || strings.Contains(out.String(), "Resident") {
				t.Errorf("got %s, with a value", &out)
			}
		})
	}
}

func TestVerificationIsStopped(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	ctx, stop := context.WithCancel(t.Context())
	v := verification{mapping: mosaic.Mapping(), system: pgreader.New(pool, "mosaic", "double")}
	v.now = func() time.Time { // it is first asked before anything is read
		stop()
		return time.Now()
	}
	err := v.run(ctx, &program{stdout: io.Discard, stderr: io.Discard}, pool)
	if !errors.Is(err, context.Canceled) || exitStatus(err) != 1 {
		t.Errorf("got %v, want that it was stopped", err)
	}
}
