package escpos_test

import (
	"bytes"
	"flag"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/gutschein"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/integration/escpos"
	"github.com/offizin/offizin/integration/escpos/sim"
)

var bilder = flag.String("bilder", "", "folder for the pictures of the printed receipts")

// amtlich is the official example of DSFinV-K 2.4 Anhang I.
const amtlich = "V0;AMA-2642;Kassenbeleg-V1;Beleg^4.05_3.00_0.00_0.00_0.00^7.05:Bar;13;44131;2019-11-22T11:29:48.000Z;" +
	"2019-11-22T11:29:49.000Z;ecdsa-plain-SHA384;unixTime;" +
	"K8zsZ6NjsBzo/Yd3Hba84aH3oT+c4Og5VcfJ7s6Dxz7UmAwtcKmzW16OkS/lm8pDE/37JHoRlYofUTLNF+9bY5Jv7C2P4nuEaHwlVarbiJs3bYlgQmIXQDZnf+8FhfBm;" +
	"BBXNYQErM4d9sk9Iy+0T6A4sdTocijml5X78Gq/At2uXTcs/3bZNNpyuHd+dpmY59yLh0xZcr9osHhkDAxsQumgjmtb3d9GIVnTaPCslEki84P1iHPiHKHfcszeQajPk3A=="

func beleg() quittung.Beleg {
	return quittung.Beleg{
		Apotheke: quittung.Apotheke{
			Name: "Löwen-Apotheke", Inhaber: "Inh. Änne Groß e. K.", Strasse: "Marktstraße 1", PLZ: "12345", Ort: "Musterstadt",
			Telefon: "01234 5678", IK: "300123453", Steuernummer: "12/345/67890",
		},
		Benutzer: "Jörg Weiß", Zeit: time.Date(2026, 11, 23, 9, 5, 1, 0, time.UTC),
		Bon: bon.Bon{
			Nummer: "1-000417", Art: bon.Verkauf, Tag: 20261123,
			Positionen: []bon.Position{
				{
					Nr: 1, PZN: "12345600", Bezeichnung: "L-THYROX Demo 100 Mikrogramm (Tabletten)", Packung: "100 St N3", Menge: 1, Preis: 1516,
					Gesamt: 1516, MwSt: 19 * money.Percent, Rx: true, Traeger: zuzahlung.GKV, Zuzahlung: 500, Mehrkosten: 56, TraegerZahlt: 960,
				},
				{
					Nr: 2, PZN: "01126111", Bezeichnung: strings.Repeat("Überlang ", 8) + "ENDE §80", Packung: "20 St", Menge: 2,
					Preis: 398, Rabatt: 40, Gesamt: 756, MwSt: 19 * money.Percent, Privat: 756,
				},
				{Nr: 3, Bezeichnung: "FENCHELTEE Demo", Menge: 1, Preis: 214, Gesamt: 214, MwSt: 7 * money.Percent, Privat: 214},
			},
			Zahlungen: []bon.Zahlung{{Art: bon.Karte, Betrag: 1000}, {Art: bon.Bar, Betrag: 526, Gegeben: 1000}},
		},
		Sicherung: quittung.Sicherung{
			Lage: quittung.Signiert, KassenSeriennummer: "AMA-2642", Transaktion: 13, Zaehler: 44131,
			Beginn: time.Date(2026, 11, 23, 9, 4, 2, 0, time.UTC), Ende: time.Date(2026, 11, 23, 9, 5, 1, 0, time.UTC),
			Sicherheitsmodul: "bf1b13c1cf8a6f7958c190201daf9e18b850cf2cdc0885078d48868f625955e3",
			Pruefwert:        strings.Split(amtlich, ";")[10], QR: amtlich,
		},
	}
}

