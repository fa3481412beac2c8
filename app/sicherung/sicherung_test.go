package sicherung_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/app/sicherung/code"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/personen"
	"github.com/offizin/offizin/sqlite"
)

const pzn = kennung.PZN("12345678")

// haus is a pharmacy with a recovery code and a folder for backups.
type haus struct {
	*sicherung.Sicherungen

	t     *testing.T
	uhr   *clock.Manual
	dir   string
	ziel  string
	store *sqlite.Store
	code  code.Code
}

func open(t *testing.T) *haus {
	t.Helper()
	h := &haus{
		t: t, uhr: clock.NewManual(time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)), dir: filepath.Join(t.TempDir(), "daten"),
		ziel: t.TempDir(),
	}
	h.store = store(t, h.dir)
	h.Sicherungen = sicherung.New(sicherung.Options{Daten: h.dir, Clock: h.uhr, Projections: alle.Projections()})
	if _, err := h.Erstellen(t.Context(), h.ziel, nil); codeOf(err) != "D-100" {
		t.Fatalf("a backup without a recovery code: %v", err)
	}
	var err error
	if h.code, err = h.NeuerCode(); err != nil {
		t.Fatal(err)
	}
	return h
}

func store(t *testing.T, dir string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections(), Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// verkauft books one sale of n packs.
func verkauft(ctx context.Context, s journal.Store, key string, n int) error {
	_, err := s.Append(ctx, journal.Act{Key: key, Input: n, Actor: "AB", Wall: time.Unix(1, 0), Decide: func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{event.BestandGeaendert{PZN: pzn, Delta: -n, Art: "korrektur"}}, nil
	}})
	return err
}

