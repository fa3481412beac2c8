package lager_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/lager"
	"github.com/offizin/offizin/workflow/workflowtest"
)

var (
	ramipril = workflowtest.PZN("1234560")
	ibu      = workflowtest.PZN("1234562")
	fremd    = workflowtest.PZN("1234563") // not in the catalogue
)

func open(t testing.TB) (*workflowtest.Stand, *lager.Service) {
	t.Helper()
	x := workflowtest.New(t, []artikel.Artikel{
		workflowtest.Rx(ramipril, "RAMIPRIL Demo", "Ramipril", 200, 1300),
		workflowtest.Rx(ibu, "IBU Demo", "Ibuprofen", 0, 1400),
	})
	return x, lager.New(x.Kern)
}

func counts(x *workflowtest.Stand, s *lager.Service, f lager.Filter) map[kennung.PZN]int {
	x.T.Helper()
	page, err := s.Liste(x.Ctx, f)
	x.Must(err)
	out := map[kennung.PZN]int{}
	for _, z := range page.Zeilen {
		out[z.Artikel.PZN] = z.Bestand
	}
	return out
}

func TestZugangVerkaufKorrektur(t *testing.T) {
	x, s := open(t)
	a := x.A()
	x.Must(s.Zugang(x.Ctx, a, ramipril, 10, "LS 4711"))
	x.Must(s.Zugang(x.Ctx, a, ramipril, 10, "LS 4711")) // the same act twice
	x.Book(event.VerkaufAbgeschlossen{Bon: bon.Bon{
		Nummer: "1-000001", Art: bon.Verkauf, Tag: 20261123, Positionen: []bon.Position{{Nr: 1, PZN: ramipril, Menge: 3}},
	}})
	x.Must(s.Korrektur(x.Ctx, x.A(), ramipril, 6, " Bruch "))
	x.Must(s.Korrektur(x.Ctx, x.A(), ramipril, 6, "noch einmal gezählt")) // nothing to change
	got, err := s.Artikel(x.Ctx, ramipril)
	x.Must(err)
	if got.Bestand != 6 || got.Wert != 1200 || len(got.Bewegungen) != 3 {
		t.Errorf("%+v", got)
	}
	if m := got.Bewegungen[0]; m.Delta != -1 || m.Grund != "Bruch" || m.Art != "korrektur" || m.Wer != "AB" {
		t.Errorf("last movement %+v", m)
	}
	w, err := s.Wert(x.Ctx)
	x.Must(err)
	if diff := cmp.Diff(lager.Wert{Artikel: 1, Packungen: 6, AEP: 1200}, w); diff != "" {
		t.Error(diff)
	}
}

func TestRefused(t *testing.T) {
	x, s := open(t)
	long := strings.Repeat("x", 201)
	x.Fails(s.Zugang(x.Ctx, x.A(), ramipril, 0, ""), "B-101")
	x.Fails(s.Zugang(x.Ctx, x.A(), ramipril, 100_000, ""), "B-101")
	x.Fails(s.Zugang(x.Ctx, x.A(), ramipril, 1, long), "B-104")
	x.Fails(s.Zugang(x.Ctx, x.A(), fremd, 1, ""), "B-105")
	x.Fails(s.Korrektur(x.Ctx, x.A(), ramipril, -1, "Bruch"), "B-102")
	x.Fails(s.Korrektur(x.Ctx, x.A(), ramipril, 1, "  "), "B-103")
	x.Fails(s.Korrektur(x.Ctx, x.A(), ramipril, 1, "a\x00b"), "B-104")
	x.Fails(s.Korrektur(x.Ctx, x.A(), fremd, 1, "da"), "B-105")
	x.Fails(s.Zugang(x.Ctx, workflow.Auftrag{Key: "k"}, ramipril, 1, ""), "V-001")
	if got := counts(x, s, lager.Filter{}); len(got) != 0 {
		t.Errorf("something was booked: %v", got)
	}
}

