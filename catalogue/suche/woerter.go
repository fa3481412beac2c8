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

// formkuerzel are the usual abbreviations of dosage forms as typed or as they stand
// in names, with the words they mean.
//
//nolint:gochecknoglobals // a constant table
var formkuerzel = map[string]string{
	"tbl": "tabletten", "tabl": "tabletten", "tab": "tabletten", "tablette": "tabletten",
	"ftbl": "filmtabletten", "fta": "filmtabletten", "filmtabl": "filmtabletten", "filmtbl": "filmtabletten",
	"rtbl": "retardtabletten", "retardtabl": "retardtabletten", "brausetabl": "brausetabletten",
	"schmelztabl": "schmelztabletten", "lutschtabl": "lutschtabletten", "kautabl": "kautabletten",
	"kps": "kapseln", "kaps": "kapseln", "hkp": "hartkapseln", "hartkaps": "hartkapseln",
	"weichkaps": "weichkapseln", "retardkaps": "retardkapseln", "drg": "dragees", "trpf": "tropfen",
	"tr": "tropfen", "supp": "suppositorien", "zapfchen": "suppositorien", "lsg": "losung",
	"inj": "injektionslosung", "injlsg": "injektionslosung", "amp": "ampullen", "crm": "creme",
	"cr": "creme", "slb": "salbe", "susp": "suspension", "gran": "granulat", "plv": "pulver",
	"btl": "beutel", "fer": "fertigspritzen", "fspr": "fertigspritzen", "pfl": "pflaster",
	"atr": "augentropfen", "nspr": "nasenspray", "tstr": "teststreifen",
}

// formen are the further words under which a dosage form is looked for, by KBV code.
//
//nolint:gochecknoglobals // a constant table
var formen = map[string]string{
	"TAB": "tabl tbl", "FTA": "tabletten tabl tbl ftbl filmtabl", "UTA": "tabletten tabl tbl",
	"TKA": "tabletten tabl tbl", "RET": "tabletten tabl tbl rtbl retard", "RUT": "tabletten tabl tbl retard",
	"TMR": "tabletten tabl tbl magensaftresistent", "FMR": "filmtabletten tabletten tabl tbl ftbl",
	"BTA": "brausetabl tabletten tabl tbl", "SMT": "schmelztabl tabletten tabl tbl",
	"LUT": "lutschtabl tabletten tabl tbl", "KTA": "kautabl tabletten tabl tbl",
	"SUT": "tabletten tabl tbl", "VTA": "tabletten tabl tbl", "KAP": "kps kaps",
	"HKP": "kapseln kps kaps hartkaps", "WKA": "kapseln kps kaps weichkaps", "REK": "kapseln kps kaps retard",
	"HKM": "kapseln kps kaps", "KMR": "kps kaps", "HVW": "kapseln kps kaps retard", "KMP": "kapseln kps kaps",
	"DRA": "drg", "TRO": "trpf tr", "TEI": "tropfen trpf tr", "ATR": "tropfen trpf", "OHT": "tropfen trpf",
	"NTR": "tropfen trpf", "NAS": "spray nspr", "NDS": "nasenspray spray nspr", "DSS": "spray",
	"SUP": "zapfchen supp", "KSU": "zapfchen supp", "LSE": "losung lsg", "LOE": "lsg", "INF": "losung lsg",
	"ILO": "losung lsg inj", "INL": "losung lsg", "AMP": "amp inj", "FER": "fspr spritzen",
	"IFE": "fer fspr fertigspritzen", "PEN": "fertigpen pen", "CRE": "crm cr", "SAL": "slb", "SUS": "susp",
	"GRA": "gran", "PUL": "plv", "BEU": "btl", "PFT": "pflaster pfl tts", "SAF": "saft", "SIR": "saft",
	"TTR": "tstr", "DOS": "spray", "PLE": "btl", "KOM": "kompresse", "BIN": "binde", "HAS": "handschuh",
}

// FormWords are the words under which a dosage form is found besides its name: its KBV
// code and the usual abbreviations.
func FormWords(code string) string { return strings.TrimSpace(code + " " + formen[code]) }

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
