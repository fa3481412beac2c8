package stoerung_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// drei are three machines in order: this one follows platz-1.
func drei() stoerung.Rechnerlage {
	ok := stoerung.Rechner{Erreichbar: true, Seit: time.Hour, Gleich: true, Programm: "1"}
	a, b := ok, ok
	a.Platz, a.Adresse, a.Fuehrt = "platz-1", "10.0.0.1:7443", true
	b.Platz, b.Adresse, b.Folgt = "platz-3", "10.0.0.3:7443", "platz-1"
	return stoerung.Rechnerlage{Platz: "platz-2", Programm: "1", Folgt: "platz-1", Andere: []stoerung.Rechner{a, b}}
}

func mit(t *testing.T, l *stoerung.Rechnerlage) (*workflowtest.Stand, *stoerung.Service) {
	x, m, _ := open(t)
	return x, stoerung.New(x.Kern, stoerung.Options{Probe: m, Rechner: func(context.Context) stoerung.Rechnerlage { return *l }})
}

// What is said of another machine in each of its states, and that there is a way round.
func TestAndereRechner(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*stoerung.Rechnerlage)
		code   string
		words  string
	}{
		{"in order", func(*stoerung.Rechnerlage) {}, "", "folgt platz-1, hat alles."},
		{"behind", func(l *stoerung.Rechnerlage) { l.Andere[1].Gleich, l.Andere[1].Fehlen = false, 12 }, "", "12 Einträge fehlen dort"},
		{"gone", func(l *stoerung.Rechnerlage) { l.Andere[1].Erreichbar, l.Andere[1].Seit = false, time.Minute }, "S-610", "seit 23.11.2026 um 12:00 nicht"},
		{"never there", func(l *stoerung.Rechnerlage) { l.Andere[1].Erreichbar, l.Andere[1].Seit = false, -time.Second }, "S-610", "nicht, seit dieser Rechner läuft"},
		{"refused", func(l *stoerung.Rechnerlage) {
			l.Andere[1].Erreichbar, l.Andere[1].Fehler = false, "Der andere Rechner wurde entfernt. (M-113)"
		}, "S-611", "lassen einander nicht herein"},
		{"two histories", func(l *stoerung.Rechnerlage) { l.Andere[1].Zwist = true }, "S-612", "zwei Fassungen"},
		{"a claim that is not heard", func(l *stoerung.Rechnerlage) { l.Andere[1].Fehler = "„platz-3“ behauptet. (M-283)" }, "S-656", "andere Verkäufe"},
		{"another program", func(l *stoerung.Rechnerlage) { l.Andere[1].Programm = "2" }, "S-613", "(2, hier 1)"},
		{"answers, but ships nothing", func(l *stoerung.Rechnerlage) { l.Andere[1].Fehler = "keine Antwort" }, "S-615", "keine Daten"},
		{"clock a minute", func(l *stoerung.Rechnerlage) { l.Andere[1].Skew = time.Minute }, "", "hat alles"},
		{"clock more than a minute", func(l *stoerung.Rechnerlage) { l.Andere[1].Skew = -61 * time.Second }, "S-620", "geht 61 Sekunden nach"},
		{"clock more than 5 minutes", func(l *stoerung.Rechnerlage) { l.Andere[1].Skew = 301 * time.Second }, "S-621", "geht 5 Minuten vor"},
		{"clock two days, measured", func(l *stoerung.Rechnerlage) { l.Andere[1].Skew = 48*time.Hour - 50*time.Millisecond }, "S-621", "geht 2 Tage vor"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := drei()
			c.change(&l)
			x, s := mit(t, &l)
			x.Uhr.Advance(time.Minute)
			g := glied(t, s.Zustand(x.Ctx), "rechner-platz-3")
			if g.Code != c.code || !strings.Contains(g.Text, c.words) || (g.Code != "") != (g.Ausweg != "") {
				t.Errorf("%+v", g)
			}
			if red := g.Zustand == stoerung.Gestoert; red != (c.code == "S-621") {
				t.Errorf("%+v", g)
			}
		})
	}
}

