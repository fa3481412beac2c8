package eigene

import (
	"context"
	"fmt"
	"iter"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/eigene"
	"github.com/offizin/offizin/workflow"
)

// Eingabe is an article as it is typed, and as the journal has it.
type Eingabe = event.EigenerArtikelGesetzt

// Preiseingabe is a price as it is typed, and as the journal has it.
type Preiseingabe = event.EigenerPreisGesetzt

// Service makes and changes what is the pharmacy's own.
type Service struct {
	kern  *workflow.Kern
	basis catalogue.Catalogue // without what is the pharmacy's own
}

// New returns the service. Basis is the catalogue below: what it says is shown beside.
func New(k *workflow.Kern, basis catalogue.Catalogue) *Service { return &Service{k, basis} }

// do is an act of the service. The catalogue is read anew at once, and not by the next sale.
func (s *Service) do(
	ctx context.Context, a workflow.Auftrag, input any, decide workflow.Decide,
) (journal.Result, error) {
	r, err := s.kern.Do(ctx, a, input, decide)
	if err == nil {
		_, _ = s.kern.Katalog.Am(clock.Today(s.kern.Clock)) // who needs it meets the error
	}
	return r, err
}

// Vorschlag returns the PZN that the next article gets; empty if all are used up.
func (s *Service) Vorschlag(ctx context.Context) (kennung.PZN, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (kennung.PZN, error) {
		gen, err := s.kern.KatalogIn(rows).Am(clock.Today(s.kern.Clock))
		if err != nil {
			return "", err
		}
		for p := range nummern() {
			if _, taken, err := gen.Artikel(ctx, p); err != nil || !taken {
				return p, err
			}
		}
		return "", nil
	})
}

// Anlegen makes an article and returns its PZN: the one that is given, else the next free.
func (s *Service) Anlegen(
	ctx context.Context, a workflow.Auftrag, e Eingabe,
) (kennung.PZN, error) {
	e.Ausgelistet = false
	e, err := pruefe(e)
	if err != nil {
		return "", err
	}
	r, err := s.do(ctx, a, []any{"eigener artikel", e}, func(rows journal.Rows) ([]journal.Event, error) {
		gen, err := s.kern.KatalogIn(rows).Am(clock.Today(s.kern.Clock))
		if err != nil {
			return nil, err
		}
		made, err := neuer(ctx, gen, e)
		if err == nil {
			err = eindeutig(ctx, gen, made)
		}
		return []journal.Event{made}, err
	})
	if err != nil {
		return "", err
	}
	made, err := event.Decode(r.Records[0].Type, r.Records[0].Payload)
	if own, ok := made.(Eingabe); ok {
		return own.PZN, nil
	}
	return "", fmt.Errorf("read back what was made: %w", err)
}

// nummern are the PZN that are given out: all of the house ranges that a scan cannot take
// for an EAN-8.
func nummern() iter.Seq[kennung.PZN] {
	return func(yield func(kennung.PZN) bool) {
		for p := range kennung.HausPZNs() {
			if _, err := kennung.ParseGTIN(string(p)); err != nil && !yield(p) {
				return
			}
		}
	}
}

// neuer is the article with its PZN, which nobody has.
func neuer(
	ctx context.Context, gen catalogue.Generation, e Eingabe,
) (Eingabe, error) {
	if e.PZN == "" {
		for p := range nummern() {
			if _, taken, err := gen.Artikel(ctx, p); err != nil || !taken {
				e.PZN = p
				return e, err
			}
		}
	}
	if err := hausPZN(e.PZN); err != nil {
		return e, err
	}
	_, taken, err := gen.Artikel(ctx, e.PZN)
	if err == nil && taken {
		err = vergeben()
	}
	return e, err
}

func vergeben() error {
	return fault.New(fault.Conflict, "A-665",
		"Diese PZN ist schon vergeben – nehmen Sie die vorgeschlagene oder lassen Sie das Feld leer.", nil)
}

