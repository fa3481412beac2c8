package suche

import (
	"fmt"
	"math/bits"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/kennung"
)

// Frage is a query to an index.
type Frage struct {
	Text          string
	Limit         int    // at least 1
	IK            string // insurer whose contract partners come first; empty: none
	NurPartner    bool   // only articles for which the insurer IK has a contract
	NurRx, NurOTC bool
	Streng        bool // no slip of the finger is tolerated
	// Nur are the articles that may be found; nil: all. Without any text they are all
	// found, as far as the other filters let them.
	Nur []kennung.PZN
}

// arbeit is the scratch memory of one query: sets of ranks as bitmaps.
type arbeit struct{ genau, offen, wort, scratch, gesehen, filter []uint64 }

func newArbeit(n int) *arbeit {
	w := (n + 63) / 64
	all := make([]uint64, 6*w)
	part := func(i int) []uint64 { return all[i*w : (i+1)*w : (i+1)*w] }
	return &arbeit{part(0), part(1), part(2), part(3), part(4), part(5)}
}

// stufe says how generously words are matched.
type stufe int

const (
	genau   stufe = iota // numbers as they stand, other words as beginnings
	offen                // numbers too as beginnings, also of a PZN
	gnaedig              // numbers without their unit, words with one slip
)

// Suchen returns the ranks of the articles that match, best first: the exact PZN,
// then those that have the numbers as typed, then those in which they only begin
// so; within each the contract partners first, then by popularity. The first woertlich
// of them have the numbers as typed. Filters take hits away and never add any. It fails
// with ErrIndex if the index is damaged, also while it is mapped: a query must not stop
// the till.
func (x *Index) Suchen(f Frage) (raenge []int, woertlich int, err error) {
	err = geschuetzt(func() { raenge, woertlich = x.suchen(f) })
	if err == nil && len(raenge) > 0 && slices.Max(raenge) >= x.n {
		err = fmt.Errorf("%w: rank beyond the last article", ErrIndex)
	}
	if err != nil {
		return nil, 0, err
	}
	return raenge, woertlich, nil
}

// Erste returns the PZN of the first n ranks: what can be had first, then by demand. Like
// Suchen it fails with ErrIndex if the index is damaged.
func (x *Index) Erste(n int) (list []kennung.PZN, err error) {
	err = geschuetzt(func() {
		list = nil
		for rang := range max(0, min(n, x.n)) {
			list = append(list, x.PZN(rang))
		}
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// AnzahlTreffer returns how many articles Suchen would find without a limit.
func (x *Index) AnzahlTreffer(f Frage) (n int, err error) {
	err = geschuetzt(func() {
		a, _ := x.arbeit.Get().(*arbeit)
		defer x.arbeit.Put(a)
		clear(a.gesehen)
		x.stufen(a, f, func(set []uint64, _ bool) bool {
			for i, w := range set {
				a.gesehen[i] |= w
			}
			return true
		})
		for _, w := range a.gesehen {
			n += bits.OnesCount64(w)
		}
	})
	return n, err
}

// geschuetzt runs f on bytes that may be damaged, or cut off while they are mapped.
func geschuetzt(f func()) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrIndex, p)
		}
	}()
	f()
	return nil
}

func (x *Index) suchen(f Frage) (raenge []int, woertlich int) {
	a, _ := x.arbeit.Get().(*arbeit)
	defer x.arbeit.Put(a)
	clear(a.gesehen)
	e := ergebnis{x: x, a: a, f: f, out: make([]int, 0, max(0, f.Limit))}
	x.stufen(a, f, func(set []uint64, typed bool) bool {
		e.alle(set)
		if typed {
			woertlich = len(e.out)
		}
		return !e.voll()
	})
	return e.out, woertlich
}

// stufen hands over what matches and passes the filters, the best sets first, until take
// wants no more. Whether a less exact set is looked for does not depend on the filters:
// they would add hits else.
func (x *Index) stufen(a *arbeit, f Frage, take func(set []uint64, typed bool) (more bool)) {
	filtered := x.filtern(a, f)
	give := func(set []uint64, typed bool) (found, more bool) {
		found = !leer(set)
		if filtered {
			schnitt(set, a.filter)
		}
		return found, take(set, typed)
	}
	list := woerter(f.Text)
	found, more := false, true
	if p, ok := PZN(f.Text); ok {
		found, more = give(x.einzeln(a.genau, p), true)
	}
	switch {
	case !more:
		return
	case len(list) == 0:
		if f.Nur != nil && strings.TrimSpace(f.Text) == "" {
			copy(a.genau, a.filter)
			take(a.genau, true)
		}
		return
	}
	step := func(dst []uint64, s stufe) {
		x.treffer(dst, a, list, s, f.Streng)
		hit, next := give(dst, s == genau)
		found, more = found || hit, next
	}
	step(a.genau, genau)
	if more && mitZahl(list) {
		step(a.offen, offen)
	}
	if more && !found && !f.Streng {
		step(a.offen, gnaedig)
	}
}

