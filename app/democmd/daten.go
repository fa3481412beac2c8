package democmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/integration/erezept"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/lager"
	"github.com/offizin/offizin/workflow/person"
)

// rezepteDir is where the prescriptions to try lie, below the data folder.
const rezepteDir = "e-rezepte"

// system is who does what no person does.
const system = "SYSTEM"

// fill makes a new folder a pharmacy; what is already there stays. Every act has a key
// of its own, so that a start that was broken off goes on where it stopped.
func fill(ctx context.Context, a *apotheke.Apotheke, dir string, n int) error {
	if len(a.Katalog.Generationen()) == 0 {
		now, _ := wechsel(clock.Today(a.Kern.Clock))
		if err := katalog(ctx, a, dir, n, now); err != nil {
			return err
		}
	}
	staff, err := a.Dienste.Haus.Benutzer(ctx)
	if err != nil || len(staff) >= len(personal()) {
		return err
	}
	for _, step := range []func(context.Context, *apotheke.Apotheke, string) error{rezepte, bestand, kunden, house} {
		if err := step(ctx, a, dir); err != nil {
			return err
		}
	}
	return nil
}

// katalog builds the generation of a day of price change, unless it is there.
func katalog(ctx context.Context, a *apotheke.Apotheke, dir string, n int, day civil.Day) error {
	for _, m := range a.Katalog.Generationen() {
		if m.GueltigAb == day {
			return nil
		}
	}
	m := catalogue.Manifest{
		Quelle: "Demo (erfundene Artikel)", GueltigAb: day, Gebaut: a.Kern.Clock.Now().Format(time.RFC3339),
	}
	q := muster.Quelle(muster.Options{Seed: 1, Artikel: n, Ausgabe: ausgabe(day)})
	if _, err := generation.Build(ctx, filepath.Join(dir, apotheke.KatalogDir), m, q, nil); err != nil {
		return err
	}
	return a.Katalog.Reload()
}

// nachziehen builds what lies ahead beside the sales: the prices of today, if the demo
// was last started before they changed, and those of the next change.
func nachziehen(ctx context.Context, a *apotheke.Apotheke, dir string, n int) error {
	now, next := wechsel(clock.Today(a.Kern.Clock))
	if err := katalog(ctx, a, dir, n, now); err != nil {
		return err
	}
	return katalog(ctx, a, dir, n, next)
}

// ausgabe numbers the days of price change, so that each has prices of its own.
func ausgabe(day civil.Day) int {
	half := 0
	if day.DayOfMonth() >= 15 {
		half = 1
	}
	return max(0, (day.Year()-2026)*24+(day.Month()-1)*2+half)
}

// wechsel returns the last and the next day on which prices change: the 1st and the 15th
// of a month.
func wechsel(today civil.Day) (last, next civil.Day) {
	first := civil.Must(today.Year(), today.Month(), 1)
	middle := first.AddDays(14)
	following := first.AddDays(31)
	following = civil.Must(following.Year(), following.Month(), 1)
	if today < middle {
		return first, middle
	}
	return middle, following
}

func key(what string) workflow.Auftrag { return workflow.Auftrag{Key: "demo-" + what, Actor: system} }

// personal is the staff.
func personal() []haus.Benutzer {
	return []haus.Benutzer{
		{Kuerzel: "AB", Name: "Dr. Anna Berg", Rolle: "Inhaber", Aktiv: true},
		{Kuerzel: "CD", Name: "Clara Dorn", Rolle: "Apotheker", Aktiv: true},
		{Kuerzel: "EF", Name: "Elif Falk", Rolle: "PTA", Aktiv: true},
		{Kuerzel: "GH", Name: "Georg Hahn", Rolle: "PKA", Aktiv: true},
	}
}

