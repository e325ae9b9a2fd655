package main

import (
	"context"
	"errors"

	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// printSchema prints the contract as one document, with its directives, as it is with these
// sources.
func printSchema(inUse []plug.Plug) command {
	return func(_ context.Context, p *program) error {
		w := &failing{to: p}
		formatter.NewFormatter(w, formatter.WithIndent("  ")).FormatSchema(graph.Schema(names(inUse)...))
		if w.failed {
			return errors.New("the schema could not be printed")
		}
		return nil
	}
}

// A failing writer remembers whether anything was lost: the formatter does not say.
type failing struct {
	to     *program
	failed bool
}

func (w *failing) Write(b []byte) (int, error) {
	n, err := w.to.stdout.Write(b)
	w.failed = w.failed || err != nil
	return n, err
}
