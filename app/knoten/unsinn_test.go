package knoten_test

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/katalogcmd"
	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
)

// posten are all addresses of the till that take a POST.
func posten() []string {
	list := strings.Fields(`
		/benutzer /anmelden /anmelden/ausweis /anmelden/notzugang /anmelden/ende /abzeichnen
		/einstellungen /einstellungen/benutzer /einstellungen/uebung /einstellungen/recht
		/einstellungen/anmeldung/pin /einstellungen/anmeldung/entziehen /einstellungen/anmeldung/erlaubnis
		/einstellungen/anmeldung/widerruf /einstellungen/anmeldung/ausweis /einstellungen/anmeldung/notschluessel
		/einstellungen/rechner/geraete/schalten /einstellungen/rechner/geraete/code /einstellungen/rechner/geraete/entziehen
		/einstellungen/rechner/code /einstellungen/rechner/rang /einstellungen/rechner/nummern
		/einstellungen/rechner/entfernen /einstellungen/drucker /einstellungen/drucker/probe
		/einstellungen/inbetriebnahme /einstellungen/inbetriebnahme/erste
		/stoerungen/datensicherung /stoerungen/datensicherung/pruefen /stoerungen/datensicherung/ordner
		/stoerungen/datensicherung/code /stoerungen/datensicherung/code/pruefen /stoerungen/uebernahmen /stoerungen/karten
		/stoerungen/ausgang/1/wiederholen /stoerungen/ausgang/1/verwerfen /stoerungen/uhr
		/tse/einrichten /kassenbuch/meldung /kassenbuch/meldung/ende /kassenbuch/meldung/wieder /kassenbuch/datev
		/kassenbuch/ein /kassenbuch/aus /kassenbuch/anfang /tagesabschluss
		/vormerkungen /vormerkungen/1 /lager/eroeffnung /lager/01126111/zugang /lager/01126111/korrektur
		/rezepte/datei /rezepte/muster16 /rezepte/1/zurueckgeben /rezepte/1/druck/1
		/katalog/einspielen /katalog/einspielen/abbrechen /katalog/einspielen/hochladen /katalog/wahl
		/eigene /eigene/einlesen /eigene/01126111 /eigene/01126111/preis /eigene/01126111/beenden
		/eigene/01126111/auslisten /eigene/01126111/aufnehmen /eigene/01126111/zurueck
		/berichte/notfallmappe /bon/1-000001/storno /bon/1-000001/retoure /bon/1-000001/nachdruck
		/bon/1-000001/wiederholen /bon/1-000001/digital /kunden /kunden/1 /kunden/1/loeschen
		/kunden/1/zuzahlung /pruefung/oeffnen /pruefung/beenden
		/kundenanzeige/digital/zeigen`)
	for act := range strings.FieldsSeq(`
		abgabe abholen abweichung anzahlung beginnen bezahlen datei digital einloesen entfernen fortsetzen gebuehr
		gutschein kredit kredit-bezahlen kulanz kunde menge muster16 nacherfassung parken person preis rabatt rezept
		rezept-entfernen rezeptur scan schalter verwerfen vormerken zuordnen zurueck`) {
		list = append(list, "/verkauf/"+act)
	}
	return list
}

// unsinn is what no page of ours sends.
func unsinn() map[string]func(path string) *http.Request {
	post := func(kind string, body io.Reader) func(string) *http.Request {
		return func(path string) *http.Request {
			r := httptest.NewRequest(http.MethodPost, "http://localhost"+path, body)
			if kind != "" {
				r.Header.Set("Content-Type", kind)
			}
			return r
		}
	}
	text := func(kind, body string) func(string) *http.Request {
		return func(path string) *http.Request { return post(kind, strings.NewReader(body))(path) }
	}
	const form, multi = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
	file := "--x\r\nContent-Disposition: form-data; name=\"datei\"; filename=\"liste.csv\"\r\n\r\nPZN;Name\r\n"
	return map[string]func(string) *http.Request{
		"nothing":         text("", ""),
		"an empty form":   text(form, ""),
		"plain text":      text("text/plain", "Guten Tag"),
		"JSON":            text("application/json", `{"key":1}`),
		"no such type":    text("ein/;;=", "a=b"),
		"broken escapes":  text(form, "key=%zz&text=%"),
		"no characters":   text(form, "key=%00%ff&text=%ff%fe&kuerzel=%00&pzn=%00&till=%ff&grund=%00"),
		"a huge field":    text(form, "key=1&text="+strings.Repeat("9", 70_000)),
		"huge numbers":    text(form, "key=1&menge=99999999999&nr=-1&betrag=99999999999999999999&erwartet=9223372036854775808"),
		"a huge key":      text(form, "key="+strings.Repeat("k", 5000)),
		"no boundary":     text("multipart/form-data", file),
		"empty multipart": text(multi, ""),
		"cut short":       text(multi, file[:40]),
		"no end":          text(multi, file),
		"no file":         text(multi, "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n1\r\n--x--\r\n"),
		"no header":       text(multi, "--x\r\n\x00\x01\x02\r\n\r\n--x--\r\n"),
		"many headers":    text(multi, "--x\r\n"+strings.Repeat("A: b\r\n", 20_000)+"\r\n--x--\r\n"),
		"mixed":           text("multipart/mixed; boundary=x", file+"--x--\r\n"),
		"hung up": func(path string) *http.Request {
			return post(multi, io.MultiReader(strings.NewReader(file), iotest.ErrReader(io.ErrUnexpectedEOF)))(path)
		},
	}
}

