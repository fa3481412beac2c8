package tagesabschluss_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/tagesabschluss"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// betrieb is a pharmacy with two tills whose journals are equal.
type betrieb struct {
	*workflowtest.Stand
	haus *haus.Service
	eins *tagesabschluss.Service
	zwei *tagesabschluss.Service
	k2   *workflow.Kern
	lebt map[string]bool // machines that answer
}

func (x *betrieb) Antwortet(platz string) bool { return x.lebt[platz] }

func neu(t testing.TB) *betrieb {
	t.Helper()
	x := &betrieb{Stand: workflowtest.New(t, nil), lebt: map[string]bool{"platz-1": true, "platz-2": true}}
	x.Kern.Sicht = x
	k2 := *x.Kern
	k2.Till, k2.Platz = "2", "platz-2"
	x.k2 = &k2
	g := abschluss.Geraet{Marke: "Offizin", Modell: "Kassenplatz", Software: "Offizin", Fassung: "1"}
	x.haus, x.eins, x.zwei = haus.New(x.Kern), tagesabschluss.New(x.Kern, g), tagesabschluss.New(x.k2, g)
	x.Must(x.haus.Setzen(x.Ctx, x.A(), daten()))
	return x
}

func daten() haus.Einstellungen {
	return haus.Einstellungen{Name: "Löwen-Apotheke", Strasse: "Markt 1", PLZ: "12345", Ort: "Stadt", Steuernummer: "12/345/67890"}
}

// verkauft books a sale, paid in cash and by card.
func (x *betrieb) verkauft(k *workflow.Kern, cash, card money.Cent) bon.Bon {
	x.T.Helper()
	now := x.Uhr.Now()
	b := bon.Bon{
		Art: bon.Verkauf, Platz: k.Platz, Zeit: now.UnixNano(), Tag: clock.DayOf(now), Benutzer: "AB",
		Positionen: []bon.Position{{Nr: 1, Menge: 1, Gesamt: cash + card, Privat: cash + card, MwSt: 19 * money.Percent}},
		Zahlungen:  []bon.Zahlung{{Art: bon.Bar, Betrag: cash}, {Art: bon.Karte, Betrag: card}},
	}
	_, err := k.Do(x.Ctx, x.A(), "test", func(rows journal.Rows) ([]journal.Event, error) {
		var err error
		b.Nummer, err = bons.Next(rows, k.Till)
		return []journal.Event{event.VerkaufAbgeschlossen{Bon: b}}, err
	})
	x.Must(err)
	return b
}

// gezaehlt is an amount as coins and notes.
func gezaehlt(c money.Cent) (z abschluss.Zaehlung) {
	for _, w := range abschluss.Nennwerte() {
		if n := c / w; n > 0 {
			z = append(z, abschluss.Stueck{Wert: w, Anzahl: int(n)})
			c -= n * w
		}
	}
	return z
}

func (x *betrieb) lage(s *tagesabschluss.Service, till string) tagesabschluss.Lage {
	x.T.Helper()
	l, err := s.Lage(x.Ctx, till)
	x.Must(err)
	return l
}

// abschliessen counts a till and closes it.
func (x *betrieb) abschliessen(s *tagesabschluss.Service, till string, ist money.Cent) (abschluss.Abschluss, error) {
	x.T.Helper()
	e, err := s.Pruefen(x.Ctx, till, gezaehlt(ist))
	x.Must(err)
	return s.Abschliessen(x.Ctx, x.A(), e.Zaehlung)
}

func einlage(c money.Cent) tagesabschluss.Bewegung {
	return tagesabschluss.Bewegung{Geschaeft: bon.Anfangsbestand, Betrag: c, Grund: "Wechselgeld"}
}

