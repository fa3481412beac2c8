package liste

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
)

func setzePZN(nullen bool) func(*Satz, string) *befund.Befund {
	return func(z *Satz, s string) (b *befund.Befund) {
		z.Zeile.Artikel.PZN, b = liesPZN(s, nullen)
		return b
	}
}

func setzeOriginal(nullen bool) func(*Satz, string) *befund.Befund {
	return func(z *Satz, s string) (b *befund.Befund) {
		if s != "" {
			z.Zeile.Artikel.ImportVon, b = liesPZN(s, nullen)
		}
		return b
	}
}

// liesPZN reads eight digits, or seven with the leading zero of an old PZN lost. With
// fewer the file has lost zeros, which are put back only if somebody has said so: then the
// check digit is all that tells a PZN from another number.
func liesPZN(s string, nullen bool) (kennung.PZN, *befund.Befund) {
	if nullen && s != "" && len(s) < 8 && strings.Trim(s, "0123456789") == "" {
		s = strings.Repeat("0", 8-len(s)) + s
	}
	p, err := kennung.ParsePZN(s)
	switch {
	case errors.Is(err, kennung.ErrPZNCheck):
		return "", hindernis("A-432", "Die Prüfziffer der PZN „"+kurz(s)+"“ stimmt nicht; bitte die Ziffern prüfen.")
	case err != nil:
		return "", hindernis("A-431", "„"+kurz(s)+"“ ist keine PZN aus acht Ziffern; bitte prüfen, auch ob "+
			"führende Nullen fehlen.")
	}
	return p, nil
}

func setzeName(z *Satz, s string) *befund.Befund {
	z.Zeile.Artikel.Name = s
	return lesbar(s, 150)
}

// lesbar refuses what is too long to show and letters that are none.
func lesbar(s string, limit int) *befund.Befund {
	if n := utf8.RuneCountInString(s); n > limit {
		return hindernis("A-441", fmt.Sprintf("Der Text hat %d Zeichen, erlaubt sind %d; bitte ihn kürzen.", n, limit))
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }) {
		return hindernis("A-442", "Der Text enthält Steuerzeichen oder unlesbare Zeichen; bitte sie entfernen.")
	}
	return nil
}

// liesBetrag reads an amount with comma or point: "12,34", "1.234,56", "12.34 €". One
// point before three digits is refused: it could be either, unless dezimal says which.
func liesBetrag(s string, dezimal byte) (money.Cent, *befund.Befund) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(s, "€"), "EUR"))
	if s == "" || s == "-" {
		return 0, nil
	}
	if strings.HasPrefix(s, "-") {
		return 0, hindernis("A-436", "Der Betrag „"+kurz(s)+"“ ist negativ; bitte den Preis ohne Vorzeichen eintragen.")
	}
	if dezimal == '.' {
		s = strings.NewReplacer(",", ".", ".", ",").Replace(s)
	}
	whole, rest, point := strings.Cut(s, ".")
	c, err := money.Parse(s)
	switch {
	case strings.Contains(s, ",") || !point || dezimal != 0:
	case len(rest) == 3:
		return 0, hindernis("A-438", "„"+kurz(s)+"“ kann Tausender oder Nachkommastellen meinen; bitte mit Komma "+
			"und zwei Stellen schreiben.")
	default:
		c, err = money.ParseDecimal(s)
	}
	switch {
	case err == nil:
		return c, nil
	case len(whole) > 7 && strings.Trim(s, "0123456789.,") == "":
		return 0, hindernis("A-437", "Der Betrag „"+kurz(s)+"“ ist zu groß; erlaubt sind bis zu 9.999.999,99 €.")
	}
	return 0, hindernis("A-435", "„"+kurz(s)+"“ ist kein Betrag in Euro; bitte wie 12,34 schreiben, mit "+
		"höchstens zwei Nachkommastellen.")
}

func setzeBeliebtheit(z *Satz, s string) *befund.Befund {
	if s == "" {
		return nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1_000_000_000 {
		return hindernis("A-445", "„"+kurz(s)+"“ ist keine ganze Zahl von 0 bis 1.000.000.000; bitte berichtigen.")
	}
	z.Zeile.Beliebtheit = n
	return nil
}

func setzeForm(z *Satz, s string) *befund.Befund {
	code, ok := artikel.FormVon(s)
	if !ok {
		return hindernis("A-440", "„"+kurz(s)+"“ ist keine Darreichungsform der KBV; bitte das Kürzel (TAB, FTA "+
			"…) eintragen oder die Zelle leeren.")
	}
	z.Zeile.Artikel.Darreichungsform = code
	return nil
}

func setzeNorm(z *Satz, s string) *befund.Befund {
	switch n := strings.ToUpper(s); n {
	case "", "N1", "N2", "N3", "KA", "KTP", "NB":
		z.Zeile.Artikel.Normgroesse = n
		return nil
	}
	return hindernis("A-446", "„"+kurz(s)+"“ ist keine Normgröße; bitte N1, N2, N3, KA, KTP, NB oder nichts eintragen.")
}

func setzeArt(z *Satz, s string) *befund.Befund {
	switch a := artikel.Art(strings.ToLower(s)); a {
	case "", artikel.Arzneimittel, artikel.Impfstoff, artikel.Teststreifen, artikel.Hilfsmittel,
		artikel.HilfsmittelZumVerbrauch,
		artikel.Pflegehilfsmittel, artikel.Verbandmittel, artikel.Medizinprodukt, artikel.Freiwahl:
		z.Zeile.Artikel.Art = a
		return nil
	}
	return hindernis("A-447", "Die Artikelart „"+kurz(s)+"“ gibt es nicht; bitte arzneimittel, impfstoff, "+
		"teststreifen, hilfsmittel, "+
		"hilfsmittel-verbrauch, pflegehilfsmittel, verbandmittel, medizinprodukt oder freiwahl eintragen.")
}

func setzeStatus(z *Satz, s string) *befund.Befund {
	switch gefaltet(s) {
	case "", "verkehr", "imverkehr", "imhandel":
		z.Zeile.Artikel.Status = artikel.Verkehr
	case "ausservertrieb", "av":
		z.Zeile.Artikel.Status = artikel.AusserVertrieb
	case "ruckruf", "zuruckgerufen":
		z.Zeile.Artikel.Status = artikel.Rueckruf
	default:
		return hindernis("A-448", "Den Status „"+kurz(s)+"“ gibt es nicht; bitte verkehr, ausser-vertrieb oder "+
			"rueckruf eintragen.")
	}
	return nil
}

// setzeMwSt reads a class or a rate of today; the rate follows from the day of sale.
func setzeMwSt(z *Satz, s string) *befund.Befund {
	s = strings.TrimSpace(strings.TrimSuffix(s, "%"))
	for _, zero := range []string{",00", ".00", ",0", ".0"} {
		s = strings.TrimSuffix(s, zero)
	}
	switch gefaltet(s) {
	case "", "voll", "19", "1":
		z.Zeile.Artikel.MwSt = artikel.MwStVoll
	case "ermassigt", "7", "2":
		z.Zeile.Artikel.MwSt = artikel.MwStErmaessigt
	case "ohne", "0", "3", "steuerfrei":
		z.Zeile.Artikel.MwSt = artikel.MwStOhne
	default:
		return hindernis("A-449", "„"+kurz(s)+"“ ist kein Steuersatz; bitte voll, ermaessigt oder ohne (19, 7 "+
			"oder 0) eintragen.")
	}
	return nil
}
