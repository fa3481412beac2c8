package katalogcmd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/liste"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow/einspielung"
	"github.com/offizin/offizin/workflow/katalogstand"
)

// Import is `offizin catalogue import`.
type Import struct {
	Ordner
	Grenzen

	Datei     string            `arg:"" help:"CSV-Datei mit Spaltennamen, K2-Ordner oder fertiger Katalog."`
	Ab        string            `help:"Der Tag, ab dem eine CSV-Datei gilt; K2 nennt ihn selbst." placeholder:"TAG"`
	Spalte    map[string]string `help:"Andere Namen von Spalten: --spalte pzn=Nr." placeholder:"FELD=SPALTE"`
	Zuordnung string            `help:"Datei, die sagt, was die Spalten der Liste sind." placeholder:"DATEI"`
	Trotzdem  bool              `help:"Fehlerhafte Zeilen weglassen, statt nichts einzuspielen."`
	Kleiner   bool              `help:"Auch mit viel weniger als bisher."`
	Pruefen   bool              `help:"Nur prüfen, nichts einspielen."`

	Vorlage string `help:"Aufbau: ${enum}" default:"eigene" enum:"eigene,produkte,festbetrag,zuzahlungsfrei,rabattvertrag"`

	Eingang     string `hidden:"" help:"Nur was in diesem Ordner liegt; nichts führt hinaus."`
	Fortschritt bool   `hidden:"" help:"Für das Programm, das dieses gestartet hat: Zeilen statt Text."`

	anzeige *anzeige
}

// herkunft is what a catalogue is built from.
type herkunft struct {
	name      string
	ab        civil.Day
	saetze    iter.Seq2[liste.Satz, error]
	vertraege iter.Seq2[catalogue.Vertragszeile, error] // nil: none
	hinweise  func() []befund.Befund                    // after everything was read; nil: none
	rohdaten  catalogue.Rohdaten                        // nil: none
	basis     *basis                                    // nil: the source is everything

	schweigt  []catalogue.Listenart // lists of which the source says nothing
	listen    *catalogue.Listen     // those that have changed the catalogue before; nil: none
	abgeloest map[catalogue.Listenart]catalogue.Abgeloest
}

// Run checks the whole source first: with any bad row nothing is built, unless
// --trotzdem leaves those rows out.
func (c *Import) Run(e *env.Env) error {
	if c.Fortschritt {
		return c.alsKind(e)
	}
	c.anzeige = newAnzeige(e)
	defer c.anzeige.ende()
	return abgebrochen(c.spiele(e))
}

func (c *Import) spiele(e *env.Env) error {
	if c.Eingang == "" && generation.Ist(c.Datei) { // the page reads only from its inbox
		return ende(c.uebernehmen(e))
	}
	q, err := c.oeffne()
	if err != nil {
		return err
	}
	defer q.close()
	if q.ordner != nil {
		return ende(c.k2(e, q.ordner))
	}
	if c.Ab == "" {
		return env.Usage("Der Tag, ab dem die Liste gilt, fehlt; bitte mit --ab angeben. (A-537)")
	}
	ab, err := tag(c.Ab)
	if err != nil {
		return ende(err)
	}
	if q.datei == nil {
		return unlesbar(c.Datei, q.err)
	}
	return ende(c.csv(e, q.datei, ab))
}

func (c *Import) csv(e *env.Env, f io.ReadSeeker, ab civil.Day) error {
	o, err := c.optionen(ab)
	if err != nil {
		return err
	}
	d, err := liste.Oeffne(f, o)
	if err != nil {
		return err
	}
	if list := d.Ungenutzt(); len(list) > 0 {
		fmt.Fprintf(e.Stdout, "Nicht verwendete Spalten: %s\n", strings.Join(list, ", "))
	}
	if o.Vorlage.Amtlich() {
		return c.amtlich(e, d, o)
	}
	return c.einspielen(e, herkunft{name: filepath.Base(c.Datei), ab: ab, saetze: d.Saetze(), schweigt: schweigen(d)})
}

