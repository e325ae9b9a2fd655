package graph

//go:generate go -C .. run ./graph/internal/generate
