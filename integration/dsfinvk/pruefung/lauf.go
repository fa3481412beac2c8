package pruefung

import "archive/zip"

// lauf is a check under way: what was read so far. A record costs about 300 bytes.
type lauf struct {
	pruefer  func(Signatur) error
	melde    func(Fund)
	bericht  Bericht
	datei    map[string]*zip.File
	rest     int64               // bytes that may still be unpacked
	erklaert map[string][]string // columns of a table by index.xml; nil: there is none

	abschluesse map[zKey]*abschluss
	folge       []*abschluss // as they stand in the file
	belege      map[belegKey]*beleg
	belegfolge  []*beleg
	posten      map[postenKey]*posten
	postenfolge []*posten
	arten       map[art]int32 // business cases by what names them
	artfolge    []art
	transaktion map[transaktion]bool
}

func newLauf(pruefer func(Signatur) error, melde func(Fund)) *lauf {
	return &lauf{
		pruefer: pruefer, melde: melde, rest: maxBytes, datei: map[string]*zip.File{},
		abschluesse: map[zKey]*abschluss{}, belege: map[belegKey]*beleg{}, posten: map[postenKey]*posten{},
		arten: map[art]int32{}, transaktion: map[transaktion]bool{},
	}
}

// zKey names a closing.
type zKey struct{ till, zeit, nummer string }

// abschluss is a closing, with its sums as they stand there and as its records add up to.
type abschluss struct {
	zKey
	zeile         int
	nr            int64
	von, bis      string
	summe, bar    int64
	orte, geraete int
	serie         string
	tse           map[int64]*tse
	saetze        map[int64][]int64

	cases, casesSoll map[fall][3]int64
	paid, paidSoll   map[zahlart]int64

	belege           int64
	erste, letzte    int64 // BON_NR
	ersteID, letztID string
}

// tse is a row of tse.csv.
type tse struct {
	serie, algorithmus, zeitformat, schluessel string
}

// art is what names a business case, agency included.
type art struct{ typ, name, agentur string }

// fall is a business case under a VAT key.
type fall struct {
	art        int32
	schluessel int64
}

type zahlart struct{ typ, name string }

// belegKey names a record.
type belegKey struct {
	z  *abschluss
	id string
}

// beleg is a record, with what its rows add up to. Amounts are hundred-thousandths.
type beleg struct {
	z                          *abschluss
	id, typ                    string
	zeile                      int
	ums                        int64
	zeilen, steuern, zahlungen int64
	slots                      [5]int64
	bar, unbar                 int64
	fremd                      bool // paid in another currency, too
	eigene                     bool // VAT keys of its own, whose slot nobody knows
	bargeld, waren             bool // lines that move cash only, and others
	andere                     bool // paid by something else than cash
	storno, bezug              bool
	tse                        int
}

type postenKey struct {
	b  *beleg
	nr string
}

// posten is a line.
type posten struct {
	b              *beleg
	zeile          int
	art            int32
	summe, findung [3]int64 // gross, net, tax
	steuern, teile int
	ersterTeil     int
}

// transaktion is one that a TSE finished.
type transaktion struct {
	serie  string
	nummer int64
}
