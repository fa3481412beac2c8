// Package taxieren recomputes what patients paid on billed prescriptions: from the
// prescription, the day, the patient and the attributes of each line. It takes prices
// as given and never looks at the amounts it checks before it has its own.
package taxieren

import (
	"fmt"

	"github.com/offizin/offizin/domain/abrechnung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// State is the outcome of a line.
type State string

// The outcomes.
const (
	Agree  State = "agree"
	Differ State = "differ"
	// Ungeklaert: a liable adult of the GKV paid nothing and no attribute says why; the
	// contract or the list of § 31(3) S. 4 may, but they are not in the file.
	Ungeklaert     State = "ungeklaert"
	OhneVerordnung State = "ohne-verordnung"
	Ungueltig      State = "ungueltig"
	Berechnet      State = "berechnet" // blind: computed, compared with nothing
)

// Betraege are Zuzahlung, Mehrkosten and Eigenbeteiligung of a line.
type Betraege [3]money.Cent

// String writes the three with a point and slashes: "5.00/0.56/0.00".
func (b Betraege) String() string { return dezimal(b[0]) + "/" + dezimal(b[1]) + "/" + dezimal(b[2]) }

// dezimal writes an amount as the files do.
func dezimal(c money.Cent) string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d.%02d", sign, c/100, c%100)
}

// Zeile is the outcome of one line of one file.
type Zeile struct {
	Fall                string // path and number of the line: "a/b.xml#1"
	State               State
	Erwartet, Errechnet string
	Regel               string // id of the rule that decided, or what is wrong
}

// Summe counts outcomes.
type Summe struct{ Agree, Differ, Ungeklaert, OhneVerordnung, Ungueltig, Berechnet int }

func (s *Summe) add(state State) {
	switch state {
	case Agree:
		s.Agree++
	case Differ:
		s.Differ++
	case Ungeklaert:
		s.Ungeklaert++
	case OhneVerordnung:
		s.OhneVerordnung++
	case Ungueltig:
		s.Ungueltig++
	case Berechnet:
		s.Berechnet++
	}
}

// String is the last line of a check.
func (s Summe) String() string {
	text := fmt.Sprintf("Summe: %d agree, %d differ, %d ungeklaert, %d ohne-verordnung, %d ungueltig",
		s.Agree, s.Differ, s.Ungeklaert, s.OhneVerordnung, s.Ungueltig)
	if s.Berechnet > 0 {
		text += fmt.Sprintf(", %d berechnet", s.Berechnet)
	}
	return text
}

// Akte is one file with billing data, or why it could not be read.
type Akte struct {
	Pfad   string
	Daten  abrechnung.Abgabedaten
	Fehler error
}

// Verordnung is one file with a prescription.
type Verordnung struct {
	Pfad   string
	Rezept rezept.Rezept
}

// Recht answers what is in force on a day.
type Recht func(day civil.Day) (zuzahlung.Recht, error)

// Pruefe recomputes every line of every file and hands each outcome to f. Blind, the
// stated amounts of the patient are not looked at.
func Pruefe(akten []Akte, list []Verordnung, law Recht, blind bool, f func(Zeile) error) (Summe, error) {
	p := pruefer{law: law, blind: blind, regal: regal(list)}
	var sum Summe
	for _, a := range akten {
		for _, z := range p.akte(a) {
			sum.add(z.State)
			if err := f(z); err != nil {
				return sum, err
			}
		}
	}
	return sum, nil
}

type pruefer struct {
	law   Recht
	blind bool
	regal map[string][]Verordnung
}

func (p *pruefer) akte(a Akte) []Zeile {
	if a.Fehler != nil {
		return []Zeile{{Fall: a.Pfad, State: Ungueltig, Erwartet: "-", Errechnet: "-", Regel: a.Fehler.Error()}}
	}
	r, known := waehle(p.regal[a.Daten.Rezept], a)
	law, err := p.law(a.Daten.Abgabe)
	if err != nil {
		return []Zeile{{Fall: a.Pfad, State: Ungueltig, Erwartet: "-", Errechnet: "-", Regel: err.Error()}}
	}
	out := make([]Zeile, 0, len(a.Daten.Zeilen)+1)
	var own []rechnung
	if known {
		own = rechne(a.Daten, r, law, p.blind)
	}
	for i, z := range a.Daten.Zeilen {
		x := Zeile{
			Fall: fmt.Sprintf("%s#%d", a.Pfad, z.Nr), State: OhneVerordnung,
			Erwartet: Betraege(z.Kosten).String(), Errechnet: "-",
		}
		if p.blind {
			x.Erwartet = "-"
		}
		if known {
			x.Errechnet, x.Regel = own[i].betraege.String(), own[i].regel
			x.State = p.urteil(z, own[i])
		}
		out = append(out, x)
	}
	if !p.blind {
		out = append(out, summen(a)...)
	}
	return out
}

// urteil compares the stated amounts with the computed ones.
func (p *pruefer) urteil(z abrechnung.Zeile, own rechnung) State {
	switch {
	case own.regel == zuzahlung.RegelUngueltig:
		return Ungueltig
	case p.blind:
		return Berechnet
	case Betraege(z.Kosten) == own.betraege:
		return Agree
	case own.pflichtig && z.Kosten == [3]money.Cent{} && z.Betrag > 0:
		return Ungeklaert
	}
	return Differ
}

// summen returns a row where the totals are not those of the lines.
func summen(a Akte) []Zeile {
	var gross, paid money.Cent
	for _, z := range a.Daten.Zeilen {
		gross += z.Betrag
		paid += z.Kosten[0]
	}
	if gross == a.Daten.Brutto && paid == a.Daten.Gesamtzuzahlung {
		return nil
	}
	return []Zeile{{
		Fall: a.Pfad + "#summe", State: Differ, Erwartet: dezimal(a.Daten.Brutto) + "/" + dezimal(a.Daten.Gesamtzuzahlung),
		Errechnet: dezimal(gross) + "/" + dezimal(paid), Regel: "summe",
	}}
}
