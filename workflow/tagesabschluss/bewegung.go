package tagesabschluss

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/kassenmeldung"
	"github.com/offizin/offizin/workflow/rechte"
)

// MaxBetrag is the most that one movement moves.
const MaxBetrag money.Cent = 1_000_000_00

// maxGrund is the most characters of a reason: the export for the tax office has room for 255.
const maxGrund = 200

// Bewegung is cash put into a drawer, or taken out of it.
type Bewegung struct {
	Till      string // whose drawer; empty: of this till
	Hinaus    bool
	Geschaeft bon.Geschaeft
	Betrag    money.Cent // above zero
	Grund     string     // required: whereto, wherefrom, for what

	Bestaetigt bool // more goes out than is there by book
}

// Geschaefte are the business cases by which cash comes in or goes out, in the order of a
// choice. A difference is booked by a closing only.
func Geschaefte(hinaus bool) []bon.Geschaeft {
	if hinaus {
		return []bon.Geschaeft{bon.Geldtransit, bon.Auszahlung, bon.Privatentnahme, bon.Lohnzahlung}
	}
	return []bon.Geschaeft{bon.Geldtransit, bon.Anfangsbestand, bon.Einzahlung, bon.Privateinlage}
}

// Bewegen books a movement with the next number of this till. A wrong one is undone by its
// contrary.
func (s *Service) Bewegen(ctx context.Context, a workflow.Auftrag, v Bewegung) (bon.Bon, error) {
	if v.Grund = strings.Join(strings.Fields(v.Grund), " "); v.Grund == "" || utf8.RuneCountInString(v.Grund) > maxGrund {
		return bon.Bon{}, fault.New(fault.Invalid, "T-512",
			"Der Anlass fehlt oder ist zu lang – schreiben Sie mit höchstens 200 Zeichen, wohin oder woher das Geld geht.", nil)
	}
	if v.Betrag <= 0 || v.Betrag > MaxBetrag {
		return bon.Bon{}, fault.New(fault.Invalid, "T-511",
			"Der Betrag fehlt oder ist zu groß – geben Sie ihn in Euro ein.", nil)
	}
	if !slices.Contains(Geschaefte(v.Hinaus), v.Geschaeft) {
		return bon.Bon{}, fault.New(fault.Invalid, "T-513",
			"Diese Art passt nicht zur Richtung – wählen Sie eine aus der Liste.", nil)
	}
	var booked bon.Bon
	res, err := s.kern.Do(ctx, a, []any{"Bewegung", v}, func(rows journal.Rows) ([]journal.Event, error) {
		danach, err := s.darf(rows, a, v)
		if err != nil {
			return nil, err
		}
		booked, err = s.beleg(rows, a, v)
		booked.Ueberzogen = min(danach, 0)
		return []journal.Event{event.BelegGebucht{Bon: booked}}, err
	})
	if err != nil {
		return bon.Bon{}, err
	}
	return s.gebucht(ctx, res, booked)
}

// darf says whether it may be booked, and what the drawer has by book afterwards. What is not there by
// book can be taken out if somebody confirms it: the book may be wrong.
func (s *Service) darf(rows journal.Rows, a workflow.Auftrag, v Bewegung) (danach money.Cent, err error) {
	right := berechtigung.Zaehlen
	if v.Hinaus {
		right = berechtigung.Entnehmen
	}
	if err := kassenmeldung.Gesperrt(rows, s.kern.Till); err != nil {
		return 0, err
	}
	if err := rechte.Fordern(rows, a.Actor, right, v.Betrag, clock.Today(s.kern.Clock)); err != nil {
		return 0, err
	}
	l, err := s.lade(rows, v.Till)
	if err == nil {
		err = s.fremd(l)
	}
	if err == nil && v.Geschaeft == bon.Anfangsbestand {
		err = anfangsbestand(rows, l.Till)
	}
	if err != nil || !v.Hinaus {
		return 0, err
	}
	if v.Betrag > l.Bar && !v.Bestaetigt {
		return 0, fault.New(fault.Conflict, "T-514", fmt.Sprintf("Laut Kassenbuch sind nur %s da – buchen Sie zuerst, woher "+
			"das übrige Geld kam, oder bestätigen Sie die Entnahme.", l.Bar), nil)
	}
	return l.Bar - v.Betrag, nil
}

// anfangsbestand refuses a second opening balance: what a drawer begins with is there once, and from the
// first closing on the book knows what is in it. A count corrects it, with a difference on record.
func anfangsbestand(rows journal.Rows, till string) error {
	_, closed, err := kassenbuch.Letzter(rows, till)
	var list []kassenbuch.Zeile
	if err == nil && !closed {
		list, err = kassenbuch.Zeilen(rows, till)
	}
	if err != nil || !closed && !slices.ContainsFunc(list, istAnfangsbestand) {
		return err
	}
	return fault.New(fault.Conflict, "T-970", "Diese Kasse hat ihren Anfangsbestand schon – war er falsch, berichtigt "+
		"ihn die Zählung beim Tagesabschluss; weiteres Wechselgeld buchen Sie als Geldtransit.", nil)
}

func istAnfangsbestand(z kassenbuch.Zeile) bool { return z.Geschaeft == bon.Anfangsbestand }

// beleg is the record of a movement (DSFinV-K 2.4: VAT key 5, cash only).
func (s *Service) beleg(rows journal.Rows, a workflow.Auftrag, v Bewegung) (bon.Bon, error) {
	sum := v.Betrag
	if v.Hinaus {
		sum = -sum
	}
	now := s.kern.Clock.Now()
	b := bon.Bon{
		Art: bon.Bewegung, Platz: s.kern.Platz, Zeit: now.UnixNano(), Beginn: now.UnixNano(), Tag: clock.DayOf(now),
		Benutzer: a.Actor, Grund: v.Grund, Programm: s.kern.Programm, Zahlungen: []bon.Zahlung{{Art: bon.Bar, Betrag: sum}},
		Positionen: []bon.Position{{
			Nr: 1, Menge: 1, Bezeichnung: v.Grund, Geschaeft: v.Geschaeft, Preis: sum, Gesamt: sum, Privat: sum,
		}},
	}
	if v.Till != s.kern.Till {
		b.Lade = v.Till
	}
	var err error
	if b.Nummer, err = bons.Next(rows, s.kern.Till); err != nil {
		return b, err
	}
	set, _, err := belege.TSE(rows, s.kern.Till)
	b.Serie = set.Serie
	if s.kern.Absicherung != nil {
		s.kern.Absicherung.Bon(&b)
	}
	return b, err
}

// gebucht has the record of an act signed; of a repeated act it is the one of the first time.
func (s *Service) gebucht(ctx context.Context, res journal.Result, b bon.Bon) (bon.Bon, error) {
	s.kern.Safe(ctx, res)
	if res.Repeated {
		e, ok, err := written[event.BelegGebucht](res)
		if err != nil || !ok {
			return bon.Bon{}, errors.Join(err, errNichts)
		}
		b = e.Bon
	}
	if s.kern.Absicherung != nil {
		s.kern.Absicherung.Gebucht(ctx, b)
	}
	return b, nil
}

var errNichts = errors.New("act wrote no record of the till")

// written is the event of a type that an act wrote.
func written[T journal.Event](res journal.Result) (v T, found bool, err error) {
	for _, r := range res.Records {
		e, err := event.Decode(r.Type, r.Payload)
		if err != nil {
			return v, false, err
		}
		if v, found = e.(T); found {
			return v, true, nil
		}
	}
	return v, false, nil
}
