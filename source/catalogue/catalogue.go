// Package catalogue is the table of the sources there are. A source is in the gateway when it has a
// line here; which of them are in use is configured.
package catalogue

import (
	"github.com/LBHackney-IT/resident-gateway/source/academy"
	"github.com/LBHackney-IT/resident-gateway/source/housing"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/qlik"
)

// Sources are all there are, in the order in which a list has their residents.
func Sources() []plug.Plug {
	return []plug.Plug{
		mosaic.Plug(),
		academy.Plug(),
		housing.Plug(),
		qlik.Plug(),
	}
}
