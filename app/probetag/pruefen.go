package probetag

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/kassenbuch"
)

// buch is what the journal says, read record by record and not by any read model.
type buch struct {
	belege      map[string]bon.Bon // by number
	gesichert   map[string]kassenbeleg.Gesichert
	signaturen  map[string]bool // of all records
	abschluesse []abschluss.Abschluss
	serien      map[string][]string // KassenSeriennummern of a till
	ausfaelle   map[string]int
	zurueck     map[string]int
	funde       []string
}

func (b *buch) fund(format string, args ...any) {
	b.funde = append(b.funde, fmt.Sprintf(format, args...))
}

// lesen reads all records of a journal.
func lesen(ctx context.Context, s journal.Store) (*buch, error) {
	b := &buch{
		belege: map[string]bon.Bon{}, gesichert: map[string]kassenbeleg.Gesichert{}, serien: map[string][]string{},
		ausfaelle: map[string]int{}, zurueck: map[string]int{}, signaturen: map[string]bool{},
	}
	heads, err := s.Heads(ctx)
	for _, h := range heads {
		if err == nil {
			err = s.Records(ctx, h.Origin, 0, func(r journal.Record) (bool, error) {
				e, err := event.Decode(r.Type, r.Payload)
				if err == nil {
					b.nimm(e)
				}
				return true, err
			})
		}
	}
	return b, err
}

func (b *buch) nimm(e journal.Event) {
	switch e := e.(type) {
	case event.VerkaufAbgeschlossen:
		b.beleg(e.Bon)
	case event.BelegGebucht:
		b.beleg(e.Bon)
	case event.BelegGesichert:
		if _, twice := b.gesichert[e.Nummer]; twice {
			b.fund("Bon %s ist zweimal gesichert", e.Nummer)
		}
		b.gesichert[e.Nummer] = e.Gesichert
		if e.Signatur != nil {
			b.signaturen[e.Signatur.Wert] = true
		}
	case event.TagAbgeschlossen:
		b.abschluesse = append(b.abschluesse, e.Abschluss)
	case event.TSEGesetzt:
		if !slices.Contains(b.serien[e.Till], e.Serie) {
			b.serien[e.Till] = append(b.serien[e.Till], e.Serie)
		}
	case event.TSEAusgefallen:
		b.ausfaelle[e.Till]++
	case event.TSEZurueck:
		b.zurueck[e.Till]++
	}
}

func (b *buch) beleg(x bon.Bon) {
	if _, twice := b.belege[x.Nummer]; twice {
		b.fund("Die Nummer %s gibt es zweimal", x.Nummer)
	}
	b.belege[x.Nummer] = x
}

// nummern are the numbers of all records in their order.
func (b *buch) nummern() []string {
	return slices.SortedFunc(maps.Keys(b.belege), func(x, y string) int {
		s, m, _ := bons.Split(x)
		t, n, _ := bons.Split(y)
		return cmp.Or(cmp.Compare(s, t), cmp.Compare(m, n))
	})
}

// pruefe holds the journal to what law and design want (DSFinV-K 2.4, KassenSichV, ADR 0025, 0029).
func (b *buch) pruefe() {
	last := map[string]int{}
	signed := map[string]string{}
	for _, n := range b.nummern() {
		x := b.belege[n]
		till, running, err := bons.Split(n)
		if err != nil || running != last[till]+1 {
			b.fund("Vor Bon %s fehlt eine Nummer", n)
		}
		last[till] = running
		b.pruefeSumme(x)
		b.pruefeSicherung(x, signed)
	}
	for _, till := range slices.Sorted(maps.Keys(last)) {
		b.pruefeAbschluesse(till, last[till])
		if len(b.serien[till]) != 1 {
			b.fund("Platz %s hat die Seriennummern %q", till, b.serien[till])
		}
		if b.ausfaelle[till] != b.zurueck[till] {
			b.fund("Platz %s hat %d Ausfälle begonnen und %d beendet", till, b.ausfaelle[till], b.zurueck[till])
		}
	}
}

// pruefeSumme: what the business cases add up to was paid.
func (b *buch) pruefeSumme(x bon.Bon) {
	k := kassenbeleg.Aus(x)
	if k.Typ != kassenbeleg.Beleg && k.Typ != kassenbeleg.AVTraining {
		if len(x.Zahlungen) > 0 {
			b.fund("Bon %s ist %s und hat Zahlungen", x.Nummer, k.Typ)
		}
		return
	}
	if k.Summe() != k.Gezahlt() {
		b.fund("Bon %s: %s in den Positionen, %s gezahlt", x.Nummer, k.Summe(), k.Gezahlt())
	}
}

