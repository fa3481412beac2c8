// Package liste reads articles from a table in a text file: one row for each pack,
// columns by the names in the first line. It reads the file row by row and keeps nothing
// of it but the numbers, and it names every fault with line and column.
package liste

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
)

// The limits of a file.
const (
	MaxBytes   = 1 << 30
	MaxZeilen  = 1_000_000
	MaxSpalten = 200
	MaxZeile   = 64 << 10 // bytes of one line
)

// Vorlage is a known layout of a file.
type Vorlage string

// The layouts.
const (
	Eigene   Vorlage = "eigene"   // every field of an article under its own name
	Produkte Vorlage = "produkte" // products collected from published E-Rezept examples

	Festbetrag     Vorlage = "festbetrag"     // what the GKV pays at most, by PZN
	Zuzahlungsfrei Vorlage = "zuzahlungsfrei" // PZN for which there is no Zuzahlung
	Rabattvertrag  Vorlage = "rabattvertrag"  // contracts by IK and PZN
)

// Optionen say how a file is to be read.
type Optionen struct {
	Vorlage Vorlage           // empty: Eigene
	Spalten map[string]string // field to column, where the column has another name
	Werte   map[string]string // field to what it is in all rows, where the file has no column for it
	Ab      civil.Day         // prices that are given by date: those in force on this day
	Teil    bool              // of a list that changes articles: what it does not name stays as it is

	Schreibweise
}

// Fund is one fault of a file, or a doubt if its Schwere is befund.Warnung.
type Fund struct {
	Zeile  int    // from 1; the line with the names is 1
	Spalte string // as the file names it; empty: the whole row
	befund.Befund
}

// Error says where the fault is and what it is.
func (f Fund) Error() string {
	where := "Zeile " + strconv.Itoa(f.Zeile)
	if f.Spalte != "" {
		where += ", Spalte „" + f.Spalte + "“"
	}
	return where + ": " + f.Befund.Error()
}

// Satz is one row: an article, or the reasons why it is none.
type Satz struct {
	Nr      int // of its line
	Zeile   catalogue.Zeile
	Vertrag catalogue.Vertragszeile // only of a list of Rabattvertraege
	Funde   []Fund
}

// Gut reports whether the row is an article.
func (s Satz) Gut() bool { return len(s.Funde) == 0 }

// Datei is an open table.
type Datei struct {
	r       io.ReadSeeker
	o       Optionen
	form    textform
	trenner byte
	namen   []string // of the columns
	felder  []feld   // one for each column; without a function: not used
	fest    []feld   // those that have the same value in all rows
	kopfNr  int      // the line with the names
}

// Oeffne finds out how the file is written and which columns it has.
func Oeffne(r io.ReadSeeker, o Optionen) (*Datei, error) {
	if o.Vorlage == "" {
		o.Vorlage = Eigene
	}
	d := &Datei{r: r, o: o}
	var err error
	if d.form, err = erkenne(r, o.Zeichen); err != nil {
		return nil, err
	}
	line := ""
	for nr, l := range d.zeilen(&err) {
		if nr >= o.Kopfzeile {
			line, d.kopfNr = l, nr
			break
		}
	}
	if err != nil {
		return nil, err
	}
	return d, d.kopf(line)
}

// Ungenutzt names the columns that no field takes.
func (d *Datei) Ungenutzt() []string {
	var list []string
	for i, f := range d.felder {
		if f.setze == nil && d.namen[i] != "" {
			list = append(list, d.namen[i])
		}
	}
	return list
}

// Has reports whether the file says anything of a field.
func (d *Datei) Has(field string) bool {
	return slices.ContainsFunc(slices.Concat(d.felder, d.fest), func(f feld) bool { return f.name == field })
}

// zeilen reads the lines that are not empty, with their numbers; err gets what went
// wrong.
func (d *Datei) zeilen(err *error) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		if _, *err = d.r.Seek(d.form.start, io.SeekStart); *err != nil {
			*err = fmt.Errorf("read catalogue file: %w", *err)
			return
		}
		sc := bufio.NewScanner(d.r)
		sc.Buffer(make([]byte, 0, MaxZeile), MaxZeile)
		nr := 0
		for sc.Scan() {
			nr++
			line := d.form.text(sc.Bytes())
			if strings.Trim(line, " ;,\t\"") != "" && !yield(nr, line) {
				return
			}
		}
		*err = lesefehler(sc.Err(), nr+1)
	}
}

