package abdata_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/integration/abdata"
	"github.com/offizin/offizin/internal/fault"
)

// k2 writes lines with CR LF; "|" stands between them.
func k2(lines string) string { return strings.ReplaceAll(lines, "|", "\r\n") + "\r\n" }

const (
	kopf2 = "00K|01PAC_APO|02GES|0320261201|04|05TEST|06Packungsinfos|071005|082|"
	feld2 = "00F|0101|02PZN|031|040|05F|068|07PZ8|00F|0126|02Kurzname|030|041|05V|0626|07AN1|"
)

func alle(text string) (list []string, l *abdata.Leser, err error) {
	l, err = abdata.Oeffne(strings.NewReader(text), "X.GES")
	for err == nil {
		var s *abdata.Satz
		if s, err = l.Next(); err != nil {
			break
		}
		row := string(s.Art)
		for i := range l.Felder {
			if _, ok := s.Roh(i); ok {
				row += " " + l.Felder[i].Kennung + "=" + l.Text(s, i)
			}
		}
		for _, f := range s.Unbekannte {
			row += " ?" + f.Kennung + "=" + f.Text
		}
		list = append(list, row)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return list, l, err
}

// Facts, ABDATA K2, "Syntax" and "Rules for the importer".
func TestLeser(t *testing.T) {
	upd := strings.Replace(kopf2, "02GES|0320261201|04|", "02UPD|0320261201|0420261115|", 1)
	for name, c := range map[string]struct {
		text string
		want []string
		code string
	}{
		"a missing field is null":     {kopf2 + feld2 + "00I|0103752864|00E", []string{"I 01=03752864"}, ""},
		"an empty field is null":      {kopf2 + feld2 + "00I|0103752864|26|00E", []string{"I 01=03752864"}, ""},
		"fields in any order":         {kopf2 + feld2 + "00I|26Test|0103752864|00E", []string{"I 01=03752864 26=Test"}, ""},
		"the value may begin with 00": {kopf2 + feld2 + "00I|0100000010|2600I|00E", []string{"I 01=00000010 26=00I"}, ""},
		"unknown identifiers are kept": {
			kopf2 + feld2 + `00I|0103752864|Z9a\a25|26B|00E`,
			[]string{`I 01=03752864 26=B ?Z9=a\a25`},
			"",
		},
		"a long line": {
			kopf2 + feld2 + "00I|0103752864|26" + strings.Repeat("a", 1<<19) + "|00E",
			[]string{"I 01=03752864 26=" + strings.Repeat("a", 1<<19)},
			"",
		},
		"no record is a file too": {kopf2 + feld2 + "00E", nil, ""},
		"U, D; null in an U": {
			upd + feld2 + "00U|0103752864|26|00D|0127580899|00I|0103752864|26x|00E",
			[]string{"U 01=03752864 26=", "D 01=27580899", "I 01=03752864 26=x"},
			"",
		},

		"nothing":                      {"", nil, "A-480"},
		"not K2":                       {"PZN;Name|04877800;Testol", nil, "A-480"},
		"truncated in the head":        {"00K|01PAC_APO", nil, "A-481"},
		"truncated between records":    {kopf2 + feld2 + "00I|0103752864", []string{}, "A-481"},
		"truncated in 00E":             {kopf2 + feld2 + "00I|0103752864|00", []string{}, "A-489"},
		"truncated in an identifier":   {kopf2 + feld2 + "00I|0103752864|2", []string{}, "A-492"},
		"field without identifier":     {kopf2 + "00F|02PZN|" + feld2 + "00E", nil, "A-482"},
		"no day":                       {strings.Replace(kopf2, "20261201", "20261301", 1) + feld2 + "00E", nil, "A-483"},
		"neither GES nor UPD":          {strings.Replace(kopf2, "02GES", "02ALL", 1) + feld2 + "00E", nil, "A-483"},
		"UPD without the day before":   {strings.Replace(kopf2, "02GES", "02UPD", 1) + feld2 + "00E", nil, "A-483"},
		"number of fields not stated":  {strings.Replace(kopf2, "082|", "", 1) + feld2 + "00E", nil, "A-483"},
		"08 is not the number of 00F":  {strings.Replace(kopf2, "082", "083", 1) + feld2 + "00E", nil, "A-484"},
		"U in a GES":                   {kopf2 + feld2 + "00U|0103752864|00E", nil, "A-485"},
		"F behind I":                   {kopf2 + feld2 + "00I|0103752864|00F|0126|00E", []string{"I 01=03752864"}, "A-485"},
		"unknown record":               {kopf2 + feld2 + "00X|00E", nil, "A-485"},
		"no key":                       {kopf2 + feld2 + "00I|26Test|00E", nil, "A-486"},
		"more behind 00E":              {kopf2 + feld2 + "00E|00K", nil, "A-487"},
		"00 without a letter":          {kopf2 + feld2 + "00|00E", nil, "A-489"},
		"a line of over 1 MB":          {kopf2 + feld2 + "00I|26" + strings.Repeat("a", 1<<20) + "|00E", nil, "A-490"},
		"not ASCII":                    {kopf2 + feld2 + "00I|0103752864|26ä|00E", nil, "A-492"},
		"an empty line":                {kopf2 + feld2 + "00I|0103752864||00E", nil, "A-492"},
		"a control character":          {kopf2 + feld2 + "00I|0103752864|26a\tb|00E", nil, "A-492"},
		"a field twice in a record":    {kopf2 + feld2 + "00I|0103752864|26a|26b|00E", nil, "A-493"},
		"a field described twice":      {kopf2 + feld2 + "00F|0126|02x|00E", nil, "A-493"},
		"a field of the head twice":    {"00K|01PAC_APO|01PAC_APO|00E", nil, "A-493"},
		"too many unknown identifiers": {kopf2 + feld2 + "00I|0103752864|" + viele(501) + "00E", nil, "A-488"},
		"too many fields in the head":  {"00K|" + viele(501) + "00E", nil, "A-488"},
	} {
		for _, text := range []string{k2(c.text), strings.ReplaceAll(k2(c.text), "\r\n", "\n")} {
			if c.text == "" {
				text = ""
			}
			list, _, err := alle(text)
			f, _ := errors.AsType[*fault.Fault](err)
			switch {
			case c.code == "" && err != nil, c.code != "" && (f == nil || f.Code != c.code):
				t.Errorf("%s: %v, want %q", name, err, c.code)
			case c.code != "" && !strings.HasPrefix(err.Error(), "X.GES, Zeile "):
				t.Errorf("%s: %v does not say where", name, err)
			case !slices.Equal(list, c.want) && len(list)+len(c.want) > 0:
				t.Errorf("%s: got %q, want %q", name, list, c.want)
			}
		}
	}
}

func viele(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%c%c|", 'a'+i/26, 'A'+i%26)
	}
	return b.String()
}

