// Package berechtigung says who may do what in a pharmacy: the table of roles by
// ApBetrO §§ 3 and 17, and the written permits beside it. A permit is data with document,
// day and issuer and never part of a role.
package berechtigung

import (
	"slices"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
)

// Rolle is what somebody is in the pharmacy; empty: nobody entered it.
type Rolle string

// The roles.
const (
	Inhaber            Rolle = "Inhaber"
	Apotheker          Rolle = "Apotheker"
	Pharmazieingenieur Rolle = "Pharmazieingenieur"
	PTA                Rolle = "PTA"
	PKA                Rolle = "PKA"
	PhiP               Rolle = "PhiP"
	PTAAzubi           Rolle = "PTA-Azubi"
	Bote               Rolle = "Bote"
	Techniker          Rolle = "Techniker"
	// Pruefer is an auditor of the tax office (AO § 147 (6)): he may do nothing, and looks only at
	// what an open audit shows.
	Pruefer Rolle = "Prüfer"
)

// Rollen lists the roles in the order of a choice.
func Rollen() []Rolle {
	return []Rolle{Inhaber, Apotheker, Pharmazieingenieur, PTA, PKA, PhiP, PTAAzubi, Bote, Techniker, Pruefer}
}

// Tat is an act that not everybody may do.
type Tat string

// The acts.
const (
	Freiverkauf Tat = "freiverkauf" // sell what needs no pharmacy
	Abgeben     Tat = "abgeben"     // sell apothekenpflichtig, dispense Rx
	Abzeichnen  Tat = "abzeichnen"  // sign a dispensing
	Ware        Tat = "ware"        // order, receive, count
	Storno      Tat = "storno"      // Storno, Retoure
	Preis       Tat = "preis"       // own price, Rabatt, Kulanz
	Verwalten   Tat = "verwalten"   // settings, users, roles, permits, export
	Recht       Tat = "recht"       // Festlegungen
	Katalog     Tat = "katalog"     // choice of catalogue
	Diagnose    Tat = "diagnose"    // of the system, no patient data
	Zaehlen     Tat = "zaehlen"     // count the cash, put some in, close the day of a till
	Entnehmen   Tat = "entnehmen"   // take cash out of a till
)

// Art is the kind of a permit.
type Art string

// The permits.
const (
	ErlaubnisAbzeichnen   Art = "abzeichnen"   // ApBetrO § 17(6), for PTA
	ErlaubnisOhneAufsicht Art = "ohneaufsicht" // ApBetrO § 3(5b), for PTA
	ErlaubnisBetrag       Art = "betrag"       // Storno and prices up to an amount
	ErlaubnisVerwalten    Art = "verwalten"    // delegation by the Inhaber
)

// Arten lists the permits in the order of a choice.
func Arten() []Art {
	return []Art{ErlaubnisAbzeichnen, ErlaubnisOhneAufsicht, ErlaubnisBetrag, ErlaubnisVerwalten}
}

// Erlaubnis is one written permit.
type Erlaubnis struct {
	Art        Art
	Ab, Bis    civil.Day  // first and last day; Bis 0: until revoked
	Dokument   string     // where the paper is
	Datum      civil.Day  // of the document
	Aussteller string     // Kuerzel of who issued it
	Grenze     money.Cent // of ErlaubnisBetrag
}

// Am reports whether the permit holds on a day.
func (e Erlaubnis) Am(day civil.Day) bool { return e.Ab <= day && (e.Bis == 0 || day <= e.Bis) }

// Urteil is the verdict on an act.
type Urteil struct {
	Erlaubt  bool
	Aufsicht bool   // allowed under supervision: somebody who may sign countersigns
	Code     string // of the refusal; empty if allowed
	Text     string // one sentence: what to do
	Norm     string
}

// Check says whether a role with these permits may do an act on a day. Betrag is the amount
// at stake, in cents, for Storno and Preis; its sign does not count.
func Check(r Rolle, permits []Erlaubnis, t Tat, betrag money.Cent, day civil.Day) Urteil {
	g := tafel()[r][t]
	u := Urteil{Erlaubt: g.was == ja || g.was == aufsicht, Aufsicht: g.was == aufsicht, Norm: norm(t)}
	i := slices.IndexFunc(permits, func(e Erlaubnis) bool {
		return e.Art == g.mit && e.Am(day) && (e.Art != ErlaubnisBetrag || max(betrag, -betrag) <= e.Grenze)
	})
	if g.mit != "" && i >= 0 {
		return Urteil{Erlaubt: true, Norm: permitNorm(g.mit)}
	}
	if !u.Erlaubt {
		u.Code, u.Text = refusal(t)
	}
	return u
}

func norm(t Tat) string {
	switch t {
	case Abgeben, Freiverkauf:
		return "ApBetrO § 3(5)"
	case Abzeichnen:
		return "ApBetrO § 17(6)"
	case Ware, Storno, Preis, Verwalten, Recht, Katalog, Diagnose, Zaehlen, Entnehmen:
	}
	return "ApBetrO § 2(2)" // the Leiter answers for the running of the pharmacy
}

func permitNorm(a Art) string {
	switch a {
	case ErlaubnisAbzeichnen:
		return "ApBetrO § 17(6)"
	case ErlaubnisOhneAufsicht:
		return "ApBetrO § 3(5b)"
	case ErlaubnisBetrag, ErlaubnisVerwalten:
	}
	return "ApBetrO § 2(2)"
}

// verdict is a code with its sentence, side by side for the manual.
type verdict struct{ code, text string }

func refusal(t Tat) (code, text string) {
	v := verdict{"G-101", "Das dürfen Sie nicht – holen Sie jemanden, der es darf."}
	switch t {
	case Freiverkauf:
		v = verdict{"G-102", "Mit dieser Rolle wird nicht verkauft – holen Sie jemanden aus dem Verkauf."}
	case Abgeben:
		v = verdict{"G-103", "Apothekenpflichtiges gibt nur pharmazeutisches Personal ab – holen Sie es dazu."}
	case Abzeichnen:
		v = verdict{"G-104", "Abzeichnen darf nur ein Apotheker oder eine PTA mit Erlaubnis – legen Sie die Abgabe vor."}
	case Storno:
		v = verdict{"G-105", "Storno und Retoure dürfen Sie in dieser Höhe nicht – holen Sie einen Apotheker."}
	case Preis:
		v = verdict{"G-106", "Einen Preis dürfen Sie in dieser Höhe nicht ändern – holen Sie einen Apotheker."}
	case Verwalten:
		v = verdict{"G-107", "Das darf nur der Inhaber oder wem er es übertragen hat – bitten Sie ihn darum."}
	case Recht:
		v = verdict{"G-108", "Festlegungen macht nur der Inhaber – bitten Sie ihn darum."}
	case Katalog:
		v = verdict{"G-109", "Den Katalog wählt der Inhaber oder ein Apotheker – bitten Sie darum."}
	case Zaehlen:
		v = verdict{"T-501", "Das Kassenbuch führen Sie mit dieser Rolle nicht – holen Sie jemanden, der es darf."}
	case Entnehmen:
		v = verdict{"T-502", "Bargeld entnimmt nur der Inhaber, ein Apotheker oder wer Verwalten darf – holen Sie ihn."}
	case Ware, Diagnose:
	}
	return v.code, v.text
}