// A day: change put in, sales, cash to the safe, a coin too little. The balance is known at
// any time (Kassensturzfähigkeit), the difference is a record of its own (DSFinV-K 2.4).
func TestEinTag(t *testing.T) {
	x := neu(t)
	_, err := x.eins.Bewegen(x.Ctx, x.A(), einlage(20000))
	x.Must(err)
	x.verkauft(x.Kern, 1190, 0)
	x.verkauft(x.Kern, 500, 1000)
	out := tagesabschluss.Bewegung{Hinaus: true, Geschaeft: bon.Geldtransit, Betrag: 10000, Grund: "Tresor"}
	a := x.A()
	moved, err := x.eins.Bewegen(x.Ctx, a, out)
	x.Must(err)
	again, err := x.eins.Bewegen(x.Ctx, a, out)
	x.Must(err)
	if moved.Nummer != "1-000004" || again.Nummer != moved.Nummer || moved.Art != bon.Bewegung {
		t.Errorf("%s, again %s", moved.Nummer, again.Nummer)
	}
	if got := kassenbeleg.Aus(moved).Daten(); got != "Beleg^0.00_0.00_0.00_0.00_-100.00^-100.00:Bar" {
		t.Error(got)
	}
	l := x.lage(x.eins, "")
	if l.Bar != 11690 || l.Belege != 4 || len(l.Zeilen) != 4 || l.Zeilen[3].Danach != 11690 || l.Anfang != 0 || l.Nummer != 1 {
		t.Errorf("%+v", l)
	}
	z, err := x.abschliessen(x.eins, "", 11680)
	x.Must(err)
	if z.Nummer != 1 || z.Von != "1-000001" || z.Bis != "1-000005" || z.Anzahl != 5 || z.Differenz != -10 ||
		z.Soll() != 11690 || z.Barbestand != 11680 || z.Zaehlung.Summe() != 11680 || z.Tag != civil.Must(2026, 11, 23) {
		t.Errorf("%+v", z)
	}
	if z.Stamm.Betrieb.Name != "Löwen-Apotheke" || z.Stamm.Betrieb.Land != "DEU" || z.Stamm.Saetze[0].Satz != 19*money.Percent ||
		z.Stamm.Geraet.Fassung != "1" {
		t.Errorf("%+v", z.Stamm)
	}
	l = x.lage(x.eins, "")
	if l.Bar != 11680 || l.Anfang != 11680 || l.Belege != 0 || len(l.Zeilen) != 0 || l.Nummer != 2 || l.Letzter.Nummer != 1 {
		t.Errorf("%+v", l)
	}
	_, err = x.abschliessen(x.eins, "", 11680)
	x.Fails(err, "T-522")
	if list, err := x.eins.Abschluesse(x.Ctx, "1"); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestAbgelehnt(t *testing.T) {
	x := neu(t)
	move := func(v tagesabschluss.Bewegung) error {
		_, err := x.eins.Bewegen(x.Ctx, x.A(), v)
		return err
	}
	out := tagesabschluss.Bewegung{Hinaus: true, Geschaeft: bon.Privatentnahme, Betrag: 100, Grund: "privat"}
	x.Fails(move(out), "T-514") // nothing is there
	sure := out
	sure.Bestaetigt = true
	x.Must(move(sure)) // the book may be wrong: it stands there
	if l := x.lage(x.eins, ""); l.Bar != -100 || len(l.Zeilen) != 1 || l.Zeilen[0].Ueberzogen != -100 {
		t.Errorf("%+v", l)
	}
	x.Must(move(einlage(1100)))
	x.Fails(move(einlage(0)), "T-511")
	x.Fails(move(einlage(-5)), "T-511")
	v := einlage(5)
	// lines.csv has room for 255 characters: what is longer could never be exported.
	for _, v.Grund = range []string{" ", strings.Repeat("ä", 201)} {
		x.Fails(move(v), "T-512")
	}
	for _, g := range []bon.Geschaeft{bon.Privateinlage, bon.DifferenzSoll, bon.Umsatz, "x"} {
		w := out
		w.Geschaeft = g
		x.Fails(move(w), "T-513")
	}
	_, err := x.eins.Lage(x.Ctx, "9")
	x.Fails(err, "T-516")
	_, err = x.eins.Pruefen(x.Ctx, "", abschluss.Zaehlung{{Wert: 3, Anzahl: 1}})
	x.Fails(err, "T-525")
	_, err = x.eins.Abschluss(x.Ctx, "1", 1)
	x.Fails(err, "T-526")
}

// A drawer begins once: a second opening balance is refused, on whichever machine it is booked, and
// says how the first is set right. Repeated, the first is the same act. From the first closing on the
// book knows what is there, also if nobody booked what the drawer began with.
func TestAnfangsbestandEinmal(t *testing.T) {
	x := neu(t)
	a := x.A()
	for range 2 {
		if b, err := x.eins.Bewegen(x.Ctx, a, einlage(20000)); err != nil || b.Nummer != "1-000001" {
			t.Errorf("%s, %v", b.Nummer, err)
		}
	}
	if l := x.lage(x.eins, ""); !l.Eroeffnet || l.Bar != 20000 {
		t.Errorf("%+v", l)
	}
	again := func(s *tagesabschluss.Service, till string) error {
		v := einlage(5000)
		v.Till = till
		_, err := s.Bewegen(x.Ctx, x.A(), v)
		return err
	}
	x.Fails(again(x.eins, ""), "T-970")
	x.lebt["platz-1"] = false
	x.Fails(again(x.zwei, "1"), "T-970")
	x.lebt["platz-1"] = true
	out := tagesabschluss.Bewegung{Hinaus: true, Geschaeft: bon.Geldtransit, Betrag: 20000, Grund: "falsch gezählt"}
	_, err := x.eins.Bewegen(x.Ctx, x.A(), out)
	x.Must(err)
	x.Fails(again(x.eins, ""), "T-970") // also when nothing is there any more
	_, err = x.abschliessen(x.eins, "", 18000)
	x.Must(err)
	x.Fails(again(x.eins, ""), "T-970")

	x.verkauft(x.k2, 1000, 0)
	if l := x.lage(x.zwei, ""); l.Eroeffnet {
		t.Error("sold before the drawer was counted: that is no opening balance")
	}
	_, err = x.abschliessen(x.zwei, "", 6000)
	x.Must(err)
	x.Fails(again(x.zwei, ""), "T-970")
}

// Two count at once: the second one counted what the first has closed. A sale between count
// and closing counts, too.
func TestSeitDerZaehlung(t *testing.T) {
	x := neu(t)
	x.verkauft(x.Kern, 1000, 0)
	e, err := x.eins.Pruefen(x.Ctx, "", gezaehlt(1000))
	x.Must(err)
	_, err = x.eins.Abschliessen(x.Ctx, x.A(), e.Zaehlung)
	x.Must(err)
	_, err = x.eins.Abschliessen(x.Ctx, x.A(), e.Zaehlung)
	x.Fails(err, "T-523")
	x.verkauft(x.Kern, 500, 0)
	if e, err = x.eins.Pruefen(x.Ctx, "", gezaehlt(1500)); err != nil || e.Differenz != 0 {
		t.Errorf("%+v, %v", e, err)
	}
	x.verkauft(x.Kern, 1, 0)
	_, err = x.eins.Abschliessen(x.Ctx, x.A(), e.Zaehlung)
	x.Fails(err, "T-523")
}

// A Z is possible only when no Vorgang is open (AEAO zu § 146a Nr. 2.2.3.3).
func TestOffenerVorgang(t *testing.T) {
	x := neu(t)
	x.verkauft(x.Kern, 1000, 0)
	cart := func(state vorgang.Zustand, platz string, version int) event.VorgangGeaendert {
		return event.VorgangGeaendert{
			ID: "v1", Version: version, Kopf: &vorgang.Kopf{Platz: platz, Epoche: 1, Zustand: state, Notiz: "Abholung"},
			Gesetzt: []vorgang.Position{{Nr: 1, Menge: 1}},
		}
	}
	x.Book(cart(vorgang.Offen, "platz-1", 1))
	_, err := x.abschliessen(x.eins, "", 1000)
	x.Fails(err, "T-521")
	x.Book(cart(vorgang.Geparkt, "platz-1", 2))
	if l := x.lage(x.eins, ""); len(l.Offene) != 0 || len(l.Geparkt) != 1 || l.Geparkt[0].Notiz != "Abholung" {
		t.Errorf("%+v", l)
	}
	_, err = x.abschliessen(x.eins, "", 1000)
	x.Must(err)
}

// A sale that was entered from a slip after the last closing is no reason to forget that the day
// of the sales after it was never closed.
func TestZettelVorDemTag(t *testing.T) {
	x := neu(t)
	slip := bon.Bon{
		Nummer: "1-000001", Art: bon.Verkauf, Platz: "platz-1", Nacherfassung: true, Tag: civil.Must(2026, 11, 20),
		Zeit: x.Uhr.Now().AddDate(0, 0, -3).UnixNano(),
	}
	x.Book(event.VerkaufAbgeschlossen{Bon: slip})
	x.verkauft(x.Kern, 1000, 0)
	x.Uhr.Advance(24 * time.Hour)
	l := x.lage(x.eins, "")
	if list, err := x.eins.Ueberfaellig(x.Ctx); !l.Alt || l.Tag != civil.Must(2026, 11, 23) || err != nil || len(list) != 1 {
		t.Errorf("%v %v, %v, %v", l.Alt, l.Tag, list, err)
	}
}

// Night service: the business day is that of the first record, also when it is closed after
// midnight; from then on the till is told of.
func TestUeberMitternacht(t *testing.T) {
	x := neu(t)
	x.Uhr.Advance(11*time.Hour + 30*time.Minute) // 23:30 in Berlin
	x.verkauft(x.Kern, 1000, 0)
	if l := x.lage(x.eins, ""); l.Alt {
		t.Error("told of on the same day")
	}
	x.Uhr.Advance(2 * time.Hour)
	x.verkauft(x.Kern, 500, 0)
	l := x.lage(x.eins, "")
	if list, err := x.zwei.Ueberfaellig(x.Ctx); !l.Alt || err != nil || len(list) != 1 || list[0] != "1" {
		t.Errorf("%v, %v, %v", l.Alt, list, err)
	}
	z, err := x.abschliessen(x.eins, "", 1500)
	x.Must(err)
	if z.Tag != civil.Must(2026, 11, 23) || clock.DayOf(time.Unix(0, z.Zeit)) != civil.Must(2026, 11, 24) || z.Anzahl != 2 {
		t.Errorf("%+v", z)
	}
	if list, err := x.eins.Ueberfaellig(x.Ctx); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}

// The day of a dead till is closed by another one: the difference has a number of the one that
// books it, and is cash of the one that is closed (ADR 0029).
func TestToterPlatz(t *testing.T) {
	x := neu(t)
	x.verkauft(x.k2, 2000, 0)
	x.verkauft(x.Kern, 300, 0)
	_, err := x.abschliessen(x.eins, "2", 1900)
	x.Fails(err, "T-515") // it answers
	x.lebt["platz-2"] = false
	z, err := x.abschliessen(x.eins, "2", 1900)
	x.Must(err)
	if z.Till != "2" || z.Nummer != 1 || z.Bis != "2-000001" || z.Anzahl != 1 || z.Differenz != -100 || z.Barbestand != 1900 ||
		z.Platz != "platz-1" || len(z.Fremde) != 1 || z.Fremde[0] != "1-000002" || z.Bar() != 2000 {
		t.Errorf("%+v", z)
	}
	// its cash goes into the drawer that is alive
	_, err = x.eins.Bewegen(x.Ctx, x.A(), tagesabschluss.Bewegung{
		Till: "2", Hinaus: true, Geschaeft: bon.Geldtransit, Betrag: 1900, Grund: "nach Platz 1",
	})
	x.Must(err)
	_, err = x.eins.Bewegen(x.Ctx, x.A(), tagesabschluss.Bewegung{Geschaeft: bon.Geldtransit, Betrag: 1900, Grund: "von Platz 2"})
	x.Must(err)
	if a, b := x.lage(x.eins, "2"), x.lage(x.eins, "1"); a.Bar != 0 || b.Bar != 2200 || len(a.Zeilen) != 1 {
		t.Errorf("%+v, %+v", a, b)
	}
	z, err = x.abschliessen(x.eins, "1", 2200)
	x.Must(err)
	if z.Anzahl != 4 || z.Differenz != 0 || z.Bar() != 300-100-1900+1900 || z.Barbestand != 2200 {
		t.Errorf("%+v", z)
	}
	// it comes back, with what it sold before it was closed elsewhere and nobody knew of
	x.lebt["platz-2"] = true
	x.verkauft(x.k2, 700, 0)
	z, err = x.abschliessen(x.zwei, "", 700)
	x.Must(err)
	if z.Nummer != 2 || z.Von != "2-000002" || z.Anzahl != 1 || z.Anfang != 1900 || z.Barbestand != 700 {
		t.Errorf("%+v", z)
	}
}

// The cash of a dead till is taken out after its day was closed: its day stays closed, for what
// moved it stands in a closing of the till that booked it. Else it would be open for ever: there
// is nothing to close, and master data could never be changed again.
func TestLeererToterPlatz(t *testing.T) {
	x := neu(t)
	x.verkauft(x.k2, 2000, 0)
	x.verkauft(x.Kern, 300, 0)
	x.lebt["platz-2"] = false
	_, err := x.abschliessen(x.eins, "2", 2000)
	x.Must(err)
	_, err = x.eins.Bewegen(x.Ctx, x.A(), tagesabschluss.Bewegung{
		Till: "2", Hinaus: true, Geschaeft: bon.Geldtransit, Betrag: 2000, Grund: "nach Platz 1",
	})
	x.Must(err)
	_, err = x.abschliessen(x.eins, "1", 300)
	x.Must(err)
	_, err = x.abschliessen(x.eins, "2", 0)
	x.Fails(err, "T-522")
	x.Uhr.Advance(24 * time.Hour)
	if list, err := x.eins.Ueberfaellig(x.Ctx); err != nil || len(list) != 0 {
		t.Errorf("still to be closed: %v, %v", list, err)
	}
	e := daten()
	e.Name = "Adler-Apotheke"
	x.Must(x.haus.Setzen(x.Ctx, x.A(), e))
}

// A till is cut off for days: another one closes it, and it closes itself, twice. No record is left
// in between, and what the closing that counts no more had counted comes into the next one.
func TestAbgeschnitten(t *testing.T) {
	x := neu(t)
	selbst := func(nummer int, von, bis string) {
		x.Book(event.TagAbgeschlossen{Abschluss: abschluss.Abschluss{
			Kopf: abschluss.Kopf{Till: "2", Nummer: nummer, Platz: "platz-2"}, Von: von, Bis: bis,
		}})
	}
	x.verkauft(x.k2, 2000, 0)
	x.lebt["platz-2"] = false
	z, err := x.abschliessen(x.eins, "2", 1900)
	if x.Must(err); z.Bis != "2-000001" || len(z.Fremde) != 1 {
		t.Fatalf("%+v", z)
	}
	x.verkauft(x.k2, 700, 0)
	selbst(1, "2-000001", "2-000002")
	x.verkauft(x.k2, 300, 0)
	selbst(2, "2-000003", "2-000003")
	x.verkauft(x.k2, 100, 0)
	last, err := x.abschliessen(x.zwei, "", 3000)
	if x.Must(err); last.Nummer != 3 || last.Von != "2-000004" || len(last.Fremde) != 1 || last.Fremde[0] != z.Fremde[0] {
		t.Errorf("%+v", last)
	}
	var spans []string
	list, err := x.eins.Abschluesse(x.Ctx, "2")
	x.Must(err)
	for _, a := range list {
		one, err := x.eins.Abschluss(x.Ctx, "2", a.Nummer)
		if x.Must(err); one.Bis != a.Bis {
			t.Errorf("Z %d ends at %s and at %s", a.Nummer, one.Bis, a.Bis)
		}
		spans = append(spans, a.Von+" "+a.Bis)
	}
	want := []string{"2-000004 2-000004", "2-000003 2-000003", "2-000001 2-000002"}
	if d := cmp.Diff(want, spans); d != "" {
		t.Error(d)
	}
}

// Company data are frozen with a closing: they change only between two (DSFinV-K 2.4 Nr. 3.2);
// what is missing can be added, for without it nothing can be closed.
func TestStammdaten(t *testing.T) {
	x := neu(t)
	x.verkauft(x.Kern, 100, 0)
	e := daten()
	e.Name = "Adler-Apotheke"
	x.Fails(x.haus.Setzen(x.Ctx, x.A(), e), "T-531")
	e = daten()
	e.USTID, e.Telefon = "DE123456789", "1"
	x.Must(x.haus.Setzen(x.Ctx, x.A(), e))
	e.Steuernummer = "" // would take away what is there
	x.Fails(x.haus.Setzen(x.Ctx, x.A(), e), "T-531")
	z, err := x.abschliessen(x.eins, "", 100)
	x.Must(err)
	if z.Stamm.Betrieb.USTID != "DE123456789" {
		t.Errorf("%+v", z.Stamm)
	}
	x.Must(x.haus.Setzen(x.Ctx, x.A(), e))
	e.Name, e.USTID = "Adler-Apotheke", ""
	x.Must(x.haus.Setzen(x.Ctx, x.A(), e))
	x.verkauft(x.Kern, 100, 0)
	_, err = x.abschliessen(x.eins, "", 200)
	x.Fails(err, "T-524")
}

// Every TSE that signed for a record of the closing stands in it, and the one set up last.
func TestTSE(t *testing.T) {
	x := neu(t)
	alt, neue := tse.Geraet{Seriennummer: "aa"}, tse.Geraet{Seriennummer: "bb"}
	x.Book(event.TSEGesetzt{Till: "1", Serie: "S-1", Geraet: alt})
	b := x.verkauft(x.Kern, 100, 0)
	x.Book(event.BelegGesichert{Gesichert: kassenbeleg.Gesichert{Nummer: b.Nummer, Signatur: &tse.Signatur{Seriennummer: "aa"}}})
	x.Book(event.TSEGesetzt{Till: "1", Serie: "S-1", Geraet: neue})
	z, err := x.abschliessen(x.eins, "", 100)
	x.Must(err)
	if len(z.Stamm.TSE) != 2 || z.Serie != "S-1" || z.Stamm.Geraet.Serie != "S-1" {
		t.Errorf("%+v", z)
	}
	x.verkauft(x.Kern, 100, 0)
	if z, err = x.abschliessen(x.eins, "", 200); err != nil || len(z.Stamm.TSE) != 1 || z.Stamm.TSE[0].Seriennummer != "bb" {
		t.Errorf("%+v, %v", z, err)
	}
}

// Random days at two tills: what is there by book is what was paid in cash; the closings add up
// to the records; Z and receipt numbers have no gap; after a closing there is what was counted.
func TestZufaelligeTage(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		x := neu(t)
		cash, paid := map[string]money.Cent{}, map[string]money.Cent{}
		services := map[string]*tagesabschluss.Service{"1": x.eins, "2": x.zwei}
		kerne := map[string]*workflow.Kern{"1": x.Kern, "2": x.k2}
		for range rapid.IntRange(1, 30).Draw(r, "acts") {
			till := rapid.SampledFrom([]string{"1", "2"}).Draw(r, "till")
			c := money.Cent(rapid.Int64Range(1, 20000).Draw(r, "amount"))
			x.Uhr.Advance(time.Duration(rapid.IntRange(1, 300).Draw(r, "minutes")) * time.Minute)
			switch rapid.IntRange(0, 4).Draw(r, "act") {
			case 0, 1:
				x.verkauft(kerne[till], c, 100)
				cash[till] += c
				paid[till] += c + 100
			case 2, 3:
				v := tagesabschluss.Bewegung{Geschaeft: bon.Geldtransit, Betrag: c, Grund: "Tresor"}
				v.Hinaus = rapid.Bool().Draw(r, "out")
				if _, err := services[till].Bewegen(x.Ctx, x.A(), v); err == nil && v.Hinaus {
					cash[till] -= c
					paid[till] -= c
				} else if err == nil {
					cash[till] += c
					paid[till] += c
				} else if c <= cash[till] {
					r.Fatal(err)
				}
			case 4:
				l := x.lage(services[till], "")
				if l.Bar != cash[till] {
					r.Fatalf("%v by book, %v were paid", l.Bar, cash[till])
				}
				ist := max(l.Bar+money.Cent(rapid.Int64Range(-50, 50).Draw(r, "difference")), 0)
				if z, err := x.abschliessen(services[till], "", ist); err == nil {
					paid[till] += ist - cash[till]
					cash[till] = ist
					if z.Barbestand != ist || x.lage(services[till], "").Bar != ist {
						r.Fatalf("%+v: %v were counted", z, ist)
					}
				} else if l.Belege > 0 || ist != l.Bar {
					r.Fatal(err)
				}
			}
		}
		for till, s := range services {
			pruefe(r, x, s, till, cash[till], paid[till])
		}
	})
}

