package codeblatt_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/integration/codeblatt"
)

// One page with every group of the code and how it is used, whatever the names are.
func TestSheet(t *testing.T) {
	b := codeblatt.Blatt{
		Apotheke: strings.Repeat("Äußerst lange Apotheke ", 6), Inhaber: "Dr. Anna Berg", Kennung: "a1b2c3d4",
		Gruppen: []string{"AAAA1", "BBBB2", "CCCC3", "DDDD4", "EEEE5", "FFFF6", "GGGG7", "HHHH8"},
		Ordner:  strings.Repeat("/sehr/langer/ordner", 12), Erzeugt: time.Date(2026, 11, 26, 9, 5, 0, 0, time.UTC),
	}
	pdf, err := b.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(pdf, []byte("/Type /Page\n")); n != 1 {
		t.Errorf("%d pages", n)
	}
	for _, text := range append(b.Gruppen, "offizin restore --von DATEI --daten ORDNER", "26.11.2026 um 09:05", "a1b2c3d4") {
		if !bytes.Contains(pdf, []byte(text)) {
			t.Errorf("%q is not on it", text)
		}
	}
}
