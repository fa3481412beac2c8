package drucker

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/verkauf"
)

// Wunsch is which receipt of a Bon somebody wants.
type Wunsch struct {
	Art     quittung.Art
	Patient string // id of whom the Zuzahlungsquittung is for
	Kopie   bool
}

// Beleg is a receipt of a Bon. Faults: V-401 there is no such Bon, T-312 it has no such receipt.
func (s *Service) Beleg(ctx context.Context, nummer string, w Wunsch) (quittung.Beleg, error) {
	v, err := s.Verkauf.Bon(ctx, nummer)
	if err != nil {
		return quittung.Beleg{}, err
	}
	h, err := s.Haus.Einstellungen(ctx)
	if err != nil {
		return quittung.Beleg{}, err
	}
	b := Aus(v, h)
	if b.Sicherung, _, err = s.sicherung(ctx, v.Bon); err != nil {
		return b, err
	}
	b.Art = w.Art
	if w.Kopie {
		b.Kopie = s.kern.Clock.Now().In(clock.Berlin())
	}
	if !gibt(v.Bon, w) {
		return b, fault.New(fault.NotFound, "T-312",
			"Zu diesem Bon gibt es diese Quittung nicht – sehen Sie am Bon nach, was gezahlt wurde.", nil)
	}
	if w.Art == quittung.Zuzahlung {
		p, _, err := s.Personen.Find(ctx, w.Patient)
		if err != nil {
			return b, err
		}
		b.Patient = quittung.Patient{ID: w.Patient, Name: strings.TrimSpace(p.Vorname + " " + p.Name)}
		if p.Geburt != 0 {
			b.Patient.Geburt = p.Geburt.German()
		}
		if b.Patient.Name == "" {
			return b, fault.New(fault.NotFound, "T-313",
				"Der Name zu dieser Quittung ist gelöscht – die Zuzahlung steht auch auf dem Bon.", nil)
		}
	}
	return b, nil
}

// sicherung is what the TSE did for a Bon; settled is false while nobody has said so yet.
func (s *Service) sicherung(ctx context.Context, b bon.Bon) (out quittung.Sicherung, settled bool, err error) {
	if b.Serie == "" {
		return out, true, nil
	}
	out = quittung.Sicherung{Lage: quittung.Ausfall, KassenSeriennummer: b.Serie, Beginn: zeit(b.Beginn)}
	err = s.kern.Store.View(ctx, func(rows journal.Rows) error {
		g, found, err := belege.Gesichert(rows, b.Nummer)
		if settled = found; err != nil || g.Signatur == nil {
			return err
		}
		till, _, err := bons.Split(b.Nummer)
		if err != nil {
			return err
		}
		all, err := belege.TSEs(rows, till)
		for _, t := range all {
			if t.Geraet.Seriennummer == g.Signatur.Seriennummer {
				out = signiert(g, t.Geraet)
			}
		}
		return err
	})
	return out, settled, err
}

// signiert is what a TSE answered, as it answered.
func signiert(g kassenbeleg.Gesichert, t tse.Geraet) quittung.Sicherung {
	sig := g.Signatur
	out := quittung.Sicherung{
		Lage: quittung.Signiert, KassenSeriennummer: g.Serie, Transaktion: sig.Transaktion, Zaehler: sig.Zaehler,
		Beginn: zeit(sig.Beginn), Ende: zeit(sig.Ende), Sicherheitsmodul: sig.Seriennummer, Pruefwert: sig.Wert, QR: g.QR(t),
	}
	if t.Uebung {
		out.Lage = quittung.Probe
	}
	return out
}

// zeit is an instant in German time; 0 is none.
func zeit(nanos int64) time.Time {
	if nanos == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanos).In(clock.Berlin())
}

// gibt says whether a Bon has a receipt.
func gibt(b bon.Bon, w Wunsch) bool {
	switch w.Art {
	case quittung.Bon:
		return true
	case quittung.Kulanz:
		return b.Summen().Kulanz != 0
	case quittung.Zuzahlung:
		return slices.Contains(Patienten(b), w.Patient)
	}
	return false
}

// Patienten are the ids of those who paid Zuzahlung on a Bon, in order.
func Patienten(b bon.Bon) (list []string) {
	for _, p := range b.Positionen {
		if p.Person != "" && p.Zuzahlung-p.Kulanz != 0 && !slices.Contains(list, p.Person) {
			list = append(list, p.Person)
		}
	}
	return list
}

// Aus is the receipt of a Bon as it is shown: nobody is named on it.
func Aus(v verkauf.BonAnsicht, h haus.Einstellungen) quittung.Beleg {
	return quittung.Beleg{
		Apotheke: quittung.Apotheke{
			Name: h.Name, Inhaber: h.Inhaber, Strasse: h.Strasse, PLZ: h.PLZ, Ort: h.Ort, Telefon: h.Telefon, IK: h.IK,
			Steuernummer: h.Steuernummer,
		},
		Bon: v.Bon, Benutzer: v.Benutzer, Zeit: zeit(v.Bon.Zeit),
	}
}

