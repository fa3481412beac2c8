package tagesabschluss_test

import (
	"testing"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

// The closing of the pharmacy adds up those of its tills, of the business day only, and says which
// has not closed yet.
func TestTagDerApotheke(t *testing.T) {
	x := neu(t)
	today := func() tagesabschluss.Apothekentag {
		t.Helper()
		d, err := x.eins.Apotheke(x.Ctx, 0)
		x.Must(err)
		return d
	}
	if d := today(); len(d.Plaetze) != 0 || d.Offen != 0 || !d.Heute || d.Tag != civil.Must(2026, 11, 23) {
		t.Errorf("nothing booked: %+v", d)
	}
	x.verkauft(x.Kern, 1_000, 500)
	x.verkauft(x.k2, 2_000, 0)
	x.verkauft(x.k2, 300, 0)
	zu := func(s *tagesabschluss.Service, till string, ist money.Cent) {
		t.Helper()
		_, err := x.abschliessen(s, till, ist)
		x.Must(err)
	}
	zu(x.eins, "1", 1_000)
	d := today()
	if d.Offen != 1 || len(d.Plaetze) != 2 || d.Plaetze[1].Belege != 2 || d.Summe.Summe() != 1_500 {
		t.Errorf("till 2 is open: %+v", d)
	}
	zu(x.zwei, "2", 2_290)
	d = today()
	// three sales and the record of the difference
	if d.Offen != 0 || d.Summe.Anzahl != 4 || d.Summe.Differenz != -10 || d.Summe.Summe() != 3_790 || d.Summe.Bar() != 3_290 {
		t.Errorf("both are closed: %+v", d.Summe)
	}
	var brutto money.Cent
	for _, g := range d.Summe.Geschaefte {
		brutto += g.Brutto
	}
	if brutto != d.Summe.Summe() {
		t.Errorf("business cases %v, payments %v", brutto, d.Summe.Summe())
	}
	if d, err := x.eins.Apotheke(x.Ctx, civil.Must(2026, 11, 22)); err != nil || len(d.Plaetze) != 0 || d.Heute {
		t.Errorf("the day before: %+v %v", d, err)
	}
}
