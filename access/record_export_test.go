package access

import "time"

// Pending is how many records no statement holds yet.
func (r *Recorder) Pending() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.pending)
}

// SetTimeout is how long a statement may take.
func (r *Recorder) SetTimeout(timeout time.Duration) { r.timeout = timeout }

// Entries is the query of Read.
const Entries = entries
