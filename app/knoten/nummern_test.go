package knoten_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/rechner"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/workflow"
)

// zurueck puts the database of a machine that is at rest back to a copy of it.
func zurueck(t *testing.T, dir, copied string) {
	t.Helper()
	for _, name := range []string{sqlite.File, sqlite.File + "-wal", sqlite.File + "-shm"} {
		b, err := os.ReadFile(filepath.Join(copied, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), b, 0o600)
		} else if err = os.Remove(filepath.Join(dir, name)); os.IsNotExist(err) {
			err = nil
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// seite is a page, as the browser on the machine gets it.
func (m *laufend) seite(path string) string {
	m.t.Helper()
	r, err := http.Get("http://" + m.addr + path)
	if err != nil {
		m.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		m.t.Fatalf("%s: %d %v", path, r.StatusCode, err)
	}
	return string(b)
}

// The database of a machine was put back by hand while everything else stayed. The mark beside it is
// ahead: before its first sale the machine goes on under a new name, with receipt numbers that nobody
// has, also if no other machine is there to tell it; and it stays so after the next start.
func TestDatenbankZurueckgespielt(t *testing.T) {
	dir := t.TempDir()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	a.stop()
	old := filepath.Join(dir, "kopie")
	if err := os.CopyFS(old, os.DirFS(a.dir)); err != nil {
		t.Fatal(err)
	}
	a = starte(t, a.dir, "127.0.0.1:0", knoten.Options{})
	a.nenne(t.Context(), "n1", "Rosen-Apotheke")
	before := a.Store.Self()
	a.stop()
	if a = starte(t, a.dir, "127.0.0.1:0", knoten.Options{}); a.Kern.Till != "1" || a.Store.Self() != before {
		t.Fatalf("nothing was put back, and it gives out %s as %s", a.Kern.Till, a.Store.Self())
	}
	a.stop()
	zurueck(t, a.dir, old)
	a = starte(t, a.dir, "127.0.0.1:0", knoten.Options{})
	till := a.Kern.Till
	if len(till) != 6 || till[0] != '1' || a.Store.Self() == before {
		t.Errorf("gives out %s as %s", till, a.Store.Self())
	}
	if g := a.glied("bonnummern"); g.Code != "J-313" || !strings.Contains(g.Text, till) {
		t.Errorf("%+v", g)
	}
	a.stop()
	if a = starte(t, a.dir, "127.0.0.1:0", knoten.Options{}); a.Kern.Till != till || a.glied("bonnummern").Code != "" {
		t.Errorf("then %s, %+v", a.Kern.Till, a.glied("bonnummern"))
	}
	a.stop()
	zurueck(t, a.dir, old) // once more: not those again, and not the first either
	a = starte(t, a.dir, "127.0.0.1:0", knoten.Options{})
	if a.Kern.Till == till || a.Kern.Till == "1" {
		t.Errorf("gives out %s again", a.Kern.Till)
	}
}

// Two machines of an old journal have one prefix. Störungen says so, somebody gives one of them
// another one on the page, and it gives that out from its next start on.
func TestGleicheBonnummern(t *testing.T) {
	dir := t.TempDir()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b := a.dazu(filepath.Join(dir, "b"))
	ctx := t.Context()
	var other event.RechnerAufgenommen
	bald(t, "b is known", 5*time.Second, func() bool {
		err := a.Store.View(ctx, func(rows journal.Rows) error {
			list, err := rechner.Alle(rows)
			for _, r := range list {
				if r.Platz == "platz-2" {
					other = r.RechnerAufgenommen
				}
			}
			return err
		})
		return err == nil && other.Till == "2"
	})
	b.stop()
	twin := other
	twin.Fingerabdruck, twin.Platz = strings.Repeat("c", 64), "platz-3"
	_, err := a.Store.Append(ctx, journal.Act{Key: "c", Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{twin}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	bald(t, "it is said", 5*time.Second, func() bool { return a.glied("bonnummern").Code == "J-311" })
	page := a.seite("/einstellungen/rechner")
	if n := strings.Count(page, "Neue Bonnummern"); n != 2 {
		t.Errorf("%d machines are offered others", n)
	}
	a.personal()
	press := func(who string) error {
		return a.Dienste.Rechner.Nummern(ctx, workflow.Auftrag{Key: "n", Actor: who}, "platz-2")
	}
	if err := press("GH"); fault.KindOf(err) != fault.Denied {
		t.Errorf("a PKA may: %v", err)
	}
	if err := press("AB"); err != nil {
		t.Fatal(err)
	}
	till, err := a.Rechner.NeueNummern(ctx, workflow.Auftrag{Key: "n", Actor: "AB"}, other.Fingerabdruck) // the same act
	if err != nil || till == "2" || till == "1" || !strings.HasPrefix(till, "2") {
		t.Fatalf("%s, %v", till, err)
	}
	if err := press("AB"); err != nil {
		t.Errorf("repeated: %v", err)
	}
	bald(t, "all is well", 5*time.Second, func() bool { return a.glied("bonnummern").Code == "" })
	b = starte(t, b.dir, "127.0.0.1:0", knoten.Options{})
	bald(t, "b knows", 5*time.Second, func() bool { return b.Kern.Till == till || b.glied("bonnummern").Code == "J-312" })
	b.stop()
	if b = starte(t, b.dir, "127.0.0.1:0", knoten.Options{}); b.Kern.Till != till {
		t.Errorf("b gives out %s, want %s", b.Kern.Till, till)
	}
	if d, err := os.ReadFile(filepath.Join(b.dir, knoten.Dir, "rechner.json")); err != nil ||
		!slices.Contains(strings.Fields(string(d)), `"2"`) {
		t.Errorf("does not know what it had before: %s %v", d, err)
	}
}

// With other receipt numbers a machine is another till for the tax office: the TSE of its settings is
// set up for that as well, with a serial number of its own (§ 146a AO; DSFinV-K, Z_KASSE_ID).
func TestTSEZuNeuenBonnummern(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "a")
	cfg := anschluss.Konfig{Treiber: simulator.Name, Ordner: filepath.Join(dir, "tse")}
	if err := errors.Join(os.MkdirAll(data, 0o700), cfg.Schreiben(data)); err != nil {
		t.Fatal(err)
	}
	serie := func(m *laufend) (serie string) {
		bald(t, "a TSE signs", 10*time.Second, func() bool {
			l, set, err := m.Absicherung.Lage(t.Context())
			serie = l.Serie
			return err == nil && set
		})
		return serie
	}
	a := starte(t, data, "127.0.0.1:0", knoten.Options{})
	first := serie(a)
	list, err := a.Rechner.Alle(t.Context())
	if err == nil {
		_, err = a.Rechner.NeueNummern(t.Context(), workflow.Auftrag{Key: "n", Actor: "AB"}, list[0].Fingerabdruck)
	}
	if err != nil {
		t.Fatal(err)
	}
	a.stop()
	a = starte(t, data, "127.0.0.1:0", knoten.Options{})
	if next := serie(a); a.Kern.Till == "1" || next == first || next == "" {
		t.Errorf("till %s signs as %q, before as %q", a.Kern.Till, next, first)
	}
}
