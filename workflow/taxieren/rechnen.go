package taxieren

import (
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/abrechnung"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// rechnung is what one line costs the patient by our own account.
type rechnung struct {
	betraege  Betraege
	regel     string
	pflichtig bool // a liable adult of the GKV
}

// The types of the special vouchers, the first digits of their ids.
const (
	flowDienstleistung = 910
	flowImpfung        = 920
)

// rechner is the computation of one supply under way.
type rechner struct {
	a     abrechnung.Abgabedaten
	r     rezept.Rezept
	law   zuzahlung.Recht
	blind bool

	verbraucht money.Cent // of the lump sum for PG 54
	bereits    money.Cent // Zuzahlung on other lines of the same exchange
}

func rechne(a abrechnung.Abgabedaten, r rezept.Rezept, law zuzahlung.Recht, blind bool) []rechnung {
	c := &rechner{a: a, r: r, law: law, blind: blind}
	out := make([]rechnung, 0, len(a.Zeilen))
	for _, z := range a.Zeilen {
		out = append(out, c.zeile(z))
	}
	c.beihilfe(out)
	return out
}

func (c *rechner) zeile(z abrechnung.Zeile) rechnung {
	k := klasse(z)
	switch {
	case c.r.FlowType == flowDienstleistung:
		return rechnung{regel: "dienstleistung"}
	case k == gebuehr:
		return rechnung{regel: "gebuehr"}
	}
	f := c.fall(z, k)
	if f.AVP == 0 && f.Geheimpreis == 0 {
		return rechnung{regel: "ohne-preis"}
	}
	e := zuzahlung.Compute(f, c.law)
	if f.Engpass != nil {
		c.bereits += e.Zuzahlung
	}
	if pg54(f) {
		c.verbraucht += f.AVP
	}
	return rechnung{
		betraege: e.KostenVersicherter(), regel: e.Regel,
		pflichtig: f.Traeger == zuzahlung.GKV && !e.Privat && e.Zuzahlung > 0,
	}
}

// fall is the line with everything on which the patient's payment depends.
func (c *rechner) fall(z abrechnung.Zeile, k art) zuzahlung.Fall {
	f := zuzahlung.Fall{
		Tag: c.a.Abgabe, Traeger: c.traeger(), Art: artikel.Arzneimittel, Rx: true, OTCErstattungsfaehig: true,
		AVP: z.Betrag, Packungen: 1, Parenteral: k == rezeptur, Rezeptur: k == rezeptur,
		Geburt:  c.r.Patient.Geburt,
		Befreit: c.befreit(z), Befruchtung: c.r.Status == rezept.KuenstlicheBefruchtung || z.Attribut.Befruchtung,
		Arbeitsunfall:       c.r.Unfall == rezept.Arbeitsunfall || c.r.Unfall == rezept.Berufskrankheit,
		Entschaedigung:      c.r.BVG || c.r.Unfall == rezept.SchaedigendesEreignis,
		Ersatzverordnung:    c.r.Ersatzverordnung || z.Attribut.Ersatz,
		Sprechstundenbedarf: c.r.Sprechstundenbedarf, Schwanger: c.r.Schwanger, Wunsch: z.Attribut.Wunsch,
		NichtVerfuegbar: z.Attribut.Mehrkostenuebernahme == 1, AutIdemKreuz: c.autIdem(),
	}
	if f.Geburt == 0 {
		_, f.Geburt, _ = rezept.GeburtSpanne(c.r.Patient.GeburtText)
	}
	if z.Attribut.Mehrkostenuebernahme == 2 {
		f.Vertrag = &zuzahlung.Vertrag{Faktor: 100, MehrkostenErlassen: true}
	}
	c.ware(&f, z, k)
	return f
}

// ware sets what the line is of, how many packs, and the Festbetrag if it follows from
// stated Mehrkosten: the price less these. Nothing else in the file tells it.
func (c *rechner) ware(f *zuzahlung.Fall, z abrechnung.Zeile, k art) {
	switch {
	case c.r.FlowType == flowImpfung || (c.r.Impfstoff && k == arzneimittel):
		f.Art = artikel.Impfstoff
	case k == hilfsmittel:
		f.Art = artikel.Hilfsmittel
	case k == pflege:
		f.Art, f.Produktgruppe = artikel.Pflegehilfsmittel, produktgruppe(z.Code)
		f.MonatBereits = c.verbraucht
		f.Beihilfe = f.Produktgruppe != pgVerbrauch && c.mitBeihilfe()
	}
	if (k == arzneimittel || k == hilfsmittel) && z.Faktor > 1 && z.Faktor <= zuzahlung.MaxPackungen {
		f.Packungen = z.Faktor
		f.AVP = money.Ratio(z.Betrag, 1, int64(z.Faktor))
	}
	if more := z.Kosten[1]; !c.blind && more > 0 && more < z.Betrag && k == arzneimittel {
		f.Festbetrag = money.Ratio(z.Betrag-more, 1, int64(f.Packungen))
	}
	if k == arzneimittel && z.System == abrechnung.SystemPZN && c.engpass(z) {
		f.Engpass = c.referenz()
	}
}

// engpass reports whether other packs than prescribed were supplied for want of them.
func (c *rechner) engpass(z abrechnung.Zeile) bool {
	const lieferengpass = 13
	if slices.Contains(c.a.Aenderungen, lieferengpass) {
		return true
	}
	return z.Attribut.Teilmenge
}

// referenz estimates the prescribed pack: its price is not in the file, but what was
// supplied instead is as much, so the sum of the packs stands for it.
func (c *rechner) referenz() *zuzahlung.Referenz {
	packs := 1
	if len(c.r.Verordnungen) > 0 && c.r.Verordnungen[0].Packungen > 0 {
		packs = c.r.Verordnungen[0].Packungen
	}
	var sum money.Cent
	for _, z := range c.a.Zeilen {
		if z.System == abrechnung.SystemPZN {
			sum += z.Betrag
		}
	}
	if packs > zuzahlung.MaxPackungen {
		packs = 1
	}
	return &zuzahlung.Referenz{AVP: max(1, money.Ratio(sum, 1, int64(packs))), Packungen: packs, Bereits: c.bereits}
}

// traeger is who pays; billing data of the PKV bind whoever wrote the prescription.
func (c *rechner) traeger() zuzahlung.Traeger {
	if c.a.PKV {
		return zuzahlung.PKV
	}
	return c.r.Kostentraeger.Art
}

// befreit: what the pharmacy states outweighs the prescriber's mark.
func (c *rechner) befreit(z abrechnung.Zeile) bool {
	if s := z.Attribut.Zuzahlungsstatus; s >= 0 {
		return s == 1
	}
	return c.r.Status == rezept.Zuzahlungsbefreit
}

func (c *rechner) autIdem() bool {
	return len(c.r.Verordnungen) > 0 && c.r.Verordnungen[0].AutIdemKreuz
}

func pg54(f zuzahlung.Fall) bool {
	return f.Art == artikel.Pflegehilfsmittel && f.Produktgruppe == pgVerbrauch
}

// mitBeihilfe: the Pflegekasse bears half where the patient has Beihilfe, which the
// Abgabeangaben of the first line say in words.
func (c *rechner) mitBeihilfe() bool {
	for _, z := range c.a.Zeilen {
		if strings.Contains(strings.ToLower(z.Attribut.Angaben), "beihilfe ja") {
			return true
		}
	}
	return false
}

// beihilfe takes half of the lump sum from the patient, beginning with the first line:
// the halves are of the month, not of each line.
func (c *rechner) beihilfe(out []rechnung) {
	if c.verbraucht == 0 || !c.mitBeihilfe() {
		return
	}
	e := zuzahlung.Compute(zuzahlung.Fall{
		Tag: c.a.Abgabe, Traeger: c.traeger(), Art: artikel.Pflegehilfsmittel, Produktgruppe: pgVerbrauch, Packungen: 1,
		AVP: c.verbraucht, Beihilfe: true,
	}, c.law)
	rest := e.Eigenbeteiligung
	for i, z := range c.a.Zeilen {
		if klasse(z) == pflege && produktgruppe(z.Code) == pgVerbrauch {
			share := min(rest, z.Betrag-out[i].betraege[1])
			out[i].betraege[2] = share
			out[i].regel = zuzahlung.RegelBeihilfe
			rest -= share
		}
	}
}
