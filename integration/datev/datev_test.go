package datev_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/offizin/offizin/domain/buchung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/integration/datev"
)

var kopf = datev.Kopf{
	Berater: 1001, Mandant: 12345, Rahmen: buchung.SKR03, Laenge: 4, Von: civil.Must(2026, 11, 1), Bis: civil.Must(2026, 11, 30),
	Bezeichnung: "Löwen-Apotheke Žilina ⚕ in Oberammergau", Erzeugt: time.Date(2026, 12, 1, 8, 30, 15, 123e6, time.UTC),
}

func write(t *testing.T, list ...buchung.Buchung) (lines []string, replaced []datev.Ersatz) {
	t.Helper()
	var b bytes.Buffer
	replaced, err := datev.Write(&b, kopf, list)
	if err != nil {
		t.Fatal(err)
	}
	text, err := charmap.Windows1252.NewDecoder().String(b.String())
	if err != nil || !strings.HasSuffix(text, "\r\n") || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Fatalf("%q, %v", text, err)
	}
	return strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n"), replaced
}

// DATEV format description, Buchungsstapel: head of 31 fields with the length of accounts in
// field 14 and the period in 15 and 16; captions; amount, S, accounts, DDMM.
func TestWrite(t *testing.T) {
	lines, replaced := write(t, buchung.Buchung{
		Tag: civil.Must(2026, 11, 26), Beleg: "Z1-7", Betrag: 123456, Soll: "1000", Haben: "8400",
		Text: `Z1-7 "Kassenplatz" Ω: Erlöse 19 % und noch viel mehr, als in sechzig Zeichen passt`,
	})
	want := `"EXTF";700;21;"Buchungsstapel";12;20261201083015123;;"OF";"";"";1001;12345;20260101;4;20261101;20261130;` +
		`"Löwen-Apotheke Žilina ? in Obe";"";1;0;0;"EUR";;"";;;"03";;;"";""`
	if lines[0] != want || strings.Count(lines[0], ";") != 30 {
		t.Errorf("head\n%s\nwant\n%s", lines[0], want)
	}
	if !strings.HasPrefix(lines[1], "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;") || strings.Count(lines[1], ";") != 123 {
		t.Errorf("captions %s", lines[1])
	}
	row := strings.Split(lines[2], ";")
	if len(lines) != 3 || len(row) != 124 || row[113] != "0" {
		t.Fatalf("%d lines, %d columns: %s", len(lines), len(row), lines[2])
	}
	const first = `1234,56;"S";"EUR";;;;1000;8400;;2611;"Z1-7";;;` +
		`"Z1-7 ""Kassenplatz"" ?: Erlöse 19 % und noch viel mehr, als in"`
	if got := strings.Join(row[:14], ";"); got != first {
		t.Errorf("%s\nwant\n%s", got, first)
	}
	if len(replaced) != 2 || replaced[0].Zeichen != '⚕' || replaced[1].Zeichen != 'Ω' {
		t.Errorf("replaced %+v", replaced)
	}
	if datev.Name(kopf) != "EXTF_Buchungsstapel_20261101_20261130.csv" {
		t.Error(datev.Name(kopf))
	}
}

// A text can break neither its field nor its line.
func TestTextBleibtInSeinemFeld(t *testing.T) {
	lines, _ := write(t, buchung.Buchung{Betrag: 1, Soll: "1", Haben: "2", Tag: 1, Beleg: "a\r\nb;c\"", Text: "x\ty\u0085"})
	r := csv.NewReader(strings.NewReader(lines[2]))
	r.Comma = ';'
	row, err := r.Read()
	if err != nil || len(lines) != 3 || len(row) != 124 || row[10] != `a  b;c"` || row[13] != "x y " {
		t.Errorf("%q %v", row, err)
	}
}

// The captions are those of the reference data.
func TestSpalten(t *testing.T) {
	dir := os.Getenv("OFFIZIN_REFERENZ")
	if dir == "" {
		t.Skip("OFFIZIN_REFERENZ is not set")
	}
	b, err := os.ReadFile(filepath.Join(dir, "fiscal", "datev-extf-columns.csv"))
	if err != nil {
		t.Fatal(err)
	}
	ours, err := os.ReadFile("spalten.csv")
	if err != nil || !bytes.HasPrefix(b, ours) {
		t.Error("other captions", err)
	}
}
