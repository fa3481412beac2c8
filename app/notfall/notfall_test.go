package notfall_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/notfall"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/integration/notfallmappe/mappetest"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/vormerkung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// haushalt is an open pharmacy with one article, whose clock stands still.
type haushalt struct {
	*apotheke.Apotheke

	t     *testing.T
	dir   string
	uhr   *clock.Manual
	log   *bytes.Buffer
	blick notfall.Blick
	keys  int
}

func open(t *testing.T, now time.Time) *haushalt {
	t.Helper()
	h := &haushalt{t: t, dir: t.TempDir(), uhr: clock.NewManual(now), log: &bytes.Buffer{}}
	a, err := apotheke.Open(t.Context(), apotheke.Options{Dir: h.dir, Clock: h.uhr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	h.Apotheke = a
	h.blick = notfall.NewBlick(a.Mappen, slog.New(slog.NewTextHandler(h.log, nil)))
	h.katalog(20261115, 3649)
	return h
}

var ramipril = workflowtest.PZN("1234562")

// katalog builds a list from a day on: one Rx at a price, with a Festbetrag of 21.50 €.
func (h *haushalt) katalog(ab civil.Day, avp money.Cent) {
	h.t.Helper()
	a := workflowtest.Rx(ramipril, "RAMIPRIL Demo", "x", 1000, avp)
	a.Festbetrag = 2150
	h.baue(ab, a)
}

func (h *haushalt) baue(ab civil.Day, list ...artikel.Artikel) {
	h.t.Helper()
	var rows []catalogue.Zeile
	for _, a := range list {
		rows = append(rows, catalogue.Zeile{Artikel: a})
	}
	_, err := generation.Build(h.t.Context(), filepath.Join(h.dir, "katalog"), catalogue.Manifest{Quelle: "test", GueltigAb: ab},
		catalogue.QuelleAus(rows, nil), nil)
	h.must(err)
}

func (h *haushalt) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *haushalt) act() workflow.Auftrag {
	h.keys++
	return workflow.Auftrag{Key: fmt.Sprint("k-", h.keys), Actor: "AB"}
}

// kunde puts a customer on file and reserves for them.
func (h *haushalt) kunde(name, telefon string) person.Person {
	h.t.Helper()
	p, err := h.Dienste.Personen.Anlegen(h.t.Context(), h.act(), person.Person{Name: name, Telefon: telefon})
	h.must(err)
	_, err = h.Dienste.Vormerkung.Anlegen(h.t.Context(), h.act(), vormerkung.Eingabe{PZN: ramipril, Menge: 1, Kunde: p.ID})
	h.must(err)
	return p
}

func (h *haushalt) schritt(told bool) { h.blick.Schritt(h.t.Context(), told) }

// dateien are the files in the folder of the Mappen.
func (h *haushalt) dateien() string {
	h.t.Helper()
	entries, err := os.ReadDir(filepath.Join(h.dir, notfall.Dir))
	if err != nil && !os.IsNotExist(err) {
		h.t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".pdf"))
	}
	return strings.Join(names, " ")
}

// text is what stands in the Mappe of a day.
func (h *haushalt) text(day string) string {
	h.t.Helper()
	b, err := os.ReadFile(filepath.Join(h.dir, notfall.Dir, day+".pdf"))
	h.must(err)
	return text(h.t, b)
}

func text(t *testing.T, pdf []byte) string {
	t.Helper()
	pages, err := mappetest.Stuecke(pdf)
	if err != nil || len(pages) < 7 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	var all []string
	for _, p := range pages {
		all = append(all, mappetest.Zeilen(p)...)
	}
	return strings.Join(all, "\n")
}

func code(err error) string {
	if f, ok := err.(*fault.Fault); ok { //nolint:errorlint // the outermost error is what the user sees
		return f.Code
	}
	return fmt.Sprint(err)
}

// stoerung is the code that Störungen shows for the Mappe.
func (h *haushalt) stoerung() string {
	for _, g := range h.Dienste.Stoerung.Zustand(h.t.Context()).Glieder {
		if g.ID == "notfallmappe" {
			return g.Code
		}
	}
	return "no link"
}

