package gate

import (
	"context"
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
	kind := z.Erstattet && !old.OTCAusnahme
	alt, why, err := Compute(p.ctx, p.Alt, z, kind, law)
	if err != nil || why != "" {
		return false, err
	}
	neu, why, err := Compute(p.ctx, p.Neu, z, kind, law)
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

// Ergebnis is what a customer and a payer see of a line.
type Ergebnis struct {
	Preis, Festbetrag                                 money.Cent // per pack, gross
	Zuzahlung, Mehrkosten, Eigenbeteiligung, Abschlag money.Cent // of the line, on a prescription
}

func (e Ergebnis) unterschied(neu Ergebnis) string {
	var list []string
	for _, f := range []betrag{
		{"Preis", e.Preis, neu.Preis},
		{"Festbetrag", e.Festbetrag, neu.Festbetrag},
		{"Zuzahlung", e.Zuzahlung, neu.Zuzahlung},
		{"Mehrkosten", e.Mehrkosten, neu.Mehrkosten},
		{"Eigenbeteiligung", e.Eigenbeteiligung, neu.Eigenbeteiligung},
		{"Abschlag", e.Abschlag, neu.Abschlag},
	} {
		if f.alt != f.neu {
			list = append(list, fmt.Sprintf("%s %s → %s", f.name, f.alt, f.neu))
		}
	}
	return strings.Join(list, ", ")
}

// rechner prices a line in a generation as the till does.
type rechner struct {
	ctx     context.Context //nolint:containedctx // of one line
	gen     catalogue.Generation
	z       Zeile
	kind    bool
	law     Recht
	artikel artikel.Artikel // of gen
}

// Compute prices a line in a generation as the till does; kind says that the GKV pays what
// is not Rx because the patient is a child. It returns the amounts, or the reason why there
// are none: a part of a German sentence.
func Compute(
	ctx context.Context, gen catalogue.Generation, z Zeile, kind bool, law Recht,
) (e Ergebnis, why string, err error) {
	r := rechner{ctx: ctx, gen: gen, z: z, kind: kind, law: law}
	return r.rechne()
}

func (r *rechner) rechne() (e Ergebnis, why string, err error) {
	a, ok, err := r.gen.Artikel(r.ctx, r.z.PZN)
	if err != nil || !ok {
		return e, "Der Artikel fehlt", err
	}
	r.artikel = a
	e.Festbetrag = a.Festbetrag
	if r.z.Traeger == "" {
		e.Preis = a.Verkaufspreis()
		return e, ohnePreis(e.Preis), nil
	}
	if z := &r.z; z.Traeger == zuzahlung.GKV && (a.Lifestyle || a.Negativliste) { // § 34 SGB V: never at its cost
		z.Traeger, z.IK = zuzahlung.Selbstzahler, ""
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
	e.Preis = f.AVP
	e.Zuzahlung, e.Mehrkosten, e.Eigenbeteiligung, e.Abschlag = x.Zuzahlung, x.Mehrkosten, x.Eigenbeteiligung, x.Abschlag
	return e, ohnePreis(e.Preis), nil
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
	if f.Vertrag, err = r.gen.Vertrag(r.ctx, z.IK, z.PZN); err != nil || z.EngpassPZN == "" {
		return f, "", err
	}
	ref, ok, err := r.gen.Artikel(r.ctx, z.EngpassPZN)
	if err != nil || !ok {
		return f, fmt.Sprintf("Die verordnete PZN %s fehlt", z.EngpassPZN), err
	}
	contract, err := r.gen.Vertrag(r.ctx, z.IK, ref.PZN)
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
