package main

import (
	"context"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// printSchema prints the contract as one document, as it is with these sources: for clients, or as
// a subgraph for a federation router.
func printSchema(inUse []plug.Plug, subgraph bool) command {
	return func(_ context.Context, p *program) error {
		sdl := graph.SDL(names(inUse)...)
		if subgraph {
			sdl = graph.SubgraphSDL(names(inUse)...)
		}
		_, err := p.stdout.Write([]byte(sdl))
		return err
	}
}

// Run prints the schema.
func (f *schemaFlags) Run(i *invocation) error {
	i.asked = printSchema(i.database.inUse, f.Subgraph)
	return i.err()
}