// The night from 31.12.2026 to 01.01.2027: the Zuzahlung rises to 7.50 € (§ 61 SGB V in the
// Fassung of 2027-01-01). The old Mappe says so beforehand; the new one is there within a
// minute of midnight in Berlin, which is 23:00 UTC, and none is made twice.
func TestJahreswechsel(t *testing.T) {
	h := open(t, time.Date(2026, 12, 31, 22, 59, 0, 0, time.UTC))
	h.schritt(true)
	if got := h.text("2026-12-31"); !strings.Contains(got, "36,49|21,50|5,00|14,99|01.01.|36,49|7,50|14,99") ||
		!strings.Contains(got, "gültig bis 31.12.2026") {
		t.Error(got)
	}
	before, err := os.Stat(filepath.Join(h.dir, notfall.Dir, "2026-12-31.pdf"))
	h.must(err)
	h.uhr.Advance(30 * time.Second)
	h.schritt(false)
	if after, err := os.Stat(filepath.Join(h.dir, notfall.Dir, "2026-12-31.pdf")); err != nil || after.ModTime() != before.ModTime() {
		t.Error("made again without a reason", err)
	}
	h.uhr.Advance(time.Minute)
	h.schritt(false)
	if got := h.dateien(); got != "2026-12-31 2027-01-01" {
		t.Errorf("%q", got)
	}
	if got := h.text("2027-01-01"); !strings.Contains(got, "36,49|21,50|7,50|14,99\n") || !strings.Contains(got, "Stand 01.01.2027, 00:00 Uhr · gültig bis 14.01.2027") {
		t.Error(got)
	}
	if s := h.Mappen.Stand(t.Context()); s.Tag != 20270101 || !s.Heute || s.Fehler != nil || h.stoerung() != "" {
		t.Errorf("%+v", s)
	}
}

