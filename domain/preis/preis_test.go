package preis_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/schritt"
	"github.com/offizin/offizin/recht"
)

var load = sync.OnceValues(recht.Load)

// law is the shipped law of a day; "0000-00-00" has none.
func law(t interface{ Fatal(...any) }, day string) preis.Recht {
	if day == "0000-00-00" {
		return preis.Recht{}
	}
	s, err := load()
	if err != nil {
		t.Fatal(err)
	}
	d, err := civil.Parse(day)
	if err != nil {
		t.Fatal(day, err)
	}
	stand, err := s.Am(d)
	if err != nil {
		t.Fatal(err)
	}
	return stand.Preis
}

// words are the "key=value" of an input; a bare word is its own key.
type words map[string]string

func split(s string) words {
	w := words{}
	for word := range strings.FieldsSeq(s) {
		key, value, _ := strings.Cut(word, "=")
		w[key] = value
	}
	return w
}

func (w words) has(key string) bool { _, ok := w[key]; return ok }

func (w words) cent(t *testing.T, key string) money.Cent {
	if w[key] == "" {
		return 0
	}
	c, err := money.ParseDecimal(w[key])
	if err != nil {
		t.Fatalf("%s=%s: %v", key, w[key], err)
	}
	return c
}

func (w words) zahl(t *testing.T, key string) int64 {
	if w[key] == "" {
		return 0
	}
	n, err := strconv.ParseInt(w[key], 10, 64)
	if err != nil {
		t.Fatalf("%s=%s: %v", key, w[key], err)
	}
	return n
}

func (w words) ratio(t *testing.T, s string) (teil, ganz int64) {
	if _, err := fmt.Sscanf(s, "%d/%d", &teil, &ganz); err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return teil, ganz
}

func (w words) mwst() artikel.MwSt {
	switch w["mwst"] {
	case "ermaessigt":
		return artikel.MwStErmaessigt
	case "ohne":
		return artikel.MwStOhne
	}
	return artikel.MwStVoll
}

// TestLawCases runs the tables in testdata, which read like the law.
func TestLawCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.tsv")
	if err != nil || len(files) != 5 {
		t.Fatalf("tables: %v %v", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".tsv"), func(t *testing.T) { runTable(t, file) })
	}
}

func runTable(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' || strings.HasPrefix(line, "day\t") {
			continue
		}
		col := strings.Split(line, "\t")
		if len(col) != 4 {
			t.Fatalf("%s:%d: %d columns, want 4", file, i+1, len(col))
		}
		p := compute(t, col[0], split(col[1]))
		got := map[string]string{
			"gh": p.GH.Decimal(), "aep": p.AEP.Decimal(), "zuschlag": p.Zuschlag().Decimal(),
			"netto": p.Netto.Decimal(), "mwst": p.MwSt.Decimal(), "brutto": p.Brutto.Decimal(), "befund": codes(p.Befunde),
		}
		want := split(col[2])
		if !want.has("befund") {
			want["befund"] = ""
		}
		for key, value := range want {
			if got[key] != value {
				t.Errorf("%s:%d: %s %s: %s = %q, want %q (%s)", file, i+1, col[0], col[1], key, got[key], value, col[3])
			}
		}
	}
}

func codes(list []befund.Befund) string {
	var all []string
	for _, b := range list {
		all = append(all, b.Code)
	}
	return strings.Join(all, ",")
}

func compute(t *testing.T, day string, w words) preis.Preis {
	r := law(t, day)
	switch {
	case w.has("auseinzelung"), w.has("teilmenge"):
		return part(t, w, r)
	case w.has("zeile"):
		c, s := preis.ZeilenMwSt(preis.Rechnungszeile{
			Brutto: w.cent(t, "brutto"), Mehrkosten: w.cent(t, "mehr"), Eigenbeteiligung: w.cent(t, "eigen"),
			Abschlag: w.cent(t, "abschlag"), SonstigerAbschlag: w.cent(t, "sonst"), MwSt: w.mwst(),
		}, r)
		if s.Betrag != c || !strings.Contains(s.Norm, "EFP-14") {
			t.Errorf("step %+v", s)
		}
		return preis.Preis{MwSt: c}
	case w.has("parenteral"):
		z := preis.Parenteral{
			Einheiten: w.zahl(t, "einheiten"), Nummer: int(w.zahl(t, "nummer")), GKV: w.has("gkv"),
			Verwurf: w.cent(t, "verwurf"), MwSt: w.mwst(),
		}
		for s := range strings.SplitSeq(w["stoffe"], ",") {
			z.Stoffe = append(z.Stoffe, words{"c": s}.cent(t, "c"))
		}
		return preis.ComputeParenteral(z, r)
	case w.has("unverarbeitet"):
		return preis.ComputeUnverarbeitet(teile(t, w), w.mwst(), r)
	case w.has("teile"):
		return preis.ComputeRezeptur(preis.Rezeptur{
			Bestandteile: teile(t, w), Arbeit: int(w.zahl(t, "arbeit")), Menge: w.zahl(t, "menge"),
			Grundmenge: w.zahl(t, "grund"), MwSt: w.mwst(),
		}, r)
	}
	return chain(t, w, r)
}

func teile(t *testing.T, w words) []preis.Bestandteil {
	var list []preis.Bestandteil
	for i, s := range strings.Split(w["teile"], ",") {
		if s == "" {
			continue
		}
		ek, share, ok := strings.Cut(s, "@")
		b := preis.Bestandteil{EK: words{"c": ek}.cent(t, "c")}
		if i > 0 {
			b.Name = "Gefäß"
		}
		if ok {
			b.Teil, b.Ganz = w.ratio(t, share)
		}
		list = append(list, b)
	}
	return list
}

