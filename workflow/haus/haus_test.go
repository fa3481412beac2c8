package haus_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/gebuehr"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/workflowtest"
)

func TestEinstellungen(t *testing.T) {
	x := workflowtest.New(t, nil)
	s := haus.New(x.Kern)
	want := haus.Einstellungen{
		Name: "Löwen-Apotheke", Inhaber: "Änne Groß", Strasse: "Marktstraße 1", PLZ: "12345", Ort: "Musterstadt", Telefon: "01234 5",
		IK: "109900019", Steuernummer: "12/345", Bundesland: "BY", ERezeptDatei: true, Muster16X: -15, Muster16Y: 200, NotfallStick: "/media/notfall",
	}
	a := x.A()
	x.Must(s.Setzen(x.Ctx, a, want))
	x.Must(s.Setzen(x.Ctx, a, want))     // the same act
	x.Must(s.Setzen(x.Ctx, x.A(), want)) // nothing changes
	got, err := s.Einstellungen(x.Ctx)
	x.Must(err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	heads, err := x.Kern.Store.Heads(x.Ctx)
	x.Must(err)
	before := heads[0].Seq
	want.Ort = "Neustadt"
	x.Must(s.Setzen(x.Ctx, x.A(), want))
	if heads, err = x.Kern.Store.Heads(x.Ctx); err != nil || heads[0].Seq != before+1 {
		t.Errorf("one changed setting wrote %d records, %v", heads[0].Seq-before, err)
	}
}

// Every place whose holidays the fees know can be chosen: parishes keep days of their own.
func TestJederOrtMitFeiertagen(t *testing.T) {
	x := workflowtest.New(t, nil)
	s := haus.New(x.Kern)
	for _, l := range gebuehr.Laender() {
		x.Must(s.Setzen(x.Ctx, x.A(), haus.Einstellungen{Name: "A", Bundesland: string(l)}))
	}
	if got, want := len(haus.Laender()), len(gebuehr.Laender()); got != want {
		t.Errorf("%d to choose from, the fees know %d", got, want)
	}
}

func TestSettingsRefused(t *testing.T) {
	x := workflowtest.New(t, nil)
	s := haus.New(x.Kern)
	for code, e := range map[string]haus.Einstellungen{
		"N-302": {Name: "A", Ort: strings.Repeat("x", 201)},
		"N-303": {Name: " "},
		"N-304": {Name: "A", Muster16Y: -201},
		"N-305": {Name: "A", IK: "109900018"},
		"N-306": {Name: "A", Bundesland: "XX"},
		"N-310": {Name: "A", PLZ: "7017"},
		"A-718": {Name: "A", NotfallStick: "media/notfall"},
		"N-307": {Name: "A", Produktiv: true, ERezeptDatei: true},
	} {
		x.Fails(s.Setzen(x.Ctx, x.A(), e), code)
	}
	x.Fails(s.Setzen(x.Ctx, workflow.Auftrag{Key: "k"}, haus.Einstellungen{Name: "A"}), "V-001")
	got, err := s.Einstellungen(x.Ctx)
	x.Must(err)
	if got != (haus.Einstellungen{}) {
		t.Errorf("something was stored: %+v", got)
	}
}

func TestBenutzer(t *testing.T) {
	x := workflowtest.New(t, nil)
	s := haus.New(x.Kern)
	inhaber := haus.Benutzer{Kuerzel: "ÄG", Name: "Änne Groß", Rolle: "Inhaber", Aktiv: true}
	x.Must(s.BenutzerSetzen(x.Ctx, x.A(), inhaber))
	x.Must(s.BenutzerSetzen(x.Ctx, x.A(), inhaber)) // nothing changes
	x.Must(s.BenutzerSetzen(x.Ctx, x.A(), haus.Benutzer{Kuerzel: " JW ", Name: "Jörg Weiß", Rolle: "PTA", Aktiv: true}))
	inhaber.Aktiv = false
	x.Must(s.BenutzerSetzen(x.Ctx, x.A(), inhaber))
	x.Fails(s.BenutzerSetzen(x.Ctx, x.A(), haus.Benutzer{Kuerzel: "JW", Name: "Jörg Weiß", Rolle: "PTA"}), "N-308")
	got, err := s.Benutzer(x.Ctx)
	x.Must(err)
	want := []haus.Benutzer{{Kuerzel: "JW", Name: "Jörg Weiß", Rolle: "PTA", Aktiv: true}, inhaber}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, b := range []haus.Benutzer{
		{Kuerzel: "", Name: "A"},
		{Kuerzel: "123456789", Name: "A"},
		{Kuerzel: "A B", Name: "A"},
		{Kuerzel: "A;", Name: "A"},
		{Kuerzel: "A", Name: ""},
		{Kuerzel: "A", Name: "a\nb"},
	} {
		x.Fails(s.BenutzerSetzen(x.Ctx, x.A(), b), "N-301")
	}
	x.Fails(s.BenutzerSetzen(x.Ctx, x.A(), haus.Benutzer{Kuerzel: "A", Name: "A", Rolle: "Papst", Aktiv: true}), "N-309")
}
