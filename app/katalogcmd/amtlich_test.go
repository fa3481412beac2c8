package katalogcmd_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/katalogcmd"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/schritt"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow/artikelsuche"
)

// beispiel is an invented example of a list.
func beispiel(name string) string {
	return filepath.Join("..", "..", "catalogue", "liste", "testdata", name)
}

// apotheke is a data folder in which lists are read in, one minute after the other.
type apotheke struct {
	katalogcmd.Ordner

	t     *testing.T
	uhr   *clock.Manual
	datei string
}

func neu(t *testing.T) *apotheke {
	t.Helper()
	return &apotheke{
		katalogcmd.Ordner{Daten: t.TempDir()},
		t, clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)),
		filepath.Join(t.TempDir(), "liste.csv"),
	}
}

func (a *apotheke) run(c command) (string, error) {
	a.uhr.Advance(time.Minute)
	var out bytes.Buffer
	err := c.Run(&env.Env{Ctx: a.t.Context(), Stdout: &out, Clock: a.uhr})
	return out.String(), err
}

// spiele reads a file in; ab may be empty for K2.
func (a *apotheke) spiele(datei, vorlage, ab string, how ...func(*katalogcmd.Import)) (string, error) {
	c := &katalogcmd.Import{
		Ordner: a.Ordner, Grenzen: katalogcmd.Grenzen{Abweichung: 5}, Datei: datei, Vorlage: vorlage, Ab: ab,
	}
	for _, f := range how {
		f(c)
	}
	return a.run(c)
}

// text writes a file and reads it in.
func (a *apotheke) text(text, vorlage, ab string, how ...func(*katalogcmd.Import)) (string, error) {
	a.t.Helper()
	if err := os.WriteFile(a.datei, []byte(text), 0o600); err != nil {
		a.t.Fatal(err)
	}
	return a.spiele(a.datei, vorlage, ab, how...)
}

func (a *apotheke) muss(out string, err error) string {
	a.t.Helper()
	if err != nil {
		a.t.Fatalf("%v\n%s", err, out)
	}
	return out
}

// verweigert expects a refusal that leaves everything as it was.
func (a *apotheke) verweigert(code, out string, err error) {
	a.t.Helper()
	if err == nil || !strings.Contains(err.Error(), code) {
		a.t.Errorf("%v, want %s\n%s", err, code, out)
	}
	if left, err := filepath.Glob(filepath.Join(a.Daten, "katalog", "bau-*")); err != nil || len(left) > 0 {
		a.t.Errorf("left behind: %v %v", left, err)
	}
}

// am returns the generation of a day.
func (a *apotheke) am(day string) *generation.Generation {
	a.t.Helper()
	o, err := generation.OpenOrdner(filepath.Join(a.Daten, "katalog"))
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { _ = o.Close() })
	d, err := civil.Parse(day)
	if err != nil {
		a.t.Fatal(err)
	}
	g, err := o.Am(d)
	if err != nil {
		a.t.Fatal(err)
	}
	return g.(*generation.Generation)
}

func (a *apotheke) artikel(day string, pzn kennung.PZN) artikel.Artikel {
	a.t.Helper()
	x, _, err := a.am(day).Artikel(a.t.Context(), pzn)
	if err != nil {
		a.t.Fatal(err)
	}
	return x
}

const (
	atovalan = "17023382" // Festbetrag 21,50 in the catalogue, 20,40 in the list
	ramipril = "17012214" // gets zuzahlungsfrei by the list
	demoIK   = "109900019"
)

