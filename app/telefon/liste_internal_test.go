package telefon

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	ueber "github.com/offizin/offizin/catalogue/eigene"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/web/preisauskunft"
	"github.com/offizin/offizin/web/telefon"
)

// probe is a price list of the real program, over a small catalogue and an article of its own.
func probe(t *testing.T) (binary string, open func(binary string) *liste) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program")
	}
	binary, daten := filepath.Join(t.TempDir(), "offizin"), t.TempDir()
	for _, args := range [][]string{
		{"go", "build", "-o", binary, "github.com/offizin/offizin/cmd/offizin"},
		{binary, "catalogue", "muster", "--daten", daten, "--artikel", "300", "--ab", "2026-11-15"},
	} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
	}
	g, err := generation.OpenOrdner(filepath.Join(daten, "katalog"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	law, err := recht.Load()
	if err != nil {
		t.Fatal(err)
	}
	own, err := ueber.New([]artikel.Artikel{{PZN: "08000005", Name: "Badesalz", UVP: 1290}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir, source := t.TempDir(), preisauskunft.Quelle{
		Katalog: g, Tag: 20261120, Eigene: own, Wechsel: []civil.Day{20261122}, Recht: func(day civil.Day) (preisauskunft.Recht, error) {
			s, err := law.Am(day)
			return preisauskunft.Recht{Preis: s.Preis, Zuzahlung: s.Zuzahlung}, err
		},
	}
	return binary, func(binary string) *liste {
		l := &liste{
			dir: dir, daten: daten, clock: clock.NewReal(), log: slog.New(slog.DiscardHandler), geraet: &telefon.Geraet{},
			programm: func() (string, error) { return binary, nil }, quelle: func(context.Context) (preisauskunft.Quelle, error) { return source, nil },
		}
		l.hole()
		return l
	}
}

// A list is taken up by the next start of the same program. One that was removed is written
// again, also right after it was written; what went wrong is forgotten when the list is right.
func TestListeBleibtUndKommtWieder(t *testing.T) {
	binary, open := probe(t)
	l := open(binary)
	if s, err := l.stand(); s != nil || err != nil {
		t.Fatalf("nothing is written yet: %v %v", s, err)
	}
	l.pruefe(t.Context())
	if s, err := l.stand(); err != nil || s == nil || s.Artikel != 301 {
		t.Fatalf("%+v %v", s, err)
	}
	if l.versucht != "" {
		t.Error("the program writes another list than it was asked for")
	}
	file := l.datei(l.jetzt.Summe)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	l.pruefe(t.Context())
	if _, err := os.Stat(file); err != nil {
		t.Errorf("a removed list stays away: %v", err)
	}
	l.merke(nil, errors.New("disk full"))
	l.pruefe(t.Context())
	if _, err := l.stand(); err != nil {
		t.Errorf("the list is right and still says %v", err)
	}
	if s, err := open(binary).stand(); s == nil || err != nil {
		t.Errorf("the next start: %v %v", s, err)
	}
}

// After an update the page may read other columns than the list on the disk has.
func TestListeEinesAnderenProgramms(t *testing.T) {
	binary, open := probe(t)
	l := open(binary)
	l.pruefe(t.Context())
	b, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	update := filepath.Join(t.TempDir(), "offizin")
	if err := os.WriteFile(update, append(b, 0), 0o700); err != nil {
		t.Fatal(err)
	}
	l = open(update)
	if s, _ := l.stand(); s != nil {
		t.Error("the list of another program is taken up")
	}
	l.pruefe(t.Context())
	if s, err := l.stand(); s == nil || err != nil {
		t.Errorf("it is written anew: %v %v", s, err)
	}
}
