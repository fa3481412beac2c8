package eigene

import (
	"context"
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/eigene"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow"
)

// Zustand says what has become of a price.
type Zustand string

// The states of a price.
const (
	Gilt            Zustand = "gilt"
	Kommt           Zustand = "kommt"
	Abgelaufen      Zustand = "abgelaufen"
	Zurueckgenommen Zustand = "zurückgenommen"
	Abgeloest       Zustand = "abgelöst" // one that began later holds
	Ruht            Zustand = "ruht"     // the article is Rx by now: law sets its price
	Verwaist        Zustand = "ohne Artikel"
)

// Artikelzeile is an article of the pharmacy's own with its stock.
type Artikelzeile struct {
	Eingabe

	Heute   money.Cent // what the till asks today, gross
	Bestand int
	Befunde []befund.Befund
}

// Preiszeile is a price of the pharmacy's own beside what the catalogue says.
type Preiszeile struct {
	Preiseingabe

	Artikel artikel.Artikel // without the own price; only the PZN if nobody knows it
	Zustand Zustand
	Befunde []befund.Befund
}

// Liste is everything that is the pharmacy's own and matches a search.
type Liste struct {
	Artikel []Artikelzeile // by PZN
	Preise  []Preiszeile   // by PZN and first day; only those that hold or will
	Mehr    bool           // there are more than maxListe of one of both
	Leer    bool           // there is nothing at all, whatever is searched for
}

// maxListe is how many lines of each a list has.
const maxListe = 200

// Auskunft is everything about one PZN.
type Auskunft struct {
	PZN     kennung.PZN
	Eigener *Artikelzeile    // nil: the article is the catalogue's
	Katalog *artikel.Artikel // as the catalogue has it; nil: it does not
	Heute   artikel.Artikel  // as the till sells it today
	Preise  []Preiszeile     // all, also those that have ended
	Verlauf []eigene.Aenderung
}

// blick reads lists as of one moment.
type blick struct {
	rows  journal.Rows
	tag   civil.Day
	basis catalogue.Generation
	heute catalogue.Generation
	recht recht.Stand
}

func (s *Service) blick(rows journal.Rows) (b blick, err error) {
	b = blick{rows: rows, tag: clock.Today(s.kern.Clock)}
	if b.basis, err = s.basis.Am(b.tag); err != nil {
		return b, err
	}
	if b.heute, err = s.kern.KatalogIn(rows).Am(b.tag); err != nil {
		return b, err
	}
	b.recht, err = s.kern.Recht.Am(b.tag)
	return b, err
}

// Liste returns what matches the words, by name, maker or beginning of the PZN.
func (s *Service) Liste(ctx context.Context, words string) (Liste, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (Liste, error) {
		b, err := s.blick(rows)
		if err != nil {
			return Liste{}, err
		}
		var out Liste
		own, err := eigene.Artikel(rows)
		if err != nil {
			return out, err
		}
		for _, e := range own {
			if !passt(Artikel(e), words) {
				continue
			}
			if len(out.Artikel) == maxListe {
				out.Mehr = true
				break
			}
			z, err := b.zeile(ctx, e)
			if err != nil {
				return out, err
			}
			out.Artikel = append(out.Artikel, z)
		}
		prices, err := eigene.Preise(rows)
		out.Leer = len(own) == 0 && len(prices) == 0
		if err != nil {
			return out, err
		}
		return out, b.preise(ctx, prices, words, &out)
	})
}

// passt reports whether an article has all words; none match everything.
func passt(a artikel.Artikel, words string) bool {
	return strings.TrimSpace(words) == "" || suche.Passt(a, words)
}

func (b blick) preise(ctx context.Context, list []Preiseingabe, words string, out *Liste) error {
	for _, p := range list {
		z, err := b.preis(ctx, p)
		if err != nil {
			return err
		}
		if z.Zustand == Abgelaufen || z.Zustand == Zurueckgenommen || !passt(z.Artikel, words) {
			continue
		}
		if len(out.Preise) == maxListe {
			out.Mehr = true
			return nil
		}
		out.Preise = append(out.Preise, z)
	}
	return nil
}

