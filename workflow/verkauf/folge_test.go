package verkauf_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/catalogue"
	katalog "github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/memory"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/workflow/retoure"
	"github.com/offizin/offizin/workflow/verkauf"
)

// betrieb is a pharmacy that people work in at random, with what must come out.
type betrieb struct {
	*stand
	waren     []kennung.PZN
	lagersoll map[kennung.PZN]int
	bons      []bon.Bon
	zurueck   map[string]bool // Bons that were undone, in whole or part
}

func (x *betrieb) cart(t *rapid.T) string {
	v, err := x.Aktuell(x.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if v.Vorgang.ID != "" {
		return v.Vorgang.ID
	}
	return x.beginne()
}

func (x *betrieb) pzn(t *rapid.T) kennung.PZN { return rapid.SampledFrom(x.waren).Draw(t, "pzn") }

// nr draws the number of a line, mostly one that is there.
func (x *betrieb) nr(t *rapid.T) int { return rapid.IntRange(1, 5).Draw(t, "nr") }

// geht lets refusals pass: they are part of the day. Anything else is a bug.
func geht(t *rapid.T, err error) bool {
	if err == nil {
		return true
	}
	if _, ok := errors.AsType[*fault.Fault](err); !ok {
		t.Fatalf("not a fault for the user: %v", err)
	}
	return false
}

func (x *betrieb) steps() map[string]func(*rapid.T) {
	steps := map[string]func(*rapid.T){
		"verwerfen": func(t *rapid.T) { geht(t, x.Verwerfen(x.ctx, x.a(), x.cart(t))) },
		"rezept":    x.rezept,
		"zurueck":   x.undo,
		"parken":    x.park,
		"bezahlen":  x.pay,
		"storno":    x.cancel,
		"retoure":   x.takeBack,
		"":          x.check,
	}
	for name, edit := range x.edits() {
		steps[name] = func(t *rapid.T) { geht(t, edit(t, x.cart(t))) }
	}
	return steps
}

// edits are the changes of a cart that can be undone.
func (x *betrieb) edits() map[string]func(*rapid.T, string) error {
	return map[string]func(*rapid.T, string) error{
		"scan": func(t *rapid.T, id string) error {
			_, _, err := x.Scan(x.ctx, x.a(), id, string(x.pzn(t)))
			return err
		},
		"menge": func(t *rapid.T, id string) error {
			_, err := x.Menge(x.ctx, x.a(), id, x.nr(t), rapid.IntRange(0, 4).Draw(t, "menge"))
			return err
		},
		"entfernen": func(t *rapid.T, id string) error {
			_, err := x.Entfernen(x.ctx, x.a(), id, x.nr(t))
			return err
		},
		"rabatt": func(t *rapid.T, id string) error {
			_, err := x.Rabatt(x.ctx, x.a(), id, 0, money.PPM(rapid.IntRange(0, 1_000_000).Draw(t, "rabatt")))
			return err
		},
		"kulanz": func(t *rapid.T, id string) error {
			_, err := x.Kulanz(x.ctx, x.a(), id, x.nr(t), rapid.SampledFrom([]string{"", "Störung"}).Draw(t, "grund"))
			return err
		},
		"schalter": func(t *rapid.T, id string) error {
			_, err := x.Schalter(x.ctx, x.a(), id, verkauf.SchalterEingabe{Befreit: rapid.Bool().Draw(t, "befreit")})
			return err
		},
		"zuordnen": func(t *rapid.T, id string) error {
			v, err := x.Ansicht(x.ctx, id)
			if err != nil {
				return err
			}
			r := rapid.SampledFrom(append([]string{""}, v.Vorgang.Rezepte...)).Draw(t, "rezept")
			_, err = x.Zuordnen(x.ctx, x.a(), id, x.nr(t), r, rapid.IntRange(0, 2).Draw(t, "verordnung"))
			return err
		},
		"rezeptur": func(t *rapid.T, id string) error {
			_, err := x.Rezeptur(x.ctx, x.a(), id, verkauf.RezepturEingabe{
				Bezeichnung: "Salbe", Zubereitung: &preis.Zubereitung{
					Arbeit: rapid.SampledFrom([]preis.Arbeit{preis.Salbe, preis.Kapseln, preis.Unverarbeitet}).Draw(t, "arbeit"),
					Menge:  1, Bestandteile: []preis.Bestandteil{{Name: "Stoff", EK: money.Cent(rapid.IntRange(0, 500).Draw(t, "ek"))}},
				},
			})
			return err
		},
		"rezept-weg": func(t *rapid.T, id string) error {
			v, err := x.Ansicht(x.ctx, id)
			if err != nil || len(v.Vorgang.Rezepte) == 0 {
				return err
			}
			_, err = x.RezeptEntfernen(x.ctx, x.a(), id, rapid.SampledFrom(v.Vorgang.Rezepte).Draw(t, "rezept"))
			return err
		},
	}
}

func (x *betrieb) rezept(t *rapid.T) {
	id := x.cart(t)
	m := x.muster(x.pzn(t), x.pzn(t))
	m.Status = rezept.Zuzahlungsstatus(rapid.IntRange(0, 1).Draw(t, "status"))
	e, err := x.rezepte.Annehmen(x.ctx, x.a(), m, false)
	if err != nil {
		t.Fatal(err)
	}
	r := e.ID
	if _, err := x.RezeptHinzufuegen(x.ctx, x.a(), id, r); !geht(t, err) {
		return
	}
	for nr, v := range m.Verordnungen {
		_, err := x.Hinzufuegen(x.ctx, x.a(), id, verkauf.Eingabe{PZN: v.PZN, Rezept: r, Verordnung: nr})
		geht(t, err)
	}
}

// undo: what is taken back is exactly what was there before.
func (x *betrieb) undo(t *rapid.T) {
	id := x.cart(t)
	before, err := x.Ansicht(x.ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	edits := x.edits()
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(edits))).Draw(t, "edit")
	if !geht(t, edits[name](t, id)) {
		return
	}
	changed, err := x.Ansicht(x.ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if changed.Vorgang.Version == before.Vorgang.Version {
		return
	}
	after, err := x.Zurueck(x.ctx, x.a(), id)
	if err != nil {
		t.Fatal(err)
	}
	plain := func(v verkauf.Ansicht) verkauf.Ansicht {
		v.Vorgang.Version, v.Zuletzt, v.Vorgang.Tag = 0, "", 0
		if len(v.Vorgang.Positionen) == 0 {
			v.Vorgang.Positionen, v.Zeilen, v.Hinweise = nil, nil, nil
		}
		return v
	}
	if d := cmp.Diff(plain(before), plain(after)); d != "" {
		t.Fatalf("undone, but different:\n%s", d)
	}
}

func (x *betrieb) park(t *rapid.T) {
	id := x.cart(t)
	if geht(t, x.Parken(x.ctx, x.a(), id, "")) {
		_, err := x.Fortsetzen(x.ctx, x.a(), id)
		geht(t, err)
	}
}

func (x *betrieb) pay(t *rapid.T) {
	id := x.cart(t)
	x.settle(t, id)
	a, z := x.a(), x.genau(id)
	z.Karte = min(z.Erwartet, money.Cent(rapid.IntRange(0, 1000).Draw(t, "karte")))
	b, err := x.Bezahlen(x.ctx, a, id, z)
	if !geht(t, err) {
		return
	}
	again, err := x.Bezahlen(x.ctx, a, id, z) // the same key changes nothing
	if err != nil || again.Nummer != b.Nummer {
		t.Fatalf("%v, %v", again.Nummer, err)
	}
	x.booked(b)
}

// settle voids the lines that cannot be sold, as a person would.
func (x *betrieb) settle(t *rapid.T, id string) {
	v, err := x.Ansicht(x.ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, z := range v.Zeilen {
		if befund.Hindert(z.Befunde) {
			_, err := x.Entfernen(x.ctx, x.a(), id, z.Position.Nr)
			geht(t, err)
		}
	}
}

func (x *betrieb) booked(b bon.Bon) {
	x.bons = append(x.bons, b)
	for _, p := range b.Positionen {
		if p.PZN != "" && !p.OhneLager {
			x.lagersoll[p.PZN] -= p.Menge
		}
	}
}

func (x *betrieb) sale(t *rapid.T) (bon.Bon, bool) {
	if len(x.bons) == 0 {
		return bon.Bon{}, false
	}
	return rapid.SampledFrom(x.bons).Draw(t, "bon"), true
}

func (x *betrieb) cancel(t *rapid.T) {
	old, ok := x.sale(t)
	if !ok {
		return
	}
	b, err := x.Storno(x.ctx, x.a(), old.Nummer, "Probe")
	if geht(t, err) {
		if x.zurueck[old.Nummer] || old.Art != bon.Verkauf {
			t.Fatalf("%s was undone twice", old.Nummer)
		}
		if sum := b.Summen(); sum.Patient != -old.Summen().Patient || sum.TraegerZahlt != -old.Summen().TraegerZahlt {
			t.Fatalf("%+v against %+v", sum, old.Summen())
		}
		x.zurueck[old.Nummer] = true
		x.booked(b)
	}
}

func (x *betrieb) takeBack(t *rapid.T) {
	old, ok := x.sale(t)
	if !ok {
		return
	}
	b, err := x.Retoure(x.ctx, x.a(), old.Nummer, []retoure.Zeile{{
		Nr: x.nr(t), Menge: rapid.IntRange(1, 3).Draw(t, "menge"), OhneLager: rapid.Bool().Draw(t, "ohne"),
	}}, "Probe")
	if geht(t, err) {
		x.zurueck[old.Nummer] = true
		x.booked(b)
	}
}

// check is what holds after every step.
func (x *betrieb) check(t *rapid.T) {
	for i, b := range x.bons {
		if want := fmt.Sprintf("1-%06d", i+1); b.Nummer != want {
			t.Fatalf("Bon %s where %s should be", b.Nummer, want)
		}
		checkBon(t, b)
	}
	for p, want := range x.lagersoll {
		if got := x.bestand(p); got != want {
			t.Fatalf("stock of %s: %d, want %d", p, got, want)
		}
	}
}

// checkBon: who pays adds up to what it costs, line by line and in the sum.
func checkBon(t *rapid.T, b bon.Bon) {
	var paid, gross money.Cent
	for _, p := range b.Positionen {
		gross += p.Gesamt
		if p.Patient()+p.TraegerZahlt+p.Kulanz != p.Gesamt {
			t.Fatalf("%s line %d: %+v", b.Nummer, p.Nr, p)
		}
		sign := money.Cent(1)
		if b.Art != bon.Verkauf {
			sign = -1
		}
		for _, c := range []money.Cent{
			p.Gesamt, p.Zuzahlung, p.Mehrkosten, p.Eigenbeteiligung, p.Privat, p.TraegerZahlt, p.Kulanz, p.Patient(),
		} {
			if c*sign < 0 {
				t.Fatalf("%s line %d has an amount of the wrong sign: %+v", b.Nummer, p.Nr, p)
			}
		}
		if p.Rx && p.Rabatt != 0 {
			t.Fatalf("a discount on an Rx drug: %+v", p)
		}
	}
	for _, z := range b.Zahlungen {
		paid += z.Betrag
	}
	if s := b.Summen(); paid != s.Patient || s.Gesamt != gross || s.Patient+s.TraegerZahlt+s.Kulanz != gross {
		t.Fatalf("%s: paid %v of %+v", b.Nummer, paid, s)
	}
	var vat money.Cent
	for _, s := range b.Steuern() {
		vat += s.Netto + s.MwSt
	}
	if want := gross - b.Summen().Kulanz; vat != want { // § 17 UStG: what is waived was never turned over
		t.Fatalf("%s: VAT lines make %v of %v", b.Nummer, vat, want)
	}
}

// TestZufaelligerTag works at random and checks after each step; at the end the read
// models rebuilt from the journal are those that are kept.
func TestZufaelligerTag(t *testing.T) {
	gen, err := katalog.New(catalogue.Manifest{ID: "muster", GueltigAb: 20200101}, muster.Quelle(muster.Options{Seed: 1, Artikel: 200}))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		uhr := clock.NewManual(zeit(t, mittags))
		store := memory.New(memory.Options{Clock: uhr, Projections: alle.Projections()})
		x := &betrieb{stand: auf(t, store, uhr, "platz-1", "1"), lagersoll: map[kennung.PZN]int{}, zurueck: map[string]bool{}}
		x.kern.Katalog = katalog.NewCatalogue(gen)
		for _, b := range muster.Bekannt() {
			x.waren = append(x.waren, b.Artikel.PZN)
			x.lager(b.Artikel.PZN, 10)
			x.lagersoll[b.Artikel.PZN] = 10
		}
		rt.Repeat(x.steps())
		x.rebuilt(rt, store)
	})
}

