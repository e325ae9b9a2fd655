package source

import "errors"

// What keeps a sample from being loaded. Sources return them, whole or wrapped.
var (
	// ErrSampleInPlace says that a sample is there already, which would have to be replaced.
	ErrSampleInPlace = errors.New("there are sample residents already")
	// ErrSampleOverData says that there is data which is no sample: nothing replaces it.
	ErrSampleOverData = errors.New("there are residents who are no sample")
)
