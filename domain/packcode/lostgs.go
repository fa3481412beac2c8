package packcode

// suspectLostGS finds codes in which a separator after serial number or batch may
// have been lost on the way: one of the four elements of a serialised pack is
// missing and could be hidden in a field of variable length. Then the product is
// certain, as its length is fixed, and the rest is only a guess.
func (e *Ergebnis) suspectLostGS(sawGS bool) {
	for i, el := range e.Elemente {
		if el.ID != "21" && el.ID != "10" {
			continue
		}
		hidden := e.hidden(el.ID, sawGS)
		guess, ok := bestSplit(el.Wert, hidden)
		if !ok {
			continue
		}
		e.Urteil = Mehrdeutig
		e.noteLostGS()
		e.applyGuess(i, guess)
		return
	}
}

// hidden lists the elements that are missing and could stand inside field id. A
// serial number is only missed where the scanner sent no separator at all: packs
// without serial number are common.
func (e *Ergebnis) hidden(id string, sawGS bool) map[string]bool {
	missing := map[string]bool{"17": e.VerfallRoh == ""}
	if id == "21" {
		missing["10"] = e.Charge == ""
	}
	if id == "10" {
		missing["21"] = e.Serie == "" && !sawGS
	}
	return missing
}

// bestSplit cuts v into its own value and hidden elements. Of several ways the one
// with most hidden elements wins, then the shortest own value. Values longer than
// allowed are no way. ok is false if v need not be cut.
func bestSplit(v string, missing map[string]bool) ([]string, bool) {
	var best []string
	for k := 1; k < len(v) && k <= maxText; k++ {
		if parts, ok := tail(v[k:], missing, 0); ok && len(parts)+1 > len(best) {
			best = append([]string{v[:k]}, parts...)
		}
	}
	return best, best != nil
}

// tail reads s as a sequence of missing elements, each at most once; the parts
// keep their AI in front. used has a bit for each AI already seen.
func tail(s string, missing map[string]bool, used int) ([]string, bool) {
	if s == "" {
		return nil, used > 0
	}
	if len(s) < 3 {
		return nil, false
	}
	id, bit := s[:2], aiBit(s[:2])
	if !missing[id] || used&bit > 0 {
		return nil, false
	}
	if id == "17" {
		return dateTail(s, missing, used|bit)
	}
	var best []string
	for end := 3; end <= len(s) && end-2 <= maxText; end++ {
		rest, ok := tail(s[end:], missing, used|bit)
		if ok && len(rest)+1 > len(best) {
			best = append([]string{s[:end]}, rest...)
		}
	}
	return best, best != nil
}

func dateTail(s string, missing map[string]bool, used int) ([]string, bool) {
	if len(s) < 8 {
		return nil, false
	}
	if _, ok := Tag("20" + s[2:8]); !ok {
		return nil, false
	}
	rest, ok := tail(s[8:], missing, used)
	return append([]string{s[:8]}, rest...), ok
}

func aiBit(id string) int {
	switch id {
	case "17":
		return 1
	case "10":
		return 2
	default:
		return 4
	}
}

// applyGuess fills the fields with the most likely reading of element i.
func (e *Ergebnis) applyGuess(i int, parts []string) {
	e.setGuess(e.Elemente[i].ID, parts[0])
	for _, p := range parts[1:] {
		e.setGuess(p[:2], p[2:])
	}
}

func (e *Ergebnis) setGuess(id, v string) {
	switch id {
	case "21":
		e.Serie = v
	case "10":
		e.Charge = v
	case "17":
		e.Verfall, _ = Tag("20" + v)
		e.VerfallRoh = v
	}
}
