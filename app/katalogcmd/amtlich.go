package katalogcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/gate"
	"github.com/offizin/offizin/catalogue/liste"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow/einspielung"
)

// Vorlage is `offizin catalogue vorlage`.
type Vorlage struct {
	Name string `arg:"" help:"Welche: ${enum}." enum:"festbetrag,zuzahlungsfrei,rabattvertrag"`
}

// Run prints the mapping of a list, to be changed and given to --zuordnung.
func (c *Vorlage) Run(e *env.Env) error {
	_, err := io.WriteString(e.Stdout, liste.Vorlage(c.Name).Text())
	return err //nolint:wrapcheck // standard output
}

// optionen are how the file is read: what belongs to the layout, over it the mapping, over
// it single columns.
func (c *Import) optionen(ab civil.Day) (o liste.Optionen, err error) {
	if o, err = liste.Vorlage(c.Vorlage).Optionen(); err != nil {
		return o, err
	}
	if c.Zuordnung != "" {
		f, err := os.Open(c.Zuordnung)
		if err != nil {
			return o, unlesbar(c.Zuordnung, err)
		}
		o, err = liste.LiesZuordnung(f, o)
		if err = errors.Join(err, f.Close()); err != nil {
			return o, err
		}
	}
	if o.Spalten == nil {
		o.Spalten = map[string]string{}
	}
	for field, column := range c.Spalte {
		o.Spalten[field] = column
		delete(o.Werte, field)
	}
	o.Ab = ab
	return o, nil
}

// auflage is a list and the generation that it is laid on.
type auflage struct {
	*catalogue.Auflage

	basis     *generation.Basis
	gen       *generation.Generation
	spaeter   []catalogue.Manifest // generations that begin later, and do not have the list
	geaendert []kennung.PZN
}

// amtlich lays a list on the generation that holds on its day: what it says of articles and
// contracts makes a new generation, all or nothing.
func (c *Import) amtlich(e *env.Env, d *liste.Datei, o liste.Optionen) (err error) {
	ordner, err := c.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ordner.Close()) }()
	basis, gen, err := generation.OpenGrundlage(ordner, o.Ab)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, basis.Close()) }()
	alt, err := gen.Listen(e.Ctx)
	if err != nil {
		return err
	}
	x := catalogue.Liste{Art: catalogue.Listenart(o.Vorlage), Datei: filepath.Base(c.Datei), Ab: o.Ab}
	a := &auflage{Auflage: alt.Auflegen(x, o.Teil), basis: basis, gen: gen}
	for _, m := range ordner.Generationen() {
		if m.GueltigAb > o.Ab {
			a.spaeter = append(a.spaeter, m)
		}
	}
	if err := c.liesListe(e, d, a); err != nil {
		return err
	}
	if err := c.auflegen(e, a); err != nil {
		return err
	}
	if err := c.zulaessig(e, a); err != nil {
		return err
	}
	if c.Pruefen {
		fmt.Fprintln(e.Stdout, "Nur geprüft, nichts eingespielt.")
		return nil
	}
	return c.baueListe(e, a)
}

// liesListe reads the list to its end; with any faulty row nothing is changed.
func (c *Import) liesListe(e *env.Env, d *liste.Datei, a *auflage) error {
	b, err := liste.PruefeListe(d.Saetze(), func(s liste.Satz) error {
		switch a.Liste.Art {
		case catalogue.Festbetragsliste:
			a.Append(s.Zeile.Artikel.PZN, int64(s.Zeile.Artikel.Festbetrag))
		case catalogue.Befreiungsliste:
			a.Append(s.Zeile.Artikel.PZN, 1)
		case catalogue.Vertragsliste:
			a.AppendVertrag(s.Vertrag)
		}
		return e.Ctx.Err()
	})
	if err != nil {
		return err
	}
	if err := berichte(e.Stdout, b); err != nil {
		return err
	}
	if b.Schlecht > 0 {
		return fault.New(fault.Invalid, "A-699", fmt.Sprintf("%d fehlerhafte Zeilen: Es wurde nichts geändert; bitte die "+
			"Datei oder die Zuordnung berichtigen (eine Liste gilt nur ganz, --trotzdem wirkt hier nicht).", b.Schlecht), nil)
	}
	return nil
}

