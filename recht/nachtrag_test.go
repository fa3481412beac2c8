package recht_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/recht"
)

// probe is a key for tests only; release keys are made at random.
func probe(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, 32))
}

func bund(seeds ...byte) recht.Schluesselbund {
	b := recht.Schluesselbund{}
	for _, s := range seeds {
		b[fmt.Sprintf("probe-%d", s)] = probe(s).Public().(ed25519.PublicKey)
	}
	return b
}

// fixum950 is the row of a Fixum that the law does not know.
const fixum950 = `parameter: ampreisv/p3/fixum
ab: 2027-04-01
wert: 9,50
norm: AMPreisV § 3 Abs. 1 Satz 1
quelle: BGBl. 2027 I Nr. 12
geprueft: 2027-03-02
`

func nachtragText(number int, blocks string) string {
	return fmt.Sprintf("nachtrag: %d\ndatum: 2027-03-02\nschluessel: probe-1\ngrund: Zur Probe\n\n%s", number, blocks)
}

func signiert(tb testing.TB, number int, blocks string) []byte {
	tb.Helper()
	data, err := recht.Signiere("n.recht", []byte(nachtragText(number, blocks)), probe(1))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func oeffne(tb testing.TB, data []byte) recht.Nachtrag {
	tb.Helper()
	n, err := bund(1).Oeffne("n.recht", data)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

// TestNachtrag: a new row, a changed row, a repeal and a new parameter come in with
// their origin; the Sammlung below stays as it was.
func TestNachtrag(t *testing.T) {
	basis := load(t)
	n := oeffne(t, signiert(t, 1, fixum950+`
parameter: ampreisv/p3/notdienst
ab: 2020-01-01
wert: 0,22
norm: N
quelle: Berichtigung
geprueft: 2027-03-02

ab: 2027-04-01
wert: aufgehoben
norm: N
quelle: BGBl. 2027 I Nr. 12
geprueft: 2027-03-02

parameter: ampreisv/p3a/korridor
name: Verhandlungskorridor
typ: anteil
einheit: Prozent vom Fixum
sok: 02567018

ab: 2027-04-01
wert: 5 %
norm: AMPreisV § 3a
quelle: BGBl. 2027 I Nr. 12
geprueft: 2027-03-02
`))
	if n.Nummer != 1 || n.Datum != 20270302 || n.Schluessel != "probe-1" || n.Grund != "Zur Probe" {
		t.Errorf("head: %+v", n)
	}
	s, err := basis.Mit(n)
	if err != nil {
		t.Fatal(err)
	}
	stand, _ := s.Am(20270401)
	want := fassung.Fassung[money.Cent]{
		Ab: 20270401, Was: 950, Norm: "AMPreisV § 3 Abs. 1 Satz 1", Quelle: "BGBl. 2027 I Nr. 12", Art: fassung.Overlay,
	}
	if diff := cmp.Diff(want, stand.Preis.Fixum); diff != "" {
		t.Error(diff)
	}
	if !stand.Preis.Notdienst.Repealed || stand.Preis.Notdienst.Art != fassung.Overlay {
		t.Errorf("Notdienst: %+v", stand.Preis.Notdienst)
	}
	for day, value := range map[string]string{"2020-01-01": "0,22 €", "2019-12-31": "0,16 €", "2027-03-31": "0,22 €", "2027-04-01": "-"} {
		if got := geltend(t, s, "ampreisv/p3/notdienst", tag(t, day)); got != value {
			t.Errorf("Notdienst on %s: %s, want %s", day, got, value)
		}
	}
	if got := geltend(t, s, "ampreisv/p3a/korridor", 20270401); got != "5 %" {
		t.Errorf("new parameter: %s", got)
	}
	p, _ := s.Suche("ampreisv/p3/fixum")
	if z, _ := p.Am(20270401); z.Ort != "Nachtrag 1 vom 02.03.2027, n.recht:7" {
		t.Errorf("place %q", z.Ort)
	}
	if diff := cmp.Diff(load(t).Parameter(), basis.Parameter()); diff != "" {
		t.Errorf("the Sammlung below has changed:\n%s", diff)
	}
	if basis.Nummer() != recht.Eingearbeitet || s.Nummer() != 1 {
		t.Errorf("numbers %d, %d", basis.Nummer(), s.Nummer())
	}
	rows, err := basis.Zeilen(n)
	if err != nil || len(rows) != 4 || rows[0].Zeile.WertText() != "9,50 €" {
		t.Errorf("rows: %v, %v", rows, err)
	}
	for _, day := range s.Aenderungen() {
		if day >= recht.Beginn {
			vergleiche(t, s, day)
		}
	}
}

// TestNachtragRefused: whatever is not genuine and whole is refused before a row of it
// is read.
func TestNachtragRefused(t *testing.T) {
	good := signiert(t, 1, fixum950)
	before, _, _ := bytes.Cut(good, []byte("signatur: "))
	for name, c := range map[string]struct {
		data       []byte
		code, part string
	}{
		"unsigned":        {before, "L-111", "nicht unterschrieben oder abgeschnitten"},
		"empty":           {nil, "L-111", "nicht unterschrieben oder abgeschnitten"},
		"cut":             {good[:len(good)-3], "L-111", "Übernommen wurde nichts."},
		"last line open":  {good[:len(good)-1], "L-111", "Übernommen wurde nichts."},
		"more behind":     {append(bytes.Clone(good), "# x\n"...), "L-111", "nicht unterschrieben"},
		"rows behind":     {append(bytes.Clone(good), fixum950...), "L-111", "nicht unterschrieben"},
		"no Base64":       {append(bytes.Clone(before), "signatur: äöü\n"...), "L-111", "nicht unterschrieben"},
		"short signature": {append(bytes.Clone(before), "signatur: AAAA\n"...), "L-111", "nicht unterschrieben"},
		"one digit":       {bytes.Replace(good, []byte("9,50"), []byte("9,51"), 1), "L-112", "stimmt nicht"},
		"Windows line":    {bytes.Replace(good, []byte("9,50\n"), []byte("9,50\r\n"), 1), "L-112", "stimmt nicht"},
		"number":          {bytes.Replace(good, []byte("nachtrag: 1"), []byte("nachtrag: 9"), 1), "L-112", "stimmt nicht"},
		"foreign key":     {bytes.Replace(good, []byte("probe-1"), []byte("probe-2"), 1), "L-113", "unbekannten Schlüssel „probe-2“"},
		"no key":          {bytes.Replace(good, []byte("schluessel:"), []byte("# :"), 1), "L-113", "unbekannten Schlüssel „“"},
		"too large":       {append(bytes.Repeat([]byte("# x\n"), 70_000), good...), "L-101", "größer als 256 KiB"},
	} {
		n, err := bund(1).Oeffne("n.recht", c.data)
		t.Run(name, func(t *testing.T) {
			wantFault(t, err, c.code, c.part)
			if !cmp.Equal(n.Nummer, 0) {
				t.Errorf("read all the same: %+v", n)
			}
		})
	}
	// The other key of the ring does not sign for the first.
	other, err := recht.Signiere("n.recht", []byte(nachtragText(1, fixum950)), probe(2))
	if err != nil {
		t.Fatal(err)
	}
	_, err = bund(1, 2).Oeffne("n.recht", other)
	wantFault(t, err, "L-112", "stimmt nicht")
}

// TestSignRefuses: nothing is signed that the program could not read.
func TestSignRefuses(t *testing.T) {
	for text, want := range map[string]struct{ code, part string }{
		nachtragText(0, fixum950):                                            {"L-110", "n.recht:1: „0“ ist keine Nummer"},
		nachtragText(-1, fixum950):                                           {"L-110", "„-1“ ist keine Nummer"},
		nachtragText(1, ""):                                                  {"L-110", "enthält keinen Parameter"},
		nachtragText(1, fixum950+"\n"+fixum950):                              {"L-110", "n.recht:13: Der Parameter „ampreisv/p3/fixum“ steht doppelt."},
		"farbe: rot\n" + nachtragText(1, fixum950):                           {"L-102", "n.recht:1: Unbekannte Spalte „farbe“; erlaubt sind hier: nachtrag, datum"},
		"ab: 2020-01-01\n" + nachtragText(1, fixum950):                       {"L-102", "Unbekannte Spalte „ab“"},
		strings.Replace(nachtragText(1, fixum950), "datum", "# ", 1):         {"L-103", "n.recht:1: Die Spalte „datum“ fehlt."},
		strings.Replace(nachtragText(1, fixum950), "03-02\ns", "0302\ns", 1): {"L-104", "n.recht:2: „2027-0302“ ist kein Tag"},
		nachtragText(1, fixum950+"farbe: rot\n"):                             {"L-102", "n.recht:12: Unbekannte Spalte „farbe“"},
		fixum950:                                                             {"L-103", "Die Spalte „nachtrag“ fehlt."},
	} {
		data, err := recht.Signiere("n.recht", []byte(text), probe(1))
		wantFault(t, err, want.code, want.part)
		if data != nil {
			t.Errorf("signed all the same: %s", data)
		}
	}
}

// TestNachtragThatDoesNotFit: signed, but it contradicts the law that is there. All of
// it is refused.
func TestNachtragThatDoesNotFit(t *testing.T) {
	basis := load(t)
	for blocks, want := range map[string]struct{ code, part string }{
		strings.Replace(fixum950, "ab:", "typ: anteil\nab:", 1):            {"L-116", "n.recht:7: Der Parameter „ampreisv/p3/fixum“ hat in der Spalte „typ“ schon „betrag“"},
		strings.Replace(fixum950, "ab:", "einheit: Euro\nab:", 1):          {"L-116", "„einheit“"},
		fixum950 + "\n" + strings.Replace(fixum950, "/fixum", "/fremd", 1): {"L-103", "n.recht:13: Die Spalte „name“ fehlt."},
		strings.Replace(fixum950, "9,50", "9 %", 1):                        {"L-104", "n.recht:8: „9 %“ ist kein Wert vom Typ „betrag“."},
		fixum950 + "\n" + strings.SplitN(fixum950, "\n", 2)[1]:             {"L-105", "streng aufsteigen"},
		fixum950 + "\nparameter: ampreisv/p3/pdl\nname: A\n":               {"L-103", "hat keine Zeile „ab:“"},
	} {
		n := oeffne(t, signiert(t, 1, blocks))
		s, err := basis.Mit(n)
		wantFault(t, err, want.code, want.part)
		if _, err := basis.Zeilen(n); err == nil || s != nil {
			t.Errorf("taken all the same: %s", blocks)
		}
	}
}

// TestNachtraegeInOrder: numbers count up by one; an old one and one too early are
// refused, and the head of a known parameter may be renewed.
func TestNachtraegeInOrder(t *testing.T) {
	one := oeffne(t, signiert(t, 1, fixum950))
	two := oeffne(t, signiert(t, 2, strings.Replace(
		strings.Replace(fixum950, "9,50", "9,60", 1), "ab:", "name: Fixum\nsok: 1 2\ntyp: betrag\nab:", 1)))
	_, err := load(t).Mit(two)
	wantFault(t, err, "L-115", "Der Nachtrag 2 setzt den Nachtrag 1 voraus")
	s, err := load(t).Mit(one, two)
	if err != nil {
		t.Fatal(err)
	}
	p, _ := s.Suche("ampreisv/p3/fixum")
	if p.Name != "Fixum" || len(p.SOK) != 2 || geltend(t, s, p.ID, 20270401) != "9,60 €" {
		t.Errorf("got %+v", p)
	}
	for _, old := range []recht.Nachtrag{one, two} {
		_, err = s.Mit(old)
		wantFault(t, err, "L-114", "ist nicht neuer als der geltende Stand 2")
	}
}

// TestFolderOfNachtraege: good ones are taken in order of their numbers whatever their
// names, bad ones are told and leave no trace.
func TestFolderOfNachtraege(t *testing.T) {
	second := signiert(t, 2, strings.Replace(fixum950, "9,50", "9,60", 1))
	fsys := fstest.MapFS{
		"a.recht": {Data: second},
		"b.recht": {Data: signiert(t, 1, fixum950)},
		"c.recht": {Data: second},                            // again
		"d.recht": {Data: []byte(nachtragText(3, fixum950))}, // unsigned
		"e.recht": {Data: signiert(t, 4, fixum950)},          // 3 is missing
		"f.recht": {Data: []byte("x"), Mode: 0o200 | 1<<31},  // a folder
		"g.txt":   {Data: []byte("no law")},
		"h.recht": {Data: second, Mode: fs.ModeNamedPipe}, // reading it would never end
	}
	list, refused := recht.LiesNachtraege(fsys, bund(1))
	if len(list) != 4 || len(refused) != 3 {
		t.Fatalf("%d read, refused: %v", len(list), refused)
	}
	wantFault(t, refused[0], "L-111", "„d.recht“")
	wantFault(t, refused[1], "L-119", "f.recht")
	wantFault(t, refused[2], "L-119", "h.recht")
	s, taken, refused := load(t).MitNachtraegen(list)
	if len(taken) != 2 || taken[1].Datei != "a.recht" || len(refused) != 2 || s.Nummer() != 2 {
		t.Fatalf("taken %v, refused %v", taken, refused)
	}
	wantFault(t, refused[0], "L-114", "Der Nachtrag 2")
	wantFault(t, refused[1], "L-115", "Der Nachtrag 4")
	if got := geltend(t, s, "ampreisv/p3/fixum", 20270401); got != "9,60 €" {
		t.Errorf("got %s", got)
	}
	many := fstest.MapFS{}
	for i := range 1001 {
		many[fmt.Sprintf("%d.recht", i)] = &fstest.MapFile{}
	}
	_, refused = recht.LiesNachtraege(many, bund(1))
	wantFault(t, refused[0], "L-118", "zu viele Dateien")
}

// TestKeys: the keys that ship are readable, and a file of keys is checked line by line.
func TestKeys(t *testing.T) {
	if keys, err := recht.ReleaseSchluessel(); err != nil || len(keys) == 0 {
		t.Errorf("release.pub: %v, %v", keys, err)
	}
	line := "probe-1 " + "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
	for text, part := range map[string]string{
		"# k\n" + line + "\n" + line: "k.pub:3: Erwartet wird je Zeile ein eigener Name",
		"probe-1":                    "k.pub:1:",
		"probe-1 AAAA":               "k.pub:1:",
		"probe-1 ===":                "k.pub:1:",
	} {
		_, err := recht.LiesSchluessel("k.pub", []byte(text))
		wantFault(t, err, "L-117", part)
	}
	_, err := recht.LiesSchluessel("k.pub", make([]byte, 300<<10))
	wantFault(t, err, "L-101", "größer")
	keys, err := recht.LiesSchluessel("k.pub", []byte(line))
	if both := keys.Und(bund(2)); err != nil || len(both) != 2 || !both["probe-1"].Equal(keys["probe-1"]) {
		t.Errorf("got %v, %v", both, err)
	}
	if id, err := recht.SchluesselVon("n", signiert(t, 1, fixum950)); id != "probe-1" || err != nil {
		t.Errorf("got %q, %v", id, err)
	}
}

// FuzzOeffne: without the private key no text becomes a Nachtrag.
func FuzzOeffne(f *testing.F) {
	good := signiert(f, 1, fixum950)
	f.Add(good)
	f.Add([]byte(nachtragText(1, fixum950)))
	f.Add([]byte("schluessel: probe-1\nsignatur: \n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := bund(1).Oeffne("n", data); err == nil && !bytes.Equal(data, good) {
			t.Errorf("forged: %q", data)
		}
	})
}

// FuzzSigniere: what can be signed can be opened, and laying it over the law ends in a
// Sammlung or a fault.
func FuzzSigniere(f *testing.F) {
	basis := load(f)
	f.Add(nachtragText(1, fixum950))
	f.Add(nachtragText(1, "parameter: a/b\nname: A\ntyp: text\neinheit: E\nab: 2020-01-01\nwert: x\nnorm: N\nquelle: Q\ngeprueft: 2026-11-23"))
	f.Fuzz(func(t *testing.T, text string) {
		data, err := recht.Signiere("n", []byte(text), probe(1))
		if err != nil {
			return
		}
		n, err := recht.Schluesselbund{mustID(t, data): bund(1)["probe-1"]}.Oeffne("n", data)
		if err != nil {
			t.Fatalf("signed but not opened: %v", err)
		}
		if s, err := basis.Mit(n); (s == nil) != (err != nil) {
			t.Errorf("%v and %v", s, err)
		}
	})
}

func mustID(t *testing.T, data []byte) string {
	t.Helper()
	id, err := recht.SchluesselVon("n", data)
	if err != nil {
		t.Fatal(err)
	}
	return id
}
