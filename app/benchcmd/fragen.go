package benchcmd

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/sqlite/generation"
)

// fragen are queries of each kind, by the name of the measure.
type fragen map[string][]string

// fragenAus makes queries of each kind from an article, as somebody would type them: in
// other orders, shortened, with a slip, with a word that does not exist.
func (f fragen) fragenAus(a artikel.Artikel) {
	words := strings.Fields(suche.Falten(a.Name))
	if len(words) == 0 {
		return
	}
	first := []rune(words[0])
	short := string(first[:min(len(first), 4)])
	maker := []rune(suche.Falten(a.Hersteller))
	f["pzn"] = append(f["pzn"], string(a.PZN))
	f["broad"] = append(f["broad"], string(first[:1]))
	f["prefix"] = append(f["prefix"], string(first[:min(len(first), 2+len(f["prefix"])%4)]))
	f["words-2"] = append(f["words-2"], a.Menge+" "+short)
	f["words-3"] = append(f["words-3"], short+" "+string(maker[:min(len(maker), 3)])+" "+a.Menge)
	f["nomatch"] = append(f["nomatch"], words[0]+"xq")
	if len(first) >= 6 {
		wrong, missing := string(first[:3])+"x"+string(first[4:]), string(first[:2])+string(first[3:])
		f["typo"] = append(f["typo"], wrong, missing+" "+a.Menge)
	}
}

// fragenVon are how many articles give their queries, spread evenly over the catalogue.
const fragenVon = 500

// fragen draws the queries from the catalogue that holds today; of somebody else's pharmacy
// only the known articles of the demo are asked for.
func (l *lauf) fragen(ctx context.Context) (f fragen, err error) {
	f = fragen{"words": worte()}
	if l.process == nil {
		for _, b := range muster.Bekannt() {
			f.fragenAus(b.Artikel)
		}
		return f, nil
	}
	o, err := generation.OpenOrdner(filepath.Join(l.dir, apotheke.KatalogDir))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	gen, err := o.Am(clock.Today(l.env.Clock))
	if err != nil {
		return nil, err
	}
	step, i := max(1, gen.Manifest().Artikel/fragenVon), 0
	for z, err := range gen.Alle(ctx) {
		if err != nil {
			return nil, err
		}
		if i%step == 0 {
			f.fragenAus(z.Artikel)
		}
		i++
	}
	return f, nil
}
