package main

import "github.com/LBHackney-IT/resident-gateway/graph"

type schemaFlags struct {
	sourceFlags `embed:""`

	Subgraph bool `help:"As a subgraph, for a registry or a router of Apollo Federation 2."`
}

// Run prints the contract as one document, as it is with the sources in use: for clients, or as a
// subgraph for a federation router.
func (f *schemaFlags) Run(p *program) error {
	sdl := graph.SDL(names(f.inUse())...)
	if f.Subgraph {
		sdl = graph.SubgraphSDL(names(f.inUse())...)
	}
	_, err := p.stdout.Write([]byte(sdl))
	return err
}
