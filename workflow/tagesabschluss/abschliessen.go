package tagesabschluss

import (
	"context"
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechte"
)

// Zaehlung is a count that is to close a till: what was counted, and what was known then.
type Zaehlung struct {
	Till    string // empty: this one
	Stuecke abschluss.Zaehlung
	Nummer  int        // Z that the closing shall have
	Soll    money.Cent // by book, as it was shown beside the count
}

// Ergebnis is a count beside the book.
type Ergebnis struct {
	Zaehlung
	Ist, Differenz money.Cent
}

// Pruefen compares a count with the book: the Kassensturz. Nothing is written.
func (s *Service) Pruefen(ctx context.Context, till string, z abschluss.Zaehlung) (Ergebnis, error) {
	if err := z.Check(); err != nil {
		return Ergebnis{}, unmoeglich(err)
	}
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (e Ergebnis, err error) {
		l, err := s.lade(rows, till)
		if err != nil {
			return e, err
		}
		e.Nummer, err = kassenbuch.Next(rows, l.Till)
		e.Till, e.Stuecke, e.Soll = l.Till, z, l.Bar
		e.Ist = z.Summe()
		e.Differenz = e.Ist - e.Soll
		return e, err
	})
}

func unmoeglich(err error) error {
	return fault.New(fault.Invalid, "T-525",
		"Diese Zählung kann nicht stimmen – geben Sie je Münze und Schein die Stückzahl ein.", err)
}

// ordner ends the transactions that are begun and not on the counter any more.
type ordner interface {
	Ordnen(ctx context.Context) error
}

// Abschliessen closes a till: in one act the difference is booked as a record of its own, and
// the closing. What was counted must still be what the book said then.
func (s *Service) Abschliessen(ctx context.Context, a workflow.Auftrag, z Zaehlung) (abschluss.Abschluss, error) {
	if err := z.Stuecke.Check(); err != nil {
		return abschluss.Abschluss{}, unmoeglich(err)
	}
	if o, ok := s.kern.Absicherung.(ordner); ok && (z.Till == "" || z.Till == s.kern.Till) {
		if err := o.Ordnen(ctx); err != nil {
			return abschluss.Abschluss{}, fmt.Errorf("end open transactions: %w", err)
		}
	}
	var list []abschluss.Abschluss
	var diff *bon.Bon
	res, err := s.kern.Do(ctx, a, []any{"Abschluss", z}, func(rows journal.Rows) (out []journal.Event, err error) {
		if list, diff, err = s.schliessen(rows, a, z); err != nil {
			return nil, err
		}
		if diff != nil {
			out = append(out, event.BelegGebucht{Bon: *diff})
		}
		for _, closing := range list {
			out = append(out, event.TagAbgeschlossen{Abschluss: closing})
		}
		return out, nil
	})
	if err == nil && res.Repeated {
		list, diff, err = geschlossen(res)
	}
	if err != nil {
		return abschluss.Abschluss{}, err
	}
	s.kern.Safe(ctx, res)
	if diff != nil && s.kern.Absicherung != nil {
		s.kern.Absicherung.Gebucht(ctx, *diff)
	}
	return list[len(list)-1], nil
}

// geschlossen is what an act wrote that was done before.
func geschlossen(res journal.Result) (list []abschluss.Abschluss, diff *bon.Bon, err error) {
	for _, r := range res.Records {
		e, err := event.Decode(r.Type, r.Payload)
		if err != nil {
			return nil, nil, err
		}
		switch e := e.(type) {
		case event.TagAbgeschlossen:
			list = append(list, e.Abschluss)
		case event.BelegGebucht:
			diff = &e.Bon
		}
	}
	if len(list) == 0 {
		err = errNichts
	}
	return list, diff, err
}

