package alle_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/karte"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/alle"
)

// tafel is the rows of all projections in a map.
type tafel map[string][]byte

func (m tafel) Get(table, key string) ([]byte, error) { return slices.Clone(m[table+"\x00"+key]), nil }

func (m tafel) Put(table, key string, value []byte) error {
	m[table+"\x00"+key] = slices.Clone(value)
	return nil
}

func (m tafel) Delete(table, key string) error {
	delete(m, table+"\x00"+key)
	return nil
}

func (m tafel) Scan(table string, r journal.Range, f func(string, []byte) (bool, error)) error {
	keys := slices.Sorted(maps.Keys(m))
	if r.Reverse {
		slices.Reverse(keys)
	}
	for _, k := range keys {
		key, ok := cutPrefix(k, table+"\x00")
		if !ok || key < r.From || r.To != "" && key >= r.To {
			continue
		}
		if more, err := f(key, slices.Clone(m[k])); err != nil || !more {
			return err
		}
	}
	return nil
}

func cutPrefix(s, p string) (string, bool) {
	if len(s) < len(p) || s[:len(p)] != p {
		return "", false
	}
	return s[len(p):], true
}

func (m tafel) apply(t *rapid.T, list []journal.Record, events []journal.Event) {
	for i, r := range list {
		for _, p := range alle.Projections() {
			if err := p.Apply(m, r, events[i]); err != nil {
				t.Fatalf("%s: %v", p.Name(), err)
			}
		}
	}
}

// Two machines write at the same time; in whatever order their records arrive
// somewhere, every read model comes out the same.
func TestJedeReihenfolgeGleich(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		logs, events := histories(t)
		a, b := tafel{}, tafel{}
		order := func(name string) ([]journal.Record, []journal.Event) {
			var records []journal.Record
			var list []journal.Event
			next := [2]int{}
			for len(records) < len(logs[0])+len(logs[1]) {
				o := rapid.IntRange(0, 1).Draw(t, name)
				if next[o] == len(logs[o]) {
					o = 1 - o
				}
				records = append(records, logs[o][next[o]])
				list = append(list, events[o][next[o]])
				next[o]++
			}
			return records, list
		}
		r, e := order("first")
		a.apply(t, r, e)
		r, e = order("second")
		b.apply(t, r, e)
		if d := cmp.Diff(text(a), text(b)); d != "" {
			t.Fatalf("the order of arrival changes the rows:\n%s", d)
		}
	})
}

func text(m tafel) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		out[k] = string(v)
	}
	return out
}

// histories are the logs of two origins that now and then see each other's clock.
func histories(t *rapid.T) (logs [2][]journal.Record, events [2][]journal.Event) {
	origins := [2]journal.Origin{{Node: "platz-1", Incarnation: "a"}, {Node: "platz-2", Incarnation: "b"}}
	var lamport [2]uint64
	for range rapid.IntRange(2, 40).Draw(t, "records") {
		o := rapid.IntRange(0, 1).Draw(t, "origin")
		if rapid.IntRange(0, 3).Draw(t, "sees the other") == 0 {
			lamport[o] = max(lamport[o], lamport[1-o])
		}
		lamport[o]++
		n := len(logs[o]) + 1
		e := change(t, o, n)
		payload, err := journal.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		logs[o] = append(logs[o], journal.Record{
			Origin: origins[o], Seq: uint64(n), Key: fmt.Sprintf("%d-%d/0", o, n), Type: e.EventType(),
			Lamport: lamport[o], Wall: int64(n), Actor: "AB", Payload: payload,
		})
		events[o] = append(events[o], e)
	}
	return logs, events
}

