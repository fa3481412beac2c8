package liste

import (
	"fmt"
	"iter"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
)

// MaxFunde is how many faults, and how many warnings, a report quotes; the others are
// counted.
const MaxFunde = 200

// Bericht is what a check of a whole file found.
type Bericht struct {
	Gut, Schlecht, Zweifel int    // rows that are articles; rows that are none; warnings
	Funde                  []Fund // the first MaxFunde of each kind, in the order of the file
	Preislos               int    // articles without any price
}

// Bisher looks up the article of the catalogue that holds now; false: none.
type Bisher func(kennung.PZN) (artikel.Artikel, bool, error)

// Pruefe reads the rows of a source to the end. Bisher may be nil: then no price is
// compared.
func Pruefe(saetze iter.Seq2[Satz, error], bisher Bisher) (Bericht, error) {
	var b Bericht
	faults := 0
	for s, err := range saetze {
		if err != nil {
			return b, err
		}
		if !s.Gut() {
			b.Schlecht++
			for _, f := range s.Funde {
				if faults++; faults <= MaxFunde {
					b.Funde = append(b.Funde, f)
				}
			}
			continue
		}
		b.Gut++
		if err := b.zweifel(s, bisher); err != nil {
			return b, err
		}
	}
	return b, nil
}

// PruefeListe reads a list that changes articles to its end; nimm gets each row without a
// fault.
func PruefeListe(saetze iter.Seq2[Satz, error], nimm func(Satz) error) (b Bericht, err error) {
	for s, err := range saetze {
		if err != nil {
			return b, err
		}
		if s.Gut() {
			b.Gut++
			if err := nimm(s); err != nil {
				return b, err
			}
			continue
		}
		b.Schlecht++
		b.Funde = append(b.Funde, s.Funde[:min(len(s.Funde), MaxFunde-len(b.Funde))]...)
	}
	return b, nil
}

// zweifel warns of prices that are lawful to write and probably wrong.
func (b *Bericht) zweifel(s Satz, bisher Bisher) error {
	a := s.Zeile.Artikel
	if a.ApU == 0 && a.AEP == 0 && a.AVP == 0 && a.UVP == 0 {
		b.Preislos++
	}
	var old artikel.Artikel
	if bisher != nil {
		var err error
		if old, _, err = bisher(a.PZN); err != nil {
			return fmt.Errorf("compare with the catalogue that holds: %w", err)
		}
	}
	for _, p := range []struct {
		name     string
		old, now money.Cent
	}{
		{"ApU", old.ApU, a.ApU},
		{"AEP", old.AEP, a.AEP},
		{"AVP", old.AVP, a.AVP},
		{"UVP", old.UVP, a.UVP},
		{"Festbetrag", old.Festbetrag, a.Festbetrag},
	} {
		switch {
		case p.old == 0:
		case p.now == 0:
			b.warne(s.Nr, befund.Befund{Code: "A-452", Schwere: befund.Warnung, Text: fmt.Sprintf(
				"%s der PZN %s war %s und fehlt jetzt; bitte prüfen.", p.name, a.PZN, p.old)})
		case hundertfach(p.old, p.now) || hundertfach(p.now, p.old):
			b.warne(s.Nr, befund.Befund{Code: "A-451", Schwere: befund.Warnung, Text: fmt.Sprintf(
				"%s der PZN %s springt von %s auf %s; bitte prüfen, ob das Komma stimmt.", p.name, a.PZN, p.old, p.now)})
		}
	}
	if a.ApU > 0 && a.AVP > 0 && a.AVP < a.ApU {
		b.warne(s.Nr, befund.Befund{Code: "A-453", Schwere: befund.Warnung, Text: fmt.Sprintf(
			"Der AVP der PZN %s (%s) liegt unter dem ApU (%s); bitte prüfen, ob die Spalten vertauscht "+
				"sind.", a.PZN, a.AVP, a.ApU)})
	}
	return nil
}

// hundertfach says whether b is about a hundred times a: a comma has slipped.
func hundertfach(a, b money.Cent) bool { return b >= 50*a && b <= 200*a }

func (b *Bericht) warne(nr int, w befund.Befund) {
	if b.Zweifel++; b.Zweifel <= MaxFunde {
		b.Funde = append(b.Funde, Fund{nr, "", w})
	}
}

// Gute returns the rows that are articles. If there are not as many as the report
// counted, the file has changed meanwhile and the sequence fails at its end.
func Gute(saetze iter.Seq2[Satz, error], b Bericht) iter.Seq2[catalogue.Zeile, error] {
	return func(yield func(catalogue.Zeile, error) bool) {
		n := 0
		for s, err := range saetze {
			if err == nil && !s.Gut() {
				continue
			}
			if n++; !yield(s.Zeile, err) || err != nil {
				return
			}
		}
		if n != b.Gut {
			yield(catalogue.Zeile{}, fault.New(fault.Conflict, "A-454",
				"Die Datei hat sich während des Einlesens geändert; bitte wiederholen.", nil))
		}
	}
}
