// Package catalogue is the article catalogue. It comes in generations: immutable
// files, each valid from a civil day on. Which one is active follows from the day,
// so a price change needs no network and no pause.
package catalogue

import (
	"context"
	"iter"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Manifest describes a generation.
type Manifest struct {
	ID        string    `json:"id"` // "2026-11-15-1a2b3c4d"
	Quelle    string    `json:"quelle"`
	GueltigAb civil.Day `json:"gueltig_ab"`
	Artikel   int       `json:"artikel"`
	Vertraege int       `json:"vertraege"`
	SHA256    string    `json:"sha256"` // of the file, hex
	Gebaut    string    `json:"gebaut"` // RFC 3339, UTC

	// Grundlage is the ID of the generation that a list was laid on; empty: this one has its
	// articles from a source.
	Grundlage string `json:"grundlage,omitempty"`
	// Stand is the day of the delivery whose raw data it holds, where that is not GueltigAb.
	Stand civil.Day `json:"stand,omitempty"`
}

// Anfrage is a search as typed at the till.
type Anfrage struct {
	Text          string // any order of name, ingredient, maker, form, strength, pack, PZN part
	Limit         int    // 0: 20; at most 200
	IK            string // insurer whose contract partners come first; empty: none
	NurRx, NurOTC bool
	NurPartner    bool // only articles for which the insurer IK has a Rabattvertrag
	// Nur are the only articles that may be found; nil: all. Without text it is all of
	// them that pass the other filters.
	Nur []kennung.PZN
	// What only a pharmacy can say; a generation passes over both, see artikelsuche.
	NurLager   bool        // only what is in stock
	Guenstiger kennung.PZN // only what may replace this article and costs less; empty: all
}

// Treffer is one hit.
type Treffer struct {
	Artikel artikel.Artikel
	Rang    int // 0 best
	// Woertlich says that the numbers of the query occur as typed, and do not only
	// begin so: "20" finds packs of 20 and, behind them, of 200.
	Woertlich bool
}

// Generation is one catalogue, open for reading. All methods are safe for
// concurrent use.
type Generation interface {
	Manifest() Manifest
	// Artikel returns the article with the PZN; false if there is none.
	Artikel(ctx context.Context, pzn kennung.PZN) (artikel.Artikel, bool, error)
	// Suche returns hits, best first: exact PZN, then own stock, then popularity.
	Suche(ctx context.Context, a Anfrage) ([]Treffer, error)
	// Anzahl returns how many articles Suche finds without a limit.
	Anzahl(ctx context.Context, a Anfrage) (int, error)
	// Vertrag returns the Rabattvertrag of the insurer (IK) for the pack, or nil.
	Vertrag(ctx context.Context, ik string, pzn kennung.PZN) (*zuzahlung.Vertrag, error)
	// VertraegeVon returns every Rabattvertrag for a pack of the catalogue, by IK.
	VertraegeVon(ctx context.Context, pzn kennung.PZN) ([]Vertragszeile, error)
	// Gleiche returns the articles of the same ingredient, strength, form group and
	// pack size, cheapest first, the article itself among them.
	Gleiche(ctx context.Context, pzn kennung.PZN) ([]artikel.Artikel, error)
	// Beliebteste returns at most n articles: what can be had first, then by demand.
	Beliebteste(ctx context.Context, n int) ([]artikel.Artikel, error)
	// Alle walks all articles by rising PZN, to the end or to the first error.
	Alle(ctx context.Context) iter.Seq2[Zeile, error]
}

// Verlaufszeile is an article as one generation has it.
type Verlaufszeile struct {
	Manifest

	Artikel     artikel.Artikel
	Da          bool // the generation has the article
	Ausgelassen bool // a person has taken the generation out: it holds on no day
}

// Catalogue chooses the generation by the civil day.
type Catalogue interface {
	// Am returns the generation valid on the day: the one with the latest GueltigAb
	// not after it; the earliest if the day is before all of them.
	Am(day civil.Day) (Generation, error)
	// Generationen lists all, newest first.
	Generationen() []Manifest
}
