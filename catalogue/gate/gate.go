// Package gate compares a generation that was just built with the one that holds before
// it and with a snapshot of the pharmacy. It says what must not reach a till, and what a
// person should read. It only computes: files and databases are the caller's.
package gate

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Paar is one article of the candidate and the same in the generation before.
type Paar struct {
	Neu     artikel.Artikel // only the PZN if Gleich
	Alt     artikel.Artikel // only if Bekannt and not Gleich
	Bekannt bool            // the generation before has it
	Gleich  bool            // and nothing of it has changed
}

// Recht is the law that the replay computes with, the same for both generations.
type Recht struct {
	Tag       civil.Day
	Preis     preis.Recht
	Zuzahlung zuzahlung.Recht
}

// Grenzen are the limits of the gate. The zero value is no limit that makes sense: start
// from Ueblich.
type Grenzen struct {
	Anzahl money.PPM // by how much the counts may differ from those before
	// Spruenge is the share of articles that may triple or third; Least so many
	// must have before they are too many.
	Spruenge money.PPM
	Least    int
	Kleiner  bool // fewer articles and contracts are meant so
}

// Ueblich are the limits that hold unless a person says otherwise.
func Ueblich() Grenzen {
	return Grenzen{Anzahl: 5 * money.Percent, Spruenge: money.Percent / 10, Least: 10}
}

// Vergleich is what the gate looks at.
type Vergleich struct {
	Neu     catalogue.Generation
	Alt     catalogue.Generation   // nil: the candidate is the first
	Artikel iter.Seq2[Paar, error] // every article of the candidate, in order of PZN
	Abzug   *Abzug                 // nil: there is none
	Now     time.Time              // how old the snapshot is follows from it
	Recht   func() (Recht, error)  // asked for only if there are sales to replay
	Grenzen Grenzen
}

// Pruefe runs all checks. An error is one of reading; whatever is wrong with the candidate
// stands in the report.
func Pruefe(ctx context.Context, v Vergleich) (Bericht, error) {
	p := &pruefer{Vergleich: v, ctx: ctx}
	p.b.Neu = v.Neu.Manifest()
	if v.Alt == nil {
		p.sage("A-619", "", "Es gilt noch kein Katalog; Zahlen und Preise haben keinen Vergleich.")
	} else {
		alt := v.Alt.Manifest()
		p.b.Alt = &alt
		p.zahlen(alt)
	}
	if err := p.artikel(); err != nil {
		return Bericht{}, fmt.Errorf("compare articles: %w", err)
	}
	if err := p.abzug(); err != nil {
		return Bericht{}, err
	}
	p.b.ordne()
	return p.b, nil
}

// pruefer is the check under way.
type pruefer struct {
	Vergleich

	ctx context.Context //nolint:containedctx // of one check
	b   Bericht
}

// halte adds a verdict that keeps the candidate from the tills, sage one that is only told.
func (p *pruefer) halte(code, subject, text string) {
	p.b.nimm(befund.Befund{Code: code, Schwere: befund.Hindernis, Subject: subject, Text: text})
}

func (p *pruefer) sage(code, subject, text string) {
	p.b.nimm(befund.Befund{Code: code, Schwere: befund.Hinweis, Subject: subject, Text: text})
}

// zahlen compares the counts with those before. What was empty has no measure.
func (p *pruefer) zahlen(alt catalogue.Manifest) {
	neu := p.b.Neu
	if p.weit(alt.Artikel, neu.Artikel) {
		p.halte("A-601", "", fmt.Sprintf("Der Katalog hat %d Artikel statt bisher %d; mehr als %s Unterschied – "+
			"bitte prüfen, ob ein Teil der Quelle fehlt oder doppelt ist.", neu.Artikel, alt.Artikel, p.Grenzen.Anzahl))
	}
	if p.weit(alt.Vertraege, neu.Vertraege) {
		p.halte("A-602", "", fmt.Sprintf("Der Katalog hat %d Rabattverträge statt bisher %d; mehr als %s Unterschied – "+
			"ohne sie stimmt manche Zuzahlung nicht, bitte die Quelle prüfen.", neu.Vertraege, alt.Vertraege, p.Grenzen.Anzahl))
	}
}

