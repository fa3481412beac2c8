// Package pruefstand is the test that every driver of a TSE passes unchanged, each before the
// simulator of its device: what a till relies on, also when answers are lost, the device hangs
// or several tills share it.
package pruefstand

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
)

// Aufbau is one driver before one device.
type Aufbau struct {
	TSE    anschluss.TSE
	Kern   *simulator.Simulator // what signs behind the protocol, to make it misbehave
	Uhr    *clock.Manual
	Wartet bool                             // somebody else looks after the device: its clock, its self-tests
	Merkt  bool                             // the protocol knows a transaction again by its key
	Zweite func(t *testing.T) anschluss.TSE // another machine at the same device
}

// The tills of the tests.
const (
	platzEins = "OFFIZIN-1"
	platzZwei = "OFFIZIN-2"
	prozess   = "Kassenbeleg-V1"
	abbruch   = "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^"
)

// probe is a test at work.
type probe struct {
	*testing.T
	Aufbau
}

// Pruefen runs every test, each before a new device.
func Pruefen(t *testing.T, aufbauen func(t *testing.T) Aufbau) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(p *probe)
	}{
		{"Stand", (*probe).stand},
		{"Verkauf", (*probe).verkauf},
		{"Anmeldung", (*probe).anmeldung},
		{"SelberSchluessel", (*probe).selberSchluessel},
		{"NochmalBeenden", (*probe).nochmalBeenden},
		{"EndeVerloren", (*probe).endeVerloren},
		{"AnfangVerloren", (*probe).anfangVerloren},
		{"ZweiPlaetze", (*probe).zweiPlaetze},
		{"Letzte", (*probe).letzte},
		{"Gleichzeitig", (*probe).gleichzeitig},
		{"Haengt", (*probe).haengt},
		{"Weg", (*probe).weg},
		{"Voll", (*probe).voll},
		{"Selbsttest", (*probe).selbsttest},
		{"Abgelaufen", (*probe).abgelaufen},
		{"Uhr", (*probe).uhr},
		{"Ersetzt", (*probe).ersetzt},
		{"Export", (*probe).export},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &probe{t, aufbauen(t)}
			defer func() {
				if err := p.TSE.Close(); err != nil {
					t.Error(err)
				}
			}()
			for _, client := range []string{platzEins, platzZwei} {
				p.must(p.TSE.Anmelden(p.frist(), client))
			}
			c.run(p)
		})
	}
}

// frist is the deadline of a till.
func (p *probe) frist() context.Context { return p.in(3 * time.Second) }

func (p *probe) in(d time.Duration) context.Context {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.Context(), d)
	p.Cleanup(cancel)
	return ctx
}

func (p *probe) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// art fails unless an error is of that kind.
func (p *probe) art(err error, want ...tse.Art) {
	p.Helper()
	f, ok := errors.AsType[*tse.Fehler](err)
	if !ok || !slices.Contains(want, f.Art) || f.Text == "" {
		p.Errorf("%v, want %v", err, want)
	}
}

func (p *probe) beginnen(client, schluessel string) tse.Beginn {
	p.Helper()
	b, err := p.TSE.Beginnen(p.frist(), client, schluessel)
	p.must(err)
	return b
}

func (p *probe) beenden(client string, b tse.Beginn, daten string) tse.Signatur {
	p.Helper()
	s, err := p.TSE.Beenden(p.frist(), client, b, prozess, daten)
	p.must(err)
	return s
}

func (p *probe) geraet() tse.Geraet {
	p.Helper()
	s, err := p.TSE.Stand(p.frist())
	p.must(err)
	return s.Geraet
}

// gilt fails unless a signature is one of the device, over these data.
func (p *probe) gilt(client string, s tse.Signatur, daten string) {
	p.Helper()
	if err := gilt(p.geraet(), client, s, daten); err != nil {
		p.Errorf("transaction %d: %v", s.Transaktion, err)
	}
}

func daten(cent int) string {
	return fmt.Sprintf("Beleg^%d.%02d_0.00_0.00_0.00_0.00^%d.%02d:Bar", cent/100, cent%100, cent/100, cent%100)
}

func (p *probe) stand() {
	s, err := p.TSE.Stand(p.frist())
	p.must(err)
	named := s.Treiber != "" && s.Bezeichnung != "" && s.Zeitformat != ""
	if !named || len(s.Seriennummer) != 64 || len(s.Zertifikate) == 0 {
		p.Errorf("%+v", s)
	}
	today := clock.Today(p.Uhr)
	if s.Ablauf <= today || s.Ablauf > civil.Must(today.Year()+10, 1, 1) {
		p.Errorf("ends on %v", s.Ablauf)
	}
	for _, client := range []string{platzEins, platzZwei} {
		if !slices.Contains(s.Clients, client) {
			p.Errorf("clients %q", s.Clients)
		}
	}
}

