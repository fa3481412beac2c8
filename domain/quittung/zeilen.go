package quittung

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
)

// positionen sets each line with its marks: Rx, and a letter for the rate of VAT.
func positionen(b bon.Bon) []Zeile {
	letters := buchstaben(b)
	var out []Zeile
	for _, p := range b.Positionen {
		out = append(out, Zeile{Left: ware(p), Right: p.Gesamt.Plain() + " " + letters[p.MwSt]})
		if detail := einzeln(p); detail != "" {
			out = append(out, Zeile{Left: detail, Style: Small})
		}
		out = append(out, anteile(p)...)
	}
	return out
}

func ware(p bon.Position) string {
	name := strings.TrimSpace(p.Bezeichnung + " " + p.Packung)
	if p.Rx {
		name = "Rx " + name
	}
	return name
}

// einzeln names the article and its quantity (§ 6 S. 1 Nr. 3 KassenSichV).
func einzeln(p bon.Position) string {
	var parts []string
	if n := string(p.PZN) + p.SOK; n != "" {
		parts = append(parts, map[bool]string{true: "PZN ", false: "SOK "}[p.PZN != ""]+n)
	}
	parts = append(parts, strconv.Itoa(p.Menge)+" × "+p.Preis.Plain())
	if p.TeilVon != 0 {
		parts = append(parts, fmt.Sprintf("Teilmenge %d von %d", p.TeilMenge, p.TeilVon))
	}
	if p.Rabatt != 0 {
		parts = append(parts, "Rabatt "+(-p.Rabatt).String())
	}
	return strings.Join(parts, ", ")
}

// anteile says what the patient pays of a line that a Kostenträger shares.
func anteile(p bon.Position) []Zeile {
	var out []Zeile
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
			out = append(out, Zeile{Left: "   " + a.name, Right: a.amount.Plain(), Style: Small})
		}
	}
	return out
}

func summen(b bon.Bon) []Zeile {
	s := b.Summen()
	out := []Zeile{{Style: Rule}}
	if s.TraegerZahlt != 0 || s.Kulanz != 0 {
		out = append(out, Zeile{Left: "Summe der Waren", Right: s.Gesamt.Plain()})
	}
	if s.TraegerZahlt != 0 {
		out = append(out, Zeile{Left: "trägt der Kostenträger", Right: (-s.TraegerZahlt).Plain()})
	}
	if s.Kulanz != 0 {
		out = append(out, Zeile{Left: "erlassene Zuzahlung", Right: (-s.Kulanz).Plain()})
	}
	due := "Zu zahlen"
	if s.Patient < 0 {
		due = "Erstattet"
	}
	out = append(out, Zeile{Left: due, Right: s.Patient.String(), Style: Bold})
	for _, z := range b.Zahlungen {
		out = append(out, Zeile{Left: zahlart(z.Art), Right: z.Betrag.String()})
		if z.Gegeben > max(z.Betrag, 0) { // money paid back has no change
			out = append(out, Zeile{Left: "Gegeben", Right: z.Gegeben.String()},
				Zeile{Left: "Rückgeld", Right: (z.Gegeben - z.Betrag).String()})
		}
	}
	if b.BarGrund != "" {
		out = append(out, Zeile{Left: "Mit Karte bezahlt, bar ausgezahlt: " + b.BarGrund, Style: Small})
	}
	return out
}

// zahlart names a means of payment (AEAO zu § 146a, 2.4.4).
func zahlart(a bon.Zahlungsart) string {
	switch a {
	case bon.Bar:
		return "Bar"
	case bon.Karte:
		return "Karte"
	}
	return string(a)
}

// steuern is the table of VAT: of the full gross amounts, whoever pays them; nothing where nothing is taxed.
func steuern(b bon.Bon) (out []Zeile) {
	letters := buchstaben(b)
	if len(letters) > 0 {
		out = append(out, Zeile{Style: Rule})
	}
	for _, s := range b.Steuern() {
		text := fmt.Sprintf("%s = %s MwSt.: netto %s, Steuer %s, brutto %s",
			letters[s.Satz], s.Satz, s.Netto.Plain(), s.MwSt.Plain(), s.Brutto.Plain())
		if s.Satz == 0 {
			text = fmt.Sprintf("%s = ohne MwSt. (steuerfrei oder nicht steuerbar): %s", letters[s.Satz], s.Brutto.Plain())
		}
		out = append(out, Zeile{Style: Small, Left: text})
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

// anteilQuittung receipts the Zuzahlung without a name (§ 61 S. 4 SGB V).
func anteilQuittung(b bon.Bon) []Zeile {
	s := b.Summen()
	if s.Zuzahlung-s.Kulanz == 0 {
		return nil
	}
	return []Zeile{
		{Style: Rule},
		{Left: "Zuzahlungsquittung (§ 61 Satz 4 SGB V)", Right: (s.Zuzahlung - s.Kulanz).String(), Style: Bold},
		{Left: "Bewahren Sie diese Quittung für Ihre Krankenkasse auf (§ 62 SGB V).", Style: Small},
	}
}

// zuzahlung is the Zuzahlungsquittung with the name: what the patient paid as Zuzahlung and
// what the insurer bears, line by line.
func (b Beleg) zuzahlung() []Zeile {
	out := b.kopf("Zuzahlungsquittung (§ 61 Satz 4 SGB V)")
	out = append(out, Zeile{Left: "zu Bon " + b.Bon.Nummer}, Zeile{Left: "für " + b.Patient.Name, Style: Bold})
	if b.Patient.Geburt != "" {
		out = append(out, Zeile{Left: "geboren am " + b.Patient.Geburt})
	}
	out = append(out, Zeile{Style: Rule})
	var sum money.Cent
	for _, p := range b.Bon.Positionen {
		paid := p.Zuzahlung - p.Kulanz
		if paid == 0 || b.Patient.ID != "" && p.Person != b.Patient.ID {
			continue
		}
		sum += paid
		out = append(out, Zeile{Left: ware(p), Right: paid.Plain()}, Zeile{Left: einzeln(p), Style: Small},
			Zeile{Left: "   davon trägt der Kostenträger", Right: p.TraegerZahlt.Plain(), Style: Small})
	}
	return append(out, Zeile{Style: Rule}, Zeile{Left: "gezahlte Zuzahlung", Right: sum.String(), Style: Bold},
		Zeile{Left: "Mehrkosten zählen nicht zur Zuzahlung und stehen nicht auf dieser Quittung.", Style: Small},
		Zeile{Left: "Bewahren Sie diese Quittung für Ihre Krankenkasse auf (§ 62 SGB V).", Style: Small})
}

// kulanz is what the pharmacy waived: no receipt of a payment, and it says so.
func (b Beleg) kulanz() []Zeile {
	out := b.kopf("Erlassene Zuzahlung")
	out = append(out, Zeile{Left: "zu Bon " + b.Bon.Nummer})
	for _, p := range b.Bon.Positionen {
		if p.Kulanz == 0 {
			continue
		}
		out = append(out, Zeile{Left: ware(p), Right: p.Kulanz.Plain()}, Zeile{Left: einzeln(p), Style: Small})
		if p.KulanzGrund != "" {
			out = append(out, Zeile{Left: "   Grund: " + p.KulanzGrund, Style: Small})
		}
	}
	return append(out, Zeile{Style: Rule},
		Zeile{Left: "von der Apotheke erlassen", Right: b.Bon.Summen().Kulanz.String(), Style: Bold},
		Zeile{Left: "Diesen Betrag haben Sie nicht gezahlt; er zählt nicht zur Belastungsgrenze (§ 62 SGB V).", Style: Small})
}
