// Package catalogue is the table of the sources there are. A source is in the gateway when it has a
// line here; which of them are in use is configured.
package catalogue

import (
	"github.com/LBHackney-IT/resident-gateway/source/academy"
	academysample "github.com/LBHackney-IT/resident-gateway/source/academy/sample"
	"github.com/LBHackney-IT/resident-gateway/source/housing"
	housingsample "github.com/LBHackney-IT/resident-gateway/source/housing/sample"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
	mosaicsample "github.com/LBHackney-IT/resident-gateway/source/mosaic/sample"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/qlik"
	qliksample "github.com/LBHackney-IT/resident-gateway/source/qlik/sample"
)

// Sources are all there are, in the order in which a list has their residents.
func Sources() []plug.Plug {
	return []plug.Plug{
		mosaic.Plug(mosaicsample.New),
		academy.Plug(academysample.New),
		housing.Plug(housingsample.New),
		qlik.Plug(qliksample.New),
	}
}
