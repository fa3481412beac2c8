package katalogcmd

import (
	"fmt"
	"text/tabwriter"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow/katalogstand"
)

// Show is `offizin catalogue show`.
type Show struct {
	Ordner

	Was string `arg:"" help:"Kennung eines Katalogs oder eine PZN."`
	Am  string `help:"Bei einer PZN: der Tag, an dem der Katalog gilt; ohne Angabe heute." placeholder:"TAG"`
}

// Run prints the manifest of a generation, or an article as it is on a day.
func (c *Show) Run(e *env.Env) error {
	return c.mit(func(g *generation.Ordner) error {
		if m, ok := katalogstand.Ordne(g, g, clock.Today(e.Clock)).Find(c.Was); ok {
			return zeigeKatalog(e, g, m)
		}
		pzn, err := kennung.ParsePZN(c.Was)
		if err != nil {
			return fault.New(fault.NotFound, "A-469",
				"„"+c.Was+"“ ist weder ein Katalog dieses Ordners noch eine gültige PZN; „offizin catalogue list“ zeigt "+
					"die Kataloge.", err)
		}
		return c.artikel(e, g, pzn)
	})
}

func (c *Show) artikel(e *env.Env, g *generation.Ordner, pzn kennung.PZN) error {
	day := clock.Today(e.Clock)
	if c.Am != "" {
		var err error
		if day, err = tag(c.Am); err != nil {
			return err
		}
	}
	gen, err := g.Am(day)
	if err != nil {
		return err
	}
	a, ok, err := gen.Artikel(e.Ctx, pzn)
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.NotFound, "A-470", fmt.Sprintf(
			"Die PZN %s steht nicht im Katalog %s; bitte die Ziffern prüfen.", pzn, gen.Manifest().ID), nil)
	}
	return zeigeArtikel(e, a, gen.Manifest())
}

func zeigeKatalog(e *env.Env, g *generation.Ordner, m katalogstand.Generation) error {
	rows := [][2]string{
		{"Katalog", m.ID},
		{"Zustand", string(m.Zustand)},
		{"gültig ab", m.GueltigAb.German()},
		{"Quelle", m.Quelle},
		{"Grundlage", m.Grundlage},
		{"Artikel", fmt.Sprint(m.Artikel)},
		{"Verträge", fmt.Sprint(m.Vertraege)},
		{"gebaut", m.Manifest.Gebaut},
		{"SHA-256", m.SHA256},
	}
	if m.Zustand != katalogstand.InQuarantaene {
		l, err := g.Listen(e.Ctx, m.ID)
		if err != nil {
			return err
		}
		for _, i := range l.List() {
			rows = append(rows, [2]string{"Liste", l.Listen[i].String() + " (" + l.Listen[i].Datei + ")"})
		}
	}
	return zeige(e, rows)
}

func zeigeArtikel(e *env.Env, a artikel.Artikel, m catalogue.Manifest) error {
	return zeige(e, [][2]string{
		{"PZN", string(a.PZN)},
		{"Name", a.Name},
		{"Packung", a.Packung()},
		{"Form", artikel.FormName(a.Darreichungsform)},
		{"Hersteller", a.Hersteller},
		{"Wirkstoff", a.Wirkstoff},
		{"Stärke", a.Wirkstaerke},
		{"ATC", a.ATC},
		{"Art", string(a.Art)},
		{"Status", string(a.Status)},
		{"ApU", cent(a.ApU)},
		{"AEP", cent(a.AEP)},
		{"AVP", cent(a.AVP)},
		{"UVP", cent(a.UVP)},
		{"Festbetrag", cent(a.Festbetrag)},
		{"Festbetrag laut", a.FestbetragAus},
		{"Zuzahlungsfrei laut", a.ZuzahlungsfreiAus},
		{"Geheimpreis", cent(a.Geheimpreis)},
		{"MwSt", map[artikel.MwSt]string{1: "voll", 2: "ermäßigt", 3: "ohne"}[a.MwSt]},
		{"Merkmale", merkmale(a)},
		{"Lagerung", a.Lagerung},
		{"Original", string(a.ImportVon)},
		{"Katalog", m.ID + " ab " + m.GueltigAb.German()},
	})
}

func cent(c money.Cent) string {
	if c == 0 {
		return ""
	}
	return c.String()
}

func merkmale(a artikel.Artikel) string {
	s := ""
	for _, m := range []struct {
		is   bool
		name string
	}{
		{a.Verschreibungspflichtig, "Rx"},
		{a.Apothekenpflichtig, "apothekenpflichtig"},
		{a.Zuzahlungsfrei, "zuzahlungsfrei"},
		{a.BtM, "BtM"},
		{a.TRezept, "T-Rezept"},
		{a.Kuehlkette, "Kühlkette"},
		{a.Import, "Import"},
		{a.Negativliste, "Negativliste"},
		{a.Lifestyle, "Lifestyle"},
		{a.Homoeopathisch, "homöopathisch"},
		{a.Cannabisblueten, "Cannabisblüten"},
		{a.OTCAusnahme, "OTC-Ausnahme"},
	} {
		if m.is && s != "" {
			s += ", "
		}
		if m.is {
			s += m.name
		}
	}
	return s
}

// zeige prints names and values; what is empty is left out.
func zeige(e *env.Env, rows [][2]string) error {
	w := tabwriter.NewWriter(e.Stdout, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		if r[1] != "" {
			fmt.Fprintf(w, "%s\t%s\n", r[0], r[1])
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}
