// Package graph answers GraphQL: resolvers, what a request wants of each resident, pages and
// cursors, and what is told of an error. It knows sources by their capabilities alone, and no HTTP.
// Read query.go first.
package graph
