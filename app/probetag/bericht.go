package probetag

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/workflow/absicherung"
)

// pruefe judges what the days have left, and sums it up.
func (l *lauf) pruefe(ctx context.Context) (e Ergebnis, err error) {
	b, err := lesen(ctx, l.eins.Store)
	if err != nil {
		return e, err
	}
	b.pruefe()
	for _, p := range l.plaetze() {
		if err := b.pruefeKassenbuch(ctx, p); err != nil {
			return e, err
		}
		for _, device := range append(p.alte, p.tse) {
			if err := b.pruefeTSE(ctx, p.name, device); err != nil {
				return e, err
			}
		}
	}
	if err := l.pruefeGleich(ctx, b); err != nil {
		return e, err
	}
	e = b.ergebnis()
	e.Crashes = l.abstuerze
	return e, nil
}

// pruefeGleich: both machines hold the same records.
func (l *lauf) pruefeGleich(ctx context.Context, b *buch) error {
	var heads [2][]string
	for i, p := range l.plaetze() {
		list, err := p.Store.Heads(ctx)
		if err != nil {
			return err
		}
		for _, h := range list {
			if h.Seq > 0 {
				heads[i] = append(heads[i], fmt.Sprintf("%s %d %x", h.Origin, h.Seq, h.Hash))
			}
		}
		slices.Sort(heads[i])
	}
	if !slices.Equal(heads[0], heads[1]) {
		b.fund("Die Journale der beiden Plätze sind verschieden: %q und %q", heads[0], heads[1])
	}
	return nil
}

// pruefeTSE: nothing is begun at the device that nobody ends, and nothing is signed there for
// which there is no record.
func (b *buch) pruefeTSE(ctx context.Context, name string, device *simulator.Simulator) error {
	open, err := device.Offene(ctx, "")
	if len(open) > 0 {
		b.fund("An der TSE von %s sind %d Transaktionen offen", name, len(open))
	}
	if err != nil {
		return err
	}
	stand, err := device.Stand(ctx)
	if err != nil {
		return err
	}
	probes, err := proben(ctx, device)
	if err != nil {
		return err
	}
	for _, client := range stand.Clients {
		for nr := uint64(1); nr <= stand.Signaturen; nr++ {
			sig, found, err := device.Beendet(ctx, client, nr)
			if err != nil {
				return err
			}
			if found && !b.signaturen[sig.Wert] && !probes[nr] {
				b.fund("Die TSE von %s hat mit Transaktion %d etwas signiert, zu dem es keinen Bon gibt", name, nr)
			}
		}
	}
	return nil
}

func (b *buch) ergebnis() Ergebnis {
	e := Ergebnis{}
	types, cases, tills := map[string]int{}, map[string]int{}, map[string]*Till{}
	for _, n := range b.nummern() {
		x := b.belege[n]
		k := kassenbeleg.Aus(x)
		types[string(k.Typ)]++
		for _, g := range k.Geschaefte {
			if k.Typ == kassenbeleg.Beleg {
				cases[string(g.Typ)]++
			}
		}
		if b.gesichert[n].Signatur == nil {
			e.Ohne++
		}
		till, _, _ := bons.Split(n)
		if tills[till] == nil {
			tills[till] = &Till{
				Till: till, Platz: x.Platz, Serie: strings.Join(b.serien[till], " "), Ausfaelle: b.ausfaelle[till],
			}
		}
		tills[till].Belege++
	}
	for _, a := range b.abschluesse {
		if t := tills[a.Till]; t != nil {
			t.Abschluesse++
		}
		if e.Von == 0 || a.Tag < e.Von {
			e.Von = a.Tag
		}
		e.Bis = max(e.Bis, a.Tag)
	}
	for _, t := range slices.Sorted(maps.Keys(tills)) {
		e.Tills = append(e.Tills, *tills[t])
	}
	b.vollstaendig(types, cases, e.Ohne)
	e.Belege, e.Geschaefte, e.Spur, e.Funde = sortiert(types), sortiert(cases), b.spur(), b.funde
	return e
}

