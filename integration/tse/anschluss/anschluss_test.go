package anschluss_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
)

// The settings come back as they were kept, and only their owner may read them.
func TestKonfig(t *testing.T) {
	dir := t.TempDir()
	if _, ok, err := anschluss.Lesen(dir); ok || err != nil {
		t.Errorf("settings of nobody: %v", err)
	}
	k := anschluss.Konfig{
		Treiber: "epson", Adresse: "192.168.1.30:8009", Geraet: "local_TSE", AdminPIN: "12345", ZeitPIN: "54321",
		Secret: "EPSONKEY", APIKey: "k", APISecret: "s", Zertifizierung: "BSI-K-TR-0373-2019",
	}
	if err := k.Schreiben(dir); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, anschluss.Datei)
	private := func() {
		t.Helper()
		if fi, err := os.Stat(name); err != nil || runtime.GOOS != "windows" && fi.Mode().Perm() != 0o600 {
			t.Errorf("%v %v", fi.Mode(), err)
		}
	}
	private()
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	got, ok, err := anschluss.Lesen(dir)
	if err != nil || !ok {
		t.Fatal(err)
	}
	private()
	if diff := cmp.Diff(k, got); diff != "" {
		t.Error(diff)
	}
}

// What is wrong with the file never quotes it: there are secrets in it.
func TestKaputteKonfig(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, anschluss.Datei), []byte(`{"admin_pin":4711}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := anschluss.Lesen(dir)
	if fault.KindOf(err) != fault.Invalid || strings.Contains(err.Error(), "4711") {
		t.Errorf("%v", err)
	}
}

func TestOpen(t *testing.T) {
	c := clock.NewManual(time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC))
	s, err := anschluss.Open(anschluss.Konfig{Treiber: "simulator", Ordner: t.TempDir()}, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	e, err := anschluss.Open(anschluss.Konfig{Treiber: "epson", Adresse: "192.168.1.30", Echtbetrieb: true}, c)
	if err != nil || e.Close() != nil {
		t.Errorf("a printer that is off now: %v", err)
	}
	f, err := anschluss.Open(anschluss.Konfig{Treiber: "fiskaly", Geraet: "t", APIKey: "k", APISecret: "s"}, c)
	if err != nil || f.Close() != nil {
		t.Errorf("the cloud: %v", err)
	}
	for treiber, code := range map[string]string{"simulator": "T-201", "": "T-205", "wurm": "T-205", "epson": "T-206", "fiskaly": "T-208"} {
		k := anschluss.Konfig{Treiber: treiber, Ordner: t.TempDir(), Echtbetrieb: true}
		if s, err := anschluss.Open(k, c); s != nil || err == nil || !strings.Contains(err.Error(), code) {
			t.Errorf("%q: %v %v", treiber, s, err)
		}
	}
}

// The memory of a simulated TSE stays with its pharmacy, wherever the program is started, under whatever name the
// folder is given, and wherever it is moved: else an empty one takes its place, and what was signed is gone.
func TestOrdnerWandertMit(t *testing.T) {
	home := t.TempDir()
	t.Chdir(home)
	if err := os.Mkdir("a", 0o700); err != nil {
		t.Fatal(err)
	}
	memory := filepath.Join("a", "tse")
	if err := (anschluss.Konfig{Treiber: "simulator", Ordner: memory}).Schreiben("a"); err != nil {
		t.Fatal(err)
	}
	t.Chdir("a")
	liest(t, ".", "tse")
	if err := os.Rename(filepath.Join(home, "a"), filepath.Join(home, "b")); err != nil {
		t.Skip("a folder that a program works in cannot be renamed here")
	}
	liest(t, filepath.Join(home, "b"), filepath.Join(home, "b", "tse"))

	// As versions before this one wrote it: from where the program was started.
	dir := t.TempDir()
	text := `{"treiber":"simulator","ordner":"offizin-daten/tse"}`
	if err := os.WriteFile(filepath.Join(dir, anschluss.Datei), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	liest(t, dir, filepath.Join(dir, "tse"))

	other := t.TempDir() // somewhere else on purpose
	if err := (anschluss.Konfig{Treiber: "simulator", Ordner: other}).Schreiben(dir); err != nil {
		t.Fatal(err)
	}
	liest(t, dir, other)
}

func liest(t *testing.T, dir, want string) {
	t.Helper()
	if k, _, err := anschluss.Lesen(dir); err != nil || k.Ordner != want {
		t.Errorf("%s: %q, %v, want %q", dir, k.Ordner, err, want)
	}
}
