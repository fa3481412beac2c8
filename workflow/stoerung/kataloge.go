package stoerung

import (
	"fmt"
	"strings"
)

// Kataloge is how catalogues and law stand on the machines of the pharmacy.
type Kataloge struct {
	Rechner  int      // other machines that answer
	Fehlt    []string // what they have and this one lacks
	Progress string   // what of it is being fetched; empty: nothing
	Prozent  int      // of that, 0 to 100
	Fehler   string   // why the last one was not taken in, a sentence with its code; empty: it was
	Ohne     []string // other machines that lack something of what is here
}

// kataloge: what is lacking comes by itself; only what does not is a warning.
func (*Service) kataloge(k Kataloge) Glied {
	const id, name = "kataloge", "Kataloge der Rechner"
	switch {
	case len(k.Fehlt) > 0 && k.Fehler != "":
		return bad(id, name, Warnung, "M-137",
			fmt.Sprintf("Hier fehlen Kataloge oder Nachträge der anderen Rechner, etwa „%s“ – %s", k.Fehlt[0], k.Fehler),
			"Es wird von selbst weiter versucht; verkauft wird mit dem Katalog, der da ist.")
	case k.Progress != "":
		return gut(id, name, fmt.Sprintf("„%s“ wird von einem anderen Rechner geholt (%d %%).", k.Progress, k.Prozent))
	case len(k.Fehlt) > 0:
		return gut(id, name, "Hier "+ohneKatalog(k.Fehlt)+", sie werden gleich geholt.")
	case len(k.Ohne) > 0:
		return gut(id, name, "Hier ist alles da; "+strings.Join(k.Ohne, ", ")+" holt noch auf.")
	case k.Rechner == 0:
		return gut(id, name, "Kein anderer Rechner antwortet; was hier fehlt, kommt, sobald einer da ist.")
	}
	return gut(id, name, "Alle Rechner haben dieselben Kataloge und dasselbe Recht.")
}

func ohneKatalog(list []string) string {
	if len(list) == 1 {
		return "fehlt „" + list[0] + "“"
	}
	return fmt.Sprintf("fehlen %d Kataloge oder Nachträge, etwa „%s“", len(list), list[0])
}
