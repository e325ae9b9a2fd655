package main

import (
	"context"

	"github.com/LBHackney-IT/resident-gateway/migration/dms"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// writeDMS writes what AWS DMS is told of a source into a folder.
func writeDMS(from plug.Plug, folder string) command {
	return func(_ context.Context, p *program) error {
		written, err := dms.Write(folder, from.Mapping)
		for _, path := range written {
			p.say("wrote %s", path)
		}
		return err
	}
}