// Seven Mappen stay. One from a day to come, which a wrong clock has made, is never shown
// for today's and goes first. Only the owner of the data may read them.
func TestSiebenBleiben(t *testing.T) {
	h := open(t, time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
	h.uhr.Set(time.Date(2031, 1, 1, 11, 0, 0, 0, time.UTC))
	h.schritt(false)
	h.uhr.Set(time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
	for range 9 {
		h.schritt(false)
		if s := h.Mappen.Stand(t.Context()); !s.Heute || s.Tag > 20261130 {
			t.Errorf("%+v", s)
		}
		h.uhr.Advance(24 * time.Hour)
	}
	if got := h.dateien(); got != "2026-11-22 2026-11-23 2026-11-24 2026-11-25 2026-11-26 2026-11-27 2026-11-28" {
		t.Errorf("%q", got)
	}
	for name, want := range map[string]os.FileMode{"": 0o700, "2026-11-28.pdf": 0o600} {
		if fi, err := os.Stat(filepath.Join(h.dir, notfall.Dir, name)); err != nil || runtime.GOOS != "windows" && fi.Mode().Perm() != want {
			t.Errorf("%q: %v, %v", name, fi.Mode(), err)
		}
	}
}

// A clock that was set back still finds the Mappe that there is.
func TestUhrZurueck(t *testing.T) {
	h := open(t, time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
	h.schritt(false)
	h.uhr.Set(time.Date(2026, 11, 19, 11, 0, 0, 0, time.UTC))
	if _, day, err := h.Mappen.Lesen(); day != 20261120 || err != nil {
		t.Errorf("%v, %v", day, err)
	}
}

// Another catalogue for today, or one that is coming: the Mappe is made anew with it.
func TestAndererKatalog(t *testing.T) {
	h := open(t, time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
	h.schritt(true)
	h.katalog(20261201, 3700)
	h.schritt(false)
	if got := h.text("2026-11-20"); !strings.Contains(got, "01.12.|37,00|5,00|15,50") {
		t.Error(got)
	}
	_, _, err := generation.Rollback(filepath.Join(h.dir, "katalog"), 20261201, generation.Vermerk{})
	h.must(err)
	h.schritt(false)
	if got := h.text("2026-11-20"); strings.Contains(got, "01.12.|37,00") {
		t.Error("still with the catalogue that was taken out")
	}
}

// Who is erased is in no Mappe any more: at once where it is told, else within the hour; a
// Mappe that does not name them stays. Nothing of it is in the log.
func TestGeloescht(t *testing.T) {
	for _, told := range []bool{true, false} {
		h := open(t, time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
		h.schritt(true)
		h.uhr.Advance(24 * time.Hour)
		anna, berta := h.kunde("Annäherung", "0711 4711"), h.kunde("Berta", "0711 815")
		h.schritt(false)
		h.uhr.Advance(24 * time.Hour)
		h.schritt(false)
		if got := h.text("2026-11-21"); !strings.Contains(got, "Annäherung|0711 4711") || !strings.Contains(h.text("2026-11-22"), "Annäherung") {
			t.Fatal(got)
		}
		h.must(h.Dienste.Personen.Loeschen(t.Context(), h.act(), anna.ID, "auf Wunsch"))
		if !told {
			h.uhr.Advance(59 * time.Minute)
			h.schritt(false)
			h.uhr.Advance(time.Minute)
		}
		h.schritt(told)
		if got := h.dateien(); got != "2026-11-20 2026-11-22" {
			t.Errorf("told %t: %q", told, got)
		}
		got := h.text("2026-11-22")
		if strings.Contains(got, "Ann") || strings.Contains(got, "4711") || !strings.Contains(got, "Berta|0711 815") {
			t.Error(got)
		}
		for _, secret := range []string{"Annäherung", "4711", "Berta", "815", anna.ID, berta.ID} {
			if strings.Contains(h.log.String(), secret) {
				t.Errorf("%q in the log: %s", secret, h.log)
			}
		}
		if h.stoerung() != "" {
			t.Error(h.stoerung())
		}
	}
}

// Without a new Mappe the newest stays, although it names who was erased: Störungen says so,
// and it goes as soon as one can be made. Older ones go at once.
func TestGeloeschtOhneNeue(t *testing.T) {
	h := open(t, time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
	anna := h.kunde("Annäherung", "0711 4711")
	for range 2 {
		h.schritt(false)
		h.uhr.Advance(24 * time.Hour)
	}
	h.must(h.Dienste.Personen.Loeschen(t.Context(), h.act(), anna.ID, "auf Wunsch"))
	folder := filepath.Join(h.dir, notfall.Dir)
	block(t, folder, "2026-11-22.pdf")
	h.schritt(true)
	if got := h.dateien(); got != "2026-11-21 2026-11-22" || h.stoerung() != "S-411" || !h.Mappen.Stand(t.Context()).Geloescht {
		t.Errorf("%q, %s", got, h.stoerung())
	}
	h.must(os.RemoveAll(filepath.Join(folder, "2026-11-22.pdf")))
	h.uhr.Advance(10 * time.Minute)
	h.schritt(false)
	if got := h.dateien(); got != "2026-11-22" || strings.Contains(h.text("2026-11-22"), "Ann") || h.stoerung() != "" {
		t.Errorf("%q, %s", got, h.stoerung())
	}
}

// block puts a folder where a file should be, so that it cannot be written.
func block(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, name, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
}

// What cannot be written leaves the old one, and is tried again after ten minutes and not
// before; selling goes on.
func TestNichtGeschrieben(t *testing.T) {
	h := open(t, time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
	if _, _, err := h.Mappen.Lesen(); code(err) != "A-717" {
		t.Error(err)
	}
	h.schritt(false)
	h.uhr.Advance(24 * time.Hour)
	folder := filepath.Join(h.dir, notfall.Dir)
	block(t, folder, "2026-11-21.pdf")
	h.must(os.WriteFile(filepath.Join(folder, ".2026-11-19.pdf-123"), []byte("half"), 0o600)) // a kill left it
	h.schritt(false)
	if _, day, err := h.Mappen.Lesen(); day != 20261120 || err != nil || h.stoerung() != "S-411" || code(h.Mappen.Stand(t.Context()).Fehler) != "A-711" {
		t.Errorf("%v, %v, %s", day, err, h.stoerung())
	}
	if got := h.dateien(); got != "2026-11-20 2026-11-21" {
		t.Errorf("left behind: %q", got)
	}
	h.kunde("Anna", "1")
	h.must(os.RemoveAll(filepath.Join(folder, "2026-11-21.pdf")))
	h.uhr.Advance(9 * time.Minute)
	h.schritt(false)
	if got := h.dateien(); got != "2026-11-20" {
		t.Errorf("tried at once again: %q", got)
	}
	h.uhr.Advance(time.Minute)
	h.schritt(false)
	if got := h.dateien(); got != "2026-11-20 2026-11-21" || h.stoerung() != "" {
		t.Errorf("%q, %s", got, h.stoerung())
	}
}

// One at a time: each gets a Mappe or is told to wait, and what is there is whole.
func TestZugleich(t *testing.T) {
	h := open(t, time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
	var made, waits int
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, err := h.Mappen.Erstellen(t.Context())
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				made++
			case code(err) == "A-719":
				waits++
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if made == 0 || made+waits != 8 || !strings.Contains(h.text("2026-11-20"), "RAMIPRIL") {
		t.Errorf("%d made, %d waited", made, waits)
	}
}

// The running program makes one at once, looks when it is woken, and ends when asked to.
func TestLaufen(t *testing.T) {
	h := open(t, time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
	anna := h.kunde("Annäherung", "0711 4711")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		h.Mappen.Laufen(ctx, slog.New(slog.DiscardHandler))
	}()
	waits := func(what string, done func(string) bool) {
		t.Helper()
		for tick := time.NewTicker(5 * time.Millisecond); ctx.Err() == nil; <-tick.C {
			if b, _, err := h.Mappen.Lesen(); err == nil && done(text(t, b)) {
				return
			}
		}
		t.Fatal(what)
	}
	waits("no Mappe", func(s string) bool { return strings.Contains(s, "Annäherung") })
	h.must(h.Dienste.Personen.Loeschen(t.Context(), h.act(), anna.ID, "auf Wunsch"))
	waits("erased, and still there", func(s string) bool { return !strings.Contains(s, "Annäherung") })
	cancel()
	<-ended
}

// A stick that is not there, or a folder of this machine, is named; nothing is written, the
// Mappe is there, and no sale waits.
func TestStickFehlt(t *testing.T) {
	h := open(t, time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
	file := filepath.Join(t.TempDir(), "file")
	h.must(os.WriteFile(file, nil, 0o600))
	for dir, want := range map[string]string{
		filepath.Join(h.dir, "fehlt"): "A-713", file: "A-713", t.TempDir(): "A-714", h.dir: "A-714",
	} {
		h.must(h.Dienste.Haus.Setzen(t.Context(), h.act(), haus.Einstellungen{Name: "Demo", NotfallStick: dir}))
		h.schritt(false)
		if s := h.Mappen.Stand(t.Context()); code(s.StickFehler) != want || s.Stick != dir || !s.Heute || h.stoerung() != "S-415" {
			t.Errorf("%s: %v, %s", dir, s.StickFehler, h.stoerung())
		}
		if _, err := os.Stat(filepath.Join(dir, notfall.StickName)); err == nil {
			t.Errorf("%s: written all the same", dir)
		}
	}
	if err := notfall.Eingehaengt("/", h.dir); code(err) != "A-714" { // only asked: nothing is ever written there
		t.Errorf("the root of this machine: %v", err)
	}
	h.must(h.Dienste.Haus.Setzen(t.Context(), h.act(), haus.Einstellungen{Name: "Demo"}))
	h.schritt(false)
	if s := h.Mappen.Stand(t.Context()); s.StickFehler != nil || s.Stick != "" || h.stoerung() != "" {
		t.Errorf("without a stick: %+v", s)
	}
}

// Broken off between two steps, the next start goes on: what was erased and is still named,
// what was written and is not on the stick or has not made room yet, what is half written.
func TestNachAbbruch(t *testing.T) {
	h := open(t, time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC))
	folder := filepath.Join(h.dir, notfall.Dir)
	anna := h.kunde("Annäherung", "0711 4711")
	h.schritt(true)
	named, err := os.ReadFile(filepath.Join(folder, "2026-11-20.pdf"))
	h.must(err)
	h.Dienste.Personen.NachLoeschen(nil) // killed before anybody was told
	h.must(h.Dienste.Personen.Loeschen(t.Context(), h.act(), anna.ID, "auf Wunsch"))
	for day := civil.Day(20261110); day < 20261120; day++ {
		pdf := named
		if day%2 == 0 {
			pdf = []byte("%PDF-1.3\n%%EOF\n") // names nobody
		}
		h.must(os.WriteFile(filepath.Join(folder, day.String()+".pdf"), pdf, 0o600))
	}
	h.must(os.WriteFile(filepath.Join(folder, ".2026-11-20.pdf-1"), named[:1000], 0o600))

	m := notfall.New(h.Kern, h.Dienste.Personen, h.dir) // the next start
	notfall.NewBlick(m, slog.New(slog.DiscardHandler)).Schritt(t.Context(), true)
	if got := h.dateien(); got != "2026-11-14 2026-11-16 2026-11-18 2026-11-20" {
		t.Errorf("%q", got)
	}
	if got := h.text("2026-11-20"); strings.Contains(got, "Annäherung") || strings.Contains(got, "4711") {
		t.Error(got)
	}
}