// A sale: begun with the first line, finished with the data of the Bon.
func (p *probe) verkauf() {
	b := p.beginnen(platzEins, "vorgang-1")
	p.Uhr.Advance(42 * time.Second)
	s := p.beenden(platzEins, b, daten(1495))
	if s.Transaktion != b.Transaktion || s.Beginn != b.Zeit || s.Seriennummer != b.Seriennummer {
		p.Errorf("begun %+v, finished %+v", b, s)
	}
	if got := time.Duration(s.Ende - s.Beginn); got != 42*time.Second {
		p.Errorf("it took %v", got)
	}
	if s.Zaehler <= b.Zaehler {
		p.Errorf("counter %d after %d", s.Zaehler, b.Zaehler)
	}
	p.gilt(platzEins, s, daten(1495))
	if err := gilt(p.geraet(), platzEins, s, daten(1494)); err == nil {
		p.Error("other data verify, too")
	}
}

func (p *probe) anmeldung() {
	p.must(p.TSE.Anmelden(p.frist(), platzEins)) // again
	b := p.beginnen(platzEins, "offen")
	p.beenden(platzEins, b, abbruch)
	p.must(p.TSE.Abmelden(p.frist(), platzZwei))
	p.must(p.TSE.Abmelden(p.frist(), platzZwei))
	_, err := p.TSE.Beginnen(p.frist(), platzZwei, "weg")
	p.art(err, tse.Einrichtung)
	p.must(p.TSE.Anmelden(p.frist(), platzZwei))
	p.beenden(platzZwei, p.beginnen(platzZwei, "wieder da"), daten(1))
	p.art(p.TSE.Anmelden(p.frist(), "Löwen-Apotheke"), tse.Einrichtung)
}

// The act of a till is repeated after a failure: it gives the transaction it began, if the
// protocol knows it again.
func (p *probe) selberSchluessel() {
	if !p.Merkt {
		p.Skip("the protocol has no key of a transaction")
	}
	b := p.beginnen(platzEins, "vorgang-1")
	if again := p.beginnen(platzEins, "vorgang-1"); again != b {
		p.Errorf("%+v, then %+v", b, again)
	}
	if other := p.beginnen(platzZwei, "vorgang-1"); other.Transaktion == b.Transaktion {
		p.Error("the key of another till is the same")
	}
	if list, err := p.TSE.Offene(p.frist(), platzEins); err != nil || len(list) != 1 {
		p.Errorf("open: %+v %v", list, err)
	}
}

func (p *probe) nochmalBeenden() {
	b := p.beginnen(platzEins, "v")
	s := p.beenden(platzEins, b, daten(895))
	if again := p.beenden(platzEins, b, daten(895)); again != s {
		p.Errorf("%+v, then %+v", s, again)
	}
	_, err := p.TSE.Beenden(p.frist(), platzEins, b, prozess, daten(896))
	p.art(err, tse.Einrichtung)
	_, err = p.TSE.Beenden(p.frist(), platzEins, tse.Beginn{Transaktion: b.Transaktion + 100}, prozess, daten(1))
	p.art(err, tse.Einrichtung)
}

// The answer to the finish is lost: the log of the device has it, and it is not signed twice.
func (p *probe) endeVerloren() {
	b := p.beginnen(platzEins, "v")
	if _, found, err := p.TSE.Beendet(p.frist(), platzEins, b.Transaktion); err != nil || found {
		p.Fatalf("finished before its time: %v", err)
	}
	p.Kern.Stoeren(simulator.Stoerung{Verloren: 1})
	first, lost := p.TSE.Beenden(p.frist(), platzEins, b, prozess, daten(895))
	if lost != nil { // a driver may have asked again by itself
		p.art(lost, tse.Ausfall, tse.Wiederholbar)
	}
	s, found, err := p.TSE.Beendet(p.frist(), platzEins, b.Transaktion)
	p.must(err)
	if !found || lost == nil && first != s || s.Beginn != b.Zeit {
		p.Fatalf("found %v: %+v, at first %+v", found, s, first)
	}
	p.gilt(platzEins, s, daten(895))
	if again := p.beenden(platzEins, b, daten(895)); again != s {
		p.Errorf("signed twice: %+v, then %+v", s, again)
	}
	if _, found, err := p.TSE.Beendet(p.frist(), platzZwei, b.Transaktion); err != nil || found {
		p.Errorf("found as that of another till: %v", err)
	}
	if _, found, err := p.TSE.Beendet(p.frist(), platzEins, b.Transaktion+100); err != nil || found {
		p.Errorf("found what never was: %v", err)
	}
}

