package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/workflow/einspielung"
)

// tue posts a form as somebody.
func (k *katalogseite) tue(path, wer string, pairs ...string) (status int, body string) {
	form := url.Values{"key": {"t"}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, "http://localhost"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return k.frage(r, wer)
}

func (k *katalogseite) frage(r *http.Request, wer string) (status int, body string) {
	r.AddCookie(&http.Cookie{Name: "benutzer", Value: wer})
	w := httptest.NewRecorder()
	k.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// schicke uploads a file as somebody.
func (k *katalogseite) schicke(name, text, wer string) (status int, body string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("key", "t")
	if f, err := m.CreateFormFile("datei", name); err == nil && name != "" {
		_, _ = f.Write([]byte(text))
	}
	_ = m.Close()
	r := httptest.NewRequest(http.MethodPost, "http://localhost/katalog/einspielen/hochladen", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return k.frage(r, wer)
}

// The inbox is shown with what is in it, also what cannot be taken; a file that is sent
// comes into it, and only there. What is wrong is said and keeps what was typed.
func TestEinspielseite(t *testing.T) {
	k := oeffneKatalog(t)
	_, body := k.hol("/katalog/einspielen")
	k.enthaelt(body, "Im Eingang liegt nichts", "eingang", `enctype="multipart/form-data"`)
	if _, list := k.hol("/katalog"); !strings.Contains(list, `href="/katalog/einspielen" data-taste="Alt+e"`) {
		t.Error("no way to reading in")
	}
	const csv = "PZN;Name;Rx\n04877800;Testol 5 mg;ja\n"
	for _, c := range []struct {
		name, wer string
		status    int
		code      string
	}{
		{"liste.csv", "AB", http.StatusSeeOther, ""},
		{"liste.csv", "AB", http.StatusConflict, "A-755"},
		{"andere.csv", "", http.StatusForbidden, "A-739"},
		{"x.exe", "AB", http.StatusUnprocessableEntity, "A-752"},
		{"", "AB", http.StatusUnprocessableEntity, "W-105"},
		{"../../hinaus.csv", "AB", http.StatusSeeOther, ""},
	} {
		if status, body := k.schicke(c.name, csv, c.wer); status != c.status || !strings.Contains(alert(body), c.code) {
			t.Errorf("%q: %d %s", c.name, status, alert(body))
		}
	}
	if _, err := os.Stat(filepath.Join(k.dir, "eingang", "hinaus.csv")); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(k.dir, "eingang", "<script>.pdf"), nil, 0o600); err != nil {
		t.Skip(err)
	}
	_, body = k.hol("/katalog/einspielen")
	k.enthaelt(body, `value="liste.csv"`, "unzulässige Zeichen", "&lt;script&gt;", "unten angeben")
	for _, c := range []struct {
		wer, quelle, ab, code string
	}{
		{"", "liste.csv", "1.12.2026", "A-739"},
		{"AB", "", "1.12.2026", "A-741"},
		{"AB", "../liste.csv", "1.12.2026", "A-742"},
		{"AB", "liste.csv", "", "A-746"},
		{"AB", "liste.csv", "31.2.2026", "W-110"},
		{"AB", "<script>.pdf", "1.12.2026", "A-743"},
	} {
		status, body := k.tue("/katalog/einspielen", c.wer, "quelle", c.quelle, "ab", c.ab, "kleiner", "ja")
		if status < 400 || !strings.Contains(alert(body), c.code) || !strings.Contains(body, `name="kleiner" value="ja" checked`) {
			t.Errorf("%+v: %d %s", c, status, alert(body))
		}
	}
	for _, liste := range []string{"rezepte", "--pruefen"} {
		status, body := k.tue("/katalog/einspielen", "AB", "quelle", "liste.csv", "ab", "1.12.2026", "liste", liste)
		if status != http.StatusUnprocessableEntity || !strings.Contains(alert(body), "A-758") {
			t.Errorf("list %q: %d %s", liste, status, alert(body))
		}
	}
	_, body = k.tue("/katalog/einspielen", "AB", "quelle", "liste.csv", "liste", "festbetrag")
	k.enthaelt(body, `<option value="festbetrag" selected>Festbetragsliste`, "A-746")
	if status, body := k.tue("/katalog/einspielen/abbrechen", "AB"); status != http.StatusConflict || !strings.Contains(alert(body), "A-747") {
		t.Errorf("nothing to cancel: %d %s", status, alert(body))
	}
	r := httptest.NewRequest(http.MethodPost, "http://localhost/katalog/einspielen", strings.NewReader("quelle=liste.csv&ab=1.12.2026"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if status, body := k.frage(r, "AB"); status != http.StatusForbidden || !strings.Contains(body, "W-111") {
		t.Errorf("from another site: %d %s", status, alert(body))
	}
}

// The build that is kept is shown in every state: without script the page that shows one
// going on loads itself anew, with it a part of the page is asked for.
func TestEinspielstand(t *testing.T) {
	k := oeffneKatalog(t)
	if status, _ := k.hol("/katalog/einspielen/stand"); status != http.StatusSeeOther {
		t.Errorf("without a build: %d", status)
	}
	for zustand, want := range map[einspielung.Zustand]string{
		einspielung.Fertig: "ist eingespielt", einspielung.Quarantaene: "liegt in Quarantäne", einspielung.Abgebrochen: "abc (A-1)",
		einspielung.Gescheitert: "abc (A-1)", einspielung.Laeuft: "A-745", // of a program that has ended
	} {
		note := `{"quelle":"x ` + boese + `","wer":"AB","zustand":"` + string(zustand) + `","katalog":"2026-12-01-x","fehler":"abc (A-1)","texte":["Warnung ` + boese + `"]}`
		if err := os.WriteFile(filepath.Join(k.dir, "katalog", "einspielung.json"), []byte(note), 0o600); err != nil {
			t.Fatal(err)
		}
		_, body := k.hol("/katalog/einspielen")
		k.enthaelt(body, want, "x &lt;script&gt;", "Warnung &lt;script&gt;", "Zuletzt eingespielt")
		if strings.Contains(body, "http-equiv") {
			t.Errorf("%s: nothing goes on", zustand)
		}
		r := httptest.NewRequest(http.MethodGet, "http://localhost/katalog/einspielen/stand", nil)
		r.Header.Set("Offizin-Teil", "lauf")
		if status, part := k.frage(r, "AB"); status != http.StatusOK || !strings.Contains(part, want) || strings.Contains(part, "<html") {
			t.Errorf("%d %s", status, part)
		}
	}
}
