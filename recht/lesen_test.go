package recht_test

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/recht"
)

// wantFault holds an error to its code and a part of its German sentence.
func wantFault(tb testing.TB, err error, code, part string) {
	tb.Helper()
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || f.Code != code || !strings.Contains(f.Text, part) {
		tb.Errorf("got %v, want %s with %q", err, code, part)
	}
}

const kopf = "parameter: x/y\nname: Probe\ntyp: betrag\neinheit: Euro\n\n"

const reihe = "ab: 2020-01-01\nwert: 1,00\nnorm: N\nquelle: Q\ngeprueft: 2026-11-23\n"

// TestLoaderRefuses: each mistake is named with file, line and a German sentence.
func TestLoaderRefuses(t *testing.T) {
	for text, want := range map[string]struct{ code, part string }{
		kopf + reihe + "farbe: rot\n":                                     {"L-102", "x/y.recht:11: Unbekannte Spalte „farbe“; erlaubt sind hier: wert, stufe, norm"},
		"parameter: x/y\nfarbe: rot\n":                                    {"L-102", "x/y.recht:2: Unbekannte Spalte „farbe“; erlaubt sind hier: name, typ, einheit, sok."},
		kopf + reihe + "wert: 2,00\n":                                     {"L-101", ":11: Die Spalte „wert“ steht doppelt."},
		"parameter: x/y\nname: A\nname: B\n" + reihe:                      {"L-101", ":3: Die Spalte „name“ steht doppelt."},
		kopf + reihe + reihe:                                              {"L-105", ":11: Die Tage müssen streng aufsteigen: 01.01.2020 steht nach 01.01.2020."},
		kopf + reihe + strings.ReplaceAll(reihe, "2020", "2019"):          {"L-105", ":11: Die Tage müssen streng aufsteigen: 01.01.2019 steht nach 01.01.2020."},
		kopf + strings.ReplaceAll(reihe, "1,00", "3 %"):                   {"L-104", ":7: „3 %“ ist kein Wert vom Typ „betrag“."},
		kopf + strings.ReplaceAll(reihe, "1,00", "-1,00"):                 {"L-104", ":7:"},
		kopf + strings.ReplaceAll(reihe, "2020-01-01", "2020-02-30"):      {"L-104", ":6: „2020-02-30“ ist kein Tag; erwartet wird JJJJ-MM-TT."},
		kopf + strings.ReplaceAll(reihe, "2026-11-23", "23.11.2026"):      {"L-104", ":10: „23.11.2026“ ist kein Tag"},
		kopf + strings.ReplaceAll(reihe, "norm: N\n", ""):                 {"L-103", ":6: Die Spalte „norm“ fehlt."},
		kopf + strings.ReplaceAll(reihe, "wert: 1,00\n", ""):              {"L-103", ":6: Die Zeile braucht entweder „wert:“ oder „stufe:“."},
		kopf + reihe + "stufe: bis 1,00 = 2 %\n":                          {"L-103", "entweder „wert:“ oder „stufe:“"},
		kopf:                                                              {"L-103", ":1: Der Parameter „x/y“ hat keine Zeile „ab:“."},
		"parameter: x/y\nname: A\ntyp: farbe\neinheit: E\n" + reihe:       {"L-104", ":3: Den Typ „farbe“ gibt es nicht."},
		"parameter: x/y\nname: A\ntyp: betrag\neinheit: Dollar\n" + reihe: {"L-104", ":4: Ein Betrag braucht die Einheit Euro."},
		"parameter: x/y\ntyp: betrag\neinheit: Euro\n" + reihe:            {"L-103", ":1: Die Spalte „name“ fehlt."},
		"name: A\n":                      {"L-101", ":1: Die Datei muss mit „parameter:“ beginnen."},
		kopf + "nur Text\n":              {"L-101", ":6: Erwartet wird eine Zeile der Form „Spalte: Wert“."},
		kopf + "wert:\n":                 {"L-101", ":6:"},
		kopf + reihe + "pruefen: a\tb\n": {"L-101", ":11:"},
		"parameter: " + strings.Repeat("x", 3000) + "\n": {"L-101", ":1:"},
		kopf + reihe + kopf + reihe:                      {"L-106", "Die Datei muss genau den Parameter „x/y“ enthalten."},
		"":                                               {"L-106", "genau den Parameter"},
		strings.Replace(kopf, "x/y", "x/z", 1) + reihe: {"L-106", "genau den Parameter „x/y“"},
		"\xff\xfe":                           {"L-101", "kein UTF-8"},
		strings.Repeat("# nichts\n", 40_000): {"L-101", "größer als 256 KiB"},
		tafel("bis 2,00 = 1 %", "bis 1,00 = 1 %", "darüber = 1 %"): {"L-105", ":8: Die Stufen müssen aufsteigen"},
		tafel("darüber = 1 %", "bis 1,00 = 1 %"):                   {"L-105", ":7: Die Stufen müssen aufsteigen"},
		tafel("bis 1,00 = 1 %"):                                    {"L-105", "nur die letzte heißt „darüber“"},
		tafel("bis 1,00 - 1 %", "darüber = 1 %"):                   {"L-104", ":7: „bis 1,00 - 1 %“ ist keine Stufe"},
		tafel("ab 1,00 = 1 %", "darüber = 1 %"):                    {"L-104", "ist keine Stufe"},
		tafel("darüber = 1 % + 2 %"):                               {"L-104", "ist keine Stufe"},
		tafel("darüber = 1,00 + 2,00"):                             {"L-104", "ist keine Stufe"},
	} {
		_, err := recht.LoadFS(fstest.MapFS{"daten/x/y.recht": {Data: []byte(text)}})
		wantFault(t, err, want.code, want.part)
		if err != nil && !strings.Contains(err.Error(), "daten/x/y.recht:") {
			t.Errorf("%v names no file", err)
		}
	}
}

