package mosaic

import "github.com/LBHackney-IT/resident-gateway/source/plug"

// Plug is how Mosaic is put into the gateway.
func Plug() plug.Plug {
	p := plug.Of(Name, Schema(), New, func(s plug.Sample) plug.Seeder {
		return Sample{s.Residents, s.Seed, s.Today}
	})
	p.Mapping = Mapping()
	return p
}
