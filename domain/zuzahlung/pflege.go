package zuzahlung

import "github.com/offizin/offizin/domain/money"

// payPflege is the way of a Pflegehilfsmittel at the cost of the Pflegekasse (§ 40
// SGB XI).
func (l *line) payPflege() {
	if l.f.Traeger != Pflege {
		l.warn("Z-121", "SGB XI § 40", "Pflegehilfsmittel zahlt die Pflegekasse, nicht die Krankenkasse; "+
			"bitte den Kostenträger berichtigen.")
	}
	if l.f.Produktgruppe == 0 {
		l.warn("Z-115", "SGB XI § 40 Abs. 2", "Die Produktgruppe des Pflegehilfsmittels fehlt; gerechnet wird als PG 54 "+
			"(zum Verbrauch), bitte prüfen.")
	}
	if technisch(l.f) {
		l.payTechnisch()
		return
	}
	l.payPauschale()
}

// payPauschale: Pflegehilfsmittel zum Verbrauch (PG 54) are free up to the lump sum of
// the month; what lies above are Mehrkosten (category 1 in the DAV examples).
func (l *line) payPauschale() {
	p := l.r.PG54Pauschale
	l.e.Regel = RegelPG54
	l.e.Schritte = append(l.e.Schritte, step(p, RegelPG54, SchrittZuzahlung, regel(RegelPG54).Text, 0))
	rest := max(0, p.Was-l.f.MonatBereits)
	within := min(l.e.Gesamt, rest)
	if over := l.e.Gesamt - within; over > 0 {
		text := "Pauschale " + p.Was.String() + " im Monat"
		if l.f.MonatBereits > 0 {
			text += ", davon schon verbraucht " + l.f.MonatBereits.String()
		}
		l.e.Mehrkosten = over
		l.e.Schritte = append(l.e.Schritte, step(p, RegelPauschale, SchrittMehrkosten,
			text+": "+l.e.Gesamt.String()+" − "+within.String()+" = "+over.String(), over))
	}
	if l.f.Beihilfe {
		l.e.Eigenbeteiligung = within - l.ermaessigt(within)
		l.add(RegelBeihilfe, SchrittEigen, "Hälfte von "+within.String()+" für die Beihilfe = "+
			l.e.Eigenbeteiligung.String(), l.e.Eigenbeteiligung)
	}
}

// payTechnisch: of technical Pflegehilfsmittel adults pay a share with a cap each
// (§ 40(3) SGB XI); with Beihilfe everything is halved (§ 28(2) SGB XI).
func (l *line) payTechnisch() {
	half := l.ermaessigt(l.preis)
	switch {
	case l.minor():
		l.exempt(RegelMinderjaehr)
	case l.f.Befreit:
		l.exempt(RegelBefreit)
	default:
		r := l.r
		each := r.Anteil.Was.Of(half)
		text := r.Anteil.Was.String() + " von " + half.String() + " = " + each.String()
		if limit := l.ermaessigt(r.PG51Hoechst.Was); each > limit {
			each = limit
			text += ", höchstens " + limit.String()
		}
		if l.n > 1 {
			text += "; " + l.times(each)
		}
		l.e.Zuzahlung, l.e.Regel = each*l.n, RegelPG51
		l.e.Schritte = append(l.e.Schritte, step(r.PG51Hoechst, RegelPG51, SchrittZuzahlung, text, l.e.Zuzahlung))
	}
	if l.f.Beihilfe {
		l.e.Eigenbeteiligung = (l.preis - half) * l.n
		l.add(RegelBeihilfe, SchrittEigen, "Hälfte von "+l.e.Gesamt.String()+" für die Beihilfe = "+
			l.e.Eigenbeteiligung.String(), l.e.Eigenbeteiligung)
	}
}

// ermaessigt is half of c for those with Beihilfe; the odd cent is not the insurer's.
func (l *line) ermaessigt(c money.Cent) money.Cent {
	if l.f.Beihilfe {
		return c / 2
	}
	return c
}
