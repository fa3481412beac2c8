package stoerung

import "strings"

// Anmeldung is what Störungen says of logins.
type Anmeldung struct {
	Scharf    bool     // rights are enforced
	OhnePIN   []string // active users
	OhneRolle []string
	Notfall   bool // the sealed code was used and not replaced
	Produktiv bool
	Fehler    error
}

// anmeldung: a broken seal is told in any case; what is only missing, in Echtbetrieb.
func anmeldung(a Anmeldung) Glied {
	const id, name = "anmeldung", "Anmeldung"
	ausweg := "Einstellungen, „Anmeldung und Berechtigung“ (Alt 8, Alt A)."
	switch {
	case a.Fehler != nil:
		return bad(id, name, Warnung, "G-155",
			"Wer sich anmelden darf, lässt sich nicht lesen – starten Sie Offizin neu.", "")
	case a.Notfall:
		return bad(id, name, Warnung, "G-156",
			"Der Notschlüssel wurde benutzt – sehen Sie im Protokoll nach und stellen Sie einen neuen aus.", ausweg)
	case a.Produktiv && !a.Scharf:
		return bad(id, name, Warnung, "G-157",
			"Kein Inhaber hat eine PIN, darum darf jeder alles – legen Sie die PIN des Inhabers fest.", ausweg)
	case a.Produktiv && len(a.OhnePIN) > 0:
		return bad(id, name, Warnung, "G-158", "Ohne PIN arbeiten: "+strings.Join(a.OhnePIN, ", ")+
			" – legen Sie ihre PIN fest.", ausweg)
	case a.Produktiv && len(a.OhneRolle) > 0:
		return bad(id, name, Warnung, "G-159", "Ohne Rolle arbeiten: "+strings.Join(a.OhneRolle, ", ")+
			" – tragen Sie sie in den Einstellungen ein.", ausweg)
	case !a.Scharf:
		return gut(id, name, "Rollen gelten noch nicht: noch kein Inhaber hat eine PIN.")
	}
	return gut(id, name, "Rollen gelten, jeder kann sich an diesem Platz anmelden.")
}
