// Package sample is what the sample residents of all sources have in common: a made-up population,
// of whom each source knows some and writes them down in its own way, and how what it writes is
// loaded. It knows no source by name. Read world.go first, then load.go.
package sample
