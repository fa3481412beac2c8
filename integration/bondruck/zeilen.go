package bondruck

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
)

// TSE is what a Bon says as long as no technical security device is connected.
const TSE = "TSE nicht eingerichtet – kein Beleg im Sinne von § 6 KassenSichV."

// zeilen sets a Bon from top to bottom.
func zeilen(b Beleg) []zeile {
	out := kopf(b)
	out = append(out, positionen(b.Bon)...)
	out = append(out, summen(b.Bon)...)
	out = append(out, steuern(b.Bon)...)
	out = append(out, quittung(b)...)
	out = append(out, zeile{stil: strich}, zeile{links: TSE, stil: klein})
	if b.Apotheke.Telefon != "" {
		out = append(out, zeile{links: "Fragen? " + b.Apotheke.Telefon, stil: klein})
	}
	return append(out, zeile{links: "Vielen Dank und gute Besserung!", stil: mitte})
}

func kopf(b Beleg) []zeile {
	a := b.Apotheke
	out := []zeile{{links: a.Name, stil: mitte}}
	for _, text := range []string{
		a.Inhaber, a.Strasse, strings.TrimSpace(a.PLZ + " " + a.Ort),
		before("Steuernummer ", a.Steuernummer), before("IK ", a.IK),
	} {
		if text != "" {
			out = append(out, zeile{links: text, stil: klein})
		}
	}
	out = append(out, zeile{stil: strich})
	if b.Bon.Uebung {
		out = append(out, zeile{links: "ÜBUNG – keine Abgabe, kein Beleg", stil: mitte})
	}
	if !b.Gedruckt.IsZero() {
		out = append(out, zeile{links: "KOPIE, gedruckt am " + moment(b.Gedruckt), stil: mitte})
	}
	out = append(out, zeile{links: titel(b.Bon), stil: fett}, zeile{links: moment(time.Unix(0, b.Bon.Zeit).UTC())})
	if b.Bon.Nacherfassung {
		out = append(out, zeile{links: strings.TrimSpace("NACHERFASSUNG, Beleg von Hand " + b.Bon.Beleg), stil: fett})
	}
	if b.Bon.Grund != "" {
		out = append(out, zeile{links: "Grund: " + b.Bon.Grund})
	}
	for _, text := range []string{before("Es bediente Sie ", b.Benutzer), before("Für ", b.Kunde)} {
		if text != "" {
			out = append(out, zeile{links: text})
		}
	}
	return append(out, zeile{stil: strich})
}

func titel(b bon.Bon) string {
	of := ""
	if b.Bezug != "" {
		of = " zu Bon " + b.Bezug
		if b.BezugTag != 0 {
			of += " vom " + b.BezugTag.German()
		}
	}
	switch b.Art {
	case bon.Storno:
		return "STORNO " + b.Nummer + of
	case bon.Retoure:
		return "RETOURE " + b.Nummer + of
	case bon.Verkauf:
	}
	return "Bon " + b.Nummer + of
}

// positionen prints each line with its marks: Rx, and a letter for the rate of VAT.
func positionen(b bon.Bon) []zeile {
	letters := buchstaben(b)
	var out []zeile
	for _, p := range b.Positionen {
		name := strings.TrimSpace(p.Bezeichnung + " " + p.Packung)
		if p.Rx {
			name = "Rx " + name
		}
		out = append(out, zeile{links: name, rechts: p.Gesamt.Plain() + " " + letters[p.MwSt]})
		if detail := einzeln(p); detail != "" {
			out = append(out, zeile{links: detail, stil: klein})
		}
		out = append(out, anteile(p)...)
	}
	return out
}

