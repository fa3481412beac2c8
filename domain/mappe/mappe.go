// Package mappe describes what stands in a Notfallmappe: the papers with which a pharmacy
// goes on selling while no computer works. It holds names and phone numbers of customers.
package mappe

import (
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
)

// MaxArtikel is how many articles a Mappe has room for.
const MaxArtikel = 2000

// Vorschau is how many days ahead the next change of a price or of the law is told.
const Vorschau = 20

// Mappe is everything that is printed.
type Mappe struct {
	Apotheke  Apotheke
	Tag       civil.Day // whose prices it holds
	Bis       civil.Day // the last day on which they are known to hold, changes told included
	Zeit      time.Time // UTC
	Katalog   civil.Day // from which day on the price list holds
	Kataloge  []string  // ids of the generations whose prices are in it
	Auswahl   Auswahl
	Artikel   []Artikel // in the order of the names
	Vormerken []Vormerkung

	// OhneVormerkungen says that they could not be read, which is not the same as none.
	OhneVormerkungen bool
}

// Apotheke is the head of every page and the own numbers.
type Apotheke struct {
	Name, Inhaber, Strasse, PLZ, Ort, Telefon, IK string
}

// Auswahl says why the articles are in it; the three add up to their number.
type Auswahl struct {
	Seit        civil.Day // first day of the sales that count
	Verkaeufe   int       // sold most in that time
	Bestand     int       // filled up: in stock
	Beliebtheit int       // filled up: asked for most by the catalogue
}

// Art says who pays for an article.
type Art int

// The kinds.
const (
	GKV       Art = iota // the GKV pays: Zuzahlung and Mehrkosten are stated
	Privat               // adults pay it themselves
	OhnePreis            // the catalogue states no price that can be used
	Pflege               // the Pflegekasse decides
	Entfallen            // not in the catalogue of that day
)

// Betraege is what one pack costs on a day; amounts gross, zero: not stated.
type Betraege struct {
	Art        Art
	Preis      money.Cent // without a prescription of the GKV: AVP of Rx, else the free price
	PreisGKV   money.Cent // with one, if that is another; else zero
	Festbetrag money.Cent
	Zuzahlung  money.Cent // of an adult who is not exempt, without a Rabattvertrag
	Mehrkosten money.Cent
}

// Artikel is one article.
type Artikel struct {
	PZN       kennung.PZN
	Name      string
	Packung   string // "20 St N1"
	Form      string // KBV code: "FTA"
	Rx, BtM   bool
	Rueckruf  bool // recalled: not to be handed over
	Vertrieb  bool // still sold by its maker
	Heute     Betraege
	WechselAb civil.Day // from which day on Dann holds; zero: no change is known
	Dann      Betraege
}

// Vormerkung is an open reservation, with the person who waits for it.
type Vormerkung struct {
	Nummer   int
	Kunde    string // id of the customer on file; empty: nobody on file
	Name     string // "Muster, Erika"; empty: nobody was named
	Telefon  string
	Menge    int
	Artikel  string // name and pack
	PZN      kennung.PZN
	Tag      civil.Day
	Abholbar bool // enough of it is in stock
}
