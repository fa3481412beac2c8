package eigene_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/eigene"
)

var errGedacht = errors.New("thought better of it")

// Within an act the catalogue is that of its rows: no other view is opened, and what an act
// saw that was never written is not taken for what another wrote.
func TestKatalogInDerTat(t *testing.T) {
	h := oeffne(t)
	h.Must(h.s.Preis(h.Ctx, h.A(), event.EigenerPreisGesetzt{PZN: creme, Preis: 745}))
	blocked := &zaehler{Store: h.Kern.Store}
	over := eigene.NewKatalog(blocked, h.basis)
	h.Kern.Katalog = over
	_, err := h.Kern.Do(h.Ctx, h.A(), "test", func(rows journal.Rows) ([]journal.Event, error) {
		gen, err := h.Kern.KatalogIn(rows).Am(20261123)
		if err != nil {
			return nil, err
		}
		if a, _, err := gen.Artikel(h.Ctx, creme); err != nil || a.Verkaufspreis() != 745 {
			t.Errorf("%+v, %v", a, err)
		}
		return nil, errGedacht
	})
	if !errors.Is(err, errGedacht) || blocked.views != 0 {
		t.Errorf("%v, %d views within the act", err, blocked.views)
	}
}

// zaehler counts the views.
type zaehler struct {
	journal.Store

	views int
}

func (z *zaehler) View(ctx context.Context, f func(journal.Rows) error) error {
	z.views++
	return z.Store.View(ctx, f)
}

// Many tills ask while prices change: each sees one of the prices, none after it was
// replaced, and at the end all see the last.
func TestKatalogWaehrendDerAenderung(t *testing.T) {
	h := oeffne(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			last := money.Cent(795)
			for range 300 {
				gen, err := h.Kern.Katalog.Am(20261123)
				if err != nil {
					t.Error(err)
					return
				}
				a, _, _ := gen.Artikel(h.Ctx, creme)
				if p := a.Verkaufspreis(); p > last {
					t.Errorf("%d after %d: a price that was replaced", p, last)
				} else {
					last = p
				}
			}
		})
	}
	for p := money.Cent(794); p > 700; p-- {
		h.Must(h.s.Preis(h.Ctx, h.A(), event.EigenerPreisGesetzt{PZN: creme, Preis: p}))
	}
	wg.Wait()
	if a, _ := h.am(20261123, creme); a.Verkaufspreis() != 701 {
		t.Errorf("%+v", a)
	}
}

// A row that no lookup could answer is left out and stops nothing.
func TestKatalogMitKaputterZeile(t *testing.T) {
	h := oeffne(t)
	h.Book(event.EigenerArtikelGesetzt{PZN: "x", Name: "Kaputt"}, event.EigenerPreisGesetzt{PZN: "", Preis: 1},
		event.EigenerArtikelGesetzt{PZN: "08000005", Name: "Badesalz", MwSt: artikel.MwStVoll, Preis: 1290})
	if a, ok := h.am(civil.Day(20261123), "08000005"); !ok || a.Verkaufspreis() != 1290 {
		t.Errorf("%+v", a)
	}
}

// Asking for the catalogue costs a look at one row.
func BenchmarkAm(b *testing.B) {
	h := oeffne(b)
	_, err := h.s.Anlegen(h.Ctx, h.A(), tee())
	h.Must(err)
	for b.Loop() {
		if _, err := h.Kern.Katalog.Am(20261123); err != nil {
			b.Fatal(err)
		}
	}
}
