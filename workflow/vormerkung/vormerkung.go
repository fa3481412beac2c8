// Package vormerkung reserves articles that are not in stock: the customer gets a slip
// with a number, the article gets a line on the order list.
package vormerkung

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/offeneposten"
	"github.com/offizin/offizin/projection/personen"
	"github.com/offizin/offizin/projection/vormerkungen"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
)

// MaxMenge is the most packs of one reservation.
const MaxMenge = 99

// Wie says how a reservation ended.
type Wie string

// The ends.
const (
	Abgeholt  Wie = "abgeholt"
	Verworfen Wie = "verworfen"
)

// Service reserves.
type Service struct {
	kern     *workflow.Kern
	personen *person.Service
}

// New returns the service.
func New(k *workflow.Kern, p *person.Service) *Service { return &Service{k, p} }

// Eingabe is what to reserve, and for whom.
type Eingabe struct {
	PZN    kennung.PZN
	Menge  int
	Kunde  string // person id; empty: Name, or nobody
	Name   string // for the slip, of who is not on file; kept sealed until it is picked up
	Rezept string // id of the prescription it is for
}

// Vormerkung is an open reservation; it is the customer's slip as well.
type Vormerkung struct {
	ID         string
	Nummer     int // on the slip
	Artikel    artikel.Artikel
	Menge      int
	Tag        civil.Day
	Angelegt   time.Time
	Wer        string
	Kunde      string // person id
	Name       string // of the customer; empty if none was given or it was erased
	Rezept     string
	Abholbar   bool // enough of it is in stock
	Bestand    int
	Vorgemerkt int        // packs of all open reservations of the article
	Bezahlt    money.Cent // before it is fetched
}

// Anlegen reserves an article.
func (s *Service) Anlegen(ctx context.Context, a workflow.Auftrag, e Eingabe) (Vormerkung, error) {
	if err := s.check(ctx, e); err != nil {
		return Vormerkung{}, err
	}
	id := "r-" + workflow.ID(a)
	name, err := s.seal(ctx, id, e)
	if err != nil {
		return Vormerkung{}, err
	}
	input := []any{"vormerken", e.PZN, e.Menge, e.Kunde, e.Rezept}
	_, err = s.kern.Do(ctx, a, input, func(rows journal.Rows) ([]journal.Event, error) {
		nummer, err := vormerkungen.NextNummer(rows)
		if err == nil && e.Kunde != "" {
			err = onFile(rows, e.Kunde)
		}
		return []journal.Event{event.VormerkungAngelegt{
			ID: id, Nummer: nummer, PZN: e.PZN, Menge: e.Menge, Tag: clock.Today(s.kern.Clock), Kunde: e.Kunde,
			Rezept: e.Rezept, Name: name,
		}}, err
	})
	if err != nil {
		return Vormerkung{}, err
	}
	return s.Find(ctx, id)
}

func onFile(rows journal.Rows, id string) error {
	_, ok, err := personen.Find(rows, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "B-301", "Dieser Kunde ist nicht (mehr) angelegt – wählen Sie ihn neu.", nil)
	}
	return err
}

func (s *Service) check(ctx context.Context, e Eingabe) error {
	if e.Menge < 1 || e.Menge > MaxMenge {
		return fault.New(fault.Invalid, "B-302", "Die Menge muss zwischen 1 und 99 liegen.", nil)
	}
	if len(e.Name) > 100 || strings.ContainsFunc(e.Name, func(r rune) bool { return r < ' ' }) {
		return fault.New(fault.Invalid, "B-303",
			"Der Name ist zu lang oder enthält Steuerzeichen – kürzen Sie ihn auf 100 Zeichen.", nil)
	}
	gen, err := s.kern.Katalog.Am(clock.Today(s.kern.Clock))
	if err != nil {
		return err
	}
	a, ok, err := gen.Artikel(ctx, e.PZN)
	switch {
	case err != nil:
		return err
	case !ok:
		return fault.New(fault.NotFound, "B-304", "Diese PZN steht nicht im Katalog – prüfen Sie die Ziffern.", nil)
	case a.Status != artikel.Verkehr:
		return fault.New(fault.Conflict, "B-305",
			"Der Artikel ist außer Vertrieb oder zurückgerufen – wählen Sie einen anderen.", nil)
	}
	return nil
}

// seal keeps the name of who is not on file under a key of the reservation.
func (s *Service) seal(ctx context.Context, id string, e Eingabe) (*journal.Sealed, error) {
	if e.Kunde != "" || strings.TrimSpace(e.Name) == "" {
		return nil, nil //nolint:nilnil // nobody is named
	}
	plain, err := json.Marshal(strings.TrimSpace(e.Name))
	if err != nil {
		return nil, fmt.Errorf("encode name: %w", err)
	}
	sealed, err := s.kern.Store.Seal(ctx, id, plain)
	if err != nil {
		return nil, fmt.Errorf("seal name: %w", err)
	}
	return &sealed, nil
}

// Find returns an open reservation.
func (s *Service) Find(ctx context.Context, id string) (Vormerkung, error) {
	list, err := s.list(ctx, func(rows journal.Rows) ([]vormerkungen.Eintrag, error) {
		e, ok, err := vormerkungen.Find(rows, id)
		if err == nil && !ok {
			err = unbekannt()
		}
		return []vormerkungen.Eintrag{e}, err
	})
	if err != nil {
		return Vormerkung{}, err
	}
	return list[0], nil
}

