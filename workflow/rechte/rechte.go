// Package rechte holds the acts of the pharmacy to what their actor may do: by role and
// written permits, in the rows of the very transaction that books them.
package rechte

import (
	"slices"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/anmeldung"
	"github.com/offizin/offizin/projection/haus"
)

// Scharf reports whether rights are enforced: as soon as an active Inhaber has a PIN. Until
// then everything is as in a journal without roles, and nobody loses the ability to sell.
func Scharf(rows journal.Rows) (bool, error) { return scharf(rows, "") }

// Bleibt refuses to take the last Inhaber with a PIN away: rights would no longer hold.
func Bleibt(rows journal.Rows, ohne string) error {
	armed, err := Scharf(rows)
	if err != nil || !armed {
		return err
	}
	if still, err := scharf(rows, ohne); err != nil || still {
		return err
	}
	return fault.New(fault.Conflict, "G-114",
		"Ein Inhaber mit PIN muss bleiben – geben Sie zuerst einem anderen Inhaber eine PIN.", nil)
}

func scharf(rows journal.Rows, ohne string) (bool, error) {
	staff, err := haus.Benutzer(rows)
	if err != nil {
		return false, err
	}
	for _, b := range staff {
		if !b.Aktiv || b.Rolle != string(berechtigung.Inhaber) || b.Kuerzel == ohne {
			continue
		}
		if pin, err := anmeldung.PIN(rows, b.Kuerzel); err != nil || pin != "" {
			return err == nil, err
		}
	}
	return false, nil
}

// Check says whether the actor may do an act on a day. Who has no PIN could be anybody: he
// sells by his role, but what he dispenses is countersigned, and more he may not.
func Check(rows journal.Rows, actor string, t berechtigung.Tat, betrag money.Cent, day civil.Day,
) (berechtigung.Urteil, error) {
	armed, err := Scharf(rows)
	if err != nil || !armed {
		return berechtigung.Urteil{Erlaubt: true}, err
	}
	staff, err := haus.Benutzer(rows)
	if err != nil {
		return berechtigung.Urteil{}, err
	}
	i := slices.IndexFunc(staff, func(b event.BenutzerGesetzt) bool { return b.Kuerzel == actor && b.Aktiv })
	if i < 0 {
		return berechtigung.Urteil{
			Code: "G-110", Text: "Dieses Kürzel gehört zu niemandem, der hier arbeitet – melden Sie sich neu an.",
		}, nil
	}
	permits, err := Erlaubnisse(rows, actor)
	if err != nil {
		return berechtigung.Urteil{}, err
	}
	pin, err := anmeldung.PIN(rows, actor)
	if err != nil || pin != "" {
		return berechtigung.Check(berechtigung.Rolle(staff[i].Rolle), permits, t, betrag, day), err
	}
	u := berechtigung.Check(berechtigung.Rolle(staff[i].Rolle), nil, t, betrag, day)
	switch t {
	case berechtigung.Abgeben:
		u.Aufsicht = u.Erlaubt
	case berechtigung.Freiverkauf, berechtigung.Ware:
	case berechtigung.Abzeichnen, berechtigung.Storno, berechtigung.Preis, berechtigung.Verwalten, berechtigung.Recht,
		berechtigung.Katalog, berechtigung.Diagnose, berechtigung.Zaehlen, berechtigung.Entnehmen:
		return berechtigung.Urteil{Norm: u.Norm, Code: "G-111", Text: "Dafür brauchen Sie eine PIN – " +
			"lassen Sie sie in den Einstellungen unter „Anmeldung“ festlegen."}, nil
	}
	return u, nil
}

// Fordern is Check for acts that are done or refused; the refusal is a fault.
func Fordern(rows journal.Rows, actor string, t berechtigung.Tat, betrag money.Cent, day civil.Day) error {
	u, err := Check(rows, actor, t, betrag, day)
	if err != nil || u.Erlaubt {
		return err
	}
	return fault.New(fault.Denied, u.Code, u.Text, nil)
}

// Inhaber holds what makes, unmakes or becomes an Inhaber to an Inhaber: to whom he has
// delegated could otherwise take his place.
func Inhaber(rows journal.Rows, actor string, day civil.Day) error {
	u, err := Check(rows, actor, berechtigung.Recht, 0, day)
	if err != nil || u.Erlaubt {
		return err
	}
	return fault.New(fault.Denied, "G-113",
		"Rolle, PIN und Ausweis eines Inhabers setzt nur ein Inhaber – bitten Sie ihn darum.", nil)
}

// Erlaubnisse are the permits of a person as the rules read them.
func Erlaubnisse(rows journal.Rows, kuerzel string) ([]berechtigung.Erlaubnis, error) {
	stored, err := anmeldung.Erlaubnisse(rows, kuerzel)
	var list []berechtigung.Erlaubnis
	for _, e := range stored {
		p := berechtigung.Erlaubnis{
			Art: berechtigung.Art(e.Art), Ab: e.Ab, Bis: e.Bis, Dokument: e.Dokument, Datum: e.Datum,
			Aussteller: e.Aussteller, Grenze: e.Grenze,
		}
		if e.Widerrufen != 0 && (p.Bis == 0 || e.Widerrufen <= p.Bis) {
			p.Bis = e.Widerrufen - 1
		}
		list = append(list, p)
	}
	return list, err
}
