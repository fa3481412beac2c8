package generation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/sqlite/generation"
)

// What lists say is kept with a generation, all of it, and goes when it says nothing more; a
// generation without lists is the same as before there were any.
func TestListenBleiben(t *testing.T) {
	ohne, mit := t.TempDir(), t.TempDir()
	first, second := civil.Must(2026, 11, 15), civil.Must(2026, 12, 1)
	l := catalogue.NewListen()
	l.Listen = []catalogue.Liste{
		{Art: catalogue.Festbetragsliste, Datei: "alt.csv", Ab: first}, // says nothing any more
		{Art: catalogue.Festbetragsliste, Datei: "fb.csv", Ab: second},
		{Art: catalogue.Vertragsliste, Datei: "rv.csv", Ab: second},
	}
	for _, w := range []catalogue.Listenwert{
		{Art: catalogue.Festbetragsliste, PZN: "00000649", Liste: 1, Wert: 2040, Fehlt: true},
		{Art: catalogue.Festbetragsliste, PZN: "17023382", Liste: 1, Wert: 0, Quelle: 2150},
		{Art: catalogue.Befreiungsliste, PZN: "17023382", Liste: 1, Wert: 1},
	} {
		l.AppendWert(w)
	}
	da := catalogue.Vertragsstand{Da: true, Vertrag: zuzahlung.Vertrag{Faktor: 0, MehrkostenErlassen: true}}
	for _, v := range []catalogue.Listenvertrag{
		{IK: "109900019", PZN: "17023382", Liste: 2, Wert: da},
		{IK: "109900019", PZN: "17034552", Liste: 2, Quelle: da},
	} {
		l.AppendVertrag(v)
	}
	build := func(dir string, l *catalogue.Listen) catalogue.Manifest {
		q := muster.Quelle(muster.Options{Artikel: 300})
		q.Listen = l
		m, err := generation.Build(t.Context(), dir, catalogue.Manifest{GueltigAb: first}, q, nil)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	if a, b := build(ohne, nil), build(t.TempDir(), catalogue.NewListen()); a.SHA256 != b.SHA256 {
		t.Errorf("no lists: %s and %s", a.SHA256, b.SHA256)
	}
	m := build(mit, l)
	read := func(dir, id string) *catalogue.Listen {
		got, err := open(t, dir).Listen(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	got := read(mit, m.ID)
	if d := cmp.Diff(l.Listen[1:], got.Listen); d != "" {
		t.Error(d)
	}
	again := l.Clone() // with the places that the lists have now
	for _, w := range again.Werte() {
		w.Liste--
		again.AppendWert(w)
	}
	for _, v := range again.Vertraege() {
		v.Liste--
		again.AppendVertrag(v)
	}
	if d := cmp.Diff(again.Werte(), got.Werte()) + cmp.Diff(again.Vertraege(), got.Vertraege()); d != "" {
		t.Error(d)
	}

	o := open(t, mit)
	basis, gen, err := generation.OpenGrundlage(o, second)
	if err != nil {
		t.Fatal(err)
	}
	defer basis.Close()
	a := catalogue.Aenderungen{Artikel: artikelVon(muster.Quelle(muster.Options{Artikel: 30}).Artikel), Vertraege: gen.Vertraege(t.Context())}
	next, err := generation.Fortschreiben(t.Context(), mit, basis, catalogue.Manifest{GueltigAb: second}, a, nil)
	if err != nil || next.Vertraege != m.Vertraege {
		t.Fatalf("%d contracts, want %d; %v", next.Vertraege, m.Vertraege, err)
	}
	if got := read(mit, next.ID); !got.Leer() || len(got.Listen) > 0 {
		t.Errorf("%+v", got)
	}
}