func TestEroeffnung(t *testing.T) {
	x, s := open(t)
	file := fmt.Sprintf("\xef\xbb\xbfPZN;Menge\r\n%s;5\r\n\r\n\"%s\";\"0\"\r\n%s;7", ramipril, ibu, fremd)
	a := x.A()
	for range 2 { // the same key: the second is the same act
		got, err := s.Eroeffnung(x.Ctx, a, strings.NewReader(file), nil)
		x.Must(err)
		want := lager.Bericht{Zeilen: 3, Gebucht: 2, Unveraendert: 1, OhneKatalog: []kennung.PZN{fremd}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	again, err := s.Eroeffnung(x.Ctx, x.A(), strings.NewReader(file), nil) // another key: all is right already
	x.Must(err)
	if again.Gebucht != 0 || again.Unveraendert != 3 {
		t.Errorf("again: %+v", again)
	}
	want := map[kennung.PZN]int{ramipril: 5, fremd: 7}
	if diff := cmp.Diff(want, counts(x, s, lager.Filter{})); diff != "" {
		t.Error(diff)
	}
	if w, err := s.Wert(x.Ctx); err != nil || w.OhneAEP != 1 || w.AEP != 1000 {
		t.Errorf("%+v %v", w, err)
	}
}

// A file with faulty lines is refused as a whole, each line with its number.
func TestEroeffnungFaulty(t *testing.T) {
	x, s := open(t)
	file := fmt.Sprintf("%s;5\n12345679;1\n%s;-1\n%s;3\n%s\n%s;1,5\n", ramipril, ibu, ramipril, fremd, fremd)
	got, err := s.Eroeffnung(x.Ctx, x.A(), strings.NewReader(file), nil)
	x.Fails(err, "B-201")
	var lines []int
	for _, f := range got.Fehler {
		lines = append(lines, f.Zeile)
	}
	if diff := cmp.Diff([]int{2, 3, 4, 5, 6}, lines); diff != "" {
		t.Error(diff)
	}
	_, err = s.Eroeffnung(x.Ctx, x.A(), strings.NewReader("PZN;Menge\n"), nil)
	x.Fails(err, "B-202")
	_, err = s.Eroeffnung(x.Ctx, x.A(), strings.NewReader(strings.Repeat("x", 5<<20)), nil)
	x.Fails(err, "B-204")
	if got := counts(x, s, lager.Filter{}); len(got) != 0 {
		t.Errorf("something was booked: %v", got)
	}
}

// 20,000 rows take several acts; broken off in the middle, the same file goes on.
func TestEroeffnungGoesOn(t *testing.T) {
	x, s := open(t)
	file, n := large(20_000)
	ctx, cancel := context.WithCancel(x.Ctx)
	a := x.A()
	_, err := s.Eroeffnung(ctx, a, strings.NewReader(file), func(done, all int) {
		if all != n {
			t.Errorf("%d of %d", done, all)
		}
		if done >= 5000 {
			cancel()
		}
	})
	x.Fails(err, "B-203")
	half, err := s.Wert(x.Ctx)
	x.Must(err)
	if half.Artikel != 5000 {
		t.Errorf("%d articles after the break", half.Artikel)
	}
	_, err = s.Eroeffnung(x.Ctx, a, strings.NewReader(file), nil)
	x.Must(err)
	whole, err := s.Wert(x.Ctx)
	x.Must(err)
	if whole.Artikel != n || whole.Packungen != 3*n {
		t.Errorf("%+v", whole)
	}
}

func large(n int) (string, int) {
	var b strings.Builder
	rows := 0
	for base := 2_000_000; rows < n; base++ {
		if check, ok := kennung.PZNCheck(fmt.Sprint(base)); ok {
			fmt.Fprintf(&b, "%d%c;3\n", base, check)
			rows++
		}
	}
	return b.String(), rows
}

func TestListe(t *testing.T) {
	x, s := open(t)
	file, _ := large(120)
	_, err := s.Eroeffnung(x.Ctx, x.A(), strings.NewReader(file), nil)
	x.Must(err)
	x.Must(s.Zugang(x.Ctx, x.A(), ibu, 2, ""))
	x.Book(event.BestandGeaendert{PZN: ramipril, Delta: -1, Art: "korrektur"})
	seen := 0
	f := lager.Filter{Limit: 50}
	for {
		page, err := s.Liste(x.Ctx, f)
		x.Must(err)
		seen += len(page.Zeilen)
		if page.Weiter == "" {
			break
		}
		f.Nach = page.Weiter
	}
	if seen != 122 {
		t.Errorf("%d articles on all pages, want 122", seen)
	}
	for name, c := range map[string]struct {
		f    lager.Filter
		want map[kennung.PZN]int
	}{
		"by words":  {lager.Filter{Text: "demo ibu"}, map[kennung.PZN]int{ibu: 2}},
		"by PZN":    {lager.Filter{Text: "1234560"}, map[kennung.PZN]int{ramipril: -1}},
		"negative":  {lager.Filter{Nur: lager.Negativ}, map[kennung.PZN]int{ramipril: -1}},
		"empty":     {lager.Filter{Nur: lager.Leer}, map[kennung.PZN]int{}},
		"available": {lager.Filter{Nur: lager.Da, Text: "Ibuprofen"}, map[kennung.PZN]int{ibu: 2}},
	} {
		if diff := cmp.Diff(c.want, counts(x, s, c.f)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	_, err = s.Artikel(x.Ctx, fremd)
	x.Fails(err, "B-105")
}

func FuzzEroeffnung(f *testing.F) {
	f.Add("PZN;Menge\n12345600;1")
	f.Add("\";\";;\n")
	f.Fuzz(func(t *testing.T, file string) {
		x, s := open(t)
		got, err := s.Eroeffnung(x.Ctx, x.A(), strings.NewReader(file), nil)
		if err == nil && got.Zeilen == 0 || err != nil && fault.KindOf(err) == fault.Internal {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
