package recht

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/internal/fault"
)

// Zurueckgenommen is the value of a Festlegung that takes back an earlier one for
// the same parameter and day: the law that shipped holds again.
const Zurueckgenommen = "zurückgenommen"

// Aufgehoben is the value of a row that repeals its parameter.
const Aufgehoben = "aufgehoben"

// Festlegung is an eigene Festlegung of the Inhaber: a value of a parameter from a
// day on, until the next row of that parameter.
type Festlegung struct {
	Parameter   string
	Ab          civil.Day
	Wert        string // as in the law files; a table has its steps after "; "
	Begruendung string // 5 to 500 characters
	Wer         string // Kuerzel
	Am          civil.Day
}

// Festlegungen is all Festlegungen in the order in which they were made; of two for
// the same parameter and day the later one stays.
type Festlegungen []Festlegung

func (l Festlegungen) ueber(k *Sammlung) error {
	last := map[string]int{}
	for i, f := range l {
		last[f.Parameter+" "+f.Ab.String()] = i
	}
	var rows []Parameter
	for i, f := range l {
		if last[f.Parameter+" "+f.Ab.String()] != i || f.Wert == Zurueckgenommen {
			continue
		}
		p, z, err := k.festgelegt(f)
		if err != nil {
			return err
		}
		p.Zeilen = []Zeile{z}
		rows = append(rows, p)
	}
	slices.SortStableFunc(rows, func(a, b Parameter) int { return cmp.Compare(a.Zeilen[0].Ab, b.Zeilen[0].Ab) })
	for _, p := range rows {
		k.lege(p)
	}
	return nil
}

// Pruefe returns the row that the Festlegung makes when it is laid over s, or a fault
// that names the field. One that takes back makes an empty row.
func (s *Sammlung) Pruefe(f Festlegung) (Zeile, error) {
	if f.Wert == Zurueckgenommen {
		f.Wert = Aufgehoben
	}
	_, z, err := s.festgelegt(f)
	return z, err
}

// festgelegt returns the parameter and the row that a Festlegung makes.
func (s *Sammlung) festgelegt(f Festlegung) (Parameter, Zeile, error) {
	p, ok := s.Suche(f.Parameter)
	if !ok {
		return p, Zeile{}, fault.New(fault.NotFound, "L-121", "Den Parameter „"+kurz(f.Parameter)+
			"“ gibt es nicht; „offizin recht on“ zeigt alle.", nil)
	}
	if f.Ab < Beginn || !f.Ab.Valid() {
		return p, Zeile{}, fault.New(fault.Invalid, "L-122",
			"Eine Festlegung braucht einen Tag ab dem "+Beginn.German()+", von dem an sie gilt.", nil)
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(f.Begruendung)); n < 5 || n > 500 || steuerzeichen(f.Begruendung) {
		return p, Zeile{}, fault.New(fault.Invalid, "L-124",
			"Eine Festlegung braucht eine Begründung von 5 bis 500 Zeichen; sie steht in jedem „Warum?“.", nil)
	}
	z := Zeile{
		Parameter: p.ID, Ab: f.Ab, Wert: Wert{Typ: p.Typ}, Aufgehoben: f.Wert == Aufgehoben, Norm: p.normAm(f.Ab),
		Quelle: "eigene Festlegung: " + strings.TrimSpace(f.Begruendung), Geprueft: f.Am, Art: fassung.Festlegung,
		Ort: "festgelegt von " + f.Wer + " am " + f.Am.German(),
	}
	if z.Aufgehoben {
		return p, z, nil
	}
	w, err := parseFestlegung(p.Typ, strings.TrimSpace(f.Wert))
	if err != nil || len(f.Wert) > maxZeile || steuerzeichen(f.Wert) || p.Typ == Text && f.Wert == "" {
		return p, Zeile{}, fault.New(fault.Invalid, "L-123", "„"+kurz(f.Wert)+"“ ist kein Wert für „"+p.Name+
			"“; erwartet wird "+beispiel(p.Typ)+" oder „"+Aufgehoben+"“.", nil)
	}
	z.Wert = w
	return p, z, nil
}

// normAm returns the norm of the parameter as of the day.
func (p Parameter) normAm(day civil.Day) string {
	if z, ok := p.Am(day); ok {
		return z.Norm
	}
	return p.Zeilen[0].Norm
}

// parseFestlegung reads what a person types: days also in the German form, tables
// on one line.
func parseFestlegung(typ Typ, s string) (Wert, error) {
	switch typ {
	case Tag:
		if day, err := civil.ParseGerman(s); err == nil {
			s = day.String()
		}
	case Tabelle:
		return parseTabelle(strings.Split(s, ";"))
	default:
	}
	return parseWert(typ, s)
}

func parseTabelle(lines []string) (Wert, error) {
	var list []preis.Stufe
	for i, line := range lines {
		st, err := parseStufe(strings.TrimSpace(line))
		if err != nil || !folgt(list, st, i == len(lines)-1) {
			return Wert{}, errWert
		}
		list = append(list, st)
	}
	return Wert{Typ: Tabelle, Stufen: list}, nil
}

func beispiel(typ Typ) string {
	switch typ {
	case Betrag:
		return "ein Betrag wie „8,35“"
	case Anteil:
		return "ein Anteil wie „3,15 %“"
	case Zahl:
		return "eine ganze Zahl"
	case Schalter:
		return "„ja“ oder „nein“"
	case Tabelle:
		return "eine Staffel wie „bis 3,00 = 15 %; darüber = 0,45 €“"
	case Tag:
		return "ein Tag wie „31.12.2030“"
	default:
		return "ein Text"
	}
}

func steuerzeichen(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// kurz makes text from outside fit for a message.
func kurz(s string) string {
	runes := []rune(strings.ToValidUTF8(s, "?"))
	if len(runes) > 60 {
		runes = append(runes[:60], '…')
	}
	for i, r := range runes {
		if r < ' ' || r == 0x7f {
			runes[i] = '?'
		}
	}
	return string(runes)
}