// Whatever is sent to an address that takes a POST, by nobody or by somebody who works here: it is
// no fault of the till, and what is refused is refused in a sentence with a code. T-309 says that
// there is no printer.
func TestUnsinn(t *testing.T) {
	dir := t.TempDir()
	e := &env.Env{Ctx: t.Context(), Stdout: io.Discard, Clock: clock.NewReal()}
	if err := (&katalogcmd.Muster{
		Ordner: katalogcmd.Ordner{Daten: dir}, Artikel: 200, Ab: "2026-11-15", Seed: 1,
	}).Run(e); err != nil {
		t.Fatal(err)
	}
	m := starte(t, dir, "127.0.0.1:0", knoten.Options{})
	err := m.Dienste.Haus.BenutzerSetzen(t.Context(), workflow.Auftrag{Key: "b", Actor: "AB"},
		haus.Benutzer{Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber", Aktiv: true})
	if err != nil {
		t.Fatal(err)
	}
	h, err := m.Handler()
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`[A-Z]-\d{3}`)
	for _, path := range posten() {
		for what, request := range unsinn() {
			for _, who := range []string{"", "AB"} {
				if who == "" && what != "nothing" && what != "no file" {
					continue
				}
				r, w := request(path), httptest.NewRecorder()
				r.AddCookie(&http.Cookie{Name: "benutzer", Value: who})
				h.ServeHTTP(w, r)
				text := warnung(w.Body.String())
				refused := w.Code >= http.StatusBadRequest
				if w.Code >= http.StatusInternalServerError && !strings.Contains(text, "T-309") || refused && !code.MatchString(text) {
					t.Errorf("%s to %s by %q: %d %s", what, path, who, w.Code, text)
				}
			}
		}
	}
}

func warnung(body string) string {
	_, rest, _ := strings.Cut(body, `role="alert">`)
	text, _, _ := strings.Cut(rest, "</p>")
	return text
}

// No address is left out of that: every POST that the pages register is in the list.
func TestUnsinnUeberall(t *testing.T) {
	n := 0
	err := fs.WalkDir(os.DirFS("../../web"), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, address := range adressen(t, filepath.Join("../../web", path)) {
			n++
			found := false
			for _, p := range posten() {
				found = found || address.MatchString(p)
			}
			if !found {
				t.Errorf("%s: nobody sends rubbish to %s", path, address)
			}
		}
		return nil
	})
	if err != nil || n < 70 {
		t.Errorf("%d addresses, %v", n, err)
	}
}

// adressen are the addresses of POSTs that a file registers; what is a variable fits anything.
func adressen(t *testing.T, name string) (list []*regexp.Regexp) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(name), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`HandleFunc\("POST ([^,]+),`).FindAllStringSubmatch(string(text), -1) {
		var p strings.Builder
		for part := range strings.SplitSeq(`"`+m[1], "+") {
			p.WriteString(adressteil(all.String(), strings.TrimSpace(part)))
		}
		list = append(list, regexp.MustCompile("^"+regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(p.String(), "[^/]+")+"$"))
	}
	return list
}

// adressteil is a part of an address: a text, a constant of the package, or a variable.
func adressteil(source, part string) string {
	if s, err := strconv.Unquote(part); err == nil {
		return regexp.QuoteMeta(s)
	}
	value := regexp.MustCompile(`\b` + regexp.QuoteMeta(part) + `\s*=\s*(\w+ \+ )?("[^"]*")`).FindStringSubmatch(source)
	if value == nil {
		return ".+"
	}
	s, err := strconv.Unquote(value[2])
	if err != nil {
		return ".+"
	}
	if value[1] != "" {
		return adressteil(source, strings.TrimSuffix(value[1], " + ")) + regexp.QuoteMeta(s)
	}
	return regexp.QuoteMeta(s)
}
