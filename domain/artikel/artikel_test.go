package artikel_test

import (
	"testing"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/money"
)

func TestStaerke(t *testing.T) {
	for in, want := range map[string]string{
		"400 mg": "400mg", "400mg": "400mg", "400,0 mg": "400mg", "2,50 mg": "2,5mg", "2.5 mg": "2,5mg",
		"1.000 mg": "1000mg", "0.125 mg": "0,125mg", "1.000.000 I.E.": "1000000ie", "50/1000 mg": "50/1000mg",
		"20 Mikrogramm": "20µg", "20 μg": "20µg", "5 %": "5%", "": "", "10,": "10,",
	} {
		if got := artikel.Staerke(in); got != want {
			t.Errorf("Staerke(%q) = %q, want %q", in, got, want)
		}
	}
}

// § 129 Abs. 1 S. 2 SGB V: same ingredient, strength, exchangeable form, identical
// pack size; N3 of 98 and N3 of 100 are identical.
func TestGruppe(t *testing.T) {
	base := artikel.Artikel{
		Wirkstoff: "Ramipril", Wirkstaerke: "5 mg", Darreichungsform: "TAB", Menge: "100", Einheit: "St", Normgroesse: "N3",
	}
	with := func(change func(*artikel.Artikel)) artikel.Artikel { a := base; change(&a); return a }
	same := []artikel.Artikel{
		with(func(a *artikel.Artikel) { a.Menge = "98" }),
		with(func(a *artikel.Artikel) { a.Darreichungsform = "FTA" }),
		with(func(a *artikel.Artikel) { a.Wirkstaerke, a.Wirkstoff = "5,0mg", "RAMIPRIL" }),
		with(func(a *artikel.Artikel) { a.Hersteller, a.Import = "Andere", true }),
	}
	for _, a := range same {
		if a.Gruppe() != base.Gruppe() {
			t.Errorf("%q and %q should be equal", a.Gruppe(), base.Gruppe())
		}
	}
	other := []artikel.Artikel{
		with(func(a *artikel.Artikel) { a.Normgroesse = "N2" }),
		with(func(a *artikel.Artikel) { a.Normgroesse = "" }),
		with(func(a *artikel.Artikel) { a.Darreichungsform = "RET" }),
		with(func(a *artikel.Artikel) { a.Wirkstaerke = "50 mg" }),
		with(func(a *artikel.Artikel) { a.Wirkstoff = "" }),
		with(func(a *artikel.Artikel) { a.Darreichungsform = "" }),
	}
	for _, a := range other {
		if a.Gruppe() == base.Gruppe() {
			t.Errorf("%q should differ", a.Gruppe())
		}
	}
}

func TestForm(t *testing.T) {
	if got := artikel.FormName("FTA"); got != "Filmtabletten" {
		t.Errorf("FTA is %q", got)
	}
	if artikel.FormName("QQQ") != "QQQ" || artikel.Formgruppe("QQQ") != "QQQ" {
		t.Error("an unknown code stands for itself")
	}
	if artikel.Formgruppe("CRE") == artikel.Formgruppe("SAL") {
		t.Error("cream and ointment must not replace each other")
	}
}

func TestFormVon(t *testing.T) {
	for in, want := range map[string]string{
		"FTA": "FTA", "fta": "FTA", "Filmtabletten": "FTA", "TABLETTEN": "TAB", "": "", "QQQ": "QQQ", "qqq": "-", "Kugeln": "-", "Ä": "-",
	} {
		if got, ok := artikel.FormVon(in); ok != (want != "-") || ok && got != want {
			t.Errorf("FormVon(%q) = %q %v, want %q", in, got, ok, want)
		}
	}
}

func TestPackungUndPreis(t *testing.T) {
	a := artikel.Artikel{Menge: "20", Einheit: "St", Normgroesse: "N1", AVP: 1000, UVP: 899}
	if a.Packung() != "20 St N1" || a.Verkaufspreis() != 899 {
		t.Errorf("%q %v", a.Packung(), a.Verkaufspreis())
	}
	a.Verschreibungspflichtig, a.Normgroesse = true, ""
	if a.Packung() != "20 St" || a.Verkaufspreis() != money.Cent(1000) {
		t.Errorf("%q %v", a.Packung(), a.Verkaufspreis())
	}
}