// drucke prints on the virtual printer: one sheet, no command unknown to it.
func drucke(t *testing.T, name string, b quittung.Beleg, o escpos.Optionen) sim.Blatt {
	t.Helper()
	sheets, _, err := sim.Read(escpos.Encode(b.Zeilen(), o))
	if err != nil || len(sheets) != 1 {
		t.Fatalf("%s: %d sheets, %v", name, len(sheets), err)
	}
	if *bilder != "" {
		data, err := sheets[0].PNG()
		if err == nil {
			err = os.WriteFile(filepath.Join(*bilder, name+".png"), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return sheets[0]
}

// gelesen is what a reader finds in the picture; empty: no code.
func gelesen(t *testing.T, img image.Image) string {
	t.Helper()
	bmp, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	found, err := qrcode.NewQRCodeReader().Decode(bmp, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return ""
	}
	return found.GetText()
}

// A voucher that was sold has a code of its own below the receipt, small and apart from that of the
// TSE: two programs read both.
func TestGutscheinAufDemPapier(t *testing.T) {
	b := beleg()
	n := gutschein.New(794)
	b.Bon.Positionen = append(b.Bon.Positionen, bon.Position{
		Nr: 4, Menge: 1, Bezeichnung: "Gutschein " + n.String(), Geschaeft: bon.Gutscheinkauf, Bezug: string(n), Preis: 5000,
		Gesamt: 5000, Privat: 5000,
	})
	for name, as := range map[string]escpos.Code{"befehl": escpos.Command, "bild": escpos.Dots} {
		sheet := drucke(t, "gutschein-"+name, b, escpos.Optionen{Code: as})
		end := sheet.Bild.Bounds()
		end.Min.Y = end.Max.Y - 300
		if got := gelesen(t, sheet.Bild.SubImage(end)); got != n.Code() {
			t.Errorf("%s: %q", name, got)
		}
		if got, ok := zbar(t, sheet); ok && !slices.Equal(got, []string{n.Code(), amtlich}) {
			t.Errorf("%s: zbarimg reads %q", name, got)
		}
	}
}

// zbar is what a second program reads in the picture, sorted; false: it is not here.
func zbar(t *testing.T, sheet sim.Blatt) ([]string, bool) {
	t.Helper()
	program, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Log("no zbarimg here")
		return nil, false
	}
	file := filepath.Join(t.TempDir(), "bon.png")
	data, err := sheet.PNG()
	if err != nil || os.WriteFile(file, data, 0o600) != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), program, "-q", "--raw", file).Output()
	if err != nil {
		t.Errorf("zbarimg: %v", err)
	}
	return slices.Sorted(slices.Values(strings.Fields(string(out)))), true
}

// DSFinV-K Anhang I Tz. 2: the code on the paper holds the very bytes, computed by the
// printer as well as sent as dots, and a second program reads them, too.
func TestCodeAufDemPapier(t *testing.T) {
	for name, as := range map[string]escpos.Code{"befehl": escpos.Command, "bild": escpos.Dots} {
		sheet := drucke(t, "code-"+name, beleg(), escpos.Optionen{Code: as})
		if got := gelesen(t, sheet.Bild); got != amtlich {
			t.Errorf("%s: %q", name, got)
		}
		if got, ok := zbar(t, sheet); ok && !slices.Equal(got, []string{amtlich}) {
			t.Errorf("%s: zbarimg reads %q", name, got)
		}
	}
}

// § 6 KassenSichV, AEAO zu § 146a 1.14 and 2.4: outage, practice and missing device have no
// code; a copy has the same one.
func TestCodeNurWennSigniert(t *testing.T) {
	for lage, want := range map[quittung.Lage]string{
		quittung.Keine: "", quittung.Ausfall: "", quittung.Probe: "", quittung.Signiert: amtlich,
	} {
		b := beleg()
		b.Sicherung.Lage = lage
		if lage == quittung.Signiert {
			b.Kopie = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
		}
		if got := gelesen(t, drucke(t, "lage-"+string(lage), b, escpos.Optionen{}).Bild); got != want {
			t.Errorf("%q: %q", lage, got)
		}
	}
}

// At least 3 dots for each module, and never wider than the paper: of the smallest code to
// the largest.
func TestModul(t *testing.T) {
	for n := 21; n <= 177; n += 4 {
		if m := escpos.Module(n); m < 3 || (n+8)*m > escpos.Punkte {
			t.Errorf("%d modules of %d dots", n, m)
		}
	}
}

