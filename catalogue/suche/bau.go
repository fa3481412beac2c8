package suche

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
)

// Bau collects articles and contracts and writes their index. It keeps about a
// hundred bytes of memory for each article.
type Bau struct {
	nummer    map[string]uint32 // word to its number, in order of first sight
	vorwaerts []uint32          // the numbers of all words of all articles
	koepfe    []kopf
	vertraege map[string][]uint32 // IK to PZN
	wort      []uint32            // of the article at hand
}

// kopf is what the index knows of an article besides its words.
type kopf struct {
	pzn         uint32
	beliebtheit int32
	ende        uint32 // of its words in vorwaerts
	lieferbar   bool
	rx          bool
}

// NewBau returns an empty Bau.
func NewBau() *Bau {
	return &Bau{nummer: map[string]uint32{}, vertraege: map[string][]uint32{}}
}

// Artikel adds an article. Beliebtheit is any figure that rises with demand.
// It fails if the PZN is not eight digits or the index is full.
func (b *Bau) Artikel(a artikel.Artikel, beliebtheit int) error {
	pzn, err := Nummer(a.PZN)
	if err != nil {
		return err
	}
	if len(b.koepfe) == MaxArtikel {
		return fmt.Errorf("more than %d articles", MaxArtikel)
	}
	b.wort = b.wort[:0]
	Terme(a, b.merke)
	slices.Sort(b.wort)
	b.vorwaerts = append(b.vorwaerts, slices.Compact(b.wort)...)
	b.koepfe = append(b.koepfe, kopf{
		pzn: pzn, beliebtheit: int32(max(0, min(beliebtheit, 1<<30))), ende: uint32(len(b.vorwaerts)),
		lieferbar: a.Status != artikel.AusserVertrieb, rx: a.Verschreibungspflichtig,
	})
	return nil
}

// Vertrag notes that the insurer has a contract for the pack.
func (b *Bau) Vertrag(ik string, pzn kennung.PZN) error {
	n, err := Nummer(pzn)
	if err == nil {
		b.vertraege[ik] = append(b.vertraege[ik], n)
	}
	return err
}

// Nummer returns the PZN as a number.
func Nummer(p kennung.PZN) (uint32, error) {
	n, err := strconv.ParseUint(string(p), 10, 32)
	if err != nil || len(p) != 8 {
		return 0, fmt.Errorf("%q is no PZN of eight digits", p)
	}
	return uint32(n), nil
}

func (b *Bau) merke(w string) {
	if len(w) > MaxText {
		return
	}
	n, ok := b.nummer[w]
	if !ok {
		n = uint32(len(b.nummer))
		b.nummer[strings.Clone(w)] = n
	}
	b.wort = append(b.wort, n)
}

// Schreiben writes the index. The Bau is used up.
func (b *Bau) Schreiben(w io.Writer) error {
	s := schreiber{n: len(b.koepfe)}
	reihe := b.reihenfolge()
	s.pzn(b.koepfe, reihe)
	listen, texte := b.umgekehrt(reihe)
	s.teil[abWoerter] = s.woerter(texte, listen)
	s.teil[abKurz] = s.kurze(texte, listen)
	s.filter(b, reihe)
	return s.schreiben(w)
}

// reihenfolge returns the articles by rank: what can be had first, then by demand.
func (b *Bau) reihenfolge() []uint32 {
	reihe := make([]uint32, len(b.koepfe))
	for i := range reihe {
		reihe[i] = uint32(i)
	}
	slices.SortFunc(reihe, func(x, y uint32) int {
		a, b := &b.koepfe[x], &b.koepfe[y]
		if a.lieferbar != b.lieferbar {
			if a.lieferbar {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.beliebtheit, a.beliebtheit), cmp.Compare(a.pzn, b.pzn))
	})
	return reihe
}

// umgekehrt turns "words of each article" into "ranks of each word", and returns
// the words in order with their lists.
func (b *Bau) umgekehrt(reihe []uint32) (listen [][]uint32, texte []string) {
	texte = slices.Sorted(maps.Keys(b.nummer))
	anzahl := make([]uint32, len(texte))
	for _, n := range b.vorwaerts {
		anzahl[n]++
	}
	nachNummer := make([][]uint32, len(texte))
	platz := make([]uint32, len(b.vorwaerts))
	for n, k := range anzahl {
		nachNummer[n], platz = platz[:0:k], platz[k:]
	}
	for rang, i := range reihe {
		for _, n := range b.vorwaerts[b.anfang(i):b.koepfe[i].ende] {
			nachNummer[n] = append(nachNummer[n], uint32(rang))
		}
	}
	listen = make([][]uint32, len(texte))
	for i, t := range texte {
		listen[i] = nachNummer[b.nummer[t]]
	}
	return listen, texte
}

func (b *Bau) anfang(i uint32) uint32 {
	if i == 0 {
		return 0
	}
	return b.koepfe[i-1].ende
}

