package sicherung

import (
	"testing"
	"time"
)

// Two years of backups, two a day: the newest five, and the newest of each of the last 35 days
// and of the last 13 months stay.
func TestRetention(t *testing.T) {
	newest := time.Date(2026, 11, 26, 20, 0, 0, 0, time.UTC)
	var list []datei
	for i := range 730 {
		for _, hours := range []int{0, 12} {
			list = append(list, datei{zeit: newest.AddDate(0, 0, -i).Add(-time.Duration(hours) * time.Hour)})
		}
	}
	gone := map[time.Time]bool{}
	for _, d := range ueberzaehlig(list) {
		gone[d.zeit] = true
	}
	var kept []string
	for _, d := range list {
		if !gone[d.zeit] {
			kept = append(kept, d.zeit.Format("2006-01-02T15"))
		}
	}
	if len(kept) != 2+35+11 || kept[1] != "2026-11-26T08" || kept[36] != "2026-10-23T20" {
		t.Fatalf("%d: %v", len(kept), kept)
	}
	for i, want := range []string{"2026-09-30T20", "2026-08-31T20", "2026-07-31T20"} {
		if kept[37+i] != want {
			t.Errorf("%s, want %s", kept[37+i], want)
		}
	}
	if kept[47] != "2025-11-30T20" {
		t.Error(kept[47])
	}
}

// Only names that are ours count as backups.
func TestNames(t *testing.T) {
	at := time.Date(2026, 11, 26, 2, 15, 7, 0, time.UTC)
	if of, got, ok := ausName(dateiname("a1b2c3d4", at)); of != "a1b2c3d4" || !got.Equal(at) || !ok {
		t.Errorf("%s %v", of, got)
	}
	for _, name := range []string{"", "offizin-.tar.gz.age", "offizin-a-geloescht.age", "offizin-a-20261332T000000Z.tar.gz.age", "x"} {
		if _, _, ok := ausName(name); ok {
			t.Errorf("%q", name)
		}
	}
}

// What is made again or belongs to the running program is left out, all else is saved.
func TestScope(t *testing.T) {
	for name, out := range map[string]bool{
		"journal.db": true, "journal.db-wal": true, "journal.lock": true, "ballast.bin": true, "knoten.key": false,
		"katalog.key": false, "katalog/schluessel/x.pub": false, "katalog/auswahl.json": false, "katalog/abzug.json": true,
		"katalog/bau.sperre": true, "notfallmappe": true, "recht/n.toml": false, "telefon/aussteller.pem": false,
		"telefon/preise-1.gz": true, "sicherung/schluessel.json": false, "sicherung/apotheke.key": false,
		"sicherung/stand.json": true, "sicherung/kopie.tmp": true, ".x.json-1": true, "knoten": true, "plaetze": true,
		"e-rezepte": true, "eingang": true, "uhr.json": true,
	} {
		if got := ausgelassen(name); got != out {
			t.Errorf("%s: left out %v", name, got)
		}
	}
}
