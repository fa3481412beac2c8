package rezeptannahme

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/personen"
	"github.com/offizin/offizin/projection/rezepte"
	"github.com/offizin/offizin/workflow"
)

// gelesen is a stored prescription, and whether its patient is still on file.
type gelesen struct {
	rezepte.Eintrag
	lebt bool
}

// Find returns a prescription; false if unknown.
func (s *Service) Find(ctx context.Context, id string) (Eintrag, bool, error) {
	found := false
	x, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (gelesen, error) {
		x, ok, err := rezepte.Find(rows, id)
		if found = ok; err != nil || !ok {
			return gelesen{}, err
		}
		return lies(rows, x)
	})
	if err != nil || !found {
		return Eintrag{}, false, err
	}
	e, err := s.open(ctx, x)
	return e, true, err
}

func lies(rows journal.Rows, x rezepte.Eintrag) (gelesen, error) {
	_, ok, err := personen.Find(rows, x.Person)
	return gelesen{x, ok}, err
}

// Filter selects prescriptions.
type Filter struct {
	Zustand Zustand // empty: all
	Limit   int     // 0: 100
}

// Liste returns prescriptions, newest first.
func (s *Service) Liste(ctx context.Context, f Filter) ([]Eintrag, error) {
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	var stored []gelesen
	err := s.kern.Store.View(ctx, func(rows journal.Rows) error {
		stored = stored[:0]
		return rezepte.Each(rows, func(x rezepte.Eintrag) (bool, error) {
			if f.Zustand != "" && zustand(x) != f.Zustand {
				return true, nil
			}
			g, err := lies(rows, x)
			stored = append(stored, g)
			return len(stored) < limit, err
		})
	})
	if err != nil {
		return nil, err
	}
	list := make([]Eintrag, 0, len(stored))
	for _, x := range stored {
		e, err := s.open(ctx, x)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// open decrypts a prescription. What the law says about it depends on the day and is
// judged anew each time.
func (s *Service) open(ctx context.Context, x gelesen) (Eintrag, error) {
	e := Eintrag{
		ID: x.ID, Person: x.Person, Uebung: x.Uebung, Angenommen: time.Unix(0, x.Zeit).UTC(), Bons: x.Bons,
		Abgegeben: make([]int, x.Zeilen), Zustand: zustand(x.Eintrag), Grund: x.Zurueckgegeben,
	}
	for i := range e.Abgegeben {
		e.Abgegeben[i] = x.Abgegeben[i]
	}
	r, ok, err := s.inhalt(ctx, x)
	if err != nil {
		return e, err
	}
	if !ok {
		e.Geloescht = true
		return e, nil
	}
	e.Rezept = r
	e.Befunde = Befunde(r, s.today())
	return e, nil
}

// Befunde is all that stands against supplying a prescription on a day: what was found
// when it was read, what law says, and wrong numbers of one that was typed.
func Befunde(r rezept.Rezept, day civil.Day) []befund.Befund {
	list := append(slices.Clone(r.Befunde), rezept.Check(r, day)...)
	if r.Herkunft != rezept.ERezept {
		list = append(list, rezept.Nummern(r)...)
	}
	return list
}

// inhalt is what is sealed; false if its patient was erased.
func (s *Service) inhalt(ctx context.Context, x gelesen) (rezept.Rezept, bool, error) {
	if !x.lebt {
		s.vorrat.vergiss(x.ID)
		return rezept.Rezept{}, false, nil
	}
	if r, ok := s.vorrat.nimm(x.ID, x.Daten); ok {
		return r, true, nil
	}
	plain, err := s.kern.Store.Open(ctx, x.Daten)
	if errors.Is(err, journal.ErrErased) {
		s.vorrat.vergiss(x.ID)
		return rezept.Rezept{}, false, nil
	}
	if err != nil {
		return rezept.Rezept{}, false, fmt.Errorf("open prescription %s: %w", x.ID, err)
	}
	var r rezept.Rezept
	if err := json.Unmarshal(plain, &r); err != nil {
		return r, false, fmt.Errorf("decode prescription %s: %w", x.ID, err)
	}
	s.vorrat.lege(x.ID, x.Daten, r)
	return r, true, nil
}

func (s *Service) today() civil.Day { return clock.Today(s.kern.Clock) }

func zustand(x rezepte.Eintrag) Zustand {
	packs, lines := 0, 0
	for _, n := range x.Abgegeben {
		packs += n
		if n > 0 {
			lines++
		}
	}
	switch {
	case x.Zurueckgegeben != "":
		return Zurueckgegeben
	case packs == 0:
		return Offen
	case lines < x.Zeilen:
		return Teilweise
	}
	return Beliefert
}

// maxVorrat bounds the prescriptions that stay open in memory.
const maxVorrat = 1000

// vorrat keeps opened prescriptions, because opening stands in the way of a sale. What
// it holds counts only for the sealed bytes it was opened from, and only while the
// patient is on file.
type vorrat struct {
	mu    sync.Mutex
	offen map[string]geoeffnet
}

type geoeffnet struct {
	daten  []byte
	rezept rezept.Rezept
}

func (v *vorrat) nimm(id string, d journal.Sealed) (rezept.Rezept, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	o, ok := v.offen[id]
	if !ok || !bytes.Equal(o.daten, d.Data) {
		return rezept.Rezept{}, false
	}
	return o.rezept, true
}

func (v *vorrat) lege(id string, d journal.Sealed, r rezept.Rezept) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.offen == nil || len(v.offen) >= maxVorrat {
		v.offen = map[string]geoeffnet{}
	}
	v.offen[id] = geoeffnet{d.Data, r}
}

func (v *vorrat) vergiss(id string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.offen, id)
}
