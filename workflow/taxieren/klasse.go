package taxieren

import (
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/abrechnung"
)

// art is what a line is, as far as the patient's payment goes.
type art int

const (
	arzneimittel art = iota
	rezeptur
	hilfsmittel
	pflege
	gebuehr // fees, services and marks: never a Zuzahlung (TA1 Nr. 4.14)
)

// pgVerbrauch are Pflegehilfsmittel zum Verbrauch; 50 to 52 are the technical ones.
const pgVerbrauch = 54

// sokArt lists the Sonderkennzeichen of TA1 Anhang 1 that stand for goods. Every other
// one is a fee, a service or a mark.
//
//nolint:gochecknoglobals // a table that nothing changes
var sokArt = map[string]art{
	// Fertigarzneimittel without PZN, imports, Stueckelung, parts of packs
	"09999005": arzneimittel, "09999175": arzneimittel, "09999117": arzneimittel, "09999206": arzneimittel,
	"18774713": arzneimittel, "09999040": arzneimittel, "09999181": arzneimittel, "09999057": arzneimittel,
	"09999198": arzneimittel, "02566993": arzneimittel, "02567053": arzneimittel, "17717222": arzneimittel,
	"17717239": arzneimittel, "17717268": arzneimittel, "17717280": arzneimittel, "06460671": arzneimittel,
	// blood products, dressings
	"02567515": arzneimittel, "02567521": arzneimittel, "02567538": arzneimittel, "02567484": arzneimittel,
	"02567490": arzneimittel, "02567509": arzneimittel, "06460837": arzneimittel, "02567544": arzneimittel,
	"06461038": arzneimittel, "06460843": arzneimittel, "09999034": arzneimittel,
	// preparations and unprocessed substances
	"09999011": rezeptur, "06460702": rezeptur, "17717297": rezeptur, "17717305": rezeptur, "17717334": rezeptur,
	"17717340": rezeptur, "06460665": rezeptur, "06460694": rezeptur, "06460748": rezeptur, "06460754": rezeptur,
	"06461446": rezeptur, "06461423": rezeptur, "06461328": rezeptur, "06461334": rezeptur,
	"18774446": rezeptur, "18774469": rezeptur, "18774475": rezeptur, "18774452": rezeptur,
	// parenteral preparations
	"09999092": rezeptur, "06460866": rezeptur, "06460872": rezeptur, "09999100": rezeptur, "06460889": rezeptur,
	"06460895": rezeptur, "09999123": rezeptur, "06460903": rezeptur, "06460926": rezeptur, "09999169": rezeptur,
	"06460932": rezeptur, "06460949": rezeptur, "09999146": rezeptur, "06460955": rezeptur, "06460961": rezeptur,
	"09999152": rezeptur, "06460978": rezeptur, "06460984": rezeptur, "02567461": rezeptur, "06460990": rezeptur,
	"06461009": rezeptur, "02567478": rezeptur, "06461015": rezeptur, "06461021": rezeptur,
	// substitution of opioids
	"02567107": rezeptur, "02567113": rezeptur, "02567136": rezeptur, "09999086": rezeptur, "02567656": rezeptur,
	"06461506": rezeptur, "06461512": rezeptur, "17716636": rezeptur, "17716671": rezeptur, "17716694": rezeptur,
	// Hilfsmittel without number
	"09999063": hilfsmittel, "02566958": hilfsmittel, "09999028": hilfsmittel, "02567722": hilfsmittel,
	"06460760": hilfsmittel,
}

// klasse tells what a line is. A Sonderkennzeichen counts even where the file calls it
// a PZN: they are numbers of one form.
func klasse(z abrechnung.Zeile) art {
	switch z.System {
	case abrechnung.SystemHMNR:
		if strings.HasPrefix(z.Code, "5") {
			return pflege
		}
		return hilfsmittel
	case abrechnung.SystemSOK:
		if k, ok := sokArt[z.Code]; ok {
			return k
		}
		return gebuehr
	}
	if k, ok := sokArt[z.Code]; ok {
		return k
	}
	return arzneimittel
}

// produktgruppe is the group of a Hilfsmittelnummer, its first two digits.
func produktgruppe(code string) int {
	if len(code) < 2 {
		return 0
	}
	n, err := strconv.Atoi(code[:2])
	if err != nil {
		return 0
	}
	return n
}
