package sample_test

import (
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

func TestLines(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		write func(*sample.Lines)
		want  string
	}{
		"text":       {func(t *sample.Lines) { t.Text("Ayşe O’Neill") }, "Ayşe O’Neill\n"},
		"blank text": {func(t *sample.Lines) { t.Text("") }, "\n"},
		"null text":  {func(t *sample.Lines) { t.OptionalText(nil) }, "\\N\n"},
		"escapes":    {func(t *sample.Lines) { t.Text("a\\b\tc\r\nd") }, `a\\b\tc\r\nd` + "\n"},
		"end mark":   {func(t *sample.Lines) { t.Text(`\.`) }, `\\.` + "\n"},
		"number":     {func(t *sample.Lines) { t.Number(1_000_001) }, "1000001\n"},
		"no number":  {func(t *sample.Lines) { t.OptionalNumber(nil) }, "\\N\n"},
		"date": {
			func(t *sample.Lines) { t.Date(new(time.Date(1926, 2, 9, 0, 0, 0, 0, time.UTC))) },
			"1926-02-09\n",
		},
		"late date": {
			func(t *sample.Lines) { t.Date(new(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC))) },
			"2026-12-31\n",
		},
		"no date": {func(t *sample.Lines) { t.Date(nil) }, "\\N\n"},
		"two columns": {
			func(t *sample.Lines) { t.Number(7); t.OptionalText(nil) },
			"7\t\\N\n",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got sample.Lines
			tt.write(&got)
			got.EndRow()
			if string(got) != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
