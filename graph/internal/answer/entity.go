package answer

// An Entity is what other subgraphs may refer to: a *resident.Resident, or a
// *resident.ContactDetail.
type Entity any

// A Representation is how they refer to it: __typename, and the fields of its key.
type Representation map[string]any

// A Service is what a router asks of a subgraph.
type Service struct {
	SDL string
}
