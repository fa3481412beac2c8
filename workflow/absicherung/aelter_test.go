package absicherung_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/workflow/absicherung"
)

// fremd has the TSE sign something as this till, or another one, that this journal knows nothing of: what a
// till did after its folder was copied.
func (x *till) fremd(serie string) {
	x.T.Helper()
	x.stop()
	g, err := simulator.Open(simulator.Optionen{Ordner: x.dir}, x.Uhr)
	x.Must(err)
	x.Must(g.Anmelden(x.Ctx, serie))
	b, err := g.Beginnen(x.Ctx, serie, "")
	x.Must(err)
	_, err = g.Beenden(x.Ctx, serie, b, kassenbeleg.ProzessBeleg, "Beleg^3.98_0.00_0.00_0.00_0.00^3.98:Bar")
	x.Must(err)
	x.Must(g.Close())
}

func (x *till) serie() string {
	x.T.Helper()
	set, _, err := workflowView(x.Kern, func(rows journal.Rows) (belege.Gesetzt, bool, error) { return belege.TSE(rows, "1") })
	x.Must(err)
	return set.Serie
}

// A sale is booked first and signed then. What the TSE has signed for this till and the journal does not
// know was sold after the journal was copied: that is said at the start. What other tills have signed, and
// what is open, says nothing.
func TestJournalAelterAlsTSE(t *testing.T) {
	x := newTill(t)
	x.gesichert(x.verkaufen().Nummer)
	x.fremd("OFFIZIN-2")
	x.abschuss()
	x.wagen()
	x.wartenAufBeginn(1)
	x.abschuss()
	x.wartenAufBeginn(0)
	x.fremd(x.serie())
	x.aelter = true
	x.abschuss()
}

// A version from before that: nothing was remembered of what no record names, so nothing is said the first time.
func TestErsterStartSagtNichts(t *testing.T) {
	x := newTill(t)
	x.gesichert(x.verkaufen().Nummer)
	x.fremd(x.serie())
	clear(x.spur)
	x.abschuss()
	x.abschuss()
	x.fremd(x.serie())
	x.aelter = true
	x.abschuss()
}

// abreisser is a TSE that goes away after it has signed the end of a transaction: nobody learns of it.
type abreisser struct {
	absicherung.Geraet

	weg bool
}

func (a *abreisser) Beenden(ctx context.Context, c string, b tse.Beginn, p, d string) (tse.Signatur, error) {
	if _, err := a.Geraet.Beenden(ctx, c, b, p, d); err != nil {
		return tse.Signatur{}, err
	}
	a.weg = true
	return tse.Signatur{}, &tse.Fehler{Art: tse.Ausfall, Text: "weg"}
}

func (a *abreisser) Beendet(ctx context.Context, c string, nr uint64) (tse.Signatur, bool, error) {
	if a.weg {
		return tse.Signatur{}, false, &tse.Fehler{Art: tse.Ausfall, Text: "weg"}
	}
	return a.Geraet.Beendet(ctx, c, nr)
}

func (a *abreisser) Stand(ctx context.Context) (tse.Stand, error) {
	if a.weg {
		return tse.Stand{}, &tse.Fehler{Art: tse.Ausfall, Text: "weg"}
	}
	return a.Geraet.Stand(ctx)
}

// A Storno begins its transaction after it was booked, so it does not name it. The TSE signs it and is gone
// before it answers; the Storno is marked. Its transaction is no sale that was lost.
func TestUnbeantwortetesEndeIstKeinAltesJournal(t *testing.T) {
	x := newTill(t)
	b := x.verkaufen()
	x.gesichert(b.Nummer)
	x.stop()
	var err error
	x.geraet, err = simulator.Open(simulator.Optionen{Ordner: x.dir}, x.Uhr)
	x.Must(err)
	x.anschliessen(&abreisser{Geraet: x.geraet})
	s, err := x.Storno(x.Ctx, x.A(), b.Nummer, "Irrtum")
	x.Must(err)
	if g := x.gesichert(s.Nummer); g.Ausfall != "weg" {
		t.Errorf("%+v", g)
	}
	x.abschuss()
}

// Whatever a till was at when it was killed, cut off from its TSE, or both: it is not taken for one whose
// folder was put back. einschalten fails if it is.
func TestAbschussIstKeinAltesJournal(t *testing.T) {
	for seed := range uint64(12) {
		x := newTill(t)
		r := rand.New(rand.NewPCG(seed, 7))
		for range 8 {
			for range r.IntN(3) {
				x.schritt(r)
			}
			if x.abschuss(); t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
	}
}

// schritt is a step of a till whose TSE is not always there.
func (x *till) schritt(r *rand.Rand) {
	s, lives := x.Kern.Absicherung.(*absicherung.Service)
	if !lives {
		return
	}
	switch r.IntN(7) {
	case 0:
		x.verkaufen()
	case 1:
		x.wagen()
	case 2:
		x.Must(x.Verwerfen(x.Ctx, x.A(), x.wagen()))
	case 3: // answers are lost, of the start or of the end
		id := x.wagen()
		x.geraet.Stoeren(simulator.Stoerung{Verloren: 1 + r.IntN(2)})
		x.bezahlen(id)
	case 4: // the start fails, the end is asked of a TSE that is back, and its answer is lost
		x.geraet.Stoeren(simulator.Stoerung{Verloren: 1 + r.IntN(3)})
		x.verkaufen()
	case 5: // killed between booking and signature
		id := x.wagen()
		x.Kern.Absicherung = bis{s, func(bon.Bon) {}}
		x.bezahlen(id)
	case 6:
		x.geraet.Stoeren(simulator.Stoerung{Weg: true})
		x.verkaufen()
		x.geraet.Stoeren(simulator.Stoerung{})
	}
}
