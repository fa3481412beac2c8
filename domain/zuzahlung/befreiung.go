package zuzahlung

import (
	"strings"

	"github.com/offizin/offizin/domain/artikel"
)

// befreiung returns the rule that frees the line from Zuzahlung, "" if none does.
func (l *line) befreiung() string {
	f := l.f
	switch {
	case f.Traeger == BG:
		return RegelUnfall
	case f.Traeger == SKT:
		return RegelSKT
	case f.Arbeitsunfall:
		l.hint("Z-117", "SGB VII § 27", "Arbeitsunfall oder Berufskrankheit, aber Kostenträger ist die Krankenkasse; "+
			"bitte prüfen, ob die Unfallversicherung zahlt.")
		return RegelUnfall
	case f.Sprechstundenbedarf:
		return RegelSprechstunde
	case f.Befruchtung:
		return RegelBefruchtung
	case f.Art == artikel.Impfstoff:
		return RegelImpfstoff
	case f.Art == artikel.Teststreifen:
		return RegelTeststreifen
	case f.Ersatzverordnung:
		return RegelErsatz
	case l.minor():
		return RegelMinderjaehr
	case f.Befreit:
		return RegelBefreit
	case f.Schwanger:
		return RegelSchwanger
	case f.Entschaedigung:
		return RegelEntschaedig
	case f.Zuzahlungsfrei:
		return RegelListe
	}
	return ""
}

// minor says whether the patient is known to be below the age of § 31(3) S. 1 on the
// day of handing over.
func (l *line) minor() bool {
	limit := l.r.Altersgrenze
	return l.f.Geburt != 0 && !limit.Repealed && l.f.Geburt.AgeOn(l.f.Tag) < limit.Was
}

// exempt states a Zuzahlung of nothing and its reason.
func (l *line) exempt(id string) {
	l.frei, l.e.Regel = true, id
	if id == RegelMinderjaehr {
		l.e.Schritte = append(l.e.Schritte, step(l.r.Altersgrenze, id, SchrittZuzahlung, regel(id).Text, 0))
		return
	}
	text := regel(id).Text
	if aus := laut(l.f.ZuzahlungsfreiAus); id == RegelListe && aus != "" {
		text = strings.TrimSuffix(text, ".") + aus + "."
	}
	l.add(id, SchrittZuzahlung, text, 0)
}

// laut names the list that something stands in, if it was not the catalogue.
func laut(list string) string {
	if list == "" {
		return ""
	}
	return " (" + list + ")"
}
