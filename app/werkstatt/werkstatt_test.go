package werkstatt_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/katalogcmd"
	"github.com/offizin/offizin/app/werkstatt"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/einspielung"
)

// The test is the program, too: called with a command it runs it, or plays a build that
// hangs, or a pharmacy that is killed.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) < 2 || strings.HasPrefix(os.Args[1], "-test."):
		os.Exit(m.Run())
	case os.Getenv("OFFIZIN_HAENGT") != "":
		fmt.Println(`{"phase":"bauen","n":5,"von":10}`)
		for {
			time.Sleep(time.Hour)
		}
	case os.Args[1] == "apotheke":
		s := service(os.Args[2])
		if err := s.Starten(context.Background(), workflow.Auftrag{Key: "1", Actor: "AB"}, einspielung.Auftrag{Quelle: os.Args[3]}); err != nil {
			panic(err)
		}
		for l, _ := s.Stand(); l.Phase != einspielung.Bauen; l, _ = s.Stand() {
			time.Sleep(time.Millisecond)
		}
		fmt.Println("baut")
		time.Sleep(time.Hour)
	default:
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		e := &env.Env{
			Ctx: ctx, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv,
			Clock: clock.NewReal(), Log: slog.New(slog.DiscardHandler),
		}
		if os.Getenv("OFFIZIN_MITTENDRIN") != "" {
			mittendrin(e)
		}
		os.Exit(app.Run(e, os.Args[1:]))
	}
}

// mittendrin holds a real build in its middle, after the first articles are built, until it is to
// end: however fast or loaded the machine is, it cannot have ended before.
func mittendrin(e *env.Env) {
	end := make(chan struct{})
	e.Stdin, e.Stdout, e.Clock = eingabe{e.Stdin, end}, halt{e.Stdout, end}, &hastig{Clock: e.Clock}
}

// eingabe says that standard input has ended: the build is to end.
type eingabe struct {
	io.Reader
	end chan struct{}
}

func (s eingabe) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b)
	if err != nil {
		close(s.end)
	}
	return n, err
}

// halt prints and waits when articles are built.
type halt struct {
	io.Writer
	end <-chan struct{}
}

func (s halt) Write(b []byte) (int, error) {
	n, err := s.Writer.Write(b)
	var z einspielung.Zeile
	if json.Unmarshal(b, &z) == nil && z.Phase == einspielung.Bauen && z.N > 0 {
		<-s.end
	}
	return n, err
}

// hastig is a clock on which so much passes that every progress is shown.
type hastig struct {
	clock.Clock
	mono time.Duration
}

func (h *hastig) Mono() time.Duration { h.mono += time.Second; return h.mono }

func ort(dir string) *werkstatt.Werkstatt {
	return werkstatt.New(werkstatt.Options{Dir: dir, Katalog: filepath.Join(dir, "katalog")})
}

func service(dir string) *einspielung.Service { return serviceMit(ort(dir)) }

func serviceMit(w einspielung.Werkstatt) *einspielung.Service {
	return einspielung.New(einspielung.Options{
		Clock: clock.NewReal(), Log: slog.New(slog.DiscardHandler), Werkstatt: w, Stille: 10 * time.Second, Geduld: 10 * time.Second,
	})
}

