package bericht_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/bericht"
	"github.com/offizin/offizin/workflow/workflowtest"
)

const (
	voll       = 19 * money.Percent
	ermaessigt = 7 * money.Percent
)

// open is a pharmacy with three sales, one of them undone, on 2026-11-23, one with
// waived Zuzahlung on 2026-11-22, entered afterwards.
func open(t *testing.T) (*workflowtest.Stand, *bericht.Service) {
	x := workflowtest.New(t, nil)
	at := time.Date(2026, 11, 23, 8, 5, 0, 0, time.UTC)
	rx := bon.Position{
		Nr: 1, Bezeichnung: "RAMIPRIL Demo", Menge: 1, Preis: 6000, Gesamt: 6000, MwSt: voll, Rx: true,
		Traeger: zuzahlung.GKV, Zuzahlung: 600, Mehrkosten: 100, TraegerZahlt: 5300, Abschlag: 177,
	}
	otc := bon.Position{Nr: 2, Bezeichnung: "IBU Demo", Menge: 2, Preis: 1000, Rabatt: 100, Gesamt: 1900, MwSt: voll, Privat: 1900}
	tee := bon.Position{Nr: 3, Bezeichnung: "TEE Demo", Menge: 1, Preis: 214, Gesamt: 214, MwSt: ermaessigt, Privat: 214}
	kulanz := rx
	kulanz.Kulanz, kulanz.KulanzGrund = 600, "=Stammkunde; \"treu\""
	undo := otc
	undo.Menge, undo.Rabatt, undo.Gesamt, undo.Privat = -2, -100, -1900, -1900
	book := func(b bon.Bon) { x.Book(event.VerkaufAbgeschlossen{Bon: b}) }
	book(bon.Bon{
		Nummer: "1-000001", Art: bon.Verkauf, Tag: 20261123, Zeit: at.UnixNano(), Positionen: []bon.Position{rx, otc, tee},
		Zahlungen: []bon.Zahlung{{Art: bon.Karte, Betrag: 2000}, {Art: bon.Bar, Betrag: 814, Gegeben: 1000}},
	})
	book(bon.Bon{
		Nummer: "1-000002", Art: bon.Retoure, Bezug: "1-000001", Tag: 20261123, Positionen: []bon.Position{undo},
		Zahlungen: []bon.Zahlung{{Art: bon.Bar, Betrag: -1900}},
	})
	book(bon.Bon{
		Nummer: "1-000003", Art: bon.Verkauf, Nacherfassung: true, Benutzer: "AB", Tag: 20261122, Zeit: at.UnixNano(),
		Positionen: []bon.Position{kulanz}, Zahlungen: []bon.Zahlung{{Art: bon.Bar, Betrag: 100}},
	})
	return x, bericht.New(x.Kern)
}

