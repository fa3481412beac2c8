package apotheke

import (
	"context"
	"time"

	"github.com/offizin/offizin/integration/bondruck"
	"github.com/offizin/offizin/integration/erezept"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/artikelsuche"
	"github.com/offizin/offizin/workflow/auswahl"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/vormerkung"
)

// dienste are the workflows, as the pages need them.
func (a *Apotheke) dienste(o Options) web.Dienste {
	d := web.Dienste{
		Clock: a.Kern.Clock, Log: o.Log, Platz: a.Kern.Platz,
		Artikelsuche: artikelsuche.New(a.Kern), Personen: person.New(a.Kern), Haus: haus.New(a.Kern),
	}
	d.Rezepte = rezeptannahme.New(a.Kern, d.Personen, erezept.Parse)
	d.Verkauf = verkauf.New(a.Kern, d.Personen, d.Rezepte)
	d.Auswahl, d.Vormerkung = auswahl.New(a.Kern, d.Rezepte), vormerkung.New(a.Kern, d.Personen)
	d.BonPDF = a.bonPDF(d.Haus)
	return d
}

// bonPDF prints a Bon; what was printed before is marked as a copy by its time.
func (a *Apotheke) bonPDF(h *haus.Service) func(context.Context, verkauf.BonAnsicht) ([]byte, error) {
	return func(ctx context.Context, v verkauf.BonAnsicht) ([]byte, error) {
		head, err := kopf(ctx, h)
		if err != nil {
			return nil, err
		}
		return bondruck.PDF(bondruck.Beleg{Apotheke: head, Bon: v.Bon, Benutzer: v.Benutzer, Gedruckt: time.Time{}})
	}
}

// kopf is the head of everything that is printed.
func kopf(ctx context.Context, h *haus.Service) (bondruck.Apotheke, error) {
	e, err := h.Einstellungen(ctx)
	return bondruck.Apotheke{
		Name: e.Name, Inhaber: e.Inhaber, Strasse: e.Strasse, PLZ: e.PLZ, Ort: e.Ort, Telefon: e.Telefon, IK: e.IK,
		Steuernummer: e.Steuernummer,
	}, err
}
