package rechtcmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/rechtcmd"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
)

var update = flag.Bool("update", false, "write the golden files anew")

// run runs `offizin recht ARGS` and returns its output; the day is 2026-11-23.
func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var cli rechtcmd.Recht
	parser, err := kong.New(&cli, kong.Exit(func(int) { t.Errorf("%v ended the program", args) }))
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = ctx.Run(&env.Env{
		Ctx: context.Background(), Stdout: &out, Stderr: &out, Log: slog.New(slog.DiscardHandler),
		Clock: clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)),
	})
	return out.String(), err
}

// must runs a command that has to succeed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := run(t, args...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return out
}

func wantUsage(t *testing.T, err error, part string) {
	t.Helper()
	if env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), part) {
		t.Errorf("got %d, %v; want %d with %q", env.CodeOf(err), err, env.ExitUsage, part)
	}
}

// TestDiffNeujahr2027 is what the law of 2026 changes, letter by letter.
func TestDiffNeujahr2027(t *testing.T) {
	got := must(t, "diff", "2026-12-31", "1.1.2027")
	file := filepath.Join("testdata", "diff-2026-12-31-2027-01-01.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
	for _, fields := range []string{ // GKV-BStabG Art. 1 Nr. 23 and 47; not from the golden file
		"sgb5/p61/mindest Zuzahlung, Mindestbetrag 5,00 € 7,50 € Euro je Packung 01.01.2027 SGB V § 61 Satz 1 zu prüfen",
		"sgb5/p61/hoechst Zuzahlung, Höchstbetrag 10,00 € 15,00 € Euro je Packung 01.01.2027 SGB V § 61 Satz 1 zu prüfen",
		"sgb5/p130/abschlag-rx Apothekenabschlag (Kassenabschlag), Rx und Rezeptur 1,77 € 2,07 € Euro brutto je Rx-Packung",
		"Vom 31.12.2026 zum 01.01.2027 ändern sich 15 Parameter.",
	} {
		if !strings.Contains(strings.Join(strings.Fields(got), " "), fields) {
			t.Errorf("%q is missing", fields)
		}
	}
}

func TestOn(t *testing.T) {
	today, later := must(t, "on"), must(t, "on", "2027-01-01")
	for text, parts := range map[string][]string{
		today: {"ampreisv/p3/fixum 8,35 € Euro netto je Packung 01.01.2013", "sgb5/p61/mindest 5,00 €", "Am 23.11.2026 gelten"},
		later: {"sgb5/p61/mindest 7,50 €", "sgb5/p130/abschlag-rx 2,07 €", "Staffel, 16 Stufen", "Am 01.01.2027 gelten"},
	} {
		for _, part := range parts {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), part) {
				t.Errorf("%q is missing", part)
			}
		}
	}
	if strings.Contains(today, "sgb5/p127/abschlag") || strings.Contains(today, "gh-stufen-2004") {
		t.Error("shows what is not in force")
	}
}

// TestJSON: the machine reads the same.
func TestJSON(t *testing.T) {
	var on struct {
		Tag       string
		Parameter []struct{ Parameter, Wert, Ab, Norm, Quelle, Geprueft, Pruefen string }
	}
	read(t, must(t, "on", "--json", "2027-01-01"), &on)
	found := false
	for _, p := range on.Parameter {
		found = found || p.Parameter == "sgb5/p61/mindest" && p.Wert == "7,50 €" && p.Ab == "2027-01-01" && p.Pruefen != ""
	}
	if !found || on.Tag != "2027-01-01" {
		t.Errorf("got %+v", on)
	}
	var diff struct {
		Von, Bis    string
		Aenderungen []struct {
			Parameter, Seit string
			Alt, Neu        *struct{ Wert string }
		}
	}
	read(t, must(t, "diff", "--json", "2026-12-31", "2027-01-01"), &diff)
	if len(diff.Aenderungen) != 15 || diff.Aenderungen[0].Alt != nil || diff.Aenderungen[0].Neu.Wert != "3 %" {
		t.Errorf("got %+v", diff)
	}
	var open struct {
		Offen []struct{ Parameter, Pruefen string }
	}
	read(t, must(t, "open", "--json"), &open)
	if len(open.Offen) == 0 || open.Offen[0].Pruefen == "" {
		t.Errorf("got %+v", open)
	}
}

func read(t *testing.T, text string, v any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	if err := d.Decode(v); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Token(); err != io.EOF {
		t.Errorf("more than one value: %v", err)
	}
}

