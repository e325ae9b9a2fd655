package access

// Known returns how many keys have any of their share.
func (s *Shares) Known() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.had)
}
