package abdata

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"slices"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/fault"
)

// MaxAenderungen is how many records an UPD may change: with more a GES is faster.
const MaxAenderungen = 200_000

// Aenderungen are the records of an UPD.
type Aenderungen struct {
	GueltigAb, Vorher civil.Day
	Saetze            int

	saetze map[string]map[string]*aenderung // by file and key
	packs  map[uint32]bool                  // to be made anew
	weg    map[uint32]bool                  // not there any more
	firmen map[string]bool                  // whose name is another
	formen map[string]bool
	regeln map[string]bool
}

// aenderung is one record; a value that is not set is nil.
type aenderung struct {
	art   Satzart
	wo    string // file and line
	werte [][]byte
	getan bool
}

// IstUPD reports whether a folder holds only what changes.
func IstUPD(fsys fs.FS) bool {
	ges, upd := k2Dateien(fsys)
	return len(ges) == 0 && len(upd) > 0
}

// LiesAenderungen reads the UPD files in a folder. All must be of one day and change the
// same one.
func LiesAenderungen(fsys fs.FS) (*Aenderungen, error) {
	a := &Aenderungen{
		saetze: map[string]map[string]*aenderung{}, packs: map[uint32]bool{}, weg: map[uint32]bool{},
		firmen: map[string]bool{}, formen: map[string]bool{}, regeln: map[string]bool{},
	}
	l := &Lieferung{fsys: fsys, dateien: map[string]string{}}
	_, upd := k2Dateien(fsys)
	for _, datei := range upd {
		if err := a.datei(l, datei); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *Aenderungen) datei(l *Lieferung, datei string) error {
	f, r, err := l.oeffne(datei)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	if a.Vorher == 0 {
		a.GueltigAb, a.Vorher = r.Kopf.GueltigAb, r.Kopf.Vorher
	}
	switch k := r.Kopf; {
	case k.Inhalt != UPD || k.GueltigAb != a.GueltigAb || k.Vorher != a.Vorher || k.Vorher >= k.GueltigAb:
		return fault.New(fault.Invalid, "A-523", "Die Datei "+datei+" gehört nicht zu den übrigen Änderungen: "+
			"Art oder Tage in ihrem "+
			"Kopf sind andere; bitte Lieferungen nicht mischen.", nil)
	case a.saetze[k.Name] != nil:
		return fault.New(fault.Invalid, "A-507", "Die Dateien "+l.dateien[k.Name]+" und "+datei+" sind beide "+
			""+k.Name+"; bitte "+
			"eine davon entfernen.", nil)
	case !slices.Contains(gelesene(), k.Name):
		return nil
	}
	l.dateien[r.Kopf.Name] = datei
	stelle, err := stellen(zweifel{}, r, felderVon(r.Kopf.Name))
	if err != nil {
		return err
	}
	if err := schluesselWie(r, stelle); err != nil {
		return err
	}
	list := map[string]*aenderung{}
	a.saetze[r.Kopf.Name] = list
	for {
		s, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if a.Saetze++; a.Saetze > MaxAenderungen {
			return fault.New(fault.Invalid, "A-524", fmt.Sprintf("Die Lieferung ändert mehr als %d Sätze; bitte "+
				"die volle Lieferung "+
				"(GES) einspielen.", MaxAenderungen), nil)
		}
		key := string(schluessel(s, stelle, schluesselzahl(r.Kopf.Name), nil))
		if list[key] != nil {
			return r.fehlerIn(s.Zeile, "A-526", "Die Datei ändert diesen Satz zum zweiten Mal; bitte die Lieferung neu laden.")
		}
		list[key] = neueAenderung(s, stelle, fmt.Sprintf("%s, Zeile %d", datei, s.Zeile))
	}
}

// schluesselWie refuses a file whose records have another key than the state knows: two
// records could pass for one.
func schluesselWie(r *Leser, stelle []int) error {
	key := stelle[:schluesselzahl(r.Kopf.Name)]
	for i, f := range r.Felder {
		if f.Schluessel != slices.Contains(key, i) {
			return fault.New(fault.Invalid, "A-528", "In der Datei "+r.datei+" ist der Schlüssel der Sätze ein "+
				"anderer als bekannt (Feld "+
				f.Kennung+" "+f.Name+"); bitte die volle Lieferung (GES) einspielen und Offizin aktualisieren.", nil)
		}
	}
	return nil
}

func neueAenderung(s *Satz, stelle []int, wo string) *aenderung {
	c := &aenderung{art: s.Art, wo: wo, werte: make([][]byte, len(stelle))}
	for k, i := range stelle {
		if i < 0 {
			continue
		}
		if b, ok := s.Roh(i); ok {
			c.werte[k] = append([]byte{}, b...)
		}
	}
	return c
}

// schluessel returns the key of a record in a buffer.
func schluessel(s *Satz, stelle []int, n int, buf []byte) []byte {
	for _, i := range stelle[:n] {
		b, _ := s.Roh(i)
		buf = append(append(buf, b...), 0)
	}
	return buf
}

// Fortschreiben writes the state with the changes, which are used up. A change that does
// not fit to what is there is a verdict: the base is another.
func (l *Lieferung) Fortschreiben(a *Aenderungen, w io.Writer) error {
	if a.Vorher != l.GueltigAb {
		return fault.New(fault.Invalid, "A-527", "Die Änderungen bauen auf dem Stand vom "+a.Vorher.German()+" "+
			"auf, vorhanden ist der "+
			"vom "+l.GueltigAb.German()+"; bitte die volle Lieferung (GES) einspielen.", nil)
	}
	out := neueAblage(w, a.GueltigAb)
	for _, datei := range gelesene() {
		out.abschnitt(datei)
		if err := l.schreibeFort(a, datei, out); err != nil {
			return err
		}
		out.ende()
	}
	if err := out.w.Flush(); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	return nil
}

func (l *Lieferung) schreibeFort(a *Aenderungen, datei string, out *ablage) error {
	list, n := a.saetze[datei], schluesselzahl(datei)
	alle := stellenAlle(len(felderVon(datei)))
	var buf []byte
	err := l.lies(zweifel{}, datei, func(_ *Leser, s *Satz, stelle []int) error {
		buf = schluessel(s, stelle, n, buf[:0])
		if datei == "VPV_APO" && len(a.regeln) > 0 {
			a.regel(s, stelle)
		}
		c := list[string(buf)]
		if c == nil {
			out.satz(s, stelle)
			return nil
		}
		c.getan = true
		a.merke(datei, c)
		switch c.art {
		case Einfuegen:
			return c.passtNicht("gibt es schon")
		case Loeschen:
		case Aendern:
			out.satz(c.auf(s), alle)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(list)) {
		c := list[key]
		if c.getan {
			continue
		}
		if c.art != Einfuegen {
			return c.passtNicht("gibt es nicht")
		}
		a.merke(datei, c)
		out.satz(c.auf(&Satz{von: leereSpannen(len(c.werte))}), alle)
	}
	return nil
}

func (c *aenderung) passtNicht(why string) error {
	return fault.New(fault.Invalid, "A-525", c.wo+": Die Änderung passt nicht zum vorhandenen Stand: Den "+
		"Satz "+why+"; bitte die volle "+
		"Lieferung (GES) einspielen.", nil)
}

// auf returns the record with the values that change; an empty one is null.
func (c *aenderung) auf(s *Satz) *Satz {
	out := &Satz{Art: Einfuegen, von: leereSpannen(len(c.werte))}
	for i := range out.von {
		b, ok := s.Roh(i)
		if c.werte[i] != nil {
			b, ok = c.werte[i], len(c.werte[i]) > 0
		}
		if ok {
			from := len(out.puffer)
			out.puffer = append(out.puffer, b...)
			out.von[i] = spanne{from, len(out.puffer)}
		}
	}
	return out
}

func leereSpannen(n int) []spanne { return slices.Repeat([]spanne{{0, -1}}, n) }

func stellenAlle(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// merke notes which packs a change touches.
func (a *Aenderungen) merke(datei string, c *aenderung) {
	key := string(c.werte[0])
	switch datei {
	case "ADR_APO":
		a.firmen[key] = true
	case "DAR_APO":
		a.formen[key] = true
	case "VOV_APO":
		a.regeln[key] = true
	case "VPV_APO", "PGR_APO", "PGR2_APO", "PAC_APO":
		pzn, err := kennung.ParsePZN(key)
		if err != nil {
			return
		}
		if datei == "PAC_APO" && c.art == Loeschen {
			a.weg[pznZahl(pzn)] = true
		} else {
			a.packs[pznZahl(pzn)] = true
		}
	}
}

// regel notes the pack of a rule that has changed.
func (a *Aenderungen) regel(s *Satz, stelle []int) {
	pzn, _ := s.Roh(stelle[0])
	key, _ := s.Roh(stelle[1])
	if p, err := kennung.ParsePZN(string(pzn)); err == nil && a.regeln[string(key)] {
		a.packs[pznZahl(p)] = true
	}
}

// Geaenderte reads from the state with the changes the packs that they touch.
func (l *Lieferung) Geaenderte(a *Aenderungen) iter.Seq2[Packung, error] {
	anbieter, hersteller, form := pacStelle("44"), pacStelle("66"), pacStelle("45")
	return l.packungenWo(func(s *Satz) bool {
		hat := func(list map[string]bool, i int) bool {
			b, _ := s.Roh(i)
			return len(list) > 0 && list[string(b)]
		}
		b, _ := s.Roh(0)
		return a.packs[achtstellig(b)] || hat(a.firmen, anbieter) || hat(a.firmen, hersteller) || hat(a.formen, form)
	})
}

// achtstellig reads a number of digits; other text gives 0 or any number.
func achtstellig(b []byte) uint32 {
	n := uint32(0)
	for _, c := range b[:min(len(b), 8)] {
		n = n*10 + uint32(c-'0')
	}
	return n
}

func pacStelle(kennung string) int {
	return slices.IndexFunc(felderVon("PAC_APO"), func(f feldname) bool { return f.kennung == kennung })
}

// Entfallene lists the packs that are not there any more.
func (a *Aenderungen) Entfallene() []kennung.PZN {
	var list []kennung.PZN
	for _, nr := range slices.Sorted(maps.Keys(a.weg)) {
		list = append(list, kennung.PZN(fmt.Sprintf("%08d", nr)))
	}
	return list
}