// artikelliste is a catalogue of one's own, without Festbetrag: the list brings it.
const artikelliste = `PZN;Name;Rx;AVP;Zuzahlungsfrei
17023382;Atovalan 40 mg;ja;34,55;nein
17012214;Ramipril Demopharm 5 mg;ja;13,00;nein
17034552;Metformin Talpha 1000 mg;ja;16,80;nein
17045722;Pantoprazol Weserpharm 40 mg;ja;20,20;nein
17056890;Bisoprolol Hansegen 5 mg;ja;14,50;nein
17068060;Bisoprolol Rheinovia 5 mg;ja;14,10;nein
17090409;Simvastatin Demopharm 20 mg;ja;14,20;nein
17101573;Morphin Isaria 10 mg;ja;30,70;ja
`

// A Festbetrag that came by list is what the till computes with, and the till says where it
// is from. § 31(2) S. 1, § 61 SGB V: AVP 34.55, Festbetrag 20.40: Zuzahlung 5.00 (10 % would
// be 2.04), Mehrkosten 14.15.
func TestFestbetragslisteImVerkauf(t *testing.T) {
	a := neu(t)
	a.muss(a.text(artikelliste, "eigene", "2026-11-15"))
	out := a.muss(a.spiele(beispiel("festbetrag.csv"), "festbetrag", "2026-11-20"))
	for _, want := range []string{"10 PZN genannt, 8 davon im Katalog", "2 PZN der Liste stehen nicht im Katalog", "A-693", "0 Fehler", "gilt seit 20.11.2026"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing\n%s", want, out)
		}
	}
	if x := a.artikel("2026-11-19", atovalan); x.Festbetrag != 0 {
		t.Errorf("the day before: %v", x.Festbetrag)
	}
	x := a.artikel("2026-11-20", atovalan)
	if x.Festbetrag != 2040 || x.FestbetragAus != "Festbetragsliste ab 20.11.2026" || x.Name != "Atovalan 40 mg" || x.AVP != 3455 {
		t.Errorf("%+v", x)
	}
	law, err := recht.Load()
	if err != nil {
		t.Fatal(err)
	}
	day := civil.Must(2026, 11, 23)
	stand, err := law.Am(day)
	if err != nil {
		t.Fatal(err)
	}
	e := zuzahlung.Compute(artikelsuche.Fall(day, x), stand.Zuzahlung)
	if e.Zuzahlung != 500 || e.Mehrkosten != 1415 {
		t.Errorf("Zuzahlung %v, Mehrkosten %v", e.Zuzahlung, e.Mehrkosten)
	}
	if !slices.ContainsFunc(e.Schritte, func(s schritt.Schritt) bool {
		return s.Text == "Festbetrag 20,40 € statt 34,55 € (Festbetragsliste ab 20.11.2026)"
	}) {
		t.Errorf("%+v", e.Schritte)
	}
	out = a.muss(a.run(&katalogcmd.Show{Ordner: a.Ordner, Was: atovalan}))
	id := a.am("2026-11-20").Manifest().ID
	out += a.muss(a.run(&katalogcmd.Show{Ordner: a.Ordner, Was: id}))
	for _, want := range []string{"Festbetrag laut", "Grundlage", "Festbetragsliste ab 20.11.2026 (festbetrag.csv)"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing\n%s", want, out)
		}
	}
	if hits, err := a.am("2026-11-20").Suche(t.Context(), catalogue.Anfrage{Text: "atovalan"}); err != nil || len(hits) != 1 {
		t.Errorf("%v %v", hits, err)
	}
	a.muss(a.run(&katalogcmd.Verify{Ordner: a.Ordner}))
}