func change(t *rapid.T, origin, n int) journal.Event {
	few := func(what string) string { return fmt.Sprintf("%s%d", what, rapid.IntRange(1, 2).Draw(t, what)) }
	number := func(lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, "n") }
	pzn := kennung.PZN(few("0000000"))
	switch number(0, 16) {
	case 16:
		return geraet(number(0, 4), few, n)
	case 15:
		return pflicht(number(0, 5), few)
	case 13:
		b := sale(t, origin, n, few("v"), few("r"), pzn)
		b.Art, b.Serie = bon.Bewegung, "S"
		b.Lade = rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "Lade")
		b.Zahlungen = []bon.Zahlung{{Art: bon.Bar, Betrag: money.Cent(number(-5, 5))}}
		if number(0, 2) == 0 {
			b.Art, b.Entfernt = bon.Abbruch, b.Positionen[:1]
		}
		return event.BelegGebucht{Bon: b}
	case 14:
		return absicherung(t, few, n)
	case 0, 1, 2, 3:
		e := event.VorgangGeaendert{ID: few("v"), Version: number(1, 4), Was: "Test", Zurueck: number(0, 4) == 0}
		if number(0, 2) == 0 {
			state := []vorgang.Zustand{vorgang.Offen, vorgang.Geparkt, vorgang.Verworfen}[min(number(0, 5), 2)%3]
			e.Kopf = &vorgang.Kopf{Platz: few("platz-"), Epoche: number(1, 3), Zustand: state}
			if number(0, 1) == 0 {
				e.Von = few("platz-")
			}
		}
		for range number(0, 2) {
			e.Gesetzt = append(e.Gesetzt, vorgang.Position{Nr: number(1, 4), PZN: pzn, Menge: number(1, 3)})
		}
		if number(0, 3) == 0 {
			e.Entfernt = []int{number(1, 4)}
			e.Storniert = []bon.Position{{Nr: e.Entfernt[0], PZN: pzn, Menge: 1, Gesamt: money.Cent(number(1, 99))}}
		}
		return e
	case 4, 5:
		return event.VerkaufAbgeschlossen{Bon: sale(t, origin, n, few("v"), few("r"), pzn)}
	case 6:
		return event.RezeptAngenommen{ID: few("r"), Person: few("p"), Zeilen: 2}
	case 7:
		return event.RezeptZurueckgegeben{ID: few("r"), Grund: few("Grund ")}
	case 8:
		return event.BestandGeaendert{PZN: pzn, Delta: number(-5, 5), Art: "zugang"}
	case 9:
		if number(0, 3) == 0 {
			return event.PersonGeloescht{ID: few("p"), Grund: few("Wunsch ")}
		}
		return event.PersonGesetzt{ID: few("p"), Stamm: number(0, 1) == 0}
	case 10:
		return event.VormerkungAngelegt{ID: few("w"), Nummer: number(1, 3), PZN: "00000001", Menge: 2}
	case 11:
		return event.VormerkungErledigt{ID: few("w"), Wie: "abgeholt"}
	}
	switch number(0, 16) {
	case 12:
		return event.BesorgungAufgegeben{ID: few("b"), Art: few("a"), Ziel: few("z"), Bis: 1}
	case 13:
		return event.BesorgungErledigt{ID: few("b"), Ergebnis: few("e")}
	case 14:
		return event.BesorgungGescheitert{ID: few("b"), Code: few("c")}
	case 15:
		return event.BesorgungEntschieden{ID: few("b"), Was: []string{"wiederholen", "verwerfen"}[number(0, 1)]}
	case 16:
		return event.UebernahmeGeklaert{Vorgang: few("v"), Platz: few("platz-"), Epoche: 1, Bis: number(1, 4), Wie: "verworfen"}
	case 9:
		return event.RechnerAufgenommen{Fingerabdruck: few("f"), Platz: few("platz-"), Rang: number(1, 3)}
	case 7:
		return event.RechnerEntfernt{Fingerabdruck: few("f"), Platz: few("platz-")}
	case 8:
		return event.AusstellerGesetzt{Epoche: number(1, 2), Zertifikat: []byte(few("z"))}
	case 6:
		return event.TagesarbeitErledigt{Arbeit: few("a"), Platz: few("platz-"), Tag: 20261101}
	case 10, 11:
		return login(number(0, 7), few)
	case 5:
		return event.KatalogGewaehlt{ID: few("w"), Art: "aktiviert", Ausgelassen: []string{few("g")}}
	case 3:
		return event.BelegGedruckt{Bon: "1-000001", Art: "muster-16", Rezept: few("r"), Druck: 1}
	case 4:
		if number(0, 1) == 0 {
			return event.BelegDigital{Bon: "1-00000" + few(""), Kopie: true}
		}
		return event.BelegNachgedruckt{Bon: "1-000001", Art: "muster-16"}
	case 0:
		return event.EinstellungGesetzt{Schluessel: few("s"), Wert: few("w")}
	case 1:
		return event.BenutzerGesetzt{Kuerzel: few("K"), Name: few("Name ")}
	}
	return event.RechtFestgelegt{Parameter: few("x"), Ab: 20270101}
}

