package suche

// minTippfehler is the shortest word in which a slip is looked for: in shorter
// ones almost everything is one slip away from everything.
const minTippfehler = 4

// vertippt adds the ranks of the words that begin with the word when one letter is
// changed, missing, doubled or swapped with its neighbour (a Damerau-Levenshtein
// distance of one). It walks the sorted vocabulary like a tree, so that only
// beginnings which exist are followed: some hundred binary searches.
func (x *Index) vertippt(dst []uint64, w string) {
	if len(w) < minTippfehler {
		return
	}
	lo, hi := 0, x.woerter.len()
	for i := 0; i <= len(w); i++ {
		x.abweichungen(dst, w, i, lo, hi)
		if i == len(w) {
			return
		}
		if lo, hi = x.woerter.bereich(lo, hi, w[:i+1]); lo == hi {
			return
		}
	}
}

// abweichungen tries each slip at place i of the word; [lo,hi) holds the vocabulary
// that begins with what stands before it.
func (x *Index) abweichungen(dst []uint64, w string, i, lo, hi int) {
	head, tail := w[:i], w[i:]
	if tail != "" {
		x.versuch(dst, head+tail[1:], lo, hi) // one letter too many
	}
	if len(tail) > 1 && tail[0] != tail[1] {
		x.versuch(dst, head+tail[1:2]+tail[:1]+tail[2:], lo, hi) // swapped
	}
	for c := byte('a'); c <= 'z'; c++ {
		from, to := x.woerter.bereich(lo, hi, head+string(c))
		if from == to {
			continue
		}
		if tail == "" {
			continue // a letter after the word is no slip: the word is a beginning
		}
		x.versuch(dst, head+string(c)+tail, from, to) // one missing
		if c != tail[0] {
			x.versuch(dst, head+string(c)+tail[1:], from, to) // wrong letter
		}
	}
}

func (x *Index) versuch(dst []uint64, w string, lo, hi int) {
	if len(w) < minTippfehler {
		return
	}
	from, to := x.woerter.bereich(lo, hi, w)
	for i := from; i < to; i++ {
		x.oder(dst, x.woerter.at(i))
	}
}
