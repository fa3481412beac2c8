// Package welt is what all simulated pharmacies share: the law and a small catalogue.
package welt

import (
	"sync"

	"github.com/offizin/offizin/catalogue"
	katalog "github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/recht"
)

// Welt is the law and a catalogue. Neither changes.
type Welt struct {
	Recht   *recht.Sammlung
	Katalog catalogue.Catalogue
	Frei    []kennung.PZN // articles without prescription
	Rx      []kennung.PZN // articles on prescription
}

//nolint:gochecknoglobals // made once, never changed
var einmal = sync.OnceValues(newWelt)

// New returns the world, the same for all who ask.
func New() (*Welt, error) { return einmal() }

func newWelt() (*Welt, error) {
	law, err := recht.Load()
	if err != nil {
		return nil, err
	}
	w := &Welt{Recht: law}
	q := muster.Quelle(muster.Options{Seed: 1, Artikel: 300})
	for z, err := range q.Artikel {
		if err != nil {
			return nil, err
		}
		a := z.Artikel
		switch {
		case a.BtM || a.TRezept || a.Status != "verkehr" || a.Verkaufspreis() == 0:
		case a.Verschreibungspflichtig:
			w.Rx = append(w.Rx, a.PZN)
		default:
			w.Frei = append(w.Frei, a.PZN)
		}
	}
	gen, err := katalog.New(catalogue.Manifest{ID: "simulation", GueltigAb: 20200101}, q)
	w.Katalog = katalog.NewCatalogue(gen)
	return w, err
}