// sale has a number that two incarnations of a till could both give out.
func sale(t *rapid.T, origin, n int, cart, rx string, pzn kennung.PZN) bon.Bon {
	b := bon.Bon{
		Nummer: fmt.Sprintf("%d-%06d", rapid.IntRange(1, 2).Draw(t, "till"), n), Vorgang: cart, Art: bon.Verkauf,
		Beleg: fmt.Sprint(rapid.IntRange(1, 2).Draw(t, "slip")), Tag: civil.Day(20261101 + rapid.IntRange(0, 1).Draw(t, "day")),
	}
	if rapid.Bool().Draw(t, "signed") {
		b.Serie = "S"
	}
	if rapid.Bool().Draw(t, "undoes") {
		b.Art, b.Bezug, b.BezugTag = bon.Retoure, fmt.Sprintf("%d-%06d", origin+1, 1), 20261001
	}
	menge := rapid.IntRange(-3, 3).Draw(t, "menge")
	b.Platz, b.Zahlungen = fmt.Sprintf("platz-%d", origin), []bon.Zahlung{{Art: bon.Bar, Betrag: money.Cent(menge * 100)}}
	b.Positionen = []bon.Position{
		{
			Nr: 1, Art: vorgang.Artikel, PZN: pzn, Menge: menge, Rezept: rx, Person: "p1",
			Regel: zuzahlung.RegelVerbrauch, Traeger: zuzahlung.GKV, Zuzahlung: money.Cent(menge * 100),
		},
		{Nr: 2, Art: vorgang.Gebuehr, SOK: "02567018", Menge: 1, Rezept: rx},
	}
	b.Positionen = append(b.Positionen, geschaefte(t)...)
	b.Kunde = rapid.SampledFrom([]string{"p1", "p2"}).Draw(t, "customer")
	b.Zahlungen = []bon.Zahlung{{Art: bon.Karte, Beleg: &karte.Beleg{
		ID: rapid.SampledFrom([]string{"", "k1", "k2"}).Draw(t, "card"),
	}}}
	return b
}

func TestProjectionsHaveTablesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range alle.Projections() {
		if seen[p.Name()] || p.Schema() < 1 {
			t.Errorf("%s, schema %d", p.Name(), p.Schema())
		}
		seen[p.Name()] = true
	}
}

// absicherung is what a TSE says.
func absicherung(t *rapid.T, few func(string) string, n int) journal.Event {
	switch rapid.IntRange(0, 8).Draw(t, "TSE") {
	case 6:
		return event.KartenzahlungBegonnen{
			ID: few("k"), Vorgang: few("v"), Till: few("t"), Betrag: money.Cent(n), Erstattung: []string{"", "1-000001"}[n%2],
		}
	case 7:
		return event.KartenzahlungBeendet{ID: few("k"), Bewilligt: n%2 == 0}
	case 8:
		return event.KartenzahlungGeklaert{ID: few("k"), Grund: few("g")}
	case 5:
		a := abschluss.Abschluss{Kopf: abschluss.Kopf{Till: few(""), Nummer: rapid.IntRange(1, 2).Draw(t, "Z")}}
		a.Fremde = []string{fmt.Sprintf("%s-%06d", few(""), rapid.IntRange(1, 20).Draw(t, "other"))}
		a.Bis = fmt.Sprintf("%s-%06d", a.Till, rapid.IntRange(1, 20).Draw(t, "last"))
		return event.TagAbgeschlossen{Abschluss: a}
	case 0:
		return event.TSEGesetzt{Till: few(""), Serie: few("S")}
	case 1:
		return event.TSEAusgefallen{Till: few(""), Zeit: int64(n)}
	case 2:
		return event.TSEZurueck{Till: few(""), Zeit: int64(n)}
	}
	g := kassenbeleg.Gesichert{Nummer: fmt.Sprintf("%s-%06d", few(""), rapid.IntRange(1, 20).Draw(t, "number"))}
	g.Ausfall = few("Grund ")
	return event.BelegGesichert{Gesichert: g}
}

