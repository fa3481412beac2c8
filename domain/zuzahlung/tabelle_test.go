package zuzahlung_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// TestLawCases runs the tables in testdata, which read like the law.
func TestLawCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".tsv"), func(t *testing.T) { runTable(t, file) })
	}
}

func runTable(t *testing.T, file string) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		if text == "" || text[0] == '#' || strings.HasPrefix(text, "day\t") {
			continue
		}
		col := strings.Split(text, "\t")
		if len(col) != 4 {
			t.Fatalf("%s:%d: %d columns, want 4", file, n, len(col))
		}
		if err := runCase(t, col[0], col[1], col[2]); err != nil {
			t.Errorf("%s:%d: %s %s (%s): %v", filepath.Base(file), n, col[0], col[1], col[3], err)
		}
	}
}

func runCase(t *testing.T, day, input, want string) error {
	f, err := parseFall(day, input)
	if err != nil {
		t.Fatal(err)
	}
	e := zuzahlung.Compute(f, recht(f.Tag))
	consistent(t, f, e)
	return compare(e, want)
}

// compare checks an Ergebnis against "zuz=5.00 regel=anteil".
func compare(e zuzahlung.Ergebnis, want string) error {
	got := map[string]string{
		"zuz": e.Zuzahlung.Decimal(), "mk": e.Mehrkosten.Decimal(), "eb": e.Eigenbeteiligung.Decimal(),
		"tr": e.TraegerZahlt.Decimal(), "ges": e.Gesamt.Decimal(), "ab": e.Abschlag.Decimal(),
		"regel": e.Regel, "befund": codes(e), "privat": strconv.FormatBool(e.Privat),
	}
	expected := map[string]string{"zuz": "0.00", "mk": "0.00", "eb": "0.00", "befund": "", "privat": "false", "regel": "?"}
	for word := range strings.FieldsSeq(want) {
		key, value, ok := strings.Cut(word, "=")
		if !ok {
			value = "true"
		}
		if _, known := got[key]; !known {
			return fmt.Errorf("unknown expectation %q", word)
		}
		expected[key] = value
	}
	var wrong []string
	for key, value := range expected {
		if got[key] != value {
			wrong = append(wrong, fmt.Sprintf("%s = %q, want %q", key, got[key], value))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("%s; steps: %+v", strings.Join(wrong, "; "), e.Schritte)
}

func codes(e zuzahlung.Ergebnis) string {
	var list []string
	for _, b := range e.Befunde {
		list = append(list, b.Code)
	}
	return strings.Join(list, ",")
}

// parseFall reads "traeger=GKV avp=12.34 n=2 befreit": by default one Rx pack for a
// GKV patient.
func parseFall(day, input string) (zuzahlung.Fall, error) {
	f := zuzahlung.Fall{Traeger: zuzahlung.GKV, Art: artikel.Arzneimittel, Rx: true, Packungen: 1}
	if day != "" {
		d, err := civil.Parse(day)
		if err != nil {
			return f, err
		}
		f.Tag = d
	}
	for word := range strings.FieldsSeq(input) {
		key, value, ok := strings.Cut(word, "=")
		var err error
		if ok {
			err = setValue(&f, key, value)
		} else {
			err = setFlag(&f, key)
		}
		if err != nil {
			return f, fmt.Errorf("%q: %w", word, err)
		}
	}
	return f, nil
}

func setFlag(f *zuzahlung.Fall, key string) error {
	flag := map[string]*bool{
		"befreit": &f.Befreit, "schwanger": &f.Schwanger, "unfall": &f.Arbeitsunfall, "befruchtung": &f.Befruchtung,
		"ersatz": &f.Ersatzverordnung, "ssb": &f.Sprechstundenbedarf, "liste": &f.Zuzahlungsfrei,
		"nv": &f.NichtVerfuegbar, "wunsch": &f.Wunsch, "beihilfe": &f.Beihilfe, "otc": &f.OTCErstattungsfaehig,
		"homoeo": &f.Homoeopathisch, "cannabis": &f.Cannabisblueten, "rezeptur": &f.Rezeptur,
		"parenteral": &f.Parenteral, "unverarbeitet": &f.Unverarbeitet, "ser": &f.Entschaedigung,
		"autidem": &f.AutIdemKreuz,
	}
	if f.Engpass != nil {
		flag["refliste"] = &f.Engpass.Zuzahlungsfrei
	}
	if flag[key] == nil {
		return fmt.Errorf("unknown flag")
	}
	*flag[key] = true
	return nil
}

func setValue(f *zuzahlung.Fall, key, value string) (err error) {
	cent := map[string]*money.Cent{
		"avp": &f.AVP, "fb": &f.Festbetrag, "geheim": &f.Geheimpreis, "monat": &f.MonatBereits,
	}
	number := map[string]*int{"n": &f.Packungen, "pg": &f.Produktgruppe}
	if key == "ref" {
		f.Engpass = &zuzahlung.Referenz{Packungen: 1}
		cent["ref"] = &f.Engpass.AVP
	} else if e := f.Engpass; e != nil {
		cent["reffb"], cent["bereits"], number["refn"] = &e.Festbetrag, &e.Bereits, &e.Packungen
	}
	switch {
	case cent[key] != nil:
		*cent[key], err = money.ParseDecimal(value)
	case number[key] != nil:
		*number[key], err = strconv.Atoi(value)
	case key == "traeger":
		f.Traeger = zuzahlung.Traeger(value)
	case key == "art":
		f.Art = artikel.Art(value)
	case key == "rx":
		f.Rx, err = strconv.ParseBool(value)
	case key == "geb":
		f.Geburt, err = civil.Parse(value)
	case key == "teil":
		_, err = fmt.Sscanf(value, "%d/%d", &f.TeilMenge, &f.TeilVon)
	case key == "vertrag":
		f.Vertrag, err = vertrag(value)
	case key == "refvertrag":
		f.Engpass.Vertrag, err = vertrag(value)
	default:
		err = fmt.Errorf("unknown key")
	}
	return err
}

func vertrag(s string) (*zuzahlung.Vertrag, error) {
	faktor, mk := strings.CutSuffix(s, "+mk")
	n, err := strconv.Atoi(faktor)
	return &zuzahlung.Vertrag{Faktor: n, MehrkostenErlassen: mk}, err
}
