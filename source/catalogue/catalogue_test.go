package catalogue_test

import (
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// about is who a source says it is. It asks no database for that.
func about(p plug.Plug) source.About {
	return p.Open(nil, func() time.Time { return time.Time{} }).About()
}

// Every source comes here in a way that can be checked: by a description without fault of what is
// taken, or by a file that is read line by line.
func TestSourcesAreLoaded(t *testing.T) {
	t.Parallel()
	for _, p := range catalogue.Sources() {
		m := p.Mapping
		if m == nil {
			if p.LoadFile == nil {
				t.Errorf("%s: has no description of what is taken, and is loaded by no file", p.Name)
			}
			continue
		}
		if err := m.Check(); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		if m.Source != p.Name || m.Title != about(p).Title {
			t.Errorf("%s: the description is of %s, %q", p.Name, m.Source, m.Title)
		}
		if m.Schema() != strings.ToLower(string(p.Name)) {
			t.Errorf("%s: its tables are in the schema %s", p.Name, m.Schema())
		}
	}
}
