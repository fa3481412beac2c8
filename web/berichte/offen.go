package berichte

import (
	"context"
	"net/http"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/gutschein"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/offeneposten"
)

// offenSeite is the page of open items.
type offenSeite struct {
	kopf
	Alle  bool
	Arten []offeneArt
}

// offeneArt are the open items of one kind.
type offeneArt struct {
	Titel, Leer string // keys of the texts
	Gutschein   bool
	Liste       []offeneposten.Posten
}

// Summe is what is open of all of them.
func (a offeneArt) Summe() (sum money.Cent) {
	for _, p := range a.Liste {
		sum += p.Offen
	}
	return sum
}

// Ueberzogen says whether more was taken from one than was on it.
func (a offeneArt) Ueberzogen() bool {
	for _, p := range a.Liste {
		if p.Ueberzogen() {
			return true
		}
	}
	return false
}

// Nummer is the number of a voucher as people read it.
func (offenSeite) Nummer(n string) string { return gutschein.Nummer(n).String() }

func (s *Seite) offenePosten(w http.ResponseWriter, r *http.Request) {
	page := offenSeite{kopf: s.kopf(r, "offen", s.heute(), s.heute()), Alle: ui.Anfrage(r).Ja("alle")}
	err := s.arten(r.Context(), &page)
	status := s.rahmen.Abgelehnt(r, &page.Base, err)
	s.rahmen.SeiteStatus(w, r, s.offen, status, page)
}

func (s *Seite) arten(ctx context.Context, page *offenSeite) error {
	for _, a := range []struct {
		g           bon.Geschaeft
		titel, leer string
	}{
		{bon.Gutscheinkauf, "berichte.gutscheine", "berichte.keine_gutscheine"},
		{bon.Forderung, "berichte.kredite", "berichte.keine_kredite"},
		{bon.Anzahlung, "berichte.anzahlungen", "berichte.keine_anzahlungen"},
	} {
		list, err := s.posten.Liste(ctx, a.g, page.Alle)
		if err != nil {
			return err
		}
		page.Arten = append(page.Arten, offeneArt{a.titel, a.leer, a.g == bon.Gutscheinkauf, list})
	}
	return nil
}
