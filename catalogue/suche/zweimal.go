package suche

import "sort"

// The words in which two slips are looked for. In shorter ones two letters are too much of
// the word; in longer ones the first slip is enough to see that nobody typed a name.
const (
	minZweimal = 7
	maxZweimal = 40
)

// zweimalVertippt adds the ranks of the words that begin with the word when it has two
// slips behind its first letter: "ibuprophen" for "ibuprofen". It walks the vocabulary like
// a tree and leaves a branch as soon as its beginning is more than two slips away.
func (x *Index) zweimalVertippt(dst []uint64, w string) {
	if len(w) < minZweimal || len(w) > maxZweimal || w[0] < 'a' || w[0] > 'z' {
		return
	}
	s := zweimal{x: x, dst: dst, w: w}
	for j := range s.zeile[0][:len(w)] {
		s.zeile[0][j] = uint8(j) // the first letter stands: row 0 is that of the first letter
	}
	lo, hi := x.woerter.bereich(0, x.woerter.len(), w[:1])
	s.ast(1, lo, hi)
}

// zweimal is one walk. Row d-1 holds the distances between the first d letters of the
// branch and each beginning of the word, both without their first letter.
type zweimal struct {
	x     *Index
	dst   []uint64
	w     string
	zeile [maxZweimal + 3][maxZweimal]uint8
}

// ast walks the words in [lo,hi), which have their first d letters in common.
func (s *zweimal) ast(d, lo, hi int) {
	for i := lo; i < hi; {
		t := s.x.woerter.text(i)
		if len(t) == d {
			i++ // ends here: shorter than the word by more than the slips allow
			continue
		}
		c := t[d]
		end := i + sort.Search(hi-i, func(k int) bool { return s.x.woerter.text(i + k)[d] > c })
		switch near, done := s.schritt(d, t); {
		case done:
			for k := i; k < end; k++ {
				s.x.oder(s.dst, s.x.woerter.at(k))
			}
		case near:
			s.ast(d+1, i, end)
		}
		i = end
	}
}

// schritt fills the row of the branch t[:d+1]. Near says that two slips may still do; done,
// that the whole word is that near to it.
func (s *zweimal) schritt(d int, t []byte) (near, done bool) {
	if d >= len(s.w)+2 {
		return false, false
	}
	above, row, w := &s.zeile[d-1], &s.zeile[d], s.w
	row[0] = uint8(d)
	least := row[0]
	for j := 1; j < len(w); j++ {
		n := above[j-1]
		if w[j] != t[d] {
			n = min(n, above[j], row[j-1]) + 1
		}
		if j > 1 && d > 1 && w[j] == t[d-1] && w[j-1] == t[d] && w[j] != t[d] {
			n = min(n, s.zeile[d-2][j-2]+1) // swapped
		}
		row[j] = n
		least = min(least, n)
	}
	return least <= 2, row[len(w)-1] <= 2
}
