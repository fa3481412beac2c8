package verkauf_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/offeneposten"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/retoure"
	"github.com/offizin/offizin/workflow/vormerkung"
)

// tage is a pharmacy in which vouchers, credits and prepayments are used at random.
type tage struct {
	*stand
	rt         *rapid.T
	kunde      string
	gutscheine []string
	slips      []string
	bons       []bon.Bon
}

// geht lets an act fail only by refusal.
func (x *tage) geht(err error) bool {
	if err == nil {
		return true
	}
	if _, ok := errors.AsType[*fault.Fault](err); !ok {
		x.rt.Fatal(err)
	}
	return false
}

// TestZufaelligeGeschaefte: whatever is sold, redeemed, put on credit, paid before, undone and
// brought back, in any order: the business cases of every Bon add up to its payments, nothing that
// is open is ever negative, and no cart pays anything out.
func TestZufaelligeGeschaefte(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := &tage{stand: neu(t, "2026-11-23 10:00"), rt: rt}
		id := x.beginne()
		x.kunde = x.stand.kunde(id, "3000")
		for range rapid.IntRange(3, 15).Draw(rt, "acts") {
			switch rapid.IntRange(0, 5).Draw(rt, "act") {
			case 0, 1, 2:
				x.verkauf()
			case 3:
				x.zurueck()
			case 4:
				x.storniert()
			case 5:
				x.reserviert()
			}
			x.stimmt()
		}
	})
}

// verkauf is a cart with a little of everything.
func (x *tage) verkauf() {
	id := x.beginne()
	_, err := x.Kunde(x.ctx, x.a(), id, x.kunde)
	x.must(err)
	draw := func(name string, n int) int { return rapid.IntRange(0, n).Draw(x.rt, name) }
	for range draw("goods", 3) {
		x.scan(id, rapid.SampledFrom([]kennung.PZN{ibu, bonbon, hustensaft}).Draw(x.rt, "article"))
	}
	if draw("sells a voucher", 3) == 0 {
		_, err = x.Gutschein(x.ctx, x.a(), id, money.Cent(100+draw("worth", 2000)))
		x.must(err)
	}
	if n := len(x.gutscheine); n > 0 && draw("redeems", 1) == 0 {
		_, err = x.Einloesen(x.ctx, x.a(), id, x.gutscheine[draw("voucher", n-1)])
		x.geht(err)
	}
	if n := len(x.slips); n > 0 && draw("about a slip", 1) == 0 {
		slip := x.slips[draw("slip", n-1)]
		if _, err = x.Anzahlung(x.ctx, x.a(), id, slip); !x.geht(err) {
			_, err = x.Abholen(x.ctx, x.a(), id, slip)
			x.geht(err)
		}
	}
	if n := len(x.bons); n > 0 && draw("pays a credit", 1) == 0 {
		_, err = x.KreditBezahlen(x.ctx, x.a(), id, x.bons[draw("of", n-1)].Nummer, money.Cent(draw("part", 300)))
		x.geht(err)
	}
	if draw("on credit", 2) == 0 {
		_, err = x.Kredit(x.ctx, x.a(), id, money.Cent(draw("credit", 300)))
		x.must(err)
	}
	z := x.genau(id)
	z.Karte = rapid.SampledFrom([]money.Cent{0, max(z.Erwartet, 0)}).Draw(x.rt, "card")
	b, err := x.Bezahlen(x.ctx, x.a(), id, z)
	if !x.geht(err) {
		return
	}
	if sum := b.Summen().Patient; sum < 0 {
		x.rt.Fatalf("%s pays out %v", b.Nummer, sum)
	}
	x.gebucht(b)
}

func (x *tage) gebucht(b bon.Bon) {
	x.bons = append(x.bons, b)
	k := kassenbeleg.Aus(b)
	if k.Summe() != k.Gezahlt() {
		x.rt.Fatalf("%s: business cases %v, payments %v: %+v", b.Nummer, k.Summe(), k.Gezahlt(), k)
	}
	for _, p := range b.Positionen {
		if p.Geschaeft == bon.Gutscheinkauf && b.Art == bon.Verkauf {
			x.gutscheine = append(x.gutscheine, p.Bezug)
		}
	}
}

func (x *tage) zurueck() {
	if len(x.bons) == 0 {
		return
	}
	old := rapid.SampledFrom(x.bons).Draw(x.rt, "brought back of")
	if len(old.Positionen) == 0 {
		return
	}
	line := rapid.SampledFrom(old.Positionen).Draw(x.rt, "line")
	b, err := x.Retoure(x.ctx, x.a(), old.Nummer, []retoure.Zeile{{Nr: line.Nr, Menge: 1}}, "zurück")
	if x.geht(err) {
		x.gebucht(b)
	}
}

func (x *tage) storniert() {
	if len(x.bons) == 0 {
		return
	}
	b, err := x.Storno(x.ctx, x.a(), rapid.SampledFrom(x.bons).Draw(x.rt, "undone").Nummer, "falsch")
	if x.geht(err) {
		x.gebucht(b)
	}
}

func (x *tage) reserviert() {
	v, err := vormerkung.New(x.kern, x.personen).Anlegen(x.ctx, x.a(), vormerkung.Eingabe{PZN: bonbon, Menge: 1})
	x.must(err)
	x.slips = append(x.slips, v.ID)
}

// stimmt holds every open item to the lines of all Bons.
func (x *tage) stimmt() {
	want := map[string]money.Cent{}
	for _, b := range x.bons {
		for _, p := range b.Positionen {
			if kind, delta, ok := p.Geschaeft.Offen(p.Gesamt); ok {
				nr := p.Bezug
				if nr == "" {
					nr = b.Nummer
					if b.Bezug != "" {
						nr = b.Bezug
					}
				}
				want[string(kind)+nr] += delta
			}
		}
	}
	for _, g := range []bon.Geschaeft{bon.Gutscheinkauf, bon.Forderung, bon.Anzahlung} {
		list, err := workflow.View(x.ctx, x.kern, func(rows journal.Rows) ([]offeneposten.Posten, error) {
			return offeneposten.List(rows, g)
		})
		x.must(err)
		for _, p := range list {
			if p.Offen < 0 || p.Offen != want[string(g)+p.Nummer] {
				x.rt.Fatalf("%s %s: %v open, the lines say %v", g, p.Nummer, p.Offen, want[string(g)+p.Nummer])
			}
		}
	}
}
