package verbund

import (
	"context"
	"fmt"
	"time"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/eigene"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/verkauf"
)

// neu decides what happens next.
func (b *benutzer) neu() *handlung {
	l := b.l
	l.nummer++
	h := &handlung{nr: l.nummer}
	frei := func() kennung.PZN { return l.welt.Frei[l.r.IntN(len(l.welt.Frei))] }
	switch k := l.r.IntN(20); {
	case k < 2 && len(b.bons) > 0:
		i := l.r.IntN(len(b.bons))
		h.art, h.schritte = "storno", []schritt{storniere(b.bons[i])}
		b.bons = append(b.bons[:i:i], b.bons[i+1:]...)
	case k < 5:
		h.art, h.schritte = "zugang", []schritt{zugang(frei(), 1+l.r.IntN(20))}
	case k == 5:
		h.art, h.schritte = "person", []schritt{{true, anlegen}}
	case k == 6 && len(b.personen) > 0:
		h.art, h.person = "loeschen", b.personen[0]
		h.schritte, b.personen = []schritt{{true, loeschen}}, b.personen[1:]
		l.gebeten = append(l.gebeten, h.person)
	case k == 7:
		h.art, h.schritte = "einstellung", []schritt{{false, stelle}}
	case k == 8:
		h.art, h.schritte = "preis", []schritt{preis(frei())}
	case k > 17:
		h.art = "bestellung"
		bis := l.beginn.Add(l.jetzt + l.zufall(time.Minute, 2*langerTag))
		h.schritte = []schritt{bestelle(l.ziele[l.r.IntN(len(l.ziele))].name, bis)}
	case k < 12:
		h.art = "rezept"
		h.schritte = append(aufRezept(l.welt.Rx[l.r.IntN(len(l.welt.Rx))]), schritt{false, zahle})
	default:
		h.art, h.schritte = "verkauf", []schritt{{false, beginne}, scanne(frei())}
		if l.eins(4) {
			h.schritte = append(h.schritte, schritt{false, parke}, schritt{false, hole}, scanne(frei()))
		}
		h.schritte = append(h.schritte, schritt{false, zahle})
	}
	return h
}

func beginne(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
	v, err := lb.verkauf.Beginnen(ctx, w)
	h.vorgang = v.Vorgang.ID
	return err
}

func scanne(p kennung.PZN) schritt {
	return schritt{false, func(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
		v, _, err := lb.verkauf.Scan(ctx, w, h.vorgang, string(p))
		h.summe = v
		return err
	}}
}

func parke(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
	return lb.verkauf.Parken(ctx, w, h.vorgang, "kommt wieder")
}

func hole(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
	v, err := lb.verkauf.Fortsetzen(ctx, w, h.vorgang)
	h.summe = v
	return err
}

func zahle(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
	if h.versuche == 1 { // the screen shows what is due; a repeated request asks for the same
		v, err := lb.verkauf.Ansicht(ctx, h.vorgang)
		if err != nil {
			return err
		}
		h.summe = v
	}
	z := verkauf.Zahlung{Erwartet: h.summe.Summen.Patient}
	for _, b := range h.summe.Befunde() {
		z.Bestaetigt = append(z.Bestaetigt, b.Code)
	}
	var err error
	h.bon, err = lb.verkauf.Bezahlen(ctx, w, h.vorgang, z)
	return err
}

// storniere undoes a sale. Where it is repeated at another machine, the Bon that does not
// count gives its number back, see docs/betrieb/proof.md.
func storniere(nummer string) schritt {
	return schritt{true, func(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
		var err error
		h.bon, err = lb.verkauf.Storno(ctx, w, nummer, "Simulation")
		return err
	}}
}

// aufRezept takes a prescription in, with a new patient each time, and supplies it.
func aufRezept(p kennung.PZN) []schritt {
	return []schritt{
		{false, func(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
			e, err := lb.rezepte.Annehmen(ctx, w, verschreibung(p, h.nr, lb), false)
			h.rezept = e.ID
			return err
		}},
		{false, beginne},
		{false, func(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
			_, err := lb.verkauf.RezeptHinzufuegen(ctx, w, h.vorgang, h.rezept)
			return err
		}},
		{false, func(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
			v, err := lb.verkauf.Hinzufuegen(ctx, w, h.vorgang, verkauf.Eingabe{PZN: p, Rezept: h.rezept})
			h.summe = v
			return err
		}},
	}
}

func verschreibung(p kennung.PZN, nr int, lb *leben) rezept.Rezept {
	return rezept.Rezept{
		Herkunft: rezept.Muster16, Ausgestellt: clock.Today(lb.kern.Clock),
		Patient:       rezept.Patient{Name: kanari, Vorname: fmt.Sprint("Nr ", nr), Geburt: 19700503},
		Kostentraeger: rezept.Kostentraeger{Art: zuzahlung.GKV, IK: "109900019", Name: "Demo"},
		Verordnungen:  []rezept.Verordnung{{Art: rezept.PZNVerordnung, PZN: p, Text: "Demo", Packungen: 1}},
	}
}

func zugang(p kennung.PZN, n int) schritt {
	return schritt{true, func(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
		return lb.lager.Zugang(ctx, w, p, n, beleg(h.nr))
	}}
}

func beleg(nr int) string { return fmt.Sprint("L-", nr) }

func anlegen(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
	p, err := lb.personen.Anlegen(ctx, w, person.Person{
		Name: kanari, Vorname: fmt.Sprint("Nr ", h.nr), Geburt: 19610503, Traeger: zuzahlung.GKV,
	})
	h.person = p.ID
	return err
}

func loeschen(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
	return lb.personen.Loeschen(ctx, w, h.person, "Wunsch")
}

// stelle sets something that no closing freezes.
func stelle(ctx context.Context, lb *leben, w workflow.Auftrag, h *handlung) error {
	h.wert = haus.Einstellungen{Name: "Apotheke", Inhaber: fmt.Sprint("Inhaber ", h.nr), Bundesland: "BY"}
	return lb.haus.Setzen(ctx, w, h.wert)
}

func preis(p kennung.PZN) schritt {
	return schritt{false, func(ctx context.Context, lb *leben, w workflow.Auftrag, _ *handlung) error {
		return lb.eigene.Preis(ctx, w, eigene.Preiseingabe{PZN: p, Ab: clock.Today(lb.kern.Clock), Preis: 999})
	}}
}
