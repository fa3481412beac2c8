package haltbarkeit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/simulation/welt"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/verkauf"
)

// handlung is one thing a person does at the till, in steps. A step that was not
// acknowledged is repeated with the same key; one that was is never repeated.
type handlung struct {
	nr       int
	schritte []schritt
	done     int // steps that were acknowledged

	vorgang string
	rezept  string
	summe   verkauf.Ansicht
	bon     bon.Bon
	storno  bool
}

// schritt does one step and may keep what the till answered.
type schritt func(context.Context, *apotheke, workflow.Auftrag, *handlung) error

// weiter does the next steps until all are acknowledged or one fails.
func (h *handlung) weiter(ctx context.Context, a *apotheke, neuerKey func(string) string) error {
	for h.done < len(h.schritte) {
		key := fmt.Sprintf("h%d-%d", h.nr, h.done)
		if err := h.schritte[h.done](ctx, a, workflow.Auftrag{Key: neuerKey(key), Actor: "AB"}, h); err != nil {
			return fmt.Errorf("step %d of act %d: %w", h.done, h.nr, err)
		}
		h.done++
	}
	return nil
}

// neu decides what happens next: a sale over the counter, one on prescription, or the
// Storno of an earlier one.
func neu(nr int, r *rand.Rand, w *welt.Welt, frueher []bon.Bon) *handlung {
	h := &handlung{nr: nr}
	switch k := r.IntN(10); {
	case k == 0 && len(frueher) > 0:
		h.storno = true
		h.schritte = []schritt{storniere(frueher[r.IntN(len(frueher))].Nummer)}
	case k < 4:
		h.schritte = aufRezept(w.Rx[r.IntN(len(w.Rx))], nr)
	default:
		h.schritte = []schritt{beginne}
	}
	if !h.storno {
		for range 1 + r.IntN(2) {
			h.schritte = append(h.schritte, scanne(w.Frei[r.IntN(len(w.Frei))]))
		}
		h.schritte = append(h.schritte, zahle)
	}
	return h
}

func beginne(ctx context.Context, a *apotheke, w workflow.Auftrag, h *handlung) error {
	v, err := a.verkauf.Beginnen(ctx, w)
	h.vorgang = v.Vorgang.ID
	return err
}

func scanne(p kennung.PZN) schritt {
	return func(ctx context.Context, a *apotheke, w workflow.Auftrag, h *handlung) error {
		v, _, err := a.verkauf.Scan(ctx, w, h.vorgang, string(p))
		h.summe = v
		return err
	}
}

// aufRezept takes a prescription in, with a new patient each time, and supplies it.
func aufRezept(p kennung.PZN, nr int) []schritt {
	return []schritt{
		func(ctx context.Context, a *apotheke, w workflow.Auftrag, h *handlung) error {
			e, err := a.rezepte.Annehmen(ctx, w, verschreibung(p, nr, a), false)
			h.rezept = e.ID
			return err
		},
		beginne,
		func(ctx context.Context, a *apotheke, w workflow.Auftrag, h *handlung) error {
			_, err := a.verkauf.RezeptHinzufuegen(ctx, w, h.vorgang, h.rezept)
			return err
		},
		func(ctx context.Context, a *apotheke, w workflow.Auftrag, h *handlung) error {
			v, err := a.verkauf.Hinzufuegen(ctx, w, h.vorgang, verkauf.Eingabe{PZN: p, Rezept: h.rezept})
			h.summe = v
			return err
		},
	}
}

func verschreibung(p kennung.PZN, nr int, a *apotheke) rezept.Rezept {
	return rezept.Rezept{
		Herkunft: rezept.Muster16, Ausgestellt: clock.Today(a.kern.Clock),
		Patient:       rezept.Patient{Name: "Patient " + strconv.Itoa(nr), Vorname: "Erika", Geburt: 19700503},
		Kostentraeger: rezept.Kostentraeger{Art: zuzahlung.GKV, IK: "109900019", Name: "Demo"},
		Verordnungen:  []rezept.Verordnung{{Art: rezept.PZNVerordnung, PZN: p, Text: "Demo", Packungen: 1}},
	}
}

func zahle(ctx context.Context, a *apotheke, w workflow.Auftrag, h *handlung) error {
	z := verkauf.Zahlung{Erwartet: h.summe.Summen.Patient}
	for _, b := range h.summe.Befunde() {
		z.Bestaetigt = append(z.Bestaetigt, b.Code)
	}
	var err error
	h.bon, err = a.verkauf.Bezahlen(ctx, w, h.vorgang, z)
	return err
}

func storniere(nummer string) schritt {
	return func(ctx context.Context, a *apotheke, w workflow.Auftrag, h *handlung) error {
		var err error
		h.bon, err = a.verkauf.Storno(ctx, w, nummer, "Simulation")
		return err
	}
}
