package festlegung_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/festlegung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

const fixum = "ampreisv/p3/fixum"

// probe is a key for tests only.
func probe() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) }

func optionen(tb testing.TB, folder fstest.MapFS) festlegung.Options {
	tb.Helper()
	basis, err := recht.Load()
	if err != nil {
		tb.Fatal(err)
	}
	public, _ := probe().Public().(ed25519.PublicKey)
	o := festlegung.Options{Basis: basis, Schluessel: recht.Schluesselbund{"probe": public}}
	if folder != nil {
		o.Nachtraege = folder
	}
	return o
}

// nachtrag is a signed file that sets the Fixum from 2027-04-01 on.
func nachtrag(tb testing.TB, number int, value string) *fstest.MapFile {
	tb.Helper()
	text := fmt.Sprintf("nachtrag: %d\ndatum: 2027-03-02\nschluessel: probe\ngrund: Zur Probe\n\nparameter: %s\nab: 2027-04-01\n"+
		"wert: %s\nnorm: AMPreisV § 3\nquelle: BGBl.\ngeprueft: 2027-03-02\n", number, fixum, value)
	data, err := recht.Signiere("n", []byte(text), probe())
	if err != nil {
		tb.Fatal(err)
	}
	return &fstest.MapFile{Data: data}
}

func oeffne(s *workflowtest.Stand, o festlegung.Options) *festlegung.Service {
	s.T.Helper()
	s.Book(event.BenutzerGesetzt{Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber", Aktiv: true})
	f, err := festlegung.New(s.Ctx, s.Kern, o)
	s.Must(err)
	s.Kern.Recht = f
	return f
}

func fixumAm(s *workflowtest.Stand, day civil.Day) string {
	s.T.Helper()
	stand, err := s.Kern.Recht.Am(day)
	s.Must(err)
	return strings.TrimSpace(stand.Preis.Fixum.Was.String() + " " + stand.Preis.Fixum.Art.String())
}

// TestWiderspruch: a value that would stop the till is refused when it is laid down.
func TestWiderspruch(t *testing.T) {
	s := workflowtest.New(t, nil)
	f := oeffne(s, optionen(t, nil))
	for _, c := range []struct{ parameter, wert, code string }{
		{"sgb5/p61/hoechst", "3,00", "L-132"},
		{"sgb5/p61/mindest", "20,00", "L-132"},
		{"sgb5/p61/anteil", "500 %", "L-132"},
		{"sgb5/p31/altersgrenze", "999", "L-132"},
		{"sgb5/p61/anteil", "11 %", ""},
		{"sgb5/p61/hoechst", "12,00", ""},
		{"sgb5/p61/mindest", "11,00", ""},
		{"sgb5/p61/hoechst", "10,50", "L-132"},
		{"sgb5/p61/hoechst", recht.Zurueckgenommen, "L-132"},
		{"sgb5/p61/mindest", recht.Zurueckgenommen, ""},
		{"sgb5/p61/hoechst", recht.Zurueckgenommen, ""},
	} {
		err := f.Festlegen(s.Ctx, s.A(), c.parameter, 20261201, c.wert, "zur Probe festgelegt")
		if c.code == "" {
			s.Must(err)
		} else {
			s.Fails(err, c.code)
		}
	}
}

// TestFestlegen: a Festlegung holds at once, is shown in the steps of every price, is
// there again after opening, and gives way when it is taken back.
func TestFestlegen(t *testing.T) {
	s := workflowtest.New(t, nil)
	f := oeffne(s, optionen(t, nil))
	s.Must(f.Festlegen(s.Ctx, s.A(), " "+fixum, 20270401, "9,5", " Verordnung vom 02.03.2027 "))
	for _, f := range []*festlegung.Service{f, oeffne(s, optionen(t, nil))} {
		s.Kern.Recht = f
		if got := fixumAm(s, 20270401); got != "9,50 € eigene Festlegung" {
			t.Errorf("from the day on: %s", got)
		}
		if got := fixumAm(s, 20270331); got != "8,35 €" {
			t.Errorf("the day before: %s", got)
		}
	}
	stand, err := s.Kern.Recht.Am(20270401)
	s.Must(err)
	p := preis.Compute(preis.Eingabe{Kette: preis.Rx, Betrag: 5000, MwSt: artikel.MwStVoll}, stand.Preis)
	shown := false
	for _, step := range p.Schritte {
		shown = shown || strings.Contains(step.Fassung(), "seit 01.04.2027, eigene Festlegung")
	}
	if !shown {
		t.Errorf("no step shows the Festlegung: %+v", p.Schritte)
	}
	s.Must(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, recht.Zurueckgenommen, "Die Verordnung kam nicht"))
	s.Kern.Recht = f
	if got := fixumAm(s, 20270401); got != "8,35 €" {
		t.Errorf("taken back: %s", got)
	}
	s.Must(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, recht.Aufgehoben, "Das Fixum entfällt"))
	if stand, err = f.Am(20270401); err != nil || !stand.Preis.Fixum.Repealed || stand.Preis.Fixum.Art != fassung.Festlegung {
		t.Errorf("repealed: %+v, %v", stand.Preis.Fixum, err)
	}
}

