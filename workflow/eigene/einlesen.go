package eigene

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/eigene"
	"github.com/offizin/offizin/workflow"
)

// The limits of a file; a file is one act.
const (
	maxZeilen = journal.MaxEvents
	maxDatei  = 1 << 20 // bytes
	maxFehler = 100     // lines listed
)

// Zeilenfehler is a line of a file that cannot be taken.
type Zeilenfehler struct {
	Zeile int // from 1, the head line included
	Text  string
}

// Bericht says what became of a file.
type Bericht struct {
	Zeilen, Gesetzt, Unveraendert int
	Fehler                        []Zeilenfehler // at most 100; if there is any, nothing is set
	Warnungen                     []Zeilenfehler // prices below cost; at most 100
}

// zeile is one line of a file: an article or a price, and never both.
type zeile struct {
	Nr      int          `json:"nr"`
	Artikel Eingabe      `json:"artikel"`
	Preis   Preiseingabe `json:"preis"`
}

// Einlesen sets all articles or all prices of a file, or nothing if a line is at fault. A
// head line names the columns: with "Name" it is a file of articles (PZN, Name, Menge,
// Einheit, Preis, MwSt, Einkauf, EAN, Form, Hersteller), else one of prices (PZN, Preis,
// Ab, Bis). An article without PZN is the one of the same name and pack, else a new one; the
// same file twice changes nothing.
func (s *Service) Einlesen(ctx context.Context, a workflow.Auftrag, datei io.Reader) (Bericht, error) {
	law, err := s.kern.Recht.Am(clock.Today(s.kern.Clock))
	if err != nil {
		return Bericht{}, err
	}
	saetze := blick{recht: law}
	lines, prices, bad, err := lesen(datei, saetze)
	out := Bericht{Zeilen: len(lines) + len(bad), Fehler: bad}
	if err != nil {
		return out, err
	}
	r, err := s.do(ctx, a, []any{"eigene einlesen", lines}, func(rows journal.Rows) ([]journal.Event, error) {
		e, end, err := s.einlesung(rows, saetze)
		if err != nil {
			return nil, err
		}
		defer end()
		events, err := e.alle(ctx, lines, prices)
		out.Fehler, out.Warnungen = zusammen(bad, e.bad), e.warn
		if err == nil {
			err = abgelehnt(out.Fehler)
		}
		if err == nil && len(events) == 0 {
			err = workflow.ErrUnchanged
		}
		return events, err
	})
	if err == nil {
		out.Gesetzt = len(r.Records)
		out.Unveraendert = len(lines) - out.Gesetzt
	}
	return out, err
}

// zusammen are the faults of a file in the order of its lines.
func zusammen(a, b []Zeilenfehler) []Zeilenfehler {
	list := slices.Concat(a, b)
	slices.SortStableFunc(list, func(a, b Zeilenfehler) int { return cmp.Compare(a.Zeile, b.Zeile) })
	return list[:min(len(list), maxFehler)]
}

func abgelehnt(bad []Zeilenfehler) error {
	if len(bad) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "A-676", fmt.Sprintf(
		"Die Datei hat fehlerhafte Zeilen, nichts ist übernommen – Zeile %d: %s", bad[0].Zeile, bad[0].Text), nil)
}

// einlesung decides about the lines of a file, one after another.
type einlesung struct {
	s       *Service
	gen     catalogue.Generation
	rows    journal.Rows
	blick   blick
	own     map[string]Eingabe         // by each of schluessel, as they will be
	frei    func() (kennung.PZN, bool) // the numbers, each once
	gelesen map[kennung.PZN]bool
	bad     []Zeilenfehler
	warn    []Zeilenfehler
}

func (s *Service) einlesung(rows journal.Rows, saetze blick) (*einlesung, func(), error) {
	e := &einlesung{
		s: s, rows: rows, blick: saetze, own: map[string]Eingabe{}, gelesen: map[kennung.PZN]bool{},
	}
	var err error
	if e.gen, err = s.kern.KatalogIn(rows).Am(clock.Today(s.kern.Clock)); err != nil {
		return nil, nil, err
	}
	stored, err := eigene.Artikel(rows)
	for _, a := range stored {
		e.merke(a)
	}
	var end func()
	e.frei, end = iter.Pull(nummern())
	return e, end, err
}

// schluessel are what an article is known by: PZN, product code, name with pack.
func schluessel(a Eingabe) (pzn, gtin, name string) {
	return "p/" + string(a.PZN), "g/" + string(a.GTIN), "n/" + a.Name + "/" + a.Menge + "/" + a.Einheit
}

func (e *einlesung) merke(a Eingabe) {
	pzn, gtin, name := schluessel(a)
	e.own[pzn], e.own[name] = a, a
	if a.GTIN != "" {
		e.own[gtin] = a
	}
}