// schliessen works out a closing, with the record of the difference if there is one: several, one
// for each state of the master data, of which the last one is counted.
func (s *Service) schliessen(
	rows journal.Rows, a workflow.Auftrag, z Zaehlung,
) (list []abschluss.Abschluss, diff *bon.Bon, err error) {
	now := s.kern.Clock.Now()
	if err := rechte.Fordern(rows, a.Actor, berechtigung.Zaehlen, 0, clock.DayOf(now)); err != nil {
		return nil, nil, err
	}
	l, err := s.bereit(rows, z)
	if err != nil {
		return nil, nil, err
	}
	own, others, err := kassenbuch.Belege(rows, l.Till)
	if err != nil {
		return nil, nil, err
	}
	begin := l.Bar
	for _, b := range slices.Concat(own, others) {
		begin -= abschluss.Bargeld(b, till(b), l.Till)
	}
	set, _, err := belege.TSE(rows, l.Till)
	if err != nil {
		return nil, nil, err
	}
	k := abschluss.Kopf{
		Till: l.Till, Serie: set.Serie, Nummer: z.Nummer, Zeit: now.UnixNano(), Benutzer: a.Actor, Platz: s.kern.Platz,
		Tag: abschluss.Buchungstag(own, clock.DayOf(now)),
	}
	d := z.Stuecke.Summe() - l.Bar
	own, others, diff, err = s.mitDifferenz(rows, a, k, own, others, d)
	if err == nil && len(own) == 0 {
		err = fault.New(fault.Conflict, "T-522",
			"Seit dem letzten Abschluss wurde nichts gebucht – es gibt nichts abzuschließen.", nil)
	}
	if err != nil {
		return nil, nil, err
	}
	if list, err = s.jeAbschnitt(rows, k, begin, own, others); err != nil {
		return nil, nil, err
	}
	last := &list[len(list)-1]
	last.Zaehlung, last.Differenz = z.Stuecke, d
	return list, diff, nil
}

// bereit refuses a closing of a till that cannot be closed now, or not by this count.
func (s *Service) bereit(rows journal.Rows, z Zaehlung) (kassenbuch.Stand, error) {
	l, err := s.lade(rows, z.Till)
	if err != nil {
		return l, err
	}
	if err := s.fremd(l); err != nil {
		return l, err
	}
	next, err := kassenbuch.Next(rows, l.Till)
	if err != nil {
		return l, err
	}
	if next != z.Nummer || l.Bar != z.Soll {
		return l, fault.New(fault.Conflict, "T-523", fmt.Sprintf(
			"Seit der Zählung hat sich das Kassenbuch geändert: jetzt sind es %s, und der nächste Abschluss ist Z %d – "+
				"zählen Sie noch einmal.", l.Bar, next), nil)
	}
	open, _, err := wagen(rows, l.Platz)
	if err == nil && len(open) > 0 {
		err = fault.New(fault.Conflict, "T-521", fmt.Sprintf("Am Platz ist noch ein Vorgang mit %d Zeilen offen – "+
			"bezahlen, parken oder verwerfen Sie ihn, dann schließen Sie ab.", open[0].Zeilen), nil)
	}
	return l, err
}

// mitDifferenz adds the record of what was counted too much or too little, if there is one: to the
// records of this till, or to those that it booked for another one.
func (s *Service) mitDifferenz(
	rows journal.Rows, a workflow.Auftrag, k abschluss.Kopf, own, others []bon.Bon, d money.Cent,
) (_, _ []bon.Bon, diff *bon.Bon, err error) {
	if d == 0 {
		return own, others, nil, nil
	}
	all := own
	if k.Till == s.kern.Till {
		all = append(all, bon.Bon{Programm: s.kern.Programm})
	}
	parts, err := s.abschnitte(rows, k.Till, all)
	if err != nil {
		return nil, nil, nil, err
	}
	b, err := s.beleg(rows, a, Bewegung{
		Till: k.Till, Geschaeft: bon.DifferenzSoll, Betrag: max(d, -d), Hinaus: d < 0,
		Grund: fmt.Sprintf("Kassendifferenz bei Z %d", k.Nummer+max(len(parts), 1)-1),
	})
	if k.Till == s.kern.Till {
		return append(own, b), others, &b, err
	}
	return own, append(others, b), &b, err
}
