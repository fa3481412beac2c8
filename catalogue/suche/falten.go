// Package suche finds articles as a person types them: any order of words, parts
// of words, numbers with or without their unit, umlauts or not, one slip of the
// finger. Its index is one flat block of bytes that a generation carries and maps:
// it costs no start time and no memory of the process.
package suche

import (
	"strings"
	"unicode"
)

// MaxText is the length in bytes from which on a query or a name is cut.
const MaxText = 200

// Falten writes text in the alphabet of the index: a–z, 0–9, the comma within
// numbers, '%', words separated by one blank. Umlauts, their spelling with e and
// the bare vowel are the same: "Säure", "Saeure" and "saure" all give "saure".
func Falten(s string) string {
	if len(s) > MaxText {
		s = s[:MaxText]
	}
	f := falter{in: []rune(s)}
	f.out.Grow(len(s))
	for f.i = range f.in {
		f.rune(f.in[f.i])
	}
	return strings.TrimRight(f.out.String(), " ")
}

type falter struct {
	in   []rune
	i    int
	out  strings.Builder
	last byte // last byte written, or ' '
	wort int  // letters and digits in the current word
	weg  bool // the last letter was an e that went into its umlaut
}

func (f *falter) rune(r rune) {
	r = unicode.ToLower(r)
	if to, ok := buchstaben[r]; ok {
		for _, b := range []byte(to) {
			f.buchstabe(b)
		}
		return
	}
	switch {
	case r >= 'a' && r <= 'z':
		f.buchstabe(byte(r))
	case r >= '0' && r <= '9':
		f.schreibe(byte(r))
	case r == '%':
		f.schreibe('%')
	case r == ',' || r == '.':
		f.punkt(r)
	default:
		f.trenne()
	}
}

func (f *falter) buchstabe(b byte) {
	if b == 'e' && !f.weg && (f.last == 'a' || f.last == 'o' || f.last == 'u') {
		f.weg = true
		return
	}
	f.schreibe(b)
}

// punkt decides what a point or comma is: part of a number, of an abbreviation
// ("I.E."), or the end of a word.
func (f *falter) punkt(r rune) {
	switch {
	case ziffer(f.rueck(1)) && ziffer(f.vor(1)):
		if r == ',' || !f.tausend() {
			f.schreibe(',')
		}
	case r == '.' && f.wort == 1 && unicode.IsLetter(f.rueck(1)) && unicode.IsLetter(f.vor(1)) &&
		!unicode.IsLetter(f.vor(2)):
	default:
		f.trenne()
	}
}

// tausend says whether the point at i groups thousands: three digits follow, and
// what stands before is not a bare zero.
func (f *falter) tausend() bool {
	if f.rueck(1) == '0' && !ziffer(f.rueck(2)) {
		return false
	}
	return ziffer(f.vor(2)) && ziffer(f.vor(3)) && !ziffer(f.vor(4))
}

func (f *falter) vor(n int) rune {
	if f.i+n < len(f.in) {
		return f.in[f.i+n]
	}
	return ' '
}

func (f *falter) rueck(n int) rune {
	if f.i-n >= 0 {
		return f.in[f.i-n]
	}
	return ' '
}

func (f *falter) schreibe(b byte) {
	f.out.WriteByte(b)
	f.last, f.weg = b, false
	f.wort++
}

func (f *falter) trenne() {
	if f.last != ' ' && f.out.Len() > 0 {
		f.out.WriteByte(' ')
	}
	f.last, f.weg, f.wort = ' ', false, 0
}

func ziffer(r rune) bool { return r >= '0' && r <= '9' }

// buchstaben are the letters beyond a–z that occur in names of articles.
//
//nolint:gochecknoglobals // a constant table
var buchstaben = map[rune]string{
	'ä': "a", 'ö': "o", 'ü': "u", 'ß': "ss", 'á': "a", 'à': "a", 'â': "a", 'ã': "a", 'å': "a", 'æ': "a",
	'ç': "c", 'č': "c", 'é': "e", 'è': "e", 'ê': "e", 'ë': "e", 'í': "i", 'ì': "i", 'î': "i", 'ï': "i",
	'ñ': "n", 'ó': "o", 'ò': "o", 'ô': "o", 'õ': "o", 'ø': "o", 'œ': "o", 'š': "s", 'ú': "u", 'ù': "u",
	'û': "u", 'ý': "y", 'ÿ': "y", 'ž': "z", 'µ': "u", 'μ': "u", 'ł': "l", 'ş': "s", 'ğ': "g",
	// Combining marks vanish, so that decomposed text folds like composed text.
	'\u0308': "", '\u0301': "", '\u0300': "", '\u0302': "", '\u030c': "", '\u0327': "", '®': "", '™': "",
}