// auflegen finds out what the list changes.
func (c *Import) auflegen(e *env.Env, a *auflage) error {
	defer c.anzeige.ende()
	n := 0
	for z, err := range a.gen.Alle(e.Ctx) {
		if err != nil {
			return err
		}
		if n++; n%1000 == 0 {
			c.anzeige.melde(einspielung.Lesen, n, a.basis.Artikel())
		}
		if a.Artikel(z.Artikel) != z.Artikel {
			a.geaendert = append(a.geaendert, z.Artikel.PZN)
		}
	}
	a.Unbekannte()
	for _, err := range a.Vertraege(a.gen.Vertraege(e.Ctx)) {
		if err != nil {
			return err
		}
	}
	return nil
}

// zulaessig says what the list does, and refuses one that cannot be meant for this catalogue.
func (c *Import) zulaessig(e *env.Env, a *auflage) error {
	name, what := a.Liste.Art.Name(), "Artikel"
	if a.Liste.Art == catalogue.Vertragsliste {
		what = "Verträge"
	}
	fmt.Fprintf(e.Stdout, "%s auf Katalog %s: %d PZN genannt, %d davon im Katalog; %s geändert: %d, danach ohne: %d.\n",
		name, a.gen.Manifest().ID, a.Genannt, a.Bekannt, what, a.Geaendert, a.Entzogen)
	switch {
	case a.Genannt == 0 || 2*a.Bekannt < a.Genannt && !c.Kleiner:
		return fault.New(fault.Invalid, "A-690", fmt.Sprintf("Von %d PZN der Liste hat der Katalog nur %d; es wurde nichts "+
			"geändert. Ist es die richtige Spalte, und sind die Artikel eingespielt? Wenn ja: --kleiner.",
			a.Genannt, a.Bekannt), nil)
	case c.entzieht(a) && !c.Kleiner:
		return fault.New(fault.Invalid, "A-694", fmt.Sprintf("Nach dieser Liste hätten %d von bisher %d keinen Eintrag "+
			"mehr; es wurde nichts geändert. Fehlt ein Teil der Liste? Wenn nicht: --kleiner; nennt sie nur Änderungen: "+
			"umfang = teil in der Zuordnung.", a.Entzogen, a.Vorher), nil)
	}
	if rest := a.Genannt - a.Bekannt; rest > 0 {
		fmt.Fprintf(e.Stdout, "Hinweis: %d PZN der Liste stehen nicht im Katalog; sie gelten, sobald er sie hat. "+
			"(A-693)\n", rest)
	}
	for _, m := range a.spaeter {
		fmt.Fprintf(e.Stdout, "Warnung: Ab %s gilt schon der Katalog %s, der diese Liste nicht hat; bitte sie auch für "+
			"diesen Tag einspielen: --ab %s. (A-695)\n", m.GueltigAb.German(), m.ID, m.GueltigAb)
	}
	return nil
}

// entzieht says whether the list takes away more than a regular change does: a Festbetrag
// that is lost is money. Contracts change as a whole when they are put out to tender.
func (c *Import) entzieht(a *auflage) bool {
	if a.Liste.Art == catalogue.Vertragsliste {
		return 2*a.Entzogen > a.Vorher
	}
	return a.Entzogen >= gate.Ueblich().Least && 100*a.Entzogen > c.Abweichung*a.Vorher || 2*a.Entzogen > a.Vorher
}

// baueListe makes the generation, through the gate as every other.
func (c *Import) baueListe(e *env.Env, a *auflage) error {
	m := catalogue.Manifest{
		Quelle: a.Liste.Art.Name() + " " + a.Liste.Datei, GueltigAb: a.Liste.Ab, Grundlage: a.gen.Manifest().ID,
	}
	x := catalogue.Aenderungen{
		Artikel: a.artikel(e.Ctx), Vertraege: a.Vertraege(a.gen.Vertraege(e.Ctx)), Listen: a.Listen,
	}
	if a.basis.Rohdaten != nil {
		x.Rohdaten = kopie(io.NewSectionReader(a.basis.Rohdaten, 0, a.basis.Bytes))
		if stand := a.basis.Stand(); stand != m.GueltigAb {
			m.Stand = stand
		}
	}
	return c.mitGate(e, m.GueltigAb, func(mit ...generation.Option) error {
		return baue(e, c.anzeige, c.dir(), m, a.basis.Artikel(), func(
			ctx context.Context, m catalogue.Manifest, progress func(int),
		) (catalogue.Manifest, error) {
			return generation.Fortschreiben(ctx, c.dir(), a.basis, m, x, progress, mit...)
		})
	})
}

// artikel are the articles that the list changes.
func (a *auflage) artikel(ctx context.Context) iter.Seq2[artikel.Artikel, error] {
	return func(yield func(artikel.Artikel, error) bool) {
		for _, p := range a.geaendert {
			x, _, err := a.gen.Artikel(ctx, p)
			if !yield(a.Artikel(x), err) || err != nil {
				return
			}
		}
	}
}

