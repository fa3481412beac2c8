// Package abschluss says what a Kassenabschluss is: the Z of a till, computed from its records
// since the last one, with the cash that was counted and the master data as they were then
// (AEAO zu § 146a Nr. 2.2.3.3, DSFinV-K 2.4 Nr. 3.2 and Anhang G).
package abschluss

import (
	"cmp"
	"slices"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
)

// Kopf is what is known of a closing before anything is summed up.
type Kopf struct {
	Till     string    `json:"till"`            // prefix of its receipt numbers
	Serie    string    `json:"serie,omitempty"` // KassenSeriennummer; empty: no TSE was set up for it
	Nummer   int       `json:"nummer"`          // Z_NR: gapless per till, from 1
	Zeit     int64     `json:"zeit"`            // Z_ERSTELLUNG, UTC nanoseconds
	Tag      civil.Day `json:"tag"`             // Z_BUCHUNGSTAG: business day, that of the first record
	Benutzer string    `json:"benutzer"`
	Platz    string    `json:"platz"` // machine that closed; for a dead till it is another one
}

// Abschluss is a closing. It never changes.
type Abschluss struct {
	Kopf
	Von    string `json:"von"`    // Z_START_ID: number of the first record
	Bis    string `json:"bis"`    // Z_ENDE_ID: number of the last one
	Anzahl int    `json:"anzahl"` // of records, of all kinds
	// Fremde are the numbers of records of other tills whose cash was counted with this one.
	Fremde []string `json:"fremde,omitempty"`

	Geschaefte []Geschaeft `json:"geschaefte"` // businesscases.csv
	Zahlungen  []Zahlung   `json:"zahlungen"`  // payment.csv

	// The cash of the drawer. Anfang is what was there by book after the last closing, Barbestand
	// after this one, which is what was counted. Differenz is what the record of the difference
	// moved: too much is positive.
	Anfang     money.Cent `json:"anfang"`
	Barbestand money.Cent `json:"barbestand"`
	Differenz  money.Cent `json:"differenz"`
	Zaehlung   Zaehlung   `json:"zaehlung"`

	// GezaehltMit is the Z with whose count this one was closed, by book: the master data changed
	// between the two; 0: its cash was counted itself.
	GezaehltMit int `json:"gezaehlt_mit,omitempty"`

	Stamm Stammdaten `json:"stamm"`
}

// Geschaeft is the sum of a business case under a VAT key. Amounts are sums of the lines as
// they were booked, never computed anew.
type Geschaeft struct {
	Typ        bon.Geschaeft `json:"typ"`            // GV_TYP
	Name       string        `json:"name,omitempty"` // GV_NAME
	Schluessel int           `json:"schluessel"`     // UST_SCHLUESSEL
	Satz       money.PPM     `json:"satz"`
	Brutto     money.Cent    `json:"brutto"`
	Netto      money.Cent    `json:"netto"`
	Steuer     money.Cent    `json:"steuer"`
}

// Zahlung is the sum of a means of payment.
type Zahlung struct {
	Art    kassenbeleg.Zahlart `json:"art"`
	Name   string              `json:"name"`
	Betrag money.Cent          `json:"betrag"`
}

// Compute sums up the records of a till since its last closing, in order of their numbers.
// Fremde are the records that moved cash of its drawer and have a number of another till; they
// belong to a closing of that one, and count here for the cash only. Only a Beleg is turnover
// (DSFinV-K 2.4): training, orders and dropped carts are counted, not summed.
func Compute(k Kopf, anfang money.Cent, belege, fremde []bon.Bon) Abschluss {
	a := Abschluss{Kopf: k, Anzahl: len(belege), Anfang: anfang, Barbestand: anfang}
	if len(belege) > 0 {
		a.Von, a.Bis = belege[0].Nummer, belege[len(belege)-1].Nummer
	}
	for _, b := range belege {
		a.add(kassenbeleg.Aus(b))
		a.Barbestand += Bargeld(b, k.Till, k.Till)
	}
	for _, b := range fremde {
		a.Fremde = append(a.Fremde, b.Nummer)
		a.Barbestand += Bargeld(b, "", k.Till)
	}
	a.ordne()
	return a
}

