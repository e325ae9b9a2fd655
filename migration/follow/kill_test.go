package follow_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration/follow"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/migration/migrationtest"
	"github.com/LBHackney-IT/resident-gateway/migration/sqlserver"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// What tells this program that it is a child that is to be killed: where the system is, where
// PostgreSQL is, and what to do.
const childIs = "MIGRATION_CHILD"

func isChild() bool { return os.Getenv(childIs) != "" }

// beKilled loads a source, and follows it from then on, until it is killed.
func beKilled() int {
	told := strings.SplitN(os.Getenv(childIs), "\n", 3)
	err := func() error {
		db, err := sqlx.Open("postgres", told[1])
		if err != nil {
			return err
		}
		reader, err := sqlserver.Open(map[string]string{"": told[0]})
		if err != nil {
			return err
		}
		ctx := context.Background()
		if told[2] == "load" {
			_, err := load.Run(ctx, load.Options{
				DB: db, Mapping: mosaic.Mapping(), Reader: reader, Feed: reader, RangeRows: 80,
				Now: time.Now, Fewer: true,
				Progress: func(phase string, _, _ int) { fmt.Println(phase) },
			})
			if err != nil {
				return err
			}
			fmt.Println("loaded")
		}
		return follow.Run(ctx, follow.Options{
			DB: db, Mapping: mosaic.Mapping(), Reader: reader, Feed: reader,
			Every: 20 * time.Millisecond, Now: time.Now,
			Passed: func(follow.Pass) { fmt.Println("passed") },
		})
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// TestKilled kills a process that loads, swaps and follows, again and again, while the system is
// written to. Afterwards nothing differs.
func TestKilled(t *testing.T) {
	t.Parallel()
	const rows = 600
	kills := dbtest.Rounds(5, 50)
	behind, here := server.New(t), server.New(t)
	p := &place{migrationtest.New(t, behind, mosaic.Mapping()), here, now()}
	p.Fill(t, 0, rows)

	ctx, stop := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	writing.Go(func() {
		pause := time.NewTicker(5 * time.Millisecond) // there is more to do than to write
		defer pause.Stop()
		for writer := p.Writer(rows, 1); ctx.Err() == nil; <-pause.C {
			if err := writer.Write(ctx); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
	})
	dice := rand.New(rand.NewPCG(7, 7))
	did := map[string]int{}
	for n := range kills {
		what := "follow"
		if n%3 != 2 {
			what = "load"
		}
		steps := dice.IntN(4)
		if what == "load" {
			steps = dice.IntN(70)
		}
		rest := time.Duration(dice.IntN(30)) * time.Millisecond
		output := killAfter(t, steps, rest, p.DSN, server.DSNOf(t, here), what)
		if steps > 0 && strings.Count(output, "\n") < steps &&
			!strings.Contains(output, "load the source first") {
			t.Errorf("%s ended by itself: %s", what, output)
		}
		did["loaded"] += strings.Count(output, "loaded")
		did["passed"] += strings.Count(output, "passed")
	}
	stop()
	writing.Wait()
	t.Logf("loaded %d times and passed %d times, in %d kills", did["loaded"], did["passed"], kills)
	if did["loaded"] == 0 || did["passed"] == 0 || did["loaded"] >= kills*2/3 {
		t.Error("it was not killed in the middle of things, which is no test")
	}
	_, err := load.Run(t.Context(), load.Options{
		DB: here, Mapping: p.Mapping, Reader: p.Reader, Feed: p.Reader, Now: now, Fewer: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	p.pass(t)
	p.wantSame(t)
}

// killAfter runs this program as a child, and kills it some time after it has told of so many
// steps.
func killAfter(
	t *testing.T, steps int, rest time.Duration, system, here, what string,
) (output string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), childIs+"="+strings.Join([]string{system, here, what}, "\n"))
	said, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	child.Stderr = child.Stdout
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	lines := bufio.NewScanner(said)
	for n := 0; n < steps && lines.Scan(); n++ {
		fmt.Fprintln(&all, lines.Text())
	}
	<-time.After(rest)
	_ = child.Process.Kill()
	for lines.Scan() {
		fmt.Fprintln(&all, lines.Text())
	}
	_ = child.Wait() // it was killed
	return all.String()
}
