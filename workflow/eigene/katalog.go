package eigene

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/offizin/offizin/catalogue"
	ueber "github.com/offizin/offizin/catalogue/eigene"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/eigene"
	"github.com/offizin/offizin/workflow"
)

// Katalog is a catalogue with the articles and prices of the pharmacy's own laid over it.
// It keeps them in memory and reads them anew only when the journal has others; it asks by
// what was folded, not by time. It is safe for concurrent use.
type Katalog struct {
	catalogue.Catalogue // without what is the pharmacy's own

	store   journal.Store
	current atomic.Pointer[lage]
}

// lage are articles and prices as of one state of the projection.
type lage struct {
	stand  string
	eigene *ueber.Eigene
}

var _ workflow.Zeilenkatalog = (*Katalog)(nil)

// NewKatalog lays what the journal has over a catalogue.
func NewKatalog(store journal.Store, basis catalogue.Catalogue) *Katalog {
	return &Katalog{Catalogue: basis, store: store}
}

// Am implements catalogue.Catalogue. It opens a view: inside an act or a view it is In.
func (k *Katalog) Am(day civil.Day) (gen catalogue.Generation, err error) {
	viewErr := k.store.View(context.Background(), func(rows journal.Rows) error {
		gen, err = k.In(rows).Am(day)
		return nil
	})
	if viewErr != nil {
		return nil, fmt.Errorf("read own articles: %w", viewErr)
	}
	return gen, err
}

// Eigene returns articles and prices as they are now: for another process, which has the
// catalogue and not the journal.
func (k *Katalog) Eigene(ctx context.Context) (e *ueber.Eigene, err error) {
	err = k.store.View(ctx, func(rows journal.Rows) error {
		l, err := k.lage(rows)
		if err == nil {
			e = l.eigene
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read own articles: %w", err)
	}
	return e, nil
}

// In implements workflow.Zeilenkatalog.
func (k *Katalog) In(rows journal.Rows) catalogue.Catalogue { return &inZeilen{k, rows} }

// inZeilen is the catalogue as of one moment.
type inZeilen struct {
	*Katalog

	rows journal.Rows
}

// Am implements catalogue.Catalogue.
func (z *inZeilen) Am(day civil.Day) (catalogue.Generation, error) {
	gen, err := z.Catalogue.Am(day)
	if err != nil {
		return nil, err
	}
	l, err := z.lage(z.rows)
	if err != nil {
		return nil, err
	}
	return l.eigene.Ueber(gen, day), nil
}

// lage returns articles and prices as of the rows.
func (k *Katalog) lage(rows journal.Rows) (*lage, error) {
	stand, err := eigene.Stand(rows)
	if err != nil {
		return nil, err
	}
	if l := k.current.Load(); l != nil && l.stand == stand {
		return l, nil
	}
	l := &lage{stand: stand}
	if l.eigene, err = lies(rows); err != nil {
		return nil, err
	}
	k.current.Store(l)
	return l, nil
}

// lies makes the overlay of the rows. What has no PZN that can be looked up is left out:
// no row may stop the till.
func lies(rows journal.Rows) (*ueber.Eigene, error) {
	own, err := eigene.Artikel(rows)
	if err != nil {
		return nil, err
	}
	list := make([]artikel.Artikel, 0, len(own))
	for _, e := range own {
		if _, err := kennung.ParsePZN(string(e.PZN)); err == nil {
			list = append(list, Artikel(e))
		}
	}
	stored, err := eigene.Preise(rows)
	if err != nil {
		return nil, err
	}
	preise := map[kennung.PZN][]ueber.Preis{}
	for _, p := range stored {
		if p.Preis > 0 {
			preise[p.PZN] = append(preise[p.PZN], ueber.Preis{Ab: p.Ab, Bis: p.Bis, Preis: p.Preis})
		}
	}
	return ueber.New(list, preise)
}

// Artikel is an article of the pharmacy's own as the till sells it. One that was taken out
// is sold off, and not ordered any more.
func Artikel(e event.EigenerArtikelGesetzt) artikel.Artikel {
	a := artikel.Artikel{
		PZN: e.PZN, Name: e.Name, Hersteller: e.Hersteller, Darreichungsform: e.Darreichungsform, Menge: e.Menge,
		Einheit: e.Einheit, Art: artikel.Freiwahl, Status: artikel.Verkehr, MwSt: e.MwSt, UVP: e.Preis, AEP: e.Einkauf,
		GTIN: e.GTIN,
	}
	if e.Ausgelistet {
		a.Status = artikel.AusserVertrieb
	}
	return a
}
