package liste_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/liste"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/fault"
)

func oeffne(t testing.TB, text string, o liste.Optionen) *liste.Datei {
	t.Helper()
	d, err := liste.Oeffne(strings.NewReader(text), o)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return d
}

// lies returns the articles and the faults as "line column code".
func lies(t testing.TB, text string) (zeilen []catalogue.Zeile, funde []string) {
	t.Helper()
	for s, err := range oeffne(t, text, liste.Optionen{}).Saetze() {
		if err != nil {
			t.Fatal(err)
		}
		if s.Gut() {
			zeilen = append(zeilen, s.Zeile)
		}
		for _, f := range s.Funde {
			funde = append(funde, fmt.Sprintf("%d %s %s", f.Zeile, f.Spalte, f.Code))
		}
	}
	return zeilen, funde
}

const alle = `PZN;Name;Hersteller;Darreichungsform;Menge;Einheit;Normgröße;ATC;Wirkstoff;Wirkstärke;Art;Status;ApU;AEP;AVP;UVP;` +
	`Festbetrag;MwSt;Rx;Apothekenpflichtig;Zuzahlungsfrei;BtM;T_Rezept;Kühlkette;Import;Negativliste;Lifestyle;Homöopathisch;` +
	`Cannabisblüten;OTC_Ausnahme;Lagerung;Geheimpreis;Import_von;Beliebtheit
04877800;"Testol ""forte"" 5 mg; Tabl.";Muster GmbH;tab;98;St;n3;C09AA05;Testolin;5 mg;arzneimittel;Außer Vertrieb;1.234,56;1.300,00 €;1642,21;;` +
	`1700;19,00 %;ja;ja;x;1;j;wahr;true;nein;0;;-;n;2–8 °C;7,50;17001044;17
`

// Every field of an article has a column.
func TestAlleFelder(t *testing.T) {
	want := []catalogue.Zeile{{Beliebtheit: 17, Artikel: artikel.Artikel{
		PZN: "04877800", Name: `Testol "forte" 5 mg; Tabl.`, Hersteller: "Muster GmbH", Darreichungsform: "TAB", Menge: "98",
		Einheit: "St", Normgroesse: "N3", ATC: "C09AA05", Wirkstoff: "Testolin", Wirkstaerke: "5 mg", Art: artikel.Arzneimittel,
		Status: artikel.AusserVertrieb, ApU: 123456, AEP: 130000, AVP: 164221, Festbetrag: 170000, MwSt: artikel.MwStVoll,
		Verschreibungspflichtig: true, Apothekenpflichtig: true, Zuzahlungsfrei: true, BtM: true, TRezept: true, Kuehlkette: true,
		Import: true, Lagerung: "2–8 °C", Geheimpreis: 750, ImportVon: "17001044",
	}}}
	for name, text := range map[string]string{
		"semicolon": alle, "BOM": "\ufeff" + alle, "CRLF": strings.ReplaceAll(alle, "\n", "\r\n"),
		"empty lines": "\n;;;\n" + alle + "\n\n", "tab": strings.ReplaceAll(strings.ReplaceAll(alle, "; ", "\x01"), ";", "\t"),
		"Windows-1252": latein(alle),
	} {
		got, funde := lies(t, strings.ReplaceAll(text, "\x01", "; "))
		if d := cmp.Diff(want, got); d != "" || len(funde) > 0 {
			t.Errorf("%s: %v\n%s", name, funde, d)
		}
	}
	if got := liste.Felder(liste.Eigene); len(got) != 34 || got[0] != "pzn" {
		t.Errorf("fields %v", got)
	}
}

// latein writes the text as Windows-1252.
func latein(s string) string {
	return strings.NewReplacer("ö", "\xf6", "ü", "\xfc", "ä", "\xe4", "ß", "\xdf", "€", "\x80", "–", "\x96", "°", "\xb0").Replace(s)
}

