package apotheke_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/katalogstand"
	"github.com/offizin/offizin/workflow/verkauf"
)

// ware is a source of one article.
func ware(uvp money.Cent) catalogue.Quelle {
	return catalogue.QuelleAus([]catalogue.Zeile{{Artikel: artikel.Artikel{
		PZN: "01126111", Name: "IBU Demo", Art: artikel.Freiwahl, Status: artikel.Verkehr, UVP: uvp, MwSt: artikel.MwStVoll,
	}}}, nil)
}

func liste(t *testing.T, dir string, ab civil.Day, uvp money.Cent) catalogue.Manifest {
	t.Helper()
	m, err := generation.Build(t.Context(), dir, catalogue.Manifest{Quelle: "test", GueltigAb: ab}, ware(uvp), nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A rollback beside an open cart: the price that was shown is not booked any more, the one
// of the catalogue before is, and the Bon names it.
func TestRollbackNebenOffenemVorgang(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	katalog := filepath.Join(dir, "katalog")
	right := liste(t, katalog, 20261101, 398)
	liste(t, katalog, 20261115, 39_800)
	n := 0
	act := func() workflow.Auftrag { n++; return workflow.Auftrag{Key: "k-" + strconv.Itoa(n), Actor: "AB"} }
	s := a.Dienste.Verkauf
	v, err := s.Beginnen(t.Context(), act())
	if err != nil {
		t.Fatal(err)
	}
	id := v.Vorgang.ID
	if v, _, err = s.Scan(t.Context(), act(), id, "01126111"); err != nil || v.Summen.Patient != 39_800 {
		t.Fatalf("%v, %v", v.Summen.Patient, err)
	}
	if _, _, err := generation.Rollback(katalog, 20261123, generation.Vermerk{}); err != nil {
		t.Fatal(err)
	}
	_, err = s.Bezahlen(t.Context(), act(), id, verkauf.Zahlung{Erwartet: 39_800})
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != "V-202" {
		t.Errorf("%v, want V-202", err)
	}
	b, err := s.Bezahlen(t.Context(), act(), id, verkauf.Zahlung{Erwartet: 398})
	if err != nil || b.Katalog != right.ID || b.Summen().Patient != 398 {
		t.Errorf("%+v, %v", b, err)
	}
}

// What the gate holds is said by Störungen, and its report is there to be read on the page
// of the catalogue, while the till goes on with the one before.
func TestQuarantaeneWirdGesagt(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	katalog := filepath.Join(dir, "katalog")
	right := liste(t, katalog, 20261115, 398)
	_, err := generation.Build(t.Context(), katalog, catalogue.Manifest{Quelle: "test", GueltigAb: 20261201},
		ware(39_800), nil,
		generation.Geprueft(func(context.Context, *generation.Generation) (generation.Urteil, error) {
			return generation.Urteil{Bericht: "leer\n", Hindert: true}, nil
		}))
	if !errors.Is(err, generation.ErrQuarantaene) {
		t.Fatal(err)
	}
	var codes []string
	for _, g := range a.Dienste.Stoerung.Zustand(t.Context()).Glieder {
		codes = append(codes, g.Code)
	}
	if !slices.Contains(codes, "S-407") {
		t.Errorf("%q, want S-407", codes)
	}
	list := a.Dienste.Katalogstand.Stand().Generationen
	if len(list) != 2 || list[0].Zustand != katalogstand.InQuarantaene || list[1].ID != right.ID || list[1].Zustand != katalogstand.Gilt {
		t.Fatalf("%+v", list)
	}
	if g, err := a.Dienste.Katalogstand.Generation(list[0].ID); err != nil || g.Bericht != "leer\n" {
		t.Errorf("%+v, %v", g, err)
	}
	if g, err := a.Dienste.Katalogstand.Generation(right.ID); err != nil || g.Bericht != "" {
		t.Errorf("%+v, %v", g, err)
	}
}
