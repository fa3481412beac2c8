package inbetriebnahme

import (
	"context"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/anmeldung"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow/absicherung"
	"github.com/offizin/offizin/workflow/drucker"
	"github.com/offizin/offizin/workflow/kassenmeldung"
	"github.com/offizin/offizin/workflow/rechte"
)

// Punkt is a step and how it stands.
type Punkt struct {
	Schritt Schritt
	Zustand Zustand
}

// Lage is all that there is to know of a till before it sells.
type Lage struct {
	Punkte  []Punkt
	Niemand bool // nobody is on the staff: somebody must be the first

	Platz, Till string
	Fehlende    []string // data of the pharmacy that nobody has entered, by their names
	Produktiv   bool     // real patients

	TSE            absicherung.Lage
	HatTSE         bool
	Tage           int  // for which its certificate is good; below zero: it has ended
	Kartenterminal bool // a card terminal is connected
	KartenVonHand  bool // none, and somebody has decided that it stays so
	Drucker        drucker.Schlange
	Bar            money.Cent // in the drawer by book
	gezaehlt       bool       // it was closed once
	Personen       int        // active
	OhnePIN        []string
	Scharf         bool      // rights are enforced
	Gemeldet       civil.Day // last Mitteilung; 0: none
	Frist          civil.Day // of the first change that is not told; 0: none
	Bon            string    // the last one of this till; empty: none
	BonUebung      bool
	BonSigniert    bool
	Uebung         bool // the till practises
	Katalog        bool // there are articles today
}

// Find returns a step.
func (l Lage) Find(s Schritt) Punkt {
	for _, p := range l.Punkte {
		if p.Schritt == s {
			return p
		}
	}
	return Punkt{}
}

// Naechster is the first step after another that is to be done, going round; empty: none.
func (l Lage) Naechster(nach Schritt) Schritt {
	first, passed := Schritt(""), false
	for _, p := range l.Punkte {
		if p.Zustand == Fehlt && passed {
			return p.Schritt
		}
		if p.Zustand == Fehlt && first == "" {
			first = p.Schritt
		}
		passed = passed || p.Schritt == nach
	}
	return first
}

// Lage looks at everything.
func (s *Service) Lage(ctx context.Context) (l Lage, err error) {
	l.Platz, l.Till, l.Kartenterminal = s.kern.Platz, s.kern.Till, s.d.Kartenterminal
	if s.d.TSE != nil {
		if l.TSE, l.HatTSE, err = s.d.TSE(ctx); err != nil {
			return l, err
		}
	}
	today := clock.Today(s.kern.Clock)
	if l.TSE.Geraet.Ablauf != 0 {
		l.Tage = l.TSE.Geraet.Ablauf.Sub(today)
	}
	if s.d.Drucker != nil {
		if l.Drucker, err = s.d.Drucker.Schlange(ctx); err != nil {
			return l, err
		}
	}
	var told kassenmeldung.Lage
	if s.d.Kassenmeldung != nil {
		if told, err = s.d.Kassenmeldung.Lage(ctx); err != nil {
			return l, err
		}
	}
	l.gemeldet(told)
	_, none := s.kern.Katalog.Am(today)
	l.Katalog = none == nil
	put := map[Schritt]bool{}
	if err := s.kern.Store.View(ctx, func(rows journal.Rows) error { return s.lesen(rows, &l, put) }); err != nil {
		return l, err
	}
	l.KartenVonHand = put[Kartenterminal] && !l.Kartenterminal
	for _, step := range Schritte() {
		state := l.zustand(step)
		if state == Fehlt && put[step] && step.Aufschiebbar() {
			state = Zurueckgestellt
		}
		l.Punkte = append(l.Punkte, Punkt{step, state})
	}
	return l, nil
}

func (l *Lage) gemeldet(m kassenmeldung.Lage) {
	if m.Letzte != nil {
		l.Gemeldet = m.Letzte.Tag
	}
	for _, c := range m.Offen {
		if l.Frist == 0 || c.Frist < l.Frist {
			l.Frist = c.Frist
		}
	}
}

