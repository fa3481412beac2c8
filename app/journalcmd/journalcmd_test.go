package journalcmd_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/app"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/export"
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

func open(t *testing.T, dir string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir, Projections: alle.Projections(), Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// filled returns a data folder with three movements of stock.
func filled(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	s := open(t, dir)
	for _, key := range []string{"a", "b", "c"} {
		_, err := s.Append(t.Context(), journal.Act{Key: key, Actor: "AB", Decide: func(journal.Rows) ([]journal.Event, error) {
			return []journal.Event{event.BestandGeaendert{PZN: "01234562", Delta: 7, Art: "zugang", Grund: "<&>ä" + key}}, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

func TestVerify(t *testing.T) {
	dir := filled(t)
	out, errs, code := offizin(t, "journal", "verify", "--daten", dir)
	if code != env.ExitOK || lastLine(out) != "3 Sätze geprüft, 0 Personen mit Schlüssel, 0 gelöscht: alles in Ordnung." {
		t.Errorf("code %d\n%s%s", code, out, errs)
	}
}

// A changed byte in a record is found and named.
func TestVerifyNamesTheDamage(t *testing.T) {
	dir := filled(t)
	file := filepath.Join(dir, sqlite.File)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(b, []byte("äb\"}")) != 1 {
		t.Fatal("the record of act b is not in the file once")
	}
	if err := os.WriteFile(file, bytes.Replace(b, []byte("äb\"}"), []byte("äx\"}"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, code := offizin(t, "journal", "verify", "--daten", dir)
	if code != env.ExitDiffers || !strings.Contains(out, " Nr. 2: Der Satz wurde verändert") ||
		!strings.HasPrefix(lastLine(out), "3 Sätze geprüft") || !strings.Contains(lastLine(out), "Fund") {
		t.Errorf("code %d\n%s", code, out)
	}
}

func TestRebuild(t *testing.T) {
	dir := filled(t)
	out, errs, code := offizin(t, "journal", "rebuild", "--daten", dir)
	if code != env.ExitOK || !strings.HasSuffix(lastLine(out), "Auswertungen aus 3 Sätzen neu gebildet.") {
		t.Errorf("code %d\n%s%s", code, out, errs)
	}
}

// While a program works with the folder, each command says so and touches nothing.
func TestRunningProgram(t *testing.T) {
	dir := filled(t)
	s := open(t, dir)
	defer s.Close()
	for _, cmd := range []string{"verify", "rebuild", "export"} {
		_, errs, code := offizin(t, "journal", cmd, "--daten", dir)
		if code != env.ExitOperating || !strings.Contains(errs, "J-211") {
			t.Errorf("%s: code %d, %s", cmd, code, errs)
		}
	}
}

func TestNoJournal(t *testing.T) {
	dir := t.TempDir()
	for _, cmd := range []string{"verify", "rebuild", "export"} {
		_, errs, code := offizin(t, "journal", cmd, "--daten", dir)
		if code != env.ExitOperating || !strings.Contains(errs, "J-217") {
			t.Errorf("%s: code %d, %s", cmd, code, errs)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
		t.Errorf("the folder is not empty any more: %v %v", files, err)
	}
}

// Whoever has the export and its description can verify the chain.
func TestExport(t *testing.T) {
	dir := filled(t)
	out, errs, code := offizin(t, "journal", "export", "--daten", dir)
	if code != env.ExitOK || lastLine(errs) != "3 Sätze ausgegeben." {
		t.Fatalf("code %d\n%s", code, errs)
	}
	prev := strings.Repeat("0", 64)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	for i, line := range lines {
		var r export.Zeile
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if r.Seq != uint64(i+1) || r.Prev != prev || r.Hash != sum(t, r) {
			t.Errorf("line %d does not verify: %s", i+1, line)
		}
		prev = r.Hash
	}
	if len(lines) != 3 {
		t.Errorf("%d lines", len(lines))
	}
	file := filepath.Join(t.TempDir(), "journal.jsonl")
	for _, want := range []int{env.ExitOK, env.ExitOperating} { // an existing file is never overwritten
		if _, errs, code := offizin(t, "journal", "export", "--daten", dir, "--nach", file); code != want {
			t.Errorf("export to a file: code %d, %s", code, errs)
		}
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != out {
		t.Errorf("file differs from output (%v)", err)
	}
}

// sum computes the hash of an exported record as docs/betrieb/journal-export.md says,
// without the code of the journal.
func sum(t *testing.T, r export.Zeile) string {
	t.Helper()
	h := sha256.New()
	number := func(n uint64) {
		for i := 56; i >= 0; i -= 8 {
			h.Write([]byte{byte(n >> i)})
		}
	}
	text := func(s string) { number(uint64(len(s))); h.Write([]byte(s)) }
	raw := func(s string) {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Error(err)
		}
		h.Write(b)
	}
	for _, s := range []string{r.Node, r.Incarnation, r.Key, r.Type, r.Zone, r.Actor} {
		text(s)
	}
	number(r.Seq)
	number(r.Lamport)
	number(uint64(r.Wall))
	raw(r.InputHash)
	text(string(r.Payload))
	raw(r.Prev)
	return hex.EncodeToString(h.Sum(nil))
}
