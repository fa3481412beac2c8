package zuzahlung

import (
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/schritt"
)

// The names of the steps that state an amount of the Ergebnis. Each stands in
// Schritte at most once, and its amount is that of the Ergebnis.
const (
	SchrittGesamt     = "Preis der Zeile"
	SchrittZuzahlung  = "Zuzahlung"
	SchrittMehrkosten = "Mehrkosten"
	SchrittEigen      = "Eigenbeteiligung"
	SchrittTraeger    = "Anteil des Kostenträgers"
	SchrittAbschlag   = "Kassenabschlag"
)

// Compute says what the patient pays for the line f by the law r of the day f.Tag,
// and why. The order: price, contract, base, reasons for exemption, share, clamp,
// cost, contract factor, Mehrkosten, Eigenanteil. A Fall that makes no sense gets
// a Befund of grade Hindernis and no amounts; Compute never panics.
func Compute(f Fall, r Recht) Ergebnis {
	if list := check(&f, &r); len(list) > 0 {
		return Ergebnis{Regel: RegelUngueltig, Befunde: list}
	}
	if f.Art == "" && f.Rx {
		f.Art = artikel.Arzneimittel
	}
	l := newLine(&f, &r)
	switch id, code := l.privat(); {
	case id != "":
		l.payPrivately(id, code)
	case f.Art == artikel.Pflegehilfsmittel && (f.Traeger == Pflege || f.Traeger == GKV):
		l.payPflege()
	default:
		l.payInsured()
	}
	l.finish()
	return l.e
}

// line is the computation under way. Amounts are per pack.
type line struct {
	f *Fall
	r *Recht
	e Ergebnis

	n          money.Cent // packs
	preis      money.Cent // of the pack or its part
	festbetrag money.Cent // of the pack or its part; 0 if none
	basis      money.Cent // what the Kostenträger owes: the base of the Zuzahlung
	frei       bool       // a reason for exemption holds
}

func newLine(f *Fall, r *Recht) *line {
	l := &line{f: f, r: r, n: money.Cent(f.Packungen), preis: f.AVP, festbetrag: f.Festbetrag}
	l.e.Schritte = make([]schritt.Schritt, 0, 8)
	if f.TeilVon > 0 {
		l.preis = money.Ratio(f.AVP, int64(f.TeilMenge), int64(f.TeilVon))
		l.festbetrag = money.Ratio(f.Festbetrag, int64(f.TeilMenge), int64(f.TeilVon))
		l.add(RegelTeil, "Preis der Teilmenge", strconv.Itoa(f.TeilMenge)+" von "+strconv.Itoa(f.TeilVon)+
			" aus "+f.AVP.String()+" = "+l.preis.String(), l.preis)
	}
	l.basis = l.preis
	l.e.Gesamt = l.preis * l.n
	l.add(RegelPreis, SchrittGesamt, l.times(l.preis), l.e.Gesamt)
	l.e.Schritte[len(l.e.Schritte)-1].Norm = preisnorm(f)
	if l.e.Gesamt == 0 {
		l.warn("Z-103", "", "Der Artikel hat keinen Preis; bitte den Preis im Katalog nachsehen oder eingeben.")
	}
	return l
}

// freierPreis is said where no law and no contract bind a price.
const freierPreis = "freier Preis"

// preisnorm is what binds the price of the article.
func preisnorm(f *Fall) string {
	switch {
	case f.Rx || f.Rezeptur:
		return "SGB V § 129 Abs. 3; AMPreisV"
	case f.Art == artikel.Arzneimittel && f.Traeger == GKV && f.OTCErstattungsfaehig:
		return "SGB V § 129 Abs. 5a"
	case f.Art == artikel.Arzneimittel || f.Art == artikel.Freiwahl || f.Traeger.Privat():
		return freierPreis
	}
	return "Vertrag mit dem Kostenträger"
}

// payInsured is the way of a line at the cost of a Kostenträger.
func (l *line) payInsured() {
	mehrkosten := l.contract()
	if grund := l.befreiung(); grund != "" {
		l.exempt(grund)
	} else if l.f.Art == artikel.HilfsmittelZumVerbrauch {
		l.payVerbrauch()
	} else {
		l.payPacks()
	}
	l.payMehrkosten(mehrkosten)
	if l.f.Befruchtung && l.f.Traeger == GKV {
		l.payEigenanteil()
	}
}

// finish leaves the rest to the Kostenträger and adds the Kassenabschlag.
func (l *line) finish() {
	l.e.TraegerZahlt = l.e.Gesamt - l.e.Patient()
	if l.e.Privat {
		return
	}
	var text strings.Builder
	text.WriteString(l.e.Gesamt.String())
	for _, c := range []money.Cent{l.e.Zuzahlung, l.e.Mehrkosten, l.e.Eigenbeteiligung} {
		if c > 0 {
			text.WriteString(" − " + c.String())
		}
	}
	if l.e.Patient() > 0 {
		text.WriteString(" = " + l.e.TraegerZahlt.String())
	}
	l.add(RegelTraeger, SchrittTraeger, text.String(), l.e.TraegerZahlt)
	l.addAbschlag()
}

// times writes "2 × 5,00 € = 10,00 €", or the amount alone for one pack.
func (l *line) times(c money.Cent) string {
	if l.n == 1 {
		return c.String()
	}
	return strconv.Itoa(l.f.Packungen) + " × " + c.String() + " = " + (c * l.n).String()
}

// add appends a step of a rule that has no parameter.
func (l *line) add(id, name, text string, betrag money.Cent) {
	l.e.Schritte = append(l.e.Schritte,
		schritt.Schritt{Name: name, Text: text, Betrag: betrag, Norm: regel(id).Norm, Regel: regelPrefix + id})
}

// step starts a step of a rule with the Fassung of the parameter that decided.
func step[T any](f fassung.Fassung[T], id, name, text string, betrag money.Cent) schritt.Schritt {
	s := schritt.Von(f, name, text, betrag)
	s.Regel = regelPrefix + id
	if s.Norm == "" {
		s.Norm = regel(id).Norm
	}
	return s
}

// regelPrefix stands before the rule's id in a step, because a list of steps mixes
// those of price, Zuzahlung and fees.
const regelPrefix = "zuzahlung."

func (l *line) tell(grade befund.Schwere, code, norm, text string) {
	l.e.Befunde = append(l.e.Befunde, befund.Befund{Code: code, Schwere: grade, Norm: norm, Text: text})
}

func (l *line) warn(code, norm, text string) { l.tell(befund.Warnung, code, norm, text) }

func (l *line) hint(code, norm, text string) { l.tell(befund.Hinweis, code, norm, text) }
