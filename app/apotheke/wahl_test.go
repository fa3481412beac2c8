package apotheke_test

import (
	"errors"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/verkauf"
)

func liste(t *testing.T, dir string, ab civil.Day, uvp money.Cent) catalogue.Manifest {
	t.Helper()
	q := catalogue.QuelleAus([]catalogue.Zeile{{Artikel: artikel.Artikel{
		PZN: "01126111", Name: "IBU Demo", Art: artikel.Freiwahl, Status: artikel.Verkehr, UVP: uvp, MwSt: artikel.MwStVoll,
	}}}, nil)
	m, err := generation.Build(t.Context(), dir, catalogue.Manifest{Quelle: "test", GueltigAb: ab}, q, nil)
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
