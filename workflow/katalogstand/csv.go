package katalogstand

import (
	"io"
	"strconv"
	"strings"

	"github.com/offizin/offizin/workflow/bericht"
)

// CSV writes the list line by line, the sums in the last row. An amount that is not stated
// is empty.
func (p Preisliste) CSV(w io.Writer) error {
	head := []string{"PZN", "Artikel", "Packung", "Rx", "Bestand"}
	for _, name := range []string{"Preis", "AEP netto", "Festbetrag", "Zuzahlung", "Patient zahlt"} {
		head = append(head, name+" bisher", name+" neu", name+" Differenz")
	}
	head = append(head, "Lagerwert bisher", "Lagerwert neu", "Lagerwert Differenz", "Etikett", "Hinweis")
	rows := [][]string{head}
	for _, z := range p.Zeilen {
		row := []string{
			string(z.Artikel.PZN), z.Artikel.Name, strings.TrimSpace(z.Artikel.Packung()), ja(z.Artikel.Verschreibungspflichtig),
			strconv.Itoa(z.Bestand),
		}
		for _, b := range []Betraege{z.Preis, z.AEP, z.Festbetrag, z.Zuzahlung, z.Patient, z.Wert()} {
			row = append(row, b.csv()...)
		}
		rows = append(rows, append(row, ja(z.Etikett()), z.Hinweis()))
	}
	sum := []string{"Summe", "", "", "", strconv.Itoa(p.Packungen)}
	sum = append(sum, make([]string, 15)...)
	rows = append(rows, append(append(sum, bericht.Betrag(p.Wert.Alt), bericht.Betrag(p.Wert.Neu),
		bericht.Betrag(p.Wert.Differenz())), "", ""))
	return bericht.WriteCSV(w, rows)
}

// Hinweis says in words what amounts do not.
func (z Preiszeile) Hinweis() string {
	switch {
	case z.Entfallen:
		return "entfällt"
	case z.Neu:
		return "neu im Katalog"
	}
	return ""
}

func (b Betraege) csv() []string {
	row := []string{"", "", ""}
	if b.Alt != 0 {
		row[0] = bericht.Betrag(b.Alt)
	}
	if b.Neu != 0 {
		row[1] = bericht.Betrag(b.Neu)
	}
	if b != (Betraege{}) {
		row[2] = bericht.Betrag(b.Differenz())
	}
	return row
}

func ja(b bool) string {
	if b {
		return "ja"
	}
	return ""
}
