package apotheke_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/absicherung"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

func einrichten(t *testing.T, a *apotheke.Apotheke, ordner string) {
	t.Helper()
	cfg := anschluss.Konfig{Treiber: simulator.Name, Ordner: ordner}
	act := workflow.Auftrag{Key: ordner[max(0, len(ordner)-60):], Actor: absicherung.Actor}
	if err := a.TSEEinrichten(t.Context(), act, cfg, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
}

// Another TSE is set up while a cart lies on the counter: nothing stays open at the old one.
func TestTSEWechselLaesstNichtsOffen(t *testing.T) {
	a, first := open(t, t.TempDir()), t.TempDir()
	einrichten(t, a, first)
	l, _, err := a.Absicherung.Lage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a.Absicherung.Begonnen("v-1")
	a.Absicherung.Warten(t.Context(), "v-1")
	einrichten(t, a, t.TempDir())
	old, err := simulator.Open(simulator.Optionen{Ordner: first}, a.Kern.Clock)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	list, err := old.Offene(t.Context(), l.Serie)
	if err != nil || len(list) != 0 {
		t.Errorf("%+v stay open, %v", list, err)
	}
}

// AEAO zu § 146a Nr. 1.14: a TSE whose settings are lost or damaged is an outage, on record and on
// every receipt; not a till that never had one.
func TestTSEEinstellungenVerloren(t *testing.T) {
	for name, damage := range map[string]func(file string) error{
		"damaged": func(file string) error { return os.WriteFile(file, []byte(`{"treiber": "simu`), 0o600) },
		"unknown": func(file string) error { return os.WriteFile(file, []byte(`{"treiber": "blech"}`), 0o600) },
		"gone":    os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			a := open(t, dir)
			einrichten(t, a, filepath.Join(dir, "tse"))
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			if err := damage(filepath.Join(dir, anschluss.Datei)); err != nil {
				t.Fatal(err)
			}
			a = open(t, dir)
			_ = a.TSEAnschliessen(t.Context(), slog.New(slog.DiscardHandler)) // it is logged, and the till sells
			b, err := a.Dienste.Tagesabschluss.Bewegen(t.Context(), workflow.Auftrag{Key: "ein", Actor: "AB"},
				tagesabschluss.Bewegung{Geschaeft: bon.Anfangsbestand, Betrag: 100, Grund: "Wechselgeld"})
			if err != nil || b.Serie == "" {
				t.Fatalf("%+v %v", b, err)
			}
			l, set, err := a.Absicherung.Lage(t.Context())
			if err != nil || !set || l.Grund == "" || len(l.Ausfaelle) != 1 || l.Ungesichert != 0 {
				t.Errorf("%+v %v %v", l, set, err)
			}
			einrichten(t, a, filepath.Join(dir, "tse2"))
			if l, _, err = a.Absicherung.Lage(t.Context()); err != nil || l.Grund != "" || l.Ausfaelle[0].Ende == 0 {
				t.Errorf("set up again: %+v %v", l, err)
			}
		})
	}
}