// lesen reads what the journal knows.
func (s *Service) lesen(rows journal.Rows, l *Lage, put map[Schritt]bool) error {
	m, err := haus.Einstellungen(rows)
	if err != nil {
		return err
	}
	l.Fehlende, l.Produktiv = fehlende(m), m["produktiv"] == "ja"
	for _, step := range Schritte() {
		put[step] = m[schluessel(s.kern.Till, step)] != ""
	}
	if l.Uebung, err = haus.Uebungsbetrieb(rows, s.kern.Till); err != nil {
		return err
	}
	if err := l.personal(rows); err != nil {
		return err
	}
	if err := l.bargeld(rows); err != nil {
		return err
	}
	b, found, err := letzterBon(rows, s.kern.Till)
	if err != nil || !found {
		return err
	}
	l.Bon, l.BonUebung = b.Nummer, b.Uebung
	g, known, err := belege.Gesichert(rows, b.Nummer)
	l.BonSigniert = known && g.Signatur != nil
	return err
}

// zurueck is how many records are looked at for the last Bon: many carts may have been dropped since.
const zurueck = 200

// letzterBon is the last Bon of a till for a customer, in earnest or in practice.
func letzterBon(rows journal.Rows, till string) (b bon.Bon, found bool, err error) {
	next, err := bons.Next(rows, till)
	if err != nil {
		return b, false, err
	}
	_, end, err := bons.Split(next)
	for n := end - 1; n > max(0, end-zurueck) && err == nil; n-- {
		nummer := bons.Number(till, n)
		if b, found, err = bons.Find(rows, nummer); err == nil && !found {
			b, found, err = belege.Find(rows, nummer) // practice is no sale
			found = found && b.Art == bon.Verkauf
		}
		if err == nil && found {
			return b, true, nil
		}
	}
	return bon.Bon{}, false, err
}

func (l *Lage) personal(rows journal.Rows) error {
	staff, err := haus.Benutzer(rows)
	if err != nil {
		return err
	}
	l.Niemand = len(staff) == 0
	for _, b := range staff {
		if !b.Aktiv {
			continue
		}
		l.Personen++
		pin, err := anmeldung.PIN(rows, b.Kuerzel)
		if err != nil {
			return err
		}
		if pin == "" {
			l.OhnePIN = append(l.OhnePIN, b.Kuerzel)
		}
	}
	l.Scharf, err = rechte.Scharf(rows)
	return err
}

// bargeld reads the drawer; that there is money in it is known when any was moved or counted.
func (l *Lage) bargeld(rows journal.Rows) error {
	d, err := kassenbuch.Lade(rows, l.Till)
	l.Bar = d.Bar
	if err != nil || l.Bar != 0 {
		return err
	}
	_, l.gezaehlt, err = kassenbuch.Letzter(rows, l.Till)
	return err
}

// zustand is how a step stands by what there is.
func (l *Lage) zustand(s Schritt) Zustand {
	done := map[bool]Zustand{true: Erledigt, false: Fehlt}
	switch s {
	case Apotheke:
		return done[len(l.Fehlende) == 0]
	case Platz:
		return Erledigt
	case TSE:
		return done[l.HatTSE && l.TSE.Grund == "" && l.Tage >= 0 && (!l.TSE.Geraet.Uebung || !l.Produktiv)]
	case Bondrucker:
		return done[l.Drucker.Einstellung.Adresse != "" && l.Drucker.Fehler == nil]
	case Kartenterminal:
		return done[l.Kartenterminal || l.KartenVonHand]
	case Anfangsbestand:
		return done[l.Bar != 0 || l.gezaehlt]
	case Personal:
		return done[l.Scharf && len(l.OhnePIN) == 0]
	case Mitteilung:
		return l.mitteilung()
	case Katalog:
		return done[l.Katalog]
	case Probe:
		return done[l.Bon != "" && !l.Uebung]
	}
	return Fehlt
}

// mitteilung: only tills with a certified TSE are notified.
func (l *Lage) mitteilung() Zustand {
	switch {
	case l.Frist != 0:
		return Fehlt
	case !l.HatTSE || l.TSE.Geraet.Uebung:
		return Entfaellt
	case l.Gemeldet == 0:
		return Fehlt
	}
	return Erledigt
}
