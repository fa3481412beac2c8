package apotheke_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/web/pruefung"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
)

// What the page shows and what an auditor takes with him is the same document, of this pharmacy.
func TestVerfahrensdokumentation(t *testing.T) {
	a, err := apotheke.Open(t.Context(), apotheke.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	act := workflow.Auftrag{Key: "a", Actor: "AB"}
	if err := a.Dienste.Haus.Setzen(t.Context(), act, haus.Einstellungen{Name: "Löwen-Apotheke", Inhaber: "Dr. Berg"}); err != nil {
		t.Fatal(err)
	}
	shown, err := a.Dienste.Verfahren(t.Context())
	if err != nil || !strings.Contains(string(shown), "Löwen-Apotheke") {
		t.Fatalf("%v %.80s", err, shown)
	}
	i := slices.IndexFunc(a.Dienste.Pruefungsdateien, func(d pruefung.Datei) bool { return d.Pfad == "verfahren" })
	var taken bytes.Buffer
	if err := a.Dienste.Pruefungsdateien[i].Schreiben(t.Context(), 0, 0, &taken); err != nil || taken.String() != string(shown) {
		t.Errorf("%v %.80s", err, taken.String())
	}
}