// What a row leaves out: the rate of VAT is the full one, the state is on sale, and
// the kind follows from where it may be sold. Rx belongs to the pharmacy: § 43 AMG.
func TestVorgaben(t *testing.T) {
	got, funde := lies(t, "pzn,name,rx,apothekenpflichtig,avp\n04877800,A,ja,,12.30\n17001044,B,,ja,\"1.234,5\"\n17012214,C,,,7\n")
	var s []string
	for _, z := range got {
		a := z.Artikel
		s = append(s, fmt.Sprint(a.PZN, " ", a.Art, " ", a.Status, " ", a.MwSt, " ", a.Apothekenpflichtig, " ", int(a.AVP)))
	}
	want := []string{
		"04877800 arzneimittel verkehr 1 true 1230", "17001044 arzneimittel verkehr 1 true 123450", "17012214 freiwahl verkehr 1 false 700",
	}
	if d := cmp.Diff(want, s); d != "" || len(funde) > 0 {
		t.Errorf("%v\n%s", funde, d)
	}
}

// Each way in which a cell can be wrong has a code of its own.
func TestFehlerhafteZellen(t *testing.T) {
	const head = "PZN;Name;Rx;AVP;BtM;Form;Norm;Art;Status;MwSt;Beliebtheit;Original-PZN;Hersteller\n"
	row := func(at int, cell string) string {
		cells := []string{"04877800", "Testol", "nein", "1,00", "", "", "", "", "", "", "", "", ""}
		cells[at] = cell
		return strings.Join(cells, ";")
	}
	for _, c := range []struct {
		row, want string
	}{
		{row(0, "4877800"), ""},
		{row(0, "PZN 04877800"), ""},
		{row(0, "-04877800"), ""},
		{row(0, ""), "PZN A-431"},
		{row(0, "877800"), "PZN A-431"},
		{row(0, "048778001"), "PZN A-431"},
		{row(0, "0487780O"), "PZN A-431"},
		{row(0, "04877801"), "PZN A-432"},
		{row(0, "4877801"), "PZN A-432"},
		{row(1, ""), " A-434"},
		{row(1, strings.Repeat("ä", 151)), "Name A-441"},
		{row(1, strings.Repeat("ä", 150)), ""},
		{row(1, "a\x07b"), "Name A-442"},
		{row(12, strings.Repeat("x", 101)), "Hersteller A-441"},
		{row(2, "vielleicht"), "Rx A-439"},
		{row(3, "1,5"), ""},
		{row(3, "1.5"), ""},
		{row(3, "1.50 €"), ""},
		{row(3, "1.234,50 EUR"), ""},
		{row(3, "9999999,99"), ""},
		{row(3, ""), ""},
		{row(3, "-1,00"), "AVP A-436"},
		{row(3, "10000000,00"), "AVP A-437"},
		{row(3, "99999999999999999999"), "AVP A-437"},
		{row(3, "1.234"), "AVP A-438"},
		{row(3, "1,234"), "AVP A-435"},
		{row(3, "1,234.50"), "AVP A-435"},
		{row(3, "1e3"), "AVP A-435"},
		{row(3, "auf Anfrage"), "AVP A-435"},
		{row(3, "NaN"), "AVP A-435"},
		{row(3, "0x10"), "AVP A-435"},
		{row(4, "ja"), " A-443"},
		{row(5, "FTA"), ""},
		{row(5, "Filmtabletten"), ""},
		{row(5, "QQQ"), ""},
		{row(5, "Kugeln"), "Form A-440"},
		{row(6, "N4"), "Norm A-446"},
		{row(7, "Auto"), "Art A-447"},
		{row(8, "kaputt"), "Status A-448"},
		{row(9, "7,00"), ""},
		{row(9, "ermäßigt"), ""},
		{row(9, "16"), "MwSt A-449"},
		{row(9, "70"), "MwSt A-449"},
		{row(10, "-1"), "Beliebtheit A-445"},
		{row(10, "1,5"), "Beliebtheit A-445"},
		{row(11, "04877800"), " A-444"},
		{row(11, "17001044"), ""},
		{row(11, "17001045"), "Original-PZN A-432"},
		{row(0, "04877800") + ";zu viel", " A-426"},
		{"04877800;Testol", " A-426"},
		{row(1, `"offen`), " A-428"},
		{row(1, `"zu" viel`), " A-428"},
		{row(1, `Kompresse 5"`), ""},
		{row(1, `"a;b"`), ""},
	} {
		want := []string(nil)
		if c.want != "" {
			want = []string{"2 " + c.want}
		}
		if _, got := lies(t, head+c.row+"\n"); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.row, got, want)
		}
	}
}

