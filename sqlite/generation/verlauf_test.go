package generation_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/sqlite/generation"
)

// An article through all generations: newest first, with what a person has taken out, and
// past one that is damaged. Nothing is read that nobody asks for, and nothing stays open.
func TestVerlauf(t *testing.T) {
	dir := t.TempDir()
	first := muster.Bekannt()[:1]
	if _, err := generation.Build(t.Context(), dir, catalogue.Manifest{GueltigAb: 20260901},
		catalogue.QuelleAus([]catalogue.Zeile{{Artikel: first[0].Artikel}}, nil), nil); err != nil {
		t.Fatal(err)
	}
	build(t, dir, 20261001, 100)
	bad := build(t, dir, 20261101, 101).ID
	build(t, dir, 20261115, 102)
	build(t, dir, 20261201, 103)
	if _, _, err := generation.Rollback(dir, heute, vermerk); err != nil {
		t.Fatal(err)
	}
	o := open(t, dir)
	if err := os.WriteFile(filepath.Join(dir, bad, "artikel.db"), []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	known := muster.Bekannt()
	last := known[len(known)-1].Artikel.PZN
	want := []string{"2026-12-01", "2026-11-15 ausgelassen", "2026-11-01 A-416", "2026-10-01", "2026-09-01 fehlt"}
	if d := cmp.Diff(want, texte(t, o, last)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(want, texte(t, o, last)); d != "" {
		t.Error("a second time: ", d)
	}
	for f, err := range o.Verlauf(t.Context(), last) { // leaves at once
		if err != nil || f.GueltigAb != 20261201 {
			t.Errorf("%v %v", f.GueltigAb, err)
		}
		break
	}
	for _, s := range texte(t, o, "99999999")[:2] {
		if !strings.Contains(s, "fehlt") {
			t.Error(s)
		}
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for f, err := range o.Verlauf(over, last) {
		if err == nil {
			t.Errorf("%s was read for nobody", f.ID)
		}
	}
}

func texte(t *testing.T, o *generation.Ordner, pzn kennung.PZN) (list []string) {
	t.Helper()
	for f, err := range o.Verlauf(t.Context(), pzn) {
		s := f.GueltigAb.String()
		switch {
		case err != nil:
			s += " " + code(err)
		case !f.Da:
			s += " fehlt"
		case f.Artikel.PZN != pzn:
			t.Errorf("%s: %s", pzn, f.Artikel.PZN)
		}
		if f.Ausgelassen {
			s += " ausgelassen"
		}
		list = append(list, s)
	}
	return list
}

// The filters, the count of hits and the contracts of a pack are on disk what they are in
// memory.
func TestFilterWieImSpeicher(t *testing.T) {
	dir := t.TempDir()
	m := build(t, dir, 20260101, 2000)
	disk, err := open(t, dir).Am(20260101)
	if err != nil {
		t.Fatal(err)
	}
	inMemory, err := memory.New(m, muster.Quelle(muster.Options{Seed: 1, Artikel: 2000}))
	if err != nil {
		t.Fatal(err)
	}
	some := []kennung.PZN{muster.OTCSchmerzmittel.PZN(), muster.RxRabatt50.PZN(), "99999999"}
	for _, a := range []catalogue.Anfrage{
		{Text: "ibu"},
		{Text: "ibu", NurRx: true},
		{Text: "ibu", NurOTC: true, Nur: some},
		{Nur: some},
		{Text: "metformin", NurPartner: true, IK: muster.DemoIK},
		{Text: "metformin", NurPartner: true, IK: "100000000"},
	} {
		a.Limit = catalogue.LimitHoechst
		x, err1 := inMemory.Suche(t.Context(), a)
		y, err2 := disk.Suche(t.Context(), a)
		n, err3 := disk.Anzahl(t.Context(), a)
		k, err4 := inMemory.Anzahl(t.Context(), a)
		if d := cmp.Diff(x, y, cmpopts.EquateEmpty()); errors.Join(err1, err2, err3, err4) != nil || d != "" {
			t.Errorf("%+v: %v %v %v %v %s", a, err1, err2, err3, err4, d)
		}
		if n != k || len(y) < a.Limit && n != len(y) {
			t.Errorf("%+v: %d hits, counted %d and %d", a, len(y), n, k)
		}
	}
	contracts := 0
	for _, z := range walk(t, disk) {
		x, err1 := inMemory.VertraegeVon(t.Context(), z.Artikel.PZN)
		y, err2 := disk.VertraegeVon(t.Context(), z.Artikel.PZN)
		if d := cmp.Diff(x, y); errors.Join(err1, err2) != nil || d != "" {
			t.Fatalf("%s: %v %v %s", z.Artikel.PZN, err1, err2, d)
		}
		contracts += len(y)
	}
	if contracts != disk.Manifest().Vertraege || contracts == 0 {
		t.Errorf("%d contracts of %d", contracts, disk.Manifest().Vertraege)
	}
	if list, err := disk.VertraegeVon(t.Context(), "99999999"); len(list) > 0 || err != nil {
		t.Errorf("%v %v", list, err)
	}
}
