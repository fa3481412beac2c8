package apotheke_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow"
)

// Articles with another price and as many bytes, put there while the program did not run:
// found soon after the start, the catalogue before goes on, and Störungen says so. That one
// is looked at, too, and so is one that begins to hold later.
func TestVertauschterKatalogWirdGefunden(t *testing.T) {
	dir := t.TempDir()
	katalog := filepath.Join(dir, "katalog")
	sound, old, now, next := liste(t, katalog, 20261015, 498), liste(t, katalog, 20261101, 498),
		liste(t, katalog, 20261115, 498), liste(t, katalog, 20261201, 498)
	for _, id := range []string{old.ID, now.ID, next.ID} {
		name := filepath.Join(katalog, id, "artikel.db")
		if err := os.WriteFile(name, anderer(t, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	uhr := clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC))
	a, err := apotheke.Open(t.Context(), apotheke.Options{Dir: dir, Clock: uhr, PruefenNach: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.Nachpruefen(ctx, slog.New(slog.DiscardHandler))
	}()
	for _, day := range []civil.Day{20261123, 20261201} {
		for tick := time.NewTicker(5 * time.Millisecond); ctx.Err() == nil; <-tick.C {
			if g, err := a.Katalog.Am(day); err == nil && g.Manifest().ID == sound.ID {
				break
			}
		}
		uhr.Set(time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC))
	}
	cancel()
	<-ended
	list := a.Katalog.Stoerungen()
	if len(list) != 3 {
		t.Errorf("%v", list)
	}
	for _, err := range list {
		if !strings.Contains(err.Error(), "A-654") {
			t.Error(err)
		}
	}
}

// anderer is the file with 1.98 € in place of 4.98 €.
func anderer(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil || !bytes.Contains(b, []byte(`"uvp":498`)) {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(b, []byte(`"uvp":498`), []byte(`"uvp":198`))
}

// Files of the catalogue that are swapped or written over beside an open cart: the price that
// nobody has checked is never in it. It is the one that was open or, once somebody has
// written into that, the one of the catalogue before.
func TestVertauschtNebenOffenemVorgang(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	katalog := filepath.Join(dir, "katalog")
	liste(t, katalog, 20261101, 398)
	name := filepath.Join(katalog, liste(t, katalog, 20261115, 498).ID, "artikel.db")
	n := 0
	act := func() workflow.Auftrag { n++; return workflow.Auftrag{Key: "k-" + strconv.Itoa(n), Actor: "AB"} }
	s := a.Dienste.Verkauf
	v, err := s.Beginnen(t.Context(), act())
	if err != nil {
		t.Fatal(err)
	}
	id, other := v.Vorgang.ID, []byte(nil)
	for i, c := range []struct {
		tun  func() error
		want money.Cent
	}{
		{func() error { return nil }, 498},
		{func() error { // another file takes the name
			other = anderer(t, name)
			if err := os.Rename(name, name+"-alt"); err != nil {
				return err
			}
			return os.WriteFile(name, other, 0o600)
		}, 2 * 498},
		{func() error { return os.Rename(name+"-alt", name) }, 3 * 498},
		{func() error { return os.WriteFile(name, other, 0o600) }, 4 * 398},
	} {
		if err := c.tun(); err != nil {
			t.Fatal(err)
		}
		if v, _, err = s.Scan(t.Context(), act(), id, "01126111"); err != nil || v.Summen.Patient != c.want {
			t.Errorf("%d: %v, %v, want %v", i, v.Summen.Patient, err, c.want)
		}
	}
	if list := a.Katalog.Stoerungen(); len(list) != 1 || !strings.Contains(list[0].Error(), "A-654") {
		t.Errorf("%v", list)
	}
}
