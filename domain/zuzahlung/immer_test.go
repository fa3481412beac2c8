package zuzahlung_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// fatal is what consistent needs of *testing.T and *rapid.T.
type fatal interface {
	Helper()
	Fatalf(format string, args ...any)
}

// consistent checks what holds for every Ergebnis.
func consistent(t fatal, f zuzahlung.Fall, e zuzahlung.Ergebnis) {
	t.Helper()
	if e.Patient()+e.TraegerZahlt != e.Gesamt {
		t.Fatalf("patient %v + Kostenträger %v is not %v", e.Patient(), e.TraegerZahlt, e.Gesamt)
	}
	for _, c := range []money.Cent{e.Zuzahlung, e.Mehrkosten, e.Eigenbeteiligung, e.TraegerZahlt, e.Gesamt, e.Abschlag} {
		if c < 0 {
			t.Fatalf("negative amount in %+v", e)
		}
	}
	if e.Abschlag > e.TraegerZahlt {
		t.Fatalf("Abschlag %v above what the Kostenträger pays, %v", e.Abschlag, e.TraegerZahlt)
	}
	if e.Privat && (e.TraegerZahlt != 0 || e.Zuzahlung != 0 || e.KostenVersicherter() != [3]money.Cent{}) {
		t.Fatalf("a private line with a share of a Kostenträger: %+v", e)
	}
	if !e.Privat && e.KostenVersicherter() != [3]money.Cent{e.Zuzahlung, e.Mehrkosten, e.Eigenbeteiligung} {
		t.Fatalf("categories %v of %+v", e.KostenVersicherter(), e)
	}
	if befund.Hindert(e.Befunde) != (e.Regel == zuzahlung.RegelUngueltig) {
		t.Fatalf("rule %s with %+v", e.Regel, e.Befunde)
	}
	explained(t, f, e)
}

// explained checks that the steps tell the amounts of the Ergebnis, each once, and
// that every rule is in the list of rules.
func explained(t fatal, f zuzahlung.Fall, e zuzahlung.Ergebnis) {
	t.Helper()
	sum := map[string]money.Cent{}
	for _, s := range e.Schritte {
		if _, twice := sum[s.Name]; twice {
			t.Fatalf("two steps %q in %+v", s.Name, e.Schritte)
		}
		sum[s.Name] = s.Betrag
		id, ok := strings.CutPrefix(s.Regel, "zuzahlung.")
		if s.Name == "" || s.Text == "" || s.Norm == "" || !ok || !known(id) {
			t.Fatalf("a step that explains nothing: %+v of %+v", s, f)
		}
	}
	for name, want := range map[string]money.Cent{
		zuzahlung.SchrittGesamt: e.Gesamt, zuzahlung.SchrittZuzahlung: e.Zuzahlung,
		zuzahlung.SchrittMehrkosten: e.Mehrkosten, zuzahlung.SchrittEigen: e.Eigenbeteiligung,
		zuzahlung.SchrittTraeger: e.TraegerZahlt, zuzahlung.SchrittAbschlag: e.Abschlag,
	} {
		if sum[name] != want {
			t.Fatalf("step %q says %v, the Ergebnis %v: %+v", name, sum[name], want, e)
		}
	}
	if !known(e.Regel) {
		t.Fatalf("unknown rule %q", e.Regel)
	}
	for _, b := range e.Befunde {
		if !strings.HasPrefix(b.Code, "Z-1") || b.Text == "" {
			t.Fatalf("verdict %+v", b)
		}
	}
}

func known(id string) bool {
	for _, r := range zuzahlung.Regeln() {
		if r.ID == id {
			return true
		}
	}
	return false
}

func days() *rapid.Generator[civil.Day] {
	return rapid.Custom(func(t *rapid.T) civil.Day {
		return civil.Must(2004, 1, 1).AddDays(rapid.IntRange(0, 9000).Draw(t, "day"))
	})
}

func cents(most int64) *rapid.Generator[money.Cent] {
	return rapid.Map(rapid.Int64Range(0, most), func(v int64) money.Cent { return money.Cent(v) })
}

// prices are mostly those of packs, now and then anything a file may hold.
func prices() *rapid.Generator[money.Cent] {
	return rapid.OneOf(cents(20_000), cents(int64(money.MaxInput)))
}

func contracts() *rapid.Generator[*zuzahlung.Vertrag] {
	return rapid.Custom(func(t *rapid.T) *zuzahlung.Vertrag {
		if rapid.Bool().Draw(t, "none") {
			return nil
		}
		return &zuzahlung.Vertrag{
			Faktor:             rapid.SampledFrom([]int{0, 50, 100}).Draw(t, "factor"),
			MehrkostenErlassen: rapid.Bool().Draw(t, "waived"),
		}
	})
}