func part(t *testing.T, w words, r preis.Recht) preis.Preis {
	teil := preis.Teilmenge{AVP: w.cent(t, "avp"), KleinsteAVP: w.cent(t, "klein")}
	teil.Menge, teil.PackMenge = w.ratio(t, w["teil"])
	var p preis.Preis
	if w.has("teilmenge") {
		p.Brutto, p.Schritte, p.Befunde = preis.TeilmengePreis(teil, r)
	} else {
		p.Brutto, p.Schritte, p.Befunde = preis.Auseinzelung(teil)
	}
	if len(p.Befunde) == 0 && p.Schritte[len(p.Schritte)-1].Betrag != p.Brutto {
		t.Errorf("steps %+v do not give %s", p.Schritte, p.Brutto)
	}
	return p
}

func chain(t *testing.T, w words, r preis.Recht) preis.Preis {
	e := preis.Eingabe{MwSt: w.mwst()}
	for word, k := range map[string]preis.Kette{
		"rx": preis.Rx, "direkt": preis.RxDirekt, "tier": preis.RxTier, "otc": preis.OTCErstattet, "frei": preis.Frei,
		"rezept": preis.Rezept,
	} {
		if w.has(word) {
			e.Kette = k
		}
	}
	for word, s := range map[string]preis.Stelle{
		"apu": preis.AbApU, "aep": preis.AbAEP, "netto": preis.AbNetto, "brutto": preis.AbBrutto,
	} {
		if w.has(word) {
			e.Stelle, e.Betrag = s, w.cent(t, word)
		}
	}
	return preis.Compute(e, r)
}

// Whatever the chain and the day, the steps add up to the amounts of the Preis.
func TestStepsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := civil.Must(2004, 1, 1).AddDays(rapid.IntRange(0, 9000).Draw(t, "day"))
		e := preis.Eingabe{
			Kette: rapid.SampledFrom([]preis.Kette{preis.Rx, preis.RxDirekt, preis.RxTier, preis.OTCErstattet}).Draw(t, "kette"),
			Stelle: rapid.SampledFrom([]preis.Stelle{preis.AbApU, preis.AbAEP, preis.AbNetto, preis.AbBrutto}).
				Draw(t, "stelle"),
			Betrag: money.Cent(rapid.Int64Range(1, 50_000_000).Draw(t, "betrag")),
			MwSt:   rapid.SampledFrom([]artikel.MwSt{1, 2, 3}).Draw(t, "mwst"),
		}
		p := preis.Compute(e, law(t, d.String()))
		if len(p.Befunde) > 0 {
			t.Fatalf("%v: %v", e, p.Befunde)
		}
		if p.Netto+p.MwSt != p.Brutto {
			t.Fatalf("%s + %s is not %s", p.Netto, p.MwSt, p.Brutto)
		}
		sums(t, e, p)
	})
}

func sums(t *rapid.T, e preis.Eingabe, p preis.Preis) {
	var gh, markup money.Cent
	for _, s := range p.Schritte {
		switch {
		case s.Regel == "preis.gh.hoechst": // the cap takes the place of the share
			gh = s.Betrag
		case strings.HasPrefix(s.Regel, "preis.gh"):
			gh += s.Betrag
		case isMarkup(s):
			markup += s.Betrag
		case s.Regel == "preis.aep" && s.Betrag != p.AEP, s.Regel == "preis.netto" && s.Betrag != p.Netto,
			s.Regel == "preis.brutto" && s.Betrag != p.Brutto,
			strings.HasPrefix(s.Regel, "preis.mwst") && s.Betrag != p.MwSt:
			t.Fatalf("step %+v contradicts %+v", s, p)
		}
	}
	if gh != p.GH || markup != p.Zuschlag() {
		t.Fatalf("steps give GH %s and markup %s, the price says %s and %s", gh, markup, p.GH, p.Zuschlag())
	}
	if e.Stelle == preis.AbApU && p.ApU+p.GH != p.AEP || e.Stelle <= preis.AbAEP && p.AEP+p.Zuschlag() != p.Netto {
		t.Fatalf("%+v does not add up", p)
	}
}

func isMarkup(s schritt.Schritt) bool {
	for _, id := range []string{"apotheke", "fixum", "notdienst", "pdl", "tier"} {
		if strings.HasPrefix(s.Regel, "preis."+id) {
			return true
		}
	}
	return false
}

// The OTC chain rises with every cent: nobody earns less on a dearer drug.
func TestOTCIsMonotone(t *testing.T) {
	r := law(t, "2026-11-23")
	last := preis.Preis{}
	for c := money.Cent(1); c <= 100_000; c++ {
		p := preis.Compute(preis.Eingabe{Kette: preis.OTCErstattet, Betrag: c, MwSt: artikel.MwStVoll}, r)
		if p.AEP < last.AEP || p.Netto < last.Netto || p.Brutto < last.Brutto {
			t.Fatalf("ApU %s: %s after %s", c, p.Brutto, last.Brutto)
		}
		if c == 359 != (p.Brutto == 797) {
			t.Fatalf("ApU %s gives %s; only 3,59 € gives 7,97 € (Prospan)", c, p.Brutto)
		}
		last = p
	}
}

func TestRxIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := civil.Must(2004, 1, 1).AddDays(rapid.IntRange(0, 9000).Draw(t, "day"))
		r := law(t, d.String())
		c := money.Cent(rapid.Int64Range(1, 1_000_000).Draw(t, "apu"))
		at := func(c money.Cent) money.Cent {
			return preis.Compute(preis.Eingabe{Kette: preis.Rx, Betrag: c, MwSt: artikel.MwStVoll}, r).Brutto
		}
		if at(c+1) < at(c) {
			t.Fatalf("ApU %s: %s, one cent more: %s", c, at(c), at(c+1))
		}
	})
}
