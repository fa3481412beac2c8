package gate

import (
	"fmt"
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// verkaeufe prices the last sales in both generations, by the same law.
func (p *pruefer) verkaeufe() error {
	if len(p.Abzug.Zeilen) == 0 || p.Alt == nil {
		return nil
	}
	law, err := p.Recht()
	if err != nil {
		return err
	}
	fremd := 0
	for _, z := range p.Abzug.Zeilen {
		p.b.Nachgerechnet += z.Anzahl
		bekannt, err := p.zeile(z, law)
		if err != nil {
			return err
		}
		if !bekannt {
			fremd += z.Anzahl
			p.b.Nachgerechnet -= z.Anzahl
		}
	}
	if fremd > 0 {
		p.sage("A-614", "", fmt.Sprintf("%d verkaufte Zeilen ließen sich schon mit dem bisherigen Katalog nicht berechnen; "+
			"sie sind nicht verglichen.", fremd))
	}
	return nil
}

// zeile compares one line; false if the generation before had no price for it.
func (p *pruefer) zeile(z Zeile, law Recht) (bekannt bool, err error) {
	old, ok, err := p.Alt.Artikel(p.ctx, z.PZN)
	if err != nil || !ok {
		return false, err
	}
	// Not on the list of what the GKV pays and paid all the same: the patient is a child.
	r := rechner{p: p, z: z, law: law, gen: p.Alt, kind: z.Erstattet && !old.OTCAusnahme}
	alt, why, err := r.rechne()
	if err != nil || why != "" {
		return false, err
	}
	r.gen = p.Neu
	neu, why, err := r.rechne()
	switch {
	case err != nil:
		return true, err
	case why != "":
		p.b.Preislos += z.Anzahl
		p.halte("A-613", string(z.PZN), fmt.Sprintf("%s wurde zuletzt verkauft und lässt sich nicht mehr berechnen: %s – "+
			"bitte die Quelle prüfen.", wie(old), why))
	case alt != neu:
		p.b.Unterschiede += z.Anzahl
		p.sage("A-615", string(z.PZN), fmt.Sprintf("Anders als bisher: %s, %s: %s.", wie(old), z.wie(), alt.unterschied(neu)))
	}
	return true, nil
}

// wie says of what kind a line is.
func (z Zeile) wie() string {
	s := fmt.Sprintf("%d-mal %d Pack.", z.Anzahl, z.Menge)
	if z.Traeger != "" {
		s += " für " + string(z.Traeger)
	}
	if z.IK != "" {
		s += " " + z.IK
	}
	if z.Frei {
		s += ", befreit"
	}
	return s
}

// ergebnis is what a customer and a payer see of a line.
type ergebnis struct {
	preis, festbetrag                      money.Cent // per pack
	zuzahlung, mehrkosten, eigen, abschlag money.Cent
}

func (e ergebnis) unterschied(neu ergebnis) string {
	var list []string
	for _, f := range []betrag{
		{"Preis", e.preis, neu.preis},
		{"Festbetrag", e.festbetrag, neu.festbetrag},
		{"Zuzahlung", e.zuzahlung, neu.zuzahlung},
		{"Mehrkosten", e.mehrkosten, neu.mehrkosten},
		{"Eigenbeteiligung", e.eigen, neu.eigen},
		{"Abschlag", e.abschlag, neu.abschlag},
	} {
		if f.alt != f.neu {
			list = append(list, fmt.Sprintf("%s %s → %s", f.name, f.alt, f.neu))
		}
	}
	return strings.Join(list, ", ")
}

// rechner prices a line in a generation as the till does.
type rechner struct {
	p       *pruefer
	z       Zeile
	law     Recht
	gen     catalogue.Generation
	kind    bool
	artikel artikel.Artikel // of gen
}

// rechne returns the amounts, or the reason why there are none.
func (r *rechner) rechne() (e ergebnis, why string, err error) {
	a, ok, err := r.gen.Artikel(r.p.ctx, r.z.PZN)
	if err != nil || !ok {
		return e, "Der Artikel fehlt", err
	}
	r.artikel = a
	e.festbetrag = a.Festbetrag
	if r.z.Traeger == "" {
		e.preis = a.Verkaufspreis()
		return e, ohnePreis(e.preis), nil
	}
	f, why, err := r.fall()
	if err != nil || why != "" {
		return e, why, err
	}
	x := zuzahlung.Compute(f, r.law.Zuzahlung)
	if x.Regel == zuzahlung.RegelAusschluss && !a.Verschreibungspflichtig {
		f.AVP = a.Verkaufspreis() // a private purchase like any other
		x = zuzahlung.Compute(f, r.law.Zuzahlung)
	}
	for _, b := range x.Befunde {
		if b.Schwere == befund.Hindernis {
			return e, strings.TrimSuffix(b.Text, "."), nil
		}
	}
	e.preis = f.AVP
	e.zuzahlung, e.mehrkosten, e.eigen, e.abschlag = x.Zuzahlung, x.Mehrkosten, x.Eigenbeteiligung, x.Abschlag
	return e, ohnePreis(e.preis), nil
}

func ohnePreis(c money.Cent) string {
	if c > 0 {
		return ""
	}
	return "Der Katalog nennt keinen Preis"
}

// fall gathers what the patient's payment depends on. What a month has used up is not
// known here.
func (r *rechner) fall() (f zuzahlung.Fall, why string, err error) {
	a, z := r.artikel, r.z
	f = zuzahlung.Fall{
		Tag: r.law.Tag, Traeger: z.Traeger, Art: a.Art, AVP: r.preis(a, z.Traeger), Festbetrag: a.Festbetrag,
		Packungen: z.Menge, TeilVon: z.TeilVon, TeilMenge: z.TeilMenge, Rx: a.Verschreibungspflichtig,
		Befreit: z.Frei, Arbeitsunfall: z.Arbeitsunfall, Befruchtung: z.Befruchtung,
		Sprechstundenbedarf: z.Sprechstundenbedarf, Zuzahlungsfrei: a.Zuzahlungsfrei, NichtVerfuegbar: z.NichtVerfuegbar,
		Wunsch: z.Wunsch, Geheimpreis: a.Geheimpreis, OTCErstattungsfaehig: a.OTCAusnahme || r.kind,
		Homoeopathisch: a.Homoeopathisch, Cannabisblueten: a.Cannabisblueten, AutIdemKreuz: z.AutIdemKreuz,
	}
	if z.Traeger != zuzahlung.GKV {
		return f, "", nil
	}
	if f.Vertrag, err = r.gen.Vertrag(r.p.ctx, z.IK, z.PZN); err != nil || z.EngpassPZN == "" {
		return f, "", err
	}
	ref, ok, err := r.gen.Artikel(r.p.ctx, z.EngpassPZN)
	if err != nil || !ok {
		return f, fmt.Sprintf("Die verordnete PZN %s fehlt", z.EngpassPZN), err
	}
	contract, err := r.gen.Vertrag(r.p.ctx, z.IK, ref.PZN)
	if ref.AVP == 0 && ref.ApU > 0 {
		ref.AVP = r.kette(ref)
	}
	f.Engpass = &zuzahlung.Referenz{
		AVP: ref.AVP, Festbetrag: ref.Festbetrag, Packungen: max(z.EngpassMenge, 1), Zuzahlungsfrei: ref.Zuzahlungsfrei,
		Vertrag: contract,
	}
	return f, "", err
}

// preis is the price per pack on a prescription.
func (r *rechner) preis(a artikel.Artikel, t zuzahlung.Traeger) money.Cent {
	switch {
	case !a.Verschreibungspflichtig && t.Privat():
		return a.Verkaufspreis()
	case a.AVP == 0 && a.ApU > 0:
		return r.kette(a)
	case a.AVP == 0:
		return a.UVP
	}
	return a.AVP
}

// kette computes the price from the ApU.
func (r *rechner) kette(a artikel.Artikel) money.Cent {
	k := preis.OTCErstattet
	if a.Verschreibungspflichtig {
		k = preis.Rx
	}
	return preis.Compute(preis.Eingabe{Kette: k, Stelle: preis.AbApU, Betrag: a.ApU, MwSt: a.MwSt}, r.law.Preis).Brutto
}
