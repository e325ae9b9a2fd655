package db

// problem is an error that is nothing but its text, and so can be a constant.
type problem string

func (p problem) Error() string { return string(p) }
