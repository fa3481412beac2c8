package verkauf_test

import (
	"testing"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/anmeldung"
	"github.com/offizin/offizin/workflow/retoure"
)

// besetzt gives the pharmacy an Inhaber, a PTA and a PKA, all with PIN.
func besetzt(x *stand) *anmeldung.Service {
	s := anmeldung.New(x.kern)
	for kuerzel, rolle := range map[string]string{"AB": "Inhaber", "EF": "PTA", "GH": "PKA"} {
		x.schreibe(event.BenutzerGesetzt{Kuerzel: kuerzel, Name: kuerzel, Rolle: rolle, Aktiv: true})
	}
	for _, kuerzel := range []string{"EF", "GH", "AB"} {
		x.must(s.PINSetzen(x.ctx, x.a(), kuerzel, "493817"))
	}
	return s
}

func (x *stand) als(kuerzel string) workflow.Auftrag {
	a := x.a()
	a.Actor = kuerzel
	return a
}

// Who may sell what: ApBetrO § 3(5). The refusal books nothing, and somebody else can
// take the same cart on.
func TestWerVerkauft(t *testing.T) {
	for _, c := range []struct {
		artikel kennung.PZN
		wer     string
		want    string
	}{
		{bonbon, "GH", ""},
		{ibu, "EF", ""},
		{ramipril, "GH", "G-103"},
		{bonbon, "ZZ", "G-110"},
	} {
		x := neu(t, mittags)
		besetzt(x)
		id := x.beginne()
		if c.artikel == ramipril {
			x.auf(id, ramipril, x.nimm(id, x.muster(ramipril)), 0)
		} else {
			x.scan(id, c.artikel)
		}
		_, err := x.Bezahlen(x.ctx, x.als(c.wer), id, x.genau(id))
		if c.want == "" {
			x.must(err)
			continue
		}
		x.wants(err, c.want)
		_, err = x.Bezahlen(x.ctx, x.als("AB"), id, x.genau(id))
		x.must(err)
	}
}

// A PTA without permit dispenses under supervision; the Bon waits until somebody who may
// has signed it (ApBetrO § 17(6)). With the permit it does not wait.
func TestAbzeichnen(t *testing.T) {
	x := neu(t, mittags)
	s := besetzt(x)
	sell := func(wer string) string {
		t.Helper()
		id := x.beginne()
		r := x.nimm(id, x.muster(ramipril))
		x.auf(id, ramipril, r, 0)
		b, err := x.Bezahlen(x.ctx, x.als(wer), id, x.genau(id))
		x.must(err)
		return b.Nummer
	}
	first := sell("EF")
	sell("AB")
	open, err := s.Offene(x.ctx)
	x.must(err)
	if len(open) != 1 || open[0].Bon != first || open[0].Kuerzel != "EF" {
		t.Fatalf("%+v", open)
	}
	x.wants(s.Abzeichnen(x.ctx, "a1", first, "EF", "493817"), "G-104")
	x.wants(s.Abzeichnen(x.ctx, "a2", first, "AB", "000000"), "G-124")
	x.wants(s.Abzeichnen(x.ctx, "a3", "1-000099", "AB", "493817"), "G-147")
	x.must(s.Abzeichnen(x.ctx, "a4", first, "AB", "493817"))
	x.must(s.Abzeichnen(x.ctx, "a5", first, "AB", "493817"))
	day := civil.Must(2026, 11, 1)
	x.must(s.Erteilen(x.ctx, x.als("AB"), "EF", berechtigung.Erlaubnis{
		Art: berechtigung.ErlaubnisAbzeichnen, Ab: day, Datum: day, Dokument: "Ordner 3",
	}))
	sell("EF")
	if open, err = s.Offene(x.ctx); err != nil || len(open) != 0 {
		t.Errorf("%+v, %v", open, err)
	}
}

// Storno, Rabatt and prices by hand: by permit up to an amount.
func TestBetragsgrenze(t *testing.T) {
	x := neu(t, mittags)
	s := besetzt(x)
	sell := func(wer string, rabatt money.PPM) (string, error) {
		id := x.beginne()
		x.scan(id, ibu) // 3,98 €
		_, err := x.Rabatt(x.ctx, x.a(), id, 1, rabatt)
		x.must(err)
		b, err := x.Bezahlen(x.ctx, x.als(wer), id, x.genau(id))
		return b.Nummer, err
	}
	_, err := sell("EF", 50*money.Percent)
	x.wants(err, "G-106")
	number, err := sell("EF", 0)
	x.must(err)
	_, err = x.Storno(x.ctx, x.als("EF"), number, "Irrtum")
	x.wants(err, "G-105")
	_, err = x.Retoure(x.ctx, x.als("EF"), number, []retoure.Zeile{{Nr: 1, Menge: 1}}, "Irrtum")
	x.wants(err, "G-105")
	day := civil.Must(2026, 11, 1)
	x.must(s.Erteilen(x.ctx, x.als("AB"), "EF", berechtigung.Erlaubnis{
		Art: berechtigung.ErlaubnisBetrag, Ab: day, Datum: day, Dokument: "Ordner 3", Grenze: 398,
	}))
	_, err = sell("EF", 50*money.Percent)
	x.must(err)
	_, err = x.Storno(x.ctx, x.als("EF"), number, "Irrtum")
	x.must(err)
}
