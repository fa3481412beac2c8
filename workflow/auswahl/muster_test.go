package auswahl_test

import (
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue"
	katalog "github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/abgabe"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/rezept"
)

// In the generated catalogue: the known import is preisgünstig, the known Rabattartikel
// of the demo insurer goes first, and nothing of it takes long.
func TestGeneratedCatalogue(t *testing.T) {
	x := open(t)
	gen, err := katalog.New(catalogue.Manifest{ID: "muster", GueltigAb: 20260101}, muster.Quelle(muster.Options{Artikel: 5000}))
	x.Must(err)
	x.Kern.Katalog = katalog.NewCatalogue(gen)
	for name, c := range map[string]struct {
		verordnet, want kennung.PZN
		code            string
		kreuz           bool
	}{
		"import":   {muster.Original.PZN(), muster.Reimport.PZN(), "R-541", true},
		"contract": {muster.RxOhneVertrag.PZN(), muster.RxRabatt.PZN(), "R-531", false},
	} {
		id := x.nimm(rezept.Verordnung{Art: rezept.PZNVerordnung, PZN: c.verordnet, Packungen: 1, AutIdemKreuz: c.kreuz})
		e, err := x.Auswahl(x.Ctx, id, 0)
		x.Must(err)
		if len(e.Vorschlaege) < 2 {
			t.Fatalf("%s: %d candidates", name, len(e.Vorschlaege))
		}
		v := e.Vorschlaege[0]
		if v.Artikel.PZN != c.want || v.Urteil != abgabe.Bevorzugt || !strings.Contains(strings.Join(codes(v.Gruende), " "), c.code) {
			t.Errorf("%s: %s %s %v of %v", name, v.Artikel.Name, v.Urteil, codes(v.Gruende), pzns(e))
		}
	}
}
