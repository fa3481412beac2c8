package web_test

import (
	"context"
	"io"
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/web"
	pruefungsseite "github.com/offizin/offizin/web/pruefung"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/pruefung"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

// geprueft is a pharmacy that an auditor, PR, can be let into.
func geprueft(t *testing.T) *gesichert {
	t.Helper()
	g := oeffneGesichert(t)
	g.d.Pruefung, g.d.Tagesabschluss = pruefung.New(g.Kern), tagesabschluss.New(g.Kern, abschluss.Geraet{})
	g.d.Pruefungsdateien = pruefungsseite.Dateien{{
		Pfad: "x", Text: "Export X", Name: "x.csv", Typ: "text/csv",
		Schreiben: func(_ context.Context, von, bis civil.Day, w io.Writer) error {
			_, err := io.WriteString(w, von.String()+" "+bis.String())
			return err
		},
	}}
	h, err := web.New(g.d)
	g.Must(err)
	g.h = h
	g.Must(g.d.Haus.BenutzerSetzen(g.Ctx, g.A(), haus.Benutzer{Kuerzel: "PR", Name: "Pia Rot", Rolle: "Prüfer", Aktiv: true}))
	g.Must(g.d.Anmeldung.PINSetzen(g.Ctx, g.A(), "PR", "604417"))
	for nr, day := range map[string]civil.Day{"1-000001": 20261120, "1-000002": 20260630} {
		g.Book(event.VerkaufAbgeschlossen{Bon: bon.Bon{
			Nummer: nr, Art: bon.Verkauf, Tag: day, Zeit: 1, Benutzer: "EF", Kunde: "person-1",
			Positionen: []bon.Position{{
				Nr: 1, Menge: 1, Bezeichnung: "Ramipril", Traeger: zuzahlung.GKV, Person: "person-1", Rezept: "rezept-1",
				Gesamt: 1000, Zuzahlung: 500, TraegerZahlt: 500, KulanzGrund: "Frau Muster war verärgert",
			}},
			Zahlungen: []bon.Zahlung{{Art: bon.Bar, Betrag: 500}},
		}})
	}
	return g
}

func (g *gesichert) anmelden(kuerzel, pin string) {
	g.T.Helper()
	g.wants(g.tu("POST", "/anmelden", "kuerzel", kuerzel, "pin", pin), http.StatusSeeOther, "")
}

// zulassen lets PR in for the second half of the year.
func (g *gesichert) zulassen() {
	g.T.Helper()
	for _, k := range []string{"GH"} {
		g.Must(g.d.Anmeldung.PINSetzen(g.Ctx, g.A(), k, "582046"))
	}
	g.anmelden("AB", "493817")
	g.wants(g.tu("POST", "/pruefung/oeffnen", "kuerzel", "PR", "von", "01.07.2026", "bis", "31.12.2026", "ende", "30.11.2026",
		"anlass", "Prüfungsanordnung 17"), http.StatusSeeOther, "")
}

// Whoever may see one page only is led there when he logs in, and Esc leads there from what he may not
// see; others go back to where they came from.
func TestPrueferNachDemAnmelden(t *testing.T) {
	g := geprueft(t)
	g.zulassen()
	for _, c := range [][4]string{
		{"PR", "604417", "/verkauf", "/pruefung"},
		{"PR", "604417", "/", "/pruefung"},
		{"PR", "604417", "/pruefung/belege?tag=20.11.2026", "/pruefung/belege?tag=20.11.2026"},
		{"AB", "493817", "/verkauf?panel=kunde", "/verkauf?panel=kunde"},
	} {
		g.wants(g.tu("POST", "/anmelden", "kuerzel", c[0], "pin", c[1], "zurueck", c[2]), http.StatusSeeOther, c[3])
	}
	g.anmelden("PR", "604417")
	g.wants(g.tu("GET", "/verkauf"), http.StatusForbidden, `href="/pruefung" data-taste="Escape"`)
}

// AO § 147 (6), GoBD Z1: the auditor sees the period, without names, and every look stands in the
// journal, where the Inhaber sees it.
func TestPruefer(t *testing.T) {
	g := geprueft(t)
	g.anmelden("AB", "493817")
	form := []string{"kuerzel", "PR", "von", "01.07.2026", "bis", "31.12.2026", "ende", "30.11.2026", "anlass", "Nachschau"}
	g.wants(g.tu("POST", "/pruefung/oeffnen", form...), http.StatusConflict, "T-734")
	g.zulassen()
	g.anmelden("PR", "604417")
	g.wants(g.tu("GET", "/pruefung"), http.StatusOK, "01.07.2026 – 31.12.2026")
	g.wants(g.tu("GET", "/pruefung"), http.StatusOK, "Export X")
	w := g.tu("GET", "/pruefung/belege?tag=20.11.2026")
	g.wants(w, http.StatusOK, "1-000001")
	w = g.tu("GET", "/pruefung/beleg/1-000001")
	g.wants(w, http.StatusOK, "P-")
	for _, secret := range []string{"person-1", "rezept-1", "verärgert"} {
		if strings.Contains(w.Body.String(), secret) {
			t.Errorf("the auditor sees %s", secret)
		}
	}
	g.wants(g.tu("GET", "/pruefung/beleg/1-000002"), http.StatusForbidden, "T-737")
	g.wants(g.tu("GET", "/pruefung/belege?tag=30.06.2026"), http.StatusForbidden, "T-737")
	for _, page := range []string{"abschluesse", "kassenbuch", "ausfaelle", "aenderungen?von=01.01.2020&bis=31.12.2030"} {
		g.wants(g.tu("GET", "/pruefung/"+page), http.StatusOK, "")
	}
	g.wants(g.tu("GET", "/pruefung/aenderungen"), http.StatusOK, "Pia Rot, Prüfer")
	g.wants(g.tu("GET", "/pruefung/datei/x?von=01.01.2020"), http.StatusOK, "2026-07-01 2026-12-31")
	g.wants(g.tu("POST", "/pruefung/oeffnen", form...), http.StatusForbidden, "")
	g.anmelden("AB", "493817")
	page := g.tu("GET", "/pruefung")
	for _, look := range []string{"/pruefung/belege 20.11.2026", "/pruefung/beleg/1-000001", "/pruefung/beleg/1-000002", "/pruefung/datei/x"} {
		if !strings.Contains(page.Body.String(), look) {
			t.Errorf("the look at %s is not on record", look)
		}
	}
}

// The Inhaber looks into a record, too: every record, with headings instead of their keys.
func TestHausSiehtBeleg(t *testing.T) {
	g := geprueft(t)
	g.anmelden("AB", "493817")
	for page, want := range map[string]string{
		"beleg/1-000002": "Kostenträger", "belege?tag=20.11.2026": "Umsatz brutto", "abschluesse": "Geschäftstag",
		"kassenbuch": "Anlass", "ausfaelle": "Beginn", "aenderungen": "Nachher",
	} {
		w := g.tu("GET", "/pruefung/"+page)
		g.wants(w, http.StatusOK, want)
		if strings.Contains(w.Body.String(), "pruefung.") {
			t.Errorf("%s shows the key of a text", page)
		}
	}
	g.wants(g.tu("GET", "/pruefung/belege?tag=20.11.2026"), http.StatusOK, ">Verkauf<")
}

// GoBD Tz. 151–155: the Verfahrensdokumentation is there to be read and printed, for the auditor, too;
// names in it are text.
func TestVerfahrensdokumentation(t *testing.T) {
	g := geprueft(t)
	g.zulassen()
	g.anmelden("PR", "604417")
	g.wants(g.tu("GET", "/pruefung/verfahren"), http.StatusNotFound, "T-953")
	g.d.Verfahren = func(context.Context) ([]byte, error) {
		return []byte("# Verfahren\n\nRechte sind **noch\nnicht** in Kraft.\n\n| Rolle | Name |\n|---|---|\n| PTA | <b>x |\n"), nil
	}
	h, err := web.New(g.d)
	g.Must(err)
	g.h = h
	for _, want := range []string{"<h1>Verfahren</h1>", "<b>noch nicht</b>", "<th>Rolle</th>", "<td>&lt;b&gt;x</td>", "data-drucken", `href="/pruefung/datei/verfahren?pruefung=`} {
		g.wants(g.tu("GET", "/pruefung/verfahren"), http.StatusOK, want)
	}
	g.anmelden("AB", "493817")
	g.wants(g.tu("GET", "/pruefung"), http.StatusOK, "/pruefung/verfahren")
	g.wants(g.tu("GET", "/pruefung"), http.StatusOK, `data-taste="Alt+v"`)
}

// Two audits at once: the auditor chooses, and sees of each day only what belongs to the one that he
// looks at; what he chose stays in every address, and the looks are on record with theirs.
func TestZweiPruefungen(t *testing.T) {
	g := geprueft(t)
	g.zulassen()
	g.wants(g.tu("POST", "/pruefung/oeffnen", "kuerzel", "PR", "von", "01.01.2026", "bis", "30.06.2026", "ende", "24.11.2026",
		"anlass", "Nachschau"), http.StatusSeeOther, "")
	g.anmelden("PR", "604417")
	g.wants(g.tu("GET", "/pruefung/belege"), http.StatusConflict, "D-720")
	page := g.tu("GET", "/pruefung")
	g.wants(page, http.StatusOK, "Welche Prüfung?")
	ids := regexp.MustCompile(`/pruefung\?pruefung=([^"]+)`).FindAllStringSubmatch(page.Body.String(), -1)
	if len(ids) != 2 {
		t.Fatal(page.Body.String())
	}
	first, second := "?pruefung="+ids[0][1], "?pruefung="+ids[1][1] // the Nachschau ends first
	g.wants(g.tu("GET", "/pruefung"+first), http.StatusOK, `/pruefung/abschluesse`+first)
	list := g.tu("GET", "/pruefung/belege"+first+"&tag=30.06.2026")
	g.wants(list, http.StatusOK, `/pruefung/beleg/1-000002`+first)
	g.wants(list, http.StatusOK, `tag=29.06.2026&amp;pruefung=`+ids[0][1])
	g.wants(g.tu("GET", "/pruefung/beleg/1-000002"+first), http.StatusOK, "")
	g.wants(g.tu("GET", "/pruefung/beleg/1-000002"+second), http.StatusForbidden, "T-737")
	g.wants(g.tu("GET", "/pruefung/beleg/1-000001"+second), http.StatusOK, "")
	g.wants(g.tu("GET", "/pruefung/datei/x"+first), http.StatusOK, "2026-01-01 2026-06-30")
	g.wants(g.tu("GET", "/pruefung/belege?pruefung=anderer"), http.StatusForbidden, "T-736")
}

// While an auditor is let in, nobody without a PIN is at work, also who came later: the auditor could
// take his place. With a PIN he works, and without an auditor as before.
func TestOhnePINWaehrendDerPruefung(t *testing.T) {
	g := geprueft(t)
	g.zulassen()
	g.Must(g.d.Haus.BenutzerSetzen(g.Ctx, g.A(), haus.Benutzer{Kuerzel: "NP", Name: "Ohne PIN", Rolle: "PKA", Aktiv: true}))
	g.anmelden("PR", "604417")
	clear(g.keks)
	g.wants(g.tu("POST", "/benutzer", "kuerzel", "NP"), http.StatusForbidden, "D-721")
	g.wants(g.tu("GET", "/verkauf"), http.StatusSeeOther, "/anmelden")
	g.Must(g.d.Anmeldung.PINSetzen(g.Ctx, g.A(), "NP", "718254"))
	g.anmelden("NP", "718254")
	g.wants(g.tu("GET", "/verkauf"), http.StatusOK, "")
}

// The right ends by itself with its last day, and at once when the Inhaber ends it.
func TestPruefungEndet(t *testing.T) {
	g := geprueft(t)
	g.zulassen()
	g.anmelden("PR", "604417")
	g.wants(g.tu("GET", "/pruefung/belege"), http.StatusOK, "")
	g.Uhr.Advance(8 * 24 * time.Hour)
	g.anmelden("PR", "604417")
	for _, page := range []string{"", "/belege", "/beleg/1-000001", "/datei/x", "/aenderungen"} {
		g.wants(g.tu("GET", "/pruefung"+page), http.StatusForbidden, "T-736")
	}
}

// Whatever the program has, an auditor gets to nothing but his page: every route of the source is
// tried.
func TestPrueferErreichtNichtsAnderes(t *testing.T) {
	g := geprueft(t)
	g.zulassen()
	g.anmelden("PR", "604417")
	tried := 0
	for _, route := range routen(t) {
		method, path, _ := strings.Cut(route, " ")
		if strings.HasPrefix(path, "/pruefung") || strings.HasPrefix(path, "/anmelden") || path == "/ampel" || path == "/gesund" ||
			strings.HasPrefix(path, "/static") {
			continue
		}
		tried++
		if w := g.tu(method, path); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", route, w.Code)
		}
	}
	if tried < 60 {
		t.Errorf("only %d routes were found", tried)
	}
	g.wants(g.tu("POST", "/benutzer", "kuerzel", "AB"), http.StatusSeeOther, "") // to the PIN of another user
	g.Must(g.d.Haus.BenutzerSetzen(g.Ctx, g.A(), haus.Benutzer{Kuerzel: "NP", Name: "Ohne PIN", Rolle: "PKA", Aktiv: true}))
	g.wants(g.tu("POST", "/benutzer", "kuerzel", "NP"), http.StatusForbidden, "T-721")
}

// routen are all addresses that a page registers.
func routen(t *testing.T) (list []string) {
	t.Helper()
	pattern := regexp.MustCompile(`"((?:GET|POST) /[^"]*)"`)
	hole := regexp.MustCompile(`\{[^}]*\}`)
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		b, err := os.ReadFile(name)
		for _, m := range pattern.FindAllStringSubmatch(string(b), -1) {
			list = append(list, hole.ReplaceAllString(strings.ReplaceAll(m[1], "{$}", ""), "1"))
		}
		return err
	})
	g := []string{"GET /kassenbuch/ein", "POST /kassenbuch/aus", "POST /kassenbuch/ein"} // built in a loop
	if err != nil {
		t.Fatal(err)
	}
	return append(list, g...)
}
