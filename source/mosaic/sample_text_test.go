package mosaic

import (
	"testing"
	"time"
)

func TestSampleText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		write func(*sampleText)
		want  string
	}{
		"text":       {func(t *sampleText) { t.text(new("Ayşe O’Neill")) }, "Ayşe O’Neill\n"},
		"blank text": {func(t *sampleText) { t.text(new("")) }, "\n"},
		"null text":  {func(t *sampleText) { t.text(nil) }, "\\N\n"},
		"escapes":    {func(t *sampleText) { t.text(new("a\\b\tc\r\nd")) }, `a\\b\tc\r\nd` + "\n"},
		"end mark":   {func(t *sampleText) { t.text(new(`\.`)) }, `\\.` + "\n"},
		"number":     {func(t *sampleText) { t.number(1_000_001) }, "1000001\n"},
		"no number":  {func(t *sampleText) { t.optionalNumber(nil) }, "\\N\n"},
		"date": {
			func(t *sampleText) { t.date(new(time.Date(1926, 2, 9, 0, 0, 0, 0, time.UTC))) },
			"1926-02-09\n",
		},
		"late date": {
			func(t *sampleText) { t.date(new(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC))) },
			"2026-12-31\n",
		},
		"no date": {func(t *sampleText) { t.date(nil) }, "\\N\n"},
		"two columns": {
			func(t *sampleText) { t.number(7); t.text(nil) },
			"7\t\\N\n",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got sampleText
			tt.write(&got)
			got.endRow()
			if string(got) != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
