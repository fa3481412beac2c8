package catalogue

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Listenart is what an official list says something of.
type Listenart string

// The kinds of list.
const (
	Festbetragsliste Listenart = "festbetrag"     // § 35 SGB V
	Befreiungsliste  Listenart = "zuzahlungsfrei" // § 31(3) S. 4 SGB V
	Vertragsliste    Listenart = "rabattvertrag"  // § 130a(8) SGB V
)

// Name is the name of the list for people.
func (a Listenart) Name() string {
	switch a {
	case Festbetragsliste:
		return "Festbetragsliste"
	case Befreiungsliste:
		return "Zuzahlungsbefreiungsliste"
	case Vertragsliste:
		return "Liste der Rabattverträge"
	}
	return string(a)
}

// Liste is one list that has changed articles or contracts of a catalogue.
type Liste struct {
	Art   Listenart
	Datei string    // the name of the file
	Ab    civil.Day // from which it holds
}

// String names the list and its day.
func (l Liste) String() string { return l.Art.Name() + " ab " + l.Ab.German() }

// Listenwert is what a list says of an article, and what the source of the catalogue says:
// when the source says something else than it did, it is the newer word.
type Listenwert struct {
	Art   Listenart // Festbetragsliste or Befreiungsliste
	PZN   kennung.PZN
	Liste int // its place among Listen.Listen
	// Wert is what holds and Quelle what the source says: cents of the Festbetrag, 0 if there
	// is none; or 1 for zuzahlungsfrei and 0 for not.
	Wert, Quelle int64
	Fehlt        bool // the source does not have the article
}

// Vertragsstand is a contract, or that there is none.
type Vertragsstand struct {
	Da      bool
	Vertrag zuzahlung.Vertrag
}

// Listenvertrag is the same for a contract.
type Listenvertrag struct {
	IK           string
	PZN          kennung.PZN
	Liste        int
	Wert, Quelle Vertragsstand
}

// Listen are the lists that have changed a catalogue, with all that they say, also of
// articles that it does not have. They go with it from one generation to the next. It is
// not safe for concurrent use.
type Listen struct {
	Listen []Liste

	werte     map[Listenart]map[uint32]wert
	vertraege map[vertragsnummer]vertragswert
	iks       map[string]uint32
	ikVon     []string
	schweigt  map[Listenart]bool
	abgeloest map[Listenart]Abgeloest
}

type wert struct {
	wert, quelle int64
	liste        int
	fehlt        bool
}

type vertragsnummer struct{ ik, pzn uint32 }

type vertragswert struct {
	wert, quelle Vertragsstand
	liste        int
}

// Abgeloest counts for how many articles the source has said something newer than a list.
type Abgeloest struct {
	Zahl int
	PZN  kennung.PZN // of the first
}

// NewListen returns no lists.
func NewListen() *Listen {
	return &Listen{
		werte: map[Listenart]map[uint32]wert{
			Festbetragsliste: {}, Befreiungsliste: {},
		},
		vertraege: map[vertragsnummer]vertragswert{}, iks: map[string]uint32{},
		schweigt: map[Listenart]bool{}, abgeloest: map[Listenart]Abgeloest{},
	}
}

// Leer reports whether no list says anything.
func (l *Listen) Leer() bool {
	return l == nil || len(l.vertraege) == 0 &&
		!slices.ContainsFunc(slices.Collect(maps.Values(l.werte)), func(m map[uint32]wert) bool { return len(m) > 0 })
}

// Clone returns a copy that changes by itself.
func (l *Listen) Clone() *Listen {
	c := NewListen()
	c.Listen, c.ikVon = slices.Clone(l.Listen), slices.Clone(l.ikVon)
	for art, m := range l.werte {
		c.werte[art] = maps.Clone(m)
	}
	c.vertraege, c.iks, c.schweigt = maps.Clone(l.vertraege), maps.Clone(l.iks), maps.Clone(l.schweigt)
	return c
}

// AppendWert adds what a list says of an article.
func (l *Listen) AppendWert(w Listenwert) {
	if n, ok := nummer(w.PZN); ok && l.werte[w.Art] != nil {
		l.werte[w.Art][n] = wert{w.Wert, w.Quelle, w.Liste, w.Fehlt}
	}
}

// AppendVertrag adds what a list says of a contract.
func (l *Listen) AppendVertrag(v Listenvertrag) {
	if n, ok := nummer(v.PZN); ok {
		l.vertraege[vertragsnummer{l.ik(v.IK), n}] = vertragswert{v.Wert, v.Quelle, v.Liste}
	}
}

// Werte lists what the lists say of articles, by kind and PZN.
func (l *Listen) Werte() []Listenwert {
	var list []Listenwert
	for art, m := range l.werte {
		for n, w := range m {
			list = append(list, Listenwert{art, pzn(n), w.liste, w.wert, w.quelle, w.fehlt})
		}
	}
	slices.SortFunc(list, func(a, b Listenwert) int {
		return cmp.Or(cmp.Compare(a.Art, b.Art), cmp.Compare(a.PZN, b.PZN))
	})
	return list
}

// Vertraege lists what the lists say of contracts, by IK and PZN.
func (l *Listen) Vertraege() []Listenvertrag {
	var list []Listenvertrag
	for k, w := range l.vertraege {
		list = append(list, Listenvertrag{l.ikVon[k.ik], pzn(k.pzn), w.liste, w.wert, w.quelle})
	}
	slices.SortFunc(list, func(a, b Listenvertrag) int {
		return cmp.Or(cmp.Compare(a.IK, b.IK), cmp.Compare(a.PZN, b.PZN))
	})
	return list
}

// List are the places of the lists of which something holds, the one laid on last behind
// the others.
func (l *Listen) List() (list []int) {
	used := map[int]bool{}
	for _, m := range l.werte {
		for _, w := range m {
			used[w.liste] = true
		}
	}
	for _, w := range l.vertraege {
		used[w.liste] = true
	}
	return slices.Sorted(maps.Keys(used))
}

func (l *Listen) ik(s string) uint32 {
	n, ok := l.iks[s]
	if !ok {
		n = uint32(len(l.ikVon))
		l.iks[s], l.ikVon = n, append(l.ikVon, s)
	}
	return n
}

func nummer(p kennung.PZN) (uint32, bool) {
	n, err := strconv.ParseUint(string(p), 10, 32)
	return uint32(n), err == nil && len(p) == 8
}

func pzn(n uint32) kennung.PZN { return kennung.PZN(fmt.Sprintf("%08d", n)) }
