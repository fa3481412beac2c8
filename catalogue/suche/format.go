package suche

import (
	"encoding/binary"
	"errors"
)

// The index is one block of little-endian bytes:
//
//	magic, version, number of articles, then (offset, length) of each section
//	PZN by rank · PZN ascending · rank of each of these
//	words · short prefixes · filters: sorted entries of 16 bytes
//	texts of the entries · their postings
//
// A rank is the place of an article in order of popularity, 0 first; a posting
// list is a set of ranks, so that reading it in order yields the best first. It is
// stored as differences, or as a bitmap where it has more than 1/16 of all ranks.
const (
	magic   = "OFZSUCH\x01"
	kopfLen = 8 + 8 + abschnitte*16

	abschnitte = 8
	eintragLen = 16

	// kurzLen is the longest prefix for which the union of its words is stored.
	kurzLen = 3
	// dicht is the share of ranks (one in so many) above which a list is a bitmap.
	dicht = 16

	// MaxArtikel bounds an index: two million, four times the German catalogue.
	MaxArtikel = 2_000_000
)

const (
	abPZNRang = iota
	abPZN
	abRang
	abWoerter
	abKurz
	abFilter
	abTexte
	abListen
)

// The filters, and the prefix of those that name an insurer by its IK.
const (
	filterRx  = "rx"
	filterOTC = "otc"
	filterIK  = "ik"
)

// ErrIndex reports a block that is no index of this version, or a damaged one.
var ErrIndex = errors.New("no readable search index")

//nolint:gochecknoglobals // a shorthand
var le = binary.LittleEndian

// eintrag is one word of a vocabulary and where its ranks stand.
type eintrag struct {
	text   uint32 // offset in the texts
	len    uint16
	bitmap uint16 // 1: the list is a bitmap
	anzahl uint32 // ranks in the list
	liste  uint32 // offset in the lists, in units of 8 bytes
}

func (e eintrag) append(b []byte) []byte {
	b = le.AppendUint32(b, e.text)
	b = le.AppendUint16(b, e.len)
	b = le.AppendUint16(b, e.bitmap)
	b = le.AppendUint32(b, e.anzahl)
	return le.AppendUint32(b, e.liste)
}

func leseEintrag(b []byte) eintrag {
	_ = b[eintragLen-1]
	return eintrag{
		text: le.Uint32(b), len: le.Uint16(b[4:]), bitmap: le.Uint16(b[6:]),
		anzahl: le.Uint32(b[8:]), liste: le.Uint32(b[12:]),
	}
}
