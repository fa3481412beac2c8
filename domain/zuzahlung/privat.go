package zuzahlung

import (
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/fassung"
)

// privat returns the rule by which the patient pays the full price, "" if a
// Kostenträger pays, and the code of the verdict that says so.
func (l *line) privat() (id, code string) {
	f := l.f
	switch {
	case f.Traeger.Privat():
		return RegelSelbstzahler, ""
	case f.Wunsch:
		return RegelWunsch, ""
	case f.Traeger == Pflege && f.Art != artikel.Pflegehilfsmittel:
		return RegelAusschluss, "Z-116"
	case f.Traeger != GKV || f.Arbeitsunfall:
		return "", ""
	case f.Homoeopathisch && l.r.OhneHomoeopathie.Was && !l.r.OhneHomoeopathie.Repealed:
		return RegelAusschluss, "Z-111"
	case f.Cannabisblueten && l.r.OhneCannabisblueten.Was && !l.r.OhneCannabisblueten.Repealed:
		return RegelAusschluss, "Z-112"
	case f.Art == artikel.Freiwahl && !f.Rezeptur:
		return RegelAusschluss, "Z-114"
	case f.Art == artikel.Arzneimittel && !f.Rx && !f.Rezeptur && !f.OTCErstattungsfaehig && !f.Sprechstundenbedarf:
		return RegelAusschluss, "Z-113"
	}
	return "", ""
}

// payPrivately lets the patient pay the whole line to the pharmacy.
func (l *line) payPrivately(id, code string) {
	l.e.Privat, l.e.Regel = true, id
	l.e.Eigenbeteiligung = l.e.Gesamt
	s := step(l.exclusion(code), id, SchrittEigen, regel(id).Text, l.e.Gesamt)
	l.e.Schritte = append(l.e.Schritte, s)
	if code != "" {
		l.warn(code, s.Norm, ausschluss(code))
	}
}

// exclusion is the Fassung that took the article from the Krankenkasse; empty for
// every other reason.
func (l *line) exclusion(code string) fassung.Fassung[bool] {
	switch code {
	case "Z-111":
		return l.r.OhneHomoeopathie
	case "Z-112":
		return l.r.OhneCannabisblueten
	}
	return fassung.Fassung[bool]{}
}

// ausschluss is the sentence for an article that is not at the insurer's cost.
func ausschluss(code string) string {
	const rest = "bitte als Privatkauf bestätigen oder den Arzt um ein anderes Mittel bitten."
	switch code {
	case "Z-111":
		return "Homöopathische und anthroposophische Mittel gehen nicht mehr zu Lasten der GKV; " + rest
	case "Z-112":
		return "Cannabisblüten gehen nicht mehr zu Lasten der GKV; " + rest
	case "Z-113":
		return "Nicht verschreibungspflichtige Arzneimittel zahlt die GKV nur für Kinder und nach AM-RL Anlage I; " + rest
	case "Z-114":
		return "Dieser Artikel ist weder Arznei- noch Hilfsmittel und geht nicht zu Lasten der GKV; " + rest
	}
	return "Die Pflegekasse zahlt nur Pflegehilfsmittel; bitte den Kostenträger berichtigen oder als Privatkauf " +
		"bestätigen."
}
