package bon_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Two packs of L-Thyroxin at 15,16 € on a GKV prescription (DAV example) and three of an
// OTC article with a discount of 10 %.
func verkauf() bon.Bon {
	return bon.Bon{
		Positionen: []bon.Position{
			{
				Nr: 1, Art: vorgang.Artikel, Menge: 2, Preis: 1516, Gesamt: 3032, MwSt: 19 * money.Percent, Rx: true,
				Traeger: zuzahlung.GKV, Zuzahlung: 1000, Mehrkosten: 112, TraegerZahlt: 1920, Abschlag: 354,
			},
			{Nr: 2, Art: vorgang.Artikel, Menge: 3, Preis: 398, Rabatt: 119, Gesamt: 1075, Privat: 1075, MwSt: 19 * money.Percent},
			{Nr: 3, Art: vorgang.Artikel, Menge: 1, Preis: 250, Gesamt: 250, Privat: 250, MwSt: 7 * money.Percent},
			{Nr: 4, Art: vorgang.Gebuehr, Menge: 1, Preis: 250, Gesamt: 250, Privat: 250, MwSt: 19 * money.Percent},
		},
		Zahlungen: []bon.Zahlung{{Art: bon.Karte, Betrag: 1000}, {Art: bon.Bar, Betrag: 1687, Gegeben: 2000}},
	}
}

func TestSummen(t *testing.T) {
	b := verkauf()
	want := bon.Summen{Gesamt: 4607, Zuzahlung: 1000, Mehrkosten: 112, Privat: 1575, TraegerZahlt: 1920, Patient: 2687, Rabatt: 119}
	if got := b.Summen(); got != want {
		t.Errorf("%+v", got)
	}
	if b.Rueckgeld() != 313 {
		t.Errorf("change %v", b.Rueckgeld())
	}
}

// UStG § 12: 43,57 € at 19 % contain 6,96 €, 2,50 € at 7 % contain 0,16 €.
func TestSteuern(t *testing.T) {
	got := verkauf().Steuern()
	want := []bon.Steuer{
		{Satz: 19 * money.Percent, Brutto: 4357, Netto: 3661, MwSt: 696}, {Satz: 7 * money.Percent, Brutto: 250, Netto: 234, MwSt: 16},
	}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%+v", got)
	}
}

func TestUmkehr(t *testing.T) {
	b := verkauf()
	s := bon.Bon{Positionen: b.Umkehr(), Zahlungen: b.Zurueck()}
	if s.Summen().Patient != -2687 || s.Summen().TraegerZahlt != -1920 || s.Positionen[0].Menge != -2 {
		t.Errorf("%+v", s.Summen())
	}
	if s.Zahlungen[0].Betrag != -1000 || s.Zahlungen[1].Betrag != -1687 || s.Rueckgeld() != 0 {
		t.Errorf("%+v", s.Zahlungen)
	}
	if vat := s.Steuern(); vat[0].MwSt != -696 {
		t.Errorf("%+v", vat)
	}
	for i, want := range []bool{true, true, true, false} {
		if b.Positionen[i].Retournierbar() != want {
			t.Errorf("line %d can come back: %v", i+1, !want)
		}
	}
}

// However a line comes back in parts, all parts together give back what was paid, and
// each part adds up.
func TestRetoureInTeilenGibtAllesZurueck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "packs")
		cent := func(name string, hi money.Cent) money.Cent {
			return money.Cent(rapid.Int64Range(0, int64(hi)).Draw(t, name))
		}
		p := bon.Position{Menge: n, Gesamt: cent("gesamt", 100_000)}
		if rapid.Bool().Draw(t, "private") {
			p.Privat = p.Gesamt
		} else {
			p.Zuzahlung = cent("zuzahlung", p.Gesamt)
			p.Mehrkosten = cent("mehrkosten", p.Gesamt-p.Zuzahlung)
			p.Kulanz = rapid.SampledFrom([]money.Cent{0, p.Zuzahlung}).Draw(t, "kulanz")
			p.TraegerZahlt = p.Gesamt - p.Zuzahlung - p.Mehrkosten
		}
		var sum bon.Position
		for done := 0; done < n; {
			k := rapid.IntRange(1, n-done).Draw(t, "back")
			q := p.Retoure(done, k)
			if q.Patient()+q.TraegerZahlt+q.Kulanz != q.Gesamt {
				t.Fatalf("%+v", q)
			}
			done += k
			sum.Menge += q.Menge
			sum.Gesamt += q.Gesamt
			sum.Zuzahlung += q.Zuzahlung
			sum.Mehrkosten += q.Mehrkosten
			sum.Kulanz += q.Kulanz
			sum.Privat += q.Privat
			sum.TraegerZahlt += q.TraegerZahlt
		}
		want := bon.Position{
			Menge: -n, Gesamt: -p.Gesamt, Zuzahlung: -p.Zuzahlung, Mehrkosten: -p.Mehrkosten, Kulanz: -p.Kulanz,
			Privat: -p.Privat, TraegerZahlt: -p.TraegerZahlt,
		}
		if sum.Patient() != want.Patient() || sum.Gesamt != want.Gesamt || sum.TraegerZahlt != want.TraegerZahlt || sum.Menge != -n {
			t.Fatalf("parts give %+v, the line was %+v", sum, p)
		}
	})
}
