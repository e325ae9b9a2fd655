//go:build !race

package graph_test

// racing says that the race detector is not in.
const racing = false
