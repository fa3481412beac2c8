package abschuss

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/export"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/sqlite"
)

// till is the prefix of the Bon numbers of the demo.
const till = "1"

// erinnere asks the program for every Bon of the life before that it acknowledged.
func (l *lauf) erinnere(ctx context.Context, c *driver.Client) {
	for _, p := range l.personen {
		for _, b := range p.belege[p.geprueft:] {
			l.frage(ctx, c, b)
		}
		p.geprueft = len(p.belege)
	}
}

// frage holds what was acknowledged against the Bon that is there.
func (l *lauf) frage(ctx context.Context, c *driver.Client, want *beleg) {
	var got struct {
		bon.Bon

		Fehler *driver.Fehler `json:"fehler"`
	}
	err := c.Get(ctx, "/bon/"+url.PathEscape(want.nummer)+"?format=json", &got)
	switch {
	case err != nil:
		l.fehler("Bon %s cannot be read: %v", want.nummer, err)
	case got.Fehler != nil:
		l.erg.Verloren++
		l.fehler("Bon %s was acknowledged: %v", want.nummer, got.Fehler)
	default:
		l.vergleiche(want, got.Bon)
	}
}

func (l *lauf) vergleiche(want *beleg, got bon.Bon) {
	packs := map[kennung.PZN]int{}
	for _, p := range got.Positionen {
		packs[p.PZN] += p.Menge
	}
	same := len(packs) == len(want.packs)
	for pzn, n := range want.packs {
		same = same && packs[pzn] == n
	}
	if got.Nummer != want.nummer || int64(got.Summen().Patient) != want.patient || got.Bezug != want.bezug || !same {
		l.fehler("Bon %s is not what was acknowledged: %d cents instead of %d, %v instead of %v",
			want.nummer, got.Summen().Patient, want.patient, packs, want.packs)
	}
}

// pruefe finishes what is open, asks for all Bons again, and holds journal, numbers and
// stock against what was acknowledged.
func (l *lauf) pruefe(ctx context.Context) error {
	p, err := l.regeln.Starte(ctx)
	if err != nil {
		return err
	}
	defer p.Kill()
	c := driver.New(p.URL, "AB")
	l.getoetet.Store(false)
	for _, x := range l.personen {
		if x.tat != nil {
			x.arbeite(ctx, c, 1)
		}
		x.geprueft = 0
	}
	l.erinnere(ctx, c)
	shelf, err := l.bestand(ctx, c)
	if err != nil {
		return err
	}
	if err := l.gesichert(ctx, c); err != nil {
		return err
	}
	p.Kill()
	if err := l.verify(ctx); err != nil {
		return err
	}
	return l.export(ctx, shelf)
}

// bestand asks for the stock of everything that was sold.
func (l *lauf) bestand(ctx context.Context, c *driver.Client) (map[kennung.PZN]int, error) {
	shelf := map[kennung.PZN]int{}
	for pzn := range l.verkauft() {
		var v struct {
			Treffer []struct {
				PZN     kennung.PZN `json:"pzn"`
				Bestand int         `json:"bestand"`
			} `json:"treffer"`
		}
		if err := c.Get(ctx, "/suche?q="+string(pzn), &v); err != nil {
			return nil, err
		}
		for _, t := range v.Treffer {
			if t.PZN == pzn {
				shelf[pzn] = t.Bestand
			}
		}
	}
	return shelf, nil
}

// verkauft is what left the shelf according to what was acknowledged.
func (l *lauf) verkauft() map[kennung.PZN]int {
	sold := map[kennung.PZN]int{}
	for _, p := range l.personen {
		for _, b := range p.belege {
			for pzn, n := range b.packs {
				sold[pzn] += n
			}
		}
	}
	return sold
}

// verify runs `offizin journal verify`, which must find nothing. A folder that has no
// journal yet, because its first start was killed, is none either.
func (l *lauf) verify(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(l.regeln.Daten, sqlite.File)); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	out, errs, code, err := l.regeln.Ruf(ctx, "journal", "verify")
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	if strings.Contains(errs, "(J-307)") && l.schritte.Load() == 0 {
		return nil // the first start was killed before it had made anything
	}
	if code != env.ExitOK || !strings.HasSuffix(strings.TrimSpace(out), "alles in Ordnung.") {
		l.fehler("verify ends with %d: %s%s", code, out, errs)
	}
	return nil
}

