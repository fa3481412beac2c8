package buchung

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
)

// Buchung is one booking: an amount from one account to another.
type Buchung struct {
	Tag         civil.Day  // Belegdatum: the business day
	Beleg       string     // "Z1-7": till and number of the closing
	Betrag      money.Cent // above zero
	Soll, Haben string     // accounts
	Text        string
}

// seite is what one purpose has of a closing; debit is positive.
type seite struct {
	zweck  Zweck
	betrag money.Cent
}

// Buchen turns a closing into bookings. Cash that was moved is booked by itself; everything
// else is turnover and what it was paid with. These are set against each other in a fixed
// order, so that no clearing account is needed and the account of the cash sees only cash.
func Buchen(a abschluss.Abschluss, k Konten) ([]Buchung, error) {
	var list []Buchung
	var offen []seite
	rest := a.Bar()
	for _, g := range a.Geschaefte {
		if g.Typ.NurBargeld() {
			rest -= g.Brutto
			list = append(list, buche(a, k, seite{Bargeld, g.Brutto}, seite{bewegung(g.Typ), -g.Brutto})...)
			continue
		}
		offen = plus(offen, seite{zweck(g), -g.Brutto})
	}
	for _, z := range a.Zahlungen {
		if z.Art != kassenbeleg.Bar {
			offen = plus(offen, seite{gegen(z), z.Betrag})
		}
	}
	offen = plus(offen, seite{Bargeld, rest})
	pairs, err := paaren(a, k, offen)
	return append(list, pairs...), err
}

// plus adds to the sum of a purpose, in the order in which they came.
func plus(list []seite, s seite) []seite {
	for i := range list {
		if list[i].zweck == s.zweck {
			list[i].betrag += s.betrag
			return list
		}
	}
	return append(list, s)
}

// paaren sets debits against credits in the order of the purposes.
func paaren(a abschluss.Abschluss, k Konten, offen []seite) (list []Buchung, err error) {
	soll, haben := ordnen(offen)
	for len(soll) > 0 && len(haben) > 0 {
		c := min(soll[0].betrag, -haben[0].betrag)
		list = append(list, buche(a, k, seite{soll[0].zweck, c}, seite{haben[0].zweck, -c})...)
		if soll[0].betrag -= c; soll[0].betrag == 0 {
			soll = soll[1:]
		}
		if haben[0].betrag += c; haben[0].betrag == 0 {
			haben = haben[1:]
		}
	}
	if len(soll)+len(haben) > 0 {
		return nil, fmt.Errorf("closing %s does not balance", beleg(a))
	}
	return list, nil
}

// ordnen parts debits from credits. What the insurers owe comes first: it is set against the
// revenue at the full rate, where nearly all of it belongs.
func ordnen(offen []seite) (soll, haben []seite) {
	order := append([]Zweck{Rezepte, Kundenkredit, Karten}, Zwecke()...)
	for _, z := range order {
		for i, s := range offen {
			switch {
			case s.zweck != z || s.betrag == 0:
				continue
			case s.betrag > 0:
				soll = append(soll, s)
			default:
				haben = append(haben, s)
			}
			offen[i].betrag = 0
		}
	}
	return soll, haben
}

// buche is a booking between two purposes, of which one has the debit.
func buche(a abschluss.Abschluss, k Konten, x, y seite) []Buchung {
	if x.betrag < 0 {
		x, y = y, x
	}
	if x.betrag == 0 {
		return nil
	}
	other := x.zweck
	if other == Bargeld || strings.HasPrefix(string(y.zweck), string(ErloesSonst)) {
		other = y.zweck
	}
	return []Buchung{{
		Tag: a.Tag, Beleg: beleg(a), Betrag: x.betrag, Soll: k[x.zweck], Haben: k[y.zweck],
		Text: fmt.Sprintf("%s Kassenplatz %s: %s", beleg(a), a.Till, other.Text()),
	}}
}

func beleg(a abschluss.Abschluss) string { return fmt.Sprintf("Z%s-%d", a.Till, a.Nummer) }

// zweck is the account of a business case that is turnover.
func zweck(g abschluss.Geschaeft) Zweck {
	switch g.Typ {
	case bon.Gutscheinkauf, bon.Gutscheineinloesung:
		return Gutscheine
	case bon.Forderung:
		if rezept(g.Name) {
			return Rezepte
		}
		return Kundenkredit
	case bon.Forderungsausgleich:
		return Kundenkredit
	case bon.Anzahlung, bon.Anzahlungsausgleich:
		if g.Satz == 19*money.Percent {
			return AnzahlungVoll
		}
		return AnzahlungSonst
	default:
		return erloes(g)
	}
}

func erloes(g abschluss.Geschaeft) Zweck {
	switch g.Satz {
	case 19 * money.Percent:
		return ErloesVoll
	case 7 * money.Percent:
		return ErloesErmaessigt
	case 0:
		return ErloesFrei
	default:
		return ErloesSonst
	}
}

// rezept reports whether a name is that of what an insurer owes.
func rezept(name string) bool { return strings.HasPrefix(cmp.Or(name, "-"), "Rezept ") }

// gegen is the account of a payment that is not in cash.
func gegen(z abschluss.Zahlung) Zweck {
	switch {
	case z.Art == kassenbeleg.Guthabenkarte:
		return Gutscheine
	case z.Art == kassenbeleg.Unbar && rezept(z.Name):
		return Rezepte
	}
	return Karten
}

// bewegung is the account of what moves cash and nothing else.
func bewegung(g bon.Geschaeft) Zweck {
	switch g {
	case bon.Geldtransit, bon.Anfangsbestand:
		return Transit
	case bon.Privatentnahme:
		return Entnahme
	case bon.Privateinlage:
		return Einlage
	case bon.Lohnzahlung:
		return Lohn
	case bon.DifferenzSoll:
		return Differenz
	default:
		return Durchlaufend
	}
}

// Text is the purpose in words.
func (z Zweck) Text() string {
	return map[Zweck]string{
		Bargeld: "Bargeld", ErloesVoll: "Erlöse 19 %", ErloesErmaessigt: "Erlöse 7 %", ErloesFrei: "Erlöse 0 %",
		ErloesSonst: "Erlöse anderer Satz", Rezepte: "Rezeptabrechnung", Kundenkredit: "Kundenkredit",
		Karten:  "Kartenzahlung",
		Transit: "Geldtransit", Entnahme: "Privatentnahme", Einlage: "Privateinlage", Lohn: "Lohn",
		Durchlaufend: "Ein- und Auszahlung", Differenz: "Differenz", Gutscheine: "Gutscheine",
		AnzahlungVoll: "Anzahlung 19 %", AnzahlungSonst: "Anzahlung 7 %",
	}[z]
}
