package main

import "github.com/LBHackney-IT/resident-gateway/migration/dms"

type migrationDMS struct {
	sourceFlags    `embed:""`
	migratedSource `embed:""`

	Out string `required:"" placeholder:"DIR" help:"The folder to write to, such as deploy/dms/mosaic."`
}

// Run writes the AWS DMS configuration of a source into a folder.
func (f *migrationDMS) Run(p *program) error {
	m, err := f.mapping(f.inUse())
	if err != nil {
		return err
	}
	written, err := dms.Write(f.Out, m)
	for _, path := range written {
		p.say("wrote %s", path)
	}
	return err
}
