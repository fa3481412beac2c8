package recht

import (
	"errors"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
)

// Typ is the kind of value a parameter has.
type Typ string

// The kinds of value.
const (
	Betrag   Typ = "betrag"   // euro and cent
	Anteil   Typ = "anteil"   // per cent
	Zahl     Typ = "zahl"     // a count, an age
	Schalter Typ = "schalter" // ja or nein
	Tabelle  Typ = "tabelle"  // regressive markup steps
	Tag      Typ = "tag"      // a calendar day
	Text     Typ = "text"     // a code, a list of codes
)

// Wert is the value of a parameter; which field counts follows from Typ.
type Wert struct {
	Typ    Typ
	Zahl   int64 // cents, parts per million, count, 0/1, or a civil day
	Text   string
	Stufen []preis.Stufe
}

var errWert = errors.New("no value of this type")

// Cent returns the amount of a Betrag.
func (w Wert) Cent() money.Cent { return money.Cent(w.Zahl) }

// PPM returns the share of an Anteil.
func (w Wert) PPM() money.PPM { return money.PPM(w.Zahl) }

// Gleich reports whether two values say the same.
func (w Wert) Gleich(o Wert) bool { return w.String() == o.String() && w.Typ == o.Typ }

// String formats the value as it stands in the law files: "8,35 €", "3,15 %", "ja".
func (w Wert) String() string {
	switch w.Typ {
	case Betrag:
		return w.Cent().String()
	case Anteil:
		return w.PPM().String()
	case Zahl:
		return strconv.FormatInt(w.Zahl, 10)
	case Schalter:
		if w.Zahl == 1 {
			return "ja"
		}
		return "nein"
	case Tag:
		return civil.Day(w.Zahl).German()
	case Tabelle:
		return stufenText(w.Stufen)
	default:
		return w.Text
	}
}

func stufenText(stufen []preis.Stufe) string {
	parts := make([]string, 0, len(stufen))
	for _, s := range stufen {
		parts = append(parts, stufeText(s))
	}
	return strings.Join(parts, "; ")
}

func stufeText(s preis.Stufe) string {
	grenze := "darüber"
	if s.Bis > 0 {
		grenze = "bis " + s.Bis.Plain()
	}
	var wie []string
	if s.Anteil > 0 {
		wie = append(wie, s.Anteil.String())
	}
	if s.Fest > 0 {
		wie = append(wie, s.Fest.String())
	}
	return grenze + " = " + strings.Join(wie, " + ")
}

// parseWert reads the text of a single value; tables have lines of their own.
func parseWert(typ Typ, s string) (Wert, error) {
	w := Wert{Typ: typ}
	var err error
	switch typ {
	case Betrag:
		var c money.Cent
		c, err = money.Parse(s)
		w.Zahl = int64(c)
	case Anteil:
		w.Zahl, err = parseAnteil(s)
	case Zahl:
		var n uint64
		n, err = strconv.ParseUint(s, 10, 31)
		w.Zahl = int64(n)
	case Schalter:
		w.Zahl, err = parseSchalter(s)
	case Tag:
		var d civil.Day
		d, err = civil.Parse(s)
		w.Zahl = int64(d)
	case Text:
		w.Text = s
	default:
		err = errWert
	}
	if err != nil || w.Zahl < 0 {
		return Wert{}, errWert
	}
	return w, nil
}

// parseAnteil reads "3,15 %" into parts per million; at most four decimals.
func parseAnteil(s string) (int64, error) {
	number, ok := strings.CutSuffix(s, "%")
	if !ok {
		return 0, errWert
	}
	whole, frac, comma := strings.Cut(strings.TrimSpace(number), ",")
	if len(whole) == 0 || len(whole) > 3 || len(frac) > 4 || comma && frac == "" {
		return 0, errWert
	}
	v, err := strconv.ParseUint(whole+(frac + "0000")[:4], 10, 32)
	if err != nil {
		return 0, errWert
	}
	return int64(v), nil
}

func parseSchalter(s string) (int64, error) {
	switch s {
	case "ja":
		return 1, nil
	case "nein":
		return 0, nil
	}
	return 0, errWert
}

// parseStufe reads one step of a table: "bis 0,84 = 21 %", "bis 0,88 = 0,18 €",
// "darüber = 3 % + 61,63 €".
func parseStufe(s string) (preis.Stufe, error) {
	grenze, wie, ok := strings.Cut(s, " = ")
	if !ok {
		return preis.Stufe{}, errWert
	}
	var st preis.Stufe
	if grenze != "darüber" {
		number, ok := strings.CutPrefix(grenze, "bis ")
		bis, err := money.Parse(number)
		if !ok || err != nil || bis <= 0 {
			return preis.Stufe{}, errWert
		}
		st.Bis = bis
	}
	for part := range strings.SplitSeq(wie, " + ") {
		if err := addPart(&st, strings.TrimSpace(part)); err != nil {
			return preis.Stufe{}, err
		}
	}
	return st, nil
}

func addPart(st *preis.Stufe, part string) error {
	if strings.HasSuffix(part, "%") && st.Anteil == 0 {
		v, err := parseAnteil(part)
		st.Anteil = money.PPM(v)
		return err
	}
	v, err := money.Parse(part)
	if err != nil || v <= 0 || st.Fest != 0 {
		return errWert
	}
	st.Fest = v
	return nil
}