// § 31(3) S. 4 SGB V: a pack on the list costs no Zuzahlung, and one that is no longer on it
// costs it again.
func TestZuzahlungsbefreiungsliste(t *testing.T) {
	a := neu(t)
	a.muss(a.text(artikelliste, "eigene", "2026-11-15"))
	out, err := a.spiele(beispiel("zuzahlungsfrei.csv"), "zuzahlungsfrei", "2026-11-20")
	a.verweigert("A-694", out, err) // the only one of before is not on it
	a.muss(a.spiele(beispiel("zuzahlungsfrei.csv"), "zuzahlungsfrei", "2026-11-20", kleiner))
	if x := a.artikel("2026-11-20", ramipril); !x.Zuzahlungsfrei || x.ZuzahlungsfreiAus != "Zuzahlungsbefreiungsliste ab 20.11.2026" {
		t.Errorf("%+v", x)
	}
	if x := a.artikel("2026-11-20", "17101573"); x.Zuzahlungsfrei {
		t.Errorf("not on the list: %+v", x)
	}
	a.muss(a.text("PZN\n17101573\n", "zuzahlungsfrei", "2026-11-22", kleiner))
	if x := a.artikel("2026-11-22", "17101573"); !x.Zuzahlungsfrei || a.artikel("2026-11-22", ramipril).Zuzahlungsfrei {
		t.Errorf("%+v", x)
	}
}

func kleiner(c *katalogcmd.Import) { c.Kleiner = true }

func frei(c *katalogcmd.Import) { c.Freigabe = "Test" }

// § 130a(8) SGB V: contracts by IK and PZN come to the catalogue, the other insurers keep
// theirs, and search knows the partners.
func TestRabattvertraege(t *testing.T) {
	a := neu(t)
	a.muss(a.text(artikelliste, "eigene", "2026-11-15"))
	a.muss(a.spiele(beispiel("rabattvertrag.csv"), "rabattvertrag", "2026-11-20"))
	list := func(day string) (list []string) {
		for v, err := range a.am(day).Vertraege(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, fmt.Sprint(v.IK, " ", v.PZN, " ", v.Vertrag.Faktor, " ", v.Vertrag.MehrkostenErlassen))
		}
		return list
	}
	want := []string{
		"109900019 17023382 100 true", "109900019 17034552 50 false", "109900019 17045722 0 false", "109900019 17056890 100 false",
		"109900122 17012214 50 false",
	}
	if d := cmp.Diff(want, list("2026-11-20")); d != "" {
		t.Error(d)
	}
	if v, err := a.am("2026-11-20").Vertrag(t.Context(), demoIK, atovalan); err != nil || v == nil || !v.MehrkostenErlassen {
		t.Errorf("%v %v", v, err)
	}
	hits, err := a.am("2026-11-20").Suche(t.Context(), catalogue.Anfrage{Text: "bisoprolol", IK: demoIK})
	if err != nil || len(hits) != 2 || hits[0].Artikel.PZN != "17056890" {
		t.Errorf("the partner comes first: %v %v", hits, err)
	}
	only := catalogue.Anfrage{Text: "bisoprolol", IK: demoIK, NurPartner: true}
	hits, err = a.am("2026-11-20").Suche(t.Context(), only)
	if err != nil || len(hits) != 1 || hits[0].Artikel.PZN != "17056890" {
		t.Errorf("only the partner: %v %v", hits, err)
	}
	partner := func(day string, pzn kennung.PZN) (list []string) {
		rows, err := a.am(day).VertraegeVon(t.Context(), pzn)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range rows {
			list = append(list, fmt.Sprint(v.IK, " ", v.Vertrag.Faktor, " ", v.Vertrag.MehrkostenErlassen))
		}
		return list
	}
	if d := cmp.Diff([]string{"109900019 100 true"}, partner("2026-11-20", atovalan)); d != "" {
		t.Error(d)
	}

	// The insurer publishes a new list; only its contracts change, and the Festbetrag that
	// came by another list stays. Two of four go: more than the gate takes for usual.
	a.muss(a.spiele(beispiel("festbetrag.csv"), "festbetrag", "2026-11-20"))
	out, err := a.text("IK;PZN\n109900019;17023382\n109900019;17034552\n", "rabattvertrag", "2026-11-21")
	if env.CodeOf(err) != env.ExitDiffers || !strings.Contains(out, "A-602") {
		t.Errorf("%v\n%s", err, out)
	}
	a.muss(a.spiele(a.datei, "rabattvertrag", "2026-11-21", func(c *katalogcmd.Import) { c.Abweichung = 40 }))
	want = []string{"109900019 17023382 100 false", "109900019 17034552 100 false", "109900122 17012214 50 false"}
	if d := cmp.Diff(want, list("2026-11-21")); d != "" {
		t.Error(d)
	}
	if x := partner("2026-11-21", atovalan); len(x) != 1 || x[0] != "109900019 100 false" {
		t.Errorf("%v", x)
	}
	if gone := partner("2026-11-21", "17056890"); gone != nil {
		t.Error(gone)
	}
	if hits, err := a.am("2026-11-21").Suche(t.Context(), only); err != nil || len(hits) > 0 {
		t.Errorf("a contract that ended: %v %v", hits, err)
	}
	if x := a.artikel("2026-11-21", atovalan); x.Festbetrag != 2040 {
		t.Errorf("%+v", x)
	}
}

