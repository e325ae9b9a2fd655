package status

import (
	"encoding/json"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// written is a Status as JSON. Names are added to it, and none is taken away or given a new
// meaning.
type written struct {
	At      time.Time       `json:"at"`
	IsWell  bool            `json:"isWell"`
	Sources []writtenSource `json:"sources"`
}

type writtenSource struct {
	Name            resident.SourceName   `json:"name"`
	Title           string                `json:"title"`
	State           source.FreshnessState `json:"state"`
	Meaning         string                `json:"meaning"`
	IsWell          bool                  `json:"isWell"`
	AsOf            *time.Time            `json:"asOf"`
	Rows            *int64                `json:"rows"`
	FreshForSeconds *int64                `json:"freshForSeconds"`
	Load            *source.Load          `json:"load"`
	Loading         *writtenLoading       `json:"loading"`
	Following       *source.Following     `json:"following"`
	Proof           *source.Proof         `json:"proof"`
	DMS             *source.DMS           `json:"dms"`
	Tables          []source.TableReport  `json:"tables"`
	Troubles        []source.Trouble      `json:"troubles"`
}

type writtenLoading struct {
	*source.Loading
	PerCent       *int   `json:"perCent"`
	RowsPerSecond *int64 `json:"rowsPerSecond"`
}

// JSON is the status as docs/reference/freshness.md describes it.
func (s *Status) JSON() ([]byte, error) {
	all := written{At: s.At, IsWell: s.IsWell(), Sources: make([]writtenSource, len(s.Sources))}
	for i := range s.Sources {
		of := &s.Sources[i]
		one := writtenSource{
			Name: of.Name, Title: of.Title, State: of.State, Meaning: of.Meaning(),
			IsWell: of.IsWell(), AsOf: of.AsOf, Rows: of.Rows, Load: of.Load,
			Following: of.Following, Proof: of.Proof, DMS: of.DMS,
			Tables:   append([]source.TableReport{}, of.Tables...), // a list, even of none
			Troubles: append([]source.Trouble{}, of.Troubles...),
		}
		if of.FreshFor > 0 {
			one.FreshForSeconds = new(int64(of.FreshFor / time.Second))
		}
		if of.Loading != nil {
			one.Loading = &writtenLoading{of.Loading, of.Loading.PerCent(), of.Loading.Rate()}
		}
		all.Sources[i] = one
	}
	return json.MarshalIndent(all, "", "  ")
}
