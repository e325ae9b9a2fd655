// Package source says what a source of residents is: small interfaces, each for one capability,
// whose every query takes many keys and is told what is wanted of the answer. It also holds the set
// of sources in use, and the rules of matching that all sources share. It knows no source by name
// and no database. Read source.go first.
package source
