package rechner

import (
	"slices"
	"strconv"
	"strings"
)

// maxTill is how long a prefix of receipt numbers may be, in bytes.
const maxTill = 8

// grenze stands between the prefix of a machine and the number that it hands out; no digit and none
// of the letters of NewTill, so that nothing can be read in two ways.
const grenze = "x"

// next is a prefix that nobody else can hand out, also if machines that do not see each other take
// machines in at the same time: the founder's are 2, 3 and so on, those of the machine 2 are 2x1,
// 2x2 and so on.
func next(list []Rechner, own, fingerabdruck string) string {
	before, high := own+grenze, 0
	if own == "1" {
		before, high = "", highest(list)
	}
	for _, m := range list {
		if rest, ok := strings.CutPrefix(m.Till, before); ok {
			n, _ := strconv.Atoi(rest)
			high = max(high, n)
		}
	}
	till := before + strconv.Itoa(high+1)
	if len(till) > maxTill {
		return ofKey(fingerabdruck)
	}
	return till
}

// highest is the highest number that a machine has in its name.
func highest(list []Rechner) (high int) {
	for _, m := range list {
		p, _ := strconv.Atoi(strings.TrimPrefix(m.Platz, "platz-"))
		high = max(high, p)
	}
	return high
}

// ofKey is a prefix made of the key alone: 28 bits of it behind a z.
func ofKey(fingerabdruck string) string {
	return "z" + letters(fingerabdruck, maxTill-1)
}

// letters are the first digits of a fingerprint as letters, without those that look like digits.
func letters(fingerabdruck string, n int) string {
	return strings.Map(func(hex rune) rune {
		i := strings.IndexRune("0123456789abcdef", hex)
		if i < 0 {
			return -1 // no fingerprint: it is refused
		}
		return rune("abcdefghkmnprstw"[i])
	}, fingerabdruck[:min(n, len(fingerabdruck))])
}

// fresh is how many letters of the new key stand behind the old prefix.
const fresh = 3

// NewTill is a prefix of receipts for a machine that takes its place again with a new key, and that
// no machine has, however old this journal is and whoever was taken in since: the one before, and
// letters of the key.
func NewTill(list []Rechner, self Rechner) string {
	i := slices.IndexFunc(list, func(r Rechner) bool { return r.Platz == self.Platz })
	if i < 0 {
		return ofKey(self.Fingerabdruck)
	}
	number := strings.TrimRight(list[i].Till, "abcdefghijklmnopqrstuvwxyz")
	if number == "" || len(number)+fresh > maxTill {
		return ofKey(self.Fingerabdruck)
	}
	return number + letters(self.Fingerabdruck, fresh)
}

// Gleichnamig returns the names that two machines have which are not removed: two that did not see
// each other have taken machines in under one name.
func Gleichnamig(list []Rechner) []string {
	return mehrfach(list, func(m Rechner) string { return m.Platz })
}

// mehrfach returns what several machines have in common that are not removed, in order.
func mehrfach(list []Rechner, of func(Rechner) string) (twice []string) {
	there := map[string]int{}
	for _, m := range list {
		if what := of(m); what != "" && !m.Entfernt {
			there[what]++
		}
	}
	for what, n := range there {
		if n > 1 {
			twice = append(twice, what)
		}
	}
	slices.Sort(twice)
	return twice
}