// The answer to the start is lost: the device lists it as open, and it is finished as nothing.
func (p *probe) anfangVerloren() {
	p.Kern.Stoeren(simulator.Stoerung{Verloren: 1})
	if _, err := p.TSE.Beginnen(p.frist(), platzEins, "v"); err != nil {
		p.art(err, tse.Ausfall, tse.Wiederholbar)
	}
	list, err := p.TSE.Offene(p.frist(), platzEins)
	p.must(err)
	if len(list) != 1 || list[0].Client != platzEins {
		p.Fatalf("open: %+v", list)
	}
	p.gilt(platzEins, p.beenden(platzEins, tse.Beginn{Transaktion: list[0].Transaktion}, abbruch), abbruch)
	if list, err = p.TSE.Offene(p.frist(), platzEins); err != nil || len(list) != 0 {
		p.Errorf("open: %+v %v", list, err)
	}
}

func (p *probe) zweiPlaetze() {
	zweite := p.Zweite(p.T)
	eins := p.beginnen(platzEins, "a")
	zwei, err := zweite.Beginnen(p.frist(), platzZwei, "a")
	p.must(err)
	for client, nr := range map[string]uint64{platzEins: eins.Transaktion, platzZwei: zwei.Transaktion} {
		for _, machine := range []anschluss.TSE{p.TSE, zweite} {
			list, err := machine.Offene(p.frist(), client)
			if err != nil || len(list) != 1 || list[0].Transaktion != nr {
				p.Errorf("%s, open: %+v %v, want %d", client, list, err, nr)
			}
		}
	}
	_, err = zweite.Beenden(p.frist(), platzZwei, eins, prozess, daten(1))
	p.art(err, tse.Einrichtung)
	s, err := zweite.Beenden(p.frist(), platzZwei, zwei, prozess, daten(2))
	p.must(err)
	p.gilt(platzZwei, s, daten(2))
	p.gilt(platzEins, p.beenden(platzEins, eins, daten(3)), daten(3))
}

// The last transaction that a till has ended, whatever another one does at the same device: so a till finds
// that its own memory is older than that. Of one that is begun a device may say so, too.
func (p *probe) letzte() {
	is := func(client string, want ...uint64) {
		p.Helper()
		nr, found, err := p.TSE.Letzte(p.frist(), client)
		if err != nil || found != (want[0] > 0) || found && !slices.Contains(want, nr) {
			p.Errorf("%s: %d, %v, %v, want %v", client, nr, found, err, want)
		}
	}
	is(platzEins, 0)
	is("OFFIZIN-9", 0) // nobody knows it
	one := p.beginnen(platzEins, "a")
	p.beenden(platzEins, one, daten(1))
	two := p.beginnen(platzZwei, "b")
	p.beenden(platzZwei, two, daten(2))
	is(platzEins, one.Transaktion)
	is(platzZwei, two.Transaktion)
	open := p.beginnen(platzEins, "c")
	is(platzEins, one.Transaktion, open.Transaktion)
	p.beenden(platzEins, open, abbruch)
	is(platzEins, open.Transaktion)
	p.Kern.Stoeren(simulator.Stoerung{Haengt: true})
	_, _, err := p.TSE.Letzte(p.in(200*time.Millisecond), platzEins)
	p.art(err, tse.Ausfall, tse.Unabgeschickt)
}