// Just after the start the others are only looked for.
func TestAmAnfang(t *testing.T) {
	l := drei()
	for i := range l.Andere {
		l.Andere[i].Erreichbar, l.Andere[i].Seit, l.Andere[i].Fuehrt = false, -time.Second, false
	}
	x, s := mit(t, &l)
	x.Uhr.Advance(14 * time.Second)
	if a := s.Zustand(x.Ctx).Ampel; a.Farbe != stoerung.Gruen {
		t.Errorf("%+v", a)
	}
	x.Uhr.Advance(2 * time.Second)
	if g := glied(t, s.Zustand(x.Ctx), "sicherung"); g.Code != "S-607" {
		t.Errorf("%+v", g)
	}
}

// A machine that has not caught up after five minutes is told of.
func TestHoltNichtAuf(t *testing.T) {
	l := drei()
	l.Andere[1].Gleich = false
	x, s := mit(t, &l)
	s.Zustand(x.Ctx)
	for _, c := range []struct {
		after time.Duration
		code  string
	}{{5 * time.Minute, ""}, {time.Second, "S-614"}} {
		x.Uhr.Advance(c.after)
		if g := glied(t, s.Zustand(x.Ctx), "rechner-platz-3"); g.Code != c.code {
			t.Errorf("%+v", g)
		}
	}
	l.Andere[1].Gleich = true
	if g := glied(t, s.Zustand(x.Ctx), "rechner-platz-3"); g.Code != "" {
		t.Errorf("%+v", g)
	}
}

// Which clock is likelier wrong: the one with which no third agrees, ours if it is in doubt.
func TestWelcheUhr(t *testing.T) {
	const far = 10 * time.Minute
	for _, c := range []struct {
		name  string
		skews []time.Duration // of platz-1 and platz-3
		doubt clock.Verdacht
		words string // of platz-3
	}{
		{"platz-1 is as we are", []time.Duration{0, far}, clock.Kein, "die von platz-3 richtig"},
		{"platz-1 is as platz-3", []time.Duration{far, far}, clock.Kein, "die dieses Rechners richtig, denn andere"},
		{"all differ", []time.Duration{-far, far}, clock.Kein, "vergleichen Sie beide"},
		{"ours is in doubt", []time.Duration{0, far}, clock.Zurueck, "sie ist zweifelhaft"},
		{"only others doubt ours", []time.Duration{-far, far}, clock.Uneins, "vergleichen Sie beide"},
	} {
		l := drei()
		for i := range l.Andere {
			l.Andere[i].Skew = c.skews[i]
		}
		x, m, _ := open(t)
		s := stoerung.New(x.Kern, stoerung.Options{
			Probe: m, Rechner: func(context.Context) stoerung.Rechnerlage { return l },
			Uhr: func() clock.Stand { return clock.Stand{Merk: clock.Merk{Verdacht: c.doubt}} },
		})
		if g := glied(t, s.Zustand(x.Ctx), "rechner-platz-3"); !strings.Contains(g.Text, c.words) || g.Code != "S-621" {
			t.Errorf("%s: %+v", c.name, g)
		}
	}
}

// Who leads; nobody and two for half a minute are told of (ADR 0017).
func TestFuehrung(t *testing.T) {
	for _, c := range []struct {
		name        string
		self, other bool
		text, code  string
	}{
		{"the other", false, true, "platz-1 führt.", ""},
		{"this one", true, false, "Dieser Rechner (platz-2) führt.", ""},
		{"nobody", false, false, "", "S-616"},
		{"both", true, true, "", "S-617"},
	} {
		l := drei()
		l.Fuehrt, l.Andere[0].Fuehrt = c.self, c.other
		x, s := mit(t, &l)
		if g := glied(t, s.Zustand(x.Ctx), "fuehrung"); g.Code != "" {
			t.Errorf("%s at once: %+v", c.name, g)
		}
		x.Uhr.Advance(31 * time.Second)
		if g := glied(t, s.Zustand(x.Ctx), "fuehrung"); g.Code != c.code || c.text != "" && g.Text != c.text {
			t.Errorf("%s: %+v", c.name, g)
		}
	}
}

// nachbarn have the records of this machine up to a number.
type nachbarn struct{ bis uint64 }

func (*nachbarn) Anzahl() int                                       { return 2 }
func (*nachbarn) Safe(context.Context, journal.Origin, uint64) bool { return false }
func (n *nachbarn) Gesichert(journal.Origin) uint64                 { return n.bis }

