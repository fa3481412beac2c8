package verkauf_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue/gate"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/workflow/abzug"
	"github.com/offizin/offizin/workflow/verkauf"
)

// TestFaelle sells each case of the table from the prescription to the Bon.
func TestFaelle(t *testing.T) {
	text, err := os.ReadFile("testdata/faelle.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		n++
		t.Run("Zeile "+strconv.Itoa(i+1), func(t *testing.T) { fall(t, line) })
	}
	if n < 25 {
		t.Errorf("only %d cases", n)
	}
}

func fall(t *testing.T, line string) {
	t.Helper()
	f := strings.Split(line, "|")
	if len(f) != 11 {
		t.Fatalf("%d columns: %s", len(f), line)
	}
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	x := neu(t, f[0]+" 12:00")
	artikel := map[string]kennung.PZN{
		"lthyrox": lthyrox, "ramipril": ramipril, "teuer": teuer, "binden": binden, "hustensaft": hustensaft, "ibu": ibu,
		"nurapu": nurApU, "lifestyle": lifestyle,
	}[f[4]]
	menge, err := strconv.Atoi(f[5])
	x.must(err)
	m := x.muster(artikel)
	m.Verordnungen[0].Packungen = menge
	m.Kostentraeger.Art = zuzahlung.Traeger(f[1])
	m.Patient.Geburt, err = civil.Parse(f[2])
	x.must(err)
	w := umstaende(t, f[3], &m)
	id := x.beginne()
	r := x.nimm(id, m)
	x.auf(id, artikel, r, 0)
	_, err = x.Menge(x.ctx, x.a(), id, 1, menge)
	x.must(err)
	_, err = x.Abweichung(x.ctx, x.a(), id, 1, w)
	x.must(err)
	b := x.zahle(id)
	s, p := b.Summen(), b.Positionen[0]
	got := []string{s.Patient.Plain(), s.Zuzahlung.Plain(), s.Mehrkosten.Plain(), p.Regel}
	if want := f[6:10]; strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%s\ngot  %v\nwant %v\n%+v", line, got, want, p.Schritte)
	}
	if p.Patient()+p.TraegerZahlt != p.Gesamt || p.Gesamt != p.Preis*money.Cent(p.Menge) {
		t.Errorf("%s does not add up: %+v", line, p)
	}
	nachgerechnet(t, x, b)
}

// nachgerechnet: the gate of the catalogue computes a line as the till did, from what the
// snapshot keeps of it.
func nachgerechnet(t *testing.T, x *stand, b bon.Bon) {
	t.Helper()
	gen, err := x.kern.Katalog.Am(b.Tag)
	x.must(err)
	law, err := x.kern.Recht.Am(b.Tag)
	x.must(err)
	for _, p := range b.Positionen {
		z, ok := abzug.Zeile(p)
		a, _, err := gen.Artikel(x.ctx, p.PZN)
		x.must(err)
		e, why, err := gate.Compute(x.ctx, gen, z, z.Erstattet && !a.OTCAusnahme,
			gate.Recht{Tag: b.Tag, Preis: law.Preis, Zuzahlung: law.Zuzahlung})
		x.must(err)
		patient := e.Zuzahlung + e.Mehrkosten + e.Eigenbeteiligung
		if !ok || why != "" || patient != p.Patient() || e.Zuzahlung != p.Zuzahlung || e.Mehrkosten != p.Mehrkosten ||
			e.Abschlag != p.Abschlag {
			t.Errorf("the gate: %q, %+v; the till: %+v", why, e, p)
		}
	}
}

// umstaende applies the circumstances of a case.
func umstaende(t *testing.T, text string, m *rezept.Rezept) verkauf.Abweichung {
	t.Helper()
	var w verkauf.Abweichung
	for u := range strings.FieldsSeq(text) {
		name, value, _ := strings.Cut(u, "=")
		switch name {
		case "ik":
			m.Kostentraeger.IK = value
		case "alt":
			days, err := strconv.Atoi(value)
			if err != nil {
				t.Fatal(err)
			}
			m.Ausgestellt = m.Ausgestellt.AddDays(-days)
		case "befreit":
			m.Status = rezept.Zuzahlungsbefreit
		case "befruchtung":
			m.Status = rezept.KuenstlicheBefruchtung
		case "schwanger":
			m.Schwanger = true
		case "unfall":
			m.Unfall = rezept.Arbeitsunfall
		case "nicht-verfuegbar":
			w.NichtVerfuegbar = true
		case "wunsch":
			w.Wunsch = true
		case "teil":
			w.TeilMenge, w.TeilVon = 50, 100
		default:
			t.Fatalf("unknown circumstance %q", u)
		}
	}
	return w
}
