package catalogue

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// stelle is where an article holds what a list says.
type stelle struct {
	lies  func(artikel.Artikel) int64
	setze func(a *artikel.Artikel, wert int64, aus string)
}

func stellen(art Listenart) stelle {
	if art == Festbetragsliste {
		return stelle{
			func(a artikel.Artikel) int64 { return int64(a.Festbetrag) },
			func(a *artikel.Artikel, w int64, aus string) { a.Festbetrag, a.FestbetragAus = money.Cent(w), aus },
		}
	}
	return stelle{
		func(a artikel.Artikel) int64 {
			if a.Zuzahlungsfrei {
				return 1
			}
			return 0
		},
		func(a *artikel.Artikel, w int64, aus string) { a.Zuzahlungsfrei, a.ZuzahlungsfreiAus = w == 1, aus },
	}
}

// Silent says that the source has no word on what the lists of a kind say: then these
// hold, whatever the source said before.
func (l *Listen) Silent(art Listenart) { l.schweigt[art] = true }

// Abgeloest tells what the source has said newer than the lists of a kind.
func (l *Listen) Abgeloest(art Listenart) Abgeloest { return l.abgeloest[art] }

// Apply returns an article of a source as the lists want it. What the source says now and
// did not say when the list came is newer than the list: then the source holds, and the list
// says nothing of the article any more.
func (l *Listen) Apply(a artikel.Artikel) artikel.Artikel {
	n, ok := nummer(a.PZN)
	if !ok {
		return a
	}
	for _, art := range []Listenart{Festbetragsliste, Befreiungsliste} {
		w, said := l.werte[art][n]
		if !said {
			continue
		}
		s := stellen(art)
		now := s.lies(a)
		if w.fehlt && now == 0 || !w.fehlt && now == w.quelle || now == w.wert || l.schweigt[art] {
			w.quelle, w.fehlt = now, false
			l.werte[art][n] = w
			s.setze(&a, w.wert, l.Listen[w.liste].String())
			continue
		}
		delete(l.werte[art], n)
		l.loeseAb(art, a.PZN)
	}
	return a
}

func (l *Listen) loeseAb(art Listenart, p kennung.PZN) {
	x := l.abgeloest[art]
	if x.Zahl++; x.Zahl == 1 {
		x.PZN = kennung.PZN(strings.Clone(string(p)))
	}
	l.abgeloest[art] = x
}

// ApplyVertraege returns the contracts of a source as the lists want them, in the same way;
// nil is a source that has no word on contracts. It is read once.
func (l *Listen) ApplyVertraege(list iter.Seq2[Vertragszeile, error]) iter.Seq2[Vertragszeile, error] {
	return func(yield func(Vertragszeile, error) bool) {
		now := map[vertragsnummer]zuzahlung.Vertrag{}
		if list != nil {
			for v, err := range list {
				n, ok := nummer(v.PZN)
				k := vertragsnummer{l.ik(v.IK), n}
				if _, said := l.vertraege[k]; err == nil && ok && said {
					now[k] = v.Vertrag
					continue
				}
				if !yield(v, err) {
					return
				}
			}
		}
		for _, v := range l.Vertraege() {
			n, _ := nummer(v.PZN)
			k := vertragsnummer{l.ik(v.IK), n}
			was, da := now[k]
			if holds := l.entscheide(k, Vertragsstand{da, was}, list == nil); holds.Da &&
				!yield(Vertragszeile{v.IK, v.PZN, holds.Vertrag}, nil) {
				return
			}
		}
	}
}

// entscheide says which contract holds, that of the list or that of the source.
func (l *Listen) entscheide(k vertragsnummer, now Vertragsstand, silent bool) Vertragsstand {
	w := l.vertraege[k]
	if now == w.quelle || now == w.wert || silent {
		w.quelle = now
		l.vertraege[k] = w
		return w.wert
	}
	delete(l.vertraege, k)
	l.loeseAb(Vertragsliste, pzn(k.pzn))
	return now
}

// Auflage is a list that is being laid on a catalogue.
type Auflage struct {
	Listen *Listen
	Liste  Liste
	Teil   bool // what the list does not name stays as it is

	// What it does to the catalogue, when all articles and contracts have gone through it once.
	Genannt   int // packs that the list names
	Bekannt   int // of these, packs that the catalogue has
	Vorher    int // articles or contracts of which the list decides, before it
	Entzogen  int // of these, those that have nothing any more
	Geaendert int // articles or contracts that are other than before

	nr        int
	werte     map[uint32]int64
	vertraege map[vertragsnummer]zuzahlung.Vertrag
	traeger   map[uint32]bool
}

// Auflegen begins to lay a list on the catalogue; l changes.
func (l *Listen) Auflegen(x Liste, teil bool) *Auflage {
	l.Listen = append(l.Listen, x)
	return &Auflage{
		Listen: l, Liste: x, Teil: teil, nr: len(l.Listen) - 1,
		werte: map[uint32]int64{}, vertraege: map[vertragsnummer]zuzahlung.Vertrag{}, traeger: map[uint32]bool{},
	}
}

