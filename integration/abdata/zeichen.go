package abdata

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// zeichen are the characters that a K2 file writes as a backslash, a letter or digit, and
// two digits. PROTOCOL.md says where the table comes from and what was decided about it.
//
//nolint:gochecknoglobals // a constant table
var zeichen = map[string]string{
	"A22": "Á", "a22": "á", "A23": "À", "a23": "à", "A24": "Â", "a24": "â", "A25": "Ä", "a25": "ä", "A29": "Å",
	"a29": "å", "A45": "Æ", "a45": "æ", "a63": "α", "b63": "β", "c22": "ć", "C27": "Č", "c27": "č", "C49": "Ç",
	"c49": "ç", "D27": "Ď", "d27": "ď", "D63": "Δ", "d63": "δ", "E22": "É", "e22": "é", "E23": "È", "e23": "è",
	"E24": "Ê", "e24": "ê", "E25": "Ë", "e25": "ë", "E27": "Ě", "e27": "ě", "E33": "Ē", "E66": "Ε", "e63": "ε",
	"F63": "Φ", "f63": "φ", "G32": "Ǧ", "g32": "ǧ", "G63": "Γ", "g63": "γ", "H63": "Θ", "h63": "θ", "I22": "Í",
	"i22": "í", "I23": "Ì", "i23": "ì", "I24": "Î", "i24": "î", "I25": "Ï", "i25": "ï", "I36": "i", "i36": "i",
	"I45": "Ĳ", "i45": "ĳ", "i63": "ι", "J63": "Η", "j63": "η", "k63": "κ", "L63": "Λ", "l63": "λ", "M33": "M",
	"m33": "m", "m63": "μ", "N26": "N", "n26": "n", "N27": "Ň", "n27": "ň", "n63": "ν", "O22": "Ó", "o22": "ó",
	"O23": "Ò", "o23": "ò", "O24": "Ô", "o24": "ô", "O25": "Ö", "o25": "ö", "O35": "Ő", "o35": "ő", "O42": "Ø",
	"o42": "ø", "O45": "Œ", "o45": "œ", "o63": "ο", "P63": "Π", "p63": "π", "Q63": "Ξ", "q63": "ξ", "R27": "Ř",
	"r27": "ř", "r63": "ρ", "S27": "Š", "s27": "š", "S39": "ß", "s39": "ß", "S49": "Ş", "s49": "ş", "S63": "Σ",
	"s63": "σ", "T27": "Ť", "t27": "ť", "t63": "τ", "U22": "Ú", "u22": "ú", "U23": "Ù", "u23": "ù", "U24": "Û",
	"u24": "û", "U25": "Ü", "u25": "ü", "U29": "Ů", "u29": "Ů", "u63": "υ", "W63": "Ω", "w63": "ω", "x63": "χ",
	"Y22": "Ý", "y22": "ý", "Y25": "Ÿ", "y25": "ÿ", "Y63": "Ψ", "y63": "ψ", "Z27": "Ž", "z27": "ž", "z63": "ζ",
	"321": ",", "323": ":", "324": "!", "325": "?", "326": "-", "327": "=", "328": "/", "329": "’", "330": "‘",
	"333": "\\", "340": "⋅", "341": "|", "344": "′", "345": "″", "346": "-", "347": "°", "348": "‰", "351": "≙",
	"360": "+", "361": "&", "362": "*", "363": "§", "364": "%", "365": " ", "367": "$", "372": "@", "375": "×",
	"380": "®", "420": "(", "421": ")", "422": "[", "423": "]", "424": "{", "425": "}", "426": "<", "427": ">",
	"428": "«", "429": "»", "430": "\"", "431": "\"", "432": "→", "435": "↑", "460": "±", "462": "∞", "463": "↔",
	"465": "~", "466": "≃", "467": "≅", "473": "ø", "520": "≤", "521": "≥", "535": "↓", "565": "≈", "900": "€",
}

// formate are the marks of formatting: new line, bold on and off, bullet, thin space.
//
//nolint:gochecknoglobals // a constant table
var formate = map[byte]string{'n': "\n", 'k': "", 'i': "• ", 'g': "\u2009"}

// maxFremd is how many different escapes and identifiers are remembered by name.
const maxFremd = 100

// zaehlung counts what is not known, by its name. What has no room by name is counted
// under "…".
type zaehlung map[string]int

func (z zaehlung) plus(name string) {
	if _, there := z[name]; !there && len(z) >= maxFremd {
		name = "…"
	}
	z[name]++
}

// namen lists what was counted, the most frequent first.
func (z zaehlung) namen() []string {
	return slices.SortedFunc(maps.Keys(z), func(a, b string) int {
		return cmp.Or(cmp.Compare(z[b], z[a]), cmp.Compare(a, b))
	})
}

// entziffere turns the text of a field into Unicode. What is no known escape stays as it
// is and is counted: dropping it could change the name of a drug.
func entziffere(s string, fremd zaehlung) string {
	i := strings.IndexAny(s, `\~`)
	if i < 0 {
		return s
	}
	var b strings.Builder
	for ; i >= 0; i = strings.IndexAny(s, `\~`) {
		b.WriteString(s[:i])
		text, n := einZeichen(s[i:])
		if n == 0 {
			n = folge(s[i:])
			text = s[i : i+n]
			fremd.plus(text)
		}
		b.WriteString(text)
		s = s[i+n:]
	}
	b.WriteString(s)
	return b.String()
}

// einZeichen reads the escape at the start of s; its length is 0 if it is not known.
func einZeichen(s string) (text string, n int) {
	var ok bool
	switch {
	case s[0] == '~' && len(s) >= 2:
		if text, ok = formate[s[1]]; ok {
			return text, 2
		}
	case s[0] == '\\' && len(s) >= 4:
		if text, ok = zeichen[s[1:4]]; ok {
			return text, 4
		}
	}
	return "", 0
}

// folge returns the length of the unknown escape at the start of s, at least 1.
func folge(s string) int {
	n := 1
	most := 4
	if s[0] == '~' {
		most = 2
	}
	for n < min(most, len(s)) && s[n] != '\\' && s[n] != '~' {
		n++
	}
	return n
}
