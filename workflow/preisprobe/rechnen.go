package preisprobe

import (
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/recht"
)

// werte are computed cells by column.
type werte map[string]string

func (w werte) set(name string, c money.Cent) { w[name] = c.Decimal() }

// fall is one row under computation.
type fall struct {
	z     zeile
	tag   civil.Day
	recht recht.Stand
	alles *recht.Sammlung
	w     werte

	packs  int
	stated bool // the number of packs is given
	mwst   artikel.MwSt
}

// rechne computes whatever follows from the given cells of a row.
func (p Probe) rechne(z zeile, ende int) (werte, error) {
	tag, err := z.tag(ende)
	if err != nil {
		return nil, err
	}
	stand, err := p.Recht.Am(tag)
	if err != nil {
		return nil, err
	}
	f := &fall{z: z, tag: tag, recht: stand, alles: p.Recht, w: werte{}}
	if f.packs, f.stated, err = z.packs(); err != nil {
		return nil, err
	}
	if f.mwst, err = f.klasse(); err != nil {
		return nil, err
	}
	kind := strings.ToUpper(z.get("kind"))
	arten := map[string]func() error{
		"RX_FAM": f.fam, "OTC_KASSE": f.fam, "REZEPTUR": f.rezeptur, "REZEPTUR_OLD": f.rezeptur,
		"PARENTERAL": f.rezeptur, "FEE": f.gebuehr, "FAM_LINE": f.abgabe, "BILLING": f.rechnung,
		"PFLEGEHILFSMITTEL": f.abgabe, "ZUZAHLUNG": f.abgabe, "KASSENABSCHLAG": f.abschlag,
	}
	compute, ok := arten[kind]
	if !ok {
		return nil, schlecht("kind", z.get("kind"))
	}
	return f.w, compute()
}

func (f *fall) kind() string { return strings.ToUpper(f.z.get("kind")) }

// fehlt says that the row gives too little.
func fehlt(was string) error {
	return fault.New(fault.Invalid, "P-311", "Daraus lässt sich nichts berechnen, es fehlt "+was+
		"; bitte die Zeile ergänzen.", nil)
}

// klasse is the VAT class that vat_pct names on the day; full if not stated. A rate that
// the day does not have contradicts the row.
func (f *fall) klasse() (artikel.MwSt, error) {
	s := f.z.get("vat_pct")
	if s == "" {
		return artikel.MwStVoll, nil
	}
	c, err := money.ParseDecimal(s) // hundredths of a per cent
	ppm := money.PPM(c) * money.Percent / 100
	switch {
	case err != nil || c < 0:
		return 0, schlecht("vat_pct", s)
	case c == 0:
		return artikel.MwStOhne, nil
	case ppm == f.recht.Preis.MwStErmaessigt.Was:
		return artikel.MwStErmaessigt, nil
	case ppm == f.recht.Preis.MwStVoll.Was:
		return artikel.MwStVoll, nil
	}
	return 0, f.widerspruch()
}

// widerspruch says that the rate of VAT of the row does not hold.
func (f *fall) widerspruch() error {
	return fault.New(fault.Invalid, "P-312", "Der Umsatzsteuersatz „"+f.z.get("vat_pct")+"“ in vat_pct gilt am "+
		f.tag.German()+" für diese Zeile nicht; bitte Satz oder Tag berichtigen.", nil)
}

// lowest is the lowest given amount of the price chain.
func (f *fall) lowest() (preis.Stelle, money.Cent, error) {
	for i, name := range []string{"apu_net", "aep_net", "avp_net", "avp_gross"} {
		if c, ok, err := f.z.cent(name); ok || err != nil {
			return preis.Stelle(i), c, err
		}
	}
	c, ok, err := f.z.cent("line_total_gross")
	switch {
	case err != nil:
		return 0, 0, err
	case !ok || int64(c)%int64(f.packs) != 0:
		return 0, 0, fehlt("ein Betrag in apu_net, aep_net, avp_net oder avp_gross")
	}
	return preis.AbBrutto, c / money.Cent(f.packs), nil
}

// fam computes the price chain of a drug in its pack, then the payment.
func (f *fall) fam() error {
	e := preis.Eingabe{Kette: preis.Rx, MwSt: f.mwst}
	if f.kind() == "OTC_KASSE" {
		e.Kette = preis.OTCErstattet
	}
	var err error
	if e.Stelle, e.Betrag, err = f.lowest(); err != nil {
		return err
	}
	p := preis.Compute(e, f.recht.Preis)
	if len(p.Befunde) > 0 {
		return p.Befunde[0]
	}
	if e.Stelle == preis.AbApU {
		f.w.set("wholesale_markup", p.GH)
		f.w.set("aep_net", p.AEP)
	}
	if e.Stelle <= preis.AbAEP {
		f.w["pharmacy_markup"] = f.aufschlag(p)
	}
	f.preis(p)
	return f.zahlung(p.Brutto)
}

