package datevcmd_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app"
	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/buchung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/buchhaltung"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

func uhr() clock.Clock { return clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)) }

func offizin(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = app.Run(&env.Env{
		Ctx: t.Context(), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Getenv: func(string) string { return "" }, Clock: uhr(),
	}, args)
	return out.String(), errs.String(), code
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// geschlossen is a pharmacy with one closing.
func geschlossen(t *testing.T) string {
	t.Helper()
	dir, ctx := t.TempDir(), t.Context()
	a, err := apotheke.Open(ctx, apotheke.Options{Dir: dir, Clock: uhr()})
	must(t, err)
	act := func(key string) workflow.Auftrag { return workflow.Auftrag{Key: key, Actor: "AB"} }
	must(t, a.Dienste.Haus.Setzen(ctx, act("a"), haus.Einstellungen{
		Name: "Ω-Apotheke", Strasse: "Markt 1", PLZ: "12345", Ort: "Stadt", Steuernummer: "12/345/67890",
	}))
	must(t, buchhaltung.New(a.Kern).Setzen(ctx, act("b"), buchhaltung.Einstellungen{
		Berater: 1001, Mandant: 7, Rahmen: buchung.SKR03, Laenge: 4, Konten: buchung.Vorgabe(buchung.SKR03, 4),
	}))
	_, err = a.Dienste.Tagesabschluss.Bewegen(ctx, act("c"), tagesabschluss.Bewegung{
		Geschaeft: bon.Anfangsbestand, Betrag: 20000, Grund: "Wechselgeld",
	})
	must(t, err)
	e, err := a.Dienste.Tagesabschluss.Pruefen(ctx, "", abschluss.Zaehlung{{Wert: 20000, Anzahl: 1}})
	must(t, err)
	_, err = a.Dienste.Tagesabschluss.Abschliessen(ctx, act("d"), e.Zaehlung)
	must(t, err)
	must(t, a.Close())
	return dir
}

// A closing is written once; a character that the code page lacks is named.
func TestExport(t *testing.T) {
	dir, to := geschlossen(t), t.TempDir()
	args := []string{"datev", "export", "--daten", dir, "--von", "01.11.2026", "--bis", "30.11.2026", "--nach", to}
	out, errs, code := offizin(t, args...)
	if code != 0 || !strings.Contains(out, "1 Abschlüsse, 1 Buchungen") || !strings.Contains(out, "Das Zeichen „Ω“") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	b, err := os.ReadFile(filepath.Join(to, "EXTF_Buchungsstapel_20261101_20261130.csv"))
	must(t, err)
	if !bytes.Contains(b, []byte(`200,00;"S";"EUR";;;;1000;1360;;2311;"Z1-1"`)) || !bytes.Contains(b, []byte(`"?-Apotheke"`)) {
		t.Errorf("%s", b)
	}
	if _, errs, code = offizin(t, args...); code != env.ExitOperating || !strings.Contains(errs, "T-706") {
		t.Errorf("again: %d %s", code, errs)
	}
	args[5] = "01.13.2026"
	if _, _, code = offizin(t, args...); code != env.ExitUsage {
		t.Errorf("no such day: %d", code)
	}
}