// Aendern replaces everything about an article but its PZN.
func (s *Service) Aendern(
	ctx context.Context, a workflow.Auftrag, pzn kennung.PZN, e Eingabe,
) error {
	e.PZN = pzn
	e, err := pruefe(e)
	if err != nil {
		return err
	}
	return s.setze(ctx, a, pzn, e, func(rows journal.Rows, old Eingabe) (
		Eingabe, error,
	) {
		e.Ausgelistet = old.Ausgelistet
		gen, err := s.kern.KatalogIn(rows).Am(clock.Today(s.kern.Clock))
		if err == nil {
			err = eindeutig(ctx, gen, e)
		}
		return e, err
	})
}

// Auslisten ends an article: what is left of it is sold off, search shows it last.
func (s *Service) Auslisten(ctx context.Context, a workflow.Auftrag, pzn kennung.PZN) error {
	return s.liste(ctx, a, pzn, true)
}

// Aufnehmen takes an ended article back.
func (s *Service) Aufnehmen(ctx context.Context, a workflow.Auftrag, pzn kennung.PZN) error {
	return s.liste(ctx, a, pzn, false)
}

func (s *Service) liste(ctx context.Context, a workflow.Auftrag, pzn kennung.PZN, aus bool) error {
	return s.setze(ctx, a, pzn, aus, func(_ journal.Rows, old Eingabe) (
		Eingabe, error,
	) {
		old.Ausgelistet = aus
		return old, nil
	})
}

func (s *Service) setze(
	ctx context.Context, a workflow.Auftrag, pzn kennung.PZN, input any,
	change func(journal.Rows, Eingabe) (Eingabe, error),
) error {
	_, err := s.do(ctx, a, []any{"eigener artikel", pzn, input}, func(rows journal.Rows) ([]journal.Event, error) {
		old, ok, err := eigene.Find(rows, pzn)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, unbekannt()
		}
		e, err := change(rows, old)
		if err == nil && e == old {
			err = workflow.ErrUnchanged
		}
		return []journal.Event{e}, err
	})
	return err
}

// eindeutig refuses a product code that another article carries: a scan must be certain.
func eindeutig(ctx context.Context, gen catalogue.Generation, e Eingabe) error {
	if e.GTIN == "" {
		return nil
	}
	hits, err := gen.Suche(ctx, catalogue.Anfrage{Text: string(e.GTIN)})
	for _, h := range hits {
		if h.Artikel.GTIN == e.GTIN && h.Artikel.PZN != e.PZN {
			return doppelt(h.Artikel.PZN)
		}
	}
	return err
}

func doppelt(other kennung.PZN) error {
	return fault.New(fault.Conflict, "A-677", "Diesen Strichcode trägt schon der Artikel "+string(other)+
		" – prüfen Sie, ob es derselbe ist.", nil)
}

func unbekannt() error {
	return fault.New(fault.NotFound, "A-669", "Diesen eigenen Artikel gibt es nicht – prüfen Sie die PZN.", nil)
}

// Zurueck takes back the last change of a PZN: what it changed is as it was before. A
// change that made something ends it.
func (s *Service) Zurueck(ctx context.Context, a workflow.Auftrag, pzn kennung.PZN) error {
	_, err := s.do(ctx, a, []any{"eigene zurück", pzn}, func(rows journal.Rows) ([]journal.Event, error) {
		list, err := eigene.Verlauf(rows, pzn, 1000)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			return nil, fault.New(fault.NotFound, "A-679", "Zu dieser PZN gibt es keine Änderung, die sich "+
				"zurücknehmen ließe – prüfen Sie die Ziffern.", nil)
		}
		return []journal.Event{vorher(list)}, nil
	})
	return err
}

// vorher is what the newest of the changes replaced.
func vorher(list []eigene.Aenderung) journal.Event {
	last := list[0]
	for _, c := range list[1:] {
		switch {
		case !c.Gleiches(last):
		case c.Artikel != nil:
			return *c.Artikel
		default:
			return *c.Preis
		}
	}
	if last.Artikel != nil {
		e := *last.Artikel
		e.Ausgelistet = true
		return e
	}
	e := *last.Preis
	e.Preis = 0
	return e
}

// imKatalog is what the catalogue of today says, without what is the pharmacy's own.
func (s *Service) imKatalog(ctx context.Context, pzn kennung.PZN) (katalogartikel, bool, error) {
	gen, err := s.basis.Am(clock.Today(s.kern.Clock))
	if err != nil {
		return katalogartikel{}, false, err
	}
	return gen.Artikel(ctx, pzn)
}
