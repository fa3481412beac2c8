package haus

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
)

// Land is a Bundesland, or a part of one with a holiday of its own: its code in the
// settings and its name.
type Land struct{ Code, Name string }

// Laender lists what domain/gebuehr knows the holidays of, in order of name.
func Laender() []Land {
	return []Land{
		{"BW", "Baden-Württemberg"},
		{"BY", "Bayern"},
		{"BY-KATH", "Bayern, Ort mit Mariä Himmelfahrt"},
		{"BY-AUGSBURG", "Bayern, Stadt Augsburg"},
		{"BE", "Berlin"},
		{"BB", "Brandenburg"},
		{"HB", "Bremen"},
		{"HH", "Hamburg"},
		{"HE", "Hessen"},
		{"MV", "Mecklenburg-Vorpommern"},
		{"NI", "Niedersachsen"},
		{"NW", "Nordrhein-Westfalen"},
		{"RP", "Rheinland-Pfalz"},
		{"SL", "Saarland"},
		{"SN", "Sachsen"},
		{"SN-KATH", "Sachsen, Ort mit Fronleichnam"},
		{"ST", "Sachsen-Anhalt"},
		{"SH", "Schleswig-Holstein"},
		{"TH", "Thüringen"},
		{"TH-KATH", "Thüringen, Ort mit Fronleichnam"},
	}
}

// Rollen lists the roles of the staff.
func Rollen() []string {
	var list []string
	for _, r := range berechtigung.Rollen() {
		list = append(list, string(r))
	}
	return list
}

// ustid is the form of a German USt-IdNr. (§ 27a UStG).
var ustid = regexp.MustCompile(`^DE\d{9}$`)

// plz is the form of a German postcode.
var plz = regexp.MustCompile(`^\d{5}$`)

// bonseite is the form of the address of the page for digital receipts. It stands in each QR code:
// a long one costs lines of the receipt.
var bonseite = regexp.MustCompile(`^https://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?$`)

const maxBonseite = 100 // characters

// maxKredit is the highest limit of credit that makes sense in a pharmacy.
const maxKredit money.Cent = 1_000_000

func check(e Einstellungen) error {
	for _, v := range toMap(e) {
		if len(v) > 200 || strings.ContainsFunc(v, unicode.IsControl) {
			return fault.New(fault.Invalid, "N-302",
				"Eine Angabe ist zu lang oder enthält Steuerzeichen – höchstens 200 Zeichen.", nil)
		}
	}
	if err := laengen(e); err != nil {
		return err
	}
	known := slices.ContainsFunc(Laender(), func(l Land) bool { return l.Code == e.Bundesland })
	switch {
	case strings.TrimSpace(e.Name) == "":
		return fault.New(fault.Invalid, "N-303", "Der Name der Apotheke fehlt – er steht auf jedem Bon.", nil)
	case max(e.Muster16X, -e.Muster16X, e.Muster16Y, -e.Muster16Y) > 200:
		return fault.New(fault.Invalid, "N-304", "Der Versatz des Drucks darf höchstens 20,0 mm sein.", nil)
	case e.IK != "" && !kennung.Pruefe(kennung.ArtIK, e.IK).Brauchbar():
		return fault.New(fault.Invalid, "N-305",
			"Das IK der Apotheke stimmt nicht – es hat neun Ziffern, die letzte ist eine Prüfziffer.", nil)
	case e.Bundesland != "" && !known:
		return fault.New(fault.Invalid, "N-306", "Dieses Bundesland gibt es nicht – wählen Sie eines aus der Liste.", nil)
	case e.NotfallStick != "" && !filepath.IsAbs(e.NotfallStick):
		return fault.New(fault.Invalid, "A-718",
			"Der Ordner des Sticks muss ein ganzer Pfad sein – etwa /media/notfall oder E:\\.", nil)
	case e.Sperre != 0 && (e.Sperre < 60 || e.Sperre > 120):
		return fault.New(fault.Invalid, "G-112", "Die Sperre muss zwischen 60 und 120 Sekunden liegen.", nil)
	case e.PLZ != "" && !plz.MatchString(e.PLZ):
		return fault.New(fault.Invalid, "N-310", "Die Postleitzahl hat fünf Ziffern – etwa 70174.", nil)
	case e.USTID != "" && !ustid.MatchString(e.USTID):
		return fault.New(fault.Invalid, "T-532",
			"Die USt-IdNr. stimmt nicht – sie ist DE mit neun Ziffern, ohne Leerzeichen.", nil)
	case e.Bonseite != "" && (len(e.Bonseite) > maxBonseite || !bonseite.MatchString(e.Bonseite)):
		return fault.New(fault.Invalid, "W-805", "Die Adresse der Bonseite beginnt mit https:// und hat höchstens "+
			"100 Zeichen, ohne Umlaute, „?“ und „#“ – etwa https://www.ihre-apotheke.de/bon.html.", nil)
	case e.Kreditgrenze < 0 || e.Kreditgrenze > maxKredit:
		return fault.New(fault.Invalid, "V-524", "Die Kreditgrenze muss zwischen 0,00 € und 10.000,00 € liegen.", nil)
	case e.Produktiv && e.ERezeptDatei:
		return fault.New(fault.Conflict, "N-307",
			"Im Echtbetrieb sind E-Rezepte aus Dateien verboten – schalten Sie eines von beiden ab.", nil)
	}
	return nil
}

// checkBenutzer: the Kuerzel travels in a cookie and on every record.
func checkBenutzer(b Benutzer) error {
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	if b.Kuerzel == "" || len([]rune(b.Kuerzel)) > 8 || b.Name == "" || len(b.Name) > 100 ||
		strings.ContainsFunc(b.Kuerzel, func(r rune) bool { return !word(r) }) ||
		strings.ContainsFunc(b.Name, unicode.IsControl) {
		return fault.New(fault.Invalid, "N-301",
			"Kürzel (höchstens 8 Buchstaben oder Ziffern) und Name müssen ausgefüllt sein.", nil)
	}
	if b.Rolle != "" && !slices.Contains(Rollen(), b.Rolle) {
		return fault.New(fault.Invalid, "N-309", "Diese Rolle gibt es nicht – wählen Sie eine aus der Liste.", nil)
	}
	return nil
}
