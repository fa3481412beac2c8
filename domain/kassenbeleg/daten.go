package kassenbeleg

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/money"
)

// The kinds of process that a TSE signs (processType; the case of the letters is signed, too).
const (
	ProzessBeleg      = "Kassenbeleg-V1"
	ProzessBestellung = "Bestellung-V1"
	ProzessSonstiger  = "SonstigerVorgang"
)

// Prozess is the processType of a record.
func (k Kassenbeleg) Prozess() string {
	if k.Typ == AVBestellung {
		return ProzessBestellung
	}
	return ProzessBeleg
}

// Daten is the processData of the record: what the TSE signs and the QR code shows.
func (k Kassenbeleg) Daten() string {
	if k.Typ == AVBestellung {
		return k.bestellung()
	}
	return k.prozess().String()
}

// Prozessdaten is a processData of Kassenbeleg-V1 (DSFinV-K 2.4 Anhang I), read.
type Prozessdaten struct {
	Typ       Typ
	Umsaetze  [5]money.Cent // general, reduced, § 24 (1) Nr. 3, § 24 (1) Nr. 1 UStG, 0 %
	Zahlungen []Klasse
}

// Klasse is what was paid in cash or otherwise, in one currency.
type Klasse struct {
	Betrag   money.Cent // of the currency
	Art      Zahlart    // Bar or Unbar
	Waehrung string     // ISO 4217; empty: EUR
}

// prozess sums the record up: an abandoned one is all zero, as nothing was turned over.
func (k Kassenbeleg) prozess() Prozessdaten {
	p := Prozessdaten{Typ: k.Typ}
	if k.Typ == AVBelegabbruch {
		return p
	}
	for _, g := range k.Geschaefte {
		p.Umsaetze[platz(g.Schluessel)] += g.Brutto
	}
	for _, art := range []Zahlart{Bar, Unbar} {
		var sum money.Cent
		for _, z := range k.Zahlungen {
			if z.Art.klasse() == art {
				sum += z.Betrag
			}
		}
		if sum != 0 { // 0.00 must be left out
			p.Zahlungen = append(p.Zahlungen, Klasse{Betrag: sum, Art: art})
		}
	}
	return p
}

// platz is where the turnover of a VAT key stands among the five amounts. Historical keys have
// two digits, of which the last is the key that they replace.
func platz(schluessel int) int {
	if base := schluessel % 10; schluessel < 100 && base >= 1 && base <= 4 {
		return base - 1
	}
	return 4
}

func (z Zahlart) klasse() Zahlart {
	if z == Bar || z == Keine {
		return z
	}
	return Unbar
}

// String is the text as it is signed.
func (p Prozessdaten) String() string {
	var amounts, paid []string
	for _, c := range p.Umsaetze {
		amounts = append(amounts, c.Decimal())
	}
	for _, z := range p.Zahlungen {
		text := z.Betrag.Decimal() + ":" + string(z.Art)
		if z.Waehrung != "" {
			text += ":" + z.Waehrung
		}
		paid = append(paid, text)
	}
	return string(p.Typ) + "^" + strings.Join(amounts, "_") + "^" + strings.Join(paid, "_")
}

// errDaten is a processData that is not of the form.
var errDaten = errors.New("not a processData of Kassenbeleg-V1")

// maxDaten is the longest processData that is read, in bytes: eight currencies have room.
const maxDaten = 512

// Lesen reads a processData of Kassenbeleg-V1. Only what String writes is accepted: the form is
// exact, and what is signed is compared byte for byte.
func Lesen(s string) (Prozessdaten, error) {
	parts := strings.Split(s, "^")
	if len(s) > maxDaten || len(parts) != 3 {
		return Prozessdaten{}, errDaten
	}
	p := Prozessdaten{Typ: Typ(parts[0])}
	amounts := strings.Split(parts[1], "_")
	if !p.Typ.erlaubt() || len(amounts) != len(p.Umsaetze) {
		return Prozessdaten{}, errDaten
	}
	for i, a := range amounts {
		c, err := money.ParseDecimal(a)
		if err != nil {
			return Prozessdaten{}, fmt.Errorf("%w: %w", errDaten, err)
		}
		p.Umsaetze[i] = c
	}
	var err error
	if p.Zahlungen, err = zahlungen(parts[2]); err != nil {
		return Prozessdaten{}, err
	}
	if p.String() != s {
		return Prozessdaten{}, errDaten
	}
	return p, nil
}

func (t Typ) erlaubt() bool {
	return slices.Contains([]Typ{
		Beleg, AVTransfer, AVBestellung, AVTraining, AVBelegabbruch, AVSachbezug, AVSonstige, AVRechnung,
	}, t)
}

func zahlungen(s string) ([]Klasse, error) {
	if s == "" {
		return nil, nil
	}
	var list []Klasse
	for text := range strings.SplitSeq(s, "_") {
		f := strings.Split(text, ":")
		if len(f) < 2 || len(f) > 3 {
			return nil, errDaten
		}
		c, err := money.ParseDecimal(f[0])
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errDaten, err)
		}
		z := Klasse{Betrag: c, Art: Zahlart(f[1])}
		if len(f) == 3 {
			z.Waehrung = f[2]
		}
		if c == 0 || z.Art != Bar && z.Art != Unbar || len(f) == 3 && !waehrung(z.Waehrung) {
			return nil, errDaten
		}
		list = append(list, z)
	}
	if !slices.IsSortedFunc(list, reihenfolge) || len(slices.CompactFunc(slices.Clone(list), gleich)) != len(list) {
		return nil, errDaten
	}
	return list, nil
}

// reihenfolge is the order of payments: Bar before Unbar, EUR first, then by currency.
func reihenfolge(a, b Klasse) int {
	return cmp.Or(cmp.Compare(a.Art, b.Art), cmp.Compare(a.Waehrung, b.Waehrung))
}

func gleich(a, b Klasse) bool { return a.Art == b.Art && a.Waehrung == b.Waehrung }

func waehrung(s string) bool {
	return len(s) == 3 && s != "EUR" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// bestellung is the processData of Bestellung-V1: a line per position, separated by CR.
func (k Kassenbeleg) bestellung() string {
	var lines []string
	for _, g := range k.Geschaefte {
		if g.Menge == 0 || g.Position == 0 {
			continue
		}
		each := money.Ratio(g.Brutto, 1, int64(g.Menge))
		text := strings.ReplaceAll(g.Bezeichnung, `"`, `""`)
		lines = append(lines, fmt.Sprintf(`%d;"%s";%s`, g.Menge, text, each.Decimal()))
	}
	return strings.Join(lines, "\r")
}