func lesefehler(err error, nr int) error {
	if errors.Is(err, bufio.ErrTooLong) {
		return fault.New(fault.Invalid, "A-424", fmt.Sprintf(
			"Zeile %d ist länger als 64 KB; bitte prüfen, ob die Datei eine Tabelle mit einer Zeile je Artikel ist.", nr), err)
	}
	if err != nil {
		return fmt.Errorf("read catalogue file: %w", err)
	}
	return nil
}

// Saetze reads the rows in their order. It can be read more than once; an error ends it.
func (d *Datei) Saetze() iter.Seq2[Satz, error] {
	return func(yield func(Satz, error) bool) {
		var err error
		l := leser{Datei: d, erste: map[kennung.PZN]int{}, zusagen: map[string]zusage{}}
		for nr, line := range d.zeilen(&err) {
			if nr <= d.kopfNr {
				continue
			}
			if l.anzahl++; l.anzahl > MaxZeilen {
				err = fault.New(fault.Invalid, "A-427", "Die Datei hat mehr als 1.000.000 Zeilen; bitte teilen.", nil)
				break
			}
			if !yield(l.satz(nr, line), nil) {
				return
			}
		}
		if err != nil {
			yield(Satz{}, err)
		}
	}
}

// leser turns lines into rows.
type leser struct {
	*Datei
	erste   map[kennung.PZN]int // line of its first occurrence
	zusagen map[string]zusage   // the same of a list that changes articles, by IK and PZN
	zellen  []string
	anzahl  int
}

// zusage is what a row of a list says of a pack.
type zusage struct {
	betrag  int64
	vertrag zuzahlung.Vertrag
	zeile   int
}

func (l *leser) satz(nr int, line string) Satz {
	s := Satz{Nr: nr}
	melde := func(spalte string, b *befund.Befund) {
		if b != nil {
			s.Funde = append(s.Funde, Fund{nr, spalte, *b})
		}
	}
	var ok bool
	if l.zellen, ok = teile(line, l.trenner, l.zellen[:0]); !ok {
		melde("", hindernis("A-428", "Ein Anführungszeichen ist nicht geschlossen oder steht falsch; bitte die "+
			"Zeile berichtigen."))
		return s
	}
	if len(l.zellen) != len(l.felder) {
		melde("", hindernis("A-426", fmt.Sprintf("Die Zeile hat %d Spalten statt %d; bitte sie berichtigen "+
			"(fehlt ein Trennzeichen, oder steht eines in einem Text ohne Anführungszeichen?).", len(l.zellen), len(l.felder))))
		return s
	}
	s.Vertrag.Vertrag.Faktor = 100 // unless a column says otherwise
	for _, f := range l.fest {
		melde("", f.setze(&s, l.o.Werte[f.name]))
	}
	for i, f := range l.felder {
		if f.setze != nil {
			melde(l.namen[i], f.setze(&s, strings.TrimSpace(l.zellen[i])))
		}
	}
	if l.o.Vorlage.Amtlich() {
		if s.Gut() {
			melde("", l.amtlich(&s))
		}
		return s
	}
	s.Vertrag = catalogue.Vertragszeile{}
	if s.Gut() {
		melde("", l.schluss(&s.Zeile.Artikel))
	}
	if s.Gut() {
		melde("", l.doppelt(s.Zeile.Artikel.PZN, nr))
	}
	return s
}

func (l *leser) doppelt(pzn kennung.PZN, nr int) *befund.Befund {
	if first, twice := l.erste[pzn]; twice {
		return hindernis("A-433", fmt.Sprintf(
			"Die PZN %s steht schon in Zeile %d; bitte eine der beiden Zeilen entfernen.", pzn, first))
	}
	l.erste[kennung.PZN(strings.Clone(string(pzn)))] = nr // not a part of its line, which would stay with it
	return nil
}

// hindernis makes the verdict that a row is no article.
func hindernis(code, text string) *befund.Befund {
	return &befund.Befund{Code: code, Schwere: befund.Hindernis, Text: text}
}
