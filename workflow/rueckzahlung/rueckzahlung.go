// Package rueckzahlung says how money goes back when a Bon is undone: on the card at the terminal, on
// the card by hand, or in cash – and what the drawer has by book afterwards.
package rueckzahlung

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/karte"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/kartenzahlungen"
	"github.com/offizin/offizin/projection/kassenbuch"
)

// Weg is how what was paid by card goes back.
type Weg string

// The ways.
const (
	WieGezahlt Weg = ""      // of a Storno as it was paid, by hand; of a Retoure in cash
	AufKarte   Weg = "karte" // on the card, as much as was paid with it
	InBar      Weg = "bar"   // in cash, for a reason
)

// MaxGrund is the most characters of a reason.
const MaxGrund = 100

// Wunsch is how somebody wants the money to go back.
type Wunsch struct {
	Weg        Weg
	Grund      string // why in cash what was paid by card
	Terminal   bool   // a card terminal gives it back; else somebody does by hand
	Bestaetigt bool   // the drawer may be below zero by book afterwards
}

// Fehlt is that the terminal has to give something back before the Bon can be booked.
type Fehlt struct {
	Bon     string     // that is undone
	Zahlung string     // id of its payment at the terminal; empty: it was typed in by hand
	Betrag  money.Cent // above zero
}

// Error implements error.
func (f *Fehlt) Error() string { return fmt.Sprintf("%s of %s not refunded yet", f.Betrag, f.Bon) }

// Zahlungen puts onto a Bon that undoes another one how the money goes back; undoing are those that
// undid part of it before. What the terminal has given back already stands on it. Faults: V-601 to
// V-605; *Fehlt.
func Zahlungen(rows journal.Rows, till string, old bon.Bon, undoing []bon.Bon, b *bon.Bon, w Wunsch) error {
	due := -b.Summen().Patient // given back; negative: something is to be paid
	paid, rest := mitKarte(old, undoing)
	card := max(0, min(rest, due))
	done, taken, err := kartenzahlungen.Erstattet(rows, old.Nummer)
	if err != nil {
		return err
	}
	onCard := w.Weg == AufKarte || w.Weg == WieGezahlt && b.Art == bon.Storno
	switch {
	case done != nil && done.Ende == nil:
		return Unklar()
	case done != nil && (taken != card || w.Weg == InBar):
		return fault.New(fault.Conflict, "V-602", fmt.Sprintf("Auf die Karte sind zu diesem Bon schon %s zurückgegeben und "+
			"noch nicht gebucht – nehmen Sie genau das zurück, wofür sie waren, auf die Karte.", taken), nil)
	case done != nil:
		b.Zahlungen = geteilt(due, card, done.Beleg())
	case onCard && w.Terminal && card > 0:
		return &Fehlt{Bon: old.Nummer, Zahlung: paid.ID, Betrag: card}
	case onCard:
		b.Zahlungen = geteilt(due, card, vonHand(paid))
	default:
		if b.BarGrund, err = grund(w, card); err != nil {
			return err
		}
		b.Zahlungen = geteilt(due, 0, nil)
	}
	return Gedeckt(rows, till, b, w.Bestaetigt)
}

// mitKarte is the payment by card of a Bon, and how much of it can still go back.
func mitKarte(old bon.Bon, undoing []bon.Bon) (paid karte.Beleg, rest money.Cent) {
	for _, z := range old.Zahlungen {
		if z.Art != bon.Karte {
			continue
		}
		if rest += z.Betrag; z.Beleg != nil {
			paid = *z.Beleg
		}
	}
	for _, u := range undoing {
		for _, z := range u.Zahlungen {
			if z.Art == bon.Karte {
				rest += z.Betrag
			}
		}
	}
	return paid, rest
}

// vonHand is what stays of a card that somebody gave back on by hand: its kind, no receipt.
func vonHand(paid karte.Beleg) *karte.Beleg {
	if paid.ID == "" && paid.Karte == "" {
		return nil
	}
	return &karte.Beleg{Karte: paid.Karte}
}

func geteilt(due, card money.Cent, beleg *karte.Beleg) (list []bon.Zahlung) {
	if card > 0 {
		list = append(list, bon.Zahlung{Art: bon.Karte, Betrag: -card, Beleg: beleg})
	}
	if cash := due - card; cash != 0 {
		list = append(list, bon.Zahlung{Art: bon.Bar, Betrag: -cash})
	}
	return list
}

// grund is why in cash; without a card there is nothing to explain.
func grund(w Wunsch, card money.Cent) (string, error) {
	if w.Weg != InBar || card == 0 {
		return "", nil
	}
	text := strings.Join(strings.Fields(w.Grund), " ")
	if text == "" || utf8.RuneCountInString(text) > MaxGrund {
		return "", fault.New(fault.Invalid, "V-601", "Bezahlt wurde mit Karte – schreiben Sie mit höchstens 100 Zeichen, "+
			"warum Sie bar auszahlen.", nil)
	}
	return text, nil
}

// Gedeckt asks before cash goes out that the drawer does not have by book; confirmed, it stands on the
// record. It never stops anybody: the book may be wrong. Fault V-604.
func Gedeckt(rows journal.Rows, till string, b *bon.Bon, bestaetigt bool) error {
	var cash money.Cent
	for _, z := range b.Zahlungen {
		if z.Art == bon.Bar {
			cash += z.Betrag
		}
	}
	if cash >= 0 {
		return nil
	}
	l, err := kassenbuch.Lade(rows, till)
	if err != nil || l.Bar+cash >= 0 {
		return err
	}
	if !bestaetigt {
		return fault.New(fault.Conflict, "V-604", fmt.Sprintf("Laut Kassenbuch sind nur %s in der Schublade, ausgezahlt "+
			"werden %s – sehen Sie nach; stimmt es, bestätigen Sie die Auszahlung.", l.Bar, -cash), nil)
	}
	b.Ueberzogen = l.Bar + cash
	return nil
}

// Unklar is that nobody knows whether the terminal has given money back.
func Unklar() error {
	return fault.New(fault.Conflict, "V-603", "Ob das Terminal das Geld zurückgegeben hat, ist unklar – fragen Sie es an "+
		"seiner Kasse im Verkauf (F11), oder klären Sie es unter „Störungen“ (Alt K), dann buchen Sie hier noch einmal.", nil)
}