// pruefe closes a till a last time and adds its closings up.
func pruefe(r *rapid.T, x *betrieb, s *tagesabschluss.Service, till string, cash, paid money.Cent) {
	if l := x.lage(s, ""); l.Belege > 0 {
		if _, err := x.abschliessen(s, "", cash); err != nil {
			r.Fatal(err)
		}
	}
	list, err := s.Abschluesse(x.Ctx, till)
	if err != nil {
		r.Fatal(err)
	}
	var sum, bar money.Cent
	next, z := 1, 1
	for _, a := range slices.Backward(list) {
		if a.Nummer != z || a.Von != fmt.Sprintf("%s-%06d", till, next) || a.Bis != fmt.Sprintf("%s-%06d", till, next+a.Anzahl-1) {
			r.Fatalf("Z %d, %s to %s, after %d records", a.Nummer, a.Von, a.Bis, next-1)
		}
		next, z = next+a.Anzahl, z+1
		sum += a.Summe()
		bar += a.Bar()
		if a.Barbestand != a.Anfang+a.Bar() {
			r.Fatalf("%+v", a)
		}
	}
	if sum != paid || bar != cash || x.lage(s, "").Bar != cash {
		r.Fatalf("closings %v, in cash %v; paid %v, in cash %v", sum, bar, paid, cash)
	}
}
