package main

import (
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// migratedSource names one that is migrated from its system of record.
type migratedSource struct {
	Source string `arg:"" placeholder:"NAME" help:"The source, such as mosaic."`
}

// mapping returns what is taken of the source, which must be among those in use.
func (f *migratedSource) mapping(inUse []plug.Plug) (*mapping.Mapping, error) {
	found, err := oneOf(inUse, f.Source, "migrated from its system",
		func(p plug.Plug) bool { return p.Mapping != nil })
	return found.Mapping, err
}

// insteadOfDMS says that DMS no longer writes to the source.
type insteadOfDMS struct {
	InsteadOfDMS bool `name:"instead-of-dms" help:"Write to what a stopped task of DMS wrote to. The task must never be resumed."`
}
