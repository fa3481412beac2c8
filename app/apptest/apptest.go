// Package apptest runs commands of the program in tests, and makes a pharmacy for them to look at.
package apptest

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app"
	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

// Uhr stands at noon of 2026-11-23, a Monday.
func Uhr() clock.Clock { return clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)) }

// Offizin runs a command at that time.
func Offizin(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = app.Run(&env.Env{
		Ctx: t.Context(), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Getenv: func(string) string { return "" }, Clock: Uhr(),
	}, args)
	return out.String(), errs.String(), code
}

// Must ends the test if there is an error.
func Must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Geschlossen is the folder of a pharmacy of a name with one closing: 200,00 € to begin with. More
// is done before the day is closed.
func Geschlossen(t *testing.T, name string, more ...func(*apotheke.Apotheke) error) string {
	t.Helper()
	dir, ctx := t.TempDir(), t.Context()
	a, err := apotheke.Open(ctx, apotheke.Options{Dir: dir, Clock: Uhr()})
	Must(t, err)
	act := func(key string) workflow.Auftrag { return workflow.Auftrag{Key: key, Actor: "AB"} }
	Must(t, a.Dienste.Haus.Setzen(ctx, act("a"), haus.Einstellungen{
		Name: name, Strasse: "Markt 1", PLZ: "12345", Ort: "Stadt", Steuernummer: "12/345/67890",
	}))
	for _, f := range more {
		Must(t, f(a))
	}
	_, err = a.Dienste.Tagesabschluss.Bewegen(ctx, act("c"), tagesabschluss.Bewegung{
		Geschaeft: bon.Anfangsbestand, Betrag: 20000, Grund: "Wechselgeld",
	})
	Must(t, err)
	e, err := a.Dienste.Tagesabschluss.Pruefen(ctx, "", abschluss.Zaehlung{{Wert: 20000, Anzahl: 1}})
	Must(t, err)
	_, err = a.Dienste.Tagesabschluss.Abschliessen(ctx, act("d"), e.Zaehlung)
	Must(t, err)
	Must(t, a.Close())
	return dir
}