func (e *einlesung) alle(ctx context.Context, lines []zeile, prices bool) (events []journal.Event, err error) {
	one := e.artikel
	if prices {
		one = e.preis
	}
	for _, z := range lines {
		made, err := one(ctx, z)
		f, refused := errors.AsType[*fault.Fault](err)
		switch {
		case refused && f.Kind != fault.Unavailable && f.Kind != fault.Corrupt:
			if e.bad = append(e.bad, Zeilenfehler{z.Nr, f.Text}); len(e.bad) == maxFehler {
				return nil, nil
			}
		case err != nil:
			return nil, err
		case made != nil:
			events = append(events, made)
		}
	}
	return events, nil
}

// artikel is the event of a line; nil if it changes nothing.
func (e *einlesung) artikel(ctx context.Context, z zeile) (journal.Event, error) {
	a := z.Artikel
	pzn, gtin, name := schluessel(a)
	old, known := e.own[pzn]
	if a.PZN == "" {
		old, known = e.own[name]
	}
	switch other, twice := e.own[gtin]; {
	case known && e.gelesen[old.PZN]:
		return nil, fault.New(fault.Invalid, "A-676", "Dieser Artikel steht schon in einer Zeile darüber.", nil)
	case a.GTIN != "" && twice && other.PZN != old.PZN:
		return nil, doppelt(other.PZN)
	}
	e.pruefe(z.Nr, Artikel(a), a.Preis)
	if known {
		a.PZN, a.Ausgelistet = old.PZN, old.Ausgelistet
	} else if err := e.nummer(ctx, &a); err != nil {
		return nil, err
	}
	e.gelesen[a.PZN] = true
	if a == old {
		return nil, nil //nolint:nilnil // nothing changes
	}
	e.merke(a)
	return a, nil
}

// nummer gives a new article its PZN.
func (e *einlesung) nummer(ctx context.Context, a *Eingabe) error {
	if a.PZN != "" {
		_, err := neuer(ctx, e.gen, *a)
		return err
	}
	for {
		p, ok := e.frei()
		if !ok {
			return hausPZN("")
		}
		_, taken, err := e.gen.Artikel(ctx, p)
		if err != nil || !taken && !e.gelesen[p] {
			a.PZN = p
			return err
		}
	}
}

// preis is the event of a line; nil if it changes nothing.
func (e *einlesung) preis(ctx context.Context, z zeile) (journal.Event, error) {
	p := z.Preis
	old, _, err := eigene.FindPreis(e.rows, p.PZN, p.Ab)
	if err != nil || old == p {
		return nil, err
	}
	if err := e.s.pruefePreis(ctx, e.rows, p, old); err != nil {
		return nil, err
	}
	a, err := e.s.artikel(ctx, e.rows, p.PZN)
	e.pruefe(z.Nr, a, p.Preis)
	return p, err
}

func (e *einlesung) pruefe(nr int, a artikel.Artikel, price money.Cent) {
	for _, b := range e.blick.unterEinkauf(a, price) {
		if len(e.warn) < maxFehler {
			e.warn = append(e.warn, Zeilenfehler{nr, b.Text})
		}
	}
}

// lesen reads a file to its end; faulty lines are collected. Which of both kinds it is
// follows from its head.
func lesen(r io.Reader, saetze blick) (lines []zeile, prices bool, bad []Zeilenfehler, err error) {
	data, err := io.ReadAll(io.LimitReader(r, maxDatei+1))
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	switch {
	case err != nil:
		return nil, false, nil, fmt.Errorf("read own articles: %w", err)
	case len(data) > maxDatei || bytes.Count(data, []byte("\n")) > 4*maxZeilen:
		return nil, false, nil, fault.New(fault.Invalid, "A-676",
			"Die Datei hat mehr als 1.000 Zeilen oder 1 MB – teilen Sie sie auf.", nil)
	case !utf8.Valid(data):
		return nil, false, nil, fault.New(fault.Invalid, "A-676",
			"Die Datei ist kein Text in UTF-8 – speichern Sie sie als „CSV UTF-8“.", nil)
	}
	in := csv.NewReader(bytes.NewReader(data))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes, in.ReuseRecord = ';', -1, true, true
	head, err := in.Read()
	if err != nil {
		return nil, false, nil, fault.New(fault.Invalid, "A-676",
			"Die Datei ist leer – in der ersten Zeile stehen die Namen der Spalten.", err)
	}
	k, err := kopf(head)
	if err != nil {
		return nil, false, nil, err
	}
	lines, bad, err = k.zeilen(in, saetze)
	return lines, k.preise, bad, err
}

// spalten are the columns of a file by their folded names.
type spalten struct {
	ort    map[string]int
	preise bool
}

func kopf(head []string) (spalten, error) {
	k := spalten{ort: map[string]int{}}
	for i, n := range head {
		n = strings.ReplaceAll(suche.Falten(n), " ", "")
		if to := map[string]string{
			"artikel": "name", "bezeichnung": "name", "vk": "preis", "ek": "einkauf", "aep": "einkauf", "gtin": "ean",
			"darreichungsform": "form", "packung": "menge", "mehrwertsteuer": "mwst", "firma": "hersteller",
		}[n]; to != "" {
			n = to
		}
		if _, twice := k.ort[n]; twice {
			return k, fault.New(fault.Invalid, "A-676", "Eine Spalte kommt zweimal vor – benennen Sie eine um.", nil)
		}
		k.ort[n] = i
	}
	_, named := k.ort["name"]
	k.preise = !named
	need := []string{"name", "menge", "einheit", "preis", "mwst"}
	if k.preise {
		need = []string{"pzn", "preis"}
	}
	for _, n := range need {
		if _, ok := k.ort[n]; !ok {
			return k, fault.New(fault.Invalid, "A-676", "In der ersten Zeile fehlt die Spalte „"+n+
				"“ – eigene Artikel brauchen Name;Menge;Einheit;Preis;MwSt, eigene Preise PZN;Preis.", nil)
		}
	}
	return k, nil
}

