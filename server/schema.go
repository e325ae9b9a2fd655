package main

import (
	"context"
	"errors"

	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/LBHackney-IT/resident-gateway/graph"
)

// printSchema prints the contract as one document, with its directives.
func printSchema(_ context.Context, p *program) error {
	w := &failing{to: p}
	formatter.NewFormatter(w, formatter.WithIndent("  ")).FormatSchema(graph.Schema())
	if w.failed {
		return errors.New("the schema could not be printed")
	}
	return nil
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
