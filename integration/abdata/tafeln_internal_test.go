package abdata

import (
	"strings"
	"testing"
)

// A text comes out as words with one blank between them, also where nothing is to be done.
func TestEinzeilig(t *testing.T) {
	for _, s := range []string{
		"", " ", "a", " a", "a ", "a b", "a  b", "a\nb", "a\tb", "ä b", "ä\u00a0b", "a\u2009b", "\x1fa", "a\x7f b",
		"Ibuprofen Nordhaus akut 400 mg",
	} {
		if got, want := einzeilig(s), strings.Join(strings.Fields(s), " "); got != want {
			t.Errorf("einzeilig(%q) = %q, want %q", s, got, want)
		}
	}
}