// The next list of articles has no column for the Festbetrag: what the list said goes on,
// also for an article that is new, and this is said. One that has the column and says
// something new is the newer word.
func TestArtikellisteNachAmtlicherListe(t *testing.T) {
	a := neu(t)
	a.muss(a.text(artikelliste, "eigene", "2026-11-15"))
	a.muss(a.spiele(beispiel("festbetrag.csv"), "festbetrag", "2026-11-20"))
	a.muss(a.spiele(beispiel("rabattvertrag.csv"), "rabattvertrag", "2026-11-20"))
	next := strings.ReplaceAll(artikelliste, "34,55", "35,55") + "17079230;Apixolan 5 mg;ja;298,60;nein\n"
	out := a.muss(a.text(next, "eigene", "2026-12-01", frei))
	if !strings.Contains(out, "A-697") || strings.Contains(out, "A-698") || strings.Contains(out, "A-452") {
		t.Errorf("%s", out)
	}
	x, y := a.artikel("2026-12-01", atovalan), a.artikel("2026-12-01", "17079230")
	if x.Festbetrag != 2040 || x.AVP != 3555 || x.FestbetragAus == "" || y.Festbetrag != 25000 || y.FestbetragAus == "" {
		t.Errorf("%+v\n%+v", x, y)
	}
	if n := a.am("2026-12-01").Manifest().Vertraege; n != 5 {
		t.Errorf("%d contracts", n)
	}

	out = a.muss(a.text("PZN;Name;Rx;AVP;Festbetrag\n17023382;Atovalan;ja;35,55;19,90\n17012214;Ramipril;ja;13,00;15,00\n"+
		"17034552;Metformin;ja;16,80;\n17045722;Pantoprazol;ja;20,20;\n17056890;Bisoprolol;ja;14,50;\n", "eigene", "2026-12-15", frei))
	if !strings.Contains(out, "1-mal sagt dieser Katalog etwas Neueres und anderes als die Festbetragsliste") || !strings.Contains(out, atovalan) {
		t.Errorf("%s", out)
	}
	for pzn, want := range map[kennung.PZN]money.Cent{atovalan: 1990, ramipril: 1500, "17034552": 1980} {
		if x := a.artikel("2026-12-15", pzn); x.Festbetrag != want {
			t.Errorf("%s: %v, want %v", pzn, x.Festbetrag, want)
		}
	}
}

// A source that has named a Festbetrag and then has no column for it has said nothing new:
// that of the list stays, and is not lost with the column.
func TestSpalteFehltJetzt(t *testing.T) {
	a := neu(t)
	with := strings.ReplaceAll(strings.ReplaceAll(artikelliste, "Zuzahlungsfrei\n", "Festbetrag\n"), ";nein\n", ";21,50\n")
	a.muss(a.text(strings.ReplaceAll(with, ";ja\n", ";\n"), "eigene", "2026-11-15"))
	a.muss(a.spiele(beispiel("festbetrag.csv"), "festbetrag", "2026-11-20"))
	a.muss(a.text(artikelliste, "eigene", "2026-12-01"))
	if x := a.artikel("2026-12-01", atovalan); x.Festbetrag != 2040 {
		t.Errorf("%+v", x)
	}
}

