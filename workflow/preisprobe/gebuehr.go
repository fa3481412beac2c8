package preisprobe

import (
	"regexp"
	"strings"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/recht"
)

var (
	sokIn  = regexp.MustCompile(`\b\d{8}\b`)
	bruch  = regexp.MustCompile(`\b(\d{1,4})/(\d{1,4})\b`)
	nettoW = regexp.MustCompile(`(\d+\.\d{2}) net`)
)

// gebuehr finds the fee by the Sonderkennzeichen in the text of the row. Several with
// a plus are added; several with a stroke are names of one amount.
func (f *fall) gebuehr() error {
	text := f.z.get("case") + " " + f.z.get("note")
	var netto, brutto money.Cent
	found, taxed := false, true
	for _, sok := range f.soks() {
		z, einheit, ok := f.satz(sok)
		if !ok || found && !strings.Contains(f.z.get("case"), "+") {
			continue
		}
		found = true
		switch {
		case strings.Contains(einheit, "netto"):
			netto += z
		case strings.Contains(einheit, "steuerfrei"):
			brutto, taxed = brutto+z, false
		default:
			brutto += z
		}
	}
	if !found {
		return f.anteil(text)
	}
	return f.gebuehrAus(netto, brutto, taxed)
}

// soks are the Sonderkennzeichen that the case names; without any, that of the fee
// whose name it contains.
func (f *fall) soks() []string {
	list := sokIn.FindAllString(f.z.get("case"), -1)
	if len(list) > 0 {
		return list
	}
	text := strings.ToLower(f.z.get("case"))
	for _, p := range f.alles.Parameter() {
		name, _, _ := strings.Cut(strings.ToLower(p.Name), " ")
		name = strings.TrimSuffix(name, "-gebühr")
		if p.Typ == recht.Betrag && len(p.SOK) > 0 && strings.Contains(text, name) {
			return p.SOK[:1]
		}
	}
	return nil
}

// satz returns the amount that law or contract gives a SOK on the day.
func (f *fall) satz(sok string) (money.Cent, string, bool) {
	for _, p := range f.alles.Parameter() {
		for _, s := range p.SOK {
			if s != sok || p.Typ != recht.Betrag {
				continue
			}
			if z, ok := p.Am(f.tag); ok && !z.Aufgehoben {
				return z.Wert.Cent(), p.Einheit, true
			}
		}
	}
	return 0, "", false
}

// gebuehrAus states the fee, from the net or the gross amount.
func (f *fall) gebuehrAus(netto, brutto money.Cent, taxed bool) error {
	m := artikel.MwStVoll
	if !taxed {
		m = artikel.MwStOhne
	}
	if f.z.get("vat_pct") != "" && f.mwst != m {
		return f.widerspruch()
	}
	e := preis.Eingabe{Kette: preis.Frei, Stelle: preis.AbBrutto, Betrag: brutto, MwSt: m}
	if netto > 0 {
		e.Stelle, e.Betrag = preis.AbNetto, netto
	}
	p := preis.Compute(e, f.recht.Preis)
	if len(p.Befunde) > 0 {
		return p.Befunde[0]
	}
	f.preis(p)
	return nil
}

// anteil is an amount that no law fixes: an Auseinzelung of a pack whose price is
// given, or a net amount that the row states in words.
func (f *fall) anteil(text string) error {
	if c, ok, err := f.z.cent("avp_net"); ok || err != nil {
		return orElse(err, f.gebuehrAus(c, 0, true))
	}
	if menge, ganz, ok := teil(text); ok {
		if total, given, err := f.z.cent("line_total_gross"); err != nil {
			return err
		} else if given {
			c, _, list := preis.Auseinzelung(preis.Teilmenge{Menge: menge, PackMenge: ganz, AVP: total})
			if len(list) > 0 {
				return list[0]
			}
			return f.gebuehrAus(0, c, true)
		}
	}
	if m := nettoW.FindStringSubmatch(text); m != nil {
		if c, err := money.ParseDecimal(m[1]); err == nil {
			return f.gebuehrAus(c, 0, true)
		}
	}
	return fehlt("ein Sonderkennzeichen mit festem Betrag oder avp_net")
}
