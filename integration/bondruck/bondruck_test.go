package bondruck_test

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/text/encoding/charmap"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/gutschein"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/integration/bondruck"
	"github.com/offizin/offizin/internal/fault"
)

var (
	update   = flag.Bool("update", false, "write the golden files anew")
	behalten = flag.String("behalten", "", "file for the PDF of a signed receipt")
)

var shown = regexp.MustCompile(`\(((?:[^()\\]|\\.)*)\) ?Tj`)

// text reads back what stands on the page, one line for each piece.
func text(t *testing.T, pdf []byte) string {
	t.Helper()
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || bytes.Count(pdf, []byte("/Type /Page\n")) != 1 {
		t.Fatal("no PDF of one page")
	}
	var out []string
	for _, m := range shown.FindAllSubmatch(pdf, -1) {
		s, err := charmap.Windows1252.NewDecoder().Bytes(m[1])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.NewReplacer(`\(`, "(", `\)`, ")", `\\`, `\`).Replace(string(s)))
	}
	return strings.Join(out, "\n") + "\n"
}

func beleg() quittung.Beleg {
	return quittung.Beleg{
		Apotheke: quittung.Apotheke{
			Name: "Löwen-Apotheke", Inhaber: "Inh. Änne Groß e. K.", Strasse: "Marktstraße 1", PLZ: "12345", Ort: "Musterstadt",
			Telefon: "01234 5678", IK: "300123453", Steuernummer: "12/345/67890",
		},
		Benutzer: "Jörg Weiß", Zeit: time.Date(2026, 11, 23, 9, 5, 0, 0, time.UTC),
		Bon: bon.Bon{
			Nummer: "1-000417", Art: bon.Verkauf, Tag: 20261123, Zeit: time.Date(2026, 11, 23, 8, 5, 0, 0, time.UTC).UnixNano(),
			Positionen: []bon.Position{
				{
					Nr: 1, PZN: "12345600", Bezeichnung: "L-THYROX Demo 100 Mikrogramm (Tabletten)", Packung: "100 St N3", Menge: 1, Preis: 1516,
					Gesamt: 1516, MwSt: 19 * money.Percent, Rx: true, Traeger: zuzahlung.GKV, Zuzahlung: 500, Mehrkosten: 56, TraegerZahlt: 960,
				},
				{
					Nr: 2, PZN: "01126111", Bezeichnung: "IBU 400 akut Demo", Packung: "20 St", Menge: 2, Preis: 398, Rabatt: 40, Gesamt: 756,
					MwSt: 19 * money.Percent, Privat: 756,
				},
				{Nr: 3, Bezeichnung: "FENCHELTEE Demo", Menge: 1, Preis: 214, Gesamt: 214, MwSt: 7 * money.Percent, Privat: 214},
				{Nr: 4, SOK: "02567018", Bezeichnung: "Noctu-Gebühr", Menge: 1, Preis: 250, Gesamt: 250, MwSt: 19 * money.Percent, TraegerZahlt: 250},
			},
			Zahlungen: []bon.Zahlung{{Art: bon.Karte, Betrag: 1000}, {Art: bon.Bar, Betrag: 526, Gegeben: 1000}},
		},
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/" + name
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

func TestBon(t *testing.T) {
	a, err := bondruck.PDF(beleg())
	if err != nil {
		t.Fatal(err)
	}
	b, err := bondruck.PDF(beleg())
	if err != nil || !bytes.Equal(a, b) {
		t.Error("the same Bon gives other bytes")
	}
	golden(t, "verkauf.txt", text(t, a))
}

// Storno, Nacherfassung, Uebung, copy and waived Zuzahlung are marked.
func TestMarks(t *testing.T) {
	b := beleg()
	b.Bon.Art, b.Bon.Nummer, b.Bon.Bezug, b.Bon.BezugTag = bon.Storno, "1-000418", "1-000417", 20261122
	b.Bon.Grund, b.Bon.Uebung, b.Bon.Nacherfassung, b.Bon.Beleg = "vertippt", true, true, "H-12"
	b.Bon.Positionen[0].Kulanz = 500
	b.Kopie, b.Kunde = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC), "Erika Muster"
	pdf, err := bondruck.PDF(b)
	if err != nil {
		t.Fatal(err)
	}
	got := text(t, pdf)
	for _, want := range []string{
		"STORNO 1-000418 zu Bon 1-000417 vom", "Grund: vertippt", "ÜBUNG – keine Abgabe, kein Beleg", "NACHERFASSUNG, Beleg von Hand H-12",
		"KOPIE, gedruckt am 24.11.2026, 10:00", "erlassene Zuzahlung\n-5,00", "Für Erika Muster",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if strings.Contains(got, "Zuzahlungsquittung") {
		t.Error("a waived Zuzahlung is receipted")
	}
	b.Bon.Art = bon.Retoure
	if pdf, err = bondruck.PDF(b); err != nil || !strings.Contains(text(t, pdf), "RETOURE 1-000418") {
		t.Error("a Retoure is not marked")
	}
}

// Money paid back is no payment: nothing was handed over, and there is no change. A part
// of a pack is named: its price is not that of the pack.
func TestErstattet(t *testing.T) {
	b := beleg()
	b.Bon.Art, b.Bon.Nummer, b.Bon.Bezug, b.Bon.BezugTag = bon.Storno, "1-000418", "1-000417", 20261122
	b.Bon.Positionen = b.Bon.Positionen[2:3]
	p := &b.Bon.Positionen[0]
	p.Menge, p.Gesamt, p.Privat, p.TeilMenge, p.TeilVon = -1, -214, -214, 10, 100
	b.Bon.Zahlungen = []bon.Zahlung{{Art: bon.Bar, Betrag: -214}}
	pdf, err := bondruck.PDF(b)
	if err != nil {
		t.Fatal(err)
	}
	got := text(t, pdf)
	for want, there := range map[string]bool{
		"Erstattet\n-2,14": true, "Teilmenge 10 von 100": true, "Gegeben": false, "Rückgeld": false, "Zu zahlen": false,
	} {
		if strings.Contains(got, want) != there {
			t.Errorf("%q: want %t in\n%s", want, there, got)
		}
	}
}

// A long Bon stays on one page, an overlong one is refused.
func TestLong(t *testing.T) {
	b := beleg()
	line := b.Bon.Positionen[0]
	line.Bezeichnung = strings.Repeat("Überlanger Name ", 5)
	b.Bon.Positionen = nil
	for range 150 {
		b.Bon.Positionen = append(b.Bon.Positionen, line)
	}
	pdf, err := bondruck.PDF(b)
	if err != nil || strings.Count(text(t, pdf), "PZN 12345600") != 150 {
		t.Errorf("150 lines: %v", err)
	}
	b.Bon.Positionen = make([]bon.Position, bondruck.MaxZeilen+1)
	if _, err := bondruck.PDF(b); fault.KindOf(err) != fault.Invalid {
		t.Errorf("%v", err)
	}
}

// Facts, section 2 and 16: the code on the page is readable at 203 dpi, each module has at
// least 3 dots, and a copy carries the same one.
func TestCode(t *testing.T) {
	program, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("no pdftoppm here")
	}
	b := beleg()
	b.Kopie = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	b.Sicherung = quittung.Sicherung{
		Lage: quittung.Signiert, KassenSeriennummer: "AMA-2642", Transaktion: 13, Zaehler: 44131, QR: "V0;AMA-2642;" + strings.Repeat("aB3+/", 80),
		Sicherheitsmodul: strings.Repeat("bf1b", 16), Pruefwert: strings.Repeat("K8zsZ6Nj", 16),
	}
	pdf, err := bondruck.PDF(b)
	if err != nil {
		t.Fatal(err)
	}
	if got := gelesen(t, program, pdf, 0); got != b.Sicherung.QR {
		t.Errorf("%q", got)
	}
}

// A voucher that was sold has a code of its own at the end of the page.
func TestGutscheincode(t *testing.T) {
	program, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("no pdftoppm here")
	}
	b := beleg()
	n := gutschein.New(794)
	b.Bon.Positionen = []bon.Position{{
		Nr: 1, Menge: 1, Bezeichnung: "Gutschein " + n.String(), Geschaeft: bon.Gutscheinkauf, Bezug: string(n), Preis: 5000,
		Gesamt: 5000, Privat: 5000,
	}}
	pdf, err := bondruck.PDF(b)
	if err != nil {
		t.Fatal(err)
	}
	if got := gelesen(t, program, pdf, 250); got != n.Code() {
		t.Errorf("%q", got)
	}
}

// gelesen is what a reader finds on the page as a printer of 203 dpi prints it, or in so many rows of
// dots at its end.
func gelesen(t *testing.T, program string, pdf []byte, unten int) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "bon.pdf")
	if *behalten != "" {
		file = *behalten
	}
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), program, "-r", "203", "-png", "-singlefile", file, file).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data, err := os.Open(file + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	img, err := png.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if part, ok := img.(interface {
		SubImage(image.Rectangle) image.Image
	}); ok && unten > 0 {
		r := img.Bounds()
		r.Min.Y = r.Max.Y - unten
		img = part.SubImage(r)
	}
	bmp, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	got, err := qrcode.NewQRCodeReader().Decode(bmp, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatal(err)
	}
	return got.GetText()
}

func TestAbholzettel(t *testing.T) {
	pdf, err := bondruck.Abholzettel{
		Apotheke: beleg().Apotheke, Nummer: 17, Artikel: "RAMIPRIL Demo 100 St N3", Menge: 2, Tag: 20261123, Kunde: "Erika Muster",
		Gedruckt: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC),
	}.PDF()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "abholzettel.txt", text(t, pdf))
}
