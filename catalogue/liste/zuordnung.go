package liste

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/internal/fault"
)

// The limits of a mapping.
const (
	MaxZuordnung = 64 << 10 // bytes
	maxKopfzeile = 100
)

// The mappings of the lists that are known. Their columns are those of the published lists;
// a pharmacy writes them out, changes a line and reads with that.
var (
	//go:embed vorlagen/festbetrag.txt
	festbetraege string
	//go:embed vorlagen/zuzahlungsfrei.txt
	zuzahlungsfreie string
	//go:embed vorlagen/rabattvertrag.txt
	rabattvertraege string
)

// Text returns the mapping that a layout begins with; empty: it has none.
func (v Vorlage) Text() string {
	switch v {
	case Festbetrag:
		return festbetraege
	case Zuzahlungsfrei:
		return zuzahlungsfreie
	case Rabattvertrag:
		return rabattvertraege
	case Eigene, Produkte:
	}
	return ""
}

// Optionen returns what is set for a layout before anybody says otherwise.
func (v Vorlage) Optionen() (Optionen, error) {
	return LiesZuordnung(strings.NewReader(v.Text()), Optionen{Vorlage: v})
}

// Schreibweise is how the text of a file is written; what is zero is found out.
type Schreibweise struct {
	Zeichen   Zeichen
	Trenner   byte // ; , or tab
	Dezimal   byte // , or .
	Kopfzeile int  // the line with the names of the columns; 0: the first that is not empty
	Nullen    bool // numbers have lost their leading zeros: they are put back
}

// Zeichen is a set of letters.
type Zeichen string

// The sets.
const (
	UTF8        Zeichen = "utf-8"
	Windows1252 Zeichen = "windows-1252"
	ISO8859     Zeichen = "iso-8859-1"
)

// LiesZuordnung reads a mapping over what is set already. It is a text of lines: a setting
// and its value, "spalte FELD = SPALTE" for a column, "fest FELD = WERT" for a value that
// holds for all rows; a line with # is for people. Errors name the line.
func LiesZuordnung(r io.Reader, o Optionen) (Optionen, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxZuordnung+1))
	if err != nil {
		return o, fmt.Errorf("read mapping: %w", err)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if len(text) > MaxZuordnung || bytes.IndexByte(text, 0) >= 0 {
		return o, fault.New(fault.Invalid, "A-681",
			"Die Zuordnung ist kein Text von höchstens 64 KB; bitte prüfen, ob es die richtige Datei ist.", nil)
	}
	z := zuordnung{Optionen: o, gesagt: map[string]int{}}
	z.Spalten, z.Werte = maps.Clone(o.Spalten), maps.Clone(o.Werte)
	form := textform{latein: !utf8.Valid(text)}
	for line := range bytes.Lines(text) {
		z.nr++
		if err := z.zeile(strings.TrimSpace(form.text(line))); err != nil {
			return o, err
		}
	}
	return z.Optionen, z.felder()
}

// zuordnung is a mapping that is being read.
type zuordnung struct {
	Optionen

	nr     int
	gesagt map[string]int // the line of each setting
}

func (z *zuordnung) zeile(line string) error {
	if line == "" || strings.HasPrefix(line, "#") {
		return nil
	}
	name, value, ok := strings.Cut(line, "=")
	name, value = strings.ToLower(strings.Join(strings.Fields(name), " ")), strings.TrimSpace(value)
	if !ok || name == "" || value == "" {
		return fault.New(fault.Invalid, "A-682", fmt.Sprintf("Zeile %d der Zuordnung: „%s“ ist keine Angabe; bitte wie "+
			"„spalte pzn = Artikelnummer“ schreiben.", z.nr, kurz(line)), nil)
	}
	art, field, _ := strings.Cut(name, " ")
	key := name
	if art == "fest" {
		key = "spalte " + field // one of both
	}
	if first, twice := z.gesagt[key]; twice {
		return fault.New(fault.Invalid, "A-685", fmt.Sprintf("Zeile %d der Zuordnung: „%s“ steht schon in Zeile %d; bitte "+
			"eine der beiden entfernen.", z.nr, kurz(name), first), nil)
	}
	z.gesagt[key] = z.nr
	switch art {
	case "spalte":
		setze(&z.Spalten, field, value)
		delete(z.Werte, field)
		return nil
	case "fest":
		setze(&z.Werte, field, value)
		delete(z.Spalten, field)
		return nil
	}
	return z.angabe(name, value)
}

func setze(m *map[string]string, key, value string) {
	if *m == nil {
		*m = map[string]string{}
	}
	(*m)[key] = value
}

// angabe sets how the file is written.
func (z *zuordnung) angabe(name, value string) error {
	v := strings.ToLower(value)
	switch name {
	case "vorlage":
		list := []Vorlage{Eigene, Produkte, Festbetrag, Zuzahlungsfrei, Rabattvertrag}
		return waehle(z, v, &z.Vorlage, list, list)
	case "umfang":
		return waehle(z, v, &z.Teil, []string{"vollstaendig", "teil"}, []bool{false, true})
	case "zeichen":
		list := []Zeichen{UTF8, Windows1252, ISO8859}
		return waehle(z, v, &z.Zeichen, list, list)
	case "trenner":
		return waehle(z, v, &z.Trenner, []string{";", ",", "tab"}, []byte{';', ',', '\t'})
	case "dezimal":
		return waehle(z, v, &z.Dezimal, []string{"komma", "punkt"}, []byte{',', '.'})
	case "nullen":
		return waehle(z, v, &z.Nullen, []string{"vorhanden", "ergaenzen"}, []bool{false, true})
	case "kopfzeile":
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > maxKopfzeile {
			return z.unmoeglich(value, "eine Zahl von 1 bis "+strconv.Itoa(maxKopfzeile))
		}
		z.Kopfzeile = n
		return nil
	}
	return z.unmoeglich(name, "vorlage, umfang, zeichen, trenner, dezimal, kopfzeile, nullen, spalte FELD, fest FELD")
}

// waehle sets one of the values by its name.
func waehle[N ~string, V any](z *zuordnung, said string, to *V, names []N, values []V) error {
	var list []string
	for i, n := range names {
		if said == string(n) {
			*to = values[i]
			return nil
		}
		list = append(list, string(n))
	}
	return z.unmoeglich(said, strings.Join(list, ", "))
}

func (z *zuordnung) unmoeglich(said, possible string) error {
	return fault.New(fault.Invalid, "A-683", fmt.Sprintf("Zeile %d der Zuordnung: „%s“ gibt es hier nicht; möglich "+
		"sind: %s.", z.nr, kurz(said), possible), nil)
}

// felder refuses fields that the layout does not have, in the order of their lines.
func (z *zuordnung) felder() error {
	keys := slices.SortedFunc(maps.Keys(z.gesagt), func(a, b string) int { return z.gesagt[a] - z.gesagt[b] })
	for _, key := range keys {
		field, ok := strings.CutPrefix(key, "spalte ")
		if key == "spalte" || ok && !slices.Contains(Felder(z.Vorlage), field) {
			z.nr = z.gesagt[key]
			return z.unmoeglich(field, strings.Join(Felder(z.Vorlage), ", "))
		}
	}
	return nil
}
