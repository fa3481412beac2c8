// Package preisbild computes what an article costs on a day, as the till does for an adult
// of the GKV who is not exempt: for lists that are made before anybody knows the patient.
package preisbild

import (
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/workflow/artikelsuche"
)

// Art says who pays.
type Art int

// The kinds.
const (
	GKV    Art = iota // the GKV pays: Zuzahlung and Mehrkosten are stated
	Privat            // adults pay it themselves
	Ohne              // no price is stated that can be used
	Pflege            // the Pflegekasse decides
)

// Recht is what decides amounts on one day.
type Recht struct {
	Preis     preis.Recht
	Zuzahlung zuzahlung.Recht
}

// Bild is what an article costs on one day: amounts gross per pack, zero: not stated.
type Bild struct {
	Art                                         Art
	AVP, UVP, Festbetrag, Zuzahlung, Mehrkosten money.Cent
}

// Compute returns what an article costs on a day by the law of that day. No price is
// invented: only where law makes the price from the ApU is it computed.
func Compute(tag civil.Day, a artikel.Artikel, r Recht) Bild {
	known := a.AVP
	if a.AVP == 0 && a.ApU > 0 {
		a.AVP = errechnet(a, r.Preis)
	}
	b := Bild{AVP: a.AVP, UVP: a.FreierPreis(), Festbetrag: a.Festbetrag}
	if a.AVP == 0 {
		a.AVP = a.UVP
	}
	e := zuzahlung.Compute(artikelsuche.Fall(tag, a), r.Zuzahlung)
	switch {
	case !brauchbar(a) || a.AVP == 0 || e.Regel == zuzahlung.RegelUngueltig:
		return Bild{Art: Ohne}
	case a.Lifestyle, a.Negativliste, e.Privat:
		b.Art = Privat
		if !a.Verschreibungspflichtig {
			b.AVP = known // nobody pays what the chain would give
		}
	case a.Art == artikel.Pflegehilfsmittel:
		b.Art = Pflege
	default:
		b.Zuzahlung, b.Mehrkosten = e.Zuzahlung, e.Mehrkosten
	}
	return b
}

func brauchbar(a artikel.Artikel) bool {
	for _, c := range []money.Cent{a.AVP, a.FreierPreis(), a.UVP, a.Festbetrag} {
		if c < 0 || c > money.MaxInput {
			return false
		}
	}
	return true
}

// errechnet is the price of what the catalogue knows only the ApU of; 0 if law gives none.
func errechnet(a artikel.Artikel, law preis.Recht) money.Cent {
	chain := preis.OTCErstattet
	if a.Verschreibungspflichtig {
		chain = preis.Rx
	}
	p := preis.Compute(preis.Eingabe{Kette: chain, Stelle: preis.AbApU, Betrag: a.ApU, MwSt: a.MwSt}, law)
	if befund.Hindert(p.Befunde) {
		return 0
	}
	return p.Brutto
}