// pruefeSicherung: each record is signed, once and as what it is, or says why it is not.
func (b *buch) pruefeSicherung(x bon.Bon, signed map[string]string) {
	g, known := b.gesichert[x.Nummer]
	k := kassenbeleg.Aus(x)
	switch {
	case !known:
		b.fund("Bon %s ist weder signiert noch gekennzeichnet", x.Nummer)
	case g.Signatur == nil && g.Ausfall == "":
		b.fund("Bon %s ist nicht signiert, und niemand sagt, warum", x.Nummer)
	case g.Serie != x.Serie || g.Prozess != k.Prozess() || g.Daten != k.Daten():
		b.fund("Bon %s ist als etwas anderes gesichert: %s", x.Nummer, g.Daten)
	case g.Signatur != nil:
		id := fmt.Sprintf("%s %d", g.Signatur.Seriennummer, g.Signatur.Transaktion)
		if signed[id] != "" {
			b.fund("Bon %s hat dieselbe Transaktion wie %s", x.Nummer, signed[id])
		}
		signed[id] = x.Nummer
		if x.Transaktion != nil && x.Transaktion.Transaktion != g.Signatur.Transaktion {
			b.fund("Bon %s ist mit einer anderen Transaktion signiert, als er begann", x.Nummer)
		}
	}
}

// pruefeAbschluesse: the closings of a till have neither gap nor overlap, hold every record, and
// their cash is that of the records.
func (b *buch) pruefeAbschluesse(till string, last int) {
	next, z := 1, 1
	for _, a := range b.vonTill(till) {
		if a.Nummer != z || a.Von != bons.Number(till, next) || a.Bis != bons.Number(till, next+a.Anzahl-1) {
			b.fund("Abschluss Z %d von Platz %s umfasst %s bis %s statt %d Bons ab %s", a.Nummer, till, a.Von, a.Bis, a.Anzahl,
				bons.Number(till, next))
		}
		next, z = next+a.Anzahl, z+1
		b.pruefeStand(a)
		want := a.Barbestand
		if a.GezaehltMit > 0 { // closed by book
			want = 0
		}
		if want != a.Zaehlung.Summe() {
			b.fund("Abschluss Z %d von Platz %s: %s gezählt, %s gebucht", a.Nummer, till, a.Zaehlung.Summe(), a.Barbestand)
		}
	}
	if next != last+1 {
		b.fund("Platz %s hat %d Bons, in den Abschlüssen stehen %d", till, last, next-1)
	}
}

// pruefeStand: a closing has one state of the master data: that of all its records, and every TSE that
// they name (DSFinV-K 2.4 Nr. 3.2).
func (b *buch) pruefeStand(a abschluss.Abschluss) {
	_, first, _ := bons.Split(a.Von)
	for i := range a.Anzahl {
		n := bons.Number(a.Till, first+i)
		if x, known := b.belege[n]; known && x.Programm != a.Stamm.Geraet.Fassung {
			b.fund("Bon %s ist mit %q gebucht, Abschluss Z %d nennt %q", n, x.Programm, a.Nummer, a.Stamm.Geraet.Fassung)
		}
		sig := b.gesichert[n].Signatur
		signs := func(g tse.Geraet) bool { return g.Seriennummer == sig.Seriennummer }
		if sig != nil && !slices.ContainsFunc(a.Stamm.TSE, signs) {
			b.fund("Bon %s hat eine TSE signiert, die in Abschluss Z %d fehlt", n, a.Nummer)
		}
	}
}

func (b *buch) vonTill(till string) (list []abschluss.Abschluss) {
	for _, a := range b.abschluesse {
		if a.Till == till {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(x, y abschluss.Abschluss) int { return cmp.Compare(x.Nummer, y.Nummer) })
	return list
}

// bar is the cash of each drawer by the records.
func (b *buch) bar() map[string]money.Cent {
	sum := map[string]money.Cent{}
	for n, x := range b.belege {
		till, _, _ := bons.Split(n)
		lade := cmp.Or(x.Lade, till)
		sum[lade] += abschluss.Bargeld(x, till, lade)
	}
	return sum
}

// pruefeKassenbuch: the balance of the Kassenbuch of a machine is that of the journal, and what was
// counted last.
func (b *buch) pruefeKassenbuch(ctx context.Context, p *platz) error {
	return p.Store.View(ctx, func(rows journal.Rows) error {
		list, err := kassenbuch.Laden(rows)
		sum := b.bar()
		for _, l := range list {
			if l.Bar != sum[l.Till] {
				b.fund("%s: das Kassenbuch von Platz %s hat %s, das Journal %s", p.name, l.Till, l.Bar, sum[l.Till])
			}
		}
		if len(list) != len(sum) {
			b.fund("%s: das Kassenbuch hat %d Laden, das Journal %d", p.name, len(list), len(sum))
		}
		return err
	})
}