// What lists have changed goes through the next UPD of ABDATA, which is built on the list's
// generation: also for packs that the delivery makes anew, unless it says something new.
func TestListenUndUPD(t *testing.T) {
	dir := t.TempDir()
	a := neu(t)
	a.muss(a.run(&katalogcmd.Lieferung{Ziel: dir, Artikel: 2000, Ab: "2026-11-15", Delta: "2026-12-01", Seed: 1}))
	a.muss(a.spiele(filepath.Join(dir, "GES151126"), "eigene", ""))
	// Every Festbetrag of the catalogue, one cent less, from a day between the deliveries.
	list, n := "PZN;Festbetrag\n", 0
	vorher := map[kennung.PZN]artikel.Artikel{}
	for z, err := range a.am("2026-11-15").Alle(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		vorher[z.Artikel.PZN] = z.Artikel
		if z.Artikel.Festbetrag > 0 {
			n++
			list += fmt.Sprintf("%s;%s\n", z.Artikel.PZN, (z.Artikel.Festbetrag - 1).Plain())
		}
	}
	a.muss(a.text(list, "festbetrag", "2026-11-20"))
	a.muss(a.text("PZN\n"+ramipril+"\n", "zuzahlungsfrei", "2026-11-21", kleiner))
	a.muss(a.text("IK;PZN;Zuzahlung\n109900019;17023382;0\n", "rabattvertrag", "2026-11-21", kleiner, frei))
	if m := a.am("2026-11-21").Manifest(); m.Stand != 20261115 || m.GueltigAb != 20261121 {
		t.Errorf("%+v", m)
	}

	out := a.muss(a.spiele(filepath.Join(dir, "UPD011226"), "eigene", "", frei))
	if strings.Count(out, "A-697") != 3 {
		t.Errorf("%s", out)
	}
	kept, newer, anew := 0, 0, 0
	for z, err := range a.am("2026-12-01").Alle(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		x, old := z.Artikel, vorher[z.Artikel.PZN]
		switch {
		case old.PZN == "":
		case x.FestbetragAus != "":
			if kept++; x.Festbetrag != old.Festbetrag-1 {
				t.Errorf("%+v", x)
			}
		case old.Festbetrag > 0:
			if newer++; x.Festbetrag == old.Festbetrag || x.Festbetrag == old.Festbetrag-1 {
				t.Errorf("the word of before: %+v", x)
			}
		}
		if old.AVP != x.AVP && x.FestbetragAus != "" {
			anew++ // made anew from the delivery, and still with the word of the list
		}
	}
	if kept == 0 || anew == 0 || kept+newer < n-10 {
		t.Errorf("%d of %d kept, of them %d with a new price, %d newer", kept, n, anew, newer)
	}
	if x := a.artikel("2026-12-01", ramipril); !x.Zuzahlungsfrei {
		t.Errorf("%+v", x)
	}
	if v, err := a.am("2026-12-01").Vertrag(t.Context(), demoIK, atovalan); err != nil || v == nil || v.Faktor != 0 {
		t.Errorf("%v %v", v, err)
	}
	if l, err := a.am("2026-12-01").Listen(t.Context()); err != nil || len(l.List()) != 3 {
		t.Errorf("the next delivery must know them, too: %+v %v", l, err)
	}
	if m := a.am("2026-12-01").Manifest(); m.Grundlage != "" || m.Stand != 0 {
		t.Errorf("%+v", m)
	}
	a.muss(a.run(&katalogcmd.Verify{Ordner: a.Ordner}))
}