// rebuilt folds the records anew and compares every row that a reader can reach.
func (x *betrieb) rebuilt(t *rapid.T, store journal.Store) {
	again := rows{}
	err := store.Records(x.ctx, store.Self(), 0, func(r journal.Record) (bool, error) {
		e, err := event.Decode(r.Type, r.Payload)
		if err != nil {
			return false, err
		}
		for _, p := range alle.Projections() {
			if err := p.Apply(again, r, e); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	kept := rows{}
	err = store.View(x.ctx, func(r journal.Rows) error {
		for _, p := range alle.Projections() {
			err := r.Scan(p.Name(), journal.Range{}, func(key string, value []byte) (bool, error) {
				kept[p.Name()+"\x00"+key] = string(value)
				return true, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(kept, again); d != "" {
		t.Fatalf("rebuilt, but different:\n%s", d)
	}
}

// rows are the rows of all projections in a map.
type rows map[string]string

func (m rows) Get(table, key string) ([]byte, error) {
	v, ok := m[table+"\x00"+key]
	if !ok {
		return nil, nil
	}
	return []byte(v), nil
}

func (m rows) Put(table, key string, value []byte) error {
	m[table+"\x00"+key] = string(value)
	return nil
}

func (m rows) Delete(table, key string) error {
	delete(m, table+"\x00"+key)
	return nil
}

func (m rows) Scan(table string, r journal.Range, f func(string, []byte) (bool, error)) error {
	var keys []string
	for k := range m {
		if key, ok := strings.CutPrefix(k, table+"\x00"); ok && key >= r.From && (r.To == "" || key < r.To) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	if r.Reverse {
		slices.Reverse(keys)
	}
	for _, k := range keys {
		if more, err := f(k, []byte(m[table+"\x00"+k])); err != nil || !more {
			return err
		}
	}
	return nil
}
