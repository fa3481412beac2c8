package verbund

import (
	"context"
	"fmt"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/verkauf"
)

// kanari is the name of every patient: it stands nowhere in clear text.
const kanari = "Kanarienvogel"

// benutzer is who works at a machine: one act after the other, each step repeated with its
// key until it is answered.
type benutzer struct {
	l     *lauf
	platz *rechner
	tut   *handlung

	bons     []string // own sales that were not undone
	personen []string // on file, entered here
}

// handlung is one thing that a person does.
type handlung struct {
	art      string
	nr       int
	schritte []schritt
	done     int
	versuche int

	vorgang, rezept, person string
	summe                   verkauf.Ansicht
	bon                     bon.Bon
	wert                    haus.Einstellungen
}

// schritt is one request. Woanders says that it can be repeated at another machine.
type schritt struct {
	woanders bool
	tu       func(context.Context, *leben, workflow.Auftrag, *handlung) error
}

// key is the key of the step that is to be done, the same at each repetition.
func (h *handlung) key(r *Regeln) string {
	key := fmt.Sprintf("h%d-%d", h.nr, h.done)
	if r.OhneKey {
		key += fmt.Sprintf("-%d", h.versuche)
	}
	return key
}

// arbeite does the next step, and plans the one after it.
func (b *benutzer) arbeite(ctx context.Context) {
	l := b.l
	if l.feierabend && b.tut == nil {
		return
	}
	pause := l.zufall(2*time.Second, 40*time.Second)
	if b.tut == nil {
		if b.platz.leben == nil || b.platz.blank {
			l.nach(l.pause(), b.arbeite)
			return
		}
		b.tut = b.neu()
		l.Handlungen++
	}
	if m := b.wo(); m != nil {
		b.schritt(ctx, m)
	} else {
		pause = l.zufall(time.Second, time.Minute)
	}
	if b.tut == nil {
		pause = l.zufall(l.tempo/4, 2*l.tempo)
	}
	l.nach(pause, b.arbeite)
}

// wo is the machine for the next step: the own one, or after a while another, where that
// makes sense; nil if there is none.
func (b *benutzer) wo() *rechner {
	h := b.tut
	if h.schritte[h.done].woanders && h.versuche > 0 {
		other := b.l.rechner[b.l.r.IntN(len(b.l.rechner))]
		if other.leben != nil && !other.blank && b.l.eins(2) {
			return other
		}
	}
	if b.platz.leben == nil || b.platz.blank {
		return nil
	}
	return b.platz
}

// schritt sends one request, and may not get its answer.
func (b *benutzer) schritt(ctx context.Context, m *rechner) {
	h, l, lb := b.tut, b.l, m.leben
	key := h.key(&l.regeln)
	h.versuche++
	err := h.schritte[h.done].tu(ctx, lb, workflow.Auftrag{Key: key, Actor: "AB"}, h)
	l.sage("%d at %d: %s %s %s", b.platz.nr, m.nr, h.art, key, code(err))
	m.nachher(ctx)
	switch {
	case err == nil && l.keineAntwort():
		l.Wiederholt++
	case err == nil:
		b.erledigt(ctx, m, key)
	case fault.KindOf(err) == fault.Unavailable || m.leben != lb:
		l.Wiederholt++
	default:
		if fault.KindOf(err) == fault.Internal || fault.KindOf(err) == fault.Corrupt {
			l.fehler("%s at machine %d: %v", h.art, m.nr, err)
		}
		l.Abgelehnt[code(err)]++
		b.tut = nil
	}
}

// erledigt is an answered step.
func (b *benutzer) erledigt(ctx context.Context, m *rechner, key string) {
	h, l, tries := b.tut, b.l, b.tut.versuche
	h.versuche = 0
	if h.done++; h.done < len(h.schritte) {
		return
	}
	b.tut = nil
	l.zugesagt(m, h, key)
	switch h.art {
	case "verkauf", "rezept":
		if m == b.platz {
			b.bons = append(b.bons, h.bon.Nummer)
		}
	case "person":
		b.personen = append(b.personen, h.person)
	case "einstellung":
		l.nachgelesen(ctx, m, h, tries)
	}
}

// keineAntwort reports that an answer is lost between the machine and its screen.
func (l *lauf) keineAntwort() bool { return !l.feierabend && l.eins(25) }

// nachgelesen holds that who sets something and looks sees it: what was set before, by
// whatever clock, does not win. What had to be repeated was set with the first try, and
// another may have set something else since.
func (l *lauf) nachgelesen(ctx context.Context, m *rechner, h *handlung, tries int) {
	if m.leben == nil || tries > 1 {
		return
	}
	got, err := m.leben.haus.Einstellungen(ctx)
	if err == nil && got.Inhaber != h.wert.Inhaber {
		l.fehler("machine %d was told the owner %q and shows %q", m.nr, h.wert.Inhaber, got.Inhaber)
	}
}
