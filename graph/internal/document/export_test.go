package document

// What tests look at inside.

// The limits that tests go up to, and one further.
const (
	MaxText, MaxTokens, MaxDepth, MaxName = maxText, maxTokens, maxDepth, maxName
	MaxString, MaxOperations, MaxList     = maxString, maxOperations, maxList
	MaxFragments, MaxSpreads, MaxFields   = maxFragments, maxSpreads, maxFields
	MaxRootFields, MaxAliases             = maxRootFields, maxAliases
	MaxRepeated, MaxVariables             = maxRepeated, maxVariables
	MaxDirectives, MaxDirectivesAtOne     = maxDirectives, maxDirectivesAtOne
	MaxCached, MaxCachedWeight            = maxCached, maxCachedWeight
)

// Cached returns how many documents are kept, and their weight in bytes.
func (r *Reader) Cached() (documents, weight int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cached.Len(), r.weight
}

// IsCached reports whether the document of a text is kept.
func (r *Reader) IsCached(text string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cached.Contains(text)
}