// zeile adds to an article what is to be seen of it.
func (b blick) zeile(ctx context.Context, e Eingabe) (Artikelzeile, error) {
	z := Artikelzeile{Eingabe: e}
	var err error
	if z.Bestand, err = bestand.Menge(b.rows, e.PZN); err != nil {
		return z, err
	}
	a, _, err := b.heute.Artikel(ctx, e.PZN)
	if err != nil {
		return z, err
	}
	z.Heute = a.Verkaufspreis()
	z.Befunde = b.unterEinkauf(a, z.Heute)
	other, known, err := b.basis.Artikel(ctx, e.PZN)
	if known {
		z.Befunde = append(z.Befunde, befund.Befund{
			Code: "A-675", Schwere: befund.Warnung, Subject: string(e.PZN),
			Text: "Der Katalog kennt diese PZN als „" + other.Name + "“; verkauft wird der eigene Artikel – legen Sie ihn " +
				"unter einer anderen eigenen PZN neu an und listen Sie diesen aus.",
		})
	}
	return z, err
}

// preis adds to a price what is to be seen of it.
func (b blick) preis(ctx context.Context, p Preiseingabe) (Preiszeile, error) {
	z := Preiszeile{Preiseingabe: p, Artikel: artikel.Artikel{PZN: p.PZN}}
	a, ok, err := b.heute.Artikel(ctx, p.PZN)
	if err != nil {
		return z, err
	}
	holds := a.EigenerPreis
	if ok {
		a.EigenerPreis = 0
		z.Artikel = a
	}
	current, err := b.gilt(p)
	z.Zustand = zustand(p, b.tag, ok, a.Verschreibungspflichtig, current && holds == p.Preis)
	if z.Zustand == Gilt || z.Zustand == Kommt {
		z.Befunde = b.unterEinkauf(a, p.Preis)
	}
	return z, err
}

// gilt reports whether no other price of the article began later and holds today.
func (b blick) gilt(p Preiseingabe) (bool, error) {
	list, err := eigene.PreiseVon(b.rows, p.PZN)
	for _, o := range list {
		if o.Preis > 0 && o.Ab > p.Ab && o.Ab <= b.tag && (o.Bis == 0 || o.Bis >= b.tag) {
			return false, err
		}
	}
	return true, err
}

func zustand(p Preiseingabe, today civil.Day, known, rx, holds bool) Zustand {
	switch {
	case p.Preis == 0:
		return Zurueckgenommen
	case p.Bis != 0 && p.Bis < today:
		return Abgelaufen
	case !known:
		return Verwaist
	case rx:
		return Ruht
	case p.Ab > today:
		return Kommt
	case holds:
		return Gilt
	}
	return Abgeloest
}

// unterEinkauf warns of a gross price below what the article costs the pharmacy.
func (b blick) unterEinkauf(a artikel.Artikel, price money.Cent) []befund.Befund {
	cost := a.AEP + b.satz(a.MwSt).Of(a.AEP)
	if price == 0 || price >= cost {
		return nil
	}
	return []befund.Befund{{
		Code: "A-674", Schwere: befund.Warnung, Subject: string(a.PZN),
		Text: "Unter dem Einkaufspreis von " + cost.String() + " (mit Mehrwertsteuer) – prüfen Sie den Preis.",
	}}
}

func (b blick) satz(m artikel.MwSt) money.PPM {
	switch m {
	case artikel.MwStVoll:
		return b.recht.Preis.MwStVoll.Was
	case artikel.MwStErmaessigt:
		return b.recht.Preis.MwStErmaessigt.Was
	case artikel.MwStOhne:
	}
	return 0
}

// Artikel returns everything about one PZN.
func (s *Service) Artikel(ctx context.Context, pzn kennung.PZN) (Auskunft, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (Auskunft, error) {
		out := Auskunft{PZN: pzn}
		b, err := s.blick(rows)
		if err != nil {
			return out, err
		}
		if _, err := s.artikel(ctx, rows, pzn); err != nil {
			return out, err
		}
		if out.Heute, _, err = b.heute.Artikel(ctx, pzn); err != nil {
			return out, err
		}
		if err := b.herkunft(ctx, &out); err != nil {
			return out, err
		}
		prices, err := eigene.PreiseVon(rows, pzn)
		if err != nil {
			return out, err
		}
		for _, p := range prices {
			z, err := b.preis(ctx, p)
			if err != nil {
				return out, err
			}
			out.Preise = append(out.Preise, z)
		}
		out.Verlauf, err = eigene.Verlauf(rows, pzn, 50)
		return out, err
	})
}

// herkunft adds the article as the pharmacy and as the catalogue have it.
func (b blick) herkunft(ctx context.Context, out *Auskunft) error {
	e, own, err := eigene.Find(b.rows, out.PZN)
	if err != nil {
		return err
	}
	if own {
		z, err := b.zeile(ctx, e)
		if err != nil {
			return err
		}
		out.Eigener = &z
	}
	a, known, err := b.basis.Artikel(ctx, out.PZN)
	if known {
		out.Katalog = &a
	}
	return err
}