// Nachdruck prints a receipt that somebody asks for. The first print of a Bon that was not
// printed by itself is the original; every other one is a copy and stands in the journal.
func (s *Service) Nachdruck(ctx context.Context, a workflow.Auftrag, nummer string, w Wunsch) error {
	e, err := s.Einstellung(ctx)
	if err != nil {
		return err
	}
	if e.Adresse == "" {
		return fault.New(fault.Unavailable, "T-309",
			"An diesem Platz ist kein Bondrucker eingestellt – drucken Sie das PDF.", nil)
	}
	if _, err := s.Beleg(ctx, nummer, w); err != nil || s.gefordert(a.Key) {
		return err
	}
	job := auftrag{Nummer: nummer, Art: w.Art, Patient: w.Patient, key: a.Key}
	given, err := s.digitalGegeben(ctx, nummer)
	if err != nil {
		return err
	}
	if w.Art == quittung.Bon && !given && s.erster(e, nummer) {
		s.anstellen(job)
		return nil
	}
	if err := s.festhalten(ctx, a, nummer, w); err != nil {
		return err
	}
	if w.Art == quittung.Bon {
		job.Kopie = s.kern.Clock.Now().In(clock.Berlin())
	}
	s.anstellen(job)
	return nil
}

// gefordert says whether an act has put something in the queue before.
func (s *Service) gefordert(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.liste, func(a *auftrag) bool { return a.key == key })
}

// festhalten puts on record what is printed beside the original.
func (s *Service) festhalten(ctx context.Context, a workflow.Auftrag, nummer string, w Wunsch) error {
	kind := string(w.Art)
	if w.Art == quittung.Bon {
		return s.Verkauf.Nachdruck(ctx, a, nummer, "bon")
	}
	_, err := s.kern.Do(ctx, a, []any{"Nachdruck", nummer, kind, w.Patient}, func(journal.Rows) ([]journal.Event, error) {
		return []journal.Event{event.BelegNachgedruckt{Bon: nummer, Art: kind}}, nil
	})
	return err
}

// erster says whether a print on request would be the first of a Bon: it was sold here, is not
// printed by itself, or that was given up, and was neither printed nor asked for before.
func (s *Service) erster(e Einstellung, nummer string) bool {
	return (e.Wann == NurWunsch || s.aufgegeben(nummer)) && s.ungedruckt(nummer)
}

// aufgegeben says whether the printer gave up on the original of a Bon: it refused it until it was too late.
func (s *Service) aufgegeben(nummer string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.liste, func(a *auftrag) bool {
		return a.Nummer == nummer && a.original() && a.lage == Verfallen
	})
}

// ungedruckt says whether a Bon was sold here and its original neither printed nor asked for.
func (s *Service) ungedruckt(nummer string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := slices.ContainsFunc(s.liste, func(a *auftrag) bool {
		return a.Nummer == nummer && a.Art == quittung.Bon && !a.NurLade && a.lage != Verfallen
	})
	return strings.HasPrefix(nummer, s.kern.Till+"-") && !asked && !slices.Contains(s.stand.Gedruckt, nummer)
}

// Wiederholen prints once more what the printer did not confirm: still the original, because
// nobody has it.
func (s *Service) Wiederholen(nummer string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range slices.Backward(s.liste) {
		if a.Nummer == nummer && (a.lage == Ungewiss || a.lage == Gestoert) {
			a.lage, a.lade, a.seit = Wartet, false, s.kern.Clock.Mono()
			s.wecken()
			return nil
		}
	}
	return fault.New(fault.Conflict, "T-314",
		"Hier wartet kein Druck mehr – drucken Sie den Bon sonst mit F11 noch einmal.", nil)
}

// Probe prints a page to see whether everything is set right.
func (s *Service) Probe(ctx context.Context) error {
	e, err := s.Einstellung(ctx)
	if err != nil {
		return err
	}
	if e.Adresse == "" {
		return fault.New(fault.Invalid, "T-315", "Tragen Sie zuerst die Adresse des Druckers ein.", nil)
	}
	h, err := s.Haus.Einstellungen(ctx)
	if err != nil {
		return err
	}
	b := Aus(verkauf.BonAnsicht{}, h)
	b.Bon.Nummer, b.Training, b.Zeit = "Probe", true, s.kern.Clock.Now().In(clock.Berlin())
	limit, stop := context.WithTimeout(ctx, probe)
	defer stop()
	return s.Geraet.Drucken(limit, e, b)
}

// probe is how long somebody who prints a trial page waits.
const probe = 8 * time.Second
