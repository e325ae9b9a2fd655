package main

import (
	"strings"

	"github.com/LBHackney-IT/resident-gateway/server/newsource"
)

type newSourceFlags struct {
	Name string `arg:"" placeholder:"NAME" help:"The name of the source: lower-case letters and digits, a letter first, such as planning."`
}

// Run writes the folder of a new source into the repository that it is run in.
func (f *newSourceFlags) Run(p *program) error {
	written, err := newsource.Write(".", f.Name)
	if err != nil {
		return err
	}
	p.say("wrote %s:", written.Folder)
	for _, file := range written.Files {
		p.say("    %s", file)
	}
	p.say("%s: added to the imports and to the list of sources:", newsource.Table)
	p.say("    %s", strings.Join(written.Imports, "\n    "))
	p.say("    %s", written.Line)
	p.say("now: go generate ./... && go test ./source/catalogue -update &&"+
		" go test ./%s/... ./graph ./server", written.Folder)
	p.say("then read %s/README.md: its table is nobody's yet", written.Folder)
	return nil
}