// Several faults of a row are all named, and the same PZN again with the line of the
// first; a row that is refused does not count as the first.
func TestMehrereFunde(t *testing.T) {
	_, got := lies(t, "PZN;Name;Rx;AVP\n1;x;ja;-1\n04877800;a;ja;y\n04877800;a;ja;1\n\n04877800;b;ja;2\n")
	if d := cmp.Diff([]string{"2 PZN A-431", "2 AVP A-436", "3 AVP A-435", "6  A-433"}, got); d != "" {
		t.Error(d)
	}
	b, err := liste.Pruefe(oeffne(t, "PZN;Name;Rx\n04877800;a;ja\n04877800;b;ja\n", liste.Optionen{}).Saetze(), nil)
	if err != nil || len(b.Funde) != 1 || b.Funde[0].Error() !=
		"Zeile 3: Die PZN 04877800 steht schon in Zeile 2; bitte eine der beiden Zeilen entfernen. (A-433)" {
		t.Errorf("%+v %v", b, err)
	}
}

// What is wrong with a file as a whole.
func TestDatei(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		o    liste.Optionen
		want string
	}{
		"empty":         {"", liste.Optionen{}, "A-423"},
		"no PZN":        {"Name;Rx\n", liste.Optionen{}, "A-423"},
		"no rx":         {"PZN;Name\n", liste.Optionen{}, "A-423"},
		"no header":     {"04877800;Testol;ja\n", liste.Optionen{}, "A-423"},
		"UTF-16":        {"\xff\xfeP\x00Z\x00", liste.Optionen{}, "A-425"},
		"binary":        {"PZN;Name;Rx\n\x00", liste.Optionen{}, "A-425"},
		"two of a name": {"PZN;Name;Rx;avp;Taxe-VK\n", liste.Optionen{}, "A-422"},
		"unknown field": {"PZN;Name;Rx\n", liste.Optionen{Spalten: map[string]string{"preis": "Name"}}, "A-419"},
		"no column":     {"PZN;Name;Rx\n", liste.Optionen{Spalten: map[string]string{"avp": "VK"}}, "A-420"},
		"many columns":  {"PZN;Name;Rx" + strings.Repeat(";", 200) + "\n", liste.Optionen{}, "A-421"},
		"long header":   {strings.Repeat("x", liste.MaxZeile+1), liste.Optionen{}, "A-424"},
	} {
		_, err := liste.Oeffne(strings.NewReader(c.text), c.o)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || f.Code != c.want || f.Kind != fault.Invalid {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	for s, err := range oeffne(t, "PZN;Name;Rx\n04877800;a;\n"+strings.Repeat("x", liste.MaxZeile+1), liste.Optionen{}).Saetze() {
		if f, ok := errors.AsType[*fault.Fault](err); s.Nr != 2 && (!ok || f.Code != "A-424" || !strings.HasPrefix(f.Text, "Zeile 3 ")) {
			t.Errorf("long line: %+v %v", s, err)
		}
	}
}

// Columns with other names are mapped by hand; what is not used is named.
func TestSpalten(t *testing.T) {
	d := oeffne(t, "Nr;Bez;Taxe-VK;EVP;Rezept?;Farbe\n04877800;Testol;9;8;x;rot\n",
		liste.Optionen{Spalten: map[string]string{"pzn": "NR", "name": "Bez", "avp": "EVP", "rx": "Rezept?"}})
	if got := d.Ungenutzt(); !slices.Equal(got, []string{"Taxe-VK", "Farbe"}) {
		t.Errorf("not used: %v", got)
	}
	for s, err := range d.Saetze() {
		if a := s.Zeile.Artikel; err != nil || a.AVP != 800 || a.Name != "Testol" || !a.Verschreibungspflichtig {
			t.Errorf("%+v %v", s, err)
		}
	}
}

// A price that jumps by a hundred or is gone is a warning, not a fault.
func TestZweifel(t *testing.T) {
	bisher := func(p kennung.PZN) (artikel.Artikel, bool, error) {
		return artikel.Artikel{PZN: p, AVP: 1234, UVP: 500}, true, nil
	}
	head := "PZN;Name;Rx;AVP;UVP;ApU\n"
	for row, want := range map[string][]string{
		"12,50;5,00;":     nil,
		"1234,00;5,00;":   {"A-451"},
		"0,12;5,00;":      {"A-451"},
		"12,34;;":         {"A-452"},
		";;":              {"A-452", "A-452"},
		"12,34;5,00;13,0": {"A-453"},
		"120,00;6,00;":    nil, // tenfold happens
	} {
		b, err := liste.Pruefe(oeffne(t, head+"04877800;Testol;ja;"+row+"\n", liste.Optionen{}).Saetze(), bisher)
		var got []string
		for _, f := range b.Funde {
			got = append(got, f.Code)
			if f.Schwere != befund.Warnung {
				t.Errorf("%s: %v is no warning", row, f)
			}
		}
		if err != nil || !slices.Equal(got, want) || b.Gut != 1 || b.Zweifel != len(want) {
			t.Errorf("%s: %v %+v %v", row, got, b, err)
		}
	}
	b, err := liste.Pruefe(oeffne(t, head+"04877800;Testol;ja;;;\n", liste.Optionen{}).Saetze(), nil)
	if err != nil || b.Preislos != 1 {
		t.Errorf("%+v %v", b, err)
	}
	failing := errors.New("disk")
	_, err = liste.Pruefe(oeffne(t, head+"04877800;Testol;ja;;;\n", liste.Optionen{}).Saetze(),
		func(kennung.PZN) (artikel.Artikel, bool, error) { return artikel.Artikel{}, false, failing })
	if !errors.Is(err, failing) {
		t.Errorf("the lookup fails: %v", err)
	}
}

// A report quotes a bounded number of faults and counts all rows.
func TestVieleFunde(t *testing.T) {
	b, err := liste.Pruefe(oeffne(t, "PZN;Name;Rx\n"+strings.Repeat("1;a;ja\n", 1000), liste.Optionen{}).Saetze(), nil)
	if err != nil || b.Schlecht != 1000 || len(b.Funde) != liste.MaxFunde {
		t.Errorf("%d %d %v", b.Schlecht, len(b.Funde), err)
	}
}

// The source delivers what the check counted, and fails if the file has changed.
func TestQuelle(t *testing.T) {
	name := filepath.Join(t.TempDir(), "k.csv")
	write := func(s string) {
		if err := os.WriteFile(name, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("PZN;Name;Rx\n04877800;a;ja\n1;b;ja\n17001044;c;\n")
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := liste.Oeffne(f, liste.Optionen{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := liste.Pruefe(d.Saetze(), nil)
	if err != nil || b.Gut != 2 || b.Schlecht != 1 {
		t.Fatalf("%+v %v", b, err)
	}
	read := func() (n int, last error) {
		for z, err := range liste.Gute(d.Saetze(), b) {
			if last = err; err == nil && z.Artikel.PZN != "" {
				n++
			}
		}
		return n, last
	}
	if n, err := read(); n != 2 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	write("PZN;Name;Rx\n04877800;a;ja\n")
	if _, err := read(); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the file has changed: %v", err)
	}
}

// Letters of two bytes at the seams of the blocks that are read are no reason to take
// a file for Windows-1252.
func TestUmlautAnDerNaht(t *testing.T) {
	for pad := range 4 {
		text := "PZN;Name;Rx;" + strings.Repeat("x", pad) + "\n" + strings.Repeat("04877800;ä€ä;;\n", 9000)
		for s, err := range oeffne(t, text, liste.Optionen{}).Saetze() {
			if err != nil || s.Gut() && s.Zeile.Artikel.Name != "ä€ä" {
				t.Fatalf("pad %d: %+v %v", pad, s, err)
			}
		}
	}
}

// The products of the published examples: 394 rows, 5 with a wrong check digit and 19
// without a name.
func TestReferenz(t *testing.T) {
	dir := os.Getenv("OFFIZIN_REFERENZ")
	if dir == "" {
		t.Skip("OFFIZIN_REFERENZ is not set")
	}
	f, err := os.ReadFile(filepath.Join(dir, "pricing", "test-input", "erezept_examples_products.csv"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := liste.Oeffne(bytes.NewReader(f), liste.Optionen{Vorlage: liste.Produkte, Ab: civil.Must(2026, 12, 1)})
	if err != nil {
		t.Fatal(err)
	}
	b, err := liste.Pruefe(d.Saetze(), nil)
	codes := map[string]int{}
	for _, f := range b.Funde {
		codes[f.Code]++
	}
	if err != nil || b.Gut != 370 || !maps.Equal(codes, map[string]int{"A-432": 5, "A-434": 19}) {
		t.Errorf("%+v %v %v", b, codes, err)
	}
	byPZN := map[kennung.PZN]artikel.Artikel{}
	for s := range d.Saetze() {
		byPZN[s.Zeile.Artikel.PZN] = s.Zeile.Artikel
	}
	for pzn, avp := range map[kennung.PZN]int{"00761360": 1408, "00814665": 3121, "01288434": 4110, "00740079": 12496} {
		if a := byPZN[pzn]; int(a.AVP) != avp || a.MwSt != artikel.MwStVoll || !a.Verschreibungspflichtig {
			t.Errorf("%+v", a)
		}
	}
}

// FuzzLies: whatever bytes a file has, each row is an article that can be sold or a
// sentence, and both passes agree.
func FuzzLies(f *testing.F) {
	f.Add([]byte(alle), "")
	f.Add([]byte(latein(alle)), "avp=UVP")
	f.Add([]byte("\ufeffPZN,Name,Rx\r\n4877800,\"a\"\"b\",x\r\n"), "")
	f.Add([]byte("pzn\tname\trx\n\"\n"), "pzn=name")
	f.Add([]byte("pzn,name,prices(date|factor|gross_total|vat)\n04877800,a,2026-01-01|2|3.10|19; |1|x|\n"), "produkte")
	f.Fuzz(func(t *testing.T, text []byte, how string) {
		o := liste.Optionen{Ab: civil.Must(2026, 12, 1)}
		if field, column, ok := strings.Cut(how, "="); ok {
			o.Spalten = map[string]string{field: column}
		} else if how == "produkte" {
			o.Vorlage = liste.Produkte
		}
		d, err := liste.Oeffne(bytes.NewReader(text), o)
		if err != nil {
			return
		}
		b, err := liste.Pruefe(d.Saetze(), nil)
		if err != nil {
			return
		}
		n := 0
		for z, err := range liste.Gute(d.Saetze(), b) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			a := z.Artikel
			if p, err := kennung.ParsePZN(string(a.PZN)); err != nil || p != a.PZN || a.Name == "" || a.AVP < 0 || a.MwSt == 0 || a.Art == "" {
				t.Fatalf("%+v", a)
			}
		}
		if n != b.Gut || len(b.Funde) > 2*liste.MaxFunde || b.Schlecht > 0 && len(b.Funde) == 0 {
			t.Fatalf("%d articles, %+v", n, b)
		}
	})
}
