// Package preisauskunft writes the whole price list of the catalogue as one HTML file
// that needs no server, no network and no trust: names, packs, prices, Festbetrag,
// Zuzahlung and Mehrkosten of today and from the next changes on, searchable on a phone.
// All amounts are computed here; the page only looks them up. See docs/adr/0010.
package preisauskunft

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/eigene"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
)

// Quelle is what a list is made from.
type Quelle struct {
	Katalog catalogue.Catalogue
	Recht   func(civil.Day) (Recht, error)
	Tag     civil.Day // on which it is made
	// Eigene are laid over Katalog; nil: none, or it has them already.
	Eigene  *eigene.Eigene
	Wechsel []civil.Day // on which prices of the pharmacy's own begin or have ended
	Artikel int         // only so many, the most asked for; 0: all
}

// Liste is the price list, collected and in order. It keeps some 150 bytes of memory for
// each article.
type Liste struct {
	Tag     civil.Day   // on which it was made
	Bis     civil.Day   // the last day before prices change that it does not know
	Katalog string      // the generation of that day
	Tage    []civil.Day // from which amounts are others; the first is Tag

	namen, hersteller, packungen, formen, stoffe namensliste

	preise  []bilder
	zeilen  []zeile
	kennung string
}

// zeile is one article. Texts and amounts are places in the lists beside it.
type zeile struct {
	pzn                                           uint32
	name, hersteller, packung, form, stoff, preis uint32
	beliebt                                       int
	stufe, merkmale                               uint32
}

// The marks of an article, as bits. That it is Rx belongs to its amounts: it may change.
const (
	istAusserVertrieb = 1 << iota
	istRueckruf
	istBtM
	istImport
)

// The steps of demand: lower comes first in a list of hits.
const (
	stufeOhne    = 30 // nobody asked for it yet
	stufeZuletzt = 31 // cannot be had any more
)

// namensliste gives each text a place, in order of first sight.
type namensliste struct {
	texte []string
	platz map[string]uint32
}

func (n *namensliste) merke(s string) uint32 {
	s = strings.Join(strings.Fields(s), " ") // no line breaks: they part the texts in the file
	i, ok := n.platz[s]
	if !ok {
		if n.platz == nil {
			n.platz = map[string]uint32{}
		}
		i = uint32(len(n.texte))
		n.platz[s], n.texte = i, append(n.texte, s)
	}
	return i
}

// New walks the catalogue and computes every amount.
func New(ctx context.Context, q Quelle) (*Liste, error) {
	days, then, err := q.stichtage()
	if err != nil {
		return nil, err
	}
	l := &Liste{Tag: q.Tag, Katalog: days[0].gen.Manifest().ID, Bis: bis(q.Tag, days, then)}
	for _, d := range days {
		l.Tage = append(l.Tage, d.ab)
	}
	if l.kennung, err = q.kennungVon(days, l.Bis); err != nil {
		return nil, err
	}
	seen := map[bilder]uint32{}
	err = gemeinsam(ctx, days, func(z catalogue.Zeile, b bilder) {
		i, ok := seen[b]
		if !ok {
			i = uint32(len(l.preise))
			seen[b], l.preise = i, append(l.preise, b)
		}
		l.nimm(z, i)
	})
	if err != nil {
		return nil, err
	}
	if len(l.zeilen) == 0 {
		return nil, fault.New(fault.Invalid, "A-561", "Der Katalog enthält keinen Artikel; bitte einen einspielen.", nil)
	}
	l.ordne(q.Artikel)
	return l, nil
}

// Artikel is the number of articles.
func (l *Liste) Artikel() int { return len(l.zeilen) }

// bis is the last day before prices change that these days do not know.
func bis(tag civil.Day, days []stichtag, then civil.Day) civil.Day {
	last := days[len(days)-1].gen.Manifest()
	until := preiswechsel(max(tag, last.GueltigAb)).AddDays(-1)
	if then != 0 {
		until = min(until, then.AddDays(-1))
	}
	return until
}

// preiswechsel is the next day after the given one on which the prices of Germany
// change: the 1st or the 15th of a month.
func preiswechsel(day civil.Day) civil.Day {
	for day = day.AddDays(1); day.DayOfMonth() != 1 && day.DayOfMonth() != 15; {
		day = day.AddDays(1)
	}
	return day
}

func (l *Liste) nimm(z catalogue.Zeile, preis uint32) {
	a := z.Artikel
	pzn, err := suche.Nummer(a.PZN)
	if err != nil {
		return // a catalogue has none such
	}
	r := zeile{
		pzn: pzn, name: l.namen.merke(a.Name), hersteller: l.hersteller.merke(a.Hersteller),
		packung: l.packungen.merke(a.Packung()), stoff: l.stoffe.merke(a.Wirkstoff), preis: preis, beliebt: z.Beliebtheit,
		form: l.formen.merke(artikel.FormName(a.Darreichungsform) + "|" + suche.FormWords(a.Darreichungsform)),
	}
	for bit, is := range map[uint32]bool{
		istAusserVertrieb: a.Status == artikel.AusserVertrieb, istRueckruf: a.Status == artikel.Rueckruf,
		istBtM: a.BtM, istImport: a.Import,
	} {
		if is {
			r.merkmale |= bit
		}
	}
	l.zeilen = append(l.zeilen, r)
}

// ordne gives each article its step of demand, drops what is not wanted, and sorts: by
// name, so that neighbours are alike and take little room, then as people read.
func (l *Liste) ordne(most int) {
	slices.SortFunc(l.zeilen, func(a, b zeile) int {
		return cmp.Or(cmp.Compare(a.merkmale&istAusserVertrieb, b.merkmale&istAusserVertrieb),
			cmp.Compare(b.beliebt, a.beliebt), cmp.Compare(a.pzn, b.pzn))
	})
	for i := range l.zeilen {
		switch z := &l.zeilen[i]; {
		case z.merkmale&istAusserVertrieb != 0:
			z.stufe = stufeZuletzt
		case z.beliebt <= 0:
			z.stufe = stufeOhne
		default:
			z.stufe = uint32(bits.Len(uint(i) / 4)) // ever wider: 4, 4, 8, 16 … articles
		}
	}
	if most > 0 && most < len(l.zeilen) {
		l.zeilen = l.zeilen[:most]
	}
	slices.SortFunc(l.zeilen, func(a, b zeile) int {
		return cmp.Or(cmp.Compare(l.namen.texte[a.name], l.namen.texte[b.name]),
			cmp.Compare(l.hersteller.texte[a.hersteller], l.hersteller.texte[b.hersteller]),
			l.vergleichePackung(a.packung, b.packung), cmp.Compare(a.pzn, b.pzn))
	})
}

// vergleichePackung orders "20 St" before "100 St".
func (l *Liste) vergleichePackung(a, b uint32) int {
	if a == b {
		return 0
	}
	x, y := l.packungen.texte[a], l.packungen.texte[b]
	return cmp.Or(cmp.Compare(menge(x), menge(y)), cmp.Compare(x, y))
}

func menge(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	v, _ := strconv.Atoi(s[:n]) // 0 where there is no number
	return v
}
