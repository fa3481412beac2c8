package taxieren_test

import (
	"bufio"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/abrechnung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow/taxieren"
)

const id = "160.000.000.000.000.00"

// TestFaelle reads the law cases.
func TestFaelle(t *testing.T) {
	file, err := os.Open("testdata/faelle.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for scan := bufio.NewScanner(file); scan.Scan(); {
		line, _, _ := strings.Cut(scan.Text(), "#")
		in, want, ok := strings.Cut(line, "=>")
		if !ok {
			continue
		}
		akte, list := fall(t, strings.Fields(in))
		var got []string
		for _, z := range pruefe(t, akte, list, false) {
			got = append(got, string(z.State), strings.TrimSpace(z.Regel+" "))
			if z.Regel == "" {
				got[len(got)-1] = "-"
			}
		}
		if g, w := strings.Join(got, " "), strings.Join(strings.Fields(want), " "); g != w {
			t.Errorf("%s\n got %s\nwant %s", line, g, w)
		}
		blind(t, line, akte, list)
	}
}

// blind must compute the same where nothing depends on stated Mehrkosten.
func blind(t *testing.T, line string, akte taxieren.Akte, list []taxieren.Verordnung) {
	t.Helper()
	open := pruefe(t, akte, list, false)
	z := append([]abrechnung.Zeile(nil), akte.Daten.Zeilen...)
	more := false
	for i := range z {
		more = more || z[i].Kosten[1] > 0 && z[i].System == abrechnung.SystemPZN
		z[i].Kosten = [3]money.Cent{}
	}
	akte.Daten.Zeilen = z
	for i, row := range pruefe(t, akte, list, true) {
		if row.Erwartet != "-" || (row.Errechnet != open[i].Errechnet && !more) {
			t.Errorf("%s: blind %+v, open %+v", line, row, open[i])
		}
	}
}

func pruefe(t *testing.T, a taxieren.Akte, list []taxieren.Verordnung, blind bool) []taxieren.Zeile {
	t.Helper()
	s, err := recht.Load()
	if err != nil {
		t.Fatal(err)
	}
	law := func(day civil.Day) (zuzahlung.Recht, error) {
		stand, err := s.Am(day)
		return stand.Zuzahlung, err
	}
	var rows []taxieren.Zeile
	if _, err := taxieren.Pruefe([]taxieren.Akte{a}, list, law, blind, func(z taxieren.Zeile) error {
		rows = append(rows, z)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return rows
}

func fall(t *testing.T, f []string) (taxieren.Akte, []taxieren.Verordnung) {
	t.Helper()
	a := abrechnung.Abgabedaten{Rezept: id, Abgabe: tag(t, f[0])}
	r := rezept.Rezept{
		ID: id, FlowType: 160, Ausgestellt: a.Abgabe, Patient: rezept.Patient{Geburt: civil.Must(1970, 1, 1)},
		Verordnungen: []rezept.Verordnung{{Packungen: 1}},
	}
	list := []taxieren.Verordnung{{Pfad: "v.xml", Rezept: r}}
	for word := range strings.SplitSeq(f[1], "+") {
		switch word {
		case "ohne":
			list = nil
			continue
		case "frei":
			r.Status = rezept.Zuzahlungsbefreit
		case "befruchtung":
			r.Status = rezept.KuenstlicheBefruchtung
		case "kind":
			r.Patient.Geburt = civil.Must(2010, 1, 1)
		case "teilkind":
			r.Patient.Geburt, r.Patient.GeburtText = 0, "2008"
		case "unfall":
			r.Unfall = rezept.UnfallAllgemein
		case "bvg":
			r.BVG = true
		case "impfstoff":
			r.Impfstoff = true
		case "13":
			a.Aenderungen = []int{13}
		case "910", "920":
			r.FlowType, _ = strconv.Atoi(word)
		default:
			r.Kostentraeger.Art = zuzahlung.Traeger(strings.ToUpper(word))
		}
		if list != nil {
			list[0].Rezept = r
		}
	}
	for i, text := range f[2:] {
		z := zeile(t, text)
		z.Nr = i + 1
		a.Zeilen = append(a.Zeilen, z)
		a.Brutto += z.Betrag
		a.Gesamtzuzahlung += z.Kosten[0]
	}
	return taxieren.Akte{Pfad: "a.xml", Daten: a}, list
}

func zeile(t *testing.T, text string) abrechnung.Zeile {
	t.Helper()
	part := strings.Split(text, ":")
	z := abrechnung.Zeile{System: part[0], Code: part[1], Betrag: cent(t, part[3])}
	z.Faktor, _ = strconv.Atoi(part[2])
	for i, c := range strings.Split(part[4], "/") {
		z.Kosten[i] = cent(t, c)
	}
	z.Attribut.Zuzahlungsstatus = -1
	if len(part) > 5 {
		switch part[5] {
		case "status0":
			z.Attribut.Zuzahlungsstatus = 0
		case "status1":
			z.Attribut.Zuzahlungsstatus = 1
		case "ersatz":
			z.Attribut.Ersatz = true
		case "wunsch":
			z.Attribut.Wunsch = true
		case "mehr1":
			z.Attribut.Mehrkostenuebernahme = 1
		case "beihilfe":
			z.Attribut.Angaben = "Tarifkennzeichen 1100P53; Beihilfe ja"
		default:
			t.Fatalf("unknown attribute %q", part[5])
		}
	}
	return z
}

func TestSummen(t *testing.T) {
	a, list := fall(t, strings.Fields("2026-11-23 gkv pzn:00000018:1:16.45:5.00/0.00/0.00"))
	a.Daten.Gesamtzuzahlung = 600
	rows := pruefe(t, a, list, false)
	if len(rows) != 2 || rows[1].State != taxieren.Differ || rows[1].Erwartet != "16.45/6.00" || rows[1].Errechnet != "16.45/5.00" {
		t.Errorf("got %+v", rows)
	}
}

func TestUnlesbar(t *testing.T) {
	rows := pruefe(t, taxieren.Akte{Pfad: "x.xml", Fehler: errors.New("kaputt")}, nil, false)
	if len(rows) != 1 || rows[0].State != taxieren.Ungueltig || rows[0].Regel != "kaputt" {
		t.Errorf("got %+v", rows)
	}
}

// TestWahl: one id in several files.
func TestWahl(t *testing.T) {
	a, list := fall(t, strings.Fields("2026-11-23 gkv pzn:00000018:1:16.45:5.00/0.00/0.00"))
	a.Pfad = "dav/SKT_Nr1_eAbgabedaten.xml"
	list[0].Pfad = "kbv/Nr1_VerordnungArzt.xml"
	other := list[0]
	other.Pfad, other.Rezept.Kostentraeger.Art = "kbv/x__SKT_Nr1_VerordnungArzt.xml", zuzahlung.SKT
	if rows := pruefe(t, a, append(list, other), false); rows[0].Regel != zuzahlung.RegelSKT {
		t.Errorf("same name of file: got %+v", rows)
	}
	other.Rezept.Ausgestellt = civil.Must(2026, 11, 24)
	if rows := pruefe(t, a, []taxieren.Verordnung{other, list[0]}, false); rows[0].Regel != zuzahlung.RegelMindest {
		t.Errorf("issued after the supply: got %+v", rows)
	}
}

func tag(t *testing.T, s string) civil.Day {
	t.Helper()
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func cent(t *testing.T, s string) money.Cent {
	t.Helper()
	n, err := strconv.ParseInt(strings.Replace(s, ".", "", 1), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return money.Cent(n)
}
