package preisprobe

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/zuzahlung"
)

var (
	status = regexp.MustCompile(`(?i)statuscopayment\s*(\d)`)
	born   = regexp.MustCompile(`(?i)born\s+(\d{4}(?:-\d{2}-\d{2})?)`)
	unter  = regexp.MustCompile(`(?i)(?:child|kind|age|alter)?\s*<\s*(\d{1,2})`)
	gruppe = regexp.MustCompile(`(?i)\bpg\s*(\d{2})`)
	nicht  = regexp.MustCompile(`(?i)\b(no|not|ohne|nicht|keine?)\s+(exempt|befrei)`)
)

func (f *fall) traeger() zuzahlung.Traeger {
	t := zuzahlung.Traeger(strings.ToUpper(f.z.get("payer")))
	switch t {
	case zuzahlung.GKV, zuzahlung.PKV, zuzahlung.BG, zuzahlung.SKT, zuzahlung.Pflege, zuzahlung.Selbstzahler:
		return t
	}
	return ""
}

// abgabe computes the payment of a line whose price is given.
func (f *fall) abgabe() error {
	total, ok, err := f.gesamt()
	if err != nil || !ok {
		return orElse(err, fehlt("line_total_gross oder avp_gross"))
	}
	avp := money.Ratio(total, 1, int64(f.packs))
	if avp*money.Cent(f.packs) == total {
		if f.kind() == "FAM_LINE" {
			e := preis.Eingabe{Kette: preis.Frei, Stelle: preis.AbBrutto, Betrag: avp, MwSt: f.mwst}
			f.preis(preis.Compute(e, f.recht.Preis))
		}
		f.w.set("avp_gross", avp)
	}
	return f.zahlung(avp)
}

// zahlung states who pays what, if the row names the payer.
func (f *fall) zahlung(avp money.Cent) error {
	if f.traeger() == "" {
		if f.stated {
			f.w.set("line_total_gross", avp*money.Cent(f.packs))
		}
		return nil
	}
	e, err := f.zuzahlungsfall(avp)
	if err != nil {
		return err
	}
	r := zuzahlung.Compute(e, f.recht.Zuzahlung)
	if r.Regel == zuzahlung.RegelUngueltig {
		return r.Befunde[0]
	}
	if f.stated {
		f.w.set("line_total_gross", avp*money.Cent(f.packs))
	}
	f.ergebnis(e, r)
	return nil
}

func (f *fall) ergebnis(e zuzahlung.Fall, r zuzahlung.Ergebnis) {
	f.w.set("exp_zuzahlung", r.Zuzahlung)
	if e.Festbetrag > 0 || e.Art == artikel.Pflegehilfsmittel {
		f.w.set("exp_mehrkosten", r.Mehrkosten)
	}
	switch {
	case r.Privat || r.Eigenbeteiligung == 0:
	case e.Beihilfe:
		f.w["exp_eigenanteil_or_other"] = "Kostenanteil Beihilfe/Kasse " + r.Eigenbeteiligung.Decimal()
	default:
		f.w["exp_eigenanteil_or_other"] = "Eigenbeteiligung " + r.Eigenbeteiligung.Decimal()
	}
	// A dispensed line does not say whether its drug is Rx, and so not its discount.
	if e.Traeger == zuzahlung.GKV && f.kind() != "FAM_LINE" && f.kind() != "ZUZAHLUNG" {
		f.w.set("exp_apothekenabschlag", r.Abschlag)
	}
}

// zuzahlungsfall reads everything on which the payment depends.
func (f *fall) zuzahlungsfall(avp money.Cent) (zuzahlung.Fall, error) {
	text, kind := f.z.text(), f.kind()
	fb, _, err := f.z.cent("festbetrag")
	if err != nil {
		return zuzahlung.Fall{}, err
	}
	e := zuzahlung.Fall{
		Tag: f.tag, Traeger: f.traeger(), Art: artikel.Arzneimittel, AVP: avp, Festbetrag: fb, Packungen: f.packs,
		Rx: kind != "OTC_KASSE", OTCErstattungsfaehig: kind == "OTC_KASSE",
		Rezeptur:   strings.HasPrefix(kind, "REZEPTUR") || kind == "PARENTERAL",
		Parenteral: kind == "PARENTERAL", Ersatzverordnung: strings.Contains(text, "ersatzverordnung"),
		Arbeitsunfall: f.traeger() == zuzahlung.BG,
		Beihilfe:      strings.Contains(text, "beihilfe"),
	}
	if strings.Contains(text, "impfstoff") || strings.Contains(text, "vaccine") {
		e.Art = artikel.Impfstoff
	}
	if kind == "PFLEGEHILFSMITTEL" {
		e.Art, e.Rx, e.Produktgruppe = artikel.Pflegehilfsmittel, false, 54
		if m := gruppe.FindStringSubmatch(text); m != nil {
			e.Produktgruppe, _ = strconv.Atoi(m[1])
		}
	}
	if strings.Contains(text, "shortage") && strings.Contains(text, "zuzahlung once") {
		e.Engpass = &zuzahlung.Referenz{AVP: avp, Festbetrag: fb, Packungen: 1}
	}
	return e, f.patient(&e)
}

// patient reads the flags of the patient.
func (f *fall) patient(e *zuzahlung.Fall) error {
	flags := strings.ToLower(f.z.get("patient_flags"))
	if f.kind() == "PFLEGEHILFSMITTEL" {
		flags += " " + strings.ToLower(f.z.get("case"))
	}
	if m := status.FindStringSubmatch(flags); m != nil {
		e.Befreit, e.Befruchtung = m[1] == "1", m[1] == "2"
	} else {
		e.Befreit = (strings.Contains(flags, "exempt") || strings.Contains(flags, "befrei")) && !nicht.MatchString(flags)
	}
	e.Schwanger = strings.Contains(flags, "pregnan") || strings.Contains(flags, "schwanger")
	var err error
	switch m := born.FindStringSubmatch(flags); {
	case m != nil && len(m[1]) > 4:
		e.Geburt, err = civil.Parse(m[1])
	case m != nil:
		e.Geburt, err = civil.Parse(m[1] + "-12-31")
		e.Geburt = min(e.Geburt, f.tag)
	default:
		if k := unter.FindStringSubmatch(flags); k != nil {
			n, _ := strconv.Atoi(k[1])
			e.Geburt, err = civil.New(f.tag.Year()-max(n-1, 0), 1, 1)
		}
	}
	if err != nil {
		return schlecht("patient_flags", f.z.get("patient_flags"))
	}
	return nil
}