// Append takes what the list says of an article: its Festbetrag in cents, or 1.
func (a *Auflage) Append(p kennung.PZN, wert int64) {
	if n, ok := nummer(p); ok {
		a.werte[n] = wert
		a.Genannt = len(a.werte)
	}
}

// AppendVertrag takes a contract of the list.
func (a *Auflage) AppendVertrag(v Vertragszeile) {
	n, ok := nummer(v.PZN)
	if !ok {
		return
	}
	ik := a.Listen.ik(v.IK)
	a.vertraege[vertragsnummer{ik, n}], a.traeger[ik] = v.Vertrag, true
	a.werte[n] = 1
	a.Genannt = len(a.werte)
}

// Artikel returns an article of the catalogue as the list wants it. It may go through again,
// and is counted again then.
func (a *Auflage) Artikel(x artikel.Artikel) artikel.Artikel {
	n, ok := nummer(x.PZN)
	if !ok {
		return x
	}
	value, named := a.werte[n]
	if named {
		a.Bekannt++
	}
	if a.Liste.Art == Vertragsliste || !named && a.Teil {
		return x
	}
	s, m := stellen(a.Liste.Art), a.Listen.werte[a.Liste.Art]
	before := x
	source := s.lies(x)
	if w, said := m[n]; said {
		source = w.quelle
	}
	aus := a.Liste.String()
	if named || source != 0 {
		m[n] = wert{wert: value, quelle: source, liste: a.nr}
	} else {
		delete(m, n)
		aus = ""
	}
	s.setze(&x, value, aus)
	a.zaehle(s.lies(before) != 0, value != 0, before != x)
	return x
}

func (a *Auflage) zaehle(had, has, changed bool) {
	if had {
		a.Vorher++
	}
	if had && !has {
		a.Entzogen++
	}
	if changed {
		a.Geaendert++
	}
}

// Unbekannte keeps what the list says of packs that the catalogue does not have: they may
// come with the next one. It is called when all articles have gone through.
func (a *Auflage) Unbekannte() {
	if a.Liste.Art == Vertragsliste {
		return
	}
	m := a.Listen.werte[a.Liste.Art]
	for n, w := range m {
		if w.liste != a.nr && !a.Teil {
			delete(m, n) // an earlier list, of a pack that the catalogue does not have either
		}
	}
	for n, value := range a.werte {
		if _, there := m[n]; !there || m[n].liste != a.nr {
			m[n] = wert{wert: value, liste: a.nr, fehlt: true}
		}
	}
}

// Vertraege returns the contracts of the catalogue as the list wants them. Of an insurer
// that it names, a whole list says everything; of the others nothing. It may be read again.
func (a *Auflage) Vertraege(list iter.Seq2[Vertragszeile, error]) iter.Seq2[Vertragszeile, error] {
	if a.Liste.Art != Vertragsliste {
		return list
	}
	return func(yield func(Vertragszeile, error) bool) {
		a.Vorher, a.Entzogen, a.Geaendert = 0, 0, 0
		done := map[vertragsnummer]bool{}
		for v, err := range list {
			holds := true
			if err == nil {
				v.Vertrag, holds = a.vertrag(v, done)
			}
			if holds && !yield(v, err) {
				return
			}
		}
		for _, k := range a.uebrige(done) {
			a.lege(k, Vertragsstand{true, a.vertraege[k]}, Vertragsstand{})
			if !yield(Vertragszeile{a.Listen.ikVon[k.ik], pzn(k.pzn), a.vertraege[k]}, nil) {
				return
			}
		}
	}
}

// vertrag is a contract of the catalogue as the list wants it; false: there is none any more.
func (a *Auflage) vertrag(v Vertragszeile, done map[vertragsnummer]bool) (zuzahlung.Vertrag, bool) {
	n, _ := nummer(v.PZN)
	k := vertragsnummer{a.Listen.ik(v.IK), n}
	value, named := a.vertraege[k]
	if !a.traeger[k.ik] || !named && a.Teil {
		return v.Vertrag, true
	}
	done[k] = true
	a.lege(k, Vertragsstand{named, value}, Vertragsstand{true, v.Vertrag})
	return value, named
}

// uebrige are the contracts of the list that the catalogue does not have.
func (a *Auflage) uebrige(done map[vertragsnummer]bool) []vertragsnummer {
	list := slices.DeleteFunc(slices.Collect(maps.Keys(a.vertraege)), func(k vertragsnummer) bool { return done[k] })
	slices.SortFunc(list, func(x, y vertragsnummer) int {
		return cmp.Or(cmp.Compare(a.Listen.ikVon[x.ik], a.Listen.ikVon[y.ik]), cmp.Compare(x.pzn, y.pzn))
	})
	return list
}

// lege notes what the list says of a contract that was as before.
func (a *Auflage) lege(k vertragsnummer, value, before Vertragsstand) {
	source := before
	if w, said := a.Listen.vertraege[k]; said {
		source = w.quelle
	}
	a.zaehle(before.Da, value.Da, before != value)
	if !value.Da && !source.Da {
		delete(a.Listen.vertraege, k)
		return
	}
	a.Listen.vertraege[k] = vertragswert{value, source, a.nr}
}