// lege writes files into the inbox.
func lege(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(dir, "eingang", name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

// lieferung writes an invented delivery into the inbox.
func lieferung(t *testing.T, dir string, artikel int) {
	t.Helper()
	e := &env.Env{Ctx: t.Context(), Stdout: io.Discard, Clock: clock.NewReal()}
	err := os.MkdirAll(filepath.Join(dir, "eingang"), 0o700)
	if err == nil {
		err = (&katalogcmd.Lieferung{Ziel: filepath.Join(dir, "eingang"), Artikel: artikel, Ab: "2026-11-15", Delta: "2026-12-01", Seed: 1}).Run(e)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func auftrag(key string) workflow.Auftrag { return workflow.Auftrag{Key: key, Actor: "AB"} }

// ende waits until nothing is built any more.
func ende(t *testing.T, s *einspielung.Service) einspielung.Lauf {
	t.Helper()
	l, _ := bis(t, s, func(l einspielung.Lauf) bool { return l.Zustand != einspielung.Laeuft })
	return l
}

// bis waits for a state and returns it with all that were seen on the way.
func bis(t *testing.T, s *einspielung.Service, done func(einspielung.Lauf) bool) (einspielung.Lauf, []einspielung.Lauf) {
	t.Helper()
	var seen []einspielung.Lauf
	limit := time.Now().Add(30 * time.Second)
	for time.Now().Before(limit) {
		l, _ := s.Stand()
		if seen = append(seen, l); done(l) {
			return l, seen
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatalf("never: %+v", seen[len(seen)-1])
	return einspielung.Lauf{}, nil
}

// reste lists what a build leaves that does not end as it should.
func reste(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	for _, pattern := range []string{"katalog/bau-*", "katalog/*.tmp", "eingang/.halb-*", "*.tmp"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, found...)
	}
	return list
}

func kataloge(t *testing.T, dir string) []string {
	t.Helper()
	o, err := generation.OpenOrdner(filepath.Join(dir, "katalog"))
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	var ids []string
	for _, m := range o.Generationen() {
		ids = append(ids, m.ID)
	}
	return ids
}

func code(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Code
	}
	return fmt.Sprint(err)
}

// A delivery is listed with what it says of itself, built beside us with every phase to be
// seen, and is there at the end; the next start still knows.
func TestEinspielen(t *testing.T) {
	dir := t.TempDir()
	lieferung(t, dir, 5000)
	s := service(dir)
	list, err := s.Quellen()
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	slices.SortFunc(list, func(a, b einspielung.Quelle) int { return strings.Compare(a.Name, b.Name) })
	if q := list[0]; q.Art != einspielung.GES || q.Ab != 20261115 || q.Bytes < 1<<20 || q.Hinweis != "" {
		t.Errorf("%+v", q)
	}
	if q := list[1]; q.Art != einspielung.UPD || q.Ab != 20261201 || q.Hinweis != "" {
		t.Errorf("%+v", q)
	}
	if _, ok := s.Stand(); ok {
		t.Error("there was none yet")
	}
	for range 2 { // the same key twice is one
		if err := s.Starten(t.Context(), auftrag("1"), einspielung.Auftrag{Quelle: "GES151126"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Starten(t.Context(), auftrag("2"), einspielung.Auftrag{Quelle: "GES151126"}); code(err) != "A-740" {
		t.Errorf("two at once: %v", err)
	}
	l, seen := bis(t, s, func(l einspielung.Lauf) bool { return l.Zustand != einspielung.Laeuft })
	for _, p := range []einspielung.Phase{einspielung.Lesen, einspielung.Bauen} {
		if !slices.ContainsFunc(seen, func(l einspielung.Lauf) bool { return l.Phase == p }) {
			t.Errorf("phase %s was not seen", p)
		}
	}
	if !slices.IsSortedFunc(seen, func(a, b einspielung.Lauf) int { return a.Promille - b.Promille }) {
		t.Error("it went back")
	}
	ids := kataloge(t, dir)
	if l.Zustand != einspielung.Fertig || len(ids) != 1 || l.Katalog != ids[0] || l.Fehler != "" || l.Wer != "AB" ||
		!slices.ContainsFunc(l.Texte, func(s string) bool { return strings.Contains(s, "Geprüft: 0 Fehler") }) {
		t.Errorf("%+v, %v", l, ids)
	}
	if l, ok := service(dir).Stand(); !ok || l.Zustand != einspielung.Fertig || l.Katalog != ids[0] {
		t.Errorf("after a new start: %+v", l)
	}
	if list := reste(t, dir); len(list) > 0 {
		t.Error(list)
	}
}

// Cancelled, nothing is left, and the next one may begin.
func TestAbbrechen(t *testing.T) {
	t.Setenv("OFFIZIN_MITTENDRIN", "1")
	dir := t.TempDir()
	lieferung(t, dir, 2000)
	s := service(dir)
	if err := s.Abbrechen("AB"); code(err) != "A-747" {
		t.Errorf("nothing to cancel: %v", err)
	}
	if err := s.Starten(t.Context(), auftrag("1"), einspielung.Auftrag{Quelle: "GES151126"}); err != nil {
		t.Fatal(err)
	}
	bis(t, s, func(l einspielung.Lauf) bool { return l.Phase == einspielung.Bauen && l.N > 0 })
	if err := s.Abbrechen(""); code(err) != "A-739" {
		t.Errorf("by nobody: %v", err)
	}
	for range 2 {
		if err := s.Abbrechen("AB"); err != nil {
			t.Error(err)
		}
	}
	if l := ende(t, s); l.Zustand != einspielung.Abgebrochen || !strings.Contains(l.Fehler, "A-738") || !l.Ende {
		t.Errorf("%+v", l)
	}
	if list := reste(t, dir); len(list) > 0 || len(kataloge(t, dir)) > 0 {
		t.Error(list)
	}
	if err := s.Starten(t.Context(), auftrag("2"), einspielung.Auftrag{Quelle: "GES151126"}); err != nil {
		t.Fatal(err)
	}
	bis(t, s, func(l einspielung.Lauf) bool { return l.Phase == einspielung.Bauen && l.N > 0 })
	s.Close()
	if l, _ := s.Stand(); l.Zustand != einspielung.Abgebrochen || len(reste(t, dir)) > 0 {
		t.Errorf("ended with the program: %+v", l)
	}
}

// What is wrong with a source, or with the machine, is said as the command says it; what
// the gate holds is named.
func TestAusgang(t *testing.T) {
	dir := t.TempDir()
	lege(t, dir, map[string]string{
		"gut.csv":      "PZN;Name;Rx;AVP\n04877800;Testol 5 mg;ja;12,34\n17001044;Ibutest 400 mg;nein;5,95\n",
		"komma.csv":    "PZN;Name;Rx;AVP\n04877800;Testol 5 mg;ja;1234,00\n17001044;Ibutest 400 mg;nein;5,95\n",
		"schlecht.csv": "PZN;Name;Rx;AVP\n04877801;Testol 5 mg;ja;12,34\n",
	})
	s := service(dir)
	for _, c := range []struct {
		quelle  string
		ab      civil.Day
		want    einspielung.Zustand
		contain string
	}{
		{"gut.csv", 20261101, einspielung.Fertig, ""},
		{"komma.csv", 20261201, einspielung.Quarantaene, ""},
		{"schlecht.csv", 20261201, einspielung.Abgelehnt, "A-465"},
	} {
		x := einspielung.Auftrag{Quelle: c.quelle}
		if err := s.Starten(t.Context(), auftrag(c.quelle), x); code(err) != "A-746" {
			t.Errorf("without a day: %v", err)
		}
		x.Ab = c.ab
		if err := s.Starten(t.Context(), auftrag(c.quelle), x); err != nil {
			t.Fatal(err)
		}
		if l := ende(t, s); l.Zustand != c.want || !strings.Contains(l.Fehler, c.contain) || (l.Katalog == "") != (c.want == einspielung.Abgelehnt) {
			t.Errorf("%s: %+v", c.quelle, l)
		}
	}
	other := t.TempDir()
	lege(t, other, map[string]string{"gut.csv": "PZN;Name;Rx\n04877800;Testol 5 mg;ja\n"})
	if err := os.WriteFile(filepath.Join(other, "katalog"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s = service(other)
	if err := s.Starten(t.Context(), auftrag("1"), einspielung.Auftrag{Quelle: "gut.csv", Ab: 20261101}); err != nil {
		t.Fatal(err)
	}
	if l := ende(t, s); l.Zustand != einspielung.Gescheitert || !strings.Contains(l.Fehler, "A-475") {
		t.Errorf("a file in place of the folder: %+v", l)
	}
}

// An official list is laid on the catalogue that holds on its day, as the command does it; one
// that names hardly any article is refused.
func TestAmtlicheListe(t *testing.T) {
	dir := t.TempDir()
	lege(t, dir, map[string]string{
		"artikel.csv": "PZN;Name;Rx;AVP\n04877800;Testol 5 mg;ja;12,34\n17001044;Ibutest 400 mg;nein;5,95\n",
		"fb.csv":      "PZN;Festbetrag\n04877800;11,02\n",
		"fremd.csv":   "PZN;Festbetrag\n00000017;11,02\n",
	})
	s := service(dir)
	for i, c := range []struct {
		x    einspielung.Auftrag
		want einspielung.Zustand
		code string
	}{
		{einspielung.Auftrag{Quelle: "artikel.csv", Ab: 20261101}, einspielung.Fertig, ""},
		{einspielung.Auftrag{Quelle: "fb.csv", Ab: 20261115, Liste: catalogue.Festbetragsliste}, einspielung.Fertig, ""},
		{einspielung.Auftrag{Quelle: "fremd.csv", Ab: 20261116, Liste: catalogue.Festbetragsliste}, einspielung.Abgelehnt, "A-690"},
	} {
		if err := s.Starten(t.Context(), auftrag(fmt.Sprint(i)), c.x); err != nil {
			t.Fatal(err)
		}
		if l := ende(t, s); l.Zustand != c.want || !strings.Contains(l.Fehler, c.code) {
			t.Fatalf("%s: %+v", c.x.Quelle, l)
		}
	}
	o, err := generation.OpenOrdner(filepath.Join(dir, "katalog"))
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	g, err := o.Am(20261115)
	if err != nil {
		t.Fatal(err)
	}
	a, _, err := g.Artikel(t.Context(), "04877800")
	if err != nil || a.Festbetrag != 1102 || a.FestbetragAus != "Festbetragsliste ab 15.11.2026" {
		t.Errorf("%+v %v", a, err)
	}
}

// merkend keeps the build that was started.
type merkend struct {
	*werkstatt.Werkstatt
	bau einspielung.Bau
}

func (m *merkend) Starte(ctx context.Context, a einspielung.Auftrag) (einspielung.Bau, error) {
	var err error
	m.bau, err = m.Werkstatt.Starte(ctx, a)
	return m.bau, err
}

// A build that the system kills is said to have failed, and its rest is removed.
func TestKindGetoetet(t *testing.T) {
	dir := t.TempDir()
	lieferung(t, dir, 60_000)
	w := &merkend{Werkstatt: ort(dir)}
	s := serviceMit(w)
	if err := s.Starten(t.Context(), auftrag("1"), einspielung.Auftrag{Quelle: "GES151126"}); err != nil {
		t.Fatal(err)
	}
	bis(t, s, func(l einspielung.Lauf) bool { return l.Phase == einspielung.Bauen && l.N > 0 })
	w.bau.Kill()
	if l := ende(t, s); l.Zustand != einspielung.Gescheitert || !strings.Contains(l.Fehler, "A-749") {
		t.Errorf("%+v", l)
	}
	if list := reste(t, dir); len(list) > 0 || len(kataloge(t, dir)) > 0 {
		t.Error(list)
	}
}

// A build that does not move any more, and one that does not listen, are ended.
func TestKindHaengt(t *testing.T) {
	dir := t.TempDir()
	lege(t, dir, map[string]string{"gut.csv": "PZN;Name;Rx\n04877800;Testol 5 mg;ja\n"})
	t.Setenv("OFFIZIN_HAENGT", "1")
	for _, c := range []struct {
		stille, geduld time.Duration
		bricht         bool
		want           einspielung.Zustand
		code           string
	}{
		{time.Second, time.Minute, false, einspielung.Gescheitert, "A-748"},
		{time.Minute, time.Second, true, einspielung.Abgebrochen, "A-738"},
	} {
		s := einspielung.New(einspielung.Options{
			Clock: clock.NewReal(), Log: slog.New(slog.DiscardHandler), Werkstatt: ort(dir), Stille: c.stille, Geduld: c.geduld,
		})
		if err := s.Starten(t.Context(), auftrag("1"), einspielung.Auftrag{Quelle: "gut.csv", Ab: 20261101}); err != nil {
			t.Fatal(err)
		}
		bis(t, s, func(l einspielung.Lauf) bool { return l.N > 0 })
		if c.bricht {
			if err := s.Abbrechen("AB"); err != nil {
				t.Error(err)
			}
		}
		if l := ende(t, s); l.Zustand != c.want || !strings.Contains(l.Fehler, c.code) {
			t.Errorf("%+v", l)
		}
	}
}