// geraet is a change of the devices that may see the pages of a machine.
func geraet(n int, few func(string) string, port int) journal.Event {
	switch n {
	case 0:
		return event.SeitenGesetzt{Rechner: few("f"), An: port%2 == 0, Port: port}
	case 1:
		return event.GeraetErlaubt{ID: few("g"), Rechner: few("f"), Name: few("Laptop "), Hash: few("h")}
	case 2:
		return event.GeraetEntzogen{ID: few("g")}
	case 4:
		return event.SchluesselHinterlegt{Rechner: few("f"), Hash: few("h")}
	}
	return event.GeraetBenutzt{ID: few("g"), Name: few("Laptop "), Was: few("Bon ")}
}

// pflicht is what is told to the tax office or seen by it.
func pflicht(n int, few func(string) string) journal.Event {
	switch n {
	case 0:
		return event.TillBeendet{Till: few(""), Tag: 20261123, Grund: few("Grund ")}
	case 4:
		return event.TillWieder{Till: few(""), Tag: 20261124, Bon: few("1-")}
	case 1:
		return event.KassenmeldungGesendet{Tag: 20261123, Weg: few("Weg ")}
	case 2:
		return event.PruefungEroeffnet{ID: few("p"), Kuerzel: few("K"), Von: 20260101, Bis: 20261231, Ende: 20270131}
	case 3:
		return event.PruefungBeendet{ID: few("p")}
	}
	return event.PruefungEingesehen{ID: few("p"), Was: few("/")}
}

// login is a change of logins and permits.
func login(n int, few func(string) string) journal.Event {
	switch n {
	case 0:
		return event.PinGesetzt{Kuerzel: few("K"), Hash: few("h")}
	case 1:
		return event.AusweisGesetzt{Kuerzel: few("K"), Hash: few("h")}
	case 2:
		return event.ErlaubnisErteilt{ID: "e", Kuerzel: "K1", Art: "abzeichnen"}
	case 3:
		return event.ErlaubnisWiderrufen{ID: "e", Wem: "K1", Ab: civil.Must(2026, 11, 20+len(few("x"))%3)}
	case 4:
		return event.NotschluesselGesetzt{Kuerzel: few("K"), Hash: few("h")}
	case 5:
		return event.NotschluesselBenutzt{Kuerzel: few("K"), Hash: few("h")}
	case 6:
		return event.AbzeichnungOffen{Bon: "1-000001", Kuerzel: "K1", Tag: 20261123}
	}
	return event.Abgezeichnet{Bon: "1-000001", Kuerzel: few("K"), Womit: "PIN"}
}

// geschaefte are lines that are no goods: the same vouchers and credits again and again.
func geschaefte(t *rapid.T) (list []bon.Position) {
	for range rapid.IntRange(0, 2).Draw(t, "business cases") {
		list = append(list, bon.Position{
			Nr: len(list) + 3, Art: vorgang.Geschaeft, Menge: 1,
			Geschaeft: rapid.SampledFrom([]bon.Geschaeft{
				bon.Gutscheinkauf, bon.Gutscheineinloesung, bon.Forderung, bon.Forderungsausgleich, bon.Anzahlung, bon.Geldtransit,
			}).Draw(t, "business case"),
			Bezug:  rapid.SampledFrom([]string{"g1", "g2"}).Draw(t, "about"),
			Gesamt: money.Cent(rapid.IntRange(-500, 500).Draw(t, "amount")),
		})
	}
	return list
}
