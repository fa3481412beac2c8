package eigene_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/workflow/eigene"
)

func (h *haus) einlesen(text string) (eigene.Bericht, error) {
	return h.s.Einlesen(h.Ctx, h.A(), strings.NewReader(text))
}

const tees = "\ufeffName;Menge;Einheit;Preis;MwSt;Einkauf;EAN;Form;Hersteller;PZN\r\n" +
	"Hustentee;100;g;6,90;7;3,10;;Tee;;\r\n" +
	"\"Badesalz; \"\"Rose\"\"\";500;g;12,90 €;19 %;14,00;4006381333931;;Kräuterhof;08000011\r\n" +
	"\r\n" +
	"Handzettel;1;St;0,50;ohne;;;;;\r\n"

// A file of articles gives each without PZN the next free one, warns of prices below cost
// (14,00 € net are 16,66 € with 19 %), and changes nothing the second time.
func TestEinlesen(t *testing.T) {
	h := oeffne(t)
	b, err := h.einlesen(tees)
	h.Must(err)
	if b.Zeilen != 3 || b.Gesetzt != 3 || len(b.Warnungen) != 1 || b.Warnungen[0].Zeile != 3 {
		t.Errorf("%+v", b)
	}
	for pzn, want := range map[kennung.PZN]string{"08000005": "Hustentee", "08000011": "Badesalz; \"Rose\"", "08000028": "Handzettel"} {
		if a, _ := h.am(20261123, pzn); a.Name != want {
			t.Errorf("%s is %q, want %q", pzn, a.Name, want)
		}
	}
	if b, err = h.einlesen(tees); err != nil || b.Gesetzt != 0 || b.Unveraendert != 3 {
		t.Errorf("again: %+v, %v", b, err)
	}
	if b, err = h.einlesen(strings.Replace(tees, "6,90", "7,20", 1)); err != nil || b.Gesetzt != 1 {
		t.Errorf("changed: %+v, %v", b, err)
	}
	if a, _ := h.am(20261123, "08000005"); a.Verkaufspreis() != 720 {
		t.Errorf("%+v", a)
	}
}

// A file of prices, from a day on or from today.
func TestEinlesenPreise(t *testing.T) {
	h := oeffne(t)
	b, err := h.einlesen("PZN;VK;Ab;Bis\n03456781;7,45;;\n3456781;5,95;01.12.2026;2026-12-15\n02345677;6,50;;\n")
	h.Must(err)
	if b.Gesetzt != 3 {
		t.Errorf("%+v", b)
	}
	if a, _ := h.am(20261210, creme); a.Verkaufspreis() != 595 {
		t.Errorf("%+v", a)
	}
	if a, _ := h.am(20261220, creme); a.Verkaufspreis() != 745 {
		t.Errorf("%+v", a)
	}
}

// One faulty line and nothing of the file is set; the report names every faulty line.
func TestEinlesenAllesOderNichts(t *testing.T) {
	h := oeffne(t)
	b, err := h.einlesen("Name;Menge;Einheit;Preis;MwSt;EAN;PZN\nTee;100;g;6,90;7;;\n;100;g;6,90;7;;\nTee;100;g;0;7;;\n" +
		"Tee B;100;g;6,90;9;;\nTee C;100;g;6,90;7;123;\nTee D;100;g;6,90;7;;12345\nTee E;100;g;x;7;;\n")
	h.Fails(err, "A-676")
	var lines []int
	for _, f := range b.Fehler {
		lines = append(lines, f.Zeile)
	}
	if fmt.Sprint(lines) != "[3 4 5 6 7 8]" {
		t.Errorf("%+v", b.Fehler)
	}
	b, err = h.einlesen("PZN;Preis\n03456781;7,45\n01126111;9,99\n03456781;7,50\n08000005;1,00\n")
	h.Fails(err, "A-676") // Rx, the same day twice, unknown: all of them at once and in order
	lines = nil
	for _, f := range b.Fehler {
		lines = append(lines, f.Zeile)
	}
	if fmt.Sprint(lines) != "[3 4 5]" || !strings.Contains(err.Error(), "Zeile 3: Verschreibungspflichtig") {
		t.Errorf("%+v, %v", b.Fehler, err)
	}
	b, err = h.einlesen("PZN;Preis\n03456781;7,45\n01126111;9,99\n08000005;1,00\n")
	h.Fails(err, "A-676") // Rx, and unknown
	if len(b.Fehler) != 2 || b.Fehler[0].Zeile != 3 || b.Fehler[1].Zeile != 4 || !strings.Contains(b.Fehler[0].Text, "Verschreibungspflichtig") {
		t.Errorf("%+v", b.Fehler)
	}
	for _, text := range []string{
		"", "PZN\n", "Name;Name\n", "Name;Preis\nA;1\n", "PZN;Preis\n", "PZN;Preis\n\xff;1\n",
		"PZN;Preis\n" + strings.Repeat("03456781;7,45\n", 5000), strings.Repeat("x", 1<<20+1),
	} {
		_, err := h.einlesen(text)
		h.Fails(err, "A-676")
	}
	if l, err := h.s.Liste(h.Ctx, ""); err != nil || !l.Leer {
		t.Errorf("%+v, %v", l, err)
	}
}

// Within one file no number, product code or article occurs twice.
func TestEinlesenDoppelt(t *testing.T) {
	h := oeffne(t)
	for _, rows := range []string{
		"Tee;100;g;6,90;7;;\nTee;100;g;7,90;7;;\n",
		"Tee;100;g;6,90;7;;08000005\nSalz;100;g;7,90;7;;08000005\n",
		"Tee;100;g;6,90;7;4006381333931;\nSalz;100;g;7,90;7;4006381333931;\n",
	} {
		b, err := h.einlesen("Name;Menge;Einheit;Preis;MwSt;EAN;PZN\n" + rows)
		h.Fails(err, "A-676")
		if len(b.Fehler) != 1 || b.Fehler[0].Zeile != 3 {
			t.Errorf("%q: %+v", rows, b.Fehler)
		}
	}
	b, err := h.einlesen("Name;Menge;Einheit;Preis;MwSt;PZN\nSalz;1;g;1;7;08000005\nTee;1;g;1;7;\n")
	h.Must(err)
	if a, _ := h.am(20261123, "08000011"); b.Gesetzt != 2 || a.Name != "Tee" {
		t.Errorf("%+v: a number typed in the file is given out a second time: %+v", b, a)
	}
}

func FuzzEinlesen(f *testing.F) {
	for _, text := range []string{tees, "PZN;Preis;Ab;Bis\n03456781;7,45;01.12.2026;\n", "\"", ";;;\n", "Name\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h := oeffne(t)
		b, err := h.einlesen(text)
		l, readErr := h.s.Liste(h.Ctx, "")
		h.Must(readErr)
		if err != nil && !l.Leer || err == nil && b.Gesetzt+b.Unveraendert != b.Zeilen {
			t.Errorf("%v, %+v, %+v", err, b, l)
		}
		for _, a := range l.Artikel { // what a file sets can be typed, too, and is the same
			h.Must(h.s.Aendern(h.Ctx, h.A(), a.PZN, a.Eingabe))
		}
	})
}
