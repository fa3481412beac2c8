package liste

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/internal/fault"
)

// feld is a field of an article that a column can fill.
type feld struct {
	name  string
	auch  string // further names of its column, folded, separated by blanks
	setze func(*Satz, string) *befund.Befund
}

// Felder names the fields that can be filled in a layout.
func Felder(v Vorlage) []string {
	var list []string
	for _, f := range felder(Optionen{Vorlage: v}) {
		list = append(list, f.name)
	}
	return list
}

// pflicht are the columns without which a file is no catalogue. Without the third,
// drugs on prescription would be sold to anybody.
func pflicht(v Vorlage) []string {
	switch v {
	case Produkte:
		return []string{"pzn", "name"}
	case Festbetrag:
		return []string{"pzn", "festbetrag"}
	case Zuzahlungsfrei:
		return []string{"pzn"}
	case Rabattvertrag:
		return []string{"ik", "pzn"}
	case Eigene:
	}
	return []string{"pzn", "name", "rx"}
}

// kopf assigns the fields to the columns of the first line. The separator is the one
// that yields most columns.
func (d *Datei) kopf(line string) error {
	line = strings.TrimRight(line, "\r")
	seps := []byte{';', '\t', ','}
	if d.o.Trenner != 0 {
		seps = []byte{d.o.Trenner}
	}
	for _, sep := range seps {
		cells, ok := teile(line, sep, nil)
		if ok && len(cells) > len(d.namen) {
			d.trenner, d.namen = sep, cells
		}
	}
	if len(d.namen) > MaxSpalten {
		return fault.New(fault.Invalid, "A-421", "Die Datei hat mehr als 200 Spalten; bitte nur die nötigen ausgeben.", nil)
	}
	d.felder = make([]feld, len(d.namen))
	for i, n := range d.namen {
		d.namen[i] = kurz(strings.TrimSpace(n))
	}
	byName, err := d.zuordnung()
	if err != nil {
		return err
	}
	for i, n := range d.namen {
		f, ok := byName[gefaltet(n)]
		if !ok {
			continue
		}
		if slices.ContainsFunc(d.felder[:i], func(g feld) bool { return g.name == f.name }) {
			return fault.New(fault.Invalid, "A-422", fmt.Sprintf(
				"Zwei Spalten passen zum Feld „%s“; bitte mit --spalte %s=SPALTE sagen, welche gilt.", f.name, f.name), nil)
		}
		d.felder[i] = f
	}
	if err := d.festeWerte(); err != nil {
		return err
	}
	return d.vollstaendig()
}

// festeWerte takes the fields that have the same value in all rows.
func (d *Datei) festeWerte() error {
	for _, f := range felder(d.o) {
		value, ok := d.o.Werte[f.name]
		if !ok {
			continue
		}
		if b := f.setze(&Satz{}, value); b != nil {
			return fault.New(fault.Invalid, b.Code, "Zuordnung, fest "+f.name+": "+b.Text, nil)
		}
		d.fest = append(d.fest, f)
	}
	return nil
}

// zuordnung returns the fields by the folded names of their columns.
func (d *Datei) zuordnung() (map[string]feld, error) {
	all := felder(d.o)
	byName := map[string]feld{}
	for _, f := range all {
		if d.o.Spalten[f.name] != "" || d.o.Werte[f.name] != "" {
			continue // only under the name, or with the value, that was given for it
		}
		for n := range strings.FieldsSeq(f.name + " " + f.auch) {
			byName[gefaltet(n)] = f
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.o.Spalten)) {
		column := d.o.Spalten[name]
		i := slices.IndexFunc(all, func(f feld) bool { return f.name == name })
		if i < 0 {
			return nil, fault.New(fault.Invalid, "A-419", fmt.Sprintf(
				"Das Feld „%s“ gibt es nicht; möglich sind: %s.", kurz(name), strings.Join(Felder(d.o.Vorlage), ", ")), nil)
		}
		if !slices.ContainsFunc(d.namen, func(n string) bool { return gefaltet(n) == gefaltet(column) }) {
			return nil, fault.New(fault.Invalid, "A-420", fmt.Sprintf(
				"Die Datei hat keine Spalte „%s“; es gibt: %s.", kurz(column), strings.Join(d.namen, ", ")), nil)
		}
		byName[gefaltet(column)] = all[i]
	}
	return byName, nil
}

func (d *Datei) vollstaendig() error {
	for _, name := range pflicht(d.o.Vorlage) {
		if !d.Has(name) {
			return fault.New(fault.Invalid, "A-423", fmt.Sprintf("Die erste Zeile nennt keine Spalte für „%s“; "+
				"bitte die Spalten in der ersten Zeile benennen oder mit --spalte %s=SPALTE zuordnen.", name, name), nil)
		}
	}
	return nil
}

// gefaltet is the name of a column without case, umlauts, blanks and what stands in
// brackets.
func gefaltet(s string) string {
	s, _, _ = strings.Cut(s, "(")
	return strings.ReplaceAll(suche.Falten(s), " ", "")
}

// kurz cuts what is quoted in a message.
func kurz(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strings.ToValidUTF8(s, "?")
}