func (c *Import) einspielen(e *env.Env, h herkunft) error {
	h, err := c.mitListen(e, h)
	if err != nil {
		return err
	}
	b, bisher, err := c.pruefe(e, h)
	if err != nil {
		return err
	}
	if h.hinweise != nil {
		for _, w := range h.hinweise() {
			fmt.Fprintf(e.Stdout, "Warnung: %v\n", w)
		}
	}
	h.sageListen(e.Stdout)
	if err := berichte(e.Stdout, b); err != nil {
		return err
	}
	switch {
	case b.Schlecht > 0 && !c.Trotzdem:
		return fault.New(fault.Invalid, "A-465", fmt.Sprintf("%d fehlerhafte Zeilen: Es wurde nichts eingespielt; "+
			"bitte die Datei berichtigen oder mit --trotzdem diese Zeilen weglassen.", b.Schlecht), nil)
	case b.Gut*2 < bisher && !c.Kleiner && h.basis == nil:
		return fault.New(fault.Invalid, "A-467", fmt.Sprintf("Der Katalog hat nur %d Artikel statt bisher %d; "+
			"es wurde nichts eingespielt. Fehlt ein Teil der Datei? Wenn nicht: --kleiner.", b.Gut, bisher), nil)
	case c.Pruefen:
		fmt.Fprintln(e.Stdout, "Nur geprüft, nichts eingespielt.")
		return nil
	}
	m := catalogue.Manifest{Quelle: h.name, GueltigAb: h.ab}
	return c.mitGate(e, h.ab, func(mit ...generation.Option) error {
		if h.basis != nil {
			return c.fortschreiben(e, h, m, b, mit...)
		}
		q := catalogue.Quelle{
			Artikel: liste.Gute(h.saetze, b), Vertraege: h.vertraege, Rohdaten: h.rohdaten, Listen: h.listen,
		}
		return baue(e, c.anzeige, c.dir(), m, b.Gut, vonGrundAuf(c.dir(), q, mit...))
	})
}

