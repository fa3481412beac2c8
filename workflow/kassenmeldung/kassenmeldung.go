// Package kassenmeldung is the Mitteilung of § 146a (4) AO: what the pharmacy has, what was
// told to the tax office, and what is still to be told until when.
package kassenmeldung

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenmeldung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/kassenbuch"
	gemeldet "github.com/offizin/offizin/projection/kassenmeldung"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// Service keeps the notification.
type Service struct {
	kern     *workflow.Kern
	software string
}

// New returns the service; software is name and version of this program.
func New(k *workflow.Kern, software string) *Service { return &Service{k, software} }

// Lage is what there is, what was notified, and what is open.
type Lage struct {
	Wieder map[string]civil.Day // tills that are in use again after they were not, since when
	kassenmeldung.Meldung
	Heute  civil.Day
	Uebung []string // tills whose TSE proves nothing: they are not notified
	Letzte *gemeldet.Gesendet
	Offen  []kassenmeldung.Aenderung
}

// Lage looks.
func (s *Service) Lage(ctx context.Context) (Lage, error) {
	return workflow.View(ctx, s.kern, s.lage)
}

func (s *Service) lage(rows journal.Rows) (l Lage, err error) {
	l.Heute = clock.Today(s.kern.Clock)
	if l.Systeme, l.Uebung, err = s.systeme(rows); err != nil {
		return l, err
	}
	m, err := haus.Einstellungen(rows)
	if err != nil {
		return l, err
	}
	l.Tag = l.Heute
	l.Betrieb = abschluss.Betrieb{
		Name: m["name"], Strasse: m["strasse"], PLZ: m["plz"], Ort: m["ort"], Land: "DEU", Steuernummer: m["steuernummer"],
		USTID: m["ustid"],
	}
	for _, x := range l.Systeme {
		if x.Ende == 0 {
			l.Anzahl++
		}
		for _, t := range x.TSE {
			l.Hinweise = l.Hinweise || t.Zertifizierung == ""
		}
	}
	last, found, err := gemeldet.Letzte(rows)
	if found {
		l.Letzte = &last
	}
	l.Offen = kassenmeldung.Offen(l.Systeme, last.Systeme)
	if err == nil {
		err = l.wieder(rows)
	}
	return l, err
}

// systeme are the tills for which a TSE was ever set up.
func (s *Service) systeme(rows journal.Rows) (list []kassenmeldung.System, uebung []string, err error) {
	all, err := belege.TSEs(rows, "")
	for _, t := range all {
		day := tag(t.Seit)
		if t.Geraet.Uebung {
			if !slices.Contains(uebung, t.Till) {
				uebung = append(uebung, t.Till)
			}
			continue
		}
		i := slices.IndexFunc(list, func(x kassenmeldung.System) bool { return x.Till == t.Till && x.Serie == t.Serie })
		if i < 0 {
			list = append(list, kassenmeldung.System{Till: t.Till, Serie: t.Serie, Software: s.software, Beginn: day})
			i = len(list) - 1
		}
		eingesetzt(&list[i], kassenmeldung.TSE{
			Seriennummer: t.Geraet.Seriennummer, Zertifizierung: t.Geraet.Zertifizierung, Beginn: day,
		})
	}
	for i := range list {
		if err == nil {
			err = ende(rows, &list[i], all)
		}
	}
	return list, uebung, err
}

func tag(nanos int64) civil.Day { return clock.DayOf(time.Unix(0, nanos).UTC()) }

// eingesetzt adds a TSE; the same one set up again is still the same.
func eingesetzt(x *kassenmeldung.System, t kassenmeldung.TSE) {
	if n := len(x.TSE); n > 0 {
		last := &x.TSE[n-1]
		if last.Seriennummer == t.Seriennummer {
			last.Zertifizierung = t.Zertifizierung
			return
		}
		last.Ende = t.Beginn
	}
	x.TSE = append(x.TSE, t)
}

// ende says since when a till is out of use, or in use again; a TSE that was set up later brings it
// back.
func ende(rows journal.Rows, x *kassenmeldung.System, all []belege.Gesetzt) error {
	e, found, err := gemeldet.Beendet(rows, x.Till)
	if err != nil || !found {
		return err
	}
	if e.Wieder != 0 {
		return nil
	}
	for _, t := range all {
		if t.Till == x.Till && t.Seit > e.Zeit {
			return nil
		}
	}
	x.Ende = e.Tag
	if n := len(x.TSE); n > 0 {
		x.TSE[n-1].Ende = e.Tag
	}
	return nil
}

// Gesendet notes that the tax office was told of all that there is now.
func (s *Service) Gesendet(ctx context.Context, a workflow.Auftrag, day civil.Day, weg string) error {
	if weg = strings.TrimSpace(weg); weg == "" || !day.Valid() || day > clock.Today(s.kern.Clock) {
		return fault.New(fault.Invalid, "T-711",
			"Tag oder Weg der Mitteilung fehlt – nennen Sie, wann und womit sie übermittelt wurde.", nil)
	}
	_, err := s.kern.Do(ctx, a, []any{"Kassenmeldung", day, weg}, func(rows journal.Rows) ([]journal.Event, error) {
		if err := s.darf(rows, a); err != nil {
			return nil, err
		}
		list, _, err := s.systeme(rows)
		if err == nil && len(list) == 0 {
			err = fault.New(fault.Conflict, "T-712",
				"Es gibt noch keine Kasse mit zertifizierter TSE – richten Sie zuerst eine ein.", nil)
		}
		return []journal.Event{event.KassenmeldungGesendet{Tag: day, Weg: weg, Systeme: list}}, err
	})
	return err
}

// Beenden takes a till out of use: it is closed and its drawer is empty.
func (s *Service) Beenden(ctx context.Context, a workflow.Auftrag, till string, day civil.Day, grund string) error {
	if grund = strings.TrimSpace(grund); grund == "" || !day.Valid() || day > clock.Today(s.kern.Clock) {
		return fault.New(fault.Invalid, "T-713",
			"Tag oder Grund fehlt – nennen Sie, seit wann und warum die Kasse außer Betrieb ist.", nil)
	}
	_, err := s.kern.Do(ctx, a, []any{"Ende", till, day, grund}, func(rows journal.Rows) ([]journal.Event, error) {
		if err := s.darf(rows, a); err != nil {
			return nil, err
		}
		return []journal.Event{event.TillBeendet{Till: till, Tag: day, Grund: grund}}, s.leer(rows, till)
	})
	return err
}

// leer refuses to end a till that is not known, not closed or holds cash.
func (s *Service) leer(rows journal.Rows, till string) error {
	list, _, err := s.systeme(rows)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(x kassenmeldung.System) bool { return x.Till == till && x.Ende == 0 })
	if i < 0 {
		return fault.New(fault.NotFound, "T-714", "Diese Kasse ist nicht in Betrieb – wählen Sie eine aus der Liste.", nil)
	}
	l, err := kassenbuch.Lade(rows, till)
	if err != nil {
		return err
	}
	_, open, err := kassenbuch.Offen(rows, till)
	if err == nil && (open || l.Bar != 0) {
		err = fault.New(fault.Conflict, "T-715",
			"Der Tag dieser Kasse ist offen oder in der Lade ist Geld – entnehmen Sie es und schließen Sie vorher ab.", nil)
	}
	return err
}

func (s *Service) darf(rows journal.Rows, a workflow.Auftrag) error {
	return rechte.Fordern(rows, a.Actor, berechtigung.Verwalten, 0, clock.Today(s.kern.Clock))
}
