package aenderungen_test

import (
	"strings"
	"testing"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/aenderungen"
)

// GoBD Tz. 107: what was there before stays to be seen, with who changed it; a hash does not.
func TestVorherUndNachher(t *testing.T) {
	s := memory.New(memory.Options{Projections: []journal.Projection{aenderungen.Projection{}}})
	for i, e := range []journal.Event{
		event.EinstellungGesetzt{Schluessel: "name", Wert: "Alte Apotheke"},
		event.BenutzerGesetzt{Kuerzel: "AB", Name: "Anna", Rolle: "Inhaber", Aktiv: true},
		event.EinstellungGesetzt{Schluessel: "name", Wert: "Neue Apotheke"},
		event.PinGesetzt{Kuerzel: "AB", Hash: "geheim"},
		event.BestandGeaendert{PZN: "00000001", Delta: 1},
	} {
		_, err := s.Append(t.Context(), journal.Act{Key: string(rune('a' + i)), Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) {
			return []journal.Event{e}, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	err := s.View(t.Context(), func(rows journal.Rows) error {
		return aenderungen.Each(rows, 0, 99991231, func(z aenderungen.Zeile) (bool, error) {
			got = append(got, strings.Join([]string{z.Wer, z.Art, z.Was, z.Vorher, z.Nachher}, "|"))
			return true, nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "AB|Einstellung|name||Alte Apotheke\nAB|Benutzer|AB||Anna, Inhaber, aktiv\n" +
		"AB|Einstellung|name|Alte Apotheke|Neue Apotheke\nAB|PIN|AB||neu gesetzt"
	if strings.Join(got, "\n") != want {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
}
