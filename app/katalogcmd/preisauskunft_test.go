package katalogcmd_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/katalogcmd"
	"github.com/offizin/offizin/app/telefon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/web/preisauskunft"
)

// The file is there wholly or not at all, and replaces the one before only when it is whole.
func TestPreisauskunft(t *testing.T) {
	o := katalogcmd.Ordner{Daten: t.TempDir()}
	target := t.TempDir()
	name := filepath.Join(target, "preise.html")
	c := &katalogcmd.Preisauskunft{Ordner: o, Datei: name}
	if _, err := run(c); env.CodeOf(err) != env.ExitUsage || !strings.Contains(err.Error(), "A-461") {
		t.Errorf("without a catalogue: %v", err)
	}
	if _, err := run(&katalogcmd.Muster{Ordner: o, Artikel: 300, Ab: "2026-11-15", Seed: 1}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("die alte"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := run(c)
	if err != nil || !strings.Contains(out, "preise.html: 300 Artikel, ") || !strings.Contains(out, " KB, Stand 23.11.2026, gilt bis 30.11.2026.") {
		t.Errorf("%v\n%s", err, out)
	}
	page, err := os.ReadFile(name)
	if err != nil || !strings.HasPrefix(string(page), "<!doctype html>") || !strings.HasSuffix(string(page), "</html>\n") {
		t.Errorf("%v %.40s", err, page)
	}

	for code, c := range map[string]*katalogcmd.Preisauskunft{
		"A-562": {Ordner: o, Datei: name, Artikel: -1},
		"A-564": {Ordner: o, Datei: filepath.Join(target, "fehlt", "preise.html")},
	} {
		if _, err := run(c); err == nil || !strings.Contains(err.Error(), code) {
			t.Errorf("%v, want %s", err, code)
		}
	}
	if err := os.Mkdir(filepath.Join(target, "ordner"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(target, "ordner", "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := run(&katalogcmd.Preisauskunft{Ordner: o, Datei: filepath.Join(target, "ordner")}); err == nil ||
		!strings.Contains(err.Error(), "A-564") {
		t.Errorf("a folder in its place: %v", err)
	}
	left, err := os.ReadDir(target)
	if err != nil || len(left) != 2 {
		t.Errorf("%v left: %v", left, err)
	}
}

// For phones it writes the bare data by the law that it is given, not by that of the release,
// and says what it wrote; a broken order leaves the old data as they are.
func TestPreisauskunftFuerTelefone(t *testing.T) {
	o := katalogcmd.Ordner{Daten: t.TempDir()}
	if _, err := run(&katalogcmd.Muster{Ordner: o, Artikel: 300, Ab: "2026-11-15", Seed: 1}); err != nil {
		t.Fatal(err)
	}
	law, err := recht.Load()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "neu.gz")
	write := func(order string) (preisauskunft.Stand, []byte, error) {
		var out bytes.Buffer
		e := &env.Env{Ctx: t.Context(), Stdin: strings.NewReader(order), Stdout: &out, Stderr: io.Discard, Clock: clock.NewReal()}
		err := (&katalogcmd.Preisauskunft{Ordner: o, Datei: name, Telefon: true}).Run(e)
		var s preisauskunft.Stand
		if err == nil {
			err = json.Unmarshal(out.Bytes(), &s)
		}
		data, _ := os.ReadFile(name)
		return s, data, err
	}
	order := func(least money.Cent) string {
		s, err := law.Am(20261120)
		if err != nil {
			t.Fatal(err)
		}
		s.Zuzahlung.Mindest.Was = least
		b, err := json.Marshal(telefon.Auftrag{Tag: 20261120, Recht: preisauskunft.Rechtsfolge{
			{Ab: 20261120, Recht: preisauskunft.Recht{Preis: s.Preis, Zuzahlung: s.Zuzahlung}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	s, data, err := write(order(500))
	if err != nil || s.Tag != 20261120 || s.Artikel != 300 || s.Kennung == "" || !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		t.Errorf("%+v %v %d bytes", s, err, len(data))
	}
	other, dearer, err := write(order(600)) // § 61 SGB V: 5 € at least; here the Inhaber says otherwise
	if err != nil || other.Kennung == s.Kennung || bytes.Equal(data, dearer) {
		t.Errorf("other law, the same list: %v", err)
	}
	own := strings.Replace(order(600), "{", `{"eigene":{"artikel":[{"pzn":"08000005","name":"Badesalz","uvp":1290}],`+
		`"preise":{"08000005":[{"ab":"2026-11-01","preis":990}]}},"wechsel":["2026-11-25"],`, 1)
	with, mine, err := write(own)
	if err != nil || with.Artikel != 301 || with.Kennung == other.Kennung || bytes.Equal(mine, dearer) {
		t.Errorf("articles and prices of the pharmacy's own: %+v %v", with, err)
	}
	if again, _, err := write(own); err != nil || again.Kennung != with.Kennung {
		t.Errorf("the same order, another list: %v", err)
	}
	dearer = mine
	for _, bad := range []string{"", "{", `{"tag":20261120}`, strings.Repeat("[", 1000)} {
		if _, after, err := write(bad); err == nil || !bytes.Equal(after, dearer) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
}