// faelle draws any Fall that a till can bring about.
func faelle() *rapid.Generator[zuzahlung.Fall] {
	return rapid.Custom(func(t *rapid.T) zuzahlung.Fall {
		rare := func(name string) bool { return rapid.IntRange(0, 7).Draw(t, name) == 0 }
		f := zuzahlung.Fall{
			Tag:     days().Draw(t, "tag"),
			Traeger: rapid.SampledFrom([]zuzahlung.Traeger{"GKV", "GKV", "GKV", "PKV", "BG", "SKT", "PFLEGE", "SEL"}).Draw(t, "traeger"),
			Art: rapid.SampledFrom([]artikel.Art{
				artikel.Arzneimittel, artikel.Arzneimittel, artikel.Arzneimittel, artikel.Impfstoff,
				artikel.Teststreifen, artikel.Hilfsmittel, artikel.HilfsmittelZumVerbrauch, artikel.Pflegehilfsmittel,
				artikel.Verbandmittel, artikel.Medizinprodukt, artikel.Freiwahl, "",
			}).Draw(t, "art"),
			Rezeptur: rare("rezeptur"), AVP: prices().Draw(t, "avp"), Packungen: rapid.IntRange(1, 12).Draw(t, "n"),
			Rx: rapid.Bool().Draw(t, "rx"), Befreit: rare("befreit"), Schwanger: rare("schwanger"),
			Arbeitsunfall: rare("unfall"), Befruchtung: rare("befruchtung"), Ersatzverordnung: rare("ersatz"),
			Sprechstundenbedarf: rare("ssb"), Zuzahlungsfrei: rare("liste"), Vertrag: contracts().Draw(t, "vertrag"),
			NichtVerfuegbar: rare("nv"), Wunsch: rare("wunsch"), Beihilfe: rare("beihilfe"),
			OTCErstattungsfaehig: rapid.Bool().Draw(t, "otc"), Homoeopathisch: rare("homoeo"),
			Cannabisblueten: rare("cannabis"), Parenteral: rare("parenteral"), Unverarbeitet: rare("unverarbeitet"),
			Entschaedigung: rare("ser"), AutIdemKreuz: rare("autidem"),
			Produktgruppe: rapid.SampledFrom([]int{0, 50, 51, 54}).Draw(t, "pg"),
		}
		if rapid.Bool().Draw(t, "festbetrag") {
			f.Festbetrag = prices().Draw(t, "fb")
		}
		if rare("teil") {
			f.TeilVon = rapid.IntRange(1, 100).Draw(t, "von")
			f.TeilMenge = rapid.IntRange(1, f.TeilVon).Draw(t, "menge")
		}
		if rapid.Bool().Draw(t, "geboren") {
			f.Geburt = f.Tag.AddDays(-rapid.IntRange(0, 36_000).Draw(t, "alter"))
		}
		if rare("geheim") {
			f.Geheimpreis = cents(2000).Draw(t, "geheimpreis")
		}
		if rare("monat") {
			f.MonatBereits = cents(5000).Draw(t, "bereits")
		}
		if rare("engpass") {
			f.Engpass = &zuzahlung.Referenz{
				AVP: 1 + cents(20_000).Draw(t, "ref"), Festbetrag: cents(20_000).Draw(t, "reffb"),
				Packungen: rapid.IntRange(1, 5).Draw(t, "refn"), Zuzahlungsfrei: rare("refliste"),
				Vertrag: contracts().Draw(t, "refvertrag"), Bereits: cents(1500).Draw(t, "refbereits"),
			}
		}
		return f
	})
}

func TestEveryResultAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := faelle().Draw(t, "fall")
		e := zuzahlung.Compute(f, recht(f.Tag))
		if e.Regel == zuzahlung.RegelUngueltig {
			t.Fatalf("refused: %+v", e.Befunde)
		}
		consistent(t, f, e)
	})
}

func TestZuzahlungIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := faelle().Draw(t, "fall")
		r := recht(f.Tag)
		e := zuzahlung.Compute(f, r)
		if e.Zuzahlung > e.Gesamt-e.Mehrkosten {
			t.Fatalf("Zuzahlung %v above the cost %v", e.Zuzahlung, e.Gesamt-e.Mehrkosten)
		}
		most := r.Hoechst.Was
		if f.Art == artikel.Pflegehilfsmittel {
			most = r.PG51Hoechst.Was
		}
		if f.Art == artikel.HilfsmittelZumVerbrauch {
			most = max(most, r.VerbrauchHoechst.Was)
		}
		if e.Zuzahlung > most*money.Cent(f.Packungen) {
			t.Fatalf("Zuzahlung %v above %v × %d", e.Zuzahlung, most, f.Packungen)
		}
	})
}

