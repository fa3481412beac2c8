package liste_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/liste"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
)

func zuordnung(t testing.TB, text string, v liste.Vorlage) liste.Optionen {
	t.Helper()
	o, err := v.Optionen()
	if err == nil {
		o, err = liste.LiesZuordnung(strings.NewReader(text), o)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	o.Ab = civil.Must(2026, 12, 1)
	return o
}

func datei(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The list of a supplier that knows nothing of our names is read by a mapping: its letters,
// its comma, two lines above the names, and what it does not say.
func TestLieferant(t *testing.T) {
	o := zuordnung(t, string(datei(t, "lieferant.txt")), liste.Eigene)
	d, err := liste.Oeffne(bytes.NewReader(datei(t, "lieferant.csv")), o)
	if err != nil {
		t.Fatal(err)
	}
	frei := artikel.Artikel{Art: artikel.Freiwahl, Status: artikel.Verkehr, MwSt: artikel.MwStVoll}
	want := []artikel.Artikel{frei, frei, frei}
	for i, a := range []artikel.Artikel{
		{PZN: "17202104", Name: "Morgentau Kräutertee Pfefferminze", Hersteller: "Morgentau", AEP: 175, UVP: 319},
		{PZN: "17213272", Name: "Lavensa Handcreme; Kamille", Hersteller: "Lavensa", AEP: 248, UVP: 590},
		{PZN: "04877800", Name: "Größenmaßband 1,5 m", Hersteller: "Stützwerk", AEP: 101200, UVP: 149900},
	} {
		w := &want[i]
		w.PZN, w.Name, w.Hersteller, w.AEP, w.UVP = a.PZN, a.Name, a.Hersteller, a.AEP, a.UVP
	}
	want[0].MwSt = artikel.MwStErmaessigt
	var got []artikel.Artikel
	for s, err := range d.Saetze() {
		if err != nil || !s.Gut() {
			t.Fatal(s, err)
		}
		got = append(got, s.Zeile.Artikel)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if list := d.Ungenutzt(); !slices.Equal(list, []string{"Regal"}) {
		t.Errorf("not used: %v", list)
	}
}

// What is wrong with a mapping is named with its line.
func TestZuordnungUngueltig(t *testing.T) {
	for text, want := range map[string]string{
		"pzn":                                "A-682 Zeile 1 ",
		"\n# x\nspalte pzn =":                "A-682 Zeile 3 ",
		"= PZN":                              "A-682 Zeile 1 ",
		"farbe = rot":                        "A-683 Zeile 1 ",
		"zeichen = ebcdic":                   "A-683 Zeile 1 ",
		"trenner = |":                        "A-683 Zeile 1 ",
		"dezimal = ,":                        "A-683 Zeile 1 ",
		"umfang = halb":                      "A-683 Zeile 1 ",
		"nullen = ja":                        "A-683 Zeile 1 ",
		"vorlage = lauer":                    "A-683 Zeile 1 ",
		"kopfzeile = 0":                      "A-683 Zeile 1 ",
		"kopfzeile = 101":                    "A-683 Zeile 1 ",
		"spalte pzn = A\nspalte preis = B":   "A-683 Zeile 2 ",
		"spalte = A":                         "A-683 Zeile 1 ",
		"fest ik = 109900019":                "A-683 Zeile 1 ", // not of this layout
		"spalte pzn = A\nfest pzn = B":       "A-685 Zeile 2 ",
		"dezimal = komma\n\nDezimal = punkt": "A-685 Zeile 3 ",
		"\x00":                               "A-681 ",
		strings.Repeat("#\n", liste.MaxZuordnung):  "A-681 ",
		"vorlage = rabattvertrag\nspalte avp = VK": "A-683 Zeile 2 ",
	} {
		_, err := liste.LiesZuordnung(strings.NewReader(text), liste.Optionen{})
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || f.Kind != fault.Invalid || !strings.HasPrefix(f.Code+" "+f.Text, want) {
			t.Errorf("%.40q: %v, want %s", text, err, want)
		}
	}
}

// A pharmacy changes one line of a known mapping and leaves the rest.
func TestZuordnungUeberVorlage(t *testing.T) {
	o := zuordnung(t, "\ufeffUMFANG = teil\r\nspalte festbetrag = FB in EUR\r\ntrenner = tab\r\n", liste.Festbetrag)
	want := liste.Optionen{
		Vorlage: liste.Festbetrag, Spalten: map[string]string{"pzn": "PZN", "festbetrag": "FB in EUR"}, Teil: true,
		Ab: civil.Must(2026, 12, 1), Schreibweise: liste.Schreibweise{Trenner: '\t'},
	}
	if d := cmp.Diff(want, o); d != "" {
		t.Error(d)
	}
	o = zuordnung(t, latein("spalte name = Größe"), liste.Eigene)
	if o.Spalten["name"] != "Größe" {
		t.Errorf("%v", o.Spalten)
	}
}

// A fixed value is held to the same rules as a cell, before any row is read.
func TestFesterWertUngueltig(t *testing.T) {
	o := zuordnung(t, "fest rx = vielleicht", liste.Eigene)
	_, err := liste.Oeffne(strings.NewReader("PZN;Name\n"), o)
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != "A-439" || !strings.Contains(f.Text, "fest rx") {
		t.Errorf("%v", err)
	}
	// The column of that name is not used then: the mapping has said otherwise.
	d := oeffne(t, "PZN;Name;Rx\n04877800;a;nein\n", zuordnung(t, "fest rx = ja", liste.Eigene))
	for s, err := range d.Saetze() {
		if err != nil || !s.Zeile.Artikel.Verschreibungspflichtig {
			t.Errorf("%+v %v", s, err)
		}
	}
}

// How an amount and a number are written, where the mapping says it.
func TestSchreibweise(t *testing.T) {
	for _, c := range []struct{ how, pzn, avp, want string }{
		{"dezimal = komma", "04877800", "1.234", "04877800 123400"},
		{"dezimal = komma", "04877800", "12,3", "04877800 1230"},
		{"dezimal = komma", "04877800", "12.30", "A-435"},
		{"dezimal = punkt", "04877800", "1,234", "04877800 123400"},
		{"dezimal = punkt", "04877800", "1,234.5", "04877800 123450"},
		{"dezimal = punkt", "04877800", "12,30", "A-435"},
		{"dezimal = punkt", "04877800", "-1.00", "A-436"},
		{"nullen = ergaenzen", "877800", "1,00", "A-432"},
		{"nullen = ergaenzen", "649", "1,00", "00000649 100"},
		{"nullen = ergaenzen", "0", "1,00", "00000000 100"},
		{"nullen = ergaenzen", "", "1,00", "A-431"},
		{"nullen = ergaenzen", "64 9", "1,00", "A-431"},
		{"nullen = vorhanden", "649", "1,00", "A-431"},
	} {
		d := oeffne(t, "PZN;Name;Rx;AVP\n"+c.pzn+";a;ja;\""+c.avp+"\"\n", zuordnung(t, c.how, liste.Eigene))
		for s, err := range d.Saetze() {
			got := fmt.Sprint(s.Zeile.Artikel.PZN, " ", int(s.Zeile.Artikel.AVP))
			if len(s.Funde) > 0 {
				got = s.Funde[0].Code
			}
			if err != nil || got != c.want {
				t.Errorf("%s, %s, %s: %s %v, want %s", c.how, c.pzn, c.avp, got, err, c.want)
			}
		}
	}
}

// Letters that are not those of the mapping are found before a name is wrong; the line is
// named.
func TestZeichen(t *testing.T) {
	text := "PZN;Name;Rx\n04877800;Testol;ja\n17001044;Müllers € Tee;nein\n"
	for _, c := range []struct {
		zeichen liste.Zeichen
		text    string
		want    string
	}{
		{liste.UTF8, text, "Müllers € Tee"},
		{liste.UTF8, "\ufeff" + text, "Müllers € Tee"},
		{liste.Windows1252, latein(text), "Müllers € Tee"},
		{liste.ISO8859, latein(strings.ReplaceAll(text, "€ ", "")), "Müllers Tee"},
		{liste.ISO8859, latein(text), "A-442"}, // 0x80 is no letter there
		{liste.UTF8, latein(text), "A-686 (Zeile 3)"},
		{liste.Windows1252, text, "A-686 (Zeile 3)"},
		{liste.ISO8859, text, "A-686 (Zeile 3)"},
		{liste.UTF8, strings.Repeat("\n", 1<<16) + latein(text), "A-686 (Zeile 65539)"},
	} {
		d, err := liste.Oeffne(strings.NewReader(c.text), liste.Optionen{Schreibweise: liste.Schreibweise{Zeichen: c.zeichen}})
		if err != nil {
			code, line, _ := strings.Cut(c.want, " ")
			if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != code || !strings.Contains(f.Text, line) {
				t.Errorf("%s: %v, want %s", c.zeichen, err, c.want)
			}
			continue
		}
		last := ""
		for s := range d.Saetze() {
			if last = s.Zeile.Artikel.Name; len(s.Funde) > 0 {
				last = s.Funde[0].Code
			}
		}
		if last != c.want {
			t.Errorf("%s: %s, want %s", c.zeichen, last, c.want)
		}
	}
}

// liesListe returns what a list says, "IK PZN amount or contract", and its faults.
func liesListe(t *testing.T, text string, o liste.Optionen) (list []string) {
	t.Helper()
	for s, err := range oeffne(t, text, o).Saetze() {
		if err != nil {
			t.Fatal(err)
		}
		a := s.Zeile.Artikel
		switch {
		case !s.Gut():
			for _, f := range s.Funde {
				list = append(list, fmt.Sprintf("%d %s %s", f.Zeile, f.Spalte, f.Code))
			}
		case o.Vorlage == liste.Rabattvertrag:
			v := s.Vertrag
			list = append(list, fmt.Sprint(v.IK, " ", v.PZN, " ", v.Vertrag.Faktor, " ", v.Vertrag.MehrkostenErlassen))
		default:
			list = append(list, fmt.Sprint(a.PZN, " ", int(a.Festbetrag), " ", a.Zuzahlungsfrei))
		}
	}
	return list
}

// The invented examples of the official lists are read without any mapping of one's own.
func TestBeispiele(t *testing.T) {
	for _, c := range []struct {
		v     liste.Vorlage
		datei string
		n     int
		first string
	}{
		{liste.Festbetrag, "festbetrag.csv", 10, "17023382 2040 false"},
		{liste.Zuzahlungsfrei, "zuzahlungsfrei.csv", 3, "17012214 0 true"},
		{liste.Rabattvertrag, "rabattvertrag.csv", 5, "109900019 17023382 100 true"},
	} {
		if got := liesListe(t, string(datei(t, c.datei)), zuordnung(t, "", c.v)); len(got) != c.n || got[0] != c.first {
			t.Errorf("%s: %q", c.datei, got)
		}
	}
}

// A list is refused by line and column. § 35 and § 31(3) SGB V: an amount, and nothing but a
// PZN; § 31(3) S. 5: all, half or none of the Zuzahlung.
func TestAmtlicheZeilen(t *testing.T) {
	fb, frei, rabatt := zuordnung(t, "spalte gueltig_ab = Gueltig_am", liste.Festbetrag),
		zuordnung(t, "", liste.Zuzahlungsfrei), zuordnung(t, "", liste.Rabattvertrag)
	for _, c := range []struct {
		o          liste.Optionen
		text, want string
	}{
		{fb, "PZN;Festbetrag;Gueltig_am\n17023382;20,40;01/12/2026\n", "17023382 2040 false"},
		{fb, "PZN;Festbetrag;Gueltig_am\n17023382;20,40;2026-12-01\n17023382;20,40;1.12.2026\n", "17023382 2040 false|17023382 2040 false"},
		{fb, "PZN;Festbetrag;Gueltig_am\n17023382;20,40;15.12.2026\n", "2 Gueltig_am A-691"},
		{fb, "PZN;Festbetrag;Gueltig_am\n17023382;20,40;\n", "2 Gueltig_am A-691"},
		{fb, "PZN;Festbetrag;Gueltig_am\n17023382;;1.12.2026\n17023381;0,00;1.12.2026\n", "2 Festbetrag A-684|3 PZN A-432|3 Festbetrag A-684"},
		{fb, "PZN;Festbetrag;Gueltig_am\n17023382;20,40;1.12.2026\n17023382;20,41;1.12.2026\n", "17023382 2040 false|3  A-689"},
		{frei, "PZN\n17012214\nx\n17012214\n", "17012214 0 true|3 PZN A-431|17012214 0 true"},
		{rabatt, "IK;PZN\n109900019;17023382\n", "109900019 17023382 100 false"},
		{rabatt, "IK;PZN;Zuzahlung\n109900018;17023382;100\n1;17023382;25\n", "2 IK A-687|3 IK A-687|3 Zuzahlung A-688"},
		{rabatt, "IK;PZN;Faktor;Mehrkosten\n109900019;17023382;0 %;x\n", "109900019 17023382 0 true"},
		{rabatt, "IK;PZN;Faktor;Mehrkosten\n109900019;17023382;;vielleicht\n", "2 Mehrkosten A-439"},
		{rabatt, "IK;PZN;Faktor\n109900019;17023382;50\n109900122;17023382;0\n109900019;17023382;0\n", "109900019 17023382 50 false|109900122 17023382 0 false|4  A-689"},
	} {
		if got := strings.Join(liesListe(t, c.text, c.o), "|"); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.text, got, c.want)
		}
	}
	for text, o := range map[string]liste.Optionen{"PZN;FB\n": zuordnung(t, "", liste.Festbetrag), "IK;Nr\n": rabatt} {
		if _, err := liste.Oeffne(strings.NewReader(text), o); err == nil || !strings.Contains(err.Error(), "A-420") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// The layouts of which samples are known: DIMDI 2006, with a point, padded cells and numbers
// without zeros; GKV-Spitzenverband about 2009.
func TestReferenzListen(t *testing.T) {
	dir := os.Getenv("OFFIZIN_REFERENZ")
	if dir == "" {
		t.Skip("OFFIZIN_REFERENZ is not set")
	}
	for _, c := range []struct {
		datei, how string
		v          liste.Vorlage
		n          int
		first, bad string
	}{
		{"fb010706.csv", "nullen = ergaenzen\ndezimal = punkt", liste.Festbetrag, 28, "00000649 3428 false", "27 PZN A-432"},
		{"liste_zuzahlungsbefreite_arzneimittel_suchfunktion.csv", "", liste.Zuzahlungsfrei, 3, "02542946 0 true", ""},
	} {
		b, err := os.ReadFile(filepath.Join(dir, "pricing", "test-input", c.datei))
		if err != nil {
			t.Fatal(err)
		}
		got := liesListe(t, string(b), zuordnung(t, c.how, c.v))
		bad := slices.DeleteFunc(slices.Clone(got), func(s string) bool { return !strings.Contains(s, " A-") })
		if len(got) != c.n || got[0] != c.first || strings.Join(bad, "|") != c.bad {
			t.Errorf("%s: %d %q", c.datei, len(got), got)
		}
	}
}

// FuzzZuordnung: whatever a mapping and a file say, each row is something that can be used
// or a sentence with its line.
func FuzzZuordnung(f *testing.F) {
	f.Add(datei(f, "lieferant.txt"), datei(f, "lieferant.csv"))
	for _, v := range []liste.Vorlage{liste.Festbetrag, liste.Zuzahlungsfrei, liste.Rabattvertrag} {
		f.Add([]byte(v.Text()), datei(f, string(v)+".csv"))
	}
	f.Add([]byte("vorlage=rabattvertrag\nfest ik=109900019\nnullen=ergaenzen\nkopfzeile=2"), []byte("x\nPZN,ik\n649,\n"))
	f.Fuzz(func(t *testing.T, how, text []byte) {
		o, err := liste.LiesZuordnung(bytes.NewReader(how), liste.Optionen{Ab: civil.Must(2026, 12, 1)})
		if err != nil {
			if _, ok := errors.AsType[*fault.Fault](err); !ok {
				t.Fatal(err)
			}
			return
		}
		d, err := liste.Oeffne(bytes.NewReader(text), o)
		if err != nil {
			return
		}
		for s, err := range d.Saetze() {
			if err != nil {
				return
			}
			for _, f := range s.Funde {
				if f.Zeile != s.Nr || f.Code == "" || f.Text == "" {
					t.Fatalf("%+v", f)
				}
			}
			if s.Gut() {
				brauchbar(t, o.Vorlage, s)
			}
		}
	})
}

func brauchbar(t *testing.T, v liste.Vorlage, s liste.Satz) {
	t.Helper()
	a := s.Zeile.Artikel
	if p, err := kennung.ParsePZN(string(a.PZN)); err != nil || p != a.PZN {
		t.Fatalf("%+v", s)
	}
	bad := a.Name == ""
	switch v {
	case liste.Festbetrag:
		bad = a.Festbetrag <= 0
	case liste.Zuzahlungsfrei:
		bad = !a.Zuzahlungsfrei
	case liste.Rabattvertrag:
		f := s.Vertrag.Vertrag.Faktor
		bad = len(s.Vertrag.IK) != 9 || s.Vertrag.PZN != a.PZN || f != 0 && f != 50 && f != 100
	case liste.Eigene, liste.Produkte:
	}
	if bad || !v.Amtlich() && s.Vertrag != (catalogue.Vertragszeile{Vertrag: zuzahlung.Vertrag{}}) {
		t.Fatalf("%s: %+v", v, s)
	}
}
