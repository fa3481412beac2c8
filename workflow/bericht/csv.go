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
		{"Umsatz brutto", Betrag(t.Umsatz())},
		{"davon Storno und Retoure", Betrag(t.Zurueck)},
	}
	for _, z := range t.MwSt {
		rate := strings.TrimSuffix(z.Satz.String(), " %")
		rows = append(rows, []string{"Umsatz " + rate + " % brutto", Betrag(z.Brutto)},
			[]string{"Umsatz " + rate + " % netto", Betrag(z.Netto)},
			[]string{"Mehrwertsteuer " + rate + " %", Betrag(z.Steuer)})
	}
	for _, z := range t.Traeger {
		rows = append(rows, []string{"Umsatz " + TraegerName(z.Traeger), Betrag(z.Umsatz)})
	}
	s := t.Summen
	rows = append(rows, [][]string{
		{"Patienten zahlen", Betrag(s.Patient)},
		{"Kostenträger zahlen", Betrag(s.TraegerZahlt)},
		{"Zuzahlung", Betrag(s.Zuzahlung)},
		{"Mehrkosten", Betrag(s.Mehrkosten)},
		{"Eigenbeteiligung", Betrag(s.Eigenbeteiligung)},
		{"Privat", Betrag(s.Privat)},
		{"Kulanz", Betrag(s.Kulanz)},
		{"Rabatt", Betrag(s.Rabatt)},
		{"Kassenabschlag", Betrag(t.Abschlag)},
		{"Gutscheine und Kredit", Betrag(t.Andere)},
		{"Bar", Betrag(t.Bar)},
		{"Karte", Betrag(t.Karte)},
	}...)
	return WriteCSV(w, rows)
}

// CSV writes the Zuzahlung day by day, the sum in the last row.
func (z Zuzahlungsbericht) CSV(w io.Writer) error {
	rows := [][]string{{"Tag", "Bons", "Zuzahlung", "Mehrkosten", "Eigenbeteiligung", "Kulanz", "Eingenommen"}}
	row := func(name string, d Zuzahlungszeile) {
		rows = append(rows, []string{
			name, strconv.Itoa(d.Bons), Betrag(d.Zuzahlung), Betrag(d.Mehrkosten), Betrag(d.Eigenbeteiligung), Betrag(d.Kulanz),
			Betrag(d.Eingenommen()),
		})
	}
	for _, d := range z.Tage {
		row(d.Tag.German(), d)
	}
	row("Summe", z.Summe)
	return WriteCSV(w, rows)
}

// CSV writes the waived Zuzahlung line by line, the sum in the last row.
func (k Kulanzbericht) CSV(w io.Writer) error {
	rows := [][]string{{"Tag", "Uhrzeit", "Bon", "Benutzer", "Artikel", "Kostenträger", "Grund", "Betrag"}}
	for _, z := range k.Zeilen {
		hour, minute := clock.TimeOfDay(z.Zeit)
		rows = append(rows, []string{
			z.Tag.German(), fmt.Sprintf("%02d:%02d", hour, minute), z.Bon, z.Benutzer, z.Bezeichnung, z.Traeger, z.Grund,
			Betrag(z.Betrag),
		})
	}
	return WriteCSV(w, append(rows, []string{"Summe", "", "", "", "", "", "", Betrag(k.Summe)}))
}

// Betrag formats an amount for a CSV file: "1234,56".
func Betrag(c money.Cent) string { return strings.ReplaceAll(c.Plain(), ".", "") }

// WriteCSV writes rows for a German spreadsheet; no field is taken for a formula.
func WriteCSV(w io.Writer, rows [][]string) error {
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
