package pruefung

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/offizin/offizin/integration/dsfinvk"
	"github.com/offizin/offizin/internal/dtd"
)

// zeile is a row of a table, checked for its form.
type zeile struct {
	*lauf
	tab     *dsfinvk.Tabelle
	nr      int
	stellen map[string]int // column to field
	felder  []feld
}

// text is the value of a column; empty if the row has none.
func (z *zeile) text(name string) string {
	i, ok := z.stellen[name]
	if !ok || i >= len(z.felder) {
		return ""
	}
	return z.felder[i].text
}

// zahl is the value of a number, in hundred-thousandths; 0 if it is none.
func (z *zeile) zahl(name string) int64 {
	n, _ := zahl(z.text(name), 5)
	return n
}

// ganz is the value of a whole number; 0 if it is none.
func (z *zeile) ganz(name string) int64 { return z.zahl(name) / stufe }

// stufe is one, in hundred-thousandths.
const stufe = 100_000

// zeit is an instant, UTC nanoseconds; 0 if it is none.
func (z *zeile) zeit(name string) int64 {
	t, ok := zeit(z.text(name))
	if !ok {
		return 0
	}
	return t.UnixNano()
}

// fund tells what is wrong with the row.
func (z *zeile) fund(code, text string) { z.lauf.fund(z.tab.Datei, z.nr, code, text) }

// zahl reads a number of at most so many decimals, in hundred-thousandths.
func zahl(s string, stellen int) (int64, bool) {
	rest, minus := strings.CutPrefix(s, "-")
	before, after, comma := strings.Cut(rest, ",")
	if before == "" || len(before) > 12 || comma && (after == "" || len(after) > stellen) {
		return 0, false
	}
	for len(after) < 5 {
		after += "0"
	}
	var n int64
	for _, c := range before + after {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if minus {
		n = -n
	}
	return n, true
}

// zeit reads an instant of ISO 8601; without a zone it counts as UTC.
func zeit(s string) (time.Time, bool) {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(form, s); err == nil && t.Year() > 1677 && t.Year() < 2262 {
			return t, true
		}
	}
	return time.Time{}, false
}

// lesen reads all tables, master data first, then records, then their sums.
func (l *lauf) lesen(schema []dsfinvk.Tabelle) error {
	if l.datei[dsfinvk.Index] != nil {
		l.index()
	}
	if l.datei[dtd.Name] != nil {
		l.grammatik()
	}
	for _, step := range []struct {
		datei string
		f     func(*zeile)
	}{
		{"cashpointclosing.csv", l.zAbschluss},
		{"location.csv", l.zOrt},
		{"cashregister.csv", l.zGeraet},
		{"slaves.csv", l.zTerminal},
		{"pa.csv", l.zAgentur},
		{"tse.csv", l.zTSE},
		{"vat.csv", l.zSatz},
		{"transactions.csv", l.bonkopf},
		{"lines.csv", l.position},
		{"lines_vat.csv", l.positionSteuer},
		{"itemamounts.csv", l.preisfindung},
		{"subitems.csv", l.zusatz},
		{"transactions_vat.csv", l.bonSteuer},
		{"datapayment.csv", l.bonZahlung},
		{"transactions_tse.csv", l.gesichert},
		{"allocation_groups.csv", l.nurBon},
		{"references.csv", l.bezug},
		{"businesscases.csv", l.zGeschaeft},
		{"payment.csv", l.zZahlung},
		{"cash_per_currency.csv", l.zBargeld},
	} {
		i := slices.IndexFunc(schema, func(t dsfinvk.Tabelle) bool { return t.Datei == step.datei })
		if i < 0 {
			return fmt.Errorf("no columns of %s", step.datei)
		}
		if l.datei[step.datei] != nil && l.err == nil && !l.voll {
			l.tabelle(&schema[i], step.f)
		}
	}
	return l.err
}

// tabelle reads a table and calls f for each row.
func (l *lauf) tabelle(t *dsfinvk.Tabelle, f func(*zeile)) {
	file, err := l.open(t.Datei)
	if err != nil {
		l.lesefehler(t.Datei, 0, err)
		return
	}
	defer file.Close() //nolint:errcheck // only read
	in := newLeser(file)
	if err := in.lies(); err != nil {
		l.lesefehler(t.Datei, 1, err)
		return
	}
	z := &zeile{lauf: l, tab: t, nr: 1, felder: in.felder}
	z.form(in.mangel)
	z.stellen = z.kopf()
	spalten := len(in.felder)
	for {
		err := in.lies()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			l.lesefehler(t.Datei, in.zeile, err)
			return
		}
		if l.bericht.Zeilen++; l.bericht.Zeilen > maxZeilen {
			l.voll = true
			l.lesefehler(t.Datei, in.zeile, errEnde)
			return
		}
		if l.err != nil || l.voll {
			return
		}
		z.nr, z.felder = in.zeile, in.felder
		z.form(in.mangel)
		if len(z.felder) != spalten {
			z.fund("T-415", fmt.Sprintf("Die Zeile hat %d Felder statt %d.", len(z.felder), spalten))
			continue
		}
		z.werte()
		f(z)
	}
}