// pruefe reads the source to the end and checks it against the catalogue that holds until
// the new one does.
func (c *Import) pruefe(e *env.Env, h herkunft) (b liste.Bericht, n int, err error) {
	if h.vertraege != nil {
		for _, err := range h.vertraege {
			if err = errors.Join(err, e.Ctx.Err()); err != nil {
				return b, 0, err
			}
		}
	}
	bisher := 0
	saetze := c.mitFortschritt(e, h.saetze, &bisher)
	defer c.anzeige.ende()
	if _, err := os.Stat(c.dir()); err != nil {
		b, err = liste.Pruefe(saetze, nil)
		return b, 0, err
	}
	g, err := c.open()
	if err != nil {
		return b, 0, err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	gen, err := g.Am(h.ab)
	if err != nil || gen.Manifest().GueltigAb > h.ab {
		b, err = liste.Pruefe(saetze, nil) // there is none, or none before
		return b, 0, err
	}
	if h.basis == nil {
		bisher = gen.Manifest().Artikel // about so many will come
	}
	b, err = liste.Pruefe(saetze, func(p kennung.PZN) (artikel.Artikel, bool, error) { return gen.Artikel(e.Ctx, p) })
	return b, gen.Manifest().Artikel, err
}

// maxWarnungen is how many warnings are printed: many of one kind are one mistake.
const maxWarnungen = 20

// berichte prints the faults, then the warnings, then the counts.
func berichte(out io.Writer, b liste.Bericht) error {
	w := bufio.NewWriter(out)
	zeigeFunde(w, b.Funde, befund.Hindernis, "Fehler", liste.MaxFunde)
	zeigeFunde(w, b.Funde, befund.Warnung, "Warnung", maxWarnungen)
	if b.Preislos > 0 {
		fmt.Fprintf(w, "Warnung: %d Artikel haben keinen Preis und lassen sich so nicht verkaufen. (A-466)\n", b.Preislos)
	}
	fmt.Fprintf(w, "%d Zeilen gelesen: %d gut, %d fehlerhaft, %d "+
		"Warnungen.\n", b.Gut+b.Schlecht, b.Gut, b.Schlecht, b.Zweifel)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func zeigeFunde(w io.Writer, list []liste.Fund, s befund.Schwere, title string, most int) {
	n := 0
	for _, f := range list {
		if f.Schwere != s {
			continue
		}
		if n++; n > most {
			break
		}
		fmt.Fprintf(w, "%s: %v\n", title, f)
	}
	if n >= most {
		fmt.Fprintf(w, "… das waren die ersten %d; weitere werden nur gezählt.\n", most)
	}
}

// bau builds a generation.
type bau func(ctx context.Context, m catalogue.Manifest, progress func(int)) (catalogue.Manifest, error)

func vonGrundAuf(dir string, q catalogue.Quelle, mit ...generation.Option) bau {
	return func(ctx context.Context, m catalogue.Manifest, progress func(int)) (catalogue.Manifest, error) {
		return generation.Build(ctx, dir, m, q, progress, mit...)
	}
}

// baue builds the generation of about that many articles and says what there is now.
func baue(e *env.Env, a *anzeige, dir string, m catalogue.Manifest, artikel int, build bau) error {
	m.Gebaut = e.Clock.Now().UTC().Format(time.RFC3339)
	a.melde(einspielung.Bauen, 0, artikel)
	m, err := build(e.Ctx, m, func(n int) { a.melde(einspielung.Bauen, n, artikel) })
	a.ende()
	if err != nil {
		return err
	}
	a.fertig(m.ID)
	word := "gilt ab"
	if m.GueltigAb <= clock.Today(e.Clock) {
		word = "gilt seit"
	}
	fmt.Fprintf(e.Stdout, "Katalog %s mit %d Artikeln und %d Verträgen %s %s.\n",
		m.ID, m.Artikel, m.Vertraege, word, m.GueltigAb.German())
	if err := nachrang(e, dir, m); err != nil {
		return err
	}
	return raeume(e, dir, m.ID)
}

// nachrang says that a generation which was there already, and was corrected by a later one
// for the same day, is not valid again because it is read in once more.
func nachrang(e *env.Env, dir string, m catalogue.Manifest) (err error) {
	g, err := generation.OpenOrdner(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	if x, _ := katalogstand.Ordne(g, g, clock.Today(e.Clock)).Find(m.ID); x.Zustand == katalogstand.Ausgelassen {
		_, err = fmt.Fprintf(e.Stdout, "Warnung: Dieser Katalog ist zurückgenommen und gilt nicht; soll er wieder "+
			"gelten: offizin catalogue activate %s. (A-628)\n", m.ID)
		return err //nolint:wrapcheck // standard output
	}
	gen, err := g.Am(m.GueltigAb)
	if err != nil || gen.Manifest().ID == m.ID {
		return err
	}
	_, err = fmt.Fprintf(e.Stdout, "Warnung: Ab diesem Tag geht ihm der später eingespielte %s vor; "+
		"ist der falsch: offizin catalogue remove %s. (A-473)\n", gen.Manifest().ID, gen.Manifest().ID)
	return err //nolint:wrapcheck // standard output
}

// Muster is `offizin catalogue muster`.
type Muster struct {
	Ordner

	Artikel int    `help:"Wie viele Artikel, höchstens 500000." default:"20000"`
	Ab      string `required:"" help:"Der Tag, ab dem der Katalog gilt." placeholder:"TAG"`
	Seed    uint64 `help:"Eine Zahl, die andere Artikel erfindet." default:"1"`
	Ausgabe int    `help:"Die wievielte Preisänderung: jede bewegt etwa jeden zwanzigsten Preis." default:"0"`
}

// Run builds the generation.
func (c *Muster) Run(e *env.Env) error {
	ab, err := tag(c.Ab)
	if err != nil {
		return ende(err)
	}
	if least := len(muster.Bekannt()); c.Artikel < least || c.Artikel > muster.MaxArtikel || c.Ausgabe < 0 ||
		c.Ausgabe > 1000 {
		return env.Usage("Bitte %d bis %d Artikel und eine Ausgabe von 0 bis 1000 angeben. "+
			"(A-468)", least, muster.MaxArtikel)
	}
	m := catalogue.Manifest{Quelle: "Muster (erfundene Artikel)", GueltigAb: ab}
	q := muster.Quelle(muster.Options{Seed: c.Seed, Artikel: c.Artikel, Ausgabe: c.Ausgabe})
	a := newAnzeige(e)
	defer a.ende()
	return abgebrochen(ende(baue(e, a, c.dir(), m, c.Artikel, vonGrundAuf(c.dir(), q))))
}