func TestOpenAndList(t *testing.T) {
	open := must(t, "open")
	for _, part := range []string{"Art. 1 Nr. 12a fehlt in der Liste des Art. 8 Abs. 2", "Die 9,50 € stehen nicht im ApoVWG", "Zeilen sind vor der Freigabe zu prüfen."} {
		if !strings.Contains(open, part) {
			t.Errorf("%q is missing", part)
		}
	}
	list := must(t, "list", "sgb5/p130/abschlag-rx")
	if !strings.Contains(list, "daten/sgb5/p130/abschlag-rx.recht:6") || !strings.HasSuffix(list, "sgb5/p130/abschlag-rx hat 11 Fassungen.\n") {
		t.Errorf("got %s", list)
	}
	if list := must(t, "list", "sgb5/p34/abs1-satz3"); !strings.Contains(list, "aufgehoben") {
		t.Errorf("got %s", list)
	}
}

func TestBadInput(t *testing.T) {
	for _, c := range []struct {
		args []string
		part string
	}{
		{[]string{"on", "2027-02-30"}, "„2027-02-30“ ist kein Kalendertag; bitte wie 2027-01-01 oder 1.1.2027 angeben. (L-140)"},
		{[]string{"on", "1.1.27"}, "(L-140)"},
		{[]string{"on", "31.12.2003"}, "bitte einen Tag ab dem 01.01.2004 angeben. (L-120)"},
		{[]string{"diff", "2027-01-01", "2026-12-31"}, "bitte die beiden Tage tauschen. (L-141)"},
		{[]string{"diff", "gestern", "heute"}, "„gestern“ ist kein Kalendertag"},
		{[]string{"diff", "2026-12-31", "heute"}, "„heute“ ist kein Kalendertag"},
		{[]string{"list", "a/b"}, "Den Parameter „a/b“ gibt es nicht; „offizin recht on“ zeigt alle. (L-142)"},
		{[]string{"pruefe", "gibtesnicht.recht"}, "ist nicht lesbar; bitte den Namen prüfen. (L-143)"},
		{[]string{"festlegungen", "--daten", "gibtesnicht"}, "liegt kein Journal; bitte den Datenordner der Apotheke angeben. (L-145)"},
		{[]string{"on", "--daten", "gibtesnicht"}, "(L-145)"},
		{[]string{"diff", "--daten", "gibtesnicht", "2026-01-01", "2026-01-01"}, "(L-145)"},
		{[]string{"open", "--daten", "gibtesnicht"}, "(L-145)"},
		{[]string{"list", "--daten", "gibtesnicht", "a/b"}, "(L-145)"},
	} {
		out, err := run(t, c.args...)
		wantUsage(t, err, c.part)
		if out != "" {
			t.Errorf("%v printed %s", c.args, out)
		}
	}
}

const text = `nachtrag: 1
datum: 2027-03-02
schluessel: probe
grund: Verordnung zur Änderung der AMPreisV

parameter: ampreisv/p3/fixum
ab: 2027-04-01
wert: 9,50
norm: AMPreisV § 3 Abs. 1 Satz 1
quelle: BGBl. 2027 I Nr. 12
geprueft: 2027-03-02
`

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestSignAndCheck: a key is made, signs a Nachtrag, and its public part checks it.
func TestSignAndCheck(t *testing.T) {
	dir := t.TempDir()
	private, signed := filepath.Join(dir, "probe.key"), filepath.Join(dir, "1.recht")
	public := write(t, dir, "probe.pub", must(t, "schluessel", "probe", "--nach", private))
	if info, err := os.Stat(private); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("private key: %v, %v", info.Mode(), err)
	}
	plain := write(t, dir, "1.txt", text)
	must(t, "sign", plain, "--schluessel", private, "--nach", signed)
	out := must(t, "pruefe", signed, "--schluessel", public)
	for _, part := range []string{
		"Nachtrag 1 vom 02.03.2027: Verordnung zur Änderung der AMPreisV",
		"ampreisv/p3/fixum  01.04.2027  9,50 €  8,35 €", "Die Unterschrift des Schlüssels „probe“ stimmt; 1 Zeilen.",
	} {
		if !strings.Contains(out, part) {
			t.Errorf("%q is missing in\n%s", part, out)
		}
	}
	_, err := run(t, "pruefe", signed)
	wantUsage(t, err, "(L-113)") // a key for tests is no release key
	_, err = run(t, "pruefe", plain, "--schluessel", public)
	wantUsage(t, err, "(L-111)")
	_, err = run(t, "pruefe", signed, "--schluessel", plain)
	wantUsage(t, err, "(L-117)")
	_, err = run(t, "pruefe", signed, "--schluessel", filepath.Join(dir, "x"))
	wantUsage(t, err, "(L-143)")
	_, err = run(t, "sign", plain, "--schluessel", private, "--nach", signed)
	wantUsage(t, err, "(L-146)")
	_, err = run(t, "sign", plain, "--schluessel", public, "--nach", signed)
	wantUsage(t, err, "(L-144)")
	_, err = run(t, "sign", plain, "--schluessel", filepath.Join(dir, "x"), "--nach", signed)
	wantUsage(t, err, "(L-143)")
	_, err = run(t, "sign", filepath.Join(dir, "x"), "--schluessel", private, "--nach", signed)
	wantUsage(t, err, "(L-143)")
	_, err = run(t, "sign", public, "--schluessel", private, "--nach", signed)
	wantUsage(t, err, "(L-101)")
	_, err = run(t, "schluessel", "zwei Wörter", "--nach", filepath.Join(dir, "y"))
	wantUsage(t, err, "(L-147)")
	_, err = run(t, "schluessel", "probe", "--nach", private)
	wantUsage(t, err, "(L-146)")
	release := write(t, dir, "2.txt", strings.Replace(text, "probe", "offizin-2026", 1))
	_, err = run(t, "sign", release, "--schluessel", private, "--nach", filepath.Join(dir, "2.recht"))
	wantUsage(t, err, "unterschrieben ist er mit einem anderen") // only the owner of the release key may use its name
	if _, err := os.Stat(filepath.Join(dir, "2.recht")); err == nil {
		t.Error("written all the same")
	}
	// What does not fit the law is signed, but checking says so.
	misfit := filepath.Join(dir, "3.recht")
	must(t, "sign", write(t, dir, "3.txt", strings.Replace(text, "9,50", "9 %", 1)), "--schluessel", private, "--nach", misfit)
	_, err = run(t, "pruefe", misfit, "--schluessel", public)
	wantUsage(t, err, "(L-104)")
}

