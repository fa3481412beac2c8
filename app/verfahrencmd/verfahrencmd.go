// Package verfahrencmd is `offizin verfahren`: the Verfahrensdokumentation, filled from what the
// pharmacy has set up (GoBD Tz. 151–155).
package verfahrencmd

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/template"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/ruhend"
	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow/rechte"
)

//go:embed vorlage.md
var vorlage string

// Verfahren is `offizin verfahren`.
type Verfahren struct {
	Daten string `help:"Datenordner der Apotheke; das Programm darf darauf nicht laufen." required:"" placeholder:"ORDNER"`
	Nach  string `help:"Datei (Markdown), die neu angelegt wird; ohne Angabe die Standardausgabe." placeholder:"DATEI"`
}

// Run writes the document.
func (c *Verfahren) Run(e *env.Env) (err error) {
	a, err := ruhend.Open(e, c.Daten)
	if err != nil {
		return env.Failed(err)
	}
	defer func() { err = env.Failed(errors.Join(err, a.Close())) }()
	text, err := schreiben(e.Ctx, a)
	if err != nil {
		return err
	}
	if c.Nach == "" {
		_, err = e.Stdout.Write(text)
		return err //nolint:wrapcheck // standard output
	}
	err = platte.Neu(c.Nach, func(w io.Writer) error {
		_, err := w.Write(text)
		return err //nolint:wrapcheck // that of the file
	})
	if errors.Is(err, platte.ErrAnlegen) {
		err = fault.New(fault.Invalid, "T-771",
			"Die Datei lässt sich nicht anlegen – nehmen Sie einen Namen, den es noch nicht gibt.", err)
	}
	return err
}

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

func schreiben(ctx context.Context, a *apotheke.Apotheke) ([]byte, error) {
	l, err := a.Dienste.Kassenmeldung.Lage(ctx)
	if err != nil {
		return nil, err
	}
	w := werte{
		Betrieb: l.Betrieb, Heute: clock.Today(a.Kern.Clock).German(), Fassung: env.Version(), Uebung: l.Uebung,
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
	w.Taten, w.Rollen = rechtetafel(clock.Today(a.Kern.Clock))
	if err := a.Store.View(ctx, w.lesen); err != nil {
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