// mitListen lets what lists have said of the catalogue before hold in a new one from a
// source, as far as the source says nothing newer; it tells so. A list that begins later on
// the articles of before would put them back: then nothing is read in.
func (c *Import) mitListen(e *env.Env, h herkunft) (_ herkunft, err error) {
	if _, err := os.Stat(c.dir()); err != nil {
		return h, nil // there are no catalogues yet
	}
	o, err := c.open()
	if err != nil {
		return h, err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	for _, m := range o.Generationen() {
		if m.Grundlage != "" && m.GueltigAb > h.ab {
			return h, fault.New(fault.Conflict, "A-696", "Ab "+m.GueltigAb.German()+" gilt schon eine Liste auf den früheren "+
				"Artikeln („"+m.ID+"“) und ginge diesem Katalog vor; bitte sie mit „offizin catalogue remove "+m.ID+
				"“ entfernen und nach diesem Katalog neu einspielen.", nil)
		}
	}
	alt, err := c.bisherige(e, o, h)
	if err != nil || alt.Leer() {
		return h, err
	}
	h.listen = alt.Clone()
	h.mitListen(alt)
	return h, nil
}

// bisherige are the lists of the generation that the new one follows.
func (c *Import) bisherige(e *env.Env, o *generation.Ordner, h herkunft) (*catalogue.Listen, error) {
	if h.basis != nil {
		return h.basis.generation.Listen(e.Ctx)
	}
	g, err := o.Am(h.ab)
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // there is none before
	}
	gen, ok := g.(*generation.Generation)
	if !ok || gen.Manifest().GueltigAb > h.ab {
		return nil, nil //nolint:nilnil // as above
	}
	return gen.Listen(e.Ctx)
}

// mitListen puts the lists between the source and whoever reads it. Each reading of the
// articles begins with what the lists said.
func (h *herkunft) mitListen(alt *catalogue.Listen) {
	for _, art := range h.schweigt {
		alt.Silent(art)
	}
	saetze := h.saetze
	h.abgeloest = map[catalogue.Listenart]catalogue.Abgeloest{}
	h.saetze = func(yield func(liste.Satz, error) bool) {
		*h.listen = *alt.Clone()
		for s, err := range saetze {
			if s.Gut() {
				s.Zeile.Artikel = h.listen.Apply(s.Zeile.Artikel)
			}
			if !yield(s, err) {
				return
			}
		}
		for _, art := range []catalogue.Listenart{catalogue.Festbetragsliste, catalogue.Befreiungsliste} {
			h.abgeloest[art] = h.listen.Abgeloest(art)
		}
	}
	if len(alt.Vertraege()) == 0 {
		return
	}
	vertraege := h.vertraege
	h.vertraege = func(yield func(catalogue.Vertragszeile, error) bool) {
		for v, err := range h.listen.ApplyVertraege(vertraege) {
			if !yield(v, err) {
				return
			}
		}
		h.abgeloest[catalogue.Vertragsliste] = h.listen.Abgeloest(catalogue.Vertragsliste)
	}
}

// sageListen tells which lists hold in the new catalogue, and where it knows better.
func (h *herkunft) sageListen(out io.Writer) {
	if h.listen == nil {
		return
	}
	for _, i := range h.listen.List() {
		l := h.listen.Listen[i]
		fmt.Fprintf(out, "Warnung: Die %s (%s) gilt weiter, wo dieser Katalog nichts Neues sagt; bitte die Liste für "+
			"%s einspielen, sobald es sie gibt. (A-697)\n", l, l.Datei, h.ab.German())
	}
	for _, art := range []catalogue.Listenart{
		catalogue.Festbetragsliste, catalogue.Befreiungsliste, catalogue.Vertragsliste,
	} {
		if x := h.abgeloest[art]; x.Zahl > 0 {
			fmt.Fprintf(out, "Warnung: %d-mal sagt dieser Katalog etwas Neueres und anderes als die %s; es gilt der Katalog "+
				"(zum Beispiel PZN %s). (A-698)\n", x.Zahl, art.Name(), x.PZN)
		}
	}
}

// schweigen are the lists of which a file says nothing, because it has no column for it.
func schweigen(d *liste.Datei) (list []catalogue.Listenart) {
	for field, art := range map[string]catalogue.Listenart{
		"festbetrag": catalogue.Festbetragsliste, "zuzahlungsfrei": catalogue.Befreiungsliste,
	} {
		if !d.Has(field) {
			list = append(list, art)
		}
	}
	return list
}
