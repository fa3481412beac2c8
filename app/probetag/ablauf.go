package probetag

import (
	"context"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/workflow/haus"
)

// inhaberin is who stands at both tills.
const inhaberin = "AB"

// schritt is one thing that happens. Was is its name, in German, as an error of it says.
type schritt struct {
	was string
	tu  func(context.Context) error
}

// ablauf is all that happens: what the seed decides is who does what when, and with which goods.
func (l *lauf) ablauf() []schritt {
	list := []schritt{
		{"Apotheke gründen", l.gruenden},
		{"Anfangsbestand", l.anfangsbestand},
	}
	faelle := l.faelle()
	third := len(faelle) / 3
	list = append(list, faelle[:third]...)
	list = append(list, l.zeit(0, 11, 0), schritt{"Platz 1 stürzt ab", l.stuerztAb(0)})
	list = append(list, faelle[third:2*third]...)
	list = append(list,
		l.zeit(0, 14, 0), schritt{"Platz 2 verliert seine Platte", l.platteWeg}, schritt{"Platz 2 stürzt ab", l.stuerztAb(1)},
	)
	last := faelle[2*third:]
	list = append(list, last[:len(last)/2]...)
	list = append(list, schritt{"Platz 1 bekommt ein neues Programm", l.aktualisieren})
	list = append(list, last[len(last)/2:]...)
	list = append(list,
		l.zeit(0, 18, 0), schritt{"über Nacht parken", l.parken}, schritt{"Platz 2 schließt ab", l.abendAbschluss},
	)
	list = append(list, l.nacht()...)
	return append(list, l.morgen()...)
}

func (l *lauf) zeit(tag, stunde, minute int) schritt {
	return schritt{"warten", func(context.Context) error {
		l.um(tag, stunde, minute)
		return nil
	}}
}

// gruenden opens the pharmacy on the first machine and takes the second one in.
func (l *lauf) gruenden(ctx context.Context) error {
	p := l.eins
	if err := p.starten(ctx); err != nil {
		return err
	}
	h := p.Dienste.Haus
	err := h.BenutzerSetzen(ctx, p.auftrag(), haus.Benutzer{
		Kuerzel: inhaberin, Name: "Dr. Anna Berg", Rolle: "Inhaber", Aktiv: true,
	})
	if err == nil {
		err = h.Setzen(ctx, p.auftrag(), haus.Einstellungen{
			Name: "Linden-Apotheke (Probetag)", Inhaber: "Dr. Anna Berg", Strasse: "Lindenstraße 12", PLZ: "70173",
			Ort: "Stuttgart", IK: "308412345", Steuernummer: "99/012/34567", Bundesland: "BW", Kreditgrenze: 20000,
		})
	}
	if err == nil {
		err = p.einrichten(ctx)
	}
	if err != nil {
		return err
	}
	return l.aufnehmen(ctx)
}

// aufnehmen fills the second machine, whose folder is empty, from the first, and sets its TSE up.
func (l *lauf) aufnehmen(ctx context.Context) error {
	err := l.zwei.starten(ctx)
	if err == nil {
		err = l.gleichen(ctx)
	}
	if err == nil {
		err = l.zwei.einrichten(ctx)
	}
	if err == nil {
		err = l.gleichen(ctx)
	}
	return err
}

func (l *lauf) anfangsbestand(ctx context.Context) error {
	l.um(0, 8, 0)
	for _, p := range l.plaetze() {
		if _, err := p.bewegen(ctx, "", false, bon.Anfangsbestand, 50000, "Wechselgeld"); err != nil {
			return err
		}
	}
	return l.gleichen(ctx)
}

// nacht is a night service at the first till: sales on both sides of midnight, and the closing of
// the business day after it.
func (l *lauf) nacht() []schritt {
	sell := schritt{"Nachtdienst", func(ctx context.Context) error { return l.nachtverkauf(ctx, l.eins) }}
	return []schritt{
		l.zeit(0, 21, 30), sell, l.zeit(0, 23, 40), sell, l.zeit(1, 0, 20), sell,
		l.zeit(1, 0, 45),
		{"Platz 1 schließt nach Mitternacht ab", func(ctx context.Context) error {
			return l.danach(ctx, l.eins, l.eins.abschliessen(ctx, "", l.cents(-300, 300)))
		}},
	}
}

// morgen is the day after: what waited is paid, and both tills are closed.
func (l *lauf) morgen() []schritt {
	list := []schritt{
		l.zeit(1, 7, 50),
		{"Rezepte als Zahlung buchen", l.alsZahlung},
		l.zeit(1, 8, 5),
		{"Geparktes bezahlen", l.fortsetzen},
		{"Kredit bezahlen", l.kreditBezahlen},
		{"Bezahltes abholen", l.abholen},
		{"Rezept am Morgen", l.rezeptAmMorgen},
	}
	for i, p := range []int{0, 1, 0, 1} {
		if i == 2 {
			list = append(list, schritt{"Platz 2 bekommt eine andere TSE", l.tseTauschen})
		}
		list = append(list, schritt{"Verkauf am Morgen", func(ctx context.Context) error {
			at := l.plaetze()[p]
			_, err := at.kauf(ctx, l.zahlweise(), l.ware())
			return l.danach(ctx, at, err)
		}})
	}
	for _, p := range []int{0, 1} {
		list = append(list, schritt{"Abschluss am Mittag", func(ctx context.Context) error {
			l.um(1, 13, 5*p)
			at := l.plaetze()[p]
			return l.danach(ctx, at, at.abschliessen(ctx, "", 0))
		}})
	}
	return list
}

// danach waits until a till has settled and its TSE is back, if it failed, and lets the other
// machine have what was booked.
func (l *lauf) danach(ctx context.Context, p *platz, err error) error {
	if err == nil {
		err = p.gesichert(ctx)
	}
	if err == nil {
		err = p.zurueck(ctx)
	}
	if err == nil {
		err = l.gleichen(ctx)
	}
	return err
}

// abendAbschluss closes the till of the machine whose disk was lost.
func (l *lauf) abendAbschluss(ctx context.Context) error {
	l.um(0, 18, 30)
	return l.danach(ctx, l.zwei, l.zwei.abschliessen(ctx, "", l.cents(1, 200)))
}

// ausfallen has the TSE of a till fail during some sales; afterwards it is back.
func (l *lauf) ausfallen(p *platz, verkaeufe int, was simulator.Stoerung) func(context.Context) error {
	return func(ctx context.Context) error {
		p.tse.Stoeren(was)
		for range verkaeufe {
			if _, err := p.kauf(ctx, l.zahlweise(), l.ware()); err != nil {
				return err
			}
		}
		if !was.Selbsttest { // that one the program has it do by itself
			p.tse.Stoeren(simulator.Stoerung{})
		}
		return l.danach(ctx, p, nil)
	}
}