// A list is refused, and nothing is changed, when it cannot be meant for this catalogue or
// is not right as a whole.
func TestListeVerweigert(t *testing.T) {
	a := neu(t)
	out, err := a.spiele(beispiel("festbetrag.csv"), "festbetrag", "2026-11-20")
	a.verweigert("A-461", out, err)
	a.muss(a.text(artikelliste, "eigene", "2026-11-15"))
	for _, c := range []struct{ text, vorlage, ab, code string }{
		{"PZN;Festbetrag\n17023382;20,40\n", "festbetrag", "2026-11-14", "A-692"},
		{"PZN;Festbetrag\n17023382;20,40\n17012214;\n", "festbetrag", "2026-11-20", "A-699"},
		{"PZN;Festbetrag\n", "festbetrag", "2026-11-20", "A-690"},
		{"PZN;Festbetrag\n17023382;20,40\n17157421;1,00\n17190938;1,00\n", "festbetrag", "2026-11-20", "A-690"},
		{"IK;PZN\n109900019;17157421\n109900122;17157421\n109900122;17190938\n109900122;17023382\n", "rabattvertrag", "2026-11-20", "A-690"},
	} {
		out, err := a.text(c.text, c.vorlage, c.ab)
		a.verweigert(c.code, out, err)
	}
	out, err = a.text("PZN;Festbetrag\n17023382;20,40\nx;1\n", "festbetrag", "2026-11-20", func(c *katalogcmd.Import) { c.Trotzdem = true })
	a.verweigert("A-699", out, err)
	if !strings.Contains(out, "Zeile 3, Spalte „PZN“") {
		t.Errorf("%s", out)
	}
	out = a.muss(a.text("PZN;Festbetrag\n17023382;20,40\n", "festbetrag", "2026-11-20", func(c *katalogcmd.Import) { c.Pruefen = true }))
	if !strings.Contains(out, "Nur geprüft") {
		t.Errorf("%s", out)
	}
	if list := ids(t, a.Daten); len(list) != 1 {
		t.Errorf("%v", list)
	}
}

// More than a regular change of Festbetraege disappears: a part of the list is missing.
func TestListeUnvollstaendig(t *testing.T) {
	a := neu(t)
	a.muss(a.run(&katalogcmd.Muster{Ordner: a.Ordner, Artikel: 500, Ab: "2026-11-15", Seed: 1}))
	list, n := []string{"PZN;Festbetrag"}, 0
	for z, err := range a.am("2026-11-15").Alle(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if z.Artikel.Festbetrag > 0 {
			if n++; n > 15 { // of some two hundred
				list = append(list, string(z.Artikel.PZN)+";"+z.Artikel.Festbetrag.Plain())
			}
		}
	}
	out, err := a.text(strings.Join(list, "\n"), "festbetrag", "2026-11-20")
	a.verweigert("A-694", out, err)
	if !strings.Contains(err.Error(), fmt.Sprintf("15 von bisher %d", n)) {
		t.Error(err)
	}
	a.muss(a.spiele(a.datei, "festbetrag", "2026-11-20", func(c *katalogcmd.Import) { c.Abweichung = 20 }))
}

// A catalogue that lies ready for a later day does not have the list: that is said, with
// what to do. And a list that lies ready on old articles keeps newer articles out.
func TestListeUndSpaetererKatalog(t *testing.T) {
	a := neu(t)
	a.muss(a.text(artikelliste, "eigene", "2026-11-15"))
	a.muss(a.text(strings.ReplaceAll(artikelliste, "34,55", "35,55"), "eigene", "2026-12-01"))
	out := a.muss(a.spiele(beispiel("festbetrag.csv"), "festbetrag", "2026-11-25"))
	if !strings.Contains(out, "--ab 2026-12-01. (A-695)") {
		t.Errorf("%s", out)
	}
	a.muss(a.spiele(beispiel("festbetrag.csv"), "festbetrag", "2026-12-01"))
	if x := a.artikel("2026-12-01", atovalan); x.Festbetrag != 2040 || x.AVP != 3555 {
		t.Errorf("%+v", x)
	}
	out, err := a.text(artikelliste, "eigene", "2026-11-24")
	a.verweigert("A-696", out, err)
	id := a.am("2026-11-25").Manifest().ID
	if !strings.Contains(err.Error(), "catalogue remove ") || strings.Contains(out, "gut") {
		t.Errorf("%v\n%s", err, out)
	}
	for _, x := range []string{id, a.am("2026-12-01").Manifest().ID} {
		a.muss(a.run(&katalogcmd.Remove{Ordner: a.Ordner, ID: x}))
	}
	a.muss(a.spiele(a.datei, "eigene", "2026-11-24"))
}

