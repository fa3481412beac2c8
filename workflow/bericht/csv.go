package bericht

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
)

// The CSV follows RFC 4180 with a semicolon, as German spreadsheets expect: amounts
// with a comma and without points, days as 23.11.2026.

// CSV writes the report of a day as pairs of name and value.
func (t Tagesbericht) CSV(w io.Writer) error {
	rows := [][]string{
		{"Angabe", "Wert"},
		{"Tag", t.Tag.German()},
		{"Verkäufe", strconv.Itoa(t.Verkaeufe)},
		{"Stornos", strconv.Itoa(t.Stornos)},
		{"Retouren", strconv.Itoa(t.Retouren)},
		{"Nacherfassungen", strconv.Itoa(len(t.Nacherfasst))},
		{"Erster Bon", t.Erster},
		{"Letzter Bon", t.Letzter},
		{"Umsatz brutto", amount(t.Umsatz())},
		{"davon Storno und Retoure", amount(t.Zurueck)},
	}
	for _, z := range t.MwSt {
		rate := strings.TrimSuffix(z.Satz.String(), " %")
		rows = append(rows, []string{"Umsatz " + rate + " % brutto", amount(z.Brutto)},
			[]string{"Umsatz " + rate + " % netto", amount(z.Netto)},
			[]string{"Mehrwertsteuer " + rate + " %", amount(z.Steuer)})
	}
	for _, z := range t.Traeger {
		rows = append(rows, []string{"Umsatz " + TraegerName(z.Traeger), amount(z.Umsatz)})
	}
	s := t.Summen
	rows = append(rows, [][]string{
		{"Patienten zahlen", amount(s.Patient)},
		{"Kostenträger zahlen", amount(s.TraegerZahlt)},
		{"Zuzahlung", amount(s.Zuzahlung)},
		{"Mehrkosten", amount(s.Mehrkosten)},
		{"Eigenbeteiligung", amount(s.Eigenbeteiligung)},
		{"Privat", amount(s.Privat)},
		{"Kulanz", amount(s.Kulanz)},
		{"Rabatt", amount(s.Rabatt)},
		{"Kassenabschlag", amount(t.Abschlag)},
		{"Bar", amount(t.Bar)},
		{"Karte", amount(t.Karte)},
	}...)
	return write(w, rows)
}

// CSV writes the Zuzahlung day by day, the sum in the last row.
func (z Zuzahlungsbericht) CSV(w io.Writer) error {
	rows := [][]string{{"Tag", "Bons", "Zuzahlung", "Mehrkosten", "Eigenbeteiligung", "Kulanz", "Eingenommen"}}
	row := func(name string, d Zuzahlungszeile) {
		rows = append(rows, []string{
			name, strconv.Itoa(d.Bons), amount(d.Zuzahlung), amount(d.Mehrkosten), amount(d.Eigenbeteiligung), amount(d.Kulanz),
			amount(d.Eingenommen()),
		})
	}
	for _, d := range z.Tage {
		row(d.Tag.German(), d)
	}
	row("Summe", z.Summe)
	return write(w, rows)
}

// CSV writes the waived Zuzahlung line by line, the sum in the last row.
func (k Kulanzbericht) CSV(w io.Writer) error {
	rows := [][]string{{"Tag", "Uhrzeit", "Bon", "Benutzer", "Artikel", "Kostenträger", "Grund", "Betrag"}}
	for _, z := range k.Zeilen {
		hour, minute := clock.TimeOfDay(z.Zeit)
		rows = append(rows, []string{
			z.Tag.German(), fmt.Sprintf("%02d:%02d", hour, minute), z.Bon, z.Benutzer, z.Bezeichnung, z.Traeger, z.Grund,
			amount(z.Betrag),
		})
	}
	return write(w, append(rows, []string{"Summe", "", "", "", "", "", "", amount(k.Summe)}))
}

func amount(c money.Cent) string { return strings.ReplaceAll(c.Plain(), ".", "") }

func write(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	for _, row := range rows {
		for i, field := range row {
			row[i] = harmless(field)
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// harmless keeps a spreadsheet from taking a text for a formula. Amounts, the only
// fields that may begin with a sign, pass.
func harmless(field string) string {
	if field != "" && strings.ContainsRune("=+-@\t\r", rune(field[0])) {
		if _, err := money.Parse(field); err != nil {
			return "'" + field
		}
	}
	return field
}
