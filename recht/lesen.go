package recht

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/internal/fault"
)

// Limits of a law file.
const (
	maxDatei   = 256 << 10
	maxZeile   = 2000
	maxDateien = 5000
)

// feld is the text after "key:" and the line it stands on.
type feld struct {
	zeile int
	text  string
}

// abschnitt is a group of lines that belong together: the head of a parameter or
// one of its rows.
type abschnitt struct {
	zeile  int
	felder map[string]feld
	stufen []feld
}

// block is one parameter as it stands in a file, not yet understood; or the head of
// a Nachtrag, whose columns stand in spalten.
type block struct {
	kopf    abschnitt
	zeilen  []abschnitt
	spalten string
}

// datei reads one law file; name stands in its error messages.
type datei struct{ name string }

func (d datei) fehler(code string, zeile int, format string, args ...any) error {
	text := fmt.Sprintf("%s:%d: ", d.name, zeile) + fmt.Sprintf(format, args...)
	return fault.New(fault.Invalid, code, text, nil)
}

func (d datei) gross() error {
	return d.fehler("L-101", 0, "Die Datei ist größer als %d KiB; bitte aufteilen.", maxDatei>>10)
}

// lies splits a file into its parameters, after the blocks that are there already.
// It knows the keys but not the values.
func (d datei) lies(data []byte, blocks ...block) ([]block, error) {
	if len(data) > maxDatei {
		return nil, d.gross()
	}
	if !utf8.Valid(data) {
		return nil, d.fehler("L-101", 0, "Die Rechtsdatei ist kein UTF-8; bitte in UTF-8 speichern.")
	}
	nr := 0
	for line := range bytes.Lines(data) {
		nr++
		text := strings.TrimRight(string(line), "\r\n")
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			continue
		}
		var err error
		if blocks, err = d.nimm(blocks, nr, text); err != nil {
			return nil, err
		}
	}
	return blocks, nil
}

// nimm adds one line "key: text" to the blocks.
func (d datei) nimm(blocks []block, nr int, line string) ([]block, error) {
	key, text, ok := strings.Cut(line, ":")
	text = strings.TrimSpace(text)
	if !ok || len(line) > maxZeile || text == "" || steuerzeichen(line) {
		return nil, d.fehler("L-101", nr, "Erwartet wird eine Zeile der Form „Spalte: Wert“.")
	}
	f := feld{nr, text}
	if key == "parameter" {
		return append(blocks, block{kopf: neu(key, f)}), nil
	}
	if len(blocks) == 0 {
		return nil, d.fehler("L-101", nr, "Die Datei muss mit „parameter:“ beginnen.")
	}
	b := &blocks[len(blocks)-1]
	if key == "ab" && b.spalten == "" {
		b.zeilen = append(b.zeilen, neu(key, f))
		return blocks, nil
	}
	return blocks, d.setze(b, key, f)
}

func neu(key string, f feld) abschnitt {
	return abschnitt{zeile: f.zeile, felder: map[string]feld{key: f}}
}

func (d datei) setze(b *block, key string, f feld) error {
	a, known := &b.kopf, cmp.Or(b.spalten, "name typ einheit sok")
	if n := len(b.zeilen); n > 0 {
		a, known = &b.zeilen[n-1], "wert stufe norm quelle geprueft pruefen"
	}
	if !enthaelt(known, key) {
		return d.fehler("L-102", f.zeile, "Unbekannte Spalte „%s“; erlaubt sind hier: %s.",
			key, strings.ReplaceAll(known, " ", ", "))
	}
	if key == "stufe" {
		a.stufen = append(a.stufen, f)
		return nil
	}
	if _, twice := a.felder[key]; twice {
		return d.fehler("L-101", f.zeile, "Die Spalte „%s“ steht doppelt.", key)
	}
	a.felder[key] = f
	return nil
}

func enthaelt(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}

// parameter understands a block that introduces a parameter.
func (d datei) parameter(b block) (Parameter, error) {
	k := b.kopf
	if err := d.pflicht(k, "name", "typ", "einheit"); err != nil {
		return Parameter{}, err
	}
	p := Parameter{
		ID: k.felder["parameter"].text, Name: k.felder["name"].text,
		Typ: Typ(k.felder["typ"].text), Einheit: k.felder["einheit"].text,
		SOK: strings.Fields(k.felder["sok"].text),
	}
	if !gueltigeID(p.ID) {
		return Parameter{}, d.fehler("L-104", k.zeile, "„%s“ ist kein Name für einen Parameter; erlaubt sind a bis z, "+
			"Ziffern, „-“ und „/“.", kurz(p.ID))
	}
	if !enthaelt("betrag anteil zahl schalter tabelle tag text", string(p.Typ)) {
		return Parameter{}, d.fehler("L-104", k.felder["typ"].zeile, "Den Typ „%s“ gibt es nicht.", p.Typ)
	}
	if p.Typ == Betrag && !strings.HasPrefix(p.Einheit, "Euro") {
		return Parameter{}, d.fehler("L-104", k.felder["einheit"].zeile, "Ein Betrag braucht die Einheit Euro.")
	}
	var err error
	p.Zeilen, err = d.zeilen(p.ID, p.Typ, b)
	return p, err
}

