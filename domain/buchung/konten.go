// Package buchung turns the closing of a till into bookings of the accounts: what the tax
// adviser takes over. Nothing is computed anew; every account moves by what the closing says.
package buchung

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Zweck is what an account is for.
type Zweck string

// The purposes.
const (
	Bargeld          Zweck = "bargeld" // the drawers of all tills
	ErloesVoll       Zweck = "erloes19"
	ErloesErmaessigt Zweck = "erloes7"
	ErloesFrei       Zweck = "erloes0"
	ErloesSonst      Zweck = "erloes"   // of any other rate
	Rezepte          Zweck = "rezepte"  // what the insurers owe, until it is billed
	Kundenkredit     Zweck = "kredit"   // what customers owe
	Karten           Zweck = "karten"   // paid by card, not yet on the bank account
	Transit          Zweck = "transit"  // cash on its way
	Entnahme         Zweck = "entnahme" // by the owner
	Einlage          Zweck = "einlage"
	Lohn             Zweck = "lohn"
	Durchlaufend     Zweck = "durchlaufend" // other cash in and out: the adviser sorts it
	Differenz        Zweck = "differenz"
	Gutscheine       Zweck = "gutscheine"
	AnzahlungVoll    Zweck = "anzahlung19"
	AnzahlungSonst   Zweck = "anzahlung7"
)

// Zwecke lists all purposes in the order of a form.
func Zwecke() []Zweck {
	return []Zweck{
		Bargeld, ErloesVoll, ErloesErmaessigt, ErloesFrei, ErloesSonst, Rezepte, Kundenkredit, Karten, Transit, Entnahme,
		Einlage, Lohn, Durchlaufend, Differenz, Gutscheine, AnzahlungVoll, AnzahlungSonst,
	}
}

// Rahmen is a Kontenrahmen of DATEV.
type Rahmen string

// The two that are common.
const (
	SKR03 Rahmen = "03"
	SKR04 Rahmen = "04"
)

// Konten are the numbers of the accounts, each of the same length.
type Konten map[Zweck]string

// The length of an account number.
const (
	LaengeAb  = 4
	LaengeBis = 8
)

// Vorgabe are the accounts that are usual in a Kontenrahmen, made longer with zeros. Revenue
// accounts are those from which DATEV takes the VAT by itself. A tax adviser confirms them.
func Vorgabe(r Rahmen, laenge int) Konten {
	column := 0
	if r == SKR04 {
		column = 1
	}
	k := Konten{}
	for z, numbers := range map[Zweck][2]string{
		Bargeld: {"1000", "1600"}, ErloesVoll: {"8400", "4400"}, ErloesErmaessigt: {"8300", "4300"},
		ErloesFrei: {"8100", "4100"}, ErloesSonst: {"8200", "4200"}, Rezepte: {"1411", "1211"},
		Kundenkredit: {"1410", "1210"}, Karten: {"1361", "1461"}, Transit: {"1360", "1460"}, Entnahme: {"1800", "2100"},
		Einlage: {"1890", "2180"}, Lohn: {"1740", "3720"}, Durchlaufend: {"1590", "1370"}, Differenz: {"2309", "6969"},
		Gutscheine: {"1700", "3500"}, AnzahlungVoll: {"1718", "3272"}, AnzahlungSonst: {"1711", "3260"},
	} {
		k[z] = numbers[column] + strings.Repeat("0", max(0, min(laenge, LaengeBis)-LaengeAb))
	}
	return k
}

// ErrKonto reports an account that cannot be.
var ErrKonto = errors.New("no account number")

// Check refuses accounts that are missing, not of the length or not made of digits; and two
// purposes on the account of the cash, whose balance must be that of the drawers.
func (k Konten) Check(laenge int) error {
	if laenge < LaengeAb || laenge > LaengeBis {
		return fmt.Errorf("%w: length %d", ErrKonto, laenge)
	}
	for _, z := range Zwecke() {
		n := k[z]
		if len(n) != laenge || strings.Trim(n, "0123456789") != "" || strings.Trim(n, "0") == "" {
			return fmt.Errorf("%w: %s for %s", ErrKonto, n, z)
		}
	}
	others := slices.DeleteFunc(Zwecke(), func(z Zweck) bool { return z == Bargeld || k[z] != k[Bargeld] })
	if len(others) > 0 {
		return fmt.Errorf("%w: %s is the account of the cash and of %s", ErrKonto, k[Bargeld], others[0])
	}
	return nil
}
