package pruefung

import (
	"encoding/binary"
	"math"
)

// teil is what a row says of a record, in the order in which the check wants to know it.
type teil byte

const (
	teilKopf teil = iota + 1
	teilSteuer
	teilZahlung
	teilTSE
	teilBezug
	teilKreis
	teilPosten
	teilGefragt
)

// The tables about a line, in that order.
const (
	tabPosten byte = iota
	tabSteuer
	tabFindung
	tabZusatz
	tabBezug
)

// The kinds of what is sorted: about records, and transactions of a TSE.
const (
	artBeleg byte = iota + 1
	artTransaktion
)

// ohneAbschluss stands for the closing of a record that is in none yet.
const ohneAbschluss = math.MaxUint32

// The longest key and text that are compared; what is longer is a finding by itself.
const (
	maxKey  = 200
	maxWort = 2000
)

func kurz(s string, n int) string { return s[:min(len(s), n)] }

// neu begins what a row says of a record.
func (l *lauf) neu(till, abschluss uint32, id string, t teil) {
	id = kurz(id, maxKey)
	b := append(l.puffer[:0], artBeleg)
	b = binary.BigEndian.AppendUint32(b, till)
	b = append(append(b, byte(len(id))), id...)
	b = binary.BigEndian.AppendUint32(b, abschluss)
	l.puffer = append(b, byte(t))
}

// satz begins what the row says of its record; nil, and a finding, if its closing is unknown.
func (z *zeile) satz(t teil) *abschluss {
	a := z.zuAbschluss()
	if a != nil {
		z.neu(a.tillNr, a.index, z.text("BON_ID"), t)
		z.zeilennummer()
	}
	return a
}

// postensatz does so for a row about a line.
func (z *zeile) postensatz(tab byte) *abschluss {
	a := z.zuAbschluss()
	if a != nil {
		z.neu(a.tillNr, a.index, z.text("BON_ID"), teilPosten)
		nr := kurz(z.text("POS_ZEILE"), maxKey)
		z.puffer = append(append(append(z.puffer, byte(len(nr))), nr...), tab)
		z.zeilennummer()
	}
	return a
}

func (z *zeile) zeilennummer() { z.puffer = binary.BigEndian.AppendUint32(z.puffer, uint32(z.nr)) }

func (l *lauf) zahlen(list ...int64) {
	for _, n := range list {
		l.puffer = binary.AppendVarint(l.puffer, n)
	}
}

func (l *lauf) worte(list ...string) {
	for _, s := range list {
		s = kurz(s, maxWort)
		l.puffer = append(binary.AppendUvarint(l.puffer, uint64(len(s))), s...)
	}
}

func (l *lauf) flagge(b bool) {
	n := int64(0)
	if b {
		n = 1
	}
	l.zahlen(n)
}

// fertig has it sorted.
func (l *lauf) fertig() {
	if l.err == nil {
		l.err = zwischen(l.saetze.Add(l.puffer))
	}
}

// entnahme reads what was written.
type entnahme struct{ b []byte }

func (e *entnahme) nimm(n int) []byte {
	x := e.b[:n]
	e.b = e.b[n:]
	return x
}

func (e *entnahme) byte() byte     { return e.nimm(1)[0] }
func (e *entnahme) uint32() uint32 { return binary.BigEndian.Uint32(e.nimm(4)) }
func (e *entnahme) key() string    { return string(e.nimm(int(e.byte()))) }

func (e *entnahme) zahl() int64 {
	n, size := binary.Varint(e.b)
	e.nimm(size)
	return n
}

func (e *entnahme) betraege() [3]int64 { return [3]int64{e.zahl(), e.zahl(), e.zahl()} }

func (e *entnahme) wort() string {
	n, size := binary.Uvarint(e.b)
	e.nimm(size)
	return string(e.nimm(int(n)))
}

func (e *entnahme) flagge() bool { return e.zahl() == 1 }