// mindestens is how many records the TSE must not have signed, so that an outage can be judged.
const mindestens = 3

// vollstaendig: every kind of record and every business case that a pharmacy has is there.
func (b *buch) vollstaendig(types, cases map[string]int, ohne int) {
	for _, t := range []kassenbeleg.Typ{
		kassenbeleg.Beleg, kassenbeleg.AVBelegabbruch, kassenbeleg.AVBestellung, kassenbeleg.AVTraining,
	} {
		if types[string(t)] == 0 {
			b.fund("Kein Beleg ist %s", t)
		}
	}
	for _, g := range geschaefte() {
		if cases[string(g)] == 0 {
			b.fund("Der Geschäftsvorfall %s kommt nicht vor", g)
		}
	}
	for n, x := range b.belege {
		if x.Art == bon.Bestellung && !b.bezahlt(x.Vorgang) {
			b.fund("Was mit Bon %s über Nacht wartete, ist nie bezahlt worden", n)
		}
	}
	if !b.abgebrochen() {
		b.fund("Kein Abbruch nach einem Absturz nennt die Zeilen seines Vorgangs")
	}
	if !slices.ContainsFunc(b.abschluesse, func(a abschluss.Abschluss) bool { return a.GezaehltMit > 0 }) {
		b.fund("Kein Abschluss endet damit, dass das Programm gewechselt hat")
	}
	if !slices.ContainsFunc(b.abschluesse, func(a abschluss.Abschluss) bool { return len(a.Stamm.TSE) > 1 }) {
		b.fund("In keinem Abschluss haben zwei TSEs signiert")
	}
	if ohne < mindestens {
		b.fund("Nur %d Belege ohne Signatur", ohne)
	}
}

// abgebrochen says whether a kill has left an abandoned record with the lines of its cart.
func (b *buch) abgebrochen() bool {
	for _, x := range b.belege {
		if x.Art == bon.Abbruch && x.Benutzer == absicherung.Actor && len(x.Positionen) > 0 {
			return true
		}
	}
	return false
}

func (b *buch) bezahlt(vorgang string) bool {
	for _, x := range b.belege {
		if x.Art == bon.Verkauf && x.Vorgang == vorgang {
			return true
		}
	}
	return false
}

// geschaefte are the business cases that a pharmacy has.
func geschaefte() []bon.Geschaeft {
	return []bon.Geschaeft{
		bon.Umsatz, bon.Rabatt, bon.Gutscheinkauf, bon.Gutscheineinloesung, bon.Forderung, bon.Forderungsausgleich,
		bon.Anzahlung, bon.Anzahlungsausgleich, bon.Anfangsbestand, bon.Geldtransit, bon.Privatentnahme, bon.Privateinlage,
		bon.Lohnzahlung, bon.Einzahlung, bon.Auszahlung, bon.DifferenzSoll,
	}
}

func sortiert(m map[string]int) (list []Anzahl) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		list = append(list, Anzahl{k, m[k]})
	}
	return list
}

// spur is a hash of what follows from the seed. What is drawn by lot – keys, ids, numbers of
// vouchers, signatures – is not in it.
func (b *buch) spur() string {
	var text bytes.Buffer
	for _, n := range b.nummern() {
		x := b.belege[n]
		k := kassenbeleg.Aus(x)
		fmt.Fprintln(&text, n, x.Art, x.Beginn, x.Zeit, x.Platz, x.Bezug, x.Lade, k.Typ, k.Summe(), x.Zahlungen,
			b.gesichert[n].Ausfall)
	}
	for _, t := range slices.Sorted(maps.Keys(b.serien)) {
		for _, a := range b.vonTill(t) {
			fmt.Fprintln(&text, a.Till, a.Nummer, a.Tag, a.Zeit, a.Von, a.Bis, a.Barbestand, a.Differenz)
		}
	}
	sum := sha256.Sum256(text.Bytes())
	return hex.EncodeToString(sum[:8])
}
