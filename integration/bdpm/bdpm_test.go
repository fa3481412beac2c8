package bdpm_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/integration/bdpm"
	"github.com/offizin/offizin/internal/fault"
)

// Invented rows in the form of the list.
const (
	produkte = "60000001\tBEISPIEL 500 mg, comprim\xe9\tcomprim\xe9\torale\tAutorisation active\tProc\xe9dure nationale\t" +
		"Commercialis\xe9e\t01/01/2001\t\t\t MUSTER \x92X\x92  FRANCE\tNon\n" +
		"60000002\tMUSTER 20 mg/ml, sirop\tsirop\torale\tAutorisation active\tx\tNon commercialis\xe9e\t\t\t\tMUSTER\tNon\n"
	packungen = "60000001\t4949729\tplaquette(s) de 30 comprim\xe9(s)\tPr\xe9sentation active\tD\xe9claration de " +
		"commercialisation\t16/03/2011\t3400949497294\toui\t65%\t44,38\t1,245,40\t1,02\t\n" +
		"69999999\t4949770\tverwaist\tx\tx\t\t3400949497706\toui\t\t\t\t\t\n" +
		"60000002\t3320863\t2 flacon(s) de 20 ml\tPr\xe9sentation active\tD\xe9claration de commercialisation\t\t" +
		"3400933208639\tnon\t\t\t\t\t\n"
)

func ordner(a, b string) fstest.MapFS {
	return fstest.MapFS{"CIS_bdpm.txt": {Data: []byte(a)}, "CIS_CIP_bdpm.txt": {Data: []byte(b)}}
}

func lies(fsys fstest.MapFS) (list []artikel.Artikel, err error) {
	for a, err := range bdpm.Artikel(fsys) {
		if err != nil {
			return list, err
		}
		list = append(list, a)
	}
	return list, nil
}

func code(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Code
	}
	return ""
}

// 8000001 has the remainder 4: Σ i·d_i = 8 + 7 = 15; a pack without its product leaves its
// number free.
func TestArtikel(t *testing.T) {
	want := []artikel.Artikel{
		{
			PZN: "80000008", Name: "BEISPIEL 500 mg, comprimé", Hersteller: "MUSTER ’X’ FRANCE", Menge: "30", Einheit: "St",
			Art: artikel.Arzneimittel, Status: artikel.Verkehr, AVP: 124540, UVP: 124540, MwSt: artikel.MwStVoll,
			Apothekenpflichtig: true, Verschreibungspflichtig: true,
		},
		{
			PZN: "80000020", Name: "MUSTER 20 mg/ml, sirop", Hersteller: "MUSTER", Menge: "20", Einheit: "ml",
			Art: artikel.Arzneimittel, Status: artikel.AusserVertrieb, MwSt: artikel.MwStVoll, Apothekenpflichtig: true,
		},
	}
	packed := fstest.MapFS{"CIS_bdpm.txt.gz": {Data: gepackt(t, produkte)}, "CIS_CIP_bdpm.txt.gz": {Data: gepackt(t, packungen)}}
	utf8 := ordner(latein(produkte), latein(packungen))
	for name, fsys := range map[string]fstest.MapFS{"plain": ordner(produkte, packungen), "gzip": packed, "UTF-8": utf8} {
		got, err := lies(fsys)
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("%s: %v %s", name, err, d)
		}
	}
}