// TestFestlegenRefused: nothing is written that the law could not read.
func TestFestlegenRefused(t *testing.T) {
	s := workflowtest.New(t, nil)
	f := oeffne(s, optionen(t, nil))
	for _, c := range []struct {
		parameter, wert, grund string
		ab                     civil.Day
		code                   string
	}{
		{"a/b", "1,00", "Zur Probe", 20270401, "L-121"},
		{fixum, "1,00", "Zur Probe", 20270431, "L-122"},
		{fixum, "9 %", "Zur Probe", 20270401, "L-123"},
		{fixum, "9,50", "", 20270401, "L-124"},
		{fixum, recht.Zurueckgenommen, "Zur Probe", 20270401, "L-131"},
	} {
		s.Fails(f.Festlegen(s.Ctx, s.A(), c.parameter, c.ab, c.wert, c.grund), c.code)
	}
	s.Fails(f.Festlegen(s.Ctx, workflow.Auftrag{Key: "k"}, fixum, 20270401, "9,50", "Zur Probe"), "V-001")
	s.Must(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, "9,50", "Zur Probe"))
	s.Must(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, recht.Zurueckgenommen, "Zur Probe"))
	s.Fails(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, recht.Zurueckgenommen, "Zur Probe"), "L-131")
	if list, err := f.Liste(s.Ctx); err != nil || len(list) != 2 {
		t.Errorf("%d written, %v", len(list), err)
	}
}

// TestFremdesKuerzel: only who works here lays law down.
func TestFremdesKuerzel(t *testing.T) {
	s := workflowtest.New(t, nil)
	f := oeffne(s, optionen(t, nil))
	s.Book(event.BenutzerGesetzt{Kuerzel: "CD", Name: "Clara Dorn", Rolle: "PTA"}) // has left
	for _, who := range []string{"ZZ", "CD", "ab"} {
		s.Fails(f.Festlegen(s.Ctx, workflow.Auftrag{Key: "k-" + who, Actor: who}, fixum, 20270401, "9,50", "Zur Probe"), "L-133")
	}
	if list, err := f.Liste(s.Ctx); err != nil || len(list) != 0 {
		t.Errorf("%d written, %v", len(list), err)
	}
}

// TestSameKeyTwice: a repeated request is one Festlegung, and the same Festlegung again
// writes nothing.
func TestSameKeyTwice(t *testing.T) {
	s := workflowtest.New(t, nil)
	f := oeffne(s, optionen(t, nil))
	a := s.A()
	for range 2 {
		s.Must(f.Festlegen(s.Ctx, a, fixum, 20270401, "9,50", "Zur Probe"))
	}
	s.Must(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, "9,50", "Zur Probe"))
	if list, err := f.Liste(s.Ctx); err != nil || len(list) != 1 {
		t.Errorf("%d written, %v", len(list), err)
	}
}

// TestListe: every Festlegung stays in the list with what became of it.
func TestListe(t *testing.T) {
	s := workflowtest.New(t, nil)
	f := oeffne(s, optionen(t, nil))
	s.Must(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, "9,50", "Erste Nachricht"))
	s.Must(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, "9,60", "Zweite Nachricht"))
	s.Must(f.Festlegen(s.Ctx, s.A(), "ampreisv/p3/pdl", 20270401, "0,10", "Verordnung"))
	s.Must(f.Festlegen(s.Ctx, s.A(), "ampreisv/p3/pdl", 20270401, recht.Zurueckgenommen, "Doch nicht"))
	s.Book(event.RechtFestgelegt{Parameter: "gab/es/einmal", Ab: 20270401, Wert: "1,00", Begruendung: "Aus einer alten Fassung"})
	s.Must(f.Aktualisiere(s.Ctx))
	list, err := f.Liste(s.Ctx)
	s.Must(err)
	var got []string
	for _, e := range list {
		got = append(got, e.Parameter+" "+e.Wert+" "+string(e.Zustand)+" "+e.Wer+" "+e.Am.String())
	}
	want := []string{
		fixum + " 9,50 € ersetzt AB 2026-11-23",
		fixum + " 9,60 € wirksam AB 2026-11-23",
		"ampreisv/p3/pdl 0,10 € ersetzt AB 2026-11-23",
		"ampreisv/p3/pdl zurückgenommen Rücknahme AB 2026-11-23",
		"gab/es/einmal 1,00 unbrauchbar AB 2026-11-23",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if list[0].Name != "Zuschlag der Apotheke, Festbetrag (Fixum)" || list[0].Einheit != "Euro netto je Packung" {
		t.Errorf("names: %+v", list[0])
	}
	if bad := f.Stoerungen(); len(bad) != 1 || !strings.Contains(bad[0].Error(), "L-121") || fixumAm(s, 20270401) != "9,60 € eigene Festlegung" {
		t.Errorf("one that does not fit stops the others: %v", bad)
	}
}

