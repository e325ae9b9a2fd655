package document_test

import "testing"

// Strings are read as the specification of 2021 and its draft say: by letters, and not by halves.
func TestEscapes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		written string
		want    string // blank where it is refused
	}{
		"letters":                   {`"é😀"`, "é😀"},
		"escape":                    {`"\u00e9"`, "é"},
		"pair":                      {`"\ud83d\uDE00"`, "😀"},
		"braces":                    {`"\u{1F600}"`, "😀"},
		"replacement":               {`"\ufffd"`, "\ufffd"},
		"pair beside a replacement": {`"\ud83d\uDE00\ufffd"`, "😀\ufffd"},
		"replacement itself":        {`"\ufffd�"`, "\ufffd\ufffd"},
		"after a backslash":         {`"\\ud800"`, `\ud800`},
		"in a block":                {`"""\ud800"""`, `\ud800`},
		"first half":                {`"\ud83d"`, ""},
		"first half, then é":        {`"é\ud83dé"`, ""},
		"second half":               {`"\uDE00"`, ""},
		"halves the other way":      {`"\uDE00\ud83d"`, ""},
		"two first halves":          {`"\ud83d\ud83d\uDE00"`, ""},
		"half and braces":           {`"\ud83d\u{DE00}"`, ""},
		"half in braces":            {`"\u{D83D}"`, ""},
		"beyond letters":            {`"\u{110000}"`, ""},
		"pair, then a half":         {`"\ud83d\uDE00\ud83d"`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := `query($s: String = ` + tt.written + `) # é
				{ residents(after: $s) { nodes { id } } }`
			got, faults := read(text, nil)
			if tt.want == "" {
				if len(faults) != 1 || faults[0].Extensions["code"] != "GRAPHQL_PARSE_FAILED" {
					t.Errorf("got %v and %v, want one error", got, faults)
				}
				return
			}
			if len(faults) > 0 || got["s"] != tt.want {
				t.Errorf("got %q and %v, want %q", got["s"], faults, tt.want)
			}
		})
	}
}