// aufschlag writes the pharmacy's markup: as a sum of its parts, in rows computed
// from the statute (class S) as one total.
func (f *fall) aufschlag(p preis.Preis) string {
	if f.z.get("authority") == "S" {
		return p.Zuschlag().Decimal()
	}
	parts := make([]string, 0, len(p.Zuschlaege))
	for _, c := range p.Zuschlaege {
		parts = append(parts, c.Decimal())
	}
	return strings.Join(parts, "+")
}

// preis states what follows from the net price on.
func (f *fall) preis(p preis.Preis) {
	f.w.set("avp_net", p.Netto)
	f.w["vat_pct"] = strings.TrimSuffix(money.Cent(p.Satz/(money.Percent/100)).Decimal(), ".00")
	f.w.set("vat_amount", p.MwSt)
	f.w.set("avp_gross", p.Brutto)
}

// rezeptur adds up the components of a preparation; aep_net is the purchase price,
// unless the components already contain it.
func (f *fall) rezeptur() error {
	netto, ok, err := f.bestandteile()
	if err != nil {
		return err
	}
	e := preis.Eingabe{Kette: preis.Rezept, Stelle: preis.AbNetto, Betrag: netto, MwSt: f.mwst}
	if !ok {
		if e.Stelle, e.Betrag, err = f.lowest(); err != nil || e.Stelle < preis.AbNetto {
			return fehlt("die Liste der Bestandteile in pharmacy_markup")
		}
	}
	p := preis.Compute(e, f.recht.Preis)
	if len(p.Befunde) > 0 {
		return p.Befunde[0]
	}
	f.preis(p)
	f.w.set("line_total_gross", p.Brutto*money.Cent(f.packs))
	return f.zahlung(p.Brutto)
}

func (f *fall) bestandteile() (money.Cent, bool, error) {
	text := f.z.get("pharmacy_markup")
	if text == "" {
		return 0, false, nil
	}
	sum, ok := summe(text)
	if !ok {
		return 0, false, schlecht("pharmacy_markup", text)
	}
	ek, stated, err := f.z.cent("aep_net")
	if stated && !strings.Contains(text, "incl") {
		sum += ek
	}
	return sum, true, err
}

// rechnung computes the VAT contained in a bill line (TA3 EFP-14).
func (f *fall) rechnung() error {
	total, ok, err := f.gesamt()
	if err != nil || !ok {
		return orElse(err, fehlt("line_total_gross"))
	}
	abschlag, given := betragVorn(f.z.get("exp_apothekenabschlag"))
	if !given {
		abschlag = f.abschlagVermutet(total)
		f.w.set("exp_apothekenabschlag", abschlag)
	}
	c, _ := preis.ZeilenMwSt(preis.Rechnungszeile{Brutto: total, Abschlag: abschlag, MwSt: f.mwst}, f.recht.Preis)
	f.w.set("vat_amount", c)
	satz := f.recht.Preis.MwStSatz(f.mwst).Was
	f.w["vat_pct"] = strings.TrimSuffix(money.Cent(satz/(money.Percent/100)).Decimal(), ".00")
	return nil
}

// abschlagVermutet is the Kassenabschlag of a bill line that does not state it: a
// line cheaper than any Rx pack can only be another drug.
func (f *fall) abschlagVermutet(total money.Cent) money.Cent {
	if f.traeger() != "GKV" {
		return 0
	}
	least := preis.Compute(preis.Eingabe{Kette: preis.Rx, Betrag: 1, MwSt: artikel.MwStVoll}, f.recht.Preis).Brutto
	if each := total / money.Cent(f.packs); each < least {
		return f.recht.Zuzahlung.AbschlagSonst.Was.Of(each) * money.Cent(f.packs)
	}
	return f.recht.Zuzahlung.AbschlagRx.Was * money.Cent(f.packs)
}

// gesamt is the gross of the whole line.
func (f *fall) gesamt() (money.Cent, bool, error) {
	c, ok, err := f.z.cent("line_total_gross")
	if ok || err != nil {
		return c, ok, err
	}
	c, ok, err = f.z.cent("avp_gross")
	return c * money.Cent(f.packs), ok, err
}

// abschlag is the Kassenabschlag of the day.
func (f *fall) abschlag() error {
	c := f.recht.Zuzahlung.AbschlagRx.Was
	if total, ok, err := f.gesamt(); err != nil {
		return err
	} else if ok && strings.Contains(f.z.text(), "otc") {
		c = f.recht.Zuzahlung.AbschlagSonst.Was.Of(total / money.Cent(f.packs))
	}
	f.w.set("exp_apothekenabschlag", c*money.Cent(f.packs))
	return nil
}

// teil reads "1/10" in the text of a row.
func teil(text string) (menge, ganz int64, ok bool) {
	m := bruch.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, false
	}
	menge, _ = strconv.ParseInt(m[1], 10, 64)
	ganz, _ = strconv.ParseInt(m[2], 10, 64)
	return menge, ganz, true
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
