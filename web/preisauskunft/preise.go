package preisauskunft

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/workflow/preisbild"
)

// Recht is what the list needs of the law of one day.
type Recht = preisbild.Recht

const (
	maxTage   = 4   // days with amounts of their own: today and the next changes
	vorschau  = 400 // how many days ahead changes of law are looked for
	proBild   = 6   // amounts of an article on one day, the kind among them
	artGKV    = 0   // the GKV pays: Zuzahlung and Mehrkosten are stated
	artPrivat = 1   // adults pay it themselves
	artOhne   = 2   // the catalogue states no price
	artFehlt  = 3   // not in the catalogue of that day
	artPflege = 4   // the Pflegekasse decides
	artRx     = 8   // added to the kind: prescription-only on that day
)

// bild is what an article costs on one day: kind (artGKV …), AVP, UVP, Festbetrag, Zuzahlung,
// Mehrkosten; amounts in cents.
type bild [proBild]uint32

// bilder is what an article costs on each of the days.
type bilder [maxTage]bild

// stichtag is a day from which amounts may be others, with what decides them.
type stichtag struct {
	ab    civil.Day
	gen   catalogue.Generation
	recht Recht
}

// stichtage are the day itself and the next days on which the catalogue, own prices or the
// law of the Zuzahlung change, at most maxTage; then is the first that is left out, or 0.
func (q Quelle) stichtage() (list []stichtag, then civil.Day, err error) {
	days := []civil.Day{q.Tag}
	for _, m := range q.Katalog.Generationen() {
		if m.GueltigAb > q.Tag {
			days = append(days, m.GueltigAb)
		}
	}
	for _, day := range q.Wechsel {
		if day > q.Tag {
			days = append(days, day)
		}
	}
	before, err := q.Recht(q.Tag)
	if err != nil {
		return nil, 0, err
	}
	for n := range vorschau {
		day := q.Tag.AddDays(n + 1)
		law, err := q.Recht(day)
		if err != nil {
			return nil, 0, err
		}
		if law.Zuzahlung != before.Zuzahlung {
			days, before = append(days, day), law
		}
	}
	slices.Sort(days)
	if days = slices.Compact(days); len(days) > maxTage {
		days, then = days[:maxTage], days[maxTage]
	}
	k := q.Katalog
	if q.Eigene != nil {
		k = q.Eigene.Katalog(k)
	}
	for _, day := range days {
		s := stichtag{ab: day}
		if s.gen, err = k.Am(day); err != nil {
			return nil, 0, err
		}
		if s.recht, err = q.Recht(day); err != nil {
			return nil, 0, err
		}
		list = append(list, s)
	}
	return list, then, nil
}

// bild packs what an article costs on that day.
func (s *stichtag) bild(a artikel.Artikel) bild {
	rx := uint32(0)
	if a.Verschreibungspflichtig {
		rx = artRx
	}
	p := preisbild.Compute(s.ab, a, s.recht)
	kind := map[preisbild.Art]uint32{
		preisbild.GKV: artGKV, preisbild.Privat: artPrivat, preisbild.Ohne: artOhne, preisbild.Pflege: artPflege,
	}[p.Art]
	return bild{
		kind + rx, uint32(p.AVP), uint32(p.UVP), uint32(p.Festbetrag), uint32(p.Zuzahlung), uint32(p.Mehrkosten),
	}
}

// lauf is a walk through one generation.
type lauf struct {
	z    catalogue.Zeile
	ok   bool
	next func() (catalogue.Zeile, error, bool)
}

func (l *lauf) weiter() error {
	var err error
	if l.z, err, l.ok = l.next(); err != nil {
		return fmt.Errorf("walk catalogue: %w", err)
	}
	return nil
}

// laeufe are the walks through all generations: one each, and where the pharmacy has prices
// of its own one for each day.
type laeufe map[catalogue.Generation]*lauf

// kleinste is the lowest PZN that a walk has reached; empty when all have ended.
func (l laeufe) kleinste() (pzn kennung.PZN) {
	for _, w := range l {
		if w.ok && (pzn == "" || w.z.Artikel.PZN < pzn) {
			pzn = w.z.Artikel.PZN
		}
	}
	return pzn
}

// weiter takes the walks that have reached the PZN a step on.
func (l laeufe) weiter(pzn kennung.PZN) error {
	for _, w := range l {
		if w.ok && w.z.Artikel.PZN == pzn {
			if err := w.weiter(); err != nil {
				return err
			}
		}
	}
	return nil
}

// gemeinsam walks the generations of all days at once and calls take for each PZN, with
// the article as the earliest of them has it.
func gemeinsam(ctx context.Context, days []stichtag, take func(catalogue.Zeile, bilder)) error {
	walks := laeufe{}
	for _, d := range days {
		if walks[d.gen] != nil {
			continue
		}
		next, stop := iter.Pull2(d.gen.Alle(ctx))
		defer stop()
		walks[d.gen] = &lauf{next: next}
		if err := walks[d.gen].weiter(); err != nil {
			return err
		}
	}
	for pzn := walks.kleinste(); pzn != ""; pzn = walks.kleinste() {
		take(walks.bebildert(days, pzn))
		if err := walks.weiter(pzn); err != nil {
			return err
		}
	}
	return nil
}

// bebildert computes the amounts of the article that the walks have reached.
func (l laeufe) bebildert(days []stichtag, pzn kennung.PZN) (first catalogue.Zeile, b bilder) {
	for i := range days {
		w := l[days[i].gen]
		if !w.ok || w.z.Artikel.PZN != pzn {
			b[i] = bild{artFehlt}
			continue
		}
		if first.Artikel.PZN == "" {
			first = w.z
		}
		b[i] = days[i].bild(w.z.Artikel)
	}
	return first, b
}