// house comes last: all the staff on file means that the demo is complete.
func house(ctx context.Context, a *apotheke.Apotheke, _ string) error {
	h := a.Dienste.Haus
	err := h.Setzen(ctx, key("haus"), haus.Einstellungen{
		Name: "Linden-Apotheke (Demo)", Inhaber: "Dr. Anna Berg", Strasse: "Lindenstraße 12", PLZ: "70173", Ort: "Stuttgart",
		Telefon: "0711 5550100", IK: "308412345", Steuernummer: "99/012/34567", Bundesland: "BW", ERezeptDatei: true,
	})
	if err != nil {
		return err
	}
	for _, b := range personal() {
		if err := h.BenutzerSetzen(ctx, key("benutzer-"+b.Kuerzel), b); err != nil {
			return err
		}
	}
	return nil
}

// bestand opens the stock: the known articles and the most popular ones.
func bestand(ctx context.Context, a *apotheke.Apotheke, _ string) error {
	gen, err := a.Katalog.Am(clock.Today(a.Kern.Clock))
	if err != nil {
		return err
	}
	var csv strings.Builder
	seen := map[string]bool{}
	add := func(x artikel.Artikel, n int) {
		if x.Status == artikel.Verkehr && !seen[string(x.PZN)] {
			seen[string(x.PZN)] = true
			fmt.Fprintf(&csv, "%s;%d\n", x.PZN, n)
		}
	}
	for i, b := range muster.Bekannt() {
		if b.Rolle != muster.RxRabatt0 { // one that has to be ordered
			add(b.Artikel, 4+i%9)
		}
	}
	for _, q := range []string{"ibu", "para", "rami", "meto", "ome", "nasen", "husten", "creme", "sirup", "pflaster"} {
		hits, err := gen.Suche(ctx, catalogue.Anfrage{Text: q, Limit: 40})
		if err != nil {
			return err
		}
		for i, h := range hits {
			add(h.Artikel, 1+(i*7)%12)
		}
	}
	_, err = lager.New(a.Kern).Eroeffnung(ctx, key("bestand"), strings.NewReader(csv.String()), nil)
	return err
}

// kunden puts three customers on file.
func kunden(ctx context.Context, a *apotheke.Apotheke, _ string) error {
	insurer := muster.IKs()[0]
	for i, p := range []person.Person{
		{
			Name: "Sommer", Vorname: "Ursula", Geburt: 19480417, Traeger: "GKV", IK: insurer.IK, Kostentraeger: insurer.Name,
			BefreitBis: civil.Must(clock.Today(a.Kern.Clock).Year(), 12, 31), Ort: "Stuttgart",
		},
		{Name: "Winter", Vorname: "Jonas", Geburt: 19850902, Traeger: "GKV", IK: insurer.IK, Kostentraeger: insurer.Name},
		{Name: "Frühling", Vorname: "Mia", Geburt: 20150311, Traeger: "PKV", Telefon: "0711 5550177"},
	} {
		if _, err := a.Dienste.Personen.Anlegen(ctx, key(fmt.Sprintf("kunde-%d", i)), p); err != nil {
			return err
		}
	}
	return nil
}

// rezepte writes three E-Rezepte that match the catalogue.
func rezepte(_ context.Context, a *apotheke.Apotheke, dir string) error {
	insurer := muster.IKs()[0]
	known := func(r muster.Rolle) artikel.Artikel {
		for _, b := range muster.Bekannt() {
			if b.Rolle == r {
				return b.Artikel
			}
		}
		return artikel.Artikel{}
	}
	files, err := erezept.DemoDateien(erezept.Demo{
		Tag: clock.Today(a.Kern.Clock), IK: insurer.IK, Name: insurer.Name, Pflicht: known(muster.RxZuzahlung5),
		Mehr: known(muster.RxMehrkosten), Wirkstoff: known(muster.RxRabatt),
	})
	if err != nil {
		return err
	}
	folder := filepath.Join(dir, rezepteDir)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make folder for prescriptions: %w", err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			return fmt.Errorf("write prescription: %w", err)
		}
	}
	return nil
}
