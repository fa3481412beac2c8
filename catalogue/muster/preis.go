package muster

import (
	"strings"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
)

// PreisFunc computes from the ApU what law prescribes for a pack: AEP and AVP of an
// Rx drug (AMPreisV), or the price at which an OTC drug is sold to the GKV
// (§ 129 Abs. 5a SGB V).
type PreisFunc func(apu money.Cent, rx bool, m artikel.MwSt) (aep, avp money.Cent)

// AMPreisV returns the function that computes with the given law.
func AMPreisV(r preis.Recht) PreisFunc {
	return func(apu money.Cent, rx bool, m artikel.MwSt) (aep, avp money.Cent) {
		kette := preis.OTCErstattet
		if rx {
			kette = preis.Rx
		}
		p := preis.Compute(preis.Eingabe{Kette: kette, Stelle: preis.AbApU, Betrag: apu, MwSt: m}, r)
		return p.AEP, p.Brutto
	}
}

// recht2026 are the figures in force in 2026. The catalogue knows no law of its own;
// these stand here so that the demo catalogue needs nothing else, and a test holds
// them against the law of the program.
func recht2026() preis.Recht {
	share := func(p money.PPM) preis.Anteil { return preis.Anteil{Was: p} }
	amount := func(c money.Cent) preis.Betrag { return preis.Betrag{Was: c} }
	return preis.Recht{
		MwStVoll: share(19 * money.Percent), MwStErmaessigt: share(7 * money.Percent),
		GHAnteil: share(31_500), GHHoechst: amount(3780), GHFest: amount(73),
		ApothekeAnteil: share(3 * money.Percent), Fixum: amount(835), Notdienst: amount(21), PDL: amount(20),
		GHStufen2003: preis.Tabelle{Was: stufen("84=210000 88+18 170=200000 174+34 256=195000 263+50 365=190000 "+
			"375+70 603=185000 620+112 910=180000 1092+164 4446=150000 5558+667 68476=120000", 30_000, 6163)},
		ApothekeStufen2003: preis.Tabelle{Was: stufen("122=680000 134+83 388=620000 422+241 730=570000 867+416 "+
			"1214=480000 1355+583 1942=430000 2257+835 2914=370000 3594+1078 54391=300000", 82_630, 11824)},
	}
}

// stufen reads "up to = parts per million" and "up to + cents"; the last step is
// open above.
func stufen(text string, anteil money.PPM, fest money.Cent) []preis.Stufe {
	var list []preis.Stufe
	for f := range strings.FieldsSeq(text) {
		if bis, ppm, ok := strings.Cut(f, "="); ok {
			list = append(list, preis.Stufe{Bis: money.Cent(number(bis)), Anteil: money.PPM(number(ppm))})
		} else if bis, cent, ok := strings.Cut(f, "+"); ok {
			list = append(list, preis.Stufe{Bis: money.Cent(number(bis)), Fest: money.Cent(number(cent))})
		}
	}
	return append(list, preis.Stufe{Anteil: anteil, Fest: fest})
}

// bepreist computes the prices of an article from its ApU.
func (w entwurf) bepreist(f PreisFunc) artikel.Artikel {
	a := w.Artikel
	if a.MwSt == 0 {
		a.MwSt = artikel.MwStVoll
	}
	switch {
	case a.Verschreibungspflichtig:
		a.AEP, a.AVP = f(a.ApU, true, a.MwSt)
	case a.Apothekenpflichtig:
		a.AEP, a.AVP = f(a.ApU, false, a.MwSt)
	default:
		a.AEP = a.ApU
	}
	if w.ohneAVP {
		a.AEP, a.AVP = 0, 0
	}
	if w.uvp > 0 {
		a.UVP = schwelle(money.Ratio(a.ApU, int64(w.uvp), 100))
	}
	if zulastenGKV(a.Art) && a.AVP == 0 {
		a.AVP = a.UVP
	}
	// § 31 Abs. 3 S. 4 SGB V: at least 30 per cent below the Festbetrag.
	a.Zuzahlungsfrei = w.frei && a.Festbetrag > 0 && a.AVP > 0 && a.AVP*10 <= a.Festbetrag*7
	return a
}

// zulastenGKV says whether the insurers pay for goods of this kind at the price
// that the catalogue names.
func zulastenGKV(art artikel.Art) bool {
	switch art {
	case artikel.Impfstoff, artikel.Teststreifen, artikel.Hilfsmittel, artikel.HilfsmittelZumVerbrauch,
		artikel.Pflegehilfsmittel, artikel.Verbandmittel:
		return true
	default:
		return false
	}
}

// schwelle rounds a free price to one as it stands on labels: x,x5, x,x8 or x,x9.
func schwelle(c money.Cent) money.Cent {
	c = max(c, 45)
	switch last := c % 10; {
	case last <= 5:
		return c - last + 5
	case last <= 8:
		return c - last + 8
	default:
		return c
	}
}
