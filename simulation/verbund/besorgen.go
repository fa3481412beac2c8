package verbund

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/besorgungen"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/ausgang"
)

// bestellung is the kind of all errands.
const bestellung = "bestellung"

// dauer is for how long, by the clock of the computer, a try may take: simulated time ends it.
const dauer = 24 * time.Hour

// ausgaenge are the rules of the outbox. What fails twenty times is left to a person.
func (lb *leben) ausgaenge() map[string]ausgang.Regel {
	var b ausgang.Bote = &bote{lb}
	if lb.r.l.regeln.NeueID {
		b = &neueID{bote: bote{lb}}
	}
	return map[string]ausgang.Regel{bestellung: {Bote: b, Dauer: dauer, MaxFehler: 20}}
}

// bestelle gives an errand up. Its number is what the outside does.
func bestelle(ziel string, bis time.Time) schritt {
	return schritt{true, func(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
		_, err := lb.kern.Do(ctx, w, h.nr, func(rows journal.Rows) ([]journal.Event, error) {
			e, err := lb.ausgang.Aufgeben(rows, w, 0, bestellung, ziel, []byte(strconv.Itoa(h.nr)), bis)
			return []journal.Event{e}, err
		})
		return err
	}}
}

// schicke has the outbox looked at after a time, unless that is due before. The program looks each
// second; the simulation when it can matter.
func (lb *leben) schicke(d time.Duration) {
	l := lb.r.l
	wann := l.jetzt + d
	if lb.schickt != 0 && lb.schickt <= wann {
		return
	}
	lb.schickt = wann
	l.nach(d, func(ctx context.Context) {
		if lb.schickt == wann && lb.r.leben == lb {
			lb.schickt = 0
			lb.besorge(ctx)
		}
	})
}

// besorge is one look of the outbox; what it begins goes on beside everything else.
func (lb *leben) besorge(ctx context.Context) {
	m, l := lb.r, lb.r.l
	if m.blank {
		lb.schicke(5 * time.Second) // it may be filled then
		return
	}
	beside := func(f func()) {
		l.gehe(ctx, func(*gang) {
			f()
			if m.leben == lb {
				m.nachher(ctx)
			}
		})
	}
	tell := func(err error) {
		if k := fault.KindOf(err); err != nil && m.leben == lb && !m.disk.Dead() && k != fault.Unavailable {
			l.fehler("the outbox of machine %d: %v", m.nr, err)
		}
		if m.leben == lb {
			lb.eile = min(2*lb.eile, takt)
			lb.schicke(lb.eile)
		}
	}
	lb.ausgang.Schritt(lb.ctx, lb.fuehrt(), beside, tell) //nolint:contextcheck // it ends with the program
	if l.feierabend {
		lb.schicke(5 * time.Second)
	}
}

// entscheide is a person who looks at what did not go out: what was given up is tried again, what was
// refused dropped at times.
func (lb *leben) entscheide(ctx context.Context) {
	m, l := lb.r, lb.r.l
	list, err := lb.ausgang.Offene(ctx, 50)
	if err != nil {
		l.sage("%d cannot read its outbox: %s", m.nr, code(err))
		return
	}
	for _, b := range list {
		if b.Stand.Wartet() || m.leben != lb {
			continue
		}
		a := workflow.Auftrag{Key: fmt.Sprintf("w-%s-%d-%d", b.ID, b.Stand.Stamp.Lamport, m.nr), Actor: "AB"}
		switch {
		case b.Stand.Code != abgelehnt:
			err = lb.ausgang.Wiederholen(ctx, a, b.ID)
		case l.eins(3):
			err = lb.ausgang.Verwerfen(ctx, a, b.ID, "anderswo bestellt")
		default:
			continue
		}
		l.sage("%d decides on %s, %s: %s", m.nr, b.Inhalt, b.Stand.Code, code(err))
		m.nachher(ctx)
	}
}

// besorgungen holds every errand that was journalled against the outside: it was done there once or
// refused for good, and nothing else is left in the queue.
func (a *akten) besorgungen(ctx context.Context, lb *leben) {
	for _, e := range a.auftraege {
		nr, _ := strconv.Atoi(string(e.Inhalt))
		z := a.l.ziel(e.Ziel)
		n, refused := z.getan[nr], z.ohne[nr]
		b, err := workflow.View(ctx, lb.kern, func(rows journal.Rows) (besorgungen.Besorgung, error) {
			b, _, err := besorgungen.Find(rows, e.ID)
			return b, err
		})
		if err != nil {
			a.l.fehler("reading errand %d: %v", nr, err)
		}
		switch st := b.Stand; {
		case n > 1:
			a.l.fehler("errand %d was done %d times at %s", nr, n, z.name)
		case n == 0 && !refused:
			a.l.fehler("errand %d never reached %s: %q %s", nr, z.name, st.Wort, st.Code)
		case st.Offen() && (!refused || st.Code != abgelehnt):
			a.l.fehler("errand %d is left in the queue: %q %s", nr, st.Wort, st.Code)
		case (st.Wort == besorgungen.Erledigt) != (n == 1):
			a.l.fehler("errand %d is %q, and was done %d times at %s", nr, st.Wort, n, z.name)
		}
	}
	for _, z := range a.l.ziele {
		a.l.Received, a.l.Known = a.l.Received+z.bekam, a.l.Known+z.bekannt
	}
	a.l.Besorgungen += len(a.auftraege)
}

// auftrag notes an errand; the same act of two machines makes it once.
func (a *akten) auftrag(e event.BesorgungAufgegeben, key string) {
	if !a.taten[key] {
		a.auftraege = append(a.auftraege, e)
	}
}

// schautNach is a person who looks once everything works again.
func (m *rechner) schautNach(ctx context.Context) {
	if m.leben != nil {
		m.leben.entscheide(ctx)
	}
}
