package rechnung

import (
	"context"
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/monate"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/rezeptur"
)

// The ages up to which the GKV pays for OTC drugs (§ 34(1) S. 5 SGB V): all children
// below 12, young people with a developmental disorder below 18.
const kindBis = 12

// fall gathers what the patient's payment depends on.
func (l *lage) fall(
	ctx context.Context, v vorgang.Vorgang, z *Zeile, e *rezeptannahme.Eintrag,
) (zuzahlung.Fall, error) {
	r, a, p := e.Rezept, z.Artikel, z.Position
	geburt := l.geburt(z, e)
	f := zuzahlung.Fall{
		Tag: l.tag, Traeger: z.Rechnung.Traeger, Art: a.Art, Rezeptur: p.Art == vorgang.Rezeptur,
		AVP: z.Rechnung.Preis, Festbetrag: a.Festbetrag, Packungen: p.Menge, TeilVon: p.TeilVon, TeilMenge: p.TeilMenge,
		Rx: a.Verschreibungspflichtig, Geburt: geburt,
		Befreit:          v.Befreit || r.Status == rezept.Zuzahlungsbefreit || l.befreit(e),
		Schwanger:        v.Schwanger || r.Schwanger,
		Arbeitsunfall:    r.Unfall == rezept.Arbeitsunfall || r.Unfall == rezept.Berufskrankheit,
		Befruchtung:      r.Status == rezept.KuenstlicheBefruchtung,
		Ersatzverordnung: r.Ersatzverordnung, Sprechstundenbedarf: r.Sprechstundenbedarf,
		Zuzahlungsfrei: a.Zuzahlungsfrei, NichtVerfuegbar: p.NichtVerfuegbar, Wunsch: p.Wunsch,
		FestbetragAus: a.FestbetragAus, ZuzahlungsfreiAus: a.ZuzahlungsfreiAus,
		Geheimpreis:          a.Geheimpreis,
		Entschaedigung:       r.BVG || r.Unfall == rezept.SchaedigendesEreignis,
		Parenteral:           p.SOK == rezeptur.SOKParenteral,
		Unverarbeitet:        p.SOK == rezeptur.SOKUnverarbeitet,
		OTCErstattungsfaehig: a.OTCAusnahme || geburt != 0 && geburt.AgeOn(l.tag) < kindBis,
		Homoeopathisch:       a.Homoeopathisch, Cannabisblueten: a.Cannabisblueten,
	}
	if was, ok := verordnung(r, p); ok && f.Arbeitsunfall {
		f.AutIdemKreuz = was.AutIdemKreuz
	}
	if err := l.month(a.Art, e.Person, &f); err != nil {
		return f, err
	}
	return f, l.contracts(ctx, z, e, &f)
}

// month adds what the month has used up where law limits the month.
func (l *lage) month(art artikel.Art, id string, f *zuzahlung.Fall) error {
	if art != artikel.HilfsmittelZumVerbrauch && art != artikel.Pflegehilfsmittel {
		return nil
	}
	used, err := l.monat(id)
	f.MonatBereits = max(used.Verbrauch, 0)
	if art == artikel.Pflegehilfsmittel {
		f.MonatBereits = max(used.Pauschale, 0)
	}
	return err
}

// contracts adds the Rabattvertrag of the pack and, in an exchange for shortage, the
// pack that was prescribed.
func (l *lage) contracts(ctx context.Context, z *Zeile, e *rezeptannahme.Eintrag, f *zuzahlung.Fall) error {
	p, ik := z.Position, e.Rezept.Kostentraeger.IK
	if p.PZN == "" || f.Traeger != zuzahlung.GKV {
		return nil
	}
	var err error
	if f.Vertrag, err = l.vertrag(ctx, ik, p.PZN); err != nil {
		return err
	}
	if p.EngpassPZN == "" {
		return nil
	}
	ref, ok, err := l.artikel(ctx, p.EngpassPZN)
	if err != nil {
		return err
	}
	if !ok {
		z.add("V-303", befund.Hindernis, "Die verordnete PZN des Engpasses steht nicht im Katalog – prüfen Sie sie.")
		return nil
	}
	f.Engpass, err = l.referenz(ctx, e, ref, p)
	return err
}

