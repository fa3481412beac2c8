// Package tagesabschluss is what is done with the cash of a till: it is moved, counted and
// closed (AEAO zu § 146a, DSFinV-K 2.4, ADR 0029). What is in the drawer by book is known at
// any time; a difference is a record of its own; a closing never changes.
package tagesabschluss

import (
	"cmp"
	"context"
	"slices"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/workflow"
)

// Service keeps the cash.
type Service struct {
	kern   *workflow.Kern
	geraet abschluss.Geraet
}

// New returns the service. Geraet is this till as a machine, without its serial number.
func New(k *workflow.Kern, geraet abschluss.Geraet) *Service { return &Service{k, geraet} }

// Lage is how the cash of a till stands.
type Lage struct {
	kassenbuch.Stand
	Eigen   bool       // it is the till of this machine
	Anfang  money.Cent // by book after the last closing
	Zeilen  []Zeile    // what moved the cash since then, in order of time
	Belege  int        // of this till since then, of all kinds
	Tag     civil.Day  // business day of the next closing
	Alt     bool       // it began before today: it should be closed
	Nummer  int        // Z of the next closing
	Blind   bool       // who counts sees the balance only afterwards
	Letzter *abschluss.Abschluss
	Offene  []Vorgang // carts with lines on the counter: they hold up a closing
	Geparkt []Vorgang // parked ones: they do not
	// Mehrfach are Bons of which this till undid something since then, and of which more came back than was sold.
	Mehrfach []string
	// Eroeffnet says that it has had its opening balance, or was counted: there is no other.
	Eroeffnet bool
}

// Zeile is a record that moved cash, with the balance after it.
type Zeile struct {
	kassenbuch.Zeile
	Danach money.Cent
}

// Vorgang is a cart that is not paid yet.
type Vorgang struct {
	ID, Notiz string
	Zeilen    int
}

// Tills are the drawers of all tills that ever booked anything, and of this one.
func (s *Service) Tills(ctx context.Context) ([]kassenbuch.Stand, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) ([]kassenbuch.Stand, error) {
		list, err := kassenbuch.Laden(rows)
		own := kassenbuch.Stand{Till: s.kern.Till, Platz: s.kern.Platz}
		i, found := slices.BinarySearchFunc(list, own, func(a, b kassenbuch.Stand) int { return cmp.Compare(a.Till, b.Till) })
		if !found {
			list = slices.Insert(list, i, own)
		}
		return list, err
	})
}

// Lage says how the cash of a till stands; empty: of this one.
func (s *Service) Lage(ctx context.Context, till string) (Lage, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (Lage, error) { return s.lage(rows, till) })
}

func (s *Service) lage(rows journal.Rows, till string) (l Lage, err error) {
	if l.Stand, err = s.lade(rows, till); err != nil {
		return l, err
	}
	l.Eigen = l.Till == s.kern.Till
	if l.Nummer, err = kassenbuch.Next(rows, l.Till); err != nil {
		return l, err
	}
	last, found, err := kassenbuch.Letzter(rows, l.Till)
	if err != nil {
		return l, err
	}
	if found {
		l.Letzter, l.Eroeffnet = &last, true
	}
	if err := l.bewegt(rows); err != nil {
		return l, err
	}
	if l.Belege, err = anzahl(rows, l.Till, last.Bis); err != nil {
		return l, err
	}
	today := clock.Today(s.kern.Clock)
	l.Tag = today
	first, open, err := kassenbuch.Offen(rows, l.Till)
	if open {
		l.Tag = abschluss.Buchungstag([]bon.Bon{first}, today)
		l.Alt = l.Tag < today
	}
	if err != nil {
		return l, err
	}
	if l.Mehrfach, err = mehrfach(rows, l.Till); err != nil {
		return l, err
	}
	if l.Offene, l.Geparkt, err = wagen(rows, l.Platz); err != nil {
		return l, err
	}
	blind, err := haus.Einstellung(rows, "blindzaehlung")
	l.Blind = blind == "ja"
	return l, err
}

// lade is the drawer of a till that exists.
func (s *Service) lade(rows journal.Rows, till string) (kassenbuch.Stand, error) {
	till = cmp.Or(till, s.kern.Till)
	l, err := kassenbuch.Lade(rows, till)
	if till == s.kern.Till {
		l.Platz = s.kern.Platz
	}
	if err == nil && l.Platz == "" {
		err = fault.New(fault.NotFound, "T-516",
			"Diesen Platz gibt es im Kassenbuch nicht – wählen Sie einen aus der Liste.", nil)
	}
	return l, err
}

// bewegt reads what moved the cash, and works the balances out from the one there is.
func (l *Lage) bewegt(rows journal.Rows) error {
	list, err := kassenbuch.Zeilen(rows, l.Till)
	if err != nil {
		return err
	}
	l.Anfang = l.Bar
	for _, z := range list {
		l.Anfang -= z.Betrag
	}
	sum := l.Anfang
	for _, z := range list {
		sum += z.Betrag
		l.Eroeffnet = l.Eroeffnet || istAnfangsbestand(z)
		l.Zeilen = append(l.Zeilen, Zeile{z, sum})
	}
	return nil
}

// anzahl counts the records of a till after a number.
func anzahl(rows journal.Rows, till, bis string) (int, error) {
	next, err := bons.Next(rows, till)
	if err != nil {
		return 0, err
	}
	_, n, err := bons.Split(next)
	if err != nil || bis == "" {
		return n - 1, err
	}
	_, last, err := bons.Split(bis)
	return n - 1 - last, err
}

// wagen are the carts with lines that a machine has.
func wagen(rows journal.Rows, platz string) (open, parked []Vorgang, err error) {
	list, err := vorgaenge.List(rows)
	for _, v := range list {
		if v.Platz != platz || len(v.Positionen) == 0 {
			continue
		}
		w := Vorgang{ID: v.ID, Notiz: v.Notiz, Zeilen: len(v.Positionen)}
		if v.Zustand == vorgang.Offen {
			open = append(open, w)
		} else {
			parked = append(parked, w)
		}
	}
	return open, parked, err
}

// Ueberfaellig are the tills whose day began before today and is not closed.
func (s *Service) Ueberfaellig(ctx context.Context) ([]string, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (list []string, err error) {
		all, err := kassenbuch.Laden(rows)
		if err != nil {
			return nil, err
		}
		today := clock.Today(s.kern.Clock)
		for _, l := range all {
			first, open, err := kassenbuch.Offen(rows, l.Till)
			if err != nil {
				return nil, err
			}
			if open && abschluss.Buchungstag([]bon.Bon{first}, today) < today {
				list = append(list, l.Till)
			}
		}
		return list, nil
	})
}

// fremd refuses to touch the drawer of another till that answers: there it is counted by who
// stands before it.
func (s *Service) fremd(l kassenbuch.Stand) error {
	if l.Till == s.kern.Till || l.Platz == s.kern.Platz || s.kern.Sicht == nil || !s.kern.Sicht.Antwortet(l.Platz) {
		return nil
	}
	return fault.New(fault.Conflict, "T-515",
		"Dieser Platz läuft – bewegen und zählen Sie sein Bargeld dort.", nil)
}
