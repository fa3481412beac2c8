package haus_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// In a new pharmacy nobody could add anybody: the first person adds himself, as Inhaber. Nobody does
// it twice.
func TestErstePerson(t *testing.T) {
	x := workflowtest.New(t, nil)
	s := haus.New(x.Kern)
	x.Fails(s.ErstePerson(x.Ctx, "e0", haus.Benutzer{Kuerzel: "A B", Name: "Anna Berg"}), "N-301")
	x.Must(s.ErstePerson(x.Ctx, "e1", haus.Benutzer{Kuerzel: " AB ", Name: "Anna Berg", Rolle: "PKA"}))
	x.Must(s.ErstePerson(x.Ctx, "e1", haus.Benutzer{Kuerzel: " AB ", Name: "Anna Berg", Rolle: "PKA"})) // the same act
	x.Fails(s.ErstePerson(x.Ctx, "e2", haus.Benutzer{Kuerzel: "CD", Name: "Clara Dorn"}), "T-951")
	got, err := s.Benutzer(x.Ctx)
	x.Must(err)
	if d := cmp.Diff([]haus.Benutzer{{Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber", Aktiv: true}}, got); d != "" {
		t.Error(d)
	}
}

// andere are machines whose journal is still to come.
type andere struct{ workflow.Nachbarn }

func (andere) Anzahl() int { return 1 }

// A machine that has just joined others knows nobody yet; nobody becomes Inhaber there.
func TestErstePersonNichtAufNeuemRechner(t *testing.T) {
	x := workflowtest.New(t, nil)
	x.Kern.Nachbarn = andere{}
	x.Fails(haus.New(x.Kern).ErstePerson(x.Ctx, "e1", haus.Benutzer{Kuerzel: "XX", Name: "X"}), "T-952")
}