// Tills do not wait for each other to ask: the device does one thing after the other.
func (p *probe) gleichzeitig() {
	zweite := p.Zweite(p.T)
	const tills, sales = 6, 4
	var mu sync.Mutex
	var all []tse.Signatur
	var wg sync.WaitGroup
	for i := range tills {
		wg.Go(func() {
			machine, client := p.TSE, platzEins
			if i%2 == 1 {
				machine, client = zweite, platzZwei
			}
			for n := range sales {
				ctx := p.in(30 * time.Second)
				b, err := machine.Beginnen(ctx, client, fmt.Sprintf("%d-%d", i, n))
				if err != nil {
					p.Error(err)
					return
				}
				s, err := machine.Beenden(ctx, client, b, prozess, daten(100*i+n))
				if err != nil {
					p.Error(err)
					return
				}
				p.gilt(client, s, daten(100*i+n))
				mu.Lock()
				all = append(all, s)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	seen := map[uint64]bool{}
	for _, s := range all {
		if seen[s.Transaktion] || seen[1<<32+s.Zaehler] {
			p.Errorf("twice: %+v", s)
		}
		seen[s.Transaktion], seen[1<<32+s.Zaehler] = true, true
	}
	if len(all) != tills*sales {
		p.Errorf("%d signatures", len(all))
	}
}

// A device that hangs holds nobody longer than the deadline, and is used again afterwards.
func (p *probe) haengt() {
	b := p.beginnen(platzEins, "v")
	p.Kern.Stoeren(simulator.Stoerung{Haengt: true})
	watch := clock.NewReal()
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			_, err := p.TSE.Beenden(p.in(200*time.Millisecond), platzEins, b, prozess, daten(1))
			p.art(err, tse.Ausfall, tse.Unabgeschickt)
		})
	}
	wg.Wait()
	if d := watch.Mono(); d > 2*time.Second {
		p.Errorf("waited %v", d)
	}
	p.Kern.Stoeren(simulator.Stoerung{})
	p.gilt(platzEins, p.beenden(platzEins, b, daten(1)), daten(1))
}

func (p *probe) weg() {
	b := p.beginnen(platzEins, "v")
	p.Kern.Stoeren(simulator.Stoerung{Weg: true})
	_, err := p.TSE.Beenden(p.in(time.Second), platzEins, b, prozess, daten(1))
	p.art(err, tse.Ausfall, tse.Unabgeschickt)
	_, err = p.TSE.Stand(p.in(time.Second))
	p.art(err, tse.Ausfall, tse.Unabgeschickt)
	p.Kern.Stoeren(simulator.Stoerung{})
	p.gilt(platzEins, p.beenden(platzEins, b, daten(1)), daten(1))
}

func (p *probe) voll() {
	p.Kern.Stoeren(simulator.Stoerung{Voll: true})
	_, err := p.TSE.Beginnen(p.frist(), platzEins, "v")
	p.art(err, tse.Ausfall)
}

// A device that wants a self-test says so, signs nothing before it, and then again.
func (p *probe) selbsttest() {
	p.Kern.Stoeren(simulator.Stoerung{Selbsttest: true})
	_, err := p.TSE.Beginnen(p.frist(), platzEins, "v")
	p.art(err, tse.Ausfall)
	if s, err := p.TSE.Stand(p.frist()); err != nil || s.Selbsttest == p.Wartet {
		p.Errorf("wants one: %v, %v", s.Selbsttest, err)
	}
	p.must(p.TSE.Selbsttest(p.frist()))
	p.must(p.TSE.Stellen(p.frist()))
	if p.Wartet {
		p.must(p.Kern.Selbsttest(p.frist()))
	}
	if s, err := p.TSE.Stand(p.frist()); err != nil || s.Selbsttest {
		p.Errorf("wants another: %v, %v", s.Selbsttest, err)
	}
	p.beginnen(platzEins, "v")
}

func (p *probe) abgelaufen() {
	p.Kern.Stoeren(simulator.Stoerung{Abgelaufen: true})
	_, err := p.TSE.Beginnen(p.frist(), platzEins, "v")
	p.art(err, tse.Einrichtung)
	if s, err := p.TSE.Stand(p.frist()); err != nil || s.Ablauf >= clock.Today(p.Uhr) {
		p.Errorf("ends on %v, %v", s.Ablauf, err)
	}
}

// The clock of the device is set by that of the till; until then the device counts by its own.
func (p *probe) uhr() {
	p.Kern.Stoeren(simulator.Stoerung{Uhr: -time.Hour})
	wrong := p.beginnen(platzEins, "a")
	p.must(p.TSE.Stellen(p.frist()))
	if p.Wartet {
		p.must(p.Kern.Stellen(p.frist()))
	}
	right := p.beginnen(platzEins, "b")
	now := p.Uhr.Now().UnixNano()
	if d := time.Duration(now - wrong.Zeit); d < time.Hour || d > time.Hour+time.Minute {
		p.Errorf("%v late", d)
	}
	if d := time.Duration(now - right.Zeit); d < 0 || d > time.Minute {
		p.Errorf("%v late after it was set", d)
	}
}

// Another device stands in its place: it says so, with another serial number.
func (p *probe) ersetzt() {
	old := p.geraet()
	b := p.beginnen(platzEins, "v")
	p.must(p.Kern.Ersetzen())
	if now := p.geraet(); now.Seriennummer == old.Seriennummer || now.Schluessel == old.Schluessel {
		p.Errorf("still %s", now.Seriennummer)
	}
	_, err := p.TSE.Beenden(p.frist(), platzEins, b, prozess, daten(1))
	p.art(err, tse.Einrichtung)
	p.must(p.TSE.Anmelden(p.frist(), platzEins))
	p.gilt(platzEins, p.beenden(platzEins, p.beginnen(platzEins, "w"), daten(1)), daten(1))
}
