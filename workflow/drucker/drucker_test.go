package drucker_test

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/offizin/offizin/app/bondrucker"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/erezept"
	"github.com/offizin/offizin/integration/escpos/sim"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow/drucker"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// platz is a till with the virtual printer.
type platz struct {
	*workflowtest.Stand
	*drucker.Service
	drucker *sim.Drucker
	dir     string
	stop    func()
}

// oeffne opens a till whose printer prints always, with a drawer; it does not run yet.
func oeffne(t *testing.T) *platz {
	t.Helper()
	s := workflowtest.New(t, nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	s.Must(err)
	ctx, stop := context.WithCancel(s.Ctx)
	printer, ended := sim.New(nil), make(chan struct{})
	go func() {
		_ = printer.Serve(ctx, l)
		close(ended)
	}()
	t.Cleanup(func() { stop(); <-ended })
	p := &platz{Stand: s, drucker: printer, dir: t.TempDir()}
	p.neu()
	s.Must(p.Setzen(s.Ctx, s.A(), drucker.Einstellung{Adresse: l.Addr().String(), Wann: drucker.Immer, Lade: true}))
	return p
}

// neu is the program after a start.
func (p *platz) neu() {
	persons := person.New(p.Kern)
	p.Service = drucker.New(p.Kern, drucker.Dienste{
		Verkauf: verkauf.New(p.Kern, persons, rezeptannahme.New(p.Kern, persons, erezept.Parse)), Haus: haus.New(p.Kern),
		Personen: persons, Geraet: &bondrucker.Geraet{}, Ablage: bondrucker.Ablage{Dir: p.dir},
		Geduld: 4 * time.Second,
	})
}

// laufen lets the till print until the test ends or stop is called.
func (p *platz) laufen(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(p.Ctx)
	var all sync.WaitGroup
	all.Go(func() { p.Laufen(ctx) })
	p.stop = sync.OnceFunc(func() { cancel(); all.Wait() })
	t.Cleanup(p.stop)
	p.warte(t, "begun", func() bool { st, err := bondrucker.Ablage{Dir: p.dir}.Lesen(); return err == nil && st.Letzter != "" })
}

// verkaufe books a sale that is paid in cash or by card.
func (p *platz) verkaufe(nummer string, art bon.Zahlungsart, more ...func(*bon.Bon)) {
	b := bon.Bon{
		Nummer: nummer, Art: bon.Verkauf, Tag: 20261123, Zeit: p.Uhr.Now().UnixNano(), Benutzer: "AB",
		Positionen: []bon.Position{{
			Nr: 1, PZN: "12345600", Bezeichnung: "RAMIPRIL Demo", Menge: 1, Preis: 1516, Gesamt: 1516, MwSt: 19 * money.Percent,
			Zuzahlung: 500, TraegerZahlt: 1016,
		}},
		Zahlungen: []bon.Zahlung{{Art: art, Betrag: 500}},
	}
	for _, f := range more {
		f(&b)
	}
	p.Book(event.VerkaufAbgeschlossen{Bon: b})
}

// warte waits until something is so.
func (p *platz) warte(t *testing.T, what string, f func() bool) {
	t.Helper()
	for range 1500 {
		if f() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	sheets, lade, err := p.drucker.Stand()
	t.Fatalf("%s: %d sheets, drawer %d, %v, queue %+v", what, len(sheets), lade, err, p.Von("1-000001"))
}

func (p *platz) gedruckt(t *testing.T, sheets, lade int) {
	t.Helper()
	p.warte(t, "printed", func() bool {
		s, l, err := p.drucker.Stand()
		return len(s) == sheets && l == lade && err == nil
	})
}

func (p *platz) lage(nummer string) drucker.Lage {
	if list := p.Von(nummer); len(list) > 0 {
		return list[0].Lage
	}
	return ""
}

// A sale is printed by itself, once; the drawer opens for cash only. What was sold before the
// printer was there is not printed.
func TestNachDemVerkauf(t *testing.T) {
	p := oeffne(t)
	p.verkaufe("1-000001", bon.Bar)
	p.laufen(t)
	p.warte(t, "begun", func() bool {
		st, err := bondrucker.Ablage{Dir: p.dir}.Lesen()
		return err == nil && st.Letzter == "1-000001"
	})
	p.verkaufe("1-000002", bon.Bar)
	p.gedruckt(t, 1, 1)
	p.verkaufe("1-000003", bon.Karte)
	p.gedruckt(t, 2, 1)
	p.verkaufe("1-000004", bon.Bar, func(b *bon.Bon) { b.Nacherfassung, b.Zeit = true, 1 })
	p.gedruckt(t, 3, 1)
	p.warte(t, "done", func() bool { return p.lage("1-000004") == drucker.Fertig })
	if p.lage("1-000001") != "" {
		t.Error("an old Bon is printed")
	}
}

// Printing never blocks a sale: with a printer that answers nothing, sales are booked as
// before, and the queue says what is wrong.
func TestHaengenderDrucker(t *testing.T) {
	p := oeffne(t)
	p.laufen(t)
	p.drucker.Set(sim.Hangs)
	p.verkaufe("1-000001", bon.Bar)
	p.warte(t, "hangs", func() bool { return p.lage("1-000001") == drucker.Druckt })
	before := time.Now()
	for n := 2; n <= 40; n++ {
		p.verkaufe(bons.Number("1", n), bon.Bar)
		u, err := p.Schlange(p.Ctx)
		p.Must(err)
		if len(u.Offen) == 0 || p.lage("1-000001") != drucker.Druckt {
			t.Fatalf("%+v", u)
		}
	}
	if took := time.Since(before); took > 2*time.Second {
		t.Errorf("39 sales took %v", took)
	}
}

// Without paper a receipt waits and comes out when there is some; the drawer opened at once and
// opens no second time.
func TestOhnePapier(t *testing.T) {
	p := oeffne(t)
	p.laufen(t)
	p.drucker.Set(sim.NoPaper)
	p.verkaufe("1-000001", bon.Bar)
	p.gedruckt(t, 0, 1)
	p.warte(t, "told", func() bool { return p.lage("1-000001") == drucker.Gestoert })
	u, err := p.Schlange(p.Ctx)
	p.Must(err)
	p.Fails(u.Fehler, "T-305")
	if len(u.Offen) != 1 {
		t.Errorf("%+v", u)
	}
	p.drucker.Set(sim.Gut)
	p.gedruckt(t, 1, 1)
}

// What the printer did not confirm is not printed again by itself, but when somebody asks;
// never with the drawer.
func TestUngewiss(t *testing.T) {
	p := oeffne(t)
	p.laufen(t)
	p.drucker.Set(sim.Hangs)
	p.verkaufe("1-000001", bon.Karte)
	p.warte(t, "uncertain", func() bool { return p.lage("1-000001") == drucker.Ungewiss })
	p.drucker.Set(sim.Gut)
	p.Must(p.Wiederholen("1-000001"))
	p.gedruckt(t, 1, 0)
	p.warte(t, "done", func() bool { return p.lage("1-000001") == drucker.Fertig })
	p.Fails(p.Wiederholen("1-000001"), "T-314")
}

// What was not printed when the program ended is neither forgotten nor printed by itself: how far
// it was, nobody knows. It is still the original, and known at the next start, too.
func TestNeustart(t *testing.T) {
	p := oeffne(t)
	p.drucker.Set(sim.Silent)
	p.laufen(t)
	p.verkaufe("1-000001", bon.Bar)
	p.warte(t, "told", func() bool { return p.lage("1-000001") == drucker.Gestoert })
	for range 2 {
		p.stop()
		p.neu()
		p.laufen(t)
		p.warte(t, "known", func() bool { return p.lage("1-000001") == drucker.Ungewiss })
	}
	p.drucker.Set(sim.Gut)
	p.Must(p.Wiederholen("1-000001"))
	p.gedruckt(t, 1, 0)
	p.warte(t, "done", func() bool {
		st, err := bondrucker.Ablage{Dir: p.dir}.Lesen()
		return err == nil && len(st.Offen) == 0 && len(st.Gedruckt) == 1
	})
	if p.Von("1-000001")[0].Kopie {
		t.Error("it is a copy")
	}
}

// A drawer never opens late: nobody may stand there any more. An old receipt is given up.
func TestZuSpaet(t *testing.T) {
	p := oeffne(t)
	p.drucker.Set(sim.Silent)
	p.laufen(t)
	p.verkaufe("1-000001", bon.Bar)
	p.warte(t, "told", func() bool { return p.lage("1-000001") == drucker.Gestoert })
	p.Uhr.Advance(time.Minute)
	p.drucker.Set(sim.Gut)
	p.gedruckt(t, 1, 0)
	p.drucker.Set(sim.Silent)
	p.verkaufe("1-000002", bon.Bar)
	p.warte(t, "told", func() bool { return p.lage("1-000002") == drucker.Gestoert })
	p.Uhr.Advance(time.Hour)
	p.warte(t, "given up", func() bool { return p.lage("1-000002") == drucker.Verfallen })
}

// A receipt is issued on paper or, to who agrees, electronically (AEAO zu § 146a Nr. 2.5.4): what else is given for
// the same sale is marked (ADR 0033). Printed after each sale, the paper is the original and the QR code a copy. What the printer has given up nobody
// has: the first to follow, on paper or as QR code, is the original.
func TestEinOriginal(t *testing.T) {
	p := oeffne(t)
	p.laufen(t)
	p.verkaufe("1-000001", bon.Bar)
	p.gedruckt(t, 1, 1)
	digital := func(nummer string) bool {
		b, err := p.Digital(p.Ctx, nummer)
		p.Must(err)
		return b.Kopie.IsZero()
	}
	if digital("1-000001") {
		t.Error("two originals")
	}
	p.drucker.Set(sim.Silent)
	for _, n := range []string{"1-000002", "1-000003"} {
		p.verkaufe(n, bon.Karte)
	}
	if digital("1-000002") {
		t.Error("the paper is still to come")
	}
	p.warte(t, "told", func() bool { return p.lage("1-000002") == drucker.Gestoert })
	p.Uhr.Advance(time.Hour)
	p.warte(t, "given up", func() bool {
		return p.lage("1-000002") == drucker.Verfallen && p.lage("1-000003") == drucker.Verfallen
	})
	if !digital("1-000002") {
		t.Error("nobody has an original")
	}
	p.drucker.Set(sim.Gut)
	p.Must(p.Nachdruck(p.Ctx, p.A(), "1-000003", drucker.Wunsch{}))
	p.warte(t, "printed", func() bool { return p.lage("1-000003") == drucker.Fertig })
	if l := p.Von("1-000003"); l[0].Kopie || p.nachdrucke(t) != 0 || digital("1-000003") {
		t.Errorf("%+v", l)
	}
}

// On request: the first print is the original, the next ones are copies in the journal; the
// drawer opens all the same. A repeated act prints once.
func TestAufWunsch(t *testing.T) {
	p := oeffne(t)
	e, err := p.Einstellung(p.Ctx)
	p.Must(err)
	e.Wann = drucker.NurWunsch
	p.Must(p.Setzen(p.Ctx, p.A(), e))
	p.laufen(t)
	p.verkaufe("1-000001", bon.Bar)
	p.gedruckt(t, 0, 1)
	first := p.A()
	for range 2 {
		p.Must(p.Nachdruck(p.Ctx, first, "1-000001", drucker.Wunsch{}))
	}
	p.gedruckt(t, 1, 1)
	p.warte(t, "done", func() bool { return p.lage("1-000001") == drucker.Fertig })
	if p.Von("1-000001")[0].Kopie || p.nachdrucke(t) != 0 {
		t.Error("the first print is a copy")
	}
	p.stop()
	p.neu() // what is printed is known after a start, too
	p.laufen(t)
	again := p.A()
	for range 2 {
		p.Must(p.Nachdruck(p.Ctx, again, "1-000001", drucker.Wunsch{}))
	}
	p.gedruckt(t, 2, 1)
	if !p.Von("1-000001")[0].Kopie || p.nachdrucke(t) != 1 {
		t.Errorf("copy %+v, %d in the journal", p.Von("1-000001"), p.nachdrucke(t))
	}
}

// nachdrucke counts the reprints in the journal.
func (p *platz) nachdrucke(t *testing.T) (n int) {
	t.Helper()
	p.Must(p.Kern.Store.Records(p.Ctx, p.Kern.Store.Self(), 0, func(r journal.Record) (bool, error) {
		if r.Type == (event.BelegNachgedruckt{}).EventType() {
			n++
		}
		return true, nil
	}))
	return n
}

// Zuzahlungsquittung and Kulanz are printed where there is something to receipt, and nowhere else.
func TestQuittungen(t *testing.T) {
	p := oeffne(t)
	erika, err := person.New(p.Kern).Anlegen(p.Ctx, p.A(), person.Person{Name: "Muster", Vorname: "Erika", Geburt: 19700503})
	p.Must(err)
	p.verkaufe("1-000001", bon.Bar, func(b *bon.Bon) { b.Positionen[0].Person = erika.ID })
	b, err := p.Beleg(p.Ctx, "1-000001", drucker.Wunsch{Art: quittung.Zuzahlung, Patient: erika.ID})
	p.Must(err)
	if b.Patient != (quittung.Patient{ID: erika.ID, Name: "Erika Muster", Geburt: "03.05.1970"}) {
		t.Errorf("%+v", b.Patient)
	}
	for _, w := range []drucker.Wunsch{{Art: quittung.Kulanz}, {Art: quittung.Zuzahlung, Patient: "fremd"}, {Art: "x"}} {
		p.Fails(p.Nachdruck(p.Ctx, p.A(), "1-000001", w), "T-312")
	}
	p.Must(p.Setzen(p.Ctx, p.A(), drucker.Einstellung{Wann: drucker.Immer}))
	p.Fails(p.Nachdruck(p.Ctx, p.A(), "1-000001", drucker.Wunsch{}), "T-309")
}

func TestEinstellung(t *testing.T) {
	p := oeffne(t)
	want := drucker.Einstellung{Adresse: "seriell:COM3,19200", Wann: drucker.NurWunsch, Dots: true, Mute: true}
	p.Must(p.Setzen(p.Ctx, p.A(), want))
	p.Must(p.Setzen(p.Ctx, p.A(), want))
	if got, err := p.Einstellung(p.Ctx); err != nil || got != want {
		t.Errorf("%+v %v", got, err)
	}
	p.Fails(p.Setzen(p.Ctx, p.A(), drucker.Einstellung{Adresse: "a b", Wann: drucker.Immer}), "T-301")
	p.Fails(p.Setzen(p.Ctx, p.A(), drucker.Einstellung{Wann: "nie"}), "T-311")
}

// ADR 0025: a receipt is printed after the TSE has answered, with what it answered; an outage
// is marked.
func TestErstSignieren(t *testing.T) {
	p := oeffne(t)
	p.Book(event.TSEGesetzt{Till: "1", Serie: "OFZ-1", Geraet: tse.Geraet{Seriennummer: "ab", Algorithmus: "ecdsa-plain-SHA256"}})
	p.laufen(t)
	p.verkaufe("1-000001", bon.Karte, func(b *bon.Bon) { b.Serie, b.Beginn = "OFZ-1", b.Zeit-1 })
	p.warte(t, "queued", func() bool { return p.lage("1-000001") == drucker.Wartet })
	time.Sleep(100 * time.Millisecond)
	p.gedruckt(t, 0, 0)
	p.Book(event.BelegGesichert{Gesichert: kassenbeleg.Gesichert{
		Nummer: "1-000001", Serie: "OFZ-1", Prozess: "Kassenbeleg-V1", Daten: "Beleg^15.16_0.00_0.00_0.00_-10.16^5.00:Unbar",
		Signatur: &tse.Signatur{Transaktion: 7, Zaehler: 9, Beginn: 1, Ende: 2, Wert: "c2ln", Seriennummer: "ab"},
	}})
	p.gedruckt(t, 1, 0)
	b, err := p.Beleg(p.Ctx, "1-000001", drucker.Wunsch{})
	p.Must(err)
	if s := b.Sicherung; s.Lage != quittung.Signiert || s.Transaktion != 7 || s.Zaehler != 9 || s.Pruefwert != "c2ln" ||
		s.KassenSeriennummer != "OFZ-1" || s.QR == "" {
		t.Errorf("%+v", s)
	}
	p.verkaufe("1-000002", bon.Karte, func(b *bon.Bon) { b.Serie = "OFZ-1" })
	p.Book(event.BelegGesichert{Gesichert: kassenbeleg.Gesichert{Nummer: "1-000002", Serie: "OFZ-1", Ausfall: "aus"}})
	p.gedruckt(t, 2, 0)
	if b, err := p.Beleg(p.Ctx, "1-000002", drucker.Wunsch{}); err != nil || b.Sicherung.Lage != quittung.Ausfall {
		t.Errorf("%+v %v", b.Sicherung, err)
	}
}