func gepackt(t testing.TB, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func latein(s string) string {
	return strings.NewReplacer("\xe9", "é", "\x92", "’").Replace(s)
}

// What is damaged is refused with its line, and nothing of it is taken for a pack.
func TestBeschaedigt(t *testing.T) {
	long := strings.Repeat("x", bdpm.MaxZeile+1)
	bad := gepackt(t, produkte)
	for name, c := range map[string]struct {
		fsys fstest.MapFS
		code string
	}{
		"no file":        {fstest.MapFS{"CIS_bdpm.txt": {}}, "A-701"},
		"columns":        {ordner(produkte, "60000001\t4949729\n"), "A-702"},
		"long line":      {ordner(long, packungen), "A-703"},
		"empty line":     {ordner("\n"+produkte, packungen), "A-702"},
		"product twice":  {ordner(produkte+produkte, packungen), "A-704"},
		"no name":        {ordner(strings.Replace(produkte, "MUSTER 20 mg/ml, sirop", " ", 1), packungen), "A-704"},
		"pack twice":     {ordner(produkte, packungen+packungen), "A-705"},
		"check digit":    {ordner(produkte, strings.Replace(packungen, "3400949497294", "3400949497295", 1)), "A-705"},
		"other numbers":  {ordner(produkte, strings.Replace(packungen, "4949729", "4949728", 1)), "A-705"},
		"price":          {ordner(produkte, strings.Replace(packungen, "1,245,40", "1245.40", 1)), "A-706"},
		"negative price": {ordner(produkte, strings.Replace(packungen, "1,245,40", "-245,40", 1)), "A-706"},
		"no gzip":        {fstest.MapFS{"CIS_bdpm.txt.gz": {Data: []byte(produkte)}}, "A-707"},
		"cut off":        {fstest.MapFS{"CIS_bdpm.txt.gz": {Data: bad[:len(bad)-9]}}, "A-707"},
	} {
		if _, err := lies(c.fsys); code(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// A file that unpacks to more than the limit is not read to its end.
func TestBombe(t *testing.T) {
	row := strings.TrimSuffix(strings.SplitAfter(produkte, "\n")[0], "\n") + strings.Repeat(" ", 60_000) + "\n"
	var b strings.Builder
	for i := 0; b.Len() < bdpm.MaxBytes+len(row); i++ {
		b.WriteString(strings.Replace(row, "60000001", "6"+string(rune('a'+i%26))+string(rune('a'+i/26)), 1))
	}
	fsys := fstest.MapFS{"CIS_bdpm.txt.gz": {Data: gepackt(t, b.String())}}
	if _, err := lies(fsys); code(err) != "A-703" {
		t.Error(err)
	}
}

// The reading can be left at any pack.
func TestVorzeitig(t *testing.T) {
	n := 0
	for range bdpm.Artikel(ordner(produkte, packungen)) {
		n++
		break
	}
	if n != 1 {
		t.Error(n)
	}
}

// FuzzArtikel: whatever the files hold, each pack that comes out has a number of its own
// that is a PZN for articles of a pharmacy's own, a name, and prices that are none below 0.
func FuzzArtikel(f *testing.F) {
	f.Add([]byte(produkte), []byte(packungen))
	f.Add([]byte(latein(produkte)), []byte(strings.Replace(packungen, "44,38", "x", 1)))
	f.Add([]byte("\t\t\t\t\t\t\t\t\t\t\t"), []byte("\t\t\t\t\t\t\t\t\t\t\t\t"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		seen := map[kennung.PZN]bool{}
		list, err := lies(ordner(string(a), string(b)))
		for _, x := range list {
			if p, err := kennung.ParsePZN(string(x.PZN)); err != nil || !kennung.IstHausPZN(p) || seen[p] {
				t.Errorf("PZN %s: %v", x.PZN, err)
			}
			if seen[x.PZN] = true; x.Name == "" || x.AVP < 0 {
				t.Errorf("%+v", x)
			}
		}
		if err != nil && code(err) == "" {
			t.Errorf("an error without a code: %v", err)
		}
	})
}

// The list of November 2019: 20,083 packs, three of them without their product.
func TestReferenz(t *testing.T) {
	dir := os.Getenv("OFFIZIN_REFERENZ")
	if dir == "" {
		t.Skip("OFFIZIN_REFERENZ is not set")
	}
	n, rx, priced, counted := 0, 0, 0, 0
	for a, err := range bdpm.Artikel(os.DirFS(filepath.Join(dir, "protocols", "catalogue-fr"))) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if a.Verschreibungspflichtig {
			rx++
		}
		if a.AVP > 0 {
			priced++
		}
		if a.Menge != "" {
			counted++
		}
	}
	if n != 20080 || rx != 11268 || priced != 12821 || counted < 20000 {
		t.Errorf("%d packs, %d prescription-only, %d with a price, %d with a quantity", n, rx, priced, counted)
	}
}
