// Package answer is what the contract has and the vocabulary has not: pages, cursors' places,
// sources as callers see them, and how values of our own are written and read. Only the executor
// and the resolvers know it.
package answer