// Where the sales lie: what is said depends on who answers, what they have, and how long.
func TestZweiteKopie(t *testing.T) {
	for _, c := range []struct {
		name    string
		others  int // that answer
		bis     uint64
		age     time.Duration // of the last Bon
		removed bool          // as this machine knows itself
		code    string
		words   string
	}{
		{"all safe", 2, 2, time.Hour, false, "", "es antworten: platz-1, platz-3."},
		{"just sold", 2, 1, time.Second, false, "", "es antworten"},
		{"they answer and do not have it", 2, 1, 2 * time.Minute, false, "S-604", "1 Bon liegt seit 23.11.2026 um 12:00 nur"},
		{"none answers, all safe until now", 0, 2, time.Hour, false, "S-602", "was Sie jetzt verkaufen"},
		{"none answers, one Bon", 0, 1, time.Hour, false, "S-603", "1 Bon liegt seit"},
		{"for more than a day", 0, 1, 25 * time.Hour, false, "S-605", "schalten Sie heute"},
		{"nobody has said what he has", 0, 0, 25 * time.Hour, false, "S-607", "seit dem Start hat keiner"},
		{"they answer and have said nothing", 2, 0, 2 * time.Minute, false, "S-608", "auf platz-1 neu"},
		{"they answer and have just begun", 2, 0, time.Minute, false, "", "es antworten"},
		{"removed", 2, 2, 0, true, "S-601", "an einem anderen"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := drei()
			l.Entfernt = c.removed
			for i := range l.Andere {
				l.Andere[i].Erreichbar = i < c.others
			}
			x, s := mit(t, &l)
			x.Kern.Nachbarn = &nachbarn{c.bis}
			x.Book(event.EinstellungGesetzt{Schluessel: "name", Wert: "Demo"})
			x.Book(event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: "1-000001", Tag: 20261123}})
			x.Uhr.Advance(c.age)
			g := glied(t, s.Zustand(x.Ctx), "sicherung")
			if g.Code != c.code || !strings.Contains(g.Text, c.words) || (g.Code != "") != (g.Ausweg != "") {
				t.Errorf("%+v", g)
			}
		})
	}
}

// Two machines that have one name are told of, also if one of them is the only other one.
func TestGleichnamig(t *testing.T) {
	for _, alone := range []bool{false, true} {
		l := drei()
		l.Gleichnamig = []string{"buero"}
		if alone {
			l.Andere = nil
		}
		x, s := mit(t, &l)
		if g := glied(t, s.Zustand(x.Ctx), "namen"); g.Code != "S-655" || g.Ausweg == "" || !strings.Contains(g.Text, "„buero“") {
			t.Errorf("%+v", g)
		}
	}
}

// That this machine goes on under a new name is said, and for whose sake.
func TestUnterNeuemNamen(t *testing.T) {
	l := drei()
	l.Twin = "platz-3"
	x, s := mit(t, &l)
	if g := glied(t, s.Zustand(x.Ctx), "geschichte"); g.Zustand != stoerung.Gut || !strings.Contains(g.Text, "platz-3 hatte andere") {
		t.Errorf("%+v", g)
	}
}

// A second machine that works with a copy of this one's folder is a warning, whatever else is to be said.
func TestKopieArbeitet(t *testing.T) {
	l := drei()
	l.Twin, l.Kopie = "platz-3", true
	x, s := mit(t, &l)
	if g := glied(t, s.Zustand(x.Ctx), "geschichte"); g.Code != "S-659" || g.Zustand != stoerung.Warnung || g.Ausweg == "" {
		t.Errorf("%+v", g)
	}
}

// Locked keys are told of; in red if this machine cannot show who it is either, since then none of the
// others reaches it.
func TestVerschlosseneSchluessel(t *testing.T) {
	for _, c := range []struct {
		closed, uncertified bool
		code                string
		zustand             stoerung.Zustand
	}{
		{false, false, "", ""}, {false, true, "", ""}, // its certificate is made with the next look
		{true, false, "S-658", stoerung.Warnung}, {true, true, "S-657", stoerung.Gestoert},
	} {
		l := drei()
		l.Closed, l.Uncertified = c.closed, c.uncertified
		x, s := mit(t, &l)
		found := stoerung.Glied{}
		for _, g := range s.Zustand(x.Ctx).Glieder {
			if g.ID == "schluessel" {
				found = g
			}
		}
		if found.Code != c.code || found.Zustand != c.zustand || c.code != "" && !strings.Contains(found.Ausweg, "knoten.key") {
			t.Errorf("%+v: %+v", c, found)
		}
	}
}
