package suche

import (
	"strings"

	"github.com/offizin/offizin/domain/artikel"
)

// einheiten are the units that stick to a number, with their folded spellings.
//
//nolint:gochecknoglobals // a constant table
var einheiten = map[string]string{
	"mg": "mg", "g": "g", "ug": "ug", "mcg": "ug", "mikrogramm": "ug", "milligramm": "mg", "gramm": "g",
	"kg": "kg", "ml": "ml", "l": "l", "ie": "ie", "iu": "ie", "st": "st", "stk": "st", "stck": "st",
	"stuck": "st", "%": "%", "mmol": "mmol", "cm": "cm", "mm": "mm", "m": "m", "h": "h",
}

// Terme calls yield with each search term of the article; terms may repeat.
func Terme(a artikel.Artikel, yield func(string)) {
	verbunden(Falten(a.Name), yield)
	bindestriche(a.Name, yield)
	worte(Falten(a.Wirkstoff), yield)
	worte(Falten(a.Hersteller), yield)
	bindestriche(a.Hersteller, yield)
	verbunden(Falten(a.Wirkstaerke), yield)
	verbunden(Falten(a.Menge+" "+a.Einheit), yield)
	worte(Falten(artikel.FormName(a.Darreichungsform)), yield)
	worte(Falten(a.Darreichungsform), yield)
	worte(formen[a.Darreichungsform], yield)
	worte(Falten(a.Normgroesse), yield)
	worte(Falten(a.ATC), yield)
	worte(string(a.GTIN), yield)
	worte(a.GTIN.Kurz(), yield)
	if a.Import {
		yield("import")
	}
}

// verbunden yields the words of folded text, and numbers together with their unit.
func verbunden(text string, yield func(string)) {
	previous := ""
	for w := range strings.FieldsSeq(text) {
		number, unit := zerlegt(w)
		switch u, ok := einheiten[unit]; {
		case number != "" && ok:
			yield(number)
			yield(number + u)
		case number == "" && previous != "" && einheiten[w] != "":
			yield(previous + einheiten[w])
		case number != "" && unit != "":
			yield(number)
			yield(unit)
		}
		yield(w)
		if long, ok := formkuerzel[w]; ok {
			yield(long)
		}
		previous = ""
		if unit == "" {
			previous = number
		}
	}
}

// bindestriche yields hyphenated words as one: "Ibu-Demo" is found as "ibudemo".
func bindestriche(text string, yield func(string)) {
	for w := range strings.FieldsSeq(text) {
		if strings.Contains(w, "-") {
			worte(Falten(strings.ReplaceAll(w, "-", "")), yield)
		}
	}
}

func worte(text string, yield func(string)) {
	for w := range strings.FieldsSeq(text) {
		yield(w)
	}
}

// zerlegt splits "400mg" into its number and the rest; the number is empty if the
// word does not begin with a digit.
func zerlegt(w string) (number, rest string) {
	n := 0
	for n < len(w) && (w[n] >= '0' && w[n] <= '9' || n > 0 && w[n] == ',') {
		n++
	}
	return w[:n], w[n:]
}
