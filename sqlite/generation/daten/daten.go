// Package daten reads an article as a generation stores it: the JSON that encoding/json
// makes of artikel.Artikel, every field in its place. Most of the time of a search and of
// an import was spent on reading that without knowing the order of the fields.
package daten

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/money"
)

// Decode reads an article. What does not stand in the order and the notation in which it
// is stored – text with escapes, another program's fields – is left to encoding/json, so
// that both always agree. On an error the article is not to be used.
func Decode(b []byte, a *artikel.Artikel) error {
	if decode(b, a) {
		return nil
	}
	*a = artikel.Artikel{}
	if err := json.Unmarshal(b, a); err != nil {
		return fmt.Errorf("decode article: %w", err)
	}
	return nil
}

// feld is one field: its name, and what reads its value from the start of a text and
// returns its length; 0 if it is written in another way.
type feld struct {
	name  string // `"pzn":`
	kann  bool   // is left out when empty
	setze func(a *artikel.Artikel, s string) (n int)
}

// decode reads the article if every field stands where it is written. The texts are pieces
// of one copy of b.
func decode(b []byte, a *artikel.Artikel) bool {
	if !einfach(b) {
		return false
	}
	*a = artikel.Artikel{}
	rest := string(b)
	before := "{"
	for i := range felder {
		f := &felder[i]
		s, there := strings.CutPrefix(rest, before)
		if there {
			s, there = strings.CutPrefix(s, f.name)
		}
		if !there {
			if f.kann {
				continue
			}
			return false
		}
		n := f.setze(a, s)
		if n == 0 {
			return false
		}
		rest, before = s[n:], ","
	}
	return rest == "}"
}

// einfach reports whether b is text without escapes.
func einfach(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c == '\\' {
			return false
		}
	}
	return utf8.Valid(b)
}

func text(name string, of func(*artikel.Artikel) *string) feld {
	return feld{name: `"` + name + `":`, setze: func(a *artikel.Artikel, s string) int {
		if s == "" || s[0] != '"' {
			return 0
		}
		end := strings.IndexByte(s[1:], '"')
		if end < 0 {
			return 0
		}
		*of(a) = s[1 : 1+end]
		return end + 2
	}}
}

// maxZiffern is how long a number may be here; it fits into 32 bits.
const maxZiffern = 9

func zahl(name string, set func(*artikel.Artikel, int64)) feld {
	return feld{name: `"` + name + `":`, setze: func(a *artikel.Artikel, s string) int {
		n, i := int64(0), 0
		for ; i < len(s) && i <= maxZiffern && s[i] >= '0' && s[i] <= '9'; i++ {
			n = 10*n + int64(s[i]-'0')
		}
		if i > maxZiffern || i > 1 && s[0] == '0' {
			return 0
		}
		set(a, n)
		return i
	}}
}

func flag(name string, of func(*artikel.Artikel) *bool) feld {
	return feld{name: `"` + name + `":`, setze: func(a *artikel.Artikel, s string) int {
		switch {
		case strings.HasPrefix(s, "true"):
			*of(a) = true
			return len("true")
		case strings.HasPrefix(s, "false"):
			return len("false")
		}
		return 0
	}}
}

func kann(f feld) feld {
	f.kann = true
	return f
}

// felder are the fields in the order in which encoding/json writes them; a test holds the
// table to the struct.
//
//nolint:gochecknoglobals // a constant table
var felder = []feld{
	text("pzn", func(a *artikel.Artikel) *string { return (*string)(&a.PZN) }),
	text("name", func(a *artikel.Artikel) *string { return &a.Name }),
	text("hersteller", func(a *artikel.Artikel) *string { return &a.Hersteller }),
	text("darreichungsform", func(a *artikel.Artikel) *string { return &a.Darreichungsform }),
	text("menge", func(a *artikel.Artikel) *string { return &a.Menge }),
	text("einheit", func(a *artikel.Artikel) *string { return &a.Einheit }),
	text("normgroesse", func(a *artikel.Artikel) *string { return &a.Normgroesse }),
	text("atc", func(a *artikel.Artikel) *string { return &a.ATC }),
	text("wirkstoff", func(a *artikel.Artikel) *string { return &a.Wirkstoff }),
	text("wirkstaerke", func(a *artikel.Artikel) *string { return &a.Wirkstaerke }),
	text("art", func(a *artikel.Artikel) *string { return (*string)(&a.Art) }),
	text("status", func(a *artikel.Artikel) *string { return (*string)(&a.Status) }),
	zahl("apu", func(a *artikel.Artikel, n int64) { a.ApU = money.Cent(n) }),
	zahl("aep", func(a *artikel.Artikel, n int64) { a.AEP = money.Cent(n) }),
	zahl("avp", func(a *artikel.Artikel, n int64) { a.AVP = money.Cent(n) }),
	zahl("uvp", func(a *artikel.Artikel, n int64) { a.UVP = money.Cent(n) }),
	zahl("festbetrag", func(a *artikel.Artikel, n int64) { a.Festbetrag = money.Cent(n) }),
	zahl("mwst", func(a *artikel.Artikel, n int64) { a.MwSt = artikel.MwSt(n) }),
	flag("rx", func(a *artikel.Artikel) *bool { return &a.Verschreibungspflichtig }),
	flag("apothekenpflichtig", func(a *artikel.Artikel) *bool { return &a.Apothekenpflichtig }),
	flag("zuzahlungsfrei", func(a *artikel.Artikel) *bool { return &a.Zuzahlungsfrei }),
	flag("btm", func(a *artikel.Artikel) *bool { return &a.BtM }),
	flag("t_rezept", func(a *artikel.Artikel) *bool { return &a.TRezept }),
	flag("kuehlkette", func(a *artikel.Artikel) *bool { return &a.Kuehlkette }),
	flag("import", func(a *artikel.Artikel) *bool { return &a.Import }),
	flag("negativliste", func(a *artikel.Artikel) *bool { return &a.Negativliste }),
	flag("lifestyle", func(a *artikel.Artikel) *bool { return &a.Lifestyle }),
	flag("homoeopathisch", func(a *artikel.Artikel) *bool { return &a.Homoeopathisch }),
	flag("cannabisblueten", func(a *artikel.Artikel) *bool { return &a.Cannabisblueten }),
	flag("otc_ausnahme", func(a *artikel.Artikel) *bool { return &a.OTCAusnahme }),
	kann(text("lagerung", func(a *artikel.Artikel) *string { return &a.Lagerung })),
	kann(zahl("geheimpreis", func(a *artikel.Artikel, n int64) { a.Geheimpreis = money.Cent(n) })),
	kann(text("festbetrag_aus", func(a *artikel.Artikel) *string { return &a.FestbetragAus })),
	kann(text("zuzahlungsfrei_aus", func(a *artikel.Artikel) *string { return &a.ZuzahlungsfreiAus })),
	kann(text("import_von", func(a *artikel.Artikel) *string { return (*string)(&a.ImportVon) })),
	kann(text("gtin", func(a *artikel.Artikel) *string { return (*string)(&a.GTIN) })),
	kann(zahl("eigener_preis", func(a *artikel.Artikel, n int64) { a.EigenerPreis = money.Cent(n) })),
}
