// Package graph answers GraphQL: permissions, selections, resolvers, pages and cursors, and what a
// caller sees of an error. It knows sources by their capabilities only, and no HTTP. Read graph.go
// first, then query.go.
package graph
