//go:build race

package graph_test

// racing says that the race detector is in, which makes all that is done slower by far.
const racing = true
