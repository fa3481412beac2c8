package stoerung_test

import (
	"strings"
	"testing"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/workflow/stoerung"
)

// How the key is kept is said, and a key store that does not give it is a warning: nothing of a sale
// depends on it (ADR 0036).
func TestSchluesselspeicher(t *testing.T) {
	dead := fault.New(fault.Unavailable, "J-320", "Der Schlüsselspeicher gibt nichts heraus.", nil)
	for _, c := range []struct {
		s          stoerung.Schluessel
		code, text string
		zustand    stoerung.Zustand
	}{
		{stoerung.Schluessel{Da: true}, "", "liegt als Datei", stoerung.Gut},
		{stoerung.Schluessel{Da: true, Speicher: "DPAPI"}, "", "(DPAPI)", stoerung.Gut},
		{stoerung.Schluessel{Da: true, Fehler: dead}, "J-323", "wegschliessen", stoerung.Warnung},
		{stoerung.Schluessel{Fehler: dead}, "J-320", "gibt nichts heraus", stoerung.Warnung},
	} {
		list := stoerung.Schluesselspeicher(c.s)
		if len(list) != 1 || list[0].Code != c.code || list[0].Zustand != c.zustand || !strings.Contains(list[0].Text, c.text) {
			t.Errorf("%+v: %+v", c.s, list)
		}
		if c.code != "" && !strings.Contains(list[0].Ausweg, "Verkauft wird weiter") {
			t.Errorf("%+v: %q", c.s, list[0].Ausweg)
		}
	}
	if list := stoerung.Schluesselspeicher(stoerung.Schluessel{}); list != nil {
		t.Errorf("a missing key is judged among the machines: %+v", list)
	}
}
