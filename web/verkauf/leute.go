package verkauf

import (
	"context"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/rezepte"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/verkauf"
)

func (s *Seite) kunde(f *ui.Form) akt {
	id := f.Text("person")
	return func(ctx context.Context, a workflow.Auftrag, vorgang string) (ergebnis, error) {
		vorgang, err := s.beginnt(ctx, a, vorgang)
		if err != nil {
			return ergebnis{}, err
		}
		return nur(s.Verkauf.Kunde(ctx, a, vorgang, id))
	}
}

// person puts a new customer on file and on the cart.
func (s *Seite) person(f *ui.Form) akt {
	p := person.Person{
		Name: f.Text("name"), Vorname: f.Text("vorname"), Geburt: f.Tag("geburt"), KVNR: f.Text("kvnr"),
		Traeger: zuzahlung.Traeger(f.Text("traeger")), IK: f.Text("ik"), BefreitBis: f.Tag("befreit_bis"),
	}
	return func(ctx context.Context, a workflow.Auftrag, vorgang string) (ergebnis, error) {
		vorgang, err := s.beginnt(ctx, a, vorgang)
		if err != nil {
			return ergebnis{}, err
		}
		p, err := s.Personen.Anlegen(ctx, workflow.Auftrag{Key: a.Key + "/p", Actor: a.Actor}, p)
		if err != nil {
			return ergebnis{}, err
		}
		return nur(s.Verkauf.Kunde(ctx, a, vorgang, p.ID))
	}
}

func (s *Seite) schalter(f *ui.Form) akt {
	now := func(name string) bool { // one button is pressed, the other keeps its state
		if f.Werte.Has(name) {
			return f.Ja(name)
		}
		return f.Ja("alt_" + name)
	}
	in := verkauf.SchalterEingabe{Befreit: now("befreit"), Schwanger: now("schwanger")}
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		id, err := s.beginnt(ctx, a, id)
		if err != nil {
			return ergebnis{}, err
		}
		return nur(s.Verkauf.Schalter(ctx, a, id, in))
	}
}

// nehmen puts a prescription on the cart.
func (s *Seite) nehmen(ctx context.Context, a workflow.Auftrag, vorgang, rezept string) (ergebnis, error) {
	vorgang, err := s.beginnt(ctx, a, vorgang)
	if err != nil {
		return ergebnis{}, err
	}
	v, err := s.Verkauf.RezeptHinzufuegen(ctx, a, vorgang, rezept)
	return ergebnis{Ansicht: v, Rezept: rezept}, err
}

func (s *Seite) rezept(f *ui.Form) akt {
	rezept := f.Text("rezept")
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		return s.nehmen(ctx, a, id, rezept)
	}
}

func (s *Seite) rezeptEntfernen(f *ui.Form) akt {
	rezept := f.Text("rezept")
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		return nur(s.Verkauf.RezeptEntfernen(ctx, a, id, rezept))
	}
}

// datei takes an E-Rezept in from a file and puts it on the cart.
func (s *Seite) datei(f *ui.Form) akt {
	xml := f.Datei()
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		e, err := s.Rezepte.Datei(ctx, workflow.Auftrag{Key: a.Key + "/r", Actor: a.Actor}, xml)
		if err != nil {
			return ergebnis{}, err
		}
		return s.nehmen(ctx, a, id, e.ID)
	}
}

// muster16 takes a typed prescription in and puts it on the cart.
func (s *Seite) muster16(f *ui.Form) akt {
	r := rezepte.ParseMuster16(f)
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		e, err := s.Rezepte.Annehmen(ctx, workflow.Auftrag{Key: a.Key + "/r", Actor: a.Actor}, r, false)
		if err != nil {
			return ergebnis{}, err
		}
		return s.nehmen(ctx, a, id, e.ID)
	}
}

func (s *Seite) zuordnen(f *ui.Form) akt {
	nr, rezept, verordnung := f.Zahl("nr"), f.Text("rezept"), f.Zahl("verordnung")
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		return nur(s.Verkauf.Zuordnen(ctx, a, id, nr, rezept, verordnung))
	}
}

// abgabe puts the chosen article on the line of a prescription.
func (s *Seite) abgabe(f *ui.Form) akt {
	in := verkauf.Eingabe{
		PZN: kennung.PZN(f.Text("pzn")), Menge: f.Zahl("menge"), Rezept: f.Text("rezept"), Verordnung: f.Zahl("verordnung"),
	}
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		if in.Menge < 0 { // 0 would be one pack
			return ergebnis{}, fault.New(fault.Invalid, "V-106",
				"Die Menge muss zwischen 1 und 999 liegen – zum Entfernen dient F9.", nil)
		}
		return nur(s.Verkauf.Hinzufuegen(ctx, a, id, in))
	}
}