// einzeln makes dst the set of one article, or of none.
func (x *Index) einzeln(dst []uint64, p kennung.PZN) []uint64 {
	clear(dst)
	if r, ok := x.Rang(p); ok {
		dst[r/64] |= 1 << (r % 64)
	}
	return dst
}

func mitZahl(list []wort) bool {
	for _, w := range list {
		if w.zahl() {
			return true
		}
	}
	return false
}

// treffer sets in dst the ranks that match all words.
func (x *Index) treffer(dst []uint64, a *arbeit, list []wort, s stufe, streng bool) {
	for i, w := range list {
		set := a.wort
		if i == 0 {
			set = dst
		}
		clear(set)
		x.wort(set, w, s, streng)
		if i > 0 {
			schnitt(dst, set)
		}
	}
}

// wort adds to dst the ranks that match one word.
func (x *Index) wort(dst []uint64, w wort, s stufe, streng bool) {
	switch {
	case w.zahl() && s == genau:
		if e, ok := x.woerter.genau(w.text); ok {
			x.oder(dst, e)
		}
		return
	case w.zahl() && s == gnaedig && w.ohne != "":
		x.beginn(dst, w.ohne)
	}
	x.beginn(dst, w.text)
	if w.zahl() {
		x.pznTeil(dst, w.text)
	}
	if !streng && !w.zahl() && (s == gnaedig || leer(dst)) {
		x.vertippt(dst, w.text)
	}
	if !streng && !w.zahl() && leer(dst) {
		x.zweimalVertippt(dst, w.text)
	}
}

// beginn adds the ranks of all words that begin with prefix.
func (x *Index) beginn(dst []uint64, prefix string) {
	if len(prefix) <= kurzLen {
		if e, ok := x.kurz.genau(prefix); ok {
			x.oder(dst, e)
		}
		return
	}
	from, to := x.woerter.bereich(0, x.woerter.len(), prefix)
	for i := from; i < to; i++ {
		x.oder(dst, x.woerter.at(i))
	}
}

// pznTeil adds the ranks of the PZN that begin with the digits, with or without
// the leading zero of an old PZN.
func (x *Index) pznTeil(dst []uint64, digits string) {
	if len(digits) < 3 || len(digits) > 8 || !nurZahl(digits) || strings.Contains(digits, ",") {
		return
	}
	x.pznBereich(dst, digits)
	if digits[0] != '0' && len(digits) < 8 {
		x.pznBereich(dst, "0"+digits)
	}
}

func (x *Index) pznBereich(dst []uint64, digits string) {
	lo, width := uint32(0), uint32(1)
	for _, d := range []byte(digits) {
		lo = lo*10 + uint32(d-'0')
	}
	for range 8 - len(digits) {
		lo, width = lo*10, width*10
	}
	for i := x.abPZN(lo); i < x.n && le.Uint32(x.pzn[i*4:]) < lo+width; i++ {
		r := le.Uint32(x.rang[i*4:])
		dst[r/64] |= 1 << (r % 64)
	}
}

// ergebnis collects ranks up to the limit, each once.
type ergebnis struct {
	x   *Index
	a   *arbeit
	f   Frage
	out []int
}

func (e *ergebnis) voll() bool { return len(e.out) >= e.f.Limit }

func (e *ergebnis) nimm(r int) {
	if e.a.gesehen[r/64]&(1<<(r%64)) == 0 && !e.voll() {
		e.a.gesehen[r/64] |= 1 << (r % 64)
		e.out = append(e.out, r)
	}
}

// alle takes the ranks of the set, contract partners first.
func (e *ergebnis) alle(set []uint64) {
	if p, ok := e.x.filter.genau(filterIK + e.f.IK); ok && e.f.IK != "" && !e.f.NurPartner {
		copy(e.a.wort, set)
		e.x.und(e.a.wort, e.a.scratch, p)
		e.reihe(e.a.wort)
	}
	e.reihe(set)
}

func (e *ergebnis) reihe(set []uint64) {
	for i, w := range set {
		for w &^= e.a.gesehen[i]; w != 0; w &= w - 1 {
			if e.voll() {
				return
			}
			e.nimm(i*64 + bits.TrailingZeros64(w))
		}
	}
}
