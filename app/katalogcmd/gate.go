package katalogcmd

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue/gate"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/workflow/einspielung"
)

// Grenzen is how a person moves the limits of the gate, or lets a catalogue pass.
type Grenzen struct {
	Freigabe   string `help:"Trotz Fehlern der Prüfung einspielen; der Grund steht dann im Bericht." placeholder:"GRUND"`
	Wer        string `help:"Kürzel dessen, der freigibt; ohne Angabe SYSTEM." placeholder:"KÜRZEL"`
	Abweichung int    `help:"Um wie viel Prozent die Anzahlen abweichen dürfen; ohne Angabe ${default}." default:"5"`
}

// mitGate builds a catalogue behind the gate. What the gate holds lies in quarantine then,
// and the last line says where the report is.
func (c *Import) mitGate(e *env.Env, ab civil.Day, baue func(...generation.Option) error) error {
	if c.Abweichung < 0 || c.Abweichung > 100 {
		return env.Usage("Die Abweichung muss zwischen 0 und 100 Prozent liegen; bitte --abweichung berichtigen. (A-623)")
	}
	frei, gehalten, v := "", "", generation.Vermerk{Zeit: e.Clock.Now().UTC(), Grund: c.Freigabe, Wer: c.Wer}
	err := baue(generation.Geprueft(func(ctx context.Context, neu *generation.Generation) (generation.Urteil, error) {
		b, err := c.vergleiche(ctx, e, ab, neu)
		if err != nil {
			return generation.Urteil{}, err
		}
		c.anzeige.ende()
		sage(e, b)
		gehalten = neu.Manifest().ID
		u := generation.Urteil{Bericht: b.Text(), Hindert: b.Hindert()}
		if b.Hindert() && strings.TrimSpace(c.Freigabe) != "" {
			u.Hindert, frei = false, neu.Manifest().ID
			u.Bericht += generation.FreigabeZeile(v)
		}
		return u, nil
	}))
	if err == nil && frei != "" {
		return generation.Freigegeben(c.dir(), frei, clock.Today(e.Clock), v)
	}
	if !errors.Is(err, generation.ErrQuarantaene) {
		return err
	}
	c.anzeige.fertig(gehalten)
	fmt.Fprintln(e.Stdout, quarantaene(err))
	return env.Differs()
}

// quarantaene is the sentence of what Build says; it names the file.
func quarantaene(err error) string {
	f, _ := errors.AsType[*fault.Fault](err)
	return f.Error()
}

// maxFehler is how many faults are printed; the report has more.
const maxFehler = 5

func sage(e *env.Env, b gate.Bericht) {
	n := 0
	for _, g := range b.Gruppen {
		for _, f := range g.Befunde {
			if n++; g.Schwere == befund.Hindernis && n <= maxFehler {
				fmt.Fprintf(e.Stdout, "Fehler: %v\n", f)
			}
		}
	}
	if rest := b.Fehler() - maxFehler; rest > 0 {
		fmt.Fprintf(e.Stdout, "… und %d weitere Fehler.\n", rest)
	}
	fmt.Fprintln(e.Stdout, b.Kurz())
}

// vergleiche runs the gate against the catalogue that holds until the new one does.
func (c *Import) vergleiche(
	ctx context.Context, e *env.Env, ab civil.Day, neu *generation.Generation,
) (b gate.Bericht, err error) {
	o, err := generation.OpenOrdner(c.dir())
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	v := gate.Vergleich{Neu: neu, Now: e.Clock.Now(), Grenzen: c.grenzen(), Recht: func() (gate.Recht, error) {
		return gesetz(max(ab, clock.Today(e.Clock)))
	}}
	var alt *generation.Generation
	if g, err := o.Am(ab); err == nil && g.Manifest().GueltigAb <= ab {
		alt, _ = g.(*generation.Generation)
		v.Alt = g
	}
	v.Artikel = c.gezaehlt(generation.Paare(ctx, neu, alt), neu.Manifest().Artikel)
	defer c.anzeige.ende()
	v.Abzug, _ = apotheke.LiesAbzug(c.Daten) // the report says if there is none that can be read
	return gate.Pruefe(ctx, v)
}

// gezaehlt shows how many articles the gate has compared.
func (c *Import) gezaehlt(list iter.Seq2[gate.Paar, error], von int) iter.Seq2[gate.Paar, error] {
	return func(yield func(gate.Paar, error) bool) {
		n := 0
		for p, err := range list {
			if n%500 == 0 {
				c.anzeige.melde(einspielung.Pruefen, n, von)
			}
			if n++; !yield(p, err) {
				return
			}
		}
	}
}

func (c *Import) grenzen() gate.Grenzen {
	g := gate.Ueblich()
	g.Anzahl, g.Kleiner = money.PPM(c.Abweichung)*money.Percent, c.Kleiner
	return g
}

// gesetz is the law of a day as it ships: the replay compares two catalogues by the same
// law, so that what the Inhaber has laid down changes nothing of what differs.
func gesetz(day civil.Day) (gate.Recht, error) {
	law, err := recht.Load()
	if err != nil {
		return gate.Recht{}, err
	}
	s, err := law.Am(day)
	return gate.Recht{Tag: day, Preis: s.Preis, Zuzahlung: s.Zuzahlung}, err
}

// Gate is `offizin catalogue gate`.
type Gate struct {
	Ordner

	ID string `arg:"" help:"Kennung des Katalogs, auch eines in Quarantäne."`
}

// Run prints the report again; exit code 1 for a catalogue in quarantine.
func (c *Gate) Run(e *env.Env) error {
	return c.mit(func(g *generation.Ordner) error {
		text, held, err := g.Bericht(c.ID)
		if err != nil {
			return err
		}
		fmt.Fprint(e.Stdout, text)
		if held {
			fmt.Fprintln(e.Stdout, "\nDieser Katalog liegt in Quarantäne.")
			return env.Differs()
		}
		return nil
	})
}
