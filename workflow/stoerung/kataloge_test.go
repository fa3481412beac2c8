package stoerung_test

import (
	"testing"

	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// What is lacking comes by itself; only what does not come is a warning. A machine that is alone
// has no such link.
func TestKatalogeDerRechner(t *testing.T) {
	for name, c := range map[string]struct {
		k    stoerung.Kataloge
		code string
		text string
	}{
		"equal":    {stoerung.Kataloge{Rechner: 2}, "", "Alle Rechner haben dieselben Kataloge und dasselbe Recht."},
		"lacking":  {stoerung.Kataloge{Rechner: 2, Fehlt: []string{"2026-12-01-00"}}, "", "Hier fehlt „2026-12-01-00“, sie werden gleich geholt."},
		"fetching": {stoerung.Kataloge{Rechner: 2, Fehlt: []string{"a"}, Progress: "a", Prozent: 40}, "", "„a“ wird von einem anderen Rechner geholt (40 %)."},
		"refused": {
			stoerung.Kataloge{Rechner: 2, Fehlt: []string{"a", "b"}, Fehler: "Kein Platz. (M-132)"},
			"M-137",
			"Hier fehlen Kataloge oder Nachträge der anderen Rechner, etwa „a“ – Kein Platz. (M-132)",
		},
		"others": {stoerung.Kataloge{Rechner: 2, Ohne: []string{"platz-3"}}, "", "Hier ist alles da; platz-3 holt noch auf."},
		"cut":    {stoerung.Kataloge{}, "", "Kein anderer Rechner antwortet; was hier fehlt, kommt, sobald einer da ist."},
	} {
		st := workflowtest.New(t, nil)
		s := stoerung.New(st.Kern, stoerung.Options{Kataloge: func() (stoerung.Kataloge, bool) { return c.k, true }})
		if g := finde(s.Zustand(t.Context()), "kataloge"); g == nil || g.Code != c.code || g.Text != c.text {
			t.Errorf("%s: %+v", name, g)
		}
		s = stoerung.New(st.Kern, stoerung.Options{Kataloge: func() (stoerung.Kataloge, bool) { return c.k, false }})
		if g := finde(s.Zustand(t.Context()), "kataloge"); g != nil {
			t.Errorf("alone: %+v", g)
		}
	}
}

func finde(l stoerung.Lage, id string) *stoerung.Glied {
	for _, g := range l.Glieder {
		if g.ID == id {
			return &g
		}
	}
	return nil
}
