// Package kundenanzeige is what a customer sees on the second screen of a till: what lies on the
// counter, what is due, the change, and the digital receipt. Nobody is named there (ADR 0033).
package kundenanzeige

import (
	"context"
	"sync"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/drucker"
	"github.com/offizin/offizin/workflow/verkauf"
)

// How long something is shown, unless the next sale begins before.
const (
	DankDauer = time.Minute
	CodeDauer = 3 * time.Minute
)

// Lage is what is shown.
type Lage string

// The states.
const (
	Ruht    Lage = "ruht"
	Vorgang Lage = "vorgang"
	Bezahlt Lage = "bezahlt"
	Digital Lage = "digital" // a QR code
)

// Zeile is a line as a customer sees it.
type Zeile struct {
	Name      string
	Menge     int
	Preis     money.Cent // per pack
	Rabatt    money.Cent
	Zuzahlung money.Cent
	Aufpreis  money.Cent // Mehrkosten and Eigenbeteiligung
	Erlassen  money.Cent
	Traeger   money.Cent // the Kostentraeger pays
	Betrag    money.Cent // the customer pays
}

// Stand is what is shown now.
type Stand struct {
	Lage     Lage
	Apotheke string
	Uebung   bool // the till practises
	Zeilen   []Zeile
	Summe    money.Cent // the customer pays; negative: gets back

	Zahlungen []bon.Zahlung // of Bezahlt
	Rueckgeld money.Cent

	Nummer string        // of the Bon of Digital
	Code   [][]bool      // its modules, row by row
	Noch   time.Duration // until something else is shown; 0: nobody knows
}

// Dienste is what the service stands on.
type Dienste struct {
	Verkauf *verkauf.Service
	Drucker *drucker.Service
	// Packen packs a receipt into what stands behind "#" in an address; nil: there are no
	// digital receipts.
	Packen func(quittung.Beleg) (string, error)
}

// Service knows what the screen of this machine shows.
type Service struct {
	Dienste

	kern *workflow.Kern
	bell journal.Bell // the code has come or gone

	giving sync.Mutex // held while a receipt is given: two presses give one

	mu   sync.Mutex
	code *code
}

// New returns the service.
func New(k *workflow.Kern, d Dienste) *Service { return &Service{Dienste: d, kern: k} }

// Changed returns a channel that is closed when a code has come or gone.
func (s *Service) Changed() <-chan struct{} { return s.bell.Changed() }

// Stand is what is shown now: the code, else the cart that this machine works on, else what was
// just paid, else nothing.
func (s *Service) Stand(ctx context.Context) (Stand, error) {
	out, err := s.kopf(ctx)
	if err != nil {
		return out, err
	}
	v, err := s.Verkauf.Aktuell(ctx)
	if err != nil {
		return out, err
	}
	if c := s.gezeigt(v.Vorgang.ID, v.Vorgang.Version); c != nil {
		out.Lage, out.Nummer, out.Code, out.Noch = Digital, c.nummer, c.rows, c.bis-s.kern.Clock.Mono()
		return out, nil
	}
	if len(v.Zeilen) > 0 {
		out.Lage, out.Summe = Vorgang, v.Summen.Patient
		out.Uebung = out.Uebung || v.Bon("", s.kern.Clock.Now()).Uebung
		for _, z := range v.Zeilen {
			out.Zeilen = append(out.Zeilen, zeile(z.Rechnung))
		}
		return out, nil
	}
	return s.bezahlt(ctx, out)
}

// kopf is what is always shown.
func (s *Service) kopf(ctx context.Context) (out Stand, err error) {
	out.Lage = Ruht
	err = s.kern.Store.View(ctx, func(rows journal.Rows) error {
		var err error
		if out.Apotheke, err = haus.Einstellung(rows, "name"); err != nil {
			return err
		}
		out.Uebung, err = haus.Uebungsbetrieb(rows, s.kern.Till)
		return err
	})
	return out, err
}

// bezahlt shows the last Bon of this till for a moment, or that in practice.
func (s *Service) bezahlt(ctx context.Context, out Stand) (Stand, error) {
	b, found, err := s.letzter(ctx)
	left := DankDauer - s.kern.Clock.Now().Sub(time.Unix(0, b.Zeit).UTC())
	if err != nil || !found || b.Nacherfassung || left <= 0 || left > DankDauer+time.Second {
		return out, err
	}
	out.Lage, out.Summe, out.Zahlungen, out.Rueckgeld = Bezahlt, b.Summen().Patient, b.Zahlungen, b.Rueckgeld()
	out.Uebung, out.Noch = out.Uebung || b.Uebung, left
	for _, p := range b.Positionen {
		out.Zeilen = append(out.Zeilen, zeile(p))
	}
	return out, nil
}

// letzter is what has the last number of this till, if a customer paid it.
func (s *Service) letzter(ctx context.Context) (b bon.Bon, found bool, err error) {
	number, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (string, error) {
		next, err := bons.Next(rows, s.kern.Till)
		if err != nil {
			return "", err
		}
		till, running, err := bons.Split(next)
		return bons.Number(till, running-1), err
	})
	if err != nil {
		return b, false, err
	}
	v, err := s.Verkauf.Bon(ctx, number)
	if fault.KindOf(err) == fault.NotFound {
		return b, false, nil
	}
	return v.Bon, err == nil, err
}

// zeile is a line of the cart or of a Bon without all that is nobody's business: who it is for,
// what it is prescribed on, and the number of a voucher, which is as good as money.
func zeile(p bon.Position) Zeile {
	name := p.Bezeichnung
	if p.Packung != "" {
		name += " " + p.Packung
	}
	if p.Geschaeft == bon.Gutscheinkauf || p.Geschaeft == bon.Gutscheineinloesung {
		name = "Gutschein"
	}
	return Zeile{
		Name: name, Menge: p.Menge, Preis: p.Preis, Rabatt: p.Rabatt, Zuzahlung: p.Zuzahlung,
		Aufpreis: p.Mehrkosten + p.Eigenbeteiligung, Erlassen: p.Kulanz, Traeger: p.TraegerZahlt, Betrag: p.Patient(),
	}
}
