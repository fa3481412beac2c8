// Package ber reads and writes the few forms of ASN.1 BER that log messages of a TSE and
// certificates are made of (ITU-T X.690): one byte tags, definite and indefinite lengths,
// strings in one piece or in several. Every reader keeps within the bytes it was given,
// within MaxDepth and never panics.
package ber

import (
	"errors"
	"fmt"
	"math/bits"
)

// The universal tags in use.
const (
	Integer         = 0x02
	BitString       = 0x03
	OctetString     = 0x04
	OID             = 0x06
	UTCTime         = 0x17
	GeneralizedTime = 0x18
	Sequence        = 0x30
)

// Context returns the primitive tag [n] of the context class, n from 0 to 30.
func Context(n byte) byte { return 0x80 | n }

// Constructed is the bit of a tag that says: made of elements.
const Constructed = 0x20

// MaxDepth is how deep elements of indefinite length may lie in each other.
const MaxDepth = 8

// Error is what is wrong with the bytes, in English, for the log.
type Error struct{ Text string }

// Error returns the text.
func (e *Error) Error() string { return e.Text }

func bad(format string, args ...any) error { return &Error{Text: fmt.Sprintf(format, args...)} }

// errEnd is two zero bytes where an element should begin.
var errEnd = errors.New("end of contents")

// Element is one element as it stands in the data. Its slices lie in what was read.
type Element struct {
	Tag        byte   // with class and Constructed
	Content    []byte // without the mark at the end of an indefinite length
	Raw        []byte // all of it, as encoded
	Indefinite bool
}

// Read returns the first element of data and what follows it.
func Read(data []byte) (Element, []byte, error) { return read(data, 0) }

func read(data []byte, depth int) (Element, []byte, error) {
	if len(data) < 2 {
		return Element{}, nil, bad("truncated: %d bytes where an element should begin", len(data))
	}
	tag := data[0]
	switch {
	case tag == 0 && data[1] == 0:
		return Element{}, data[2:], errEnd
	case tag&0x1f == 0x1f:
		return Element{}, nil, bad("tag %#x goes on in further bytes", tag)
	case data[1] == 0x80:
		return readIndefinite(data, depth)
	}
	n, head, err := length(data[1:])
	if err != nil {
		return Element{}, nil, err
	}
	head++
	if n > len(data)-head {
		return Element{}, nil, bad("truncated: %d bytes announced, %d there", n, len(data)-head)
	}
	return Element{Tag: tag, Content: data[head : head+n], Raw: data[:head+n]}, data[head+n:], nil
}

// readIndefinite reads elements until the mark of the end.
func readIndefinite(data []byte, depth int) (Element, []byte, error) {
	if data[0]&Constructed == 0 {
		return Element{}, nil, bad("tag %#x cannot have an indefinite length", data[0])
	}
	if depth == MaxDepth {
		return Element{}, nil, bad("elements lie more than %d deep in each other", MaxDepth)
	}
	rest := data[2:]
	for {
		begin := rest
		_, after, err := read(rest, depth+1)
		if errors.Is(err, errEnd) {
			all := len(data) - len(after)
			return Element{
				Tag: data[0], Content: data[2 : len(data)-len(begin)], Raw: data[:all], Indefinite: true,
			}, after, nil
		}
		if err != nil {
			return Element{}, nil, err
		}
		rest = after
	}
}

// length reads the bytes of a definite length; head is how many they are.
func length(data []byte) (n, head int, err error) {
	if data[0] < 0x80 {
		return int(data[0]), 1, nil
	}
	size := int(data[0] & 0x7f)
	if size > 4 || size > len(data)-1 {
		return 0, 0, bad("length of %d bytes", size)
	}
	for _, b := range data[1 : 1+size] {
		if n > 1<<22 {
			return 0, 0, bad("length beyond 1 GB")
		}
		n = n<<8 | int(b)
	}
	return n, 1 + size, nil
}

// Octets returns the bytes of a string: its content, or those of its pieces one after the
// other.
func (e Element) Octets() ([]byte, error) { return e.octets(0) }

func (e Element) octets(depth int) ([]byte, error) {
	if e.Tag&Constructed == 0 {
		return e.Content, nil
	}
	if depth == MaxDepth {
		return nil, bad("pieces lie more than %d deep in each other", MaxDepth)
	}
	all := []byte{}
	for rest := e.Content; len(rest) > 0; {
		piece, after, err := Read(rest)
		if err != nil {
			return nil, err
		}
		if piece.Tag&^Constructed != OctetString {
			return nil, bad("piece of a string with tag %#x", piece.Tag)
		}
		part, err := piece.octets(depth + 1)
		if err != nil {
			return nil, err
		}
		all, rest = append(all, part...), after
	}
	return all, nil
}

// Uint returns the value of an INTEGER from 0 to 2^64 - 1, written in as few bytes as it
// needs (X.690, 8.3.2).
func (e Element) Uint() (uint64, error) {
	c := e.Content
	switch {
	case len(c) == 0 || e.Tag&Constructed != 0:
		return 0, bad("integer without a value")
	case c[0] >= 0x80:
		return 0, bad("negative integer")
	case len(c) > 1 && c[0] == 0 && c[1] < 0x80:
		return 0, bad("integer with needless zeros")
	case len(c) > 9 || len(c) == 9 && c[0] != 0:
		return 0, bad("integer of %d bytes", len(c))
	}
	n := uint64(0)
	for _, b := range c {
		n = n<<8 | uint64(b)
	}
	return n, nil
}

// Append appends an element of definite length to dst.
func Append(dst []byte, tag byte, content []byte) []byte {
	dst = append(dst, tag)
	if n := len(content); n < 0x80 {
		dst = append(dst, byte(n))
	} else {
		size := (bits.Len(uint(n)) + 7) / 8
		dst = append(dst, 0x80|byte(size))
		for i := size - 1; i >= 0; i-- {
			dst = append(dst, byte(n>>(8*i)))
		}
	}
	return append(dst, content...)
}

// AppendUint appends an INTEGER, under any tag.
func AppendUint(dst []byte, tag byte, n uint64) []byte {
	size := bits.Len64(n)/8 + 1 // one bit for the sign
	content := make([]byte, 0, 9)
	for i := size - 1; i >= 0; i-- {
		content = append(content, byte(n>>(8*min(i, 7)))) // the ninth byte is always 0
	}
	if size == 9 {
		content[0] = 0
	}
	return Append(dst, tag, content)
}

// AppendIndefinite appends a string of indefinite length that is made of one piece.
func AppendIndefinite(dst []byte, tag byte, content []byte) []byte {
	dst = append(dst, tag|Constructed, 0x80)
	dst = Append(dst, OctetString, content)
	return append(dst, 0, 0)
}