func (p *pruefer) weit(alt, neu int) bool {
	if alt == 0 || neu < alt && p.Grenzen.Kleiner {
		return false
	}
	return int64(max(neu-alt, alt-neu))*1_000_000 > int64(p.Grenzen.Anzahl)*int64(alt)
}

// artikel looks at every article of the candidate. One that has not changed was looked at
// when it came; of it only the number is checked again.
func (p *pruefer) artikel() error {
	gesprungen, preislos := 0, 0
	for x, err := range p.Artikel {
		if err != nil {
			return err
		}
		p.ziffer(x.Neu.PZN)
		if x.Gleich {
			continue
		}
		p.felder(x.Neu)
		if !verkaeuflich(x.Neu) {
			preislos++
		}
		if !x.Bekannt {
			p.b.Neue++
			continue
		}
		p.b.Geaendert++
		if p.preise(x.Alt, x.Neu) {
			gesprungen++
		}
	}
	if preislos > 0 {
		p.sage("A-618", "", fmt.Sprintf("%d neue oder geänderte Artikel haben keinen Preis und lassen sich so nicht "+
			"verkaufen.", preislos))
	}
	g, all := p.Grenzen, int64(p.b.Neu.Artikel)
	if gesprungen >= g.Least && int64(gesprungen)*1_000_000 > int64(g.Spruenge)*all {
		p.halte("A-608", "", fmt.Sprintf("Bei %d Artikeln springt ein Preis auf das Dreifache oder ein Drittel; das sind "+
			"mehr als %s – bitte prüfen, ob Spalten oder Einheiten vertauscht sind.", gesprungen, g.Spruenge))
	}
	return nil
}

// abzug checks what the snapshot of the pharmacy allows to check.
func (p *pruefer) abzug() error {
	if p.Abzug == nil {
		p.sage("A-616", "", "Es liegt kein Abzug von Bestand und Verkäufen vor; beides wurde nicht geprüft – das laufende "+
			"Programm schreibt ihn, sonst „offizin catalogue snapshot“.")
		return nil
	}
	p.b.Abzug = p.Abzug.Gezogen
	if days := p.Abzug.alter(p.Now); days > maxAlter {
		p.sage("A-617", "", fmt.Sprintf("Der Abzug von Bestand und Verkäufen ist %d Tage alt; Neueres wurde nicht "+
			"geprüft – bitte Offizin starten oder „offizin catalogue snapshot“.", days))
	}
	if err := p.bestand(); err != nil {
		return fmt.Errorf("look for the stock: %w", err)
	}
	if err := p.verkaeufe(); err != nil {
		return fmt.Errorf("replay sales: %w", err)
	}
	return nil
}

// bestand: every article that lies in the pharmacy must be there. What the generation
// before did not have either is no fault of the candidate.
func (p *pruefer) bestand() error {
	for _, b := range p.Abzug.Bestand {
		if b.Menge <= 0 {
			continue
		}
		p.b.Lager++
		_, da, err := p.Neu.Artikel(p.ctx, b.PZN)
		if err != nil || da {
			if err != nil {
				return err
			}
			continue
		}
		alt, war, err := p.frueher(b.PZN)
		if err != nil {
			return err
		}
		if !war {
			p.sage("A-612", string(b.PZN), fmt.Sprintf("Die PZN %s (%d an Lager) steht wie bisher in keinem Katalog.",
				b.PZN, b.Menge))
			continue
		}
		p.halte("A-611", string(b.PZN), fmt.Sprintf("%s fehlt, es sind aber %d an Lager; bitte prüfen, ob die Quelle "+
			"vollständig ist.", wie(alt), b.Menge))
	}
	return nil
}

// frueher looks an article up in the generation before.
func (p *pruefer) frueher(pzn kennung.PZN) (artikel.Artikel, bool, error) {
	if p.Alt == nil {
		return artikel.Artikel{}, false, nil
	}
	return p.Alt.Artikel(p.ctx, pzn)
}

// wie names an article for people.
func wie(a artikel.Artikel) string {
	name := a.Name
	if pack := strings.TrimSpace(a.Packung()); pack != "" {
		name += ", " + pack
	}
	return name + " (PZN " + string(a.PZN) + ")"
}
