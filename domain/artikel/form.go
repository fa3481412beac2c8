package artikel

import "strings"

// form is what the program knows of a KBV dosage form code.
type form struct {
	name   string // for people
	gruppe string // code of the group whose members may replace each other; empty: only itself
}

// FormName returns the German name of a KBV dosage form code, "Filmtabletten" for
// FTA; the code itself if it is not known.
func FormName(code string) string {
	if f, ok := formen[code]; ok {
		return f.name
	}
	return code
}

// FormVon returns the code of a dosage form that is given by its code or its German
// name, in any case; the empty text gives the empty code. A code of three letters that
// is not known stands for itself: the KBV adds some every year.
func FormVon(s string) (code string, ok bool) {
	if up := strings.ToUpper(s); s == "" || formen[up].name != "" {
		return up, true
	}
	for c, f := range formen {
		if strings.EqualFold(f.name, s) && (code == "" || c < code) {
			code = c
		}
	}
	if code == "" && len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		code = s
	}
	return code, code != ""
}

// Formgruppe returns the code of the group of dosage forms that may replace each
// other without regard to the ingredient, else the code itself. The groups are
// deliberately narrow: AM-RL Anlage VII allows more for single ingredients, and a
// wrong exchange is worse than a missed one (§ 129 Abs. 1a SGB V).
func Formgruppe(code string) string {
	if f, ok := formen[code]; ok && f.gruppe != "" {
		return f.gruppe
	}
	return code
}

