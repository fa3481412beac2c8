package pruefung

import (
	"archive/zip"
	"errors"

	"github.com/offizin/offizin/internal/extsort"
	"github.com/offizin/offizin/internal/fault"
)

// maxSortieren is how many bytes of records are sorted in memory; what is more goes by way of
// temporary files. Sums of closings have a quarter of it.
const maxSortieren = 32 << 20

// maxStamm is how many bytes of closings and master data are kept: those of some 60,000 closings.
const maxStamm = 48 << 20

// lauf is a check under way. Kept in memory are the closings with their master data; of a record
// only what its rows say of it is written down, sorted so that all of one record come together.
type lauf struct {
	pruefer  func(Signatur) error
	melde    func(Fund)
	bericht  Bericht
	datei    map[string]*zip.File
	rest     int64               // bytes that may still be unpacked
	erklaert map[string][]string // columns of a table by index.xml; nil: there is none
	err      error               // of a temporary file; ends the check

	voll        bool // there are more master data than we keep
	stamm       int  // bytes of closings and master data so far, about
	abschluesse map[zKey]*abschluss
	folge       []*abschluss // as they stand in the file
	nachNummer  map[zNummer]*abschluss
	nachZeit    map[int64]bool   // there is a closing of this time
	kleinste    map[uint32]int64 // lowest number of a closing, by till
	namen       map[string]string
	tills       map[string]uint32
	serien      map[string]uint32

	saetze *extsort.Sorter // what rows say of records
	puffer []byte
	summen summen
}

func newLauf(ordner string, pruefer func(Signatur) error, melde func(Fund)) *lauf {
	return &lauf{
		pruefer: pruefer, melde: melde, rest: maxBytes, datei: map[string]*zip.File{},
		abschluesse: map[zKey]*abschluss{}, nachNummer: map[zNummer]*abschluss{}, nachZeit: map[int64]bool{},
		kleinste: map[uint32]int64{}, namen: map[string]string{}, tills: map[string]uint32{},
		serien: map[string]uint32{}, saetze: extsort.New(ordner, maxSortieren),
		summen: summen{aus: extsort.New(ordner, maxSortieren/4), offen: map[string]*[6]int64{}},
	}
}

// errEnde ends a table: there is more of it than an export can have.
var errEnde = errors.New("more than an export can have")

// zwischen says that a temporary file failed.
func zwischen(err error) error {
	if err == nil {
		return nil
	}
	return fault.New(fault.Unavailable, "D-703", "Die Zwischendateien der Prüfung lassen sich nicht schreiben; "+
		"bitte mit --zwischen einen Ordner nennen, der Platz hat.", err)
}

func (l *lauf) close() error { return errors.Join(l.saetze.Close(), l.summen.aus.Close()) }

// name is a text that is kept once, however often it is there.
func (l *lauf) name(s string) string {
	if have, ok := l.namen[s]; ok {
		return have
	}
	l.namen[s] = s
	l.stamm += len(s) + 64
	return s
}

// nummer is a number for a text.
func (l *lauf) nummer(m map[string]uint32, s string) uint32 {
	n, ok := m[s]
	if !ok {
		n = uint32(len(m))
		m[l.name(s)] = n
		l.stamm += 64
	}
	return n
}

// zKey names a closing.
type zKey struct{ till, zeit, nummer string }

// zNummer names it without its time.
type zNummer struct {
	till   uint32
	nummer string
}

// abschluss is a closing, with its sums as they stand there and as its records add up to.
type abschluss struct {
	zKey
	index         uint32
	tillNr        uint32
	zeile         int
	nr, erstellt  int64
	tag           string
	von, bis      string
	summe, bar    int64
	orte, geraete int
	serie, basis  string
	ohneUSt       bool // KEINE_UST_ZUORDNUNG
	tse           []tseZeile
	saetze        []satz
	agenturen     []string // AGENTUR_ID
	geraetenr     []string // TERMINAL_ID
	bargeld       []waehrung
	bewegungen    []int64 // what records that move cash only have moved, the first maxBewegungen

	zahlungen, barzahlungen int64 // of payment.csv

	belege           int64
	erste, letzte    int64 // BON_NR
	ersteID, letztID string
	ersteZeit        int64 // of the records, UTC nanoseconds; 0: none
}

// maxBewegungen is how many movements of cash of a closing are kept.
const maxBewegungen = 12

// satz is the rate of a VAT key, in hundred-thousandths of a percent.
type satz struct{ schluessel, satz int64 }

// waehrung is what cash there is of a currency.
type waehrung struct {
	code   string
	betrag int64
	zeile  int
}

// tseZeile is a row of tse.csv.
type tseZeile struct {
	id int64
	*tse
}

// tse is a TSE.
type tse struct {
	serie, algorithmus, zeitformat, schluessel string
}

func (a *abschluss) findTSE(id int64) *tse {
	for _, t := range a.tse {
		if t.id == id {
			return t.tse
		}
	}
	return nil
}

// art is what names a business case, agency included.
type art struct{ typ, name, agentur string }

// beleg is a record, with what its rows add up to. Amounts are hundred-thousandths.
type beleg struct {
	z                          *abschluss
	id, typ                    string
	zeile                      int
	ums                        int64
	zeilen, steuern, zahlungen int64
	slots                      [5]int64
	schluessel                 []schluesselsumme
	bar, unbar                 int64
	fremd                      bool // paid in another currency, too
	eigene                     bool // VAT keys of its own, whose slot nobody knows
	bargeld, waren             bool // lines that move cash only, and others
	andere                     bool // paid by something else than cash
	gezahlt                    bool // there is a row of datapayment
	storno, bezug              bool
	tse                        int
}

// schluesselsumme is what a record has under a VAT key: by its own row, and by its lines.
type schluesselsumme struct {
	schluessel     int64
	kopf, posten   [3]int64 // gross, net, tax
	zeilen, koepfe int
}

// maxSchluessel is how many VAT keys a record may have.
const maxSchluessel = 64

// unter is the sum under a key; nil: there are too many.
func (b *beleg) unter(key int64) *schluesselsumme {
	for i := range b.schluessel {
		if b.schluessel[i].schluessel == key {
			return &b.schluessel[i]
		}
	}
	if len(b.schluessel) == maxSchluessel {
		return nil
	}
	b.schluessel = append(b.schluessel, schluesselsumme{schluessel: key})
	return &b.schluessel[len(b.schluessel)-1]
}

// posten is a line.
type posten struct {
	nr             string
	da             bool // there is a row of lines.csv
	zeile          int
	art            art
	menge, stueck  int64
	bepreist       bool     // quantity and price of one are stated
	summe, findung [3]int64 // gross, net, tax
	grund          bool     // there is a row of the price before discounts
	grundpreis     int64
	schluessel     []int64
	teile          int
	ersterTeil     int
}