// Liste returns the open reservations in order of number.
func (s *Service) Liste(ctx context.Context) ([]Vormerkung, error) {
	list, err := s.list(ctx, vormerkungen.List)
	slices.SortFunc(list, func(a, b Vormerkung) int { return a.Nummer - b.Nummer })
	return list, err
}

func (s *Service) list(
	ctx context.Context, read func(journal.Rows) ([]vormerkungen.Eintrag, error),
) ([]Vormerkung, error) {
	gen, err := s.kern.Katalog.Am(clock.Today(s.kern.Clock))
	if err != nil {
		return nil, err
	}
	stored, list := []vormerkungen.Eintrag(nil), []Vormerkung(nil)
	err = s.kern.Store.View(ctx, func(rows journal.Rows) error {
		if stored, err = read(rows); err != nil {
			return err
		}
		for _, e := range stored {
			v := Vormerkung{
				ID: e.ID, Nummer: e.Nummer, Menge: e.Menge, Tag: e.Tag, Angelegt: time.Unix(0, e.Zeit).UTC(), Wer: e.Wer,
				Kunde: e.Kunde, Rezept: e.Rezept,
			}
			if v.Artikel, _, err = gen.Artikel(ctx, e.PZN); err != nil {
				return err
			}
			v.Artikel.PZN = e.PZN
			if v.Bestand, err = bestand.Menge(rows, e.PZN); err != nil {
				return err
			}
			v.Abholbar = v.Bestand >= v.Menge
			if v.Vorgemerkt, err = vormerkungen.Menge(rows, e.PZN); err != nil {
				return err
			}
			paid, _, err := offeneposten.Find(rows, bon.Anzahlung, e.ID)
			if err != nil {
				return err
			}
			v.Bezahlt = max(paid.Offen, 0)
			list = append(list, v)
		}
		return nil
	})
	for i := range list {
		if err == nil {
			list[i].Name, err = s.name(ctx, stored[i])
		}
	}
	return list, err
}

// name opens the name on the slip; an erased one is empty.
func (s *Service) name(ctx context.Context, e vormerkungen.Eintrag) (string, error) {
	if e.Kunde != "" {
		p, _, err := s.personen.Find(ctx, e.Kunde)
		return strings.TrimSpace(p.Vorname + " " + p.Name), err
	}
	if e.Name == nil {
		return "", nil
	}
	plain, err := s.kern.Store.Open(ctx, *e.Name)
	if errors.Is(err, journal.ErrErased) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("open name of reservation: %w", err)
	}
	var name string
	if err := json.Unmarshal(plain, &name); err != nil {
		return "", fmt.Errorf("decode name of reservation: %w", err)
	}
	return name, nil
}

// Erledigen ends a reservation. The name of who is not on file is erased with it.
func (s *Service) Erledigen(ctx context.Context, a workflow.Auftrag, id string, wie Wie) error {
	if wie != Abgeholt && wie != Verworfen {
		return fault.New(fault.Invalid, "B-306", "Wählen Sie „abgeholt“ oder „verworfen“.", nil)
	}
	_, err := s.kern.Do(ctx, a, []any{"erledigen", id, wie}, func(rows journal.Rows) ([]journal.Event, error) {
		e, ok, err := vormerkungen.Find(rows, id)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, unbekannt()
		}
		paid, _, err := offeneposten.Find(rows, bon.Anzahlung, id)
		if err != nil {
			return nil, err
		}
		if paid.Offen > 0 {
			return nil, fault.New(fault.Conflict, "V-529", "Diese Vormerkung ist bezahlt – geben Sie sie im Verkauf ab "+
				"(Alt H) oder stornieren Sie den Bon "+paid.Bon+".", nil)
		}
		events := []journal.Event{event.VormerkungErledigt{ID: id, Wie: string(wie)}}
		if e.Name != nil {
			events = append(events, event.PersonGeloescht{ID: e.Name.Person, Grund: "Vormerkung " + string(wie)})
		}
		return events, nil
	})
	return err
}

func unbekannt() error {
	return fault.New(fault.NotFound, "B-307", "Diese Vormerkung ist schon erledigt – laden Sie die Liste neu.", nil)
}

// Bestellzeile is a line of the order list: one article.
type Bestellzeile struct {
	Artikel             artikel.Artikel
	Menge               int // packs to order: reserved and not in stock
	Vorgemerkt, Bestand int
	Nummern             []int     // of the open reservations
	Seit                civil.Day // of the oldest
}

// Bestellliste returns what must be ordered for open reservations, the longest
// waiting first.
func (s *Service) Bestellliste(ctx context.Context) ([]Bestellzeile, error) {
	open, err := s.Liste(ctx)
	at := map[kennung.PZN]int{}
	var list []Bestellzeile
	for _, v := range open {
		i, known := at[v.Artikel.PZN]
		if !known {
			i = len(list)
			at[v.Artikel.PZN] = i
			list = append(list, Bestellzeile{
				Artikel: v.Artikel, Vorgemerkt: v.Vorgemerkt, Bestand: v.Bestand, Seit: v.Tag,
				Menge: max(0, v.Vorgemerkt-max(0, v.Bestand)),
			})
		}
		list[i].Nummern = append(list[i].Nummern, v.Nummer)
		list[i].Seit = min(list[i].Seit, v.Tag)
	}
	list = slices.DeleteFunc(list, func(b Bestellzeile) bool { return b.Menge == 0 })
	slices.SortStableFunc(list, func(a, b Bestellzeile) int { return int(a.Seit) - int(b.Seit) })
	return list, err
}
