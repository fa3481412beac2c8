package suche

import (
	"bytes"
	"fmt"
	"math/bits"
	"sort"
	"strconv"
	"sync"

	"github.com/offizin/offizin/domain/kennung"
)

// Index is an open index. It reads the bytes it was given, which must not change,
// and is safe for concurrent use.
type Index struct {
	n       int
	pznRang []byte
	pzn     []byte
	rang    []byte
	woerter vokabular
	kurz    vokabular
	filter  vokabular
	listen  []byte
	arbeit  sync.Pool // *arbeit
}

// Oeffnen opens an index. It checks the layout only, not every posting: the file
// around it carries a hash.
func Oeffnen(b []byte) (*Index, error) {
	if len(b) < kopfLen || string(b[:8]) != magic {
		return nil, ErrIndex
	}
	n := le.Uint64(b[8:])
	var teil [abschnitte][]byte
	for i := range teil {
		offset, length := le.Uint64(b[16+i*16:]), le.Uint64(b[24+i*16:])
		if offset > uint64(len(b)) || length > uint64(len(b))-offset {
			return nil, fmt.Errorf("%w: section %d lies outside", ErrIndex, i)
		}
		teil[i] = b[offset : offset+length : offset+length]
	}
	x := &Index{
		n: int(min(n, MaxArtikel)), pznRang: teil[abPZNRang], pzn: teil[abPZN], rang: teil[abRang],
		listen: teil[abListen],
	}
	for _, t := range [][]byte{x.pznRang, x.pzn, x.rang} {
		if n > MaxArtikel || len(t) != x.n*4 {
			return nil, fmt.Errorf("%w: %d articles in %d bytes", ErrIndex, n, len(t))
		}
	}
	x.woerter = vokabular{teil[abWoerter], teil[abTexte]}
	x.kurz = vokabular{teil[abKurz], teil[abTexte]}
	x.filter = vokabular{teil[abFilter], teil[abTexte]}
	x.arbeit.New = func() any { return newArbeit(x.n) }
	return x, nil
}

// Anzahl returns the number of articles.
func (x *Index) Anzahl() int { return x.n }

// PZN returns the PZN at a rank; it panics outside of 0 … Anzahl-1.
func (x *Index) PZN(rang int) kennung.PZN {
	s := strconv.Itoa(int(le.Uint32(x.pznRang[rang*4:])))
	return kennung.PZN("00000000"[:max(0, 8-len(s))] + s)
}

// Rang returns the rank of the PZN, and false if the index does not hold it.
func (x *Index) Rang(p kennung.PZN) (int, bool) {
	n, err := Nummer(p)
	if err != nil {
		return 0, false
	}
	i := x.abPZN(n)
	if i == x.n || le.Uint32(x.pzn[i*4:]) != n {
		return 0, false
	}
	return int(le.Uint32(x.rang[i*4:])), true
}

// abPZN returns the place of the first PZN not below n.
func (x *Index) abPZN(n uint32) int {
	return sort.Search(x.n, func(i int) bool { return le.Uint32(x.pzn[i*4:]) >= n })
}

// vokabular is a sorted list of entries.
type vokabular struct{ eintraege, texte []byte }

func (v vokabular) len() int { return len(v.eintraege) / eintragLen }

func (v vokabular) at(i int) eintrag { return leseEintrag(v.eintraege[i*eintragLen:]) }

func (v vokabular) text(i int) []byte {
	e := v.at(i)
	return v.texte[e.text : e.text+uint32(e.len)]
}

// genau returns the entry of exactly this word.
func (v vokabular) genau(w string) (eintrag, bool) {
	i := v.ab(0, v.len(), w)
	if i == v.len() || string(v.text(i)) != w {
		return eintrag{}, false
	}
	return v.at(i), true
}

// bereich returns the half-open range of the entries within [lo,hi) that begin with
// prefix.
func (v vokabular) bereich(lo, hi int, prefix string) (from, to int) {
	from = v.ab(lo, hi, prefix)
	p := []byte(prefix)
	to = from + sort.Search(hi-from, func(i int) bool { return !bytes.HasPrefix(v.text(from+i), p) })
	return from, to
}

// ab returns the first entry in [lo,hi) not below w.
func (v vokabular) ab(lo, hi int, w string) int {
	return lo + sort.Search(hi-lo, func(i int) bool { return string(v.text(lo+i)) >= w })
}

// oder sets the ranks of the entry in dst.
func (x *Index) oder(dst []uint64, e eintrag) {
	b := x.listen[uint64(e.liste)*8:]
	if e.bitmap == 1 {
		for i := range dst {
			dst[i] |= le.Uint64(b[i*8:])
		}
		return
	}
	var r, shift uint32
	k := 0
	for range e.anzahl {
		var d uint32
		for shift = 0; ; shift += 7 {
			c := b[k]
			k++
			d |= uint32(c&0x7f) << shift
			if c < 0x80 {
				break
			}
		}
		r += d
		dst[r/64] |= 1 << (r % 64)
	}
}

// und keeps in dst only the ranks of the entry. Scratch is overwritten.
func (x *Index) und(dst, scratch []uint64, e eintrag) {
	clear(scratch)
	x.oder(scratch, e)
	schnitt(dst, scratch)
}

func schnitt(dst, other []uint64) {
	for i := range dst {
		dst[i] &= other[i]
	}
}

func leer(set []uint64) bool {
	for _, w := range set {
		if w != 0 {
			return false
		}
	}
	return true
}

// gesetzte appends the set bits in order.
func gesetzte(out []uint32, set []uint64) []uint32 {
	for i, w := range set {
		for ; w != 0; w &= w - 1 {
			out = append(out, uint32(i*64+bits.TrailingZeros64(w)))
		}
	}
	return out
}
