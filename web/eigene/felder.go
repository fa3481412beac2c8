package eigene

import (
	"strconv"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/eigene"
)

// felder are the fields of an article as text, stored or as typed.
type felder struct {
	Neu                       bool
	Vorschlag                 kennung.PZN
	PZN, Name, Menge, Einheit string
	Form, Hersteller, EAN     string
	MwSt, Preis, Einkauf      string
}

// eingabe reads the fields of an article.
func eingabe(f *ui.Form) eigene.Eingabe {
	return eigene.Eingabe{
		PZN: kennung.PZN(f.Text("pzn")), Name: f.Text("name"), Menge: f.Text("menge"), Einheit: f.Text("einheit"),
		Darreichungsform: f.Text("form"), Hersteller: f.Text("hersteller"), GTIN: kennung.GTIN(f.Text("ean")),
		MwSt: artikel.MwSt(f.Zahl("mwst")), Preis: f.Geld("preis"), Einkauf: f.Geld("einkauf"),
	}
}

// getippt keeps what was typed.
func getippt(f *ui.Form) felder {
	v := f.Werte.Get
	return felder{
		PZN: v("pzn"), Name: v("name"), Menge: v("menge"), Einheit: v("einheit"), Form: v("form"),
		Hersteller: v("hersteller"), EAN: v("ean"), MwSt: v("mwst"), Preis: v("preis"), Einkauf: v("einkauf"),
	}
}

// gespeichert shows what is stored.
func gespeichert(e eigene.Eingabe) felder {
	return felder{
		PZN: string(e.PZN), Name: e.Name, Menge: e.Menge, Einheit: e.Einheit, Form: artikel.FormName(e.Darreichungsform),
		Hersteller: e.Hersteller, EAN: e.GTIN.Kurz(), MwSt: strconv.Itoa(int(e.MwSt)),
		Preis: leer(e.Preis), Einkauf: leer(e.Einkauf),
	}
}

// leer is an amount in a field: nothing where there is none.
func leer(c money.Cent) string {
	if c == 0 {
		return ""
	}
	return c.Plain()
}
