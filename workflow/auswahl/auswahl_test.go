package auswahl_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/abgabe"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/auswahl"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/workflowtest"
)

const ik = "109900019"

var (
	alpha = workflowtest.PZN("1234560") // prescribed
	beta  = workflowtest.PZN("1234562") // under contract
	gamma = workflowtest.PZN("1234563") // cheapest
	delta = workflowtest.PZN("1234564") // another ingredient
)

type stand struct {
	*workflowtest.Stand
	*auswahl.Service
	rezepte *rezeptannahme.Service
}

func open(t *testing.T) stand {
	x := workflowtest.New(t, []artikel.Artikel{
		workflowtest.Rx(alpha, "RAMIPRIL Alpha", "Ramipril", 200, 1400), workflowtest.Rx(beta, "RAMIPRIL Beta", "Ramipril", 200, 1500),
		workflowtest.Rx(gamma, "RAMIPRIL Gamma", "Ramipril", 200, 1300), workflowtest.Rx(delta, "BISO Delta", "Bisoprolol", 200, 900),
	}, catalogue.Vertragszeile{IK: ik, PZN: beta, Vertrag: zuzahlung.Vertrag{Faktor: 50}})
	r := rezeptannahme.New(x.Kern, person.New(x.Kern), func([]byte) (rezept.Rezept, []befund.Befund, error) {
		return rezept.Rezept{}, nil, nil
	})
	return stand{x, auswahl.New(x.Kern, r), r}
}

func (x stand) nimm(v ...rezept.Verordnung) string {
	x.T.Helper()
	e, err := x.rezepte.Annehmen(x.Ctx, x.A(), rezept.Rezept{
		Herkunft: rezept.Muster16, Ausgestellt: 20261120, Patient: rezept.Patient{Name: "Muster", Geburt: 19600101},
		Kostentraeger: rezept.Kostentraeger{Art: zuzahlung.GKV, IK: ik}, Verordnungen: v,
	}, false)
	x.Must(err)
	return e.ID
}

func pzns(e auswahl.Ergebnis) map[kennung.PZN]abgabe.Urteil {
	out := map[kennung.PZN]abgabe.Urteil{}
	for _, v := range e.Vorschlaege {
		out[v.Artikel.PZN] = v.Urteil
	}
	return out
}

func codes(list []befund.Befund) []string {
	var out []string
	for _, b := range list {
		out = append(out, b.Code)
	}
	return out
}

func TestByPZN(t *testing.T) {
	x := open(t)
	x.Book(event.BestandGeaendert{PZN: gamma, Delta: 4, Art: "zugang"})
	x.Book(event.VormerkungAngelegt{ID: "r-1", Nummer: 1, PZN: gamma, Menge: 3, Tag: 20261123})
	id := x.nimm(rezept.Verordnung{Art: rezept.PZNVerordnung, PZN: alpha, Packungen: 2})
	e, err := x.Auswahl(x.Ctx, id, 0)
	x.Must(err)
	want := map[kennung.PZN]abgabe.Urteil{beta: abgabe.Bevorzugt, alpha: abgabe.NichtErlaubt, gamma: abgabe.NichtErlaubt}
	if diff := cmp.Diff(want, pzns(e)); diff != "" || e.Offen != 2 || e.Vorschlaege[0].Artikel.PZN != beta {
		t.Error(diff, e.Offen)
	}
	e, err = x.AuswahlMit(x.Ctx, id, 0, auswahl.Umstaende{Fehlt: []kennung.PZN{beta}})
	x.Must(err)
	if v := e.Vorschlaege[0]; v.Artikel.PZN != gamma || v.Ziffer != 2 || v.Bestand != 4 || v.Vorgemerkt != 3 {
		t.Errorf("%+v", v)
	}
}

// The Rabattvertrag is decided by the day the prescription came in; a change of month
// is said.
func TestMonthChange(t *testing.T) {
	x := open(t)
	id := x.nimm(rezept.Verordnung{Art: rezept.PZNVerordnung, PZN: alpha, Packungen: 1})
	x.Uhr.Set(time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC))
	e, err := x.Auswahl(x.Ctx, id, 0)
	x.Must(err)
	if diff := cmp.Diff([]string{"R-505", "R-517"}, codes(e.Befunde)); diff != "" {
		t.Error(diff)
	}
}

func TestByIngredient(t *testing.T) {
	x := open(t)
	v := rezept.Verordnung{
		Art: rezept.WirkstoffVerordnung, Wirkstoff: "Ramipril", Wirkstaerke: "5mg", Darreichungsform: "FTA", Normgroesse: "N3", Packungen: 1,
	}
	ohneForm, andere := v, v
	ohneForm.Darreichungsform, andere.Wirkstoff = "", "Nixipril"
	id := x.nimm(v, ohneForm, andere)
	e, err := x.Auswahl(x.Ctx, id, 0)
	x.Must(err)
	if len(e.Vorschlaege) != 3 || e.Vorschlaege[0].Artikel.PZN != beta {
		t.Errorf("%+v", pzns(e))
	}
	for nr, want := range map[int][]string{1: {"R-518", "R-501"}, 2: {"R-501"}} {
		e, err := x.Auswahl(x.Ctx, id, nr)
		x.Must(err)
		if diff := cmp.Diff(want, codes(e.Befunde)); diff != "" {
			t.Errorf("line %d: %s", nr, diff)
		}
	}
}

func TestWhatToDoInstead(t *testing.T) {
	x := open(t)
	id := x.nimm(
		rezept.Verordnung{Art: rezept.FreitextVerordnung, Text: "Salbe nach Wahl", Packungen: 1},
		rezept.Verordnung{Art: rezept.RezepturVerordnung, Text: "Salicylsalbe", Packungen: 1},
		rezept.Verordnung{Art: rezept.PZNVerordnung, PZN: workflowtest.PZN("7654321"), Packungen: 1},
	)
	for nr, want := range []string{"R-515", "R-516", "R-501"} {
		e, err := x.Auswahl(x.Ctx, id, nr)
		x.Must(err)
		if diff := cmp.Diff([]string{want}, codes(e.Befunde)); diff != "" || len(e.Vorschlaege) != 0 {
			t.Error(diff)
		}
	}
	_, err := x.Auswahl(x.Ctx, id, 3)
	x.Fails(err, "R-510")
	_, err = x.Auswahl(context.Background(), "m-unbekannt", 0)
	x.Fails(err, "R-510")
}