func TestZuzahlungRisesWithThePrice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := days().Draw(t, "day")
		low, high := prices().Draw(t, "low"), prices().Draw(t, "high")
		low, high = min(low, high), max(low, high)
		a, b := zuzahlung.Compute(rx(d, low), recht(d)), zuzahlung.Compute(rx(d, high), recht(d))
		if a.Zuzahlung > b.Zuzahlung || a.TraegerZahlt > b.TraegerZahlt {
			t.Fatalf("AVP %v: %v + %v, AVP %v: %v + %v", low, a.Zuzahlung, a.TraegerZahlt, high, b.Zuzahlung, b.TraegerZahlt)
		}
	})
}

// Whatever frees a patient, nobody pays more for being free; Mehrkosten stay.
func TestExemptPayNoMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := faelle().Draw(t, "fall")
		r := recht(f.Tag)
		liable := zuzahlung.Compute(f, r)
		free := f
		switch rapid.IntRange(0, 3).Draw(t, "reason") {
		case 0:
			free.Befreit = true
		case 1:
			free.Geburt = f.Tag
		case 2:
			free.Schwanger = true
		case 3:
			free.Zuzahlungsfrei = true
		}
		e := zuzahlung.Compute(free, r)
		if e.Patient() > liable.Patient() || e.Mehrkosten != liable.Mehrkosten {
			t.Fatalf("free %+v pays more than liable %+v", e, liable)
		}
	})
}

// A shortage never makes the patient pay more (§ 61 S. 5, 6), and the lines of one
// exchange together never more than the prescribed pack.
func TestShortageNeverCostsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := days().Draw(t, "day")
		r := recht(d)
		first, second := rx(d, 1+cents(50_000).Draw(t, "avp1")), rx(d, 1+cents(50_000).Draw(t, "avp2"))
		first.Packungen, second.Packungen = rapid.IntRange(1, 5).Draw(t, "n1"), rapid.IntRange(1, 5).Draw(t, "n2")
		ref := zuzahlung.Referenz{AVP: 1 + cents(50_000).Draw(t, "ref"), Packungen: 1}
		prescribed := zuzahlung.Compute(rx(d, ref.AVP), r).Zuzahlung
		plain := zuzahlung.Compute(first, r).Zuzahlung + zuzahlung.Compute(second, r).Zuzahlung

		first.Engpass = &ref
		a := zuzahlung.Compute(first, r).Zuzahlung
		next := ref
		next.Bereits = a
		second.Engpass = &next
		both := a + zuzahlung.Compute(second, r).Zuzahlung

		want := plain
		if r.EinmalBeiEngpass.Was {
			want = min(plain, prescribed)
		}
		if both != want {
			t.Fatalf("exchange costs %v, want %v (each pack %v, prescribed %v)", both, want, plain, prescribed)
		}
	})
}

// Whatever a file or an overlay brings, Compute answers, and refuses nonsense with a
// reason.
func TestNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := faelle().Draw(t, "fall")
		wild := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-2, 2))
		f.AVP = money.Cent(wild.Draw(t, "avp"))
		f.Festbetrag = money.Cent(wild.Draw(t, "fb"))
		f.Packungen = int(wild.Draw(t, "n"))
		f.TeilMenge, f.TeilVon = int(wild.Draw(t, "menge")), int(wild.Draw(t, "von"))
		f.Tag, f.Geburt = civil.Day(wild.Draw(t, "tag")), civil.Day(wild.Draw(t, "geb"))
		f.MonatBereits = money.Cent(wild.Draw(t, "monat"))
		var r zuzahlung.Recht
		if rapid.Bool().Draw(t, "law") {
			r = recht(20261123)
			r.Anteil.Was = money.PPM(wild.Draw(t, "anteil"))
			r.Mindest.Was, r.Hoechst.Was = money.Cent(wild.Draw(t, "min")), money.Cent(wild.Draw(t, "max"))
			r.AbschlagRx.Was, r.AbschlagSonst.Was = money.Cent(wild.Draw(t, "rx")), money.PPM(wild.Draw(t, "otc"))
			r.PG51Hoechst.Was, r.PG54Pauschale.Was = money.Cent(wild.Draw(t, "51")), money.Cent(wild.Draw(t, "54"))
			r.VerbrauchHoechst.Was = money.Cent(wild.Draw(t, "verbrauch"))
			r.BefruchtungAnteil.Was = money.PPM(wild.Draw(t, "kb"))
		}
		consistent(t, f, zuzahlung.Compute(f, r))
	})
}