// formen are the KBV codes in use here (KBV key table Darreichungsform 1.09).
//
//nolint:gochecknoglobals // a constant table
var formen = map[string]form{
	"AMP": {"Ampullen", "AMP"}, "ASO": {"Augen- und Ohrensalbe", ""}, "ATR": {"Augentropfen", ""},
	"AUG": {"Augengel", ""}, "AUS": {"Augensalbe", ""}, "BAD": {"Bad", ""}, "BAN": {"Bandage", ""},
	"BAL": {"Balsam", ""}, "BEU": {"Beutel", ""}, "BIN": {"Binden", ""}, "BON": {"Bonbons", ""},
	"BTA": {"Brausetabletten", ""}, "CRE": {"Creme", ""}, "DFL": {"Durchstechflaschen", "DFL"},
	"DIL": {"Dilution", ""}, "DOS": {"Dosieraerosol", ""}, "DRA": {"Dragees", ""},
	"DRM": {"Dragees magensaftresistent", ""}, "DSS": {"Dosierspray", ""},
	"EDP": {"Einzeldosispipetten", ""}, "EIN": {"Einreibung", ""}, "ELI": {"Elixier", ""},
	"EMU": {"Emulsion", ""}, "FBE": {"Filterbeutel", ""}, "FER": {"Fertigspritzen", "FER"},
	"FLE": {"Flüssigkeit zum Einnehmen", ""}, "FLU": {"Flüssig", ""},
	"FMR": {"Filmtabletten magensaftresistent", "TMR"}, "FTA": {"Filmtabletten", "TAB"},
	"GEL": {"Gel", ""}, "GLO": {"Globuli", ""}, "GMR": {"Granulat magensaftresistent", ""},
	"GRA": {"Granulat", ""}, "GUL": {"Gurgellösung", ""}, "HAS": {"Handschuhe", ""},
	"HKM": {"Hartkapseln magensaftresistent", "KMR"}, "HKP": {"Hartkapseln", "KAP"},
	"HPI": {"Hartkapseln mit Pulver zur Inhalation", "IKA"},
	"HVW": {"Hartkapseln mit veränderter Wirkstofffreisetzung", "REK"},
	"IFB": {"Infusionsbeutel", ""}, "IFE": {"Injektionslösung in einer Fertigspritze", "FER"},
	"IFK": {"Infusionslösungskonzentrat", ""}, "IFL": {"Injektionsflaschen", "DFL"},
	"IHP": {"Inhalationspulver", ""}, "IKA": {"Inhalationskapseln", "IKA"},
	"ILO": {"Injektionslösung", "AMP"}, "INF": {"Infusionslösung", ""}, "INL": {"Inhalationslösung", ""},
	"ISU": {"Injektionssuspension", ""}, "KAN": {"Kanülen", ""}, "KAP": {"Kapseln", "KAP"},
	"KAT": {"Katheter", ""}, "KDA": {"Kaudragees", ""}, "KGU": {"Kaugummi", ""}, "KLI": {"Klistiere", ""},
	"KMP": {"Hartkapseln mit magensaftresistenten Pellets", "KMR"}, "KMR": {"Kapseln magensaftresistent", "KMR"},
	"KOM": {"Kompressen", ""}, "KON": {"Konzentrat", ""}, "KPG": {"Kombipackung", ""},
	"KSU": {"Kinder-Suppositorien", ""}, "KTA": {"Kautabletten", ""}, "LAN": {"Lanzetten", ""},
	"LOE": {"Lösung", ""}, "LOT": {"Lotion", ""}, "LSE": {"Lösung zum Einnehmen", ""},
	"LTA": {"Lacktabletten", ""}, "LUP": {"Lutschpastillen", ""}, "LUT": {"Lutschtabletten", ""},
	"MTA": {"Manteltabletten", ""}, "NAS": {"Nasenspray", "NAS"}, "NDS": {"Nasendosierspray", "NAS"},
	"NSA": {"Nasensalbe", ""}, "NTR": {"Nasentropfen", ""}, "OEL": {"Öl", ""}, "OHT": {"Ohrentropfen", ""},
	"OVU": {"Ovula", ""}, "PAS": {"Pastillen", ""}, "PEN": {"Injektionslösung im Fertigpen", ""},
	"PFL": {"Pflaster", ""}, "PFT": {"Transdermales Pflaster", ""},
	"PII": {"Pulver zur Herstellung einer Injektions- oder Infusionslösung", ""},
	"PIK": {"Pulver zur Herstellung eines Infusionslösungskonzentrates", ""},
	"PLE": {"Pulver zur Herstellung einer Lösung zum Einnehmen", ""}, "PST": {"Paste", ""},
	"PUD": {"Puder", ""}, "PUL": {"Pulver", ""}, "REK": {"Retardkapseln", "REK"},
	"RED": {"Retarddragees", ""}, "RET": {"Retardtabletten", "RET"},
	"RUT": {"Retardtabletten überzogen", "RET"}, "SAF": {"Saft", "SAF"}, "SAL": {"Salbe", ""},
	"SCH": {"Schaum", ""}, "SEI": {"Seife", ""}, "SHA": {"Shampoo", ""}, "SIR": {"Sirup", "SAF"},
	"SMF": {"Schmelzfilm", ""}, "SMT": {"Schmelztabletten", ""}, "SPR": {"Spray", ""},
	"SRI": {"Spritzen", ""}, "STI": {"Stifte", ""}, "SUP": {"Suppositorien", ""},
	"SUS": {"Suspension", "SUS"}, "SUE": {"Suspension zum Einnehmen", "SUS"},
	"SUT": {"Sublingualtabletten", ""}, "TAB": {"Tabletten", "TAB"}, "TEE": {"Tee", ""},
	"TEI": {"Tropfen zum Einnehmen", "TEI"}, "TES": {"Test", ""}, "TIN": {"Tinktur", ""},
	"TKA": {"Tabletten in Kalenderpackung", "TAB"}, "TMR": {"Tabletten magensaftresistent", "TMR"},
	"TPO": {"Tamponaden", ""}, "TRA": {"Trinkampullen", ""}, "TRO": {"Tropfen", "TEI"},
	"TSA": {"Trockensaft", ""}, "TTR": {"Teststreifen", ""}, "TUE": {"Tücher", ""}, "TUP": {"Tupfer", ""},
	"UTA": {"Überzogene Tabletten", "TAB"}, "VCR": {"Vaginalcreme", ""}, "VER": {"Verband", ""},
	"VTA": {"Vaginaltabletten", ""}, "WAT": {"Watte", ""}, "WGA": {"Wundgaze", ""},
	"WKA": {"Weichkapseln", ""}, "XDG": {"Duschgel", ""}, "XNC": {"Nachtcreme", ""}, "XTC": {"Tagescreme", ""},
	"ZBU": {"Zahnbürste", ""}, "ZCR": {"Zahncreme", ""}, "ZKA": {"Zerbeißkapseln", ""},
}