func (k spalten) zeilen(in *csv.Reader, saetze blick) (lines []zeile, bad []Zeilenfehler, err error) {
	first := map[string]int{}
	for len(bad) < maxFehler {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, fault.New(fault.Invalid, "A-676",
				"Die Datei ist nicht lesbar, vermutlich fehlt ein Anführungszeichen – prüfen Sie sie in der Tabelle.", err)
		}
		nr, _ := in.FieldPos(0)
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		z, err := k.eine(cells, saetze)
		z.Nr = nr
		if key := string(z.Preis.PZN) + z.Preis.Ab.String(); err == nil && k.preise {
			if first[key] > 0 {
				err = fault.New(fault.Invalid, "A-676",
					fmt.Sprintf("Der Preis für diesen Tag steht schon in Zeile %d.", first[key]), nil)
			}
			first[key] = nr
		}
		if f, ok := errors.AsType[*fault.Fault](err); ok {
			bad = append(bad, Zeilenfehler{nr, f.Text})
			continue
		}
		if lines = append(lines, z); len(lines) > maxZeilen {
			return nil, nil, fault.New(fault.Invalid, "A-676",
				"Die Datei hat mehr als 1.000 Zeilen oder 1 MB – teilen Sie sie auf.", nil)
		}
	}
	if len(lines)+len(bad) == 0 {
		err = fault.New(fault.Invalid, "A-676", "Die Datei enthält nur die Kopfzeile – darunter fehlt der Inhalt.", nil)
	}
	return lines, bad, err
}

// eine reads one line. Its errors are faults.
func (k spalten) eine(cells []string, saetze blick) (z zeile, err error) {
	cell := func(name string) string {
		if i, ok := k.ort[name]; ok && i < len(cells) {
			return strings.TrimSpace(cells[i])
		}
		return ""
	}
	amount := func(name string) money.Cent {
		c, wrong := money.Parse(cmp.Or(strings.TrimSpace(strings.TrimSuffix(cell(name), "€")), "0"))
		if wrong != nil && err == nil {
			err = betragFalsch()
		}
		return c
	}
	var pzn kennung.PZN
	if p := cell("pzn"); p != "" || k.preise {
		var wrong error
		if pzn, wrong = kennung.ParsePZN(p); wrong != nil {
			return z, fault.New(fault.Invalid, "A-676", "Das ist keine gültige PZN – prüfen Sie die Ziffern.", wrong)
		}
	}
	if k.preise {
		z.Preis = Preiseingabe{PZN: pzn, Preis: amount("preis"), Ab: saetze.recht.Tag}
		for _, d := range []struct {
			name string
			to   *civil.Day
		}{{"ab", &z.Preis.Ab}, {"bis", &z.Preis.Bis}} {
			if err := tag(cell(d.name), d.to); err != nil {
				return z, err
			}
		}
		if err == nil {
			err = preisOK(z.Preis.Preis)
		}
		return z, err
	}
	z.Artikel = Eingabe{
		PZN: pzn, Name: cell("name"), Menge: cell("menge"), Einheit: cell("einheit"), Darreichungsform: cell("form"),
		Hersteller: cell("hersteller"), GTIN: kennung.GTIN(cell("ean")), MwSt: saetze.mwst(cell("mwst")),
		Preis: amount("preis"), Einkauf: amount("einkauf"),
	}
	if err == nil {
		z.Artikel, err = pruefe(z.Artikel)
	}
	return z, err
}

func tag(text string, to *civil.Day) error {
	if text == "" {
		return nil
	}
	d, err := civil.ParseGerman(text)
	if err != nil {
		d, err = civil.Parse(text)
	}
	if err != nil {
		return fault.New(fault.Invalid, "A-672", "Dieses Datum gibt es nicht – Form: 23.11.2026.", err)
	}
	*to = d
	return nil
}

// mwst reads a class of VAT by its name, or by the rate that is in force; 0 if it is none.
func (b blick) mwst(text string) artikel.MwSt {
	text = strings.ReplaceAll(suche.Falten(strings.TrimSuffix(strings.TrimSpace(text), "%")), " ", "")
	rate := func(m artikel.MwSt) string {
		return strings.TrimSuffix(strings.ReplaceAll(b.satz(m).String(), " ", ""), "%")
	}
	switch text {
	case "voll", rate(artikel.MwStVoll):
		return artikel.MwStVoll
	case "ermassigt", rate(artikel.MwStErmaessigt):
		return artikel.MwStErmaessigt
	case "ohne", "0":
		return artikel.MwStOhne
	}
	return 0
}
