package notfallmappe

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/mappe"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/bons"
)

// vorEinemJahr is the day after the same day of the year before: twelve months back.
func vorEinemJahr(day civil.Day) civil.Day {
	d, err := civil.New(day.Year()-1, day.Month(), day.DayOfMonth())
	if err != nil { // 29 February
		d = civil.Must(day.Year()-1, day.Month(), 28)
	}
	return d.AddDays(1)
}

// posten is an article with how many packs of it were sold or are there.
type posten struct {
	pzn   kennung.PZN
	menge int
}

// nachMenge orders what counts, the most first.
func nachMenge(counts map[kennung.PZN]int) []posten {
	var list []posten
	for pzn, n := range counts {
		if n > 0 {
			list = append(list, posten{pzn, n})
		}
	}
	slices.SortFunc(list, func(a, b posten) int {
		return cmp.Or(cmp.Compare(b.menge, a.menge), cmp.Compare(a.pzn, b.pzn))
	})
	return list
}

// wahl are the articles that are chosen.
type wahl struct {
	list     []artikel.Artikel
	gewaehlt map[kennung.PZN]bool
}

func (w *wahl) voll() bool { return len(w.list) >= mappe.MaxArtikel }

func (w *wahl) nimm(a artikel.Artikel) bool {
	if w.voll() || w.gewaehlt[a.PZN] {
		return false
	}
	w.gewaehlt[a.PZN], w.list = true, append(w.list, a)
	return true
}

// genug is how many are looked at to fill up: some are chosen already, some recalled.
const genug = 3 * mappe.MaxArtikel

// waehle chooses by own sales, then by stock, then by the catalogue's Beliebtheit. What is
// in no catalogue any more is left out: nobody could say its price.
func (s *Service) waehle(ctx context.Context, gen catalogue.Generation, m *mappe.Mappe) ([]artikel.Artikel, error) {
	sold, err := s.absatz(ctx, m.Auswahl.Seit, m.Tag)
	if err != nil {
		return nil, err
	}
	stock, err := s.bestand(ctx)
	if err != nil {
		return nil, err
	}
	w := wahl{gewaehlt: map[kennung.PZN]bool{}}
	for _, from := range []struct {
		counts map[kennung.PZN]int
		n      *int
	}{{sold, &m.Auswahl.Verkaeufe}, {stock, &m.Auswahl.Bestand}} {
		for _, p := range nachMenge(from.counts) {
			if w.voll() {
				return w.list, nil
			}
			a, ok, err := gen.Artikel(ctx, p.pzn)
			if err != nil {
				return nil, err
			}
			if ok && w.nimm(a) {
				*from.n++
			}
		}
	}
	popular, err := gen.Beliebteste(ctx, genug)
	if err != nil {
		return nil, err
	}
	for _, a := range popular {
		if a.Status == artikel.Verkehr && w.nimm(a) {
			m.Auswahl.Beliebtheit++
		}
	}
	return w.list, nil
}

// monat is how many days of sales are read at once: no view of the journal lasts long.
const monat = 31

// absatz counts the packs sold on the civil days from one to another; what came back is
// taken off.
func (s *Service) absatz(ctx context.Context, von, bis civil.Day) (map[kennung.PZN]int, error) {
	sold := map[kennung.PZN]int{}
	for ; von <= bis; von = von.AddDays(monat) {
		last := min(bis, von.AddDays(monat-1))
		err := s.kern.Store.View(ctx, func(rows journal.Rows) error {
			return bons.Each(rows, von, last, func(b bon.Bon) (bool, error) {
				for _, p := range b.Positionen {
					if p.Art == vorgang.Artikel && p.PZN != "" && !b.Uebung {
						sold[p.PZN] += p.Menge
					}
				}
				return ctx.Err() == nil, nil
			})
		})
		if err != nil {
			return nil, err
		}
	}
	return sold, nil
}

func (s *Service) bestand(ctx context.Context) (map[kennung.PZN]int, error) {
	stock := map[kennung.PZN]int{}
	err := s.kern.Store.View(ctx, func(rows journal.Rows) error {
		return bestand.Each(rows, func(pzn kennung.PZN, count int) (bool, error) {
			stock[pzn] = count
			return true, nil
		})
	})
	return stock, err
}

func falten(s string) string { return suche.Falten(s) }

// ordne sorts as people look things up: name, then the smaller pack, then the number.
func ordne(list []mappe.Artikel) {
	keys := make(map[kennung.PZN]string, len(list))
	for _, a := range list {
		keys[a.PZN] = falten(a.Name)
	}
	slices.SortFunc(list, func(a, b mappe.Artikel) int {
		return cmp.Or(cmp.Compare(keys[a.PZN], keys[b.PZN]), cmp.Compare(menge(a.Packung), menge(b.Packung)),
			cmp.Compare(a.Packung, b.Packung), cmp.Compare(a.PZN, b.PZN))
	})
}

// menge is the number that a pack begins with.
func menge(packung string) int {
	n := 0
	for n < len(packung) && packung[n] >= '0' && packung[n] <= '9' {
		n++
	}
	v, _ := strconv.Atoi(packung[:n]) // 0 where there is no number
	return v
}
