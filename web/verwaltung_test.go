package web_test

import (
	"bytes"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/integration/erezept"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/artikelsuche"
	"github.com/offizin/offizin/workflow/auswahl"
	"github.com/offizin/offizin/workflow/festlegung"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/offeneposten"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/uebungsbetrieb"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/vormerkung"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// laden is the whole program but for disk and network.
type laden struct {
	*workflowtest.Stand
	d web.Dienste
	h http.Handler
}

func oeffne(t *testing.T) *laden {
	t.Helper()
	return oeffneMit(t, workflowtest.Rx("01126111", "Demolol", "Demolol", 1000, 1516))
}

// oeffneMit opens a shop that sells these articles.
func oeffneMit(t *testing.T, list ...artikel.Artikel) *laden {
	t.Helper()
	l := ohnePersonal(t, list...)
	l.Must(l.d.Haus.BenutzerSetzen(l.Ctx, l.A(), haus.Benutzer{Kuerzel: "AB", Name: "Anna Berg", Aktiv: true}))
	return l
}

// ohnePersonal is a shop where nobody works yet.
func ohnePersonal(t *testing.T, list ...artikel.Artikel) *laden {
	t.Helper()
	x := workflowtest.New(t, list)
	law, err := recht.Load()
	x.Must(err)
	own, err := festlegung.New(x.Ctx, x.Kern, festlegung.Options{Basis: law})
	x.Must(err)
	d := web.Dienste{
		Clock: x.Uhr, Log: slog.New(slog.DiscardHandler), Platz: "platz-1", Artikelsuche: artikelsuche.New(x.Kern),
		Personen: person.New(x.Kern), Haus: haus.New(x.Kern), Recht: own, Stoerung: stoerung.New(x.Kern, stoerung.Options{}),
	}
	d.Rezepte = rezeptannahme.New(x.Kern, d.Personen, erezept.Parse)
	d.Verkauf = verkauf.New(x.Kern, d.Personen, d.Rezepte)
	d.Posten, d.Uebungsbetrieb = offeneposten.New(x.Kern, d.Personen), uebungsbetrieb.New(x.Kern)
	d.Auswahl, d.Vormerkung = auswahl.New(x.Kern, d.Rezepte), vormerkung.New(x.Kern, d.Personen)
	h, err := web.New(d)
	x.Must(err)
	return &laden{x, d, h}
}

func (l *laden) get(path string) (int, string) {
	w := httptest.NewRecorder()
	l.h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
	return w.Code, w.Body.String()
}

// post sends pairs of names and values as AB; it returns where it leads, too.
func (l *laden) post(path string, pairs ...string) (status int, body, to string) {
	form := url.Values{"key": {l.A().Key}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, "http://localhost"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return l.send(r)
}

func (l *laden) send(r *http.Request) (status int, body, to string) {
	r.AddCookie(&http.Cookie{Name: "benutzer", Value: "AB"})
	w := httptest.NewRecorder()
	l.h.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header().Get("Location")
}

// Every page answers when there is nothing yet, with a text of its own for that.
func TestEmpty(t *testing.T) {
	l := oeffne(t)
	for path, want := range map[string]string{
		"/rezepte":                   "Kein offenes Rezept",
		"/rezepte?zustand=beliefert": "Hier ist kein Rezept",
		"/rezepte/muster16":          "Vom Papier erfassen",
		"/kunden":                    "Noch kein Kunde",
		"/kunden?q=niemand":          "Niemand gefunden",
		"/kunden/neu":                "Neuer Kunde",
		"/stoerungen":                "nicht überwacht",
		"/einstellungen":             "Anna Berg",
		"/einstellungen/recht":       "01.01.2027",
	} {
		status, body := l.get(path)
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d, no %q", path, status, want)
		}
		for _, prefix := range []string{">rezepte.", ">kunden.", ">stoerungen.", ">einstellungen.", ">recht.", "ZgotmplZ"} {
			if strings.Contains(body, prefix) {
				t.Errorf("%s shows %s", path, prefix)
			}
		}
	}
}

// What is wrong is told with its code, and what was typed is still there.
func TestWrong(t *testing.T) {
	l := oeffne(t)
	for _, c := range []struct {
		code, path, keeps string
		pairs             []string
	}{
		{"W-110", "/kunden", "31.02.1961", []string{"name", "Muster", "geburt", "31.02.1961"}},
		{"N-204", "/kunden", "24.11.2026", []string{"name", "Muster", "geburt", "24.11.2026"}},
		{"N-201", "/kunden", "", nil},
		{"N-305", "/einstellungen", "123456789", []string{"name", "Rosen", "ik", "123456789"}},
		{"N-307", "/einstellungen", "Rosen", []string{"name", "Rosen", "produktiv", "ja", "erezept_datei", "ja"}},
		{"W-412", "/einstellungen", "1,55", []string{"name", "Rosen", "muster16_x", "1,55"}},
		{"N-308", "/einstellungen/benutzer", "", []string{"kuerzel", "AB", "name", "Anna Berg"}},
		{"L-121", "/einstellungen/recht", "gibt/es/nicht", []string{"parameter", "gibt/es/nicht", "ab", "01.01.2027", "wert", "1"}},
		{"W-105", "/rezepte/datei", "", nil},
		{"W-110", "/rezepte/muster16", "31.11.2026", []string{"name", "Muster", "ausgestellt", "31.11.2026", "pzn1", "01126111"}},
		{"R-403", "/rezepte/muster16", "Muster", []string{"name", "Muster", "ausgestellt", "20.11.2026"}},
		{"R-406", "/rezepte/gibt-es-nicht/zurueckgeben", "", []string{"grund", "x"}},
	} {
		status, body, _ := l.post(c.path, c.pairs...)
		if status < 400 || !strings.Contains(body, c.code) || !strings.Contains(body, c.keeps) {
			t.Errorf("%s %v: %d, want %s and %q", c.path, c.pairs, status, c.code, c.keeps)
		}
	}
	if status, body := l.get("/kunden/p-fehlt"); status != http.StatusNotFound || !strings.Contains(body, "N-101") {
		t.Errorf("unknown customer: %d", status)
	}
}

// A customer is put on file, escaped, warned about, and erased after a question.
func TestKunde(t *testing.T) {
	l := oeffne(t)
	status, _, to := l.post("/kunden", "name", "<b>Muster", "vorname", "Erika", "geburt", "3.5.1961", "kvnr", "A123456781",
		"befreit_bis", "31.12.2026")
	if status != http.StatusSeeOther {
		t.Fatal(status)
	}
	_, body := l.get(to)
	for _, want := range []string{"&lt;b&gt;Muster", "K-122", "03.05.1961", "31.12.2026"} {
		if !strings.Contains(body, want) || strings.Contains(body, "<b>Muster") {
			t.Errorf("no %s", want)
		}
	}
	if _, body = l.get(to + "/loeschen"); !strings.Contains(body, "Erika &lt;b&gt;Muster, geboren 03.05.1961?") {
		t.Error("the question does not name the person")
	}
	if status, body, _ = l.post(to+"/loeschen", "grund", ""); status != 422 || !strings.Contains(body, "W-431") {
		t.Error(status)
	}
	l.post(to+"/loeschen", "grund", "auf Wunsch")
	if status, _ = l.get(to); status != http.StatusNotFound {
		t.Error("still there", status)
	}
}

// A prescription from paper: list, page, candidates, given back.
func TestRezept(t *testing.T) {
	l := oeffne(t)
	status, body, to := l.post("/rezepte/muster16", "name", "Muster", "vorname", "Erika", "geburt", "3.5.1961",
		"ausgestellt", "20.11.2026", "traeger", "GKV", "ik", "109900019", "pzn1", "01126111", "packungen1", "2")
	if status != http.StatusSeeOther {
		t.Fatal(status, body)
	}
	if _, body = l.get("/rezepte"); !strings.Contains(body, "18.12.2026") || !strings.Contains(body, "2 Packungen") {
		t.Error("list without period or what is missing")
	}
	if _, body = l.get(to + "?zeile=0"); !strings.Contains(body, "Demolol") || !strings.Contains(body, "In den Verkauf") {
		t.Error("no candidates")
	}
	if status, body, _ = l.post(to + "/druck/1-1"); status < 400 || !strings.Contains(body, "W-421") {
		t.Error(status)
	}
	l.post(to+"/zurueckgeben", "grund", "anderswo eingelöst")
	if _, body = l.get("/rezepte?zustand=zurueckgegeben"); !strings.Contains(body, "anderswo") {
		t.Error("not given back")
	}
}

// A file that is no E-Rezept is refused with a sentence; a forbidden one too.
func TestDatei(t *testing.T) {
	l := oeffne(t)
	send := func() string {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		l.Must(m.WriteField("key", l.A().Key))
		f, err := m.CreateFormFile("datei", "x.xml")
		l.Must(err)
		_, err = f.Write([]byte(`<?xml version="1.0"?><rechnung/>`))
		l.Must(err)
		l.Must(m.Close())
		r := httptest.NewRequest(http.MethodPost, "http://localhost/rezepte/datei", &b)
		r.Header.Set("Content-Type", m.FormDataContentType())
		_, body, _ := l.send(r)
		return body
	}
	if body := send(); !strings.Contains(body, "R-401") {
		t.Error("not forbidden")
	}
	l.post("/einstellungen", "name", "Rosen-Apotheke", "erezept_datei", "ja", "muster16_x", "-1,5")
	if e, err := l.d.Haus.Einstellungen(l.Ctx); err != nil || e.Muster16X != -15 || !e.ERezeptDatei {
		t.Errorf("%+v %v", e, err)
	}
	if body := send(); !strings.Contains(body, "<code>R-1") {
		t.Error("foreign XML is not refused")
	}
}

// Nothing is laid down before it was shown what it changes; it can be taken back.
func TestFestlegung(t *testing.T) {
	l := oeffne(t)
	all, err := l.d.Recht.Parameter()
	l.Must(err)
	p := ""
	for _, w := range all {
		if strings.HasSuffix(w.Parameter, "/fixum") {
			p = w.Parameter
		}
	}
	in := []string{"parameter", p, "ab", "01.02.2027", "wert", "9,99", "begruendung", "Probe im Haus"}
	if status, body, _ := l.post("/einstellungen/recht", in...); status != http.StatusOK || !strings.Contains(body, "→ 9,99") {
		t.Error("no preview of", p, status)
	}
	if list, err := l.d.Recht.Liste(l.Ctx); err != nil || len(list) != 0 {
		t.Error("laid down by the preview", err)
	}
	l.post("/einstellungen/recht", append(in, "festlegen", "ja")...)
	if _, body := l.get("/einstellungen/recht"); !strings.Contains(body, "Probe im Haus") {
		t.Error("not listed")
	}
	l.post("/einstellungen/recht", "parameter", p, "ab", "01.02.2027", "wert", "zurückgenommen",
		"begruendung", "doch nicht", "festlegen", "ja")
	if list, err := l.d.Recht.Liste(l.Ctx); err != nil || len(list) != 2 || list[1].Zustand != festlegung.Ruecknahme {
		t.Errorf("%+v %v", list, err)
	}
}

// TestBlick serves the pages at the address of OFFIZIN_BLICK for looking at them.
func TestBlick(t *testing.T) {
	addr := os.Getenv("OFFIZIN_BLICK")
	if addr == "" {
		t.Skip("set OFFIZIN_BLICK=127.0.0.1:PORT to look at the pages")
	}
	l := oeffne(t)
	l.post("/kunden", "name", "Muster", "vorname", "Erika", "geburt", "3.5.1961", "kvnr", "A123456781", "befreit_bis", "31.12.2026")
	l.post("/rezepte/muster16", "name", "Muster", "vorname", "Erika", "geburt", "3.5.1961", "ausgestellt", "20.11.2026",
		"traeger", "GKV", "ik", "109900019", "pzn1", "01126111", "packungen1", "2")
	t.Log(http.ListenAndServe(addr, l.h))
}
