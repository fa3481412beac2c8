package knoten_test

import (
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
)

// The code that lets a machine in is shown to who may manage the machines, and to nobody else who
// looks at the page: not without a login, not to somebody without a PIN, not to a PTA with one.
func TestCodeNurFuerBerechtigte(t *testing.T) {
	ctx := t.Context()
	a := starte(t, filepath.Join(t.TempDir(), "a"), "127.0.0.1:0", knoten.Options{})
	set := func(key, kuerzel, rolle string) error {
		return a.Dienste.Haus.BenutzerSetzen(ctx, workflow.Auftrag{Key: key, Actor: "AB"},
			haus.Benutzer{Kuerzel: kuerzel, Name: kuerzel, Rolle: rolle, Aktiv: true})
	}
	pin := func(key, kuerzel, pin string) error {
		return a.Dienste.Anmeldung.PINSetzen(ctx, workflow.Auftrag{Key: key, Actor: "AB"}, kuerzel, pin)
	}
	err := errors.Join(set("1", "AB", "Inhaber"), set("2", "EF", "PTA"), set("3", "GH", "PKA"),
		pin("4", "AB", "493817"), pin("5", "EF", "715203"), a.Dienste.Rechner.Einladen(ctx, "AB"))
	if err != nil {
		t.Fatal(err)
	}
	code := a.Dienste.Rechner.Einladung().Code
	inhaber, err1 := a.Dienste.Anmeldung.Anmelden(ctx, "AB", "493817")
	pta, err2 := a.Dienste.Anmeldung.Anmelden(ctx, "EF", "715203")
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who           string
		cookie, value string
		sees          bool
	}{
		{"nobody", "", "", false},
		{"a PKA without PIN", "benutzer", "GH", false},
		{"a Kuerzel with a PIN, but no session", "benutzer", "AB", false},
		{"a PTA", "sitzung", pta, false},
		{"the Inhaber", "sitzung", inhaber, true},
	} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+a.addr+"/einstellungen/rechner", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if c.cookie != "" {
			req.AddCookie(&http.Cookie{Name: c.cookie, Value: c.value})
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if sees := strings.Contains(string(body), code); err != nil || sees != c.sees {
			t.Errorf("%s: sees the code: %v, %v", c.who, sees, err)
		}
	}
}
