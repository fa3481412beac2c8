package inbetriebnahme_test

import (
	"cmp"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/absicherung"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/inbetriebnahme"
	"github.com/offizin/offizin/workflow/kassenmeldung"
	"github.com/offizin/offizin/workflow/tagesabschluss"
	"github.com/offizin/offizin/workflow/workflowtest"
)

type stand struct {
	*workflowtest.Stand
	*inbetriebnahme.Service
	grund string // why the TSE signs nothing
}

func neu(t *testing.T) *stand {
	t.Helper()
	x := &stand{Stand: workflowtest.New(t, nil)}
	x.Service = inbetriebnahme.New(x.Kern, inbetriebnahme.Dienste{
		TSE: x.tse, Kassenmeldung: kassenmeldung.New(x.Kern, "Offizin 1"),
	})
	return x
}

// tse says of the TSE what the journal knows.
func (x *stand) tse(ctx context.Context) (l absicherung.Lage, found bool, err error) {
	err = x.Kern.Store.View(ctx, func(rows journal.Rows) error {
		set, ok, err := belege.TSE(rows, x.Kern.Till)
		l, found = absicherung.Lage{Serie: set.Serie, Geraet: set.Geraet, Grund: x.grund}, ok
		return err
	})
	return l, found, err
}

// steht says how a step stands, and whether the Ampel speaks of it.
func (x *stand) steht(s inbetriebnahme.Schritt, want inbetriebnahme.Zustand) {
	x.T.Helper()
	l, err := x.Lage(x.Ctx)
	x.Must(err)
	if got := l.Find(s).Zustand; got != want {
		x.T.Errorf("%s is %s, want %s", s, got, want)
	}
}

func (x *stand) offen(want bool) {
	x.T.Helper()
	if got, err := x.Offen(x.Ctx); err != nil || got != want {
		x.T.Errorf("open: %v %v, want %v", got, err, want)
	}
}

func (x *stand) einrichten(g tse.Geraet) {
	x.T.Helper()
	x.Book(event.TSEGesetzt{Till: "1", Serie: "OFFIZIN-1", Geraet: g})
}

func angaben() haus.Einstellungen {
	return haus.Einstellungen{
		Name: "Linden-Apotheke", Inhaber: "Anna Berg", Strasse: "Lindenweg 1", PLZ: "70173", Ort: "Stuttgart",
		Steuernummer: "99/012/34567",
	}
}

// Nothing is there: everything but the name of the till is to be done, and the first step is first.
func TestLeer(t *testing.T) {
	x := neu(t)
	l, err := x.Lage(x.Ctx)
	x.Must(err)
	if !l.Niemand || l.Naechster("") != inbetriebnahme.Apotheke || strings.Join(l.Fehlende, " ") != "name inhaber strasse plz ort steuernummer" {
		t.Errorf("%+v", l)
	}
	for _, p := range l.Punkte {
		want := map[inbetriebnahme.Schritt]inbetriebnahme.Zustand{
			inbetriebnahme.Platz: inbetriebnahme.Erledigt, inbetriebnahme.Katalog: inbetriebnahme.Erledigt,
			inbetriebnahme.Mitteilung: inbetriebnahme.Entfaellt, // nothing to tell yet
		}
		if p.Zustand != cmp.Or(want[p.Schritt], inbetriebnahme.Fehlt) {
			t.Errorf("%s is %s", p.Schritt, p.Zustand)
		}
	}
	x.offen(true)
}