func (d datei) pflicht(a abschnitt, keys ...string) error {
	for _, key := range keys {
		if _, ok := a.felder[key]; !ok {
			return d.fehler("L-103", a.zeile, "Die Spalte „%s“ fehlt.", key)
		}
	}
	return nil
}

// zeilen understands the rows of a block whose parameter has the given type.
func (d datei) zeilen(id string, typ Typ, b block) ([]Zeile, error) {
	if len(b.zeilen) == 0 {
		return nil, d.fehler("L-103", b.kopf.zeile, "Der Parameter „%s“ hat keine Zeile „ab:“.", id)
	}
	var list []Zeile
	for _, a := range b.zeilen {
		z, err := d.zeile(id, typ, a)
		if err != nil {
			return nil, err
		}
		if n := len(list); n > 0 && list[n-1].Ab >= z.Ab {
			return nil, d.fehler("L-105", a.zeile, "Die Tage müssen streng aufsteigen: %s steht nach %s.",
				z.Ab.German(), list[n-1].Ab.German())
		}
		list = append(list, z)
	}
	return list, nil
}

func (d datei) zeile(id string, typ Typ, a abschnitt) (Zeile, error) {
	if err := d.pflicht(a, "norm", "quelle", "geprueft"); err != nil {
		return Zeile{}, err
	}
	z := Zeile{
		Parameter: id, Norm: a.felder["norm"].text, Quelle: a.felder["quelle"].text,
		Pruefen: a.felder["pruefen"].text, Ort: fmt.Sprintf("%s:%d", d.name, a.zeile),
	}
	var err error
	if z.Ab, err = d.tag(a.felder["ab"]); err != nil {
		return Zeile{}, err
	}
	if z.Geprueft, err = d.tag(a.felder["geprueft"]); err != nil {
		return Zeile{}, err
	}
	return z, d.wert(&z, typ, a)
}

func (d datei) tag(f feld) (civil.Day, error) {
	day, err := civil.Parse(f.text)
	if err != nil {
		return 0, d.fehler("L-104", f.zeile, "„%s“ ist kein Tag; erwartet wird JJJJ-MM-TT.", f.text)
	}
	return day, nil
}

func (d datei) wert(z *Zeile, typ Typ, a abschnitt) error {
	f, ok := a.felder["wert"]
	if ok == (len(a.stufen) > 0) {
		return d.fehler("L-103", a.zeile, "Die Zeile braucht entweder „wert:“ oder „stufe:“.")
	}
	if ok && f.text == Aufgehoben {
		z.Aufgehoben, z.Wert = true, Wert{Typ: typ}
		return nil
	}
	if typ == Tabelle && !ok {
		stufen, err := d.stufen(a.stufen)
		z.Wert = Wert{Typ: typ, Stufen: stufen}
		return err
	}
	w, err := parseWert(typ, f.text)
	if err != nil {
		return d.fehler("L-104", max(f.zeile, a.zeile), "„%s“ ist kein Wert vom Typ „%s“.", f.text, typ)
	}
	z.Wert = w
	return nil
}

// stufen reads the steps of a table: ascending limits, the last one open.
func (d datei) stufen(fs []feld) ([]preis.Stufe, error) {
	list := make([]preis.Stufe, 0, len(fs))
	for i, f := range fs {
		s, err := parseStufe(f.text)
		if err != nil {
			return nil, d.fehler("L-104", f.zeile, "„%s“ ist keine Stufe wie „bis 1,70 = 20 %%“.", f.text)
		}
		if !folgt(list, s, i == len(fs)-1) {
			return nil, d.fehler("L-105", f.zeile, "Die Stufen müssen aufsteigen, und nur die letzte heißt „darüber“.")
		}
		list = append(list, s)
	}
	return list, nil
}

// folgt says whether a step may stand after the others: limits rise, and the last
// one alone is open.
func folgt(list []preis.Stufe, s preis.Stufe, last bool) bool {
	if last || s.Bis == 0 {
		return last && s.Bis == 0
	}
	return len(list) == 0 || s.Bis > list[len(list)-1].Bis
}
