// Package rechnung prices a cart: what each line costs, who pays it and why, and what law
// and data object to. It reads only; what people do with a cart is workflow/verkauf.
package rechnung

import (
	"slices"
	"time"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
)

// MaxOffene bounds the list of open carts.
const MaxOffene = 50

// MaxRezepte is how many prescriptions one cart serves.
const MaxRezepte = 20

// Service prices carts.
type Service struct {
	kern     *workflow.Kern
	personen *person.Service
	rezepte  *rezeptannahme.Service
	vorrat   vorrat
}

// New returns the service.
func New(k *workflow.Kern, p *person.Service, r *rezeptannahme.Service) *Service {
	return &Service{kern: k, personen: p, rezepte: r}
}

// Ansicht is a cart as it stands on the counter: with prices, reasons and stock.
type Ansicht struct {
	Vorgang     vorgang.Vorgang
	Zeilen      []Zeile
	Summen      bon.Summen
	Kunde       *person.Person
	Rezepte     []rezeptannahme.Eintrag
	Hinweise    []befund.Befund
	Tag         civil.Day // day the prices belong to
	Katalog     string    // generation the prices are from
	Noctu       bool      // the Noctu fee is proposed: its hours, a line, no such fee yet
	Uebung      bool      // the till practises: nothing is sold
	Unbar       bool      // the insurer's share is booked as a payment
	KannZurueck bool      // there is a change to undo
	Zuletzt     string    // the last change
}

// Zeile is one line of the cart, computed.
type Zeile struct {
	Position            vorgang.Position
	Artikel             artikel.Artikel // zero for what is no article
	Rechnung            bon.Position
	Bestand, Vorgemerkt int
	Rest                money.Cent // left on a voucher, or owed in all, after this cart
	Befunde             []befund.Befund
}

// Befunde are all verdicts on a cart: on itself and on its lines.
func (a Ansicht) Befunde() []befund.Befund {
	list := slices.Clone(a.Hinweise)
	for _, z := range a.Zeilen {
		list = append(list, z.Befunde...)
	}
	return list
}

// Bon is the cart as it is booked, without number, payments and what was taken out of it.
func (a Ansicht) Bon(actor string, now time.Time) bon.Bon {
	b := bon.Bon{
		Vorgang: a.Vorgang.ID, Art: bon.Verkauf, Nacherfassung: a.Vorgang.Geschehen != 0, Beleg: a.Vorgang.Beleg,
		Zeit: When(a.Vorgang, now).UnixNano(), Tag: a.Tag, Benutzer: actor, Kunde: a.Vorgang.Kunde, Katalog: a.Katalog,
		Uebung: a.Uebung, Unbar: a.Unbar,
	}
	for _, z := range a.Zeilen {
		b.Positionen = append(b.Positionen, z.Rechnung)
		for _, r := range a.Rezepte {
			b.Uebung = b.Uebung || r.Uebung && r.ID == z.Position.Rezept
		}
	}
	return b
}
