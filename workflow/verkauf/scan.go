package verkauf

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/gutschein"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/packcode"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechnung"
	"github.com/offizin/offizin/workflow/rezeptannahme"
)

// maxTreffer is how many articles are offered when a scan is not certain.
const maxTreffer = 20

// Scan adds the article of a scanned pack or a typed number; "3*" before it adds
// three. What is not certain is not added: the ScanErgebnis then offers what it might
// be. A code that cannot be read, or names no known article, is an error.
func (s *Service) Scan(ctx context.Context, a workflow.Auftrag, id, text string) (Ansicht, ScanErgebnis, error) {
	menge, rest, err := mengeVor(text)
	if err != nil {
		return Ansicht{}, ScanErgebnis{}, err
	}
	if n, ok := gutschein.Parse(rest); ok && menge == 1 || gutschein.IstCode(rest) {
		return s.gutscheinGescannt(ctx, a, id, n)
	}
	code := packcode.Parse(rest)
	out := ScanErgebnis{PZN: code.PZN, Befunde: code.Befunde}
	if code.Urteil != packcode.Gueltig || code.PZN == "" {
		if out.Treffer, err = s.offers(ctx, code, rest); err != nil {
			return Ansicht{}, ScanErgebnis{}, err
		}
		if pzn := traegt(code, out.Treffer); pzn != "" {
			code.PZN, out.PZN, out.Treffer = pzn, pzn, nil
		}
	}
	if code.Urteil == packcode.Gueltig && code.PZN != "" {
		return s.scanned(ctx, a, id, vorgang.Position{
			Art: vorgang.Artikel, PZN: code.PZN, Menge: menge, Serie: code.Serie, Charge: code.Charge, Verfall: code.Verfall,
		}, out)
	}
	if len(out.Treffer) == 0 && code.PZN == "" && code.Code == "" && gutschein.Form(rest) {
		return s.gutscheinGescannt(ctx, a, id, "") // no pack has so many digits: a number that was mistyped
	}
	if len(out.Treffer) == 0 {
		return Ansicht{}, ScanErgebnis{}, unreadable(code)
	}
	v, err := s.Ansicht(ctx, id)
	return v, out, err
}

// mengeVor takes the quantity off a scan: "3*01234567". A Code 39 may begin with a
// star itself.
func mengeVor(text string) (int, string, error) {
	text = strings.TrimSpace(text)
	head, rest, ok := strings.Cut(text, "*")
	if !ok || head == "" || len(head) > 4 || strings.Trim(head, "0123456789") != "" {
		return 1, text, nil
	}
	n, err := strconv.Atoi(head)
	if err != nil || n < 1 || n > MaxMenge {
		return 0, "", fault.New(fault.Invalid, "V-134", "Die Menge vor dem Stern muss zwischen 1 und 999 liegen.", err)
	}
	return n, rest, nil
}

func (s *Service) scanned(
	ctx context.Context, a workflow.Auftrag, id string, p vorgang.Position, out ScanErgebnis,
) (Ansicht, ScanErgebnis, error) {
	var v Ansicht
	var booked vorgang.Position
	err := s.rechnung.Opened(ctx, func() (err error) {
		v, err = s.editRows(ctx, a, id, "Scan", p, func(rows journal.Rows, v *vorgang.Vorgang) error {
			found, err := s.known(ctx, rows, v, p.PZN)
			if err != nil {
				return err
			}
			booked = p
			if err := s.assign(rows, v, &booked, found.Verschreibungspflichtig); err != nil {
				return err
			}
			return insert(v, booked)
		})
		return err
	})
	if err != nil {
		return Ansicht{}, ScanErgebnis{}, err
	}
	out.Menge = p.Menge
	for _, z := range v.Zeilen {
		q := z.Position
		pack := q.PZN == p.PZN && q.Serie == p.Serie && q.Charge == p.Charge && q.Verfall == p.Verfall
		if pack && (booked.PZN == "" || q.Rezept == booked.Rezept) { // a repeated act decides nothing
			out.Nr = q.Nr
		}
	}
	return v, out, nil
}

