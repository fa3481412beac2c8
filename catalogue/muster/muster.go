// Package muster invents a German article catalogue: names, packs, prices, flags and
// contracts of the right shape, with valid check digits and lawful prices. No maker
// and no brand of it exists. The same Options give the same catalogue, and a smaller
// catalogue is the beginning of a larger one.
package muster

import (
	"fmt"
	"hash/fnv"
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
)

// MaxArtikel is how many articles there can be: then the numbers are used up.
const MaxArtikel = 500_000

// Options choose a catalogue.
type Options struct {
	Seed    uint64
	Artikel int // at least len(Bekannt()), at most MaxArtikel; 0: 20,000
	// Preis computes the prices that law prescribes; nil: as in 2026.
	Preis PreisFunc
	// Ausgabe counts price changes: each moves the price of every twentieth article
	// that is not one of Bekannt.
	Ausgabe int
}

// Quelle returns the catalogue as a source. It can be read more than once.
func Quelle(o Options) catalogue.Quelle {
	if o.Artikel == 0 {
		o.Artikel = 20_000
	}
	if o.Preis == nil {
		o.Preis = AMPreisV(recht2026())
	}
	o.Artikel = max(len(bekannte), min(o.Artikel, MaxArtikel))
	return catalogue.Quelle{Artikel: o.artikel(), Vertraege: o.vertraege()}
}

func (o Options) artikel() iter.Seq2[catalogue.Zeile, error] {
	return func(yield func(catalogue.Zeile, error) bool) { newErzeuger(o, yield).alle() }
}

// erzeuger invents one article after the other.
type erzeuger struct {
	o     Options
	r     *rand.Rand
	yield func(catalogue.Zeile, error) bool
	rest  int // articles to come
	platz int // of the next PZN

	makers   []string
	sorten   []sorte
	sorteNr  int
	waren    []ware
	anfang   []string
	mitte    []string
	ende     []string
	zusaetze []string
	vergeben map[kennung.PZN]bool
}

func newErzeuger(o Options, yield func(catalogue.Zeile, error) bool) *erzeuger {
	e := &erzeuger{
		o: o, r: rand.New(rand.NewPCG(o.Seed, 0x0ff1214)),
		yield: yield, rest: o.Artikel, makers: hersteller(), waren: waren(),
		anfang: strings.Fields(markeAnfang), mitte: strings.Fields(markeMitte), ende: strings.Fields(markeEnde),
		zusaetze: strings.Fields(zusaetze), vergeben: map[kennung.PZN]bool{},
	}
	e.sorten = alleSorten(wirkstoffe())
	e.r.Shuffle(len(e.sorten), func(i, j int) { e.sorten[i], e.sorten[j] = e.sorten[j], e.sorten[i] })
	return e
}

func (e *erzeuger) alle() {
	for _, b := range Bekannt() {
		b.Artikel = b.entwurf().bepreist(e.o.Preis)
		e.vergeben[b.Artikel.PZN] = true
		e.rest--
		if !e.yield(catalogue.Zeile{Artikel: b.Artikel, Beliebtheit: b.Beliebtheit}, nil) {
			return
		}
	}
	for e.rest > 0 {
		switch w := e.r.IntN(100); {
		case w < 8:
			e.gruppe()
		case w < 40:
			e.marke()
		case w < 60:
			e.homoeopathie()
		case w < 61:
			e.cannabis()
		default:
			e.ware()
		}
	}
}

// entwurf is an article before it gets its number and its prices. ApU is set.
type entwurf struct {
	artikel.Artikel
	beliebtheit int
	uvp         int  // free price in per cent of the ApU; 0: none
	frei        bool // on the list of § 31 Abs. 3 S. 4 if cheap enough
	ohneAVP     bool // the catalogue states the ApU only
}

// gib delivers an article with a number and prices of its own.
func (e *erzeuger) gib(w entwurf) artikel.Artikel {
	if e.rest <= 0 {
		return artikel.Artikel{}
	}
	e.rest--
	w.PZN = e.pzn()
	if w.Status == "" {
		w.Status = e.status()
	}
	for i := range e.o.Ausgabe {
		if h := hash(string(w.PZN), strconv.Itoa(i)); h%20 == 0 {
			w.ApU = max(1, money.Ratio(w.ApU, 90+int64(h/20%22), 100))
		}
	}
	a := w.bepreist(e.o.Preis)
	if !e.yield(catalogue.Zeile{Artikel: a, Beliebtheit: w.beliebtheit}, nil) {
		e.rest = 0
	}
	return a
}

func (e *erzeuger) status() artikel.Status {
	switch w := e.r.IntN(1000); {
	case w < 3:
		return artikel.Rueckruf
	case w < 45:
		return artikel.AusserVertrieb
	}
	return artikel.Verkehr
}

// The numbers lie scattered: the i-th article takes a place of its own, of the width
// below, anywhere among seven digits.
const (
	plaetze = 524_287 // a prime
	sprung  = 200_003 // from one place to the next
	breite  = 19
)

// pzn returns the next number: with its check digit, outside the house ranges and
// none of Bekannt.
func (e *erzeuger) pzn() kennung.PZN {
	for {
		e.platz++
		start := e.platz * sprung % plaetze * breite
		first := e.r.IntN(breite)
		for i := range breite {
			base := fmt.Sprintf("%07d", start+(first+i)%breite)
			check, ok := kennung.PZNCheck(base)
			p := kennung.PZN(base + string(check))
			if ok && !kennung.IstHausPZN(p) && !e.vergeben[p] && base >= "0000100" {
				return p
			}
		}
	}
}

func von[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// apu moves a price by up to a share in per cent.
func (e *erzeuger) apu(c money.Cent, percent int) money.Cent {
	return max(money.Ratio(c, int64(100-percent+e.r.IntN(2*percent+1)), 100), 5)
}

func hash(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p)) // never fails
		_, _ = h.Write([]byte{0})
	}
	return h.Sum64()
}
