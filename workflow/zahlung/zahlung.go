// Package zahlung says how a sum is paid: in cash, by card, or both.
package zahlung

import (
	"fmt"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
)

// MaxGegeben is the most cash one customer hands over: 10 000,00 €. More is a number
// scanned into the wrong field.
const MaxGegeben money.Cent = 1_000_000

// Split checks what is handed over for what is due and returns the payments: the part by
// card, the rest in cash. Without gegeben exactly the cash that is due changes hands. The faults
// are V-204 to V-208.
func Split(due, karte, gegeben money.Cent) ([]bon.Zahlung, error) {
	var list []bon.Zahlung
	cash := due - karte
	switch {
	case due < 0:
		return nil, fault.New(fault.Denied, "V-204",
			"Die Summe ist negativ – buchen Sie Zurückgebrachtes als Retoure.", nil)
	case karte < 0 || cash < 0:
		return nil, fault.New(fault.Invalid, "V-205", fmt.Sprintf(
			"Mit Karte werden höchstens %s gezahlt – eine Auszahlung gibt es nicht.", due), nil)
	case gegeben < 0 || gegeben > MaxGegeben:
		return nil, fault.New(fault.Invalid, "V-206",
			"Der gegebene Betrag muss zwischen 0,01 € und 10.000,00 € liegen – wurde in dieses Feld gescannt?", nil)
	case gegeben > 0 && cash == 0:
		return nil, fault.New(fault.Invalid, "V-207",
			"Bar ist nichts zu zahlen – lassen Sie den gegebenen Betrag leer.", nil)
	case gegeben > 0 && gegeben < cash:
		return nil, fault.New(fault.Invalid, "V-208", fmt.Sprintf(
			"Es fehlen noch %s – zu zahlen sind bar %s.", cash-gegeben, cash), nil)
	}
	if karte > 0 {
		list = append(list, bon.Zahlung{Art: bon.Karte, Betrag: karte})
	}
	if cash > 0 {
		given := gegeben
		if given == 0 {
			given = cash
		}
		list = append(list, bon.Zahlung{Art: bon.Bar, Betrag: cash, Gegeben: given})
	}
	return list, nil
}