func (a *Abschluss) ordne() {
	slices.SortFunc(a.Geschaefte, func(x, y Geschaeft) int {
		return cmp.Or(cmp.Compare(x.Typ, y.Typ), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Schluessel, y.Schluessel),
			cmp.Compare(x.Satz, y.Satz))
	})
	slices.SortFunc(a.Zahlungen, func(x, y Zahlung) int {
		return cmp.Or(cmp.Compare(x.Art, y.Art), cmp.Compare(x.Name, y.Name))
	})
}

func (a *Abschluss) add(k kassenbeleg.Kassenbeleg) {
	if k.Typ != kassenbeleg.Beleg {
		return
	}
	for _, g := range k.Geschaefte {
		a.geschaeft(Geschaeft{
			Typ: g.Typ, Name: g.Name, Schluessel: g.Schluessel, Satz: g.Satz, Brutto: g.Brutto, Netto: g.Netto, Steuer: g.Steuer,
		})
	}
	for _, z := range k.Zahlungen {
		a.zahlung(Zahlung{Art: z.Art, Name: z.Name, Betrag: z.Betrag})
	}
}

// geschaeft adds to the sum of a business case. A rate that changed within one closing keeps its
// sums apart.
func (a *Abschluss) geschaeft(g Geschaeft) {
	key := Geschaeft{Typ: g.Typ, Name: g.Name, Schluessel: g.Schluessel, Satz: g.Satz}
	i := slices.IndexFunc(a.Geschaefte, func(x Geschaeft) bool {
		x.Brutto, x.Netto, x.Steuer = 0, 0, 0
		return x == key
	})
	if i < 0 {
		a.Geschaefte = append(a.Geschaefte, g)
		return
	}
	to := &a.Geschaefte[i]
	to.Brutto, to.Netto, to.Steuer = to.Brutto+g.Brutto, to.Netto+g.Netto, to.Steuer+g.Steuer
}

// zahlung adds to the sum of a means of payment.
func (a *Abschluss) zahlung(z Zahlung) {
	i := slices.IndexFunc(a.Zahlungen, func(x Zahlung) bool { return x.Art == z.Art && x.Name == z.Name })
	if i < 0 {
		a.Zahlungen = append(a.Zahlungen, z)
		return
	}
	a.Zahlungen[i].Betrag += z.Betrag
}

// Bargeld is the cash that a record of the till moved in the drawer of a till: only a Beleg
// moves any.
func Bargeld(b bon.Bon, till, lade string) (sum money.Cent) {
	if cmp.Or(b.Lade, till) != lade {
		return 0
	}
	k := kassenbeleg.Aus(b)
	if k.Typ != kassenbeleg.Beleg {
		return 0
	}
	for _, z := range k.Zahlungen {
		if z.Art == kassenbeleg.Bar {
			sum += z.Betrag
		}
	}
	return sum
}

// Soll is the cash by book when it was counted.
func (a Abschluss) Soll() money.Cent { return a.Barbestand - a.Differenz }

// Summe is Z_SE_ZAHLUNGEN: all payments.
func (a Abschluss) Summe() (sum money.Cent) {
	for _, z := range a.Zahlungen {
		sum += z.Betrag
	}
	return sum
}

// Bar is Z_SE_BARZAHLUNGEN: the payments in cash.
func (a Abschluss) Bar() (sum money.Cent) {
	for _, z := range a.Zahlungen {
		if z.Art == kassenbeleg.Bar {
			sum += z.Betrag
		}
	}
	return sum
}

// Buchungstag is the business day of records: that of the first one, also past midnight. Sales
// that were entered from slips happened before and do not count; if there is nothing else, it
// is today.
func Buchungstag(belege []bon.Bon, heute civil.Day) civil.Day {
	for _, b := range belege {
		if !b.Nacherfassung {
			return min(b.Tag, heute)
		}
	}
	return heute
}
