// Package verfahren writes the Verfahrensdokumentation, filled from what the pharmacy has set up
// (GoBD Tz. 151–155).
package verfahren

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"text/template"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/kassenmeldung"
	"github.com/offizin/offizin/workflow/rechte"
)

//go:embed vorlage.md
var vorlage string

// till is a till with its TSEs, days in German.
type till struct {
	Till, Serie, Beginn, Ende string
	TSE                       []geraet
}

type geraet struct{ Seriennummer, Zertifizierung, Beginn, Ende string }

// recht is a row of the table of rights.
type recht struct {
	Rolle string
	Darf  []string
}

type steuer struct {
	Nummer int
	Was    string
}

type fassung struct{ Seit, Fassung string }

// werte are the facts of the document.
type werte struct {
	Betrieb        abschluss.Betrieb
	Inhaber        string
	Heute, Fassung string
	Tills          []till
	Uebung         []string
	Schluessel     []steuer
	Taten          []string
	Rollen         []recht
	Scharf         bool
	Personal       []string
	Fassungen      []fassung
}

// Schreiben returns it as Markdown.
func Schreiben(ctx context.Context, k *workflow.Kern, m *kassenmeldung.Service) ([]byte, error) {
	l, err := m.Lage(ctx)
	if err != nil {
		return nil, err
	}
	w := werte{
		Betrieb: l.Betrieb, Heute: clock.Today(k.Clock).German(), Fassung: env.Version(), Uebung: l.Uebung,
		Schluessel: []steuer{
			{kassenbeleg.Allgemein, "Allgemeiner Steuersatz (§ 12 Abs. 1 UStG)"},
			{kassenbeleg.Ermaessigt, "Ermäßigter Steuersatz (§ 12 Abs. 2 UStG)"},
			{kassenbeleg.NichtSteuerbar, "Nicht steuerbar"},
			{kassenbeleg.Steuerfrei, "Umsatzsteuerfrei"},
			{kassenbeleg.Nullsatz, "Steuersatz 0 % (§ 12 Abs. 3 UStG)"},
		},
	}
	for _, s := range l.Systeme {
		x := till{Till: s.Till, Serie: s.Serie, Beginn: tag(s.Beginn), Ende: tag(s.Ende)}
		for _, t := range s.TSE {
			x.TSE = append(x.TSE, geraet{t.Seriennummer, t.Zertifizierung, tag(t.Beginn), tag(t.Ende)})
		}
		w.Tills = append(w.Tills, x)
	}
	w.Taten, w.Rollen = rechtetafel(clock.Today(k.Clock))
	if err := k.Store.View(ctx, w.lesen); err != nil {
		return nil, err
	}
	t, err := template.New("verfahren").Parse(vorlage)
	if err != nil {
		return nil, fmt.Errorf("parse Verfahrensdokumentation: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, w); err != nil {
		return nil, fmt.Errorf("fill Verfahrensdokumentation: %w", err)
	}
	return out.Bytes(), nil
}

func tag(d civil.Day) string {
	if d == 0 {
		return ""
	}
	return d.German()
}

// rechtetafel is the table of roles and acts, as the program enforces it.
func rechtetafel(day civil.Day) (acts []string, list []recht) {
	all := []berechtigung.Tat{
		berechtigung.Freiverkauf, berechtigung.Abgeben, berechtigung.Abzeichnen, berechtigung.Storno, berechtigung.Preis,
		berechtigung.Zaehlen, berechtigung.Entnehmen, berechtigung.Verwalten, berechtigung.Recht,
	}
	for _, t := range all {
		acts = append(acts, string(t))
	}
	for _, r := range berechtigung.Rollen() {
		row := recht{Rolle: string(r)}
		for _, t := range all {
			row.Darf = append(row.Darf, darf(r, t, day))
		}
		list = append(list, row)
	}
	return acts, list
}

func darf(r berechtigung.Rolle, t berechtigung.Tat, day civil.Day) string {
	u := berechtigung.Check(r, nil, t, 1, day)
	if u.Erlaubt && u.Aufsicht {
		return "Aufsicht"
	}
	if u.Erlaubt {
		return "ja"
	}
	for _, a := range berechtigung.Arten() {
		p := berechtigung.Erlaubnis{Art: a, Ab: day, Grenze: 1}
		if berechtigung.Check(r, []berechtigung.Erlaubnis{p}, t, 1, day).Erlaubt {
			return "Erlaubnis"
		}
	}
	return "–"
}

// lesen adds what only the journal knows: staff, and the versions that closed a day.
func (w *werte) lesen(rows journal.Rows) (err error) {
	if w.Scharf, err = rechte.Scharf(rows); err != nil {
		return err
	}
	if w.Inhaber, err = haus.Einstellung(rows, "inhaber"); err != nil {
		return err
	}
	staff, err := haus.Benutzer(rows)
	if err != nil {
		return err
	}
	for _, b := range staff {
		if b.Aktiv {
			w.Personal = append(w.Personal, fmt.Sprintf("%s (%s, %s)", b.Kuerzel, b.Name, b.Rolle))
		}
	}
	tills, err := kassenbuch.Laden(rows)
	if err != nil {
		return err
	}
	first := map[string]civil.Day{}
	for _, t := range tills {
		err := kassenbuch.EachAbschluss(rows, t.Till, func(a abschluss.Abschluss) (bool, error) {
			v := a.Stamm.Geraet.Fassung
			if old, known := first[v]; !known || a.Tag < old {
				first[v] = a.Tag
			}
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	for v, day := range first {
		w.Fassungen = append(w.Fassungen, fassung{day.String(), v})
	}
	slices.SortFunc(w.Fassungen, func(a, b fassung) int {
		return slices.Compare([]string{a.Seit, a.Fassung}, []string{b.Seit, b.Fassung})
	})
	return nil
}