func tafel(steps ...string) string {
	text := "parameter: x/y\nname: A\ntyp: tabelle\neinheit: E\n\nab: 2020-01-01\n"
	for _, s := range steps {
		text += "stufe: " + s + "\n"
	}
	return text + "norm: N\nquelle: Q\ngeprueft: 2026-11-23\n"
}

// TestValuesByType: what each type takes and refuses.
func TestValuesByType(t *testing.T) {
	for typ, values := range map[string][2][]string{
		"anteil":   {{"3,15 %", "0 %", "999,9999 %"}, {"3,15", "%", "1000 %", "1,23456 %", "1, %", "-1 %", "x %"}},
		"zahl":     {{"0", "18"}, {"-1", "+1", "1,5", "x", "99999999999"}},
		"schalter": {{"ja", "nein"}, {"Ja", "1"}},
		"tag":      {{"2030-12-31"}, {"31.12.2030", "2030-02-30"}},
		"text":     {{"1. und 15."}, nil},
	} {
		for i, list := range values {
			for _, v := range list {
				text := "parameter: x/y\nname: A\ntyp: " + typ + "\neinheit: E\n" + strings.Replace(reihe, "1,00", v, 1)
				_, err := recht.LoadFS(fstest.MapFS{"daten/x/y.recht": {Data: []byte(text)}})
				if i == 1 {
					wantFault(t, err, "L-104", "ist kein Wert vom Typ „"+typ+"“")
				} else { // read, but it is not the whole law
					wantFault(t, err, "L-106", "fehlt in den Rechtsdaten")
				}
			}
		}
	}
}

// TestLoadsFromAnyFileSystem: what ships, read from a folder, is the same law.
func TestLoadsFromAnyFileSystem(t *testing.T) {
	s, err := recht.LoadFS(os.DirFS("."))
	if err != nil || len(s.Parameter()) != len(load(t).Parameter()) {
		t.Fatalf("got %v", err)
	}
}

// TestHostileFileSystems: nothing is read without end, nothing strange is taken.
func TestHostileFileSystems(t *testing.T) {
	good := []byte(kopf + reihe)
	_, err := recht.LoadFS(fstest.MapFS{"daten/x/y.txt": {Data: good}})
	wantFault(t, err, "L-101", "muss auf „.recht“ enden")
	_, err = recht.LoadFS(fstest.MapFS{"daten/x/y.recht": {Data: good, Mode: fs.ModeNamedPipe}})
	wantFault(t, err, "L-101", "keine gewöhnliche Datei")
	_, err = recht.LoadFS(fstest.MapFS{"daten/X Y.recht": {Data: []byte(strings.Replace(kopf, "x/y", "X Y", 1) + reihe)}})
	wantFault(t, err, "L-104", "„X Y“ ist kein Name für einen Parameter")
	many := fstest.MapFS{}
	for i := range 6000 {
		id := "x/" + strings.Repeat("y", i%50+1) + string(rune('a'+i/50%26)) + string(rune('a'+i/1300))
		many["daten/"+id+".recht"] = &fstest.MapFile{Data: []byte(strings.Replace(kopf, "x/y", id, 1) + reihe)}
	}
	_, err = recht.LoadFS(many)
	wantFault(t, err, "L-101", "mehr als 5000 Rechtsdateien")
	if _, err = recht.LoadFS(fstest.MapFS{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("empty: %v", err)
	}
	for _, fail := range []string{"open", "read"} {
		_, err = recht.LoadFS(broken{fstest.MapFS{"daten/x/y.recht": {Data: good}}, fail})
		if !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", fail, err)
		}
	}
}

var errBroken = errors.New("disk is broken")

// broken is a file system whose files cannot be opened or read.
type broken struct {
	fstest.MapFS

	fail string
}

func (b broken) Open(name string) (fs.File, error) {
	f, err := b.MapFS.Open(name)
	if path.Ext(name) != ".recht" || err != nil {
		return f, err
	}
	if b.fail == "open" {
		return nil, errBroken
	}
	return unreadable{f}, nil
}

type unreadable struct{ fs.File }

func (unreadable) Read([]byte) (int, error) { return 0, errBroken }

// FuzzRead: whatever a file says, the loader answers with a fault that names the file,
// or takes it; it never panics.
func FuzzRead(f *testing.F) {
	f.Add(kopf + reihe)
	f.Add(tafel("bis 1,00 = 20 %", "bis 2,00 = 0,20 €", "darüber = 3 % + 61,63 €"))
	f.Add(strings.Replace(kopf+reihe, "1,00", "aufgehoben", 1))
	f.Add("parameter")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := recht.LoadFS(fstest.MapFS{"daten/x/y.recht": {Data: []byte(text)}})
		if s != nil || err == nil {
			t.Fatal("one parameter is not the whole law")
		}
		if _, ok := errors.AsType[*fault.Fault](err); !ok {
			t.Errorf("%v is no fault", err)
		}
	})
}
