package sample

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/source/qlik"
)

// WriteCSV writes the sample as a file that Qlik could have exported: what Load takes. Loaded that
// way it is no sample any more.
func (s Sample) WriteCSV(w io.Writer) error {
	out := bufio.NewWriter(w)
	if err := writeLine(out, qlik.ColumnNames()); err != nil {
		return err
	}
	for h := range s.Households() {
		if err := writeLine(out, h.cells()); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("qlik: write sample: %w", err)
	}
	return nil
}

// writeLine writes cells, of which none needs quotes.
func writeLine(out *bufio.Writer, cells []string) error {
	if _, err := out.WriteString(strings.Join(cells, ",") + "\r\n"); err != nil {
		return fmt.Errorf("qlik: write sample: %w", err)
	}
	return nil
}

// cells are the household as an export has it.
func (h *Household) cells() []string {
	cells := []string{strconv.FormatInt(h.UPRN, 10)}
	for _, flag := range h.flags() {
		cell := ""
		if text := flagText(flag, "true", "false"); text != nil {
			cell = *text
		}
		cells = append(cells, cell)
	}
	for _, cases := range []*int{h.AdultSocialCareCases, h.ChildSocialCareCases} {
		cell := ""
		if cases != nil {
			cell = strconv.Itoa(*cases)
		}
		cells = append(cells, cell)
	}
	return append(cells, h.DateCreated.Format("02/01/2006 15:04:05"))
}