// Facts, ABDATA K2, "Characters".
func TestZeichen(t *testing.T) {
	for in, want := range map[string]string{
		`\a25`: "ä", `\A25`: "Ä", `\u25`: "ü", `\s39`: "ß", `\900`: "€", `\324`: "!",
		`a~nb`: "a\nb", `~kfett~k`: "fett", `~ix`: "• x", `1~gg`: "1\u2009g",
		`Kr\a25utertee f\u25r 5\900`: "Kräutertee für 5€", `\333a25`: `\a25`, `\465n`: "~n",
		`x\q99y`: `x\q99y`, `\a2`: `\a2`, `\`: `\`, `~`: `~`, `~x`: `~x`, `\a\a25`: `\aä`, `\zz~n`: "\\zz\n",
	} {
		list, l, err := alle(k2(kopf2 + feld2 + "00I|0103752864|26" + in + "|00E"))
		if err != nil || len(list) != 1 || list[0] != "I 01=03752864 26="+want {
			t.Errorf("%s: %q, %v; want %q", in, list, err, want)
			continue
		}
		if fremd, _ := l.Unbekannt(); (len(fremd) > 0) != slices.Contains([]string{`x\q99y`, `\a2`, `\`, `~`, `~x`, `\a\a25`, `\zz~n`}, in) {
			t.Errorf("%s: unknown %q", in, fremd)
		}
	}
	text := kopf2 + feld2
	for i := range 300 {
		text += fmt.Sprintf(`00I|01%08d|26\q%02d\r%02d\t%02d|Z91|`, i, i%100, i%100, i%100)
	}
	_, l, err := alle(k2(text + "00E"))
	if zeichen, felder := l.Unbekannt(); err != nil || len(zeichen) != 101 || !slices.Contains(zeichen, "…") || !slices.Equal(felder, []string{"Z9"}) {
		t.Errorf("%d unknown escapes, %q, %v", len(zeichen), felder, err)
	}
}

// The table of escapes and the pair of the reference.
func TestReferenz(t *testing.T) {
	root := os.Getenv("OFFIZIN_REFERENZ")
	if root == "" {
		t.Skip("OFFIZIN_REFERENZ is not set")
	}
	dir := filepath.Join(root, "protocols", "abdata")
	table, err := os.ReadFile(filepath.Join(dir, "k2-escapes.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	decided := map[string]string{`\333`: `\`, `\365`: " ", `\a33`: `\a33`} // PROTOCOL.md
	n := 0
	for line := range strings.Lines(string(table)) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if n++; n == 1 {
			continue
		}
		want, ok := decided[f[0]]
		if !ok {
			want = f[1]
		}
		list, _, err := alle(k2(kopf2 + feld2 + "00I|0103752864|26" + f[0] + "|00E"))
		if err != nil || list[0] != "I 01=03752864 26="+want {
			t.Errorf("%s: %q, %v; want %q", f[0], list, err, want)
		}
	}
	if n != 182 {
		t.Errorf("%d lines in the table", n)
	}
	for file, want := range map[string][]string{
		"SYNTH_PAC_APO.GES": {"I 01=03752864 02=480 03=2 04=899 05=ABCü 1", "I 01=27580899 02=0 03=1 04=0"},
		"SYNTH_PAC_APO.UPD": {"I 01=12345678 02=100 03=2 04=250", "U 01=03752864 02=499", "D 01=27580899"},
	} {
		b, err := os.ReadFile(filepath.Join(dir, "synthetic-k2", file))
		if err != nil {
			t.Fatal(err)
		}
		list, l, err := alle(string(b))
		if err != nil || !slices.Equal(list, want) {
			t.Errorf("%s: %q, %v; want %q", file, list, err, want)
		}
		if k := l.Kopf; k.Name != "PAC_APO" || string(k.Inhalt) != file[len(file)-3:] || k.GueltigAb != civil.Must(2026, 12, 1) ||
			k.Nummer != "1005" || (k.Vorher == civil.Must(2026, 11, 15)) != (k.Inhalt == abdata.UPD) {
			t.Errorf("%s: %+v", file, k)
		}
		for i := range b { // cut anywhere, it is refused
			if _, _, err := alle(string(b[:i])); err == nil && i < len(b)-2 {
				t.Errorf("%s: the first %d bytes pass", file, i)
			}
		}
	}
}

func FuzzLeser(f *testing.F) {
	f.Add(k2(kopf2 + feld2 + `00I|0103752864|26Kr\a25uter~n|Z91|00E`))
	f.Add(k2(strings.Replace(kopf2, "02GES|0320261201|04|", "02UPD|0320261201|0420261115|", 1) + feld2 +
		"00U|0103752864|26|00D|0127580899|00E"))
	f.Fuzz(func(t *testing.T, text string) {
		list, l, err := alle(text)
		if err != nil {
			if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Kind != fault.Invalid {
				t.Fatalf("%v is no verdict", err)
			}
			return
		}
		if len(l.Felder) != l.Kopf.Feldzahl || strings.Count(text, "\n") < 2*len(list) {
			t.Fatalf("%d fields of %d, %d records in %q", len(l.Felder), l.Kopf.Feldzahl, len(list), text)
		}
	})
}
