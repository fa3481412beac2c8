package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/web/kassenbuch"
	"github.com/offizin/offizin/workflow/buchhaltung"
)

// The accounts are set, a mistake keeps what was typed, and a character that the file cannot
// hold is told before it is downloaded.
func TestDATEV(t *testing.T) {
	l := buchladen(t)
	l.d.Buchhaltung = buchhaltung.New(l.Kern)
	l.d.Buchungsstapel = func(_ context.Context, von, _ civil.Day) (kassenbuch.Datei, error) {
		f := kassenbuch.Datei{Name: "EXTF_x.csv", Inhalt: []byte("inhalt")}
		if von.Month() == 10 {
			f.Ersetzt = []string{"Ω (Omega)"}
		}
		return f, nil
	}
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	l.zeigt("/kassenbuch/abschluesse", "/kassenbuch/datev")
	l.zeigt("/kassenbuch/datev", "01.10.2026", "31.10.2026", `placeholder="8400"`, "Rezeptabrechnung")
	status, body, _ := l.post("/kassenbuch/datev", "berater", "1001", "mandant", "7", "rahmen", "03", "laenge", "4", "karten", "12")
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "T-703") || !strings.Contains(body, `value="12"`) {
		t.Errorf("%d: %s", status, alert(body))
	}
	if status, body, to := l.post("/kassenbuch/datev", "berater", "1001", "mandant", "7", "rahmen", "04", "laenge", "5", "karten", "14611"); to == "" {
		t.Errorf("%d: %s", status, alert(body))
	}
	l.zeigt("/kassenbuch/datev", `value="14611"`, `placeholder="44000"`, `value="1001"`)
	l.zeigt("/kassenbuch/datev/stapel?von=01.10.2026&bis=31.10.2026", "Ω (Omega)", "trotzdem=ja")
	l.zeigt("/kassenbuch/datev/stapel?von=01.10.2026&bis=31.10.2026&trotzdem=ja", "inhalt")
	l.zeigt("/kassenbuch/datev/stapel?von=01.11.2026&bis=30.11.2026", "inhalt")
	if status, body := l.get("/kassenbuch/datev/stapel?von=x"); status < 400 || !strings.Contains(body, "W-110") {
		t.Errorf("%d", status)
	}
}
