package eigene

import (
	"strings"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
)

// katalogartikel is an article as the catalogue below has it.
type katalogartikel = artikel.Artikel

// The limits of an article: characters of its texts, and its price.
const (
	maxName    = 100
	maxPackung = 20
	maxMaker   = 60
	maxPreis   = money.Cent(100_000_00)
)

// pruefe cleans the fields of an article and says what is wrong with them; the PZN may be
// empty.
func pruefe(e Eingabe) (Eingabe, error) {
	e.Name, e.Menge, e.Einheit = knapp(e.Name), knapp(e.Menge), knapp(e.Einheit)
	e.Hersteller, e.Darreichungsform = knapp(e.Hersteller), knapp(e.Darreichungsform)
	if e.PZN != "" {
		if err := hausPZN(e.PZN); err != nil {
			return e, err
		}
	}
	form, known := artikel.FormVon(e.Darreichungsform)
	switch {
	case !text(e.Name, 2, maxName):
		return e, fault.New(fault.Invalid, "A-661",
			"Der Name fehlt oder ist zu lang – geben Sie 2 bis 100 Zeichen ein.", nil)
	case !text(e.Menge, 1, maxPackung) || !text(e.Einheit, 1, maxPackung) || e.Menge[0] < '0' || e.Menge[0] > '9':
		return e, fault.New(fault.Invalid, "A-662",
			"Die Packung fehlt – geben Sie Menge und Einheit an, etwa 100 und ml.", nil)
	case !text(e.Hersteller, 0, maxMaker):
		return e, fault.New(fault.Invalid, "A-663", "Der Hersteller ist zu lang – kürzen Sie ihn auf 60 Zeichen.", nil)
	case !known:
		return e, fault.New(fault.Invalid, "A-667",
			"Diese Darreichungsform gibt es nicht – nehmen Sie den Namen oder das Kürzel, etwa Tee oder SAL.", nil)
	case e.MwSt < artikel.MwStVoll || e.MwSt > artikel.MwStOhne:
		return e, fault.New(fault.Invalid, "A-668",
			"Der Mehrwertsteuersatz fehlt – wählen Sie voll, ermäßigt oder ohne.", nil)
	case e.Einkauf < 0 || e.Einkauf > maxPreis:
		return e, betragFalsch()
	}
	e.Darreichungsform = form
	var err error
	if e.GTIN, err = strichcode(e.GTIN); err != nil {
		return e, err
	}
	return e, preisOK(e.Preis)
}

// strichcode fills a product code up to 14 digits. One that carries a PZN is a pack of the
// market, and a scan would find that.
func strichcode(g kennung.GTIN) (kennung.GTIN, error) {
	if strings.TrimSpace(string(g)) == "" {
		return "", nil
	}
	full, err := kennung.ParseGTIN(strings.TrimSpace(string(g)))
	if _, pzn := full.PZN(); err != nil || pzn {
		return "", fault.New(fault.Invalid, "A-677", "Das ist kein Strichcode eines Produkts ohne PZN – scannen Sie ihn "+
			"noch einmal von der Packung oder lassen Sie das Feld leer.", err)
	}
	return full, nil
}

// hausPZN refuses a number that may belong to somebody else's pack.
func hausPZN(p kennung.PZN) error {
	if _, err := kennung.ParsePZN(string(p)); err != nil || len(p) != 8 || !kennung.IstHausPZN(p) {
		return fault.New(fault.Invalid, "A-664", "Eine eigene PZN hat acht Ziffern mit richtiger Prüfziffer und beginnt "+
			"mit 0800 bis 0839 oder 80 bis 83 – lassen Sie das Feld leer, dann wird die nächste freie vergeben.", err)
	}
	return nil
}

func preisOK(c money.Cent) error {
	if c < 1 || c > maxPreis {
		return betragFalsch()
	}
	return nil
}

func betragFalsch() error {
	return fault.New(fault.Invalid, "A-666",
		"Der Preis fehlt oder ist zu hoch – geben Sie 0,01 bis 100.000,00 € ein.", nil)
}

func text(s string, least, most int) bool {
	n := len([]rune(s))
	bad := func(r rune) bool { return r < ' ' || r == 0x7f || r == '\uFFFD' }
	return n >= least && n <= most && !strings.ContainsFunc(s, bad)
}

// knapp drops blanks at both ends and doubled ones between.
func knapp(s string) string { return strings.Join(strings.Fields(s), " ") }