// schreiber lays out the sections.
type schreiber struct {
	n      int
	teil   [abschnitte][]byte
	listen []byte
	texte  []byte
}

func (s *schreiber) pzn(koepfe []kopf, reihe []uint32) {
	type paar struct{ pzn, rang uint32 }
	paare := make([]paar, len(reihe))
	for rang, i := range reihe {
		paare[rang] = paar{koepfe[i].pzn, uint32(rang)}
		s.teil[abPZNRang] = le.AppendUint32(s.teil[abPZNRang], koepfe[i].pzn)
	}
	slices.SortFunc(paare, func(a, b paar) int { return cmp.Compare(a.pzn, b.pzn) })
	for _, p := range paare {
		s.teil[abPZN] = le.AppendUint32(s.teil[abPZN], p.pzn)
		s.teil[abRang] = le.AppendUint32(s.teil[abRang], p.rang)
	}
}

func (s *schreiber) woerter(texte []string, listen [][]uint32) []byte {
	out := make([]byte, 0, len(texte)*eintragLen)
	for i, t := range texte {
		out = s.eintrag(out, t, listen[i])
	}
	return out
}

// kurze stores for each prefix of up to kurzLen bytes the union of its words, so
// that a query of one letter costs no more than a long one.
func (s *schreiber) kurze(texte []string, listen [][]uint32) []byte {
	var out []byte
	bits := make([]uint64, (s.n+63)/64)
	for i := range texte {
		for l := 1; l <= min(kurzLen, len(texte[i])); l++ {
			prefix := texte[i][:l]
			if i > 0 && strings.HasPrefix(texte[i-1], prefix) {
				continue
			}
			clear(bits)
			for j := i; j < len(texte) && strings.HasPrefix(texte[j], prefix); j++ {
				for _, r := range listen[j] {
					bits[r/64] |= 1 << (r % 64)
				}
			}
			out = s.eintrag(out, prefix, gesetzte(nil, bits))
		}
	}
	return out
}

func (s *schreiber) filter(b *Bau, reihe []uint32) {
	rangVon := make(map[uint32]uint32, len(reihe))
	var rx, otc []uint32
	for rang, i := range reihe {
		r := uint32(rang)
		rangVon[b.koepfe[i].pzn] = r
		if b.koepfe[i].rx {
			rx = append(rx, r)
		} else {
			otc = append(otc, r)
		}
	}
	mengen := map[string][]uint32{filterRx: rx, filterOTC: otc}
	for ik, pzns := range b.vertraege {
		var list []uint32
		for _, p := range pzns {
			if r, ok := rangVon[p]; ok {
				list = append(list, r)
			}
		}
		slices.Sort(list)
		mengen[filterIK+ik] = slices.Compact(list)
	}
	for _, name := range slices.Sorted(maps.Keys(mengen)) {
		s.teil[abFilter] = s.eintrag(s.teil[abFilter], name, mengen[name])
	}
}

func (s *schreiber) eintrag(out []byte, text string, ranks []uint32) []byte {
	e := eintrag{
		text: uint32(len(s.texte)), len: uint16(len(text)),
		anzahl: uint32(len(ranks)), liste: uint32(len(s.listen) / 8),
	}
	s.texte = append(s.texte, text...)
	if len(ranks) > s.n/dicht {
		e.bitmap = 1
		s.listen = bitmap(s.listen, ranks, s.n)
	} else {
		s.listen = differenzen(s.listen, ranks)
	}
	for len(s.listen)%8 != 0 {
		s.listen = append(s.listen, 0)
	}
	return e.append(out)
}

func (s *schreiber) schreiben(w io.Writer) error {
	s.teil[abTexte], s.teil[abListen] = s.texte, s.listen
	kopf := append([]byte(magic), make([]byte, 8)...)
	le.PutUint64(kopf[8:], uint64(s.n))
	offset := uint64(kopfLen)
	for _, t := range s.teil {
		kopf = le.AppendUint64(kopf, offset)
		kopf = le.AppendUint64(kopf, uint64(len(t)))
		offset += uint64(len(t)+7) / 8 * 8
	}
	for _, t := range append([][]byte{kopf}, s.teil[:]...) {
		if _, err := w.Write(append(t, make([]byte, -len(t)&7)...)); err != nil {
			return fmt.Errorf("write search index: %w", err)
		}
	}
	return nil
}

func bitmap(out []byte, ranks []uint32, n int) []byte {
	start := len(out)
	out = append(out, make([]byte, (n+63)/64*8)...)
	for _, r := range ranks {
		out[start+int(r/8)] |= 1 << (r % 8)
	}
	return out
}

func differenzen(out []byte, ranks []uint32) []byte {
	var last uint32
	for _, r := range ranks {
		out = binary.AppendUvarint(out, uint64(r-last))
		last = r
	}
	return out
}