func TestTag(t *testing.T) {
	x, s := open(t)
	got, err := s.Tag(x.Ctx, 20261123)
	x.Must(err)
	want := bericht.Tagesbericht{
		Tag: 20261123, Verkaeufe: 1, Retouren: 1, Gegenbons: []string{"1-000002"}, Zurueck: -1900, Erster: "1-000001", Letzter: "1-000002",
		Summen: bon.Summen{Gesamt: 6214, Zuzahlung: 600, Mehrkosten: 100, Privat: 214, TraegerZahlt: 5300, Patient: 914},
		MwSt: []bericht.MwStZeile{
			{Satz: voll, Brutto: 6000, Netto: 5042, Steuer: 958}, {Satz: ermaessigt, Brutto: 214, Netto: 200, Steuer: 14},
		},
		Traeger: []bericht.Traegerzeile{
			{Zeilen: 3, Umsatz: 214, Patient: 214},
			{Traeger: zuzahlung.GKV, Zeilen: 1, Umsatz: 6000, Patient: 700, TraegerZahlt: 5300},
		},
		Abschlag: 177, Bar: -1086, Karte: 2000,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Bar+got.Karte != got.Summen.Patient || got.Bons() != 2 {
		t.Errorf("paid %v, due %v", got.Bar+got.Karte, got.Summen.Patient)
	}
	before, err := s.Tag(x.Ctx, 20261122)
	x.Must(err)
	if diff := cmp.Diff([]string{"1-000003"}, before.Nacherfasst); diff != "" {
		t.Error(diff)
	}
}

func TestZuzahlungUndKulanz(t *testing.T) {
	x, s := open(t)
	z, err := s.Zuzahlung(x.Ctx, 20261101, 20261130)
	x.Must(err)
	want := []bericht.Zuzahlungszeile{
		{Tag: 20261122, Bons: 1, Zuzahlung: 600, Mehrkosten: 100, Kulanz: 600},
		{Tag: 20261123, Bons: 1, Zuzahlung: 600, Mehrkosten: 100},
	}
	if diff := cmp.Diff(want, z.Tage); diff != "" || z.Summe.Eingenommen() != 800 || z.Summe.Bons != 2 {
		t.Error(diff, z.Summe)
	}
	k, err := s.Kulanz(x.Ctx, 20261101, 20261130)
	x.Must(err)
	if len(k.Zeilen) != 1 || k.Summe != 600 || k.Zeilen[0].Bon != "1-000003" || k.Zeilen[0].Benutzer != "AB" {
		t.Errorf("%+v", k)
	}
}

func TestCSV(t *testing.T) {
	x, s := open(t)
	var b bytes.Buffer
	k, err := s.Kulanz(x.Ctx, 20261122, 20261122)
	x.Must(err)
	x.Must(k.CSV(&b))
	want := "Tag;Uhrzeit;Bon;Benutzer;Artikel;Kostenträger;Grund;Betrag\r\n" +
		"22.11.2026;09:05;1-000003;AB;RAMIPRIL Demo;GKV;\"'=Stammkunde; \"\"treu\"\"\";6,00\r\n" +
		"Summe;;;;;;;6,00\r\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	z, err := s.Zuzahlung(x.Ctx, 20261122, 20261123)
	x.Must(err)
	x.Must(z.CSV(&b))
	if !strings.Contains(b.String(), "23.11.2026;1;6,00;1,00;0,00;0,00;7,00\r\nSumme;2;12,00;2,00;0,00;6,00;8,00\r\n") {
		t.Error(b.String())
	}
	b.Reset()
	d, err := s.Tag(x.Ctx, 20261123)
	x.Must(err)
	x.Must(d.CSV(&b))
	r := csv.NewReader(&b)
	r.Comma = ';'
	rows, err := r.ReadAll()
	x.Must(err)
	values := map[string]string{}
	for _, row := range rows {
		values[row[0]] = row[1]
	}
	for name, want := range map[string]string{
		"Umsatz brutto": "62,14", "Mehrwertsteuer 7 %": "0,14", "Umsatz GKV": "60,00", "Bar": "-10,86", "Zuzahlung": "6,00",
	} {
		if values[name] != want {
			t.Errorf("%s: %q, want %q", name, values[name], want)
		}
	}
	if err := d.CSV(broken{}); err == nil {
		t.Error("a broken writer must be said")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestRanges(t *testing.T) {
	x, s := open(t)
	for code, r := range map[string][2]civil.Day{
		"B-401": {20260231, 20260301},
		"B-402": {20261123, 20261122},
		"B-403": {20200101, 20261123},
		"B-404": {20261124, 20261130},
	} {
		_, err := s.Zuzahlung(x.Ctx, r[0], r[1])
		x.Fails(err, code)
		_, err = s.Kulanz(x.Ctx, r[0], r[1])
		x.Fails(err, code)
	}
	_, err := s.Tag(x.Ctx, 0)
	x.Fails(err, "B-401")
	if got := bericht.TraegerName("NEU"); got != "NEU" {
		t.Error(got)
	}
	for _, tr := range []zuzahlung.Traeger{
		"", zuzahlung.GKV, zuzahlung.PKV, zuzahlung.BG, zuzahlung.SKT, zuzahlung.Pflege, zuzahlung.Selbstzahler,
	} {
		if bericht.TraegerName(tr) == "" {
			t.Errorf("no name for %q", tr)
		}
	}
}

// The VAT of the day is the sum of what its Bons state, to the cent: three of 0.10 € hold
// 0.02 € each, while 0.30 € at once would hold 0.05 €.
func TestSteuerDesTagesIstDieDerBons(t *testing.T) {
	x := workflowtest.New(t, nil)
	for _, n := range []string{"1-000001", "1-000002", "1-000003"} {
		x.Book(event.VerkaufAbgeschlossen{Bon: bon.Bon{
			Nummer: n, Art: bon.Verkauf, Tag: 20261123,
			Positionen: []bon.Position{{Nr: 1, Bezeichnung: "Beutel", Menge: 1, Preis: 10, Gesamt: 10, MwSt: voll, Privat: 10}},
			Zahlungen:  []bon.Zahlung{{Art: bon.Bar, Betrag: 10}},
		}})
	}
	got, err := bericht.New(x.Kern).Tag(x.Ctx, 20261123)
	x.Must(err)
	want := []bericht.MwStZeile{{Satz: voll, Brutto: 30, Netto: 24, Steuer: 6}}
	if diff := cmp.Diff(want, got.MwSt); diff != "" {
		t.Error(diff)
	}
}
