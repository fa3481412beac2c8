package dsfinvk

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
)

// wert is a value of a column: a text, or a number with so many decimals; or nothing.
type wert struct {
	text    string
	zahl    int64
	stellen int
	da      bool // a number is there
}

func text(s string) wert                { return wert{text: s} }
func ganz[T int | uint64](n T) wert     { return wert{zahl: int64(n), da: true} }
func cent(c money.Cent) wert            { return dezimal(int64(c), 2) }
func dezimal(n int64, stellen int) wert { return wert{zahl: n, stellen: stellen, da: true} }
func leer() wert                        { return wert{} }

// janein is a flag.
func janein(b bool) wert {
	if b {
		return text("1")
	}
	return text("0")
}

// tafel is a table that is being written.
type tafel struct {
	Tabelle
	*spule
	puffer []byte
}

// kopf writes the names of the columns.
func (t *tafel) kopf() error {
	t.puffer = t.puffer[:0]
	for i, s := range t.Spalten {
		if i > 0 {
			t.puffer = append(t.puffer, ';')
		}
		t.puffer = append(t.puffer, s.Name...)
	}
	_, err := t.Write(append(t.puffer, "\r\n"...))
	return err
}

// zeile writes a row. Ort is what it is about, for the message of a value that does not fit:
// none is ever cut.
func (t *tafel) zeile(ort string, werte []wert) error {
	if len(werte) != len(t.Spalten) {
		panic(fmt.Sprintf("dsfinvk: %d values for %s", len(werte), t.Datei))
	}
	t.puffer = t.puffer[:0]
	for i, s := range t.Spalten {
		if i > 0 {
			t.puffer = append(t.puffer, ';')
		}
		if err := s.check(ort, werte[i]); err != nil {
			return err
		}
		t.puffer = s.append(t.puffer, werte[i])
	}
	_, err := t.Write(append(t.puffer, "\r\n"...))
	return err
}

func (s Spalte) check(ort string, w wert) error {
	if n := utf8.RuneCountInString(w.text); !s.Zahl && n > s.Max {
		return fault.New(fault.Invalid, "T-401", fmt.Sprintf(
			"%s: %s hat %d Zeichen, erlaubt sind %d; bitte den Text kürzen, der Export kürzt ihn nicht.",
			ort, s.Name, n, s.Max), nil)
	}
	if s.Pflicht && (s.Zahl && !w.da || !s.Zahl && w.text == "") {
		return fault.New(fault.Invalid, "T-402", fmt.Sprintf(
			"%s: %s ist leer und muss für den Export angegeben sein; bitte in den Stammdaten ergänzen.", ort, s.Name), nil)
	}
	return nil
}

// append writes a value: numbers with a decimal comma and all decimals of the column, without
// groups; texts in quotation marks.
func (s Spalte) append(b []byte, w wert) []byte {
	if !s.Zahl {
		b = append(b, '"')
		for i := range len(w.text) {
			if w.text[i] == '"' {
				b = append(b, '"')
			}
			b = append(b, w.text[i])
		}
		return append(b, '"')
	}
	if !w.da {
		return b
	}
	n := w.zahl
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	digits := strconv.FormatInt(n, 10)
	for len(digits) <= w.stellen {
		digits = "0" + digits
	}
	at := len(digits) - w.stellen
	b = append(b, digits[:at]...)
	if s.Stellen == 0 {
		return b
	}
	b = append(append(b, ','), digits[at:]...)
	return append(b, slices.Repeat([]byte{'0'}, s.Stellen-w.stellen)...)
}