// The list of a supplier is read by its mapping; a mapping that cannot be read is named.
func TestZuordnung(t *testing.T) {
	a := neu(t)
	durch := func(name string) func(*katalogcmd.Import) {
		return func(c *katalogcmd.Import) { c.Zuordnung = name }
	}
	out := a.muss(a.spiele(beispiel("lieferant.csv"), "eigene", "2026-11-15", durch(beispiel("lieferant.txt"))))
	if !strings.Contains(out, "Nicht verwendete Spalten: Regal") || a.artikel("2026-11-15", "17202104").Name != "Morgentau Kräutertee Pfefferminze" {
		t.Errorf("%s", out)
	}
	if _, err := a.spiele(beispiel("lieferant.csv"), "eigene", "2026-11-15", durch("gibtsnicht")); env.CodeOf(err) != env.ExitUsage ||
		!strings.Contains(err.Error(), "A-464") {
		t.Errorf("%v", err)
	}
	if _, err := a.spiele(beispiel("lieferant.csv"), "eigene", "2026-11-15", durch(beispiel("lieferant.csv"))); env.CodeOf(err) != env.ExitUsage ||
		!strings.Contains(err.Error(), "Zeile 1 der Zuordnung") {
		t.Errorf("%v", err)
	}
	if _, err := a.spiele(a.t.TempDir(), "eigene", "", durch(beispiel("lieferant.txt"))); err == nil || !strings.Contains(err.Error(), "A-476") {
		t.Errorf("%v", err)
	}

	// A heading that has changed is one changed line of what is built in.
	out = a.muss(a.run(&katalogcmd.Vorlage{Name: "festbetrag"}))
	own := filepath.Join(t.TempDir(), "fb.txt")
	if err := os.WriteFile(own, []byte(strings.Replace(out, "= Festbetrag\n", "= FB in EUR\n", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	a.muss(a.text("PZN;FB in EUR\n17202104;3,00\n", "eigene", "2026-11-20", durch(own)))
	if x := a.artikel("2026-11-20", "17202104"); x.Festbetrag != 300 {
		t.Errorf("%+v", x)
	}
	if out, err := a.text("PZN;Festbetrag\n17202104;3,00\n", "eigene", "2026-11-20", durch(own)); err == nil || !strings.Contains(err.Error(), "A-420") {
		t.Errorf("%v\n%s", err, out)
	}
}

// A build that is broken off leaves nothing, and the catalogue before goes on.
func TestListeAbgebrochen(t *testing.T) {
	a := neu(t)
	a.muss(a.text(artikelliste, "eigene", "2026-11-15"))
	before := ids(t, a.Daten)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	c := &katalogcmd.Import{Ordner: a.Ordner, Datei: beispiel("festbetrag.csv"), Vorlage: "festbetrag", Ab: "2026-11-20"}
	err := c.Run(&env.Env{Ctx: ctx, Stdout: &bytes.Buffer{}, Clock: a.uhr})
	if !errors.Is(err, context.Canceled) || env.CodeOf(err) != env.ExitOperating {
		t.Errorf("%v", err)
	}
	if after := ids(t, a.Daten); !slices.Equal(before, after) {
		t.Errorf("%v", after)
	}
}