// TestNachtraegeBelow: Nachträge of the folder hold, a Festlegung lies above them, a
// forged one is told and leaves no trace.
func TestNachtraegeBelow(t *testing.T) {
	forged := nachtrag(t, 2, "9,70")
	forged.Data = []byte(strings.Replace(string(forged.Data), "9,70", "9,99", 1))
	folder := fstest.MapFS{"1.recht": nachtrag(t, 1, "9,60"), "2.recht": forged}
	s := workflowtest.New(t, nil)
	f := oeffne(s, optionen(t, folder))
	if got := fixumAm(s, 20270401); got != "9,60 € Nachtrag" || len(f.Nachtraege()) != 1 {
		t.Errorf("got %s, %v", got, f.Nachtraege())
	}
	if bad := f.Stoerungen(); len(bad) != 1 || !strings.Contains(bad[0].Error(), "L-112") {
		t.Errorf("forged: %v", bad)
	}
	s.Must(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, "9,65", "Berichtigung"))
	if got := fixumAm(s, 20270401); got != "9,65 € eigene Festlegung" {
		t.Errorf("got %s", got)
	}
	// A better file takes the place of the forged one.
	folder["2.recht"] = nachtrag(t, 2, "9,70")
	s.Must(f.Aktualisiere(s.Ctx))
	s.Must(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, recht.Zurueckgenommen, "Nachtrag 2 ist da"))
	if got := fixumAm(s, 20270401); got != "9,70 € Nachtrag" || len(f.Stoerungen()) != 0 {
		t.Errorf("got %s, %v", got, f.Stoerungen())
	}
	law, err := f.Sammlung()
	if err != nil || law.Nummer() != 2 {
		t.Errorf("got %v, %v", law, err)
	}
}

// store fails to be read when told to.
type store struct {
	journal.Store

	broken bool
}

var errBroken = errors.New("disk is broken")

func (s *store) View(ctx context.Context, f func(journal.Rows) error) error {
	if s.broken {
		return errBroken
	}
	return s.Store.View(ctx, f)
}

// TestUnreadable: law that may have changed and cannot be read is no law; it is there
// again as soon as the disk is.
func TestUnreadable(t *testing.T) {
	s := workflowtest.New(t, nil)
	disk := &store{Store: s.Kern.Store}
	s.Kern.Store = disk
	f := oeffne(s, optionen(t, nil))
	disk.broken = true
	if _, err := f.Am(20261123); err != nil {
		t.Errorf("nothing has changed, but: %v", err)
	}
	s.Fails(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, "9,50", "Zur Probe"), "L-130")
	_, err := f.Am(20270401)
	s.Fails(err, "L-130")
	_, err = f.Sammlung()
	s.Fails(err, "L-130")
	_, err = f.Liste(s.Ctx)
	s.Fails(err, "L-130")
	s.Fails(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, "9,50", "Zur Probe"), "L-130")
	disk.broken = false
	if got := fixumAm(s, 20270401); got != "9,50 € eigene Festlegung" {
		t.Errorf("got %s", got)
	}
	disk.broken = true
	_, err = f.Liste(s.Ctx)
	if !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
	if _, err := festlegung.New(s.Ctx, s.Kern, optionen(t, nil)); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}

// TestWhileSelling: many sellers ask while the Inhaber lays down; afterwards the last
// value holds for all.
func TestWhileSelling(t *testing.T) {
	s := workflowtest.New(t, nil)
	f := oeffne(s, optionen(t, nil))
	var acts []workflow.Auftrag
	for range 8 {
		acts = append(acts, s.A())
	}
	var wg sync.WaitGroup
	for i, a := range acts {
		wg.Go(func() {
			if err := f.Festlegen(s.Ctx, a, fixum, 20270401, fmt.Sprintf("9,%02d", i), "Zur Probe"); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			for range 200 {
				if _, err := f.Am(20270401); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	list, err := f.Liste(s.Ctx)
	s.Must(err)
	if got, want := fixumAm(s, 20270401), list[len(list)-1].Wert+" eigene Festlegung"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestAmIsCheap: on the path of a sale the law costs no I/O and no memory.
func TestAmIsCheap(t *testing.T) {
	s := workflowtest.New(t, nil)
	f := oeffne(s, optionen(t, nil))
	s.Must(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, "9,50", "Zur Probe"))
	if n := testing.AllocsPerRun(100, func() { _, _ = f.Am(20270401) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkAm(b *testing.B) {
	s := workflowtest.New(b, nil)
	f := oeffne(s, optionen(b, nil))
	s.Must(f.Festlegen(s.Ctx, s.A(), fixum, 20270401, "9,50", "Zur Probe"))
	for b.Loop() {
		if _, err := f.Am(20270401); err != nil {
			b.Fatal(err)
		}
	}
}