func menge(t *testing.T, s journal.Store) (n int) {
	t.Helper()
	err := s.View(t.Context(), func(rows journal.Rows) (err error) {
		n, err = bestand.Menge(rows, pzn)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (h *haus) sichere() sicherung.Ergebnis {
	h.t.Helper()
	h.uhr.Advance(time.Minute)
	e, err := h.Erstellen(h.t.Context(), h.ziel, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return e
}

func (h *haus) auftrag(von string) sicherung.Auftrag {
	h.t.Helper()
	id, err := h.code.Identity()
	if err != nil {
		h.t.Fatal(err)
	}
	return sicherung.Auftrag{
		Von: von, Nach: filepath.Join(h.t.TempDir(), "neu"), Mit: []age.Identity{id}, Clock: h.uhr, Projections: alle.Projections(),
	}
}

func (h *haus) zurueck(von string) (sicherung.Bericht, *sqlite.Store) {
	h.t.Helper()
	a := h.auftrag(von)
	b, err := sicherung.Wiederherstellen(h.t.Context(), a)
	if err != nil {
		h.t.Fatal(err)
	}
	return b, store(h.t, a.Nach)
}

// Every sale that was booked before the backup began is there after it was restored, none is
// half there, and the stock is that of the sales; whatever is sold meanwhile.
func TestBackupWhileSelling(t *testing.T) {
	h := open(t)
	for round := range 3 {
		var before int
		for i := range 40 + rand.IntN(60) {
			if err := verkauft(t.Context(), h.store, fmt.Sprintf("v%d-%d", round, i), 1+rand.IntN(3)); err != nil {
				t.Fatal(err)
			}
		}
		before = int(heads(t, h.store)[0].Seq)
		var till sync.WaitGroup
		stop, end := context.WithCancel(t.Context())
		till.Go(func() {
			for i := 0; stop.Err() == nil; i++ {
				if err := verkauft(t.Context(), h.store, fmt.Sprintf("w%d-%d", round, i), 1); err != nil {
					t.Errorf("a sale was stopped: %v", err)
				}
			}
		})
		e := h.sichere()
		end()
		till.Wait()
		b, restored := h.zurueck(e.Datei)
		old := heads(t, restored)[1]
		if int(old.Seq) < before || old.Origin != h.store.Self() || old.Seq != e.Koepfe[0].Nr {
			t.Errorf("%d records before the backup, %v restored", before, old)
		}
		sum, last := 0, journal.Hash{}
		err := h.store.Records(t.Context(), h.store.Self(), 0, func(r journal.Record) (bool, error) {
			x, err := event.Decode(r.Type, r.Payload)
			if m, ok := x.(event.BestandGeaendert); ok {
				sum += m.Delta
			}
			last = r.Hash
			return r.Seq < old.Seq, err
		})
		if err != nil || menge(t, restored) != sum || hex.EncodeToString(last[:]) != e.Koepfe[0].Hash {
			t.Errorf("stock %d, the sales say %d; %v", menge(t, restored), sum, err)
		}
		if b.Herkunft != restored.Self() || b.Herkunft == h.store.Self() || b.Herkunft.Node != h.store.Self().Node {
			t.Errorf("it goes on as %v", b.Herkunft)
		}
		if err := verkauft(t.Context(), restored, "danach", 1); err != nil {
			t.Error(err)
		}
	}
}

func heads(t *testing.T, s journal.Store) []journal.Head {
	t.Helper()
	list, err := s.Heads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Who was erased after the backup does not come back, because it is noted beside it; all
// others do, and their data open: the key of the machine is in the backup.
func TestErasedStaysErased(t *testing.T) {
	h := open(t)
	sealed := map[string]journal.Sealed{}
	for _, p := range []string{"bleibt", "geht"} {
		x, err := h.store.Seal(t.Context(), p, []byte(`{"name":"`+p+`"}`))
		if err == nil {
			err = book(t.Context(), h.store, "p-"+p, event.PersonGesetzt{ID: p, Daten: x, Stamm: true})
		}
		if err != nil {
			t.Fatal(err)
		}
		sealed[p] = x
	}
	e := h.sichere()
	if err := book(t.Context(), h.store, "weg", event.PersonGeloescht{ID: "geht", Grund: "Wunsch"}); err != nil {
		t.Fatal(err)
	}
	h.sichere() // notes it; an evening's stroke before the machine dies
	b, restored := h.zurueck(e.Datei)
	if b.Geloescht != 1 || b.OhneListe || b.Verschloss {
		t.Errorf("%+v", b)
	}
	if _, err := restored.Open(t.Context(), sealed["geht"]); !errors.Is(err, journal.ErrErased) {
		t.Errorf("the erased person is back: %v", err)
	}
	if text, err := restored.Open(t.Context(), sealed["bleibt"]); err != nil || !strings.Contains(string(text), "bleibt") {
		t.Errorf("%s, %v", text, err)
	}
	err := restored.View(t.Context(), func(rows journal.Rows) error {
		_, ok, err := personen.Find(rows, "geht")
		if ok {
			t.Error("the erased person is listed")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	alone := filepath.Join(t.TempDir(), filepath.Base(e.Datei)) // the backup without what lies beside it
	copyFile(t, e.Datei, alone)
	if b, _ := h.zurueck(alone); !b.OhneListe || b.Geloescht != 0 {
		t.Errorf("nobody says that the list is missing: %+v", b)
	}
}

func book(ctx context.Context, s journal.Store, key string, e journal.Event) error {
	_, err := s.Append(ctx, journal.Act{Key: key, Input: key, Actor: "AB", Wall: time.Unix(1, 0), Decide: func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{e}, nil
	}})
	return err
}

// Without the key of the machine everything but persons comes back, and that is said.
func TestMissingNodeKeyIsSaid(t *testing.T) {
	h := open(t)
	x, err := h.store.Seal(t.Context(), "p", []byte("{}"))
	if err == nil {
		err = book(t.Context(), h.store, "p", event.PersonGesetzt{ID: "p", Daten: x})
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(h.dir, "knoten.key")); err != nil {
		t.Fatal(err)
	}
	if b, _ := h.zurueck(h.sichere().Datei); !b.Verschloss {
		t.Errorf("%+v", b)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// What must not be restored is refused with its sentence, and nothing is left behind.
func TestRefused(t *testing.T) {
	h := open(t)
	if err := verkauft(t.Context(), h.store, "v", 1); err != nil {
		t.Fatal(err)
	}
	e := h.sichere()
	later := h.sichere()
	foreign := open(t)
	whole, err := os.ReadFile(e.Datei)
	if err != nil {
		t.Fatal(err)
	}
	file := func(b []byte) string {
		name := filepath.Join(t.TempDir(), "x.age")
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	swapped := filepath.Join(t.TempDir(), filepath.Base(later.Datei))
	copyFile(t, e.Datei, swapped)
	for name, c := range map[string]struct{ file, code string }{
		"cut":      {file(whole[:len(whole)-1]), "D-113"},
		"empty":    {file(nil), "D-112"},
		"no age":   {file([]byte("PK\x03\x04")), "D-112"},
		"foreign":  {foreign.sichere().Datei, "D-111"},
		"swapped":  {swapped, "D-115"},
		"missing":  {filepath.Join(h.ziel, "x"), "D-118"},
		"longer":   {file(append(slices.Clip(whole), 0)), "D-113"},
		"bit flip": {file(flip(whole)), "D-113"},
	} {
		a := h.auftrag(c.file)
		if _, err := sicherung.Wiederherstellen(t.Context(), a); codeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
		if left, err := os.ReadDir(filepath.Dir(a.Nach)); err != nil || len(left) != 0 {
			t.Errorf("%s: left behind: %v, %v", name, left, err)
		}
	}
	a := h.auftrag(e.Datei)
	if err := os.MkdirAll(filepath.Join(a.Nach, "etwas"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := sicherung.Wiederherstellen(t.Context(), a); codeOf(err) != "D-116" {
		t.Errorf("a folder with content: %v", err)
	}
}

func flip(b []byte) []byte {
	bad := append([]byte{}, b...)
	bad[1000+rand.IntN(len(b)-1000)] ^= 1 << rand.IntN(8)
	return bad
}

// A folder that is not there, another medium in its place and one inside the data are told.
func TestFolders(t *testing.T) {
	h := open(t)
	for folder, want := range map[string]string{
		filepath.Join(h.ziel, "nicht da"): "D-101", h.dir: "D-105", filepath.Join(h.dir, "sicherung"): "D-105", "relativ": "D-104",
	} {
		if err := h.ZielSetzen(folder); codeOf(err) != want {
			t.Errorf("%s: %v, want %s", folder, err, want)
		}
	}
	if err := h.ZielSetzen(h.ziel); err != nil {
		t.Fatal(err)
	}
	if err := h.Jetzt(t.Context()); err != nil || h.Stand().Fehler != "" || h.Stand().Letzte.IsZero() {
		t.Errorf("%v, %+v", err, h.Stand())
	}
	away := h.ziel + "-weg"
	if err := errors.Join(os.Rename(h.ziel, away), os.Mkdir(h.ziel, 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := h.Jetzt(t.Context()); codeOf(err) != "D-106" || !strings.Contains(h.Stand().Fehler, "D-106") {
		t.Errorf("the folder of a stick without the stick: %v", err)
	}
	if left, err := os.ReadDir(h.ziel); err != nil || len(left) != 0 {
		t.Errorf("written there all the same: %v, %v", left, err)
	}
}

// The daily backup and the weekly test are due by civil days, once each.
func TestJobs(t *testing.T) {
	h := open(t)
	due := func() (list [2]bool) {
		for i, j := range h.Jobs() {
			if list[i] = j.Faellig(); list[i] {
				if err := j.Lauf(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if j.Faellig() {
				t.Error("still due when it is done")
			}
		}
		return list
	}
	if due() != [2]bool{} {
		t.Error("due without a folder")
	}
	if err := h.ZielSetzen(h.ziel); err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 9 {
		d := due()
		got = append(got, map[[2]bool]string{{}: "-", {true, false}: "b", {true, true}: "bp", {false, true}: "p"}[d])
		h.uhr.Set(h.uhr.Now().Add(24 * time.Hour))
	}
	if text := strings.Join(got, " "); text != "bp b b b b b b bp b" {
		t.Error(text)
	}
	if s := h.Stand(); s.Geprueft.IsZero() || s.ProbeFehler != "" || s.GeprueftVon.After(s.Geprueft) {
		t.Errorf("%+v", s)
	}
}

// A test of a backup that cannot be restored says so, and leaves nothing behind.
func TestProbeFindsDamage(t *testing.T) {
	h := open(t)
	if err := h.ZielSetzen(h.ziel); err != nil {
		t.Fatal(err)
	}
	if err := h.Jetzt(t.Context()); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(h.ziel, h.Stand().Datei)
	whole, err := os.ReadFile(name)
	if err == nil {
		err = os.WriteFile(name, flip(whole), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Probe(t.Context(), nil); codeOf(err) != "D-113" || !strings.Contains(h.Stand().ProbeFehler, "D-113") {
		t.Errorf("%v, %+v", err, h.Stand())
	}
	if left, _ := filepath.Glob(filepath.Join(h.dir, sicherung.Dir, "*.tmp")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	again := sicherung.New(sicherung.Options{Daten: h.dir, Clock: h.uhr, Projections: alle.Projections()})
	if !strings.Contains(again.Stand().ProbeFehler, "D-113") || again.Stand().Datei != h.Stand().Datei {
		t.Errorf("forgotten at the next start: %+v", again.Stand())
	}
}

// A new code opens new backups, the old one those of its time.
func TestNewCode(t *testing.T) {
	h := open(t)
	old := h.sichere()
	before := h.code
	var err error
	if h.code, err = h.NeuerCode(); err != nil {
		t.Fatal(err)
	}
	if ok, err := h.CodeGehoert(before); ok || err != nil {
		t.Errorf("the old code counts: %v", err)
	}
	if ok, err := h.CodeGehoert(h.code); !ok || err != nil {
		t.Errorf("the new code does not count: %v", err)
	}
	h.zurueck(h.sichere().Datei)
	if _, err := sicherung.Wiederherstellen(t.Context(), h.auftrag(old.Datei)); codeOf(err) != "D-111" {
		t.Error(err)
	}
	h.code = before
	alone := filepath.Join(t.TempDir(), "alt.age")
	copyFile(t, old.Datei, alone)
	h.zurueck(alone)
}

func codeOf(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Code
	}
	return ""
}
