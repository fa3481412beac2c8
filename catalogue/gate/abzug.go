package gate

import (
	"cmp"
	"slices"
	"time"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
)

// MaxZeilen is how many lines of sales a snapshot holds, the last ones.
const MaxZeilen = 1000

// maxAlter is from how many days on a snapshot is called old.
const maxAlter = 2

// Abzug is what the gate may know of a pharmacy: what lies there and what was sold last,
// without a person, a Bon, a day or an order. The build reads it from a file; it never
// opens the live database.
type Abzug struct {
	Format  int       `json:"format"`
	Gezogen time.Time `json:"gezogen"` // UTC
	Bestand []Bestand `json:"bestand"` // by PZN
	Zeilen  []Zeile   `json:"verkaeufe"`
}

// AbzugFormat is the version of what this program writes.
const AbzugFormat = 1

// Bestand is the count of one article.
type Bestand struct {
	PZN   kennung.PZN `json:"pzn"`
	Menge int         `json:"menge"`
}

// Zeile is a line that was sold, with what its price and Zuzahlung depend on. Equal lines
// are one, with their number.
type Zeile struct {
	Anzahl  int               `json:"anzahl"`
	PZN     kennung.PZN       `json:"pzn"`
	Menge   int               `json:"menge"`
	Traeger zuzahlung.Traeger `json:"traeger,omitempty"` // empty: no prescription
	IK      string            `json:"ik,omitempty"`

	EngpassPZN      kennung.PZN `json:"engpass_pzn,omitempty"`
	EngpassMenge    int         `json:"engpass_menge,omitempty"`
	NichtVerfuegbar bool        `json:"nicht_verfuegbar,omitempty"`
	Wunsch          bool        `json:"wunsch,omitempty"`
	TeilMenge       int         `json:"teil_menge,omitempty"`
	TeilVon         int         `json:"teil_von,omitempty"`

	// Frei: no Zuzahlung, for a reason that lies in the patient. Which one – age, notice,
	// pregnancy – is nobody's business here.
	Frei                bool `json:"frei,omitempty"`
	Befruchtung         bool `json:"befruchtung,omitempty"`
	Arbeitsunfall       bool `json:"arbeitsunfall,omitempty"`
	Sprechstundenbedarf bool `json:"sprechstundenbedarf,omitempty"`
	AutIdemKreuz        bool `json:"aut_idem_kreuz,omitempty"` // BG: no Mehrkosten
	Erstattet           bool `json:"erstattet,omitempty"`      // not Rx, and the GKV paid
}

// Sort sorts stock and sales and makes equal lines one, so that nothing of the order in
// which they were sold is left.
func (a *Abzug) Sort() {
	slices.SortFunc(a.Bestand, func(x, y Bestand) int { return cmp.Compare(x.PZN, y.PZN) })
	count := map[Zeile]int{}
	for _, z := range a.Zeilen {
		n := z.Anzahl
		z.Anzahl = 0
		count[z] += n
	}
	a.Zeilen = a.Zeilen[:0]
	for z, n := range count {
		z.Anzahl = n
		a.Zeilen = append(a.Zeilen, z)
	}
	slices.SortFunc(a.Zeilen, zeilenfolge)
}

func zeilenfolge(x, y Zeile) int {
	return cmp.Or(cmp.Compare(x.PZN, y.PZN), cmp.Compare(x.Traeger, y.Traeger), cmp.Compare(x.IK, y.IK),
		cmp.Compare(x.Menge, y.Menge), cmp.Compare(x.EngpassPZN, y.EngpassPZN), cmp.Compare(x.EngpassMenge, y.EngpassMenge),
		cmp.Compare(x.TeilMenge, y.TeilMenge), cmp.Compare(x.TeilVon, y.TeilVon), cmp.Compare(x.flags(), y.flags()))
}

// flags orders lines that differ in nothing else.
func (z Zeile) flags() int {
	n := 0
	for _, is := range []bool{
		z.NichtVerfuegbar, z.Wunsch, z.Frei, z.Befruchtung, z.Arbeitsunfall, z.Sprechstundenbedarf, z.AutIdemKreuz,
		z.Erstattet,
	} {
		n *= 2
		if is {
			n++
		}
	}
	return n
}

// alter is the age of the snapshot in civil days.
func (a *Abzug) alter(jetzt time.Time) int { return clock.DayOf(jetzt).Sub(clock.DayOf(a.Gezogen)) }
