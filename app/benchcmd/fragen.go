package benchcmd

import (
	"context"
	"errors"
	"math/rand/v2"
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

// scans are the codes of articles that can be sold without a prescription.
const scans = "scan"

// fragenAus makes queries of each kind from an article, as somebody would type them: in
// other orders, shortened, with a slip, with a word that does not exist.
func (f fragen) fragenAus(a artikel.Artikel) {
	f["pzn"] = append(f["pzn"], string(a.PZN))
	if !a.Verschreibungspflichtig && a.Status == artikel.Verkehr && a.Verkaufspreis() > 0 {
		f[scans] = append(f[scans], string(a.PZN))
	}
	words := strings.Fields(suche.Falten(a.Name))
	if len(words) == 0 {
		return
	}
	first := []rune(words[0])
	short := string(first[:min(len(first), 4)])
	maker := []rune(suche.Falten(a.Hersteller))
	f["broad"] = append(f["broad"], string(first[:1]))
	f["prefix"] = append(f["prefix"], string(first[:min(len(first), 2+len(f["prefix"])%4)]))
	f["words-2"] = append(f["words-2"], a.Menge+" "+short)
	f["words-3"] = append(f["words-3"], short+" "+string(maker[:min(len(maker), 3)])+" "+a.Menge)
	if len(first) >= 6 { // with more letters than the two slips that are forgiven in a long word
		f["nomatch"] = append(f["nomatch"], words[0]+"xqxq")
		wrong, missing := string(first[:3])+"x"+string(first[4:]), string(first[:2])+string(first[3:])
		f["typo"] = append(f["typo"], wrong, missing+" "+a.Menge)
	}
}

// fragenVon are how many articles give their queries, drawn from the whole catalogue.
const fragenVon = 500

// fragen draws the queries from the catalogue that holds today; of somebody else's pharmacy
// only the known articles of the demo are asked for.
func (l *lauf) fragen(ctx context.Context, seed uint64) (f fragen, err error) {
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
	zufall := rand.New(rand.NewPCG(seed, 0)) // the same queries again
	drawn, i := zieh(zufall, gen.Manifest().Artikel), 0
	var list []artikel.Artikel
	for z, err := range gen.Alle(ctx) {
		if err != nil {
			return nil, err
		}
		if drawn[i] {
			list = append(list, z.Artikel)
		}
		i++
	}
	// Neighbours lie on one page of the file; people do not ask in that order.
	zufall.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for _, a := range list {
		f.fragenAus(a)
	}
	return f, nil
}

// zieh draws the places of some articles of so many.
func zieh(zufall *rand.Rand, von int) map[int]bool {
	drawn := map[int]bool{}
	for len(drawn) < min(fragenVon, von) {
		drawn[zufall.IntN(von)] = true
	}
	return drawn
}
