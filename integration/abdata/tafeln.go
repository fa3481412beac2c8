package abdata

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
)

// tafeln are the small files, and of the large ones what a pack needs of them.
type tafeln struct {
	firmen  map[string]string // name by Key_ADR
	formen  map[string]string // name by Key_DAR
	norm    map[uint32]norm
	mengen  map[uint32]menge
	otc     map[uint32]bool // PZN with a rule of the OTC list that is in force
	texte   []string        // quantities and units, each once
	textNr  map[string]uint32
	zweifel zweifel
}

// norm is the size class of a component of a pack.
type norm struct{ komponente, einstufung uint8 }

// menge is the quantity of a pack; of several, the one with the least rank counts.
type menge struct{ rang, menge, einheit uint32 }

// liesTafeln reads the files that packs refer to.
func (l *Lieferung) liesTafeln() (*tafeln, error) {
	t := &tafeln{
		firmen: map[string]string{}, formen: map[string]string{}, norm: map[uint32]norm{}, mengen: map[uint32]menge{},
		otc: map[uint32]bool{}, textNr: map[string]uint32{}, zweifel: l.zweifel,
	}
	for _, read := range []func(*tafeln) error{l.adressen, l.formen, l.normgroessen, l.mengen, l.vorschriften} {
		if err := read(t); err != nil {
			return nil, err
		}
	}
	t.textNr = nil
	return t, nil
}

func (t *tafeln) merke(s string) uint32 {
	nr, ok := t.textNr[s]
	if !ok {
		nr = uint32(len(t.texte))
		t.texte, t.textNr[s] = append(t.texte, s), nr
	}
	return nr
}

func (l *Lieferung) adressen(t *tafeln) error {
	return l.lies(l.zweifel, "ADR_APO", func(r *Leser, s *Satz, stelle []int) error {
		t.firmen[r.Text(s, stelle[0])] = einzeilig(r.Text(s, stelle[1]))
		return nil
	})
}

func (l *Lieferung) formen(t *tafeln) error {
	return l.lies(l.zweifel, "DAR_APO", func(r *Leser, s *Satz, stelle []int) error {
		t.formen[r.Text(s, stelle[0])] = einzeilig(r.Text(s, stelle[1]))
		return nil
	})
}

// normgroessen takes the size class of the first component that has one.
func (l *Lieferung) normgroessen(t *tafeln) error {
	return l.lies(l.zweifel, "PGR_APO", func(r *Leser, s *Satz, stelle []int) error {
		pzn, ok := t.pzn(r, s, stelle[0])
		n := norm{uint8(min(zahl(s, stelle[1]), 255)), uint8(min(zahl(s, stelle[2]), 255))}
		if old, there := t.norm[pzn]; ok && n.einstufung > 0 && (!there || n.komponente < old.komponente) {
			t.norm[pzn] = n
		}
		return nil
	})
}

// mengen takes the quantity that the supplier states, of the first component.
func (l *Lieferung) mengen(t *tafeln) error {
	return l.lies(l.zweifel, "PGR2_APO", func(r *Leser, s *Satz, stelle []int) error {
		pzn, ok := t.pzn(r, s, stelle[0])
		if !ok {
			return nil
		}
		komponente, typ := zahl(s, stelle[3]), zahl(s, stelle[4])
		if typ == 0 {
			typ = 3 // not stated
		}
		rang := uint32(min(typ, 15)<<24 | min(komponente, 1<<12-1)<<12 | min(zahl(s, stelle[1]), 1<<12-1))
		if old, there := t.mengen[pzn]; there && old.rang <= rang {
			return nil
		}
		einheit := strings.ReplaceAll(r.Text(s, stelle[2]), "μ", "µ") // Greek mu and micro sign look alike
		t.mengen[pzn] = menge{rang, t.merke(einzeilig(r.Text(s, stelle[5]))), t.merke(einzeilig(einheit))}
		return nil
	})
}

// otcListe is the type of the rules about drugs that are reimbursed without being
// prescription-only (AM-RL Anlage I).
const otcListe = 7

// vorschriften reads for which packs a rule of the OTC list is in force. Deliveries
// without the files have none.
func (l *Lieferung) vorschriften(t *tafeln) error {
	if l.dateien["VOV_APO"] == "" || l.dateien["VPV_APO"] == "" {
		return nil
	}
	regeln := map[string]bool{}
	err := l.lies(l.zweifel, "VOV_APO", func(r *Leser, s *Satz, stelle []int) error {
		if zahl(s, stelle[1]) == otcListe {
			regeln[r.Text(s, stelle[0])] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	return l.lies(l.zweifel, "VPV_APO", func(r *Leser, s *Satz, stelle []int) error {
		pzn, ok := t.pzn(r, s, stelle[0])
		if ok && regeln[r.Text(s, stelle[1])] && !abgelaufen(r, s, stelle[2], l.GueltigAb) {
			t.otc[pzn] = true
		}
		return nil
	})
}

func abgelaufen(r *Leser, s *Satz, i int, am civil.Day) bool {
	if i < 0 {
		return false
	}
	bis, err := tag(r.Text(s, i))
	return err == nil && bis < am
}

// pzn reads the number of the pack that a record is about; one that is none is counted
// and the record left out.
func (t *tafeln) pzn(r *Leser, s *Satz, i int) (uint32, bool) {
	b, _ := s.Roh(i)
	p, err := kennung.ParsePZN(string(b))
	if err != nil {
		t.zweifel.plus("A-533", "… Sätze der Datei "+r.datei+" nennen keine gültige PZN und wurden weggelassen.", "")
		return 0, false
	}
	return pznZahl(p), true
}

func pznZahl(p kennung.PZN) uint32 {
	n, _ := strconv.ParseUint(string(p), 10, 32) // eight digits
	return uint32(n)
}

// zahl reads a short count; 0 if the field is null or no number.
func zahl(s *Satz, i int) int {
	if i < 0 {
		return 0
	}
	b, _ := s.Roh(i)
	n, err := strconv.ParseUint(string(bytes.TrimSpace(b)), 10, 31)
	if err != nil {
		return 0
	}
	return int(n)
}

// einzeilig puts a text that may have several lines into one.
func einzeilig(s string) string {
	if istEinzeilig(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// istEinzeilig reports whether s is words with one blank between them; of letters beyond
// ASCII it does not say so.
func istEinzeilig(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == ' ' && last == ' ' {
			return false
		}
		last = s[i]
	}
	return s == "" || last != ' '
}
