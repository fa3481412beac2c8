package rezept_test

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// TestFristen reads the law cases: day of issue, day of supply, kind, verdicts.
func TestFristen(t *testing.T) {
	file, err := os.Open("testdata/fristen.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for scan := bufio.NewScanner(file); scan.Scan(); {
		line, _, _ := strings.Cut(scan.Text(), "#")
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if len(f) != 4 {
			t.Fatalf("line %q has %d fields", line, len(f))
		}
		r := fall(t, f[2])
		r.Ausgestellt = day(t, f[0])
		if got := codes(rezept.Check(r, day(t, f[1]))); got != f[3] {
			t.Errorf("%s: got %s", line, got)
		}
	}
}

func fall(t *testing.T, art string) rezept.Rezept {
	t.Helper()
	r := rezept.Rezept{
		ID: "160.000.000.000.000.00", Herkunft: rezept.ERezept, FlowType: rezept.FlowGKV, Status: rezept.Zuzahlungspflichtig,
		Patient: rezept.Patient{Geburt: civil.Must(1970, 1, 1)},
		Verordnungen: []rezept.Verordnung{{
			Art: rezept.PZNVerordnung, Kategorie: rezept.KategorieArzneimittel, Packungen: 1, Dosierung: "1-0-0-0",
		}},
	}
	v := &r.Verordnungen[0]
	for word := range strings.SplitSeq(art, "+") {
		name, rest, _ := strings.Cut(word, ":")
		switch name {
		case "gkv", "pkv", "bg":
			r.Kostentraeger.Art = zuzahlung.Traeger(strings.ToUpper(name))
		case "entlass":
			r.Rechtsgrundlage = "04"
		case "btm":
			v.Kategorie = rezept.KategorieBtM
		case "t":
			v.Kategorie = rezept.KategorieT
			v.TAngaben = &rezept.TAngaben{Sicherheitsmassnahmen: true, Informationsmaterial: true, Sachkenntnis: true}
		case "unbestaetigt":
			v.TAngaben.Sachkenntnis = false
		case "papier":
			r.Herkunft, r.FlowType = rezept.Muster16, 0
		case "flow":
			r.FlowType, _ = strconv.Atoi(rest)
		case "mvo":
			r.Mehrfach = mehrfach(t, rest)
		case "kind":
			r.Patient.Geburt = civil.Must(2008, 11, 2)
		case "ungeboren":
			r.Patient.Geburt = civil.Must(2030, 1, 1)
		case "ohnedosis":
			v.Dosierung = ""
		default:
			t.Fatalf("unknown word %q", word)
		}
	}
	return r
}

// mehrfach reads "2/4:2026-12-01:2027-02-28"; days may be missing.
func mehrfach(t *testing.T, text string) *rezept.Mehrfach {
	t.Helper()
	part := strings.Split(text, ":")
	nr, of, _ := strings.Cut(part[0], "/")
	m := &rezept.Mehrfach{}
	m.Nummer, _ = strconv.Atoi(nr)
	m.Gesamt, _ = strconv.Atoi(of)
	if len(part) > 1 {
		m.Ab = day(t, part[1])
	}
	if len(part) > 2 {
		m.Bis = day(t, part[2])
	}
	return m
}

func TestCheckWithoutDay(t *testing.T) {
	if got := codes(rezept.Check(rezept.Rezept{}, civil.Must(2026, 11, 23))); got != "R-210" {
		t.Errorf("no day of issue: got %s", got)
	}
}

func TestGeburtSpanne(t *testing.T) {
	for text, want := range map[string]string{
		"1972-05-03": "1972-05-03 1972-05-03",
		"1972-05":    "1972-05-01 1972-05-31",
		"1972":       "1972-01-01 1972-12-31",
		"1972-12":    "1972-12-01 1972-12-31",
		"1972-02":    "1972-02-01 1972-02-29",
		"19720500":   "1972-05-01 1972-05-31", // as on the eGK
		"19720000":   "1972-01-01 1972-12-31",
		"19720503":   "1972-05-03 1972-05-03",
		"03.05.1972": "1972-05-03 1972-05-03",
		"00.05.1972": "1972-05-01 1972-05-31",
		" 5.1972 ":   "1972-05-01 1972-05-31",
		"":           "", "72": "", "1972-13": "", "1972-02-30": "", "1972-00-03": "", "0000": "", "x": "",
		"1972-05-03-04": "", "1972--3": "", "1972-005": "", "+972": "", "31.04.1972": "",
	} {
		first, last, ok := rezept.GeburtSpanne(text)
		got := ""
		if ok {
			got = first.String() + " " + last.String()
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzGeburtSpanne(f *testing.F) {
	f.Add("1972")
	f.Add("00.00.1972")
	f.Fuzz(func(t *testing.T, text string) {
		first, last, ok := rezept.GeburtSpanne(text)
		if ok && (!first.Valid() || !last.Valid() || last < first) {
			t.Errorf("%q: %v to %v", text, first, last)
		}
	})
}

func day(t *testing.T, text string) civil.Day {
	t.Helper()
	d, err := civil.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func codes(list []befund.Befund) string {
	if len(list) == 0 {
		return "-"
	}
	var all []string
	for _, b := range list {
		all = append(all, b.Code)
	}
	return strings.Join(all, ",")
}

// TestNummern: a typed number with a wrong check digit warns.
func TestNummern(t *testing.T) {
	good := rezept.Rezept{
		Kostentraeger: rezept.Kostentraeger{IK: "109500969"}, Patient: rezept.Patient{KVNR: "A123456780"},
		Verordner:    rezept.Verordner{LANR: "123456601"},
		Verordnungen: []rezept.Verordnung{{PZN: "04773414"}, {Art: rezept.FreitextVerordnung}},
	}
	if list := rezept.Nummern(good); len(list) != 0 {
		t.Errorf("good numbers: %v", list)
	}
	bad := good
	bad.Kostentraeger.IK, bad.Patient.KVNR, bad.Verordner.LANR = "109500968", "A123456781", "12345660"
	bad.Verordnungen = []rezept.Verordnung{{PZN: "04773415"}}
	list := rezept.Nummern(bad)
	if len(list) != 4 || befund.Hindert(list) {
		t.Errorf("bad numbers: %v", list)
	}
}
