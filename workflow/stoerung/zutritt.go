package stoerung

import (
	"fmt"
	"slices"
)

// zutritt tells who was refused within the last hour: strangers, and machines of the pharmacy that
// sent what was not taken in. None if nobody was.
func (s *Service) zutritt(l Rechnerlage) (list []Glied) {
	if a, ok := letzter(l.Abgewiesen, true); ok {
		list = append(list, bad("zutritt", "Zutritt", Warnung, "S-618", "Ein fremdes Gerät („"+a.Von+"“) wollte an die "+
			"Daten und wurde abgewiesen – fragen Sie, wer das war.", s.grund(a)+" Bekommen hat es nichts. Ist es ein "+
			"entfernter Rechner: ihn ausschalten oder neu aufnehmen; kennt es niemand: das Netz prüfen lassen. Der Hinweis "+
			"endet eine Stunde nach dem letzten Versuch."))
	}
	if a, ok := letzter(l.Abgewiesen, false); ok {
		list = append(list, bad("unlesbar", "Daten der Rechner", Warnung, "S-619", a.Von+" hat etwas geschickt, das hier "+
			"nicht übernommen wurde – prüfen Sie dort die Festplatte und die Fassung von Offizin.", s.grund(a)+" Es wird von "+
			"selbst noch einmal geschickt. Der Hinweis endet eine Stunde nach dem letzten Mal."))
	}
	return list
}

func (s *Service) grund(a Abgewiesen) string {
	return fmt.Sprintf("Zuletzt am %s, %d-mal seit dem Start: %s Verkauft wird weiter.",
		zeitpunkt(s.vor(a.Seit)), a.Anzahl, a.Fehler)
}

// letzter is the latest of strangers, or of the pharmacy's own.
func letzter(all []Abgewiesen, fremd bool) (Abgewiesen, bool) {
	list := slices.DeleteFunc(slices.Clone(all), func(a Abgewiesen) bool { return a.Fremd != fremd })
	if len(list) == 0 {
		return Abgewiesen{}, false
	}
	return slices.MinFunc(list, func(a, b Abgewiesen) int { return int(a.Seit - b.Seit) }), true
}
