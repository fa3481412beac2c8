package katalogcmd_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/katalogcmd"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/sqlite/generation"
)

// tage lists the days of the catalogues that are there, the oldest first.
func (a *apotheke) tage() string {
	var list []string
	for _, id := range ids(a.t, a.Daten) {
		if at := strings.Index(id, "2026-"); at >= 0 {
			list = append(list, id[:at]+id[at+5:at+10])
		}
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// preis is the list with another price, valid from a day.
func (a *apotheke) preis(cent int, ab string) string {
	a.t.Helper()
	text := strings.Replace(artikelliste, "13,00", fmt.Sprintf("13,%02d", cent), 1)
	return a.muss(a.text(text, "eigene", ab, kleiner, frei))
}

// Of the catalogues that may be used today the six newest stay, with those to come and the
// newest that changes can be applied to; the rest goes when a new one has come, also what was
// taken out or held.
func TestAlteKataloge(t *testing.T) {
	a := neu(t)
	dir := t.TempDir()
	a.muss(a.run(&katalogcmd.Lieferung{Ziel: dir, Artikel: 300, Ab: "2026-01-15", Seed: 1}))
	a.muss(a.spiele(filepath.Join(dir, "GES150126"), "eigene", ""))
	for i, month := range []string{"02", "03", "04", "05"} {
		text := strings.Replace(artikelliste, "13,00", fmt.Sprintf("13,%02d", i), 1)
		a.muss(a.text(text, "eigene", "2026-"+month+"-01", kleiner, frei))
	}
	a.preis(10, "2026-12-01")
	// One that a person has taken out, and one that the gate holds.
	day := civil.Must(2026, 5, 1)
	if _, _, err := generation.Rollback(filepath.Join(a.Daten, "katalog"), day, generation.Vermerk{Grund: "Test"}); err != nil {
		t.Fatal(err)
	}
	if _, err := a.text(strings.ReplaceAll(artikelliste, "13,00", "1302,00"), "eigene", "2026-05-02"); err == nil {
		t.Fatal("the gate let it pass")
	}
	held := "quarantaene-05-02"
	a.preis(11, "2026-06-01")
	a.preis(12, "2026-07-01")
	if got, want := a.tage(), "01-15 02-01 03-01 04-01 05-01 06-01 07-01 12-01 "+held; got != want {
		t.Fatalf("%s, want %s", got, want)
	}
	a.preis(13, "2026-08-01")
	if out := a.preis(14, "2026-09-01"); !strings.Contains(out, "die 6 neuesten bleiben: 2026-02-01-") || !strings.Contains(out, "A-800") {
		t.Errorf("%s", out)
	}
	if got, want := a.tage(), "01-15 03-01 04-01 05-01 06-01 07-01 08-01 09-01 12-01 "+held; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	// One for a day long ago is not removed as soon as it is there.
	a.preis(15, "2026-02-15")
	if got := a.tage(); !strings.Contains(got, "02-15") {
		t.Errorf("%s", got)
	}
	a.preis(16, "2026-10-01")
	a.preis(17, "2026-11-01")
	a.preis(18, "2026-11-15")
	if got, want := a.tage(), "01-15 07-01 08-01 09-01 10-01 11-01 11-15 12-01"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// As long as a catalogue is damaged nothing is removed: the old ones may be needed.
func TestAlteKatalogeBeiSchaden(t *testing.T) {
	a := neu(t)
	for i := range 6 {
		a.preis(i, fmt.Sprintf("2026-0%d-01", i+1))
	}
	broken := filepath.Join(a.Daten, "katalog", ids(t, a.Daten)[3], "manifest.json")
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	a.preis(7, "2026-07-01")
	a.preis(8, "2026-08-01")
	if out := a.preis(9, "2026-09-01"); strings.Contains(out, "A-800") || len(ids(t, a.Daten)) != 9 {
		t.Errorf("%v\n%s", ids(t, a.Daten), out)
	}
}

// What a till would leave out is not listed as the catalogue that holds.
func TestListeBeiAbgeschnittenerDatei(t *testing.T) {
	a := neu(t)
	a.preis(1, "2026-01-01")
	a.preis(2, "2026-02-01")
	list := ids(t, a.Daten)
	last := list[len(list)-1]
	if err := os.Truncate(filepath.Join(a.Daten, "katalog", last, "artikel.db"), 5000); err != nil {
		t.Fatal(err)
	}
	out, err := a.run(&katalogcmd.List{Ordner: a.Ordner})
	if err == nil || !strings.Contains(out, "A-416") || !strings.Contains(out, "1 beschädigt") {
		t.Errorf("%v\n%s", err, out)
	}
	if strings.Contains(out, last+"  ") || !strings.Contains(out, "gilt") {
		t.Errorf("%s", out)
	}
}

// Lists that are corrected again and again for one day are old as others are: the six newest
// stay.
func TestAlteEinesTages(t *testing.T) {
	a := neu(t)
	for i := range 9 {
		a.preis(i, "2026-11-01")
	}
	if got, want := a.tage(), strings.TrimSpace(strings.Repeat("11-01 ", 6)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
