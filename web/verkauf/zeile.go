package verkauf

import (
	"net/url"
	"strconv"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/workflow/verkauf"
)

// zeile is a line as it is shown.
type zeile struct {
	verkauf.Zeile
	Klasse, Art string // class and word of its kind
	Gewaehlt    bool
	Warum       bool
}

// Zeilen are the lines of the cart.
func (st stand) Zeilen() []zeile {
	list := make([]zeile, 0, len(st.Ansicht.Zeilen))
	for _, z := range st.Ansicht.Zeilen {
		k, art := kind(z)
		chosen := z.Position.Nr == st.Nr()
		list = append(list, zeile{z, k, art, chosen, chosen && st.Wunsch.Panel == "warum"})
	}
	return list
}

// kind is the class of a line and the key of its word.
func kind(z verkauf.Zeile) (class, key string) {
	switch {
	case z.Position.Art == vorgang.Geschaeft:
		return geschaeftsart(z.Rechnung.Geschaeft)
	case z.Position.Art == vorgang.Gebuehr:
		return "geb", "art.gebuehr"
	case z.Position.Art == vorgang.Rezeptur:
		return "rx", "art.rezeptur"
	case z.Artikel.Verschreibungspflichtig:
		return "rx", "art.rx"
	case z.Artikel.Apothekenpflichtig:
		return "hv", "art.hv"
	}
	return "frei", "art.frei"
}

// UeberFestbetrag reports whether the price exceeds the Festbetrag.
func (z zeile) UeberFestbetrag() bool {
	return z.Artikel.Festbetrag > 0 && z.Artikel.AVP > z.Artikel.Festbetrag
}

// Fehlt reports whether there is not enough of it in stock: it can be reserved.
func (z zeile) Fehlt() bool { return z.IstArtikel() && z.Bestand < z.Position.Menge }

// Rueckgerufen reports whether the pack is recalled.
func (z zeile) Rueckgerufen() bool { return z.Artikel.Status == artikel.Rueckruf }

// Mehrkosten are Mehrkosten and other shares beyond the Zuzahlung.
func (z zeile) Mehrkosten() money.Cent { return z.Rechnung.Mehrkosten + z.Rechnung.Eigenbeteiligung }

// Mehrere reports whether the price of one pack is worth showing.
func (z zeile) Mehrere() bool { return z.Position.Menge > 1 }

// IstArtikel reports whether the line is an article of the catalogue.
func (z zeile) IstArtikel() bool { return z.Position.Art == vorgang.Artikel }

// Link is the address of a panel for this cart and line.
func (st stand) Link(panel string) string {
	q := url.Values{}
	if id := st.Ansicht.Vorgang.ID; id != "" {
		q.Set("vorgang", id)
	}
	if panel != "" {
		q.Set("panel", panel)
	}
	if nr := st.Nr(); nr != 0 {
		q.Set("nr", strconv.Itoa(nr))
	}
	return "/verkauf?" + q.Encode()
}
