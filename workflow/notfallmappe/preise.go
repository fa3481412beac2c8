package notfallmappe

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/mappe"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/eigene"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/preisbild"
)

// stichtag is a day from which amounts may be others, with what decides them.
type stichtag struct {
	ab    civil.Day
	gen   catalogue.Generation
	recht preisbild.Recht
}

// stichtage are today and the days ahead on which catalogue, law or own prices change.
type stichtage []stichtag

// stichtage looks ahead as far as a Mappe tells of changes.
func (s *Service) stichtage(ctx context.Context, gen catalogue.Generation, today civil.Day) (stichtage, error) {
	law, err := s.recht(today)
	if err != nil {
		return nil, err
	}
	own, err := workflow.View(ctx, s.kern, func(rows journal.Rows) ([]civil.Day, error) {
		return eigene.Wechsel(rows, today, today.AddDays(mappe.Vorschau))
	})
	if err != nil {
		return nil, err
	}
	list := stichtage{{today, gen, law}}
	for n := range mappe.Vorschau {
		day := today.AddDays(n + 1)
		last := list[len(list)-1]
		g, err := s.kern.Katalog.Am(day)
		if err != nil {
			return nil, err
		}
		law, err := s.recht(day)
		if err != nil {
			return nil, err
		}
		if slices.Contains(own, day) || g.Manifest().ID != last.gen.Manifest().ID || !reflect.DeepEqual(law, last.recht) {
			list = append(list, stichtag{day, g, law})
		}
	}
	return list, nil
}

// Kataloge are the ids of the generations that a Mappe of a day takes its prices from.
func (s *Service) Kataloge(day civil.Day) ([]string, error) {
	var ids []string
	for n := range mappe.Vorschau + 1 {
		g, err := s.kern.Katalog.Am(day.AddDays(n))
		if err != nil {
			return nil, err
		}
		ids = append(ids, g.Manifest().ID)
	}
	return slices.Compact(ids), nil
}

func (s *Service) recht(day civil.Day) (preisbild.Recht, error) {
	st, err := s.kern.Recht.Am(day)
	return preisbild.Recht{Preis: st.Preis, Zuzahlung: st.Zuzahlung}, err
}

// bis is the last day before prices may change that no list here knows yet: those of
// Germany do so on the 1st and the 15th. No change is told of beyond the look ahead.
func (l stichtage) bis() civil.Day {
	day := max(l[0].ab, l[len(l)-1].gen.Manifest().GueltigAb).AddDays(1)
	for day.DayOfMonth() != 1 && day.DayOfMonth() != 15 {
		day = day.AddDays(1)
	}
	return min(day.AddDays(-1), l[0].ab.AddDays(mappe.Vorschau))
}

func (l stichtage) kataloge() []string {
	var ids []string
	for _, d := range l {
		ids = append(ids, d.gen.Manifest().ID)
	}
	return slices.Compact(ids)
}

// preise are the amounts of an article today and from its next change on. A second change
// has no room: bis is then the last day before it.
func (l stichtage) preise(ctx context.Context, a artikel.Artikel, bis *civil.Day) (mappe.Artikel, error) {
	out := mappe.Artikel{
		PZN: a.PZN, Name: strings.Join(strings.Fields(a.Name), " "), Packung: strings.TrimSpace(a.Packung()),
		Form: a.Darreichungsform, Rx: a.Verschreibungspflichtig, BtM: a.BtM, Rueckruf: a.Status == artikel.Rueckruf,
		Vertrieb: a.Status == artikel.Verkehr, Heute: betraege(l[0].ab, a, l[0].recht),
	}
	last := out.Heute
	for _, d := range l[1:] {
		next := mappe.Betraege{Art: mappe.Entfallen}
		b, ok, err := d.gen.Artikel(ctx, a.PZN)
		if err != nil {
			return out, err
		}
		if ok {
			next = betraege(d.ab, b, d.recht)
		}
		switch {
		case sichtbar(next) == sichtbar(last):
		case out.WechselAb == 0:
			out.WechselAb, out.Dann, last = d.ab, next, next
		default:
			*bis = min(*bis, d.ab.AddDays(-1))
			return out, nil
		}
	}
	return out, nil
}

// sichtbar is what a change is told of: a Festbetrag alone changes nothing for anybody.
func sichtbar(b mappe.Betraege) mappe.Betraege {
	b.Festbetrag = 0
	return b
}

// betraege are the amounts of one pack. What the till has no price for has none here.
func betraege(day civil.Day, a artikel.Artikel, law preisbild.Recht) mappe.Betraege {
	p := preisbild.Compute(day, a, law)
	b := mappe.Betraege{
		Art: art(p.Art), Preis: p.UVP, Festbetrag: p.Festbetrag, Zuzahlung: p.Zuzahlung, Mehrkosten: p.Mehrkosten,
	}
	if a.Verschreibungspflichtig || p.UVP == 0 {
		b.Preis = p.AVP
	}
	if b.Preis == 0 {
		return mappe.Betraege{Art: mappe.OhnePreis}
	}
	if p.Art == preisbild.GKV && p.AVP != b.Preis {
		b.PreisGKV = p.AVP
	}
	return b
}

func art(a preisbild.Art) mappe.Art {
	switch a {
	case preisbild.GKV:
		return mappe.GKV
	case preisbild.Privat:
		return mappe.Privat
	case preisbild.Pflege:
		return mappe.Pflege
	case preisbild.Ohne:
	}
	return mappe.OhnePreis
}