// export reads `offizin journal export` back: exactly the acknowledged Bons, numbered
// without a gap; a cart for each sale and a prescription for each that was taken in;
// and a stock that is the opening less what was sold.
func (l *lauf) export(ctx context.Context, shelf map[kennung.PZN]int) error {
	out, errs, code, err := l.regeln.Ruf(ctx, "journal", "export")
	if err != nil || code != env.ExitOK {
		return fmt.Errorf("export ends with %d: %w: %s", code, err, errs)
	}
	j, err := lies(out)
	if err != nil {
		return err
	}
	l.zahlen(j)
	if err := l.signaturen(ctx, j); err != nil {
		return err
	}
	for pzn, n := range l.verkauft() {
		if want := j.eroeffnung[pzn] - n; shelf[pzn] != want {
			l.fehler("stock of %s is %d, the Bons say %d", pzn, shelf[pzn], want)
		}
	}
	return nil
}

// zahlen holds what the journal counts against what was acknowledged.
func (l *lauf) zahlen(j aufzeichnung) {
	told := 0
	for _, p := range l.personen {
		for _, b := range p.belege {
			told++
			if got, ok := j.bons[b.nummer]; ok {
				l.vergleiche(b, got)
			} else {
				l.erg.Verloren++
			}
		}
	}
	l.erg.Doppelt += max(0, len(j.bons)-told) + j.twice
	for n := range len(j.bons) + len(j.belege) {
		number := bons.Number(till, n+1)
		if _, ok := j.bons[number]; !ok && !j.belege[number] {
			l.fehler("number %d is missing", n+1)
		}
	}
	if n := l.vorgaenge.Load(); j.vorgaenge != n {
		l.fehler("%d carts in the journal for %d sales", j.vorgaenge, n)
	}
	if n := l.rezepte.Load(); j.rezepte != n {
		l.fehler("%d prescriptions in the journal for %d sales on one", j.rezepte, n)
	}
}

// aufzeichnung is what an export says.
type aufzeichnung struct {
	bons               map[string]bon.Bon
	belege             map[string]bool                  // numbers of records that are no sale
	gesichert          map[string]kassenbeleg.Gesichert // by number
	twice              int                              // records with a number that another has
	vorgaenge, rezepte int64
	eroeffnung         map[kennung.PZN]int
}

func lies(export string) (aufzeichnung, error) {
	j := aufzeichnung{
		bons: map[string]bon.Bon{}, belege: map[string]bool{}, gesichert: map[string]kassenbeleg.Gesichert{},
		eroeffnung: map[kennung.PZN]int{},
	}
	for z, err := range zeilen(export) {
		if err != nil {
			return j, err
		}
		e, err := event.Decode(z.Type, z.Payload)
		if err != nil {
			return j, fmt.Errorf("read export: %w", err)
		}
		j.add(e)
	}
	return j, nil
}

func (j *aufzeichnung) add(e journal.Event) {
	switch e := e.(type) {
	case event.VerkaufAbgeschlossen:
		if _, ok := j.bons[e.Bon.Nummer]; ok {
			j.twice++
		}
		j.bons[e.Bon.Nummer] = e.Bon
	case event.BelegGebucht:
		if j.belege[e.Bon.Nummer] {
			j.twice++
		}
		j.belege[e.Bon.Nummer] = true
	case event.BelegGesichert:
		if _, ok := j.gesichert[e.Nummer]; ok {
			j.twice++
		}
		j.gesichert[e.Nummer] = e.Gesichert
	case event.VorgangGeaendert:
		if e.Version == 1 {
			j.vorgaenge++
		}
	case event.RezeptAngenommen:
		j.rezepte++
	case event.BestandGeaendert:
		j.eroeffnung[e.PZN] += e.Delta
	}
}

// zeilen reads an export line by line.
func zeilen(text string) iter.Seq2[export.Zeile, error] {
	return func(yield func(export.Zeile, error) bool) {
		for line := range strings.Lines(text) {
			var z export.Zeile
			err := json.Unmarshal([]byte(line), &z)
			if err != nil {
				err = fmt.Errorf("read export: %w", err)
			}
			if !yield(z, err) || err != nil {
				return
			}
		}
	}
}