func (l *lage) referenz(
	ctx context.Context, e *rezeptannahme.Eintrag, ref artikel.Artikel, p vorgang.Position,
) (*zuzahlung.Referenz, error) {
	if ref.AVP == 0 && ref.ApU > 0 {
		ref.AVP = l.chain(ref).Brutto
	}
	contract, err := l.vertrag(ctx, e.Rezept.Kostentraeger.IK, ref.PZN)
	if err != nil {
		return nil, err
	}
	taken, err := l.bereits(e, p)
	return &zuzahlung.Referenz{
		AVP: ref.AVP, Festbetrag: ref.Festbetrag, Packungen: max(p.EngpassMenge, 1),
		Zuzahlungsfrei: ref.Zuzahlungsfrei, Vertrag: contract, Bereits: taken,
	}, err
}

func (l *lage) vertrag(ctx context.Context, ik string, pzn kennung.PZN) (*zuzahlung.Vertrag, error) {
	c, err := l.gen.Vertrag(ctx, ik, pzn)
	if err != nil {
		return nil, fmt.Errorf("look up Rabattvertrag: %w", err)
	}
	return c, nil
}

// befreit says whether a Befreiungsbescheid covers the day: that of the patient, or
// of the customer if the two are one.
func (l *lage) befreit(e *rezeptannahme.Eintrag) bool {
	if p, ok := l.patienten[e.Person]; ok && p.BefreitBis >= l.tag {
		return true
	}
	k := l.kunde
	return k != nil && k.BefreitBis >= l.tag && k.KVNR != "" && k.KVNR == e.Rezept.Patient.KVNR
}

// geburt is the patient's birth day. Of a partial one the latest possible day
// counts; if that decides about majority, the user must look.
func (l *lage) geburt(z *Zeile, e *rezeptannahme.Eintrag) civil.Day {
	if day := e.Rezept.Patient.Geburt; day != 0 {
		return day
	}
	if p := l.patienten[e.Person]; p.Geburt != 0 {
		return p.Geburt
	}
	first, last, ok := rezept.GeburtSpanne(e.Rezept.Patient.GeburtText)
	if !ok {
		return 0
	}
	if limit := l.stand.Zuzahlung.Altersgrenze.Was; first.AgeOn(l.tag) >= limit && last.AgeOn(l.tag) < limit {
		z.add("V-311", befund.Warnung,
			"Das Geburtsdatum ist unvollständig und die Volljährigkeit unklar – "+
				"fragen Sie nach und tragen Sie es beim Kunden ein.")
	}
	return last
}

// monat is what the patient has used up this month, on earlier Bons and on the lines
// of this cart before.
func (l *lage) monat(id string) (monate.Stand, error) {
	s, err := monate.Find(l.rows, id, l.tag)
	for _, p := range l.vorher {
		if p.Person == id {
			s = s.Add(monate.Of(p))
		}
	}
	return s, err
}

// bereits is the Zuzahlung that earlier lines of the same exchange for shortage took,
// in this cart and on the Bons of the prescription.
func (l *lage) bereits(e *rezeptannahme.Eintrag, p vorgang.Position) (money.Cent, error) {
	lines := slices.Clone(l.vorher)
	for _, nummer := range e.Bons {
		b, _, err := bons.Find(l.rows, nummer)
		if err != nil {
			return 0, err
		}
		lines = append(lines, b.Positionen...)
	}
	var taken money.Cent
	for _, q := range lines {
		if q.Rezept == e.ID && q.Verordnung == p.Verordnung && q.EngpassPZN == p.EngpassPZN {
			taken += q.Zuzahlung
		}
	}
	return max(taken, 0), nil
}
