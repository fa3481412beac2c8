package preis

import (
	"fmt"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/schritt"
)

// rechner carries one computation through the chain.
type rechner struct {
	r     Recht
	kette Kette
	p     Preis
}

// step records a step made by the Fassung f.
func step[T any](k *rechner, f fassung.Fassung[T], regel, name, text string, betrag money.Cent) {
	s := schritt.Von(f, name, text, betrag)
	s.Regel = "preis." + regel
	k.p.Schritte = append(k.p.Schritte, s)
}

// sum records a step that only adds up.
func (k *rechner) sum(regel, name, text string, betrag money.Cent) {
	k.p.Schritte = append(k.p.Schritte,
		schritt.Schritt{Name: name, Text: text, Betrag: betrag, Regel: "preis." + regel})
}

func share(f Anteil, von money.Cent) (money.Cent, string) {
	c := f.Was.Of(von)
	return c, fmt.Sprintf("%s von %s = %s", f.Was, von, c)
}

// grosshandel goes from ApU to AEP.
func (k *rechner) grosshandel(apu money.Cent) {
	k.p.ApU = apu
	k.sum("apu", "Herstellerabgabepreis (ApU)", "netto", apu)
	switch {
	case k.kette == RxDirekt:
		k.sum("direkt", "Großhandelszuschlag", "nur Direktvertrieb: keiner (AMPreisV § 3 Abs. 2 Nr. 2)", 0)
	case k.kette == OTCErstattet:
		k.p.GH = k.tabelle(k.r.GHStufen2003, "gh2003", "Großhandelszuschlag", apu)
	case !k.r.GHAnteil.Repealed:
		k.p.GH = k.gh2012(apu)
	default:
		k.p.GH = k.tabelle(k.r.GHStufen2004, "gh2004", "Großhandelszuschlag", apu)
	}
	k.p.AEP = apu + k.p.GH
	k.sum("aep", "Apothekeneinkaufspreis (AEP)", fmt.Sprintf("%s + %s", apu, k.p.GH), k.p.AEP)
}

func (k *rechner) gh2012(apu money.Cent) money.Cent {
	c, text := share(k.r.GHAnteil, apu)
	step(k, k.r.GHAnteil, "gh.anteil", "Großhandelszuschlag, Anteil", text, c)
	if c > k.r.GHHoechst.Was {
		c = k.r.GHHoechst.Was
		step(k, k.r.GHHoechst, "gh.hoechst", "Großhandelszuschlag, Höchstbetrag", "höchstens "+c.String(), c)
	}
	fest := k.r.GHFest.Was
	step(k, k.r.GHFest, "gh.fest", "Großhandelszuschlag, Festbetrag", fest.String(), fest)
	return c + fest
}

// tabelle looks up the step of a regressive table.
func (k *rechner) tabelle(t Tabelle, regel, name string, von money.Cent) money.Cent {
	for _, s := range t.Was {
		if s.Bis == 0 || von <= s.Bis {
			c := s.Anteil.Of(von) + s.Fest
			step(k, t, regel, name, stufeText(s, von, c), c)
			return c
		}
	}
	k.p.Befunde = append(k.p.Befunde, ohneRegel(t.Norm))
	return 0
}

func stufeText(s Stufe, von, c money.Cent) string {
	grenze := "über der letzten Grenze: "
	if s.Bis > 0 {
		grenze = "Stufe bis " + s.Bis.String() + ": "
	}
	switch {
	case s.Anteil == 0:
		return grenze + s.Fest.String() + " fest"
	case s.Fest == 0:
		return grenze + fmt.Sprintf("%s von %s = %s", s.Anteil, von, c)
	default:
		return grenze + fmt.Sprintf("%s von %s + %s = %s", s.Anteil, von, s.Fest, c)
	}
}

// apotheke goes from AEP to the net price.
func (k *rechner) apotheke() {
	if k.kette == OTCErstattet {
		k.zuschlag(k.tabelle(k.r.ApothekeStufen2003, "apotheke2003", "Apothekenzuschlag", k.p.AEP))
		k.netto()
		return
	}
	c, text := share(k.r.ApothekeAnteil, k.p.AEP)
	step(k, k.r.ApothekeAnteil, "apotheke.anteil", "Apothekenzuschlag, Anteil", text, c)
	k.zuschlag(c)
	if k.kette == RxTier {
		k.fest(k.r.TierFixum, "tier.fixum", "Apothekenzuschlag, Festbetrag (Tier)")
	} else {
		k.fest(k.r.Fixum, "fixum", "Apothekenzuschlag, Festbetrag")
		k.fest(k.r.Notdienst, "notdienst", "Notdienstzuschlag")
		k.fest(k.r.PDL, "pdl", "Zuschlag für Dienstleistungen")
	}
	k.netto()
}

// fest adds a fixed amount if it is in force.
func (k *rechner) fest(f Betrag, regel, name string) {
	if f.Repealed {
		return
	}
	step(k, f, regel, name, f.Was.String(), f.Was)
	k.zuschlag(f.Was)
}

func (k *rechner) zuschlag(c money.Cent) { k.p.Zuschlaege = append(k.p.Zuschlaege, c) }

func (k *rechner) netto() {
	k.p.Netto = k.p.AEP + k.p.Zuschlag()
	k.sum("netto", "Verkaufspreis netto", fmt.Sprintf("%s + %s", k.p.AEP, k.p.Zuschlag()), k.p.Netto)
}

// umsatzsteuer goes from net to gross.
func (k *rechner) umsatzsteuer(m artikel.MwSt) {
	satz := k.r.MwStSatz(m)
	c, text := share(satz, k.p.Netto)
	k.p.Satz, k.p.MwSt, k.p.Brutto = satz.Was, c, k.p.Netto+c
	step(k, satz, "mwst", "Umsatzsteuer", text, c)
	k.sum("brutto", "Verkaufspreis (AVP)", fmt.Sprintf("%s + %s", k.p.Netto, c), k.p.Brutto)
}

// enthalten takes the VAT out of a gross price.
func (k *rechner) enthalten(brutto money.Cent, m artikel.MwSt) {
	satz := k.r.MwStSatz(m)
	c := MwStEnthalten(brutto, satz.Was)
	k.p.Satz, k.p.MwSt, k.p.Brutto, k.p.Netto = satz.Was, c, brutto, brutto-c
	k.sum("brutto", "Verkaufspreis", "brutto", brutto)
	step(k, satz, "mwst.enthalten", "enthaltene Umsatzsteuer", fmt.Sprintf("%s, enthalten in %s", satz.Was, brutto), c)
}

// fertig refuses a result beyond the limit.
func (k *rechner) fertig() Preis {
	if k.p.Brutto > Hoechstbetrag {
		k.p.Befunde = append(k.p.Befunde, zuGross(k.p.Brutto))
	}
	return k.p
}
