// Package resident is the vocabulary of the gateway: who a resident is, how to reach them, what can
// be asked, and what can go wrong. It imports the standard library alone and knows neither where
// the facts come from nor how they are asked for. Read resident.go first.
package resident
