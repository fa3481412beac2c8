package stoerung

import "github.com/offizin/offizin/domain/civil"

// Meldepflicht is what is still to be told to the tax office (§ 146a (4) AO).
type Meldepflicht struct {
	Offen  int       // changes
	Frist  civil.Day // of the first one
	Fehler error     // it could not be found out
}

// Kassenmeldung judges it; there is a link only if something is open.
func Kassenmeldung(m Meldepflicht, today civil.Day) []Glied {
	const id, name = "kassenmeldung", "Kassenmeldung"
	const wie = "Kasse (Alt 9), Abschlüsse, „Mitteilung an das Finanzamt“: übermitteln und als übermittelt vermerken."
	switch {
	case m.Fehler != nil:
		return []Glied{bad(id, name, Warnung, "T-717",
			"Was dem Finanzamt mitzuteilen ist, lässt sich nicht lesen – starten Sie Offizin neu.", wie)}
	case m.Offen == 0:
		return nil
	case m.Frist < today:
		return []Glied{bad(id, name, Warnung, "T-718", "Eine Kasse oder TSE war dem Finanzamt bis "+m.Frist.German()+
			" mitzuteilen (§ 146a Abs. 4 AO) – holen Sie es nach.", wie)}
	}
	return []Glied{bad(id, name, Warnung, "T-719", "Eine Kasse oder TSE ist dem Finanzamt bis "+m.Frist.German()+
		" mitzuteilen (§ 146a Abs. 4 AO).", wie)}
}
