package stoerung_test

import (
	"testing"
	"time"

	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// A backup that fails, is old or was not tested for more than eight days is told; without a
// folder there is a hint and no alarm. Today is 2026-11-23.
func TestDatensicherung(t *testing.T) {
	noon := func(day int) time.Time { return time.Date(2026, 11, day, 11, 0, 0, 0, time.UTC) }
	good := stoerung.Datensicherung{Code: true, Ordner: "/media/s", Seit: noon(1), Letzte: noon(23), Geprueft: noon(16)}
	for name, c := range map[string]struct {
		change func(*stoerung.Datensicherung)
		code   string
	}{
		"all is well":          {func(*stoerung.Datensicherung) {}, ""},
		"no folder":            {func(d *stoerung.Datensicherung) { *d = stoerung.Datensicherung{Code: true} }, ""},
		"no code":              {func(d *stoerung.Datensicherung) { d.Code = false }, ""},
		"failed":               {func(d *stoerung.Datensicherung) { d.Fehler = "Der Ordner fehlt." }, "D-130"},
		"failed for days":      {func(d *stoerung.Datensicherung) { d.Fehler, d.Letzte = "Der Ordner fehlt.", noon(20) }, "D-131"},
		"two days old":         {func(d *stoerung.Datensicherung) { d.Letzte = noon(21) }, ""},
		"three days old":       {func(d *stoerung.Datensicherung) { d.Letzte = noon(20) }, "D-133"},
		"test failed":          {func(d *stoerung.Datensicherung) { d.ProbeFehler = "Sie ist beschädigt." }, "D-132"},
		"tested 8 days ago":    {func(d *stoerung.Datensicherung) { d.Geprueft = noon(15) }, ""},
		"tested 9 days ago":    {func(d *stoerung.Datensicherung) { d.Geprueft = noon(14) }, "D-134"},
		"never tested, new":    {func(d *stoerung.Datensicherung) { d.Geprueft, d.Seit = time.Time{}, noon(22) }, ""},
		"never tested, old":    {func(d *stoerung.Datensicherung) { d.Geprueft = time.Time{} }, "D-134"},
		"just set up":          {func(d *stoerung.Datensicherung) { d.Letzte, d.Geprueft, d.Seit = time.Time{}, time.Time{}, noon(23) }, ""},
		"nothing for a while":  {func(d *stoerung.Datensicherung) { d.Letzte, d.Seit = time.Time{}, noon(19) }, "D-133"},
		"under way, else well": {func(d *stoerung.Datensicherung) { d.Laeuft = "Es wird gerade gesichert." }, ""},
	} {
		d := good
		c.change(&d)
		x := workflowtest.New(t, nil)
		s := stoerung.New(x.Kern, stoerung.Options{Datensicherung: func() stoerung.Datensicherung { return d }})
		g := glied(t, s.Zustand(x.Ctx), "datensicherung")
		if g.Code != c.code || (g.Code == "") != (g.Zustand == stoerung.Gut) || g.Text == "" {
			t.Errorf("%s: %+v", name, g)
		}
	}
}