// assign sells a scanned pack on the first prescription of the cart that names this
// very article and is not yet supplied. An Rx pack beyond that joins the line that
// already has it; everything else is sold without prescription.
func (s *Service) assign(rows journal.Rows, v *vorgang.Vorgang, p *vorgang.Position, rx bool) error {
	missing := &rechnung.Missing{}
	for _, id := range v.Rezepte {
		r, err := s.rechnung.Rezept(rows, id, missing)
		if err != nil {
			return err
		}
		if !missing.Leer() {
			return missing
		}
		if r == nil {
			continue
		}
		for nr, line := range r.Rezept.Verordnungen {
			if line.PZN == p.PZN && dispensed(v, r, nr)+p.Menge <= max(line.Packungen, 1) {
				p.Rezept, p.Verordnung = id, nr
				return nil
			}
		}
	}
	for _, q := range v.Positionen {
		if rx && q.PZN == p.PZN && q.Rezept != "" {
			p.Rezept, p.Verordnung = q.Rezept, q.Verordnung
		}
	}
	return nil
}

// dispensed counts the packs on a line of a prescription: on earlier Bons and in the cart.
func dispensed(v *vorgang.Vorgang, r *rezeptannahme.Eintrag, nr int) int {
	n := 0
	if nr < len(r.Abgegeben) {
		n = r.Abgegeben[nr]
	}
	for _, q := range v.Positionen {
		if q.Rezept == r.ID && q.Verordnung == nr && q.Art != vorgang.Gebuehr {
			n += q.Menge
		}
	}
	return n
}

// offers are the articles that an uncertain scan may mean: the product it names, or
// what the search finds for its number or for words.
func (s *Service) offers(ctx context.Context, code packcode.Ergebnis, text string) ([]artikel.Artikel, error) {
	gen, err := s.kern.Katalog.Am(clock.Today(s.kern.Clock))
	if err != nil {
		return nil, fmt.Errorf("choose catalogue: %w", err)
	}
	if code.PZN != "" {
		a, ok, err := gen.Artikel(ctx, code.PZN)
		if err != nil || !ok {
			return nil, err
		}
		return []artikel.Artikel{a}, nil
	}
	switch {
	case code.GTIN() != "":
		text = string(code.GTIN())
	case code.Code != "" || !strings.ContainsFunc(text, letter):
		return nil, nil
	}
	hits, err := gen.Suche(ctx, catalogue.Anfrage{Text: text, Limit: maxTreffer})
	if err != nil {
		return nil, fmt.Errorf("search catalogue: %w", err)
	}
	var list []artikel.Artikel
	for _, h := range hits {
		list = append(list, h.Artikel)
	}
	return list, nil
}

// traegt is the PZN of the one article that carries the scanned product code; empty if
// none does, or more than one.
func traegt(code packcode.Ergebnis, hits []artikel.Artikel) kennung.PZN {
	if len(hits) != 1 || code.GTIN() == "" || hits[0].GTIN != code.GTIN() {
		return ""
	}
	return hits[0].PZN
}

func letter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0x7f }

// unreadable is the error for a scan that led to nothing.
func unreadable(code packcode.Ergebnis) error {
	switch {
	case code.PZN != "":
		return keinArtikel()
	case code.Code != "":
		return fault.New(fault.NotFound, "V-135",
			"Der Katalog kennt diesen Produktcode nicht – geben Sie die PZN ein oder suchen Sie nach dem Namen.", nil)
	}
	for _, b := range code.Befunde {
		if b.Schwere == befund.Hindernis {
			return fault.New(fault.Invalid, b.Code, b.Text, b)
		}
	}
	return fault.New(fault.Invalid, "V-136",
		"Der Code nennt kein Produkt – scannen Sie den Code der Packung oder geben Sie die PZN ein.", nil)
}
