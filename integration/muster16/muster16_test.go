package muster16_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/integration/muster16"
	"github.com/offizin/offizin/internal/fault"
)

var update = flag.Bool("update", false, "write the golden file anew")

var shown = regexp.MustCompile(`BT ([\d.]+) ([\d.]+) Td \(([^)]*)\) Tj ET`)

// places reads back what stands where, in tenths of a millimetre from the upper left
// corner.
func places(t *testing.T, pdf []byte) string {
	t.Helper()
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Fatal("no PDF")
	}
	mm := func(points []byte) float64 {
		p, err := strconv.ParseFloat(string(points), 64)
		if err != nil {
			t.Fatal(err)
		}
		return p * 25.4 / 72
	}
	var b strings.Builder
	for _, m := range shown.FindAllSubmatch(pdf, -1) {
		fmt.Fprintf(&b, "%5.1f %5.1f %s\n", mm(m[1]), 105-mm(m[2]), m[3])
	}
	return b.String()
}

func formular() muster16.Formular {
	return muster16.Formular{
		IK: "300123453", Zuzahlung: 1056, GesamtBrutto: 6515, Abgabe: 20261123,
		Zeilen: []muster16.Zeile{{"12345600", "1", 1516}, {"01126111", "2", 4999}, {"02567024", "211", 0}},
	}
}

func TestPlaces(t *testing.T) {
	pdf, err := muster16.PDF(formular(), muster16.Versatz{})
	if err != nil {
		t.Fatal(err)
	}
	got := places(t, pdf)
	if *update {
		if err := os.WriteFile("testdata/felder.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/felder.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
	again, err := muster16.PDF(formular(), muster16.Versatz{})
	if err != nil || !bytes.Equal(pdf, again) {
		t.Error("the same form gives other bytes")
	}
}

// The offset moves everything by the same distance.
func TestVersatz(t *testing.T) {
	pdf, err := muster16.PDF(formular(), muster16.Versatz{X: 15, Y: -22})
	if err != nil {
		t.Fatal(err)
	}
	if got := places(t, pdf); !strings.HasPrefix(got, "119.5   6.8 300123453\n") {
		t.Error(got)
	}
}

func TestUebung(t *testing.T) {
	f := formular()
	f.Uebung = true
	pdf, err := muster16.PDF(f, muster16.Versatz{})
	if err != nil || !strings.Contains(places(t, pdf), "NICHT ABRECHNEN") {
		t.Error("practice is not marked", err)
	}
}

func TestAusBon(t *testing.T) {
	b := bon.Bon{Tag: 20261123, Positionen: []bon.Position{
		{PZN: "12345600", Menge: 2, Gesamt: 3032, Zuzahlung: 1000, TraegerZahlt: 2032, Rezept: "m-1", Art: vorgang.Artikel},
		{PZN: "01126111", Menge: 1, Gesamt: 398, Zuzahlung: 398, Rezept: "m-1", Art: vorgang.Artikel}, // Nullposition
		{SOK: "02567018", Menge: 1, Gesamt: 250, TraegerZahlt: 250, Rezept: "m-1", Art: vorgang.Gebuehr},
		{PZN: "12345600", Menge: 1, Gesamt: 1516, TraegerZahlt: 1516, Rezept: "m-2", Art: vorgang.Artikel},
		{PZN: "12345600", Menge: 1, Gesamt: 999, Privat: 999, Art: vorgang.Artikel},
	}}
	want := muster16.Formular{
		IK: "300123453", Zuzahlung: 1000, GesamtBrutto: 3282, Abgabe: 20261123,
		Zeilen: []muster16.Zeile{{"12345600", "2", 3032}, {"01126111", "1", 0}, {"02567018", "1", 250}},
	}
	if diff := cmp.Diff(want, muster16.AusBon(b, "m-1", "300123453")); diff != "" {
		t.Error(diff)
	}
	if f := muster16.AusBon(b, "", "300123453"); len(f.Zeilen) != 0 {
		t.Errorf("%+v", f)
	}
}

// The form has no field for what the patient pays beyond the Zuzahlung, so the Taxe is
// what the Kostenträger owes: up to the Festbetrag (15,16 € with 0,56 € Mehrkosten), half
// in künstliche Befruchtung (101,69 €); TA3 EFP-04.
func TestTaxeIsWhatTheKostentraegerOwes(t *testing.T) {
	b := bon.Bon{Tag: 20261123, Positionen: []bon.Position{
		{
			PZN: "12345600", Menge: 1, Gesamt: 1516, Zuzahlung: 500, Mehrkosten: 56, TraegerZahlt: 960, Rezept: "m-1",
			Art: vorgang.Artikel,
		},
		{
			PZN: "01126111", Menge: 1, Gesamt: 10169, Eigenbeteiligung: 5085, TraegerZahlt: 5084, Rezept: "m-1",
			Art: vorgang.Artikel,
		},
	}}
	want := muster16.Formular{
		IK: "300123453", Zuzahlung: 500, GesamtBrutto: 6544, Abgabe: 20261123,
		Zeilen: []muster16.Zeile{{"12345600", "1", 1460}, {"01126111", "1", 5084}},
	}
	if diff := cmp.Diff(want, muster16.AusBon(b, "m-1", "300123453")); diff != "" {
		t.Error(diff)
	}
}

func TestRefused(t *testing.T) {
	for code, change := range map[string]func(*muster16.Formular, *muster16.Versatz){
		"R-901": func(f *muster16.Formular, _ *muster16.Versatz) { f.Zeilen[0].Nummer = "" },
		"R-902": func(f *muster16.Formular, _ *muster16.Versatz) { f.Zeilen = nil },
		"R-903": func(f *muster16.Formular, _ *muster16.Versatz) { f.Zeilen = append(f.Zeilen, f.Zeilen[0]) },
		"R-904": func(f *muster16.Formular, _ *muster16.Versatz) { f.IK = "30012345" },
		"R-905": func(f *muster16.Formular, _ *muster16.Versatz) { f.Abgabe = 0 },
		"R-906": func(f *muster16.Formular, _ *muster16.Versatz) { f.GesamtBrutto = money.MaxInput },
		"R-907": func(_ *muster16.Formular, v *muster16.Versatz) { v.Y = -201 },
	} {
		f, v := formular(), muster16.Versatz{}
		change(&f, &v)
		_, err := muster16.PDF(f, v)
		if got, ok := errors.AsType[*fault.Fault](err); !ok || got.Code != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}