// What stands in a name never becomes a command of the printer.
func TestNameIstKeinBefehl(t *testing.T) {
	b := beleg()
	b.Sicherung.Lage = quittung.Keine
	for _, name := range []string{"\x1bp\x00\x19\xfa", "\x1d(k\x03\x001Q0", "\x10\x14\x01", "ä\u0308ł漢字–„“…≥", "\xff\xfe"} {
		b.Bon.Positionen[0].Bezeichnung, b.Apotheke.Name, b.Bon.Positionen[1].Packung = name, name, strings.Repeat(name, 50)
		sheets, lade, err := sim.Read(escpos.Encode(b.Zeilen(), escpos.Optionen{}))
		if err != nil || len(sheets) != 1 || lade+sheets[0].Lade != 0 {
			t.Errorf("%q: %d sheets, drawer %d, %v", name, len(sheets), lade, err)
		}
	}
}

// FuzzName: any text is printed, and nothing else happens.
func FuzzName(f *testing.F) {
	f.Add("Löwen-Apotheke", "12,50 €")
	f.Add("\x1b@\x1dV\x00", "\x10\x04\x01")
	f.Fuzz(func(t *testing.T, left, right string) {
		if len(left)+len(right) > 5000 || len([]rune(right)) > 40 {
			return
		}
		var lines []quittung.Zeile
		for s := quittung.Plain; s <= quittung.Rule; s++ {
			lines = append(lines, quittung.Zeile{Left: left, Right: right, Style: s})
		}
		if sheets, lade, err := sim.Read(escpos.Encode(lines, escpos.Optionen{})); err != nil || len(sheets) != 1 || lade+sheets[0].Lade != 0 {
			t.Fatalf("%d sheets, drawer %d, %v", len(sheets), lade, err)
		}
	})
}

// The virtual printer refuses what PROTOCOL.md does not list.
func TestSimIstStreng(t *testing.T) {
	for _, stream := range []string{
		"\x1b", "\x1b!\x00", "\x1bt\x10", "\x1bE\x02", "\x07", "Text\x1ba\x01", "\x1dV\x00", "\x1d(k\x03\x001Q0", "\x1d(k\x02\x001Q",
		"\x1dv0\x00\x49\x00\x01\x00", "\x1dv0\x00\x01\x00\x02\x00a", "\x10\x04\x04", strings.Repeat("x", 49) + "\n", "Text ohne Ende",
	} {
		if _, _, err := sim.Read([]byte(stream)); err == nil {
			t.Errorf("%q is taken", stream)
		}
	}
}

// Facts, section 18: receipts that are long, wide, waived, with a name, for training.
func TestFormen(t *testing.T) {
	long := beleg()
	line := long.Bon.Positionen[1]
	long.Bon.Positionen = nil
	for range 150 {
		long.Bon.Positionen = append(long.Bon.Positionen, line)
	}
	waived, named, training, storno := beleg(), beleg(), beleg(), beleg()
	waived.Art, waived.Bon.Positionen[0].Kulanz, waived.Bon.Positionen[0].KulanzGrund = quittung.Kulanz, 500, "Stammkunde"
	named.Art, named.Patient = quittung.Zuzahlung, quittung.Patient{Name: "Erika Muster", Geburt: "03.05.1970"}
	training.Training = true
	storno.Bon.Art, storno.Bon.Nummer, storno.Bon.Bezug, storno.Bon.BezugTag = bon.Storno, "1-000418", "1-000417", 20261123
	storno.Bon.Grund, storno.Bon.Positionen, storno.Bon.Zahlungen = "vertippt", beleg().Bon.Umkehr(), beleg().Bon.Zurueck()
	for name, b := range map[string]quittung.Beleg{
		"lang": long, "kulanz": waived, "zuzahlung": named, "training": training, "storno": storno,
	} {
		sheet := drucke(t, name, b, escpos.Optionen{})
		if name == "lang" && sheet.Bild.Rect.Dy() < 150*3*30 {
			t.Errorf("150 lines on %d dots", sheet.Bild.Rect.Dy())
		}
	}
}

func TestGleicheBytes(t *testing.T) {
	if !bytes.Equal(escpos.Encode(beleg().Zeilen(), escpos.Optionen{}), escpos.Encode(beleg().Zeilen(), escpos.Optionen{})) {
		t.Error("the same receipt gives other bytes")
	}
}