func einzeln(p bon.Position) string {
	var parts []string
	if n := string(p.PZN) + p.SOK; n != "" {
		parts = append(parts, map[bool]string{true: "PZN ", false: "SOK "}[p.PZN != ""]+n)
	}
	if p.Menge != 1 {
		parts = append(parts, strconv.Itoa(p.Menge)+" × "+p.Preis.Plain())
	}
	if p.TeilVon != 0 {
		parts = append(parts, fmt.Sprintf("Teilmenge %d von %d", p.TeilMenge, p.TeilVon))
	}
	if p.Rabatt != 0 {
		parts = append(parts, "Rabatt "+p.Rabatt.Plain())
	}
	return strings.Join(parts, ", ")
}

// anteile says what the patient pays of a line that a Kostenträger shares.
func anteile(p bon.Position) []zeile {
	var out []zeile
	for _, a := range []struct {
		name   string
		amount money.Cent
	}{
		{"Zuzahlung", p.Zuzahlung},
		{"Mehrkosten", p.Mehrkosten},
		{"Eigenbeteiligung", p.Eigenbeteiligung},
		{"Zuzahlung erlassen", -p.Kulanz},
		{"davon trägt der Kostenträger", p.TraegerZahlt},
	} {
		if a.amount != 0 {
			out = append(out, zeile{links: "   " + a.name, rechts: a.amount.Plain(), stil: klein})
		}
	}
	return out
}

func summen(b bon.Bon) []zeile {
	s := b.Summen()
	out := []zeile{{stil: strich}}
	if s.TraegerZahlt != 0 {
		out = append(out, zeile{links: "Summe der Waren", rechts: s.Gesamt.Plain()},
			zeile{links: "trägt der Kostenträger", rechts: (-s.TraegerZahlt).Plain()})
	}
	if s.Kulanz != 0 {
		out = append(out, zeile{links: "erlassene Zuzahlung", rechts: (-s.Kulanz).Plain()})
	}
	due := "Zu zahlen"
	if s.Patient < 0 {
		due = "Erstattet"
	}
	out = append(out, zeile{links: due, rechts: s.Patient.String(), stil: fett})
	for _, z := range b.Zahlungen {
		name := map[bon.Zahlungsart]string{bon.Bar: "bar", bon.Karte: "Karte"}[z.Art]
		out = append(out, zeile{links: name, rechts: z.Betrag.Plain()})
		if z.Gegeben > max(z.Betrag, 0) { // money paid back has no change
			out = append(out, zeile{links: "gegeben", rechts: z.Gegeben.Plain()},
				zeile{links: "zurück", rechts: (z.Gegeben - z.Betrag).Plain()})
		}
	}
	return out
}

// steuern is the table of VAT: of the full gross amounts, whoever pays them.
func steuern(b bon.Bon) []zeile {
	letters := buchstaben(b)
	out := []zeile{{stil: strich}}
	for _, s := range b.Steuern() {
		out = append(out, zeile{stil: klein, links: fmt.Sprintf("%s = %s MwSt.: netto %s, Steuer %s, brutto %s",
			letters[s.Satz], s.Satz, s.Netto.Plain(), s.MwSt.Plain(), s.Brutto.Plain())})
	}
	return out
}

// buchstaben marks the rates of VAT on the Bon, the highest with A.
func buchstaben(b bon.Bon) map[money.PPM]string {
	out := map[money.PPM]string{}
	for i, s := range b.Steuern() {
		out[s.Satz] = string(rune('A' + i))
	}
	return out
}

// quittung receipts the Zuzahlung (§ 61 S. 4 SGB V).
func quittung(b Beleg) []zeile {
	s := b.Bon.Summen()
	if s.Zuzahlung-s.Kulanz == 0 {
		return nil
	}
	return []zeile{
		{stil: strich},
		{links: "Zuzahlungsquittung (§ 61 Satz 4 SGB V)", rechts: (s.Zuzahlung - s.Kulanz).String(), stil: fett},
		{links: "Bewahren Sie diese Quittung für Ihre Krankenkasse auf (§ 62 SGB V).", stil: klein},
	}
}

func before(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

func moment(t time.Time) string {
	hour, minute := clock.TimeOfDay(t)
	return fmt.Sprintf("%s, %02d:%02d Uhr", clock.DayOf(t).German(), hour, minute)
}