// form tells what is wrong with the dialect.
func (z *zeile) form(m mangel) {
	if m&zeilenende != 0 {
		z.fund("T-417", "Die Zeile endet nicht mit CR LF.")
	}
	if m&zitat != 0 {
		z.fund("T-418", "Ein Anführungszeichen steht, wo keines stehen darf.")
	}
	if m&zeichen != 0 {
		z.fund("T-419", "Die Zeile enthält Zeichen, die in UTF-8-Text nicht stehen dürfen.")
	}
}

// kopf compares the names of the columns with the standard, and says where each stands.
func (z *zeile) kopf() map[string]int {
	var names []string
	for _, f := range z.felder {
		names = append(names, f.text)
	}
	if len(names) == 1 && strings.ContainsAny(names[0], ",\t|") {
		z.fund("T-416", "Die Spalten sind nicht durch Semikolon getrennt.")
		return nil
	}
	stellen := map[string]int{}
	var lacking []string
	last := -1
	for _, s := range z.tab.Spalten {
		i := slices.Index(names, s.Name)
		switch {
		case i < 0:
			lacking = append(lacking, s.Name)
			continue
		case i < last:
			z.fund("T-414", fmt.Sprintf("Die Spalte %s steht an der falschen Stelle.", s.Name))
		}
		last = max(last, i)
		stellen[s.Name] = i
	}
	if len(lacking) > 0 {
		z.fund("T-412", fmt.Sprintf("Es fehlen Spalten: %s.", liste(lacking)))
	}
	for i, name := range names {
		if z.tab.Stelle(name) >= 0 && slices.Index(names, name) == i {
			continue
		}
		if i <= last || !slices.Contains(z.erklaert[z.tab.Datei], name) {
			z.fund("T-413", fmt.Sprintf("Die Spalte „%s“ ist unbekannt oder doppelt und in index.xml nicht erklärt.", name))
		}
	}
	if want := z.erklaert[z.tab.Datei]; z.erklaert != nil && !slices.Equal(want, names) {
		z.fund("T-428", "Die Spalten sind andere, als index.xml erklärt.")
	}
	return stellen
}

// werte checks each value by the standard.
func (z *zeile) werte() {
	for _, s := range z.tab.Spalten {
		if i, ok := z.stellen[s.Name]; ok {
			z.wert(s, z.felder[i])
		}
	}
}

func (z *zeile) wert(s dsfinvk.Spalte, f feld) {
	switch {
	case f.text == "":
		if !s.Pflicht {
			return
		}
		if slices.Contains([]string{"Z_KASSE_ID", "Z_ERSTELLUNG", "Z_NR", "BON_ID"}, s.Name) {
			z.fund("T-420", fmt.Sprintf("Der Schlüssel %s ist leer.", s.Name))
			return
		}
		z.fund("T-421", fmt.Sprintf("%s ist leer, muss aber angegeben sein.", s.Name))
	case s.Zahl:
		if _, ok := zahl(f.text, s.Stellen); ok {
			return
		}
		if s.Stellen == 0 {
			z.fund("T-424", fmt.Sprintf("%s „%.40s“ ist keine ganze Zahl.", s.Name, f.text))
			return
		}
		z.fund("T-423", fmt.Sprintf(
			"%s „%.40s“ ist keine Zahl mit Dezimalkomma und höchstens %d Nachkommastellen, ohne Tausenderpunkte.",
			s.Name, f.text, s.Stellen))
	case utf8.RuneCountInString(f.text) > s.Max:
		z.fund("T-422", fmt.Sprintf("%s hat %d Zeichen, erlaubt sind %d.", s.Name, utf8.RuneCountInString(f.text), s.Max))
	case len(s.Werte) > 0 && !slices.Contains(s.Werte, f.text):
		z.fund("T-426", fmt.Sprintf("%s „%.40s“ ist kein erlaubter Wert.", s.Name, f.text))
	case !zeitlich(s.Name, f.text):
		z.fund("T-425", fmt.Sprintf("%s „%.40s“ ist keine Zeit nach ISO 8601.", s.Name, f.text))
	}
}

// zeitlich says whether a value that is a time or a day reads as one.
func zeitlich(name, text string) bool {
	switch name {
	case "Z_ERSTELLUNG", "BON_START", "BON_ENDE", "TSE_TA_START", "TSE_TA_ENDE", "REF_DATUM":
		_, ok := zeit(text)
		return ok
	case "Z_BUCHUNGSTAG":
		_, err := time.Parse(time.DateOnly, text)
		return err == nil
	}
	return true
}
