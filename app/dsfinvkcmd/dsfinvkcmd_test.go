package dsfinvkcmd_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/app"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/integration/dsfinvk"
	"github.com/offizin/offizin/integration/dsfinvk/muster"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// offizin runs the program and returns what it prints and its exit code.
func offizin(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = app.Run(&env.Env{
		Ctx: t.Context(), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Getenv: func(string) string { return "" }, Clock: clock.NewReal(),
	}, args)
	return out.String(), errs.String(), code
}

// journalled books the invented days, as the tills would.
func journalled(t *testing.T, q muster.Quelle) string {
	t.Helper()
	dir := t.TempDir()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections(), Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	for _, z := range q {
		var list []journal.Event
		for _, b := range z.Belege {
			switch b.Bon.Art {
			case bon.Bewegung, bon.Abbruch, bon.Bestellung:
				list = append(list, event.BelegGebucht{Bon: b.Bon})
			default:
				list = append(list, event.VerkaufAbgeschlossen{Bon: b.Bon})
			}
			if b.Gesichert.Nummer != "" {
				list = append(list, event.BelegGesichert{Gesichert: b.Gesichert})
			}
		}
		list = append(list, event.TagAbgeschlossen{Abschluss: z.Abschluss})
		if _, err := s.Append(t.Context(), journal.Act{
			Key: "z" + z.Von, Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) { return list, nil },
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// The export of a journal is what the closings say, byte for byte, and the checker finds
// nothing; each signature verifies.
func TestExportOfAJournal(t *testing.T) {
	q, err := muster.Tage()
	if err != nil {
		t.Fatal(err)
	}
	for _, z := range q { // these the journal cannot know: nothing in the Bon says so
		for i := range z.Belege {
			if b := &z.Belege[i]; b.Bon.Bezug == "" && b.Bon.Vorgang == "" {
				b.Kunde, b.Bezuege = "", nil
			}
		}
	}
	dir := journalled(t, q)
	file := filepath.Join(t.TempDir(), "export.zip")
	out, errs, code := offizin(t, "dsfinvk", "export", "--daten", dir, "--von", "1.11.2026", "--bis", "2026-11-30", "--nach", file)
	if code != 0 || !strings.Contains(out, "3 Abschlüsse mit 32 Belegen") || !strings.Contains(out, "Ohne TSE-Export daneben: ") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if _, err := dsfinvk.Schreiben(&want, t.TempDir(), q); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%d bytes, want %d", len(got), want.Len())
	}
	out, errs, code = offizin(t, "dsfinvk", "check", file)
	if code != 0 || out != "3 Abschlüsse, 32 Belege, 294 Zeilen und 30 Signaturen geprüft: alles in Ordnung.\n" {
		t.Errorf("%d %s %s", code, out, errs)
	}
}

// Nothing is overwritten, and nothing half done is left behind.
func TestExportRefuses(t *testing.T) {
	q, err := muster.Tage()
	if err != nil {
		t.Fatal(err)
	}
	dir := journalled(t, q)
	file := filepath.Join(t.TempDir(), "export.zip")
	args := []string{"dsfinvk", "export", "--daten", dir, "--nach", file, "--von"}
	if _, errs, code := offizin(t, append(args, "2026-12-01", "--bis", "2026-12-31")...); code == 0 || !strings.Contains(errs, "T-403") {
		t.Errorf("%d %s", code, errs)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a file is left behind")
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := offizin(t, append(args, "2026-11-26", "--bis", "2026-11-26")...); code == 0 || !strings.Contains(errs, "T-462") {
		t.Errorf("%d %s", code, errs)
	}
	if _, errs, code := offizin(t, append(args, "31.11.2026", "--bis", "2026-11-26")...); code != 2 || !strings.Contains(errs, "T-463") {
		t.Errorf("%d %s", code, errs)
	}
}

// A defect is one line with file, row and rule; the exit code is 1. What is no ZIP is 2.
func TestCheck(t *testing.T) {
	q, err := muster.Tage()
	if err != nil {
		t.Fatal(err)
	}
	q[0].Belege[1].Gesichert.Signatur.Zaehler++
	file := filepath.Join(t.TempDir(), "export.zip")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dsfinvk.Schreiben(f, t.TempDir(), q); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	out, _, code := offizin(t, "dsfinvk", "check", file)
	want := "transactions_tse.csv:3: Die Signatur des Bons 1-000002 passt nicht zu seinen Daten. (T-444)\n" +
		"3 Abschlüsse, 32 Belege, 296 Zeilen und 30 Signaturen geprüft: 1 Fund.\n"
	if code != 1 || out != want {
		t.Errorf("%d %s", code, out)
	}
	if _, errs, code := offizin(t, "dsfinvk", "check", file+"x"); code != 2 || !strings.Contains(errs, "T-464") {
		t.Errorf("%d %s", code, errs)
	}
	if err := os.WriteFile(file, []byte("PK"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := offizin(t, "dsfinvk", "check", file); code != 2 || !strings.Contains(errs, "T-406") {
		t.Errorf("%d %s", code, errs)
	}
}
