package preisprobe

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
)

// State is the outcome of one row.
type State string

// The outcomes. Rows of class U are reported and never a difference.
const (
	Agree      State = "agree"
	Differ     State = "differ"
	Ungeklaert State = "ungeklaert"
)

// Unterschied is one cell that is not what was computed.
type Unterschied struct{ Spalte, Erwartet, Berechnet string }

// Ergebnis is the outcome of one row.
type Ergebnis struct {
	Zeile        int // 1 is the first row below the header
	ID, Klasse   string
	State        State
	Unterschiede []Unterschied
	Grund        string // German, or empty
}

// Summe counts the outcomes, in total and by authority.
type Summe struct {
	Agree, Differ, Ungeklaert int
	Klassen                   map[string]*[3]int // agree, differ, ungeklaert
}

func (s *Summe) add(e Ergebnis) {
	if s.Klassen == nil {
		s.Klassen = map[string]*[3]int{}
	}
	k, ok := s.Klassen[e.Klasse]
	if !ok {
		k = new([3]int)
		s.Klassen[e.Klasse] = k
	}
	switch e.State {
	case Agree:
		s.Agree++
		k[0]++
	case Differ:
		s.Differ++
		k[1]++
	default:
		s.Ungeklaert++
		k[2]++
	}
}

// String is the last line of a check.
func (s Summe) String() string {
	return fmt.Sprintf("Summe: %d Zeilen, %d agree, %d differ, %d ungeklaert",
		s.Agree+s.Differ+s.Ungeklaert, s.Agree, s.Differ, s.Ungeklaert)
}

// Check computes every row from its lowest given amount and compares what the table
// states. For a range of days both ends must agree.
func (p Probe) Check(r io.Reader, emit func(Ergebnis) error) (Summe, error) {
	var sum Summe
	t, err := lies(r)
	if err != nil {
		return sum, err
	}
	if _, ok := t.kopf["authority"]; !ok {
		return sum, fault.New(fault.Invalid, "P-308", "Zum Vergleichen fehlt die Spalte „authority“; bitte ergänzen.", nil)
	}
	for i, row := range t.rows[1:] {
		e := p.vergleiche(zeile{t.kopf, row})
		e.Zeile = i + 1
		sum.add(e)
		if err := emit(e); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

func (p Probe) vergleiche(z zeile) Ergebnis {
	e := Ergebnis{ID: z.get("id"), Klasse: z.get("authority")}
	var calc bool
	for _, ende := range []int{erster, letzter} {
		w, err := p.rechne(z, ende)
		if err != nil {
			e.State, e.Grund = Differ, err.Error()
			return e
		}
		calc = calcOK(z, w)
		if e.Unterschiede = unterschiede(z, w); len(e.Unterschiede) > 0 {
			break
		}
	}
	e.State, e.Grund = urteil(z, e, calc)
	return e
}

// urteil applies the class of the row.
func urteil(z zeile, e Ergebnis, calc bool) (State, string) {
	differs := len(e.Unterschiede) > 0
	_, hasCalc := calcOf(z)
	switch {
	case e.Klasse == "X" && hasCalc && !calc:
		return Differ, "Der Wert der Spalte check kommt nicht heraus."
	case e.Klasse == "X" && hasCalc:
		return Agree, "Der gedruckte Wert ist falsch, der Wert der Spalte check kommt heraus."
	case e.Klasse == "X" && differs:
		return Agree, "Der gedruckte Wert ist falsch und kommt nicht heraus."
	case e.Klasse == "X":
		return Ungeklaert, "Der gedruckte Wert gilt als falsch, kommt aber heraus."
	case e.Klasse == "U" && differs:
		return Ungeklaert, "Der Grund steht nicht in der Tabelle; angegeben ist, was die Regel ergibt."
	case slices.Contains([]string{"A", "A-", "B", "C", "S", "U"}, e.Klasse):
		if differs {
			return Differ, ""
		}
		return Agree, ""
	case differs:
		return Ungeklaert, "Die Klasse ist unbekannt; verglichen wird nur A, A-, B, C und S."
	}
	return Agree, ""
}

// calcOf reads "calc 2.66" or "calc 15.95 (TA3)" of the check column.
func calcOf(z zeile) (money.Cent, bool) {
	rest, ok := strings.CutPrefix(z.get("check"), "calc ")
	if !ok {
		return 0, false
	}
	return betragVorn(rest)
}

// calcOK reports whether a cell that differs from the printed one has the value of the
// check column.
func calcOK(z zeile, w werte) bool {
	want, ok := calcOf(z)
	if !ok {
		return false
	}
	return slices.ContainsFunc(unterschiede(z, w), func(u Unterschied) bool { return u.Berechnet == want.Decimal() })
}

// unterschiede lists the stated cells that were computed otherwise.
func unterschiede(z zeile, w werte) []Unterschied {
	var list []Unterschied
	for name := range strings.FieldsSeq(spalten) {
		got, computed := w[name]
		want := z.get(name)
		if !computed || want == "" {
			continue
		}
		if a, ok := zahl(name, want); ok {
			if b, _ := zahl(name, got); a != b {
				list = append(list, Unterschied{name, want, got})
			}
		}
	}
	return list
}

// zahl is the amount that a cell states; text that states none is not compared.
func zahl(name, s string) (money.Cent, bool) {
	switch name {
	case "pharmacy_markup":
		return summe(s)
	case "exp_eigenanteil_or_other":
		m := amountEnd.FindStringSubmatch(s)
		if m == nil {
			return 0, false
		}
		return betragVorn(m[1])
	}
	return betragVorn(s)
}
