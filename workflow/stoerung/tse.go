package stoerung

import (
	"fmt"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
)

// TSE is how the TSE of this till stands.
type TSE struct {
	Eingerichtet bool
	Uebung       bool      // it proves nothing
	Ablauf       civil.Day // last day of its certificate
	Grund        string    // why it signs nothing; empty: it signs
	Seit         time.Time // since when
	Fehler       error     // it could not be found out
}

// The days before its certificate ends at which a TSE is spoken of.
const (
	ablaufBald   = 180
	ablaufNah    = 30
	ablaufGleich = 7
)

// Signatur judges the TSE of this till: whatever is wrong with it, the till goes on selling
// (AEAO zu § 146a Nr. 1.14).
func Signatur(t TSE, today civil.Day) Glied {
	const id, name = "tse", "TSE"
	const weiter = "Verkauft wird weiter, die Bons tragen „TSE ausgefallen“; Beginn, Ende und Grund sind festgehalten."
	left := t.Ablauf.Sub(today)
	switch {
	case t.Fehler != nil:
		return bad(id, name, Warnung, "S-660", "Der Stand der TSE lässt sich nicht lesen – starten Sie Offizin neu.", weiter)
	case !t.Eingerichtet:
		return Glied{
			ID: id, Name: name, Zustand: Gut, Text: "Es ist keine TSE eingerichtet: nur zum Üben.",
			Ausweg: "Vor dem ersten echten Verkauf eine zertifizierte TSE einrichten (§ 146a AO).",
		}
	case t.Grund != "":
		return bad(id, name, Gestoert, "S-661", fmt.Sprintf("Die TSE signiert seit %s nicht – %s; bitte instand setzen.",
			t.Seit.In(clock.Berlin()).Format("2.1. 15:04"), t.Grund), weiter)
	case t.Ablauf != 0 && left < 0:
		return bad(id, name, Gestoert, "S-662",
			"Das Zertifikat der TSE ist am "+t.Ablauf.German()+" abgelaufen – setzen Sie eine neue TSE ein.", weiter)
	case t.Ablauf != 0 && left <= ablaufGleich:
		return bad(id, name, Gestoert, "S-663", ablauf(left)+" – setzen Sie jetzt eine neue TSE ein.", weiter)
	case t.Ablauf != 0 && left <= ablaufNah:
		return bad(id, name, Warnung, "S-664", ablauf(left)+" – bestellen Sie jetzt eine neue TSE.", weiter)
	case t.Ablauf != 0 && left <= ablaufBald:
		return Glied{ID: id, Name: name, Zustand: Gut, Text: ablauf(left) + "."}
	case t.Uebung:
		return gut(id, name, "Die TSE ist ein Simulator und beweist nichts: nur zum Üben.")
	}
	return gut(id, name, "Die TSE signiert; ihr Zertifikat gilt bis zum "+t.Ablauf.German()+".")
}

func ablauf(days int) string {
	if days == 1 {
		return "Das Zertifikat der TSE gilt noch einen Tag"
	}
	return fmt.Sprintf("Das Zertifikat der TSE gilt noch %d Tage", days)
}
