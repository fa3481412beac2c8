package apotheke_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/verkauf"
)

// wechsel is a pharmacy whose catalogue changes while its own articles and prices stay.
type wechsel struct {
	*testing.T

	dir  string
	a    *apotheke.Apotheke
	gens []catalogue.Manifest
	acts int
}

func (w *wechsel) act() workflow.Auftrag {
	w.acts++
	return workflow.Auftrag{Key: "k-" + strconv.Itoa(w.acts), Actor: "AB"}
}

func (w *wechsel) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *wechsel) open() {
	w.Helper()
	var err error
	w.a, err = apotheke.Open(w.Context(), apotheke.Options{
		Dir: w.dir, Clock: clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)),
	})
	w.must(err)
}

// step does one thing to the catalogue or to the rows of the journal.
func (w *wechsel) step(n int) {
	w.Helper()
	katalog := filepath.Join(w.dir, "katalog")
	var err error
	switch n {
	case 0, 1, 2: // a list for a day that has passed, today, or to come
		ab := []civil.Day{20261101, 20261123, 20261201}[n]
		w.gens = append(w.gens, liste(w.T, katalog, ab, money.Cent(400+len(w.gens))))
	case 3:
		_, _, err = generation.Rollback(katalog, 20261123, generation.Vermerk{})
	case 4:
		_, err = generation.Activate(katalog, w.gens[w.acts%len(w.gens)].ID, 20261123, generation.Vermerk{})
	case 5:
		w.must(w.a.Close())
		w.open()
	case 6:
		w.must(w.a.Store.Rebuild(w.Context()))
	}
	if err != nil {
		w.Logf("step %d: %v", n, err) // none before it, or the same again: refused, and nothing changed
	}
}

// sells buys one pack of each and says what they cost.
func (w *wechsel) sells() (eigener, katalog money.Cent) {
	w.Helper()
	s := w.a.Dienste.Verkauf
	v, err := s.Beginnen(w.Context(), w.act())
	w.must(err)
	for _, code := range []string{"4006381333931", "01126111"} {
		v, _, err = s.Scan(w.Context(), w.act(), v.Vorgang.ID, code)
		w.must(err)
	}
	b, err := s.Bezahlen(w.Context(), w.act(), v.Vorgang.ID, verkauf.Zahlung{Erwartet: v.Summen.Patient})
	w.must(err)
	return b.Positionen[0].Preis, b.Positionen[1].Preis
}

// Own articles and prices survive whatever is done to the catalogue, restarts and rebuilds,
// and the journal folds to the same rows a second time.
func TestEigeneUeberlebenJedenWechsel(t *testing.T) {
	steps := rapid.SliceOfN(rapid.IntRange(0, 6), 8, 8)
	for seed := range 6 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := &wechsel{T: t, dir: t.TempDir()}
			w.open()
			defer func() { _ = w.a.Close() }()
			w.step(0)
			pzn, err := w.a.Dienste.Eigene.Anlegen(t.Context(), w.act(), event.EigenerArtikelGesetzt{
				Name: "Badesalz", Menge: "500", Einheit: "g", MwSt: artikel.MwStVoll, Preis: 1290, GTIN: "4006381333931",
			})
			w.must(err)
			w.must(w.a.Dienste.Eigene.Preis(t.Context(), w.act(), event.EigenerPreisGesetzt{PZN: "01126111", Preis: 333}))
			for _, n := range steps.Example(seed) {
				w.step(n)
				if own, price := w.sells(); own != 1290 || price != 333 {
					t.Fatalf("after step %d: %d and %d", n, own, price)
				}
			}
			info, err := w.a.Dienste.Artikelsuche.Artikel(t.Context(), pzn, "")
			if err != nil || info.Artikel.Name != "Badesalz" {
				t.Errorf("%+v, %v", info, err)
			}
			w.must(w.a.Close())
			b, err := sqlite.Verify(t.Context(), sqlite.Options{Dir: w.dir, Clock: clock.NewReal(), Projections: alle.Projections()})
			if err != nil || len(b.Funde) > 0 {
				t.Errorf("%+v, %v", b, err)
			}
		})
	}
}

// The price list for phones is written by a process that has no journal: what it is made
// from holds the pharmacy's own articles and prices, also after they went there as text, and
// is another list as soon as one of them changes.
func TestPreisquelleHatEigene(t *testing.T) {
	w := &wechsel{T: t, dir: t.TempDir()}
	w.open()
	defer func() { _ = w.a.Close() }()
	w.step(0)
	key := func() string {
		q, err := w.a.Preisquelle(t.Context())
		w.must(err)
		k, err := q.Kennung()
		w.must(err)
		b, err := json.Marshal(q.Eigene)
		w.must(err)
		q.Eigene = nil
		w.must(json.Unmarshal(b, &q.Eigene))
		if again, err := q.Kennung(); err != nil || again != k {
			t.Errorf("sent as text it is another list: %v", err)
		}
		return k
	}
	none := key()
	_, err := w.a.Dienste.Eigene.Anlegen(t.Context(), w.act(), event.EigenerArtikelGesetzt{
		Name: "Badesalz", Menge: "500", Einheit: "g", MwSt: artikel.MwStVoll, Preis: 1290,
	})
	w.must(err)
	article := key()
	w.must(w.a.Dienste.Eigene.Preis(t.Context(), w.act(), event.EigenerPreisGesetzt{PZN: "01126111", Preis: 333}))
	if price := key(); none == article || article == price {
		t.Error("an article or a price of the pharmacy's own makes no other list")
	}
}
