package driver

import (
	"strings"
	"testing"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/export"
)

func abzug(change func(*Abzug)) *Abzug {
	a := &Abzug{
		heads: map[journal.Origin]export.Zeile{{Node: "platz-1", Incarnation: "a"}: {Seq: 9, Hash: "ff"}},
		bons:  map[string]gebucht{"k-1": {"1-000001", 595}, "k-2": {"1-000002", 595}, "k-3": {"2-000001", 330}},
	}
	change(a)
	return a
}

// Two machines hold the same, and everything that was acknowledged: nothing is said. Each thing
// that is wrong on the second one is found.
func TestPruefeFindet(t *testing.T) {
	told := []Bestaetigung{
		{Key: "k-1", Bon: "1-000001", Cent: 595},
		{Key: "k-2", Bon: "1-000002", Cent: 595},
		{Key: "k-3", Bon: "2-000001", Cent: 330},
	}
	for _, c := range []struct {
		want   string
		change func(*Abzug)
	}{
		{"", func(*Abzug) {}},
		{"lost: k-3", func(a *Abzug) { delete(a.bons, "k-3") }},
		{"number 1 is missing", func(a *Abzug) { a.bons["k-1"] = gebucht{"1-000003", 595} }},
		{"acknowledged was 1-000001 with 595", func(a *Abzug) { a.bons["k-1"] = gebucht{"1-000001", 596} }},
		{"nobody was told of: k-4", func(a *Abzug) { a.bons["k-4"] = gebucht{"1-000003", 1} }},
		{"doubled: k-1", func(a *Abzug) { a.doppelt = []string{"k-1 1-000001"} }},
		{"machine 1:", func(a *Abzug) {
			a.heads[journal.Origin{Node: "platz-1", Incarnation: "a"}] = export.Zeile{Seq: 8, Hash: "ff"}
		}},
		{"machine 1:", func(a *Abzug) {
			a.heads[journal.Origin{Node: "platz-1", Incarnation: "a"}] = export.Zeile{Seq: 9, Hash: "fe"}
		}},
	} {
		got := strings.Join(Pruefe([]*Abzug{abzug(func(*Abzug) {}), abzug(c.change)}, told, nil), "; ")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	sent := abzug(func(a *Abzug) { a.bons["k-4"] = gebucht{"1-000003", 1} })
	if got := Pruefe([]*Abzug{sent}, told, []Offen{{Key: "k-4"}}); len(got) > 0 {
		t.Errorf("a sale that was sent and not acknowledged may be there: %q", got)
	}
}

// The same key, or the same number, twice in an export is doubled.
func TestLiesDoppelt(t *testing.T) {
	line := func(seq, key, nr string) string {
		return `{"node":"platz-1","incarnation":"a","seq":` + seq + `,"key":"` + key + `/0","type":"verkauf.abgeschlossen.v1",` +
			`"payload":{"bon":{"nummer":"` + nr + `"}},"hash":"ff"}` + "\n"
	}
	for _, c := range []struct {
		text string
		want int
	}{
		{line("1", "a", "1-000001") + line("2", "b", "1-000002"), 0},
		{line("1", "a", "1-000001") + line("2", "a", "1-000002"), 1},
		{line("1", "a", "1-000001") + line("2", "b", "1-000001"), 1},
	} {
		a, err := lies(strings.NewReader(c.text))
		if err != nil || len(a.doppelt) != c.want || a.Saetze != 2 {
			t.Errorf("%+v %v, want %d doubled", a, err, c.want)
		}
	}
}
