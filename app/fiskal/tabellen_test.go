package fiskal_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/fiskal"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// GoBD Z3: goods, sales and prescriptions of the period; nothing names a patient or tells of him.
func TestTabellenOhnePatienten(t *testing.T) {
	x := workflowtest.New(t, nil)
	sale := func(nr string, practice bool) event.VerkaufAbgeschlossen {
		return event.VerkaufAbgeschlossen{Bon: bon.Bon{
			Nummer: nr, Art: bon.Verkauf, Uebung: practice, Kunde: "person-1", Benutzer: "AB",
			Positionen: []bon.Position{{
				Nr: 1, PZN: "01126111", Menge: 2, Gesamt: 3000, Traeger: zuzahlung.GKV, IK: "104940005", Rezept: "rezept-1",
				Person: "person-1", Zuzahlung: 500, TraegerZahlt: 2500, KulanzGrund: "Frau Muster", Bezeichnung: "Demolol",
			}},
			Zeit: x.Uhr.Now().UnixNano(),
		}}
	}
	a, b, c := sale("1-000001", false), sale("1-000002", true), sale("1-000003", false)
	a.Bon.Tag, b.Bon.Tag, c.Bon.Tag = 20261123, 20261123, 20251123
	x.Book(a, b, c, event.BestandGeaendert{PZN: "01126111", Delta: 7, Art: "zugang"})
	got := map[string]string{}
	x.Must(x.Kern.Store.View(x.Ctx, func(rows journal.Rows) error {
		for _, table := range fiskal.Tabellen(rows, 20260101, 20261231) {
			err := table.Zeilen(func(cells ...any) error {
				if len(cells) != len(table.Spalten) {
					t.Errorf("%s: %d cells", table.Datei, len(cells))
				}
				got[table.Datei] += fmt.Sprintln(cells...)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	if n := strings.Count(got["verkaeufe.csv"], "\n"); n != 1 || !strings.Contains(got["verkaeufe.csv"], "1-000001") {
		t.Errorf("sales %q", got["verkaeufe.csv"])
	}
	if !strings.Contains(got["rezepte.csv"], "104940005") || !strings.Contains(got["warenbewegungen.csv"], "zugang 7") {
		t.Errorf("%q", got)
	}
	for _, secret := range []string{"person-1", "rezept-1", "Muster"} {
		if all := fmt.Sprint(got); strings.Contains(all, secret) {
			t.Errorf("the tables tell of %s: %s", secret, all)
		}
	}
}