// pharmacy makes an empty data folder.
func pharmacy(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	store, err := sqlite.Open(t.Context(), sqlite.Options{Dir: dir, Node: "platz-1", Projections: alle.Projections(), Ballast: -1})
	if err != nil {
		t.Fatal(err)
	}
	kern := &workflow.Kern{Store: store, Clock: clock.NewManual(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))}
	err = haus.New(kern).BenutzerSetzen(t.Context(), workflow.Auftrag{Key: "inhaber", Actor: "AN"},
		haus.Benutzer{Kuerzel: "AN", Name: "Anna Noll", Rolle: "Inhaber", Aktiv: true})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestFestlegen: laid down on a data folder, a value is in every answer about it.
func TestFestlegen(t *testing.T) {
	dir := pharmacy(t)
	lay := func(ab, wert string) (string, error) {
		return run(t, "festlegen", "ampreisv/p3/fixum", ab, wert, "--grund", "Verordnung vom 02.03.2027", "--wer", "AN", "--daten", dir)
	}
	out, err := lay("1.4.2027", "9,5")
	if err != nil || !strings.Contains(out, "Zuschlag der Apotheke, Festbetrag (Fixum) ab 01.04.2027: 9,50 € eigene Festlegung") {
		t.Fatalf("got %v\n%s", err, out)
	}
	on := must(t, "on", "2027-04-01", "--daten", dir)
	if !strings.Contains(on, "eigene Festlegung: Verordnung vom 02.03.2027") {
		t.Errorf("got %s", on)
	}
	if list := must(t, "list", "ampreisv/p3/fixum", "--daten", dir); !strings.Contains(list, "festgelegt von AN am 23.11.2026") {
		t.Errorf("got %s", list)
	}
	for _, c := range []struct{ ab, wert, part string }{
		{"2027-02-30", "9,50", "(L-140)"}, {"2027-04-01", "9 %", "(L-123)"}, {"2028-04-01", "zurückgenommen", "(L-131)"},
	} {
		_, err := lay(c.ab, c.wert)
		wantUsage(t, err, c.part)
	}
	_, err = run(t, "festlegen", "ampreisv/p3/fixum", "2027-04-01", "9,60", "--grund", "Zur Probe", "--wer", "ZZ", "--daten", dir)
	wantUsage(t, err, "(L-133)")
	if out, err = lay("2027-04-01", "zurückgenommen"); err != nil || !strings.Contains(out, ": 8,35 €\n") {
		t.Errorf("got %v\n%s", err, out)
	}
	if out := must(t, "festlegungen", "--daten", dir); !strings.HasSuffix(out, "2 Festlegungen, 0 davon wirksam.\n") {
		t.Errorf("got %s", out)
	}
}

// TestRefusedNachtragIsTold: a file in the data folder that is not signed stops
// nothing, but is not silent.
func TestRefusedNachtragIsTold(t *testing.T) {
	dir := pharmacy(t)
	if err := os.Mkdir(filepath.Join(dir, "recht"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "recht"), "1.recht", text)
	out := must(t, "on", "2027-04-01", "--daten", dir)
	if !strings.Contains(out, "(L-111)") || strings.Contains(out, "9,50 €") {
		t.Errorf("got %s", out)
	}
}
