package verfahrencmd_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app"
	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
)

// GoBD Tz. 151–155: the document names what this pharmacy has: itself, its tills with their TSE,
// who may do what, VAT keys, how long what is kept.
func TestVerfahren(t *testing.T) {
	uhr := clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC))
	dir := t.TempDir()
	a, err := apotheke.Open(t.Context(), apotheke.Options{Dir: dir, Clock: uhr})
	if err != nil {
		t.Fatal(err)
	}
	act := func(key string) workflow.Auftrag { return workflow.Auftrag{Key: key, Actor: "AB"} }
	err = a.Dienste.Haus.Setzen(t.Context(), act("a"), haus.Einstellungen{Name: "Löwen-Apotheke", Inhaber: "Dr. Berg", Ort: "Stadt"})
	if err == nil {
		err = a.Dienste.Haus.BenutzerSetzen(t.Context(), act("b"), haus.Benutzer{Kuerzel: "EF", Name: "Eva Fink", Rolle: "PTA", Aktiv: true})
	}
	if err == nil {
		_, err = a.Kern.Do(t.Context(), act("c"), "test", func(journal.Rows) ([]journal.Event, error) {
			return []journal.Event{event.TSEGesetzt{Till: "1", Serie: "OF-1", Geraet: tse.Geraet{Seriennummer: "ab12", Zertifizierung: "BSI-K-TR-0412-2020"}}}, nil
		})
	}
	if err != nil || a.Close() != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := app.Run(&env.Env{
		Ctx: t.Context(), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Getenv: func(string) string { return "" }, Clock: uhr,
	}, []string{"verfahren", "--daten", dir})
	for _, want := range []string{
		"Löwen-Apotheke", "Dr. Berg", "Stand 23.11.2026", "Kasse 1, Seriennummer OF-1, seit 23.11.2026",
		"TSE ab12, Zertifizierung BSI-K-TR-0412-2020", "EF (Eva Fink, PTA)", "| PTA | ja | Aufsicht | Erlaubnis |",
		"| Prüfer | – | – | – |", "| 5 | Nicht steuerbar |", "noch nicht", "erste Fassung",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("without %q", want)
		}
	}
	if code != 0 || strings.Contains(out.String(), "<no value>") {
		t.Errorf("%d %s", code, errs.String())
	}
}