// Each step is done by what is done elsewhere; nobody has to say so.
func TestAusDemStand(t *testing.T) {
	x := neu(t)
	h := haus.New(x.Kern)
	e := angaben()
	e.Steuernummer = ""
	x.Must(h.Setzen(x.Ctx, x.A(), e))
	x.steht(inbetriebnahme.Apotheke, inbetriebnahme.Fehlt)
	e.USTID = "DE123456789" // either number is enough (DSFinV-K 2.4, cashpointclosing)
	x.Must(h.Setzen(x.Ctx, x.A(), e))
	x.steht(inbetriebnahme.Apotheke, inbetriebnahme.Erledigt)
	x.offen(true)
	x.einrichten(tse.Geraet{Seriennummer: "ab", Zertifizierung: "BSI-K-TR-0412-2020", Ablauf: civil.Must(2026, 12, 31)})
	x.steht(inbetriebnahme.TSE, inbetriebnahme.Erledigt)
	x.offen(false)

	l, err := x.Lage(x.Ctx)
	x.Must(err)
	if l.Frist != civil.Must(2026, 12, 23) || l.Tage != 38 || l.TSE.Serie != "OFFIZIN-1" {
		t.Errorf("%+v", l)
	}
	x.steht(inbetriebnahme.Mitteilung, inbetriebnahme.Fehlt) // within a month, § 146a (4) AO
	x.Must(kassenmeldung.New(x.Kern, "Offizin 1").Gesendet(x.Ctx, x.A(), civil.Must(2026, 11, 23), "Mein ELSTER"))
	x.steht(inbetriebnahme.Mitteilung, inbetriebnahme.Erledigt)

	cash := tagesabschluss.New(x.Kern, abschluss.Geraet{})
	_, err = cash.Bewegen(x.Ctx, x.A(), tagesabschluss.Bewegung{Geschaeft: bon.Anfangsbestand, Betrag: 20000, Grund: "gezählt"})
	x.Must(err)
	x.steht(inbetriebnahme.Anfangsbestand, inbetriebnahme.Erledigt)

	x.Must(h.BenutzerSetzen(x.Ctx, x.A(), haus.Benutzer{Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber", Aktiv: true}))
	x.steht(inbetriebnahme.Personal, inbetriebnahme.Fehlt)
	x.Book(event.PinGesetzt{Kuerzel: "AB", Hash: "x"})
	x.steht(inbetriebnahme.Personal, inbetriebnahme.Erledigt)

	x.grund = "Gerät antwortet nicht"
	x.steht(inbetriebnahme.TSE, inbetriebnahme.Fehlt)
	x.grund = ""
	x.Uhr.Advance(40 * 24 * time.Hour)
	x.steht(inbetriebnahme.TSE, inbetriebnahme.Fehlt) // its certificate has ended
}

// A simulator is enough to practise, and not for real patients; it is never notified.
func TestSimulator(t *testing.T) {
	x := neu(t)
	x.einrichten(tse.Geraet{Seriennummer: "ff", Uebung: true})
	x.steht(inbetriebnahme.TSE, inbetriebnahme.Erledigt)
	x.steht(inbetriebnahme.Mitteilung, inbetriebnahme.Entfaellt)
	e := angaben()
	e.Produktiv = true
	x.Must(haus.New(x.Kern).Setzen(x.Ctx, x.A(), e))
	x.steht(inbetriebnahme.TSE, inbetriebnahme.Fehlt)
	x.steht(inbetriebnahme.Mitteilung, inbetriebnahme.Entfaellt)
	x.offen(true)
}

// What the law asks for cannot be put off; what is put off is on record, comes back when somebody
// wants it, and is done all the same when it is there.
func TestZurueckstellen(t *testing.T) {
	x := neu(t)
	for _, s := range []inbetriebnahme.Schritt{inbetriebnahme.Apotheke, inbetriebnahme.TSE, inbetriebnahme.Mitteilung, inbetriebnahme.Platz, "kaffee"} {
		x.Fails(x.Zurueckstellen(x.Ctx, x.A(), s, true), "T-950")
	}
	x.Fails(x.Zurueckstellen(x.Ctx, workflow.Auftrag{Key: "k"}, inbetriebnahme.Bondrucker, true), "V-001")
	x.Must(x.Zurueckstellen(x.Ctx, x.A(), inbetriebnahme.Bondrucker, true))
	x.Must(x.Zurueckstellen(x.Ctx, x.A(), inbetriebnahme.Bondrucker, true))
	x.steht(inbetriebnahme.Bondrucker, inbetriebnahme.Zurueckgestellt)
	l, err := x.Lage(x.Ctx)
	x.Must(err)
	if next := l.Naechster(inbetriebnahme.TSE); next != inbetriebnahme.Kartenterminal {
		t.Errorf("after the TSE comes %s", next)
	}
	if next := l.Naechster(inbetriebnahme.Probe); next != inbetriebnahme.Apotheke {
		t.Errorf("after the last comes %s", next)
	}
	x.Must(x.Zurueckstellen(x.Ctx, x.A(), inbetriebnahme.Bondrucker, false))
	x.steht(inbetriebnahme.Bondrucker, inbetriebnahme.Fehlt)

	x.Must(x.Zurueckstellen(x.Ctx, x.A(), inbetriebnahme.Anfangsbestand, true))
	_, err = tagesabschluss.New(x.Kern, abschluss.Geraet{}).Bewegen(x.Ctx, x.A(),
		tagesabschluss.Bewegung{Geschaeft: bon.Anfangsbestand, Betrag: 100, Grund: "gezählt"})
	x.Must(err)
	x.steht(inbetriebnahme.Anfangsbestand, inbetriebnahme.Erledigt)
}

// A terminal of a maker cannot be connected yet, so there is nothing to set up: that cards are typed in by
// hand is a decision, and with it the step is done. Who changes his mind takes it back.
func TestKartenVonHand(t *testing.T) {
	x := neu(t)
	x.steht(inbetriebnahme.Kartenterminal, inbetriebnahme.Fehlt)
	for _, ja := range []bool{true, false} {
		x.Must(x.Zurueckstellen(x.Ctx, x.A(), inbetriebnahme.Kartenterminal, ja))
		l, err := x.Lage(x.Ctx)
		x.Must(err)
		if l.KartenVonHand != ja {
			t.Errorf("decided %v: %+v", ja, l)
		}
		x.steht(inbetriebnahme.Kartenterminal, map[bool]inbetriebnahme.Zustand{true: inbetriebnahme.Erledigt, false: inbetriebnahme.Fehlt}[ja])
	}
}
