package lognachricht

import (
	"bytes"
	"fmt"

	"github.com/offizin/offizin/integration/tse/ber"
)

// leser takes one element after the other from what is left. It keeps the first error.
type leser struct {
	rest []byte
	err  error
}

func (l *leser) fail(format string, args ...any) {
	if l.err == nil {
		l.err = fmt.Errorf(format, args...)
	}
}

// nachricht reads the elements of a log message; signed is how many bytes come before the
// signature.
func (l *leser) nachricht() (n Nachricht, signed int) {
	all := len(l.rest)
	n.Version = int(min(l.uint(ber.Integer, "version"), 1<<16))
	if l.err == nil && n.Version != V2 && n.Version != V3 {
		l.fail("version %d", n.Version)
	}
	n.Art = l.art()
	switch n.Art {
	case Transaktion:
		l.transaktion(&n)
	case System:
		n.Operation = l.text(ber.Context(0), "operationType")
		n.Systemdaten = l.until(ber.OctetString)
	case Audit:
	}
	n.Seriennummer = l.octets(ber.OctetString, "serialNumber")
	if l.err == nil && len(n.Seriennummer) != 32 {
		l.fail("serialNumber of %d bytes", len(n.Seriennummer))
	}
	n.Algorithmus, n.Parameter = l.algorithmus()
	if n.Art == Audit {
		n.Auditdaten = l.octets(ber.OctetString, "seAuditData")
	}
	n.Zaehler = l.uint(ber.Integer, "signatureCounter")
	n.Zeit = l.zeit()
	signed = all - len(l.rest)
	n.Signatur = l.octets(ber.OctetString, "signatureValue")
	if len(l.rest) > 0 {
		l.fail("%d bytes follow the signature", len(l.rest))
	}
	return n, signed
}

func (l *leser) transaktion(n *Nachricht) {
	n.Operation = l.text(ber.Context(0), "operationType")
	n.ClientID = l.text(ber.Context(1), "clientId")
	n.InTeilen = l.is(ber.Context(2) | ber.Constructed)
	n.ProcessData = l.maybe(2, "processData")
	n.ProcessType = l.maybe(3, "processType")
	n.Extern = l.maybe(4, "additionalExternalData")
	n.Nummer = l.uint(ber.Context(5), "transactionNumber")
	n.Intern = l.maybe(6, "additionalInternalData")
}

// maybe reads a field that can be absent.
func (l *leser) maybe(tag byte, name string) []byte {
	if l.is(ber.Context(tag)) || l.is(ber.Context(tag)|ber.Constructed) {
		return l.octets(ber.Context(tag), name)
	}
	return nil
}

// art reads the certifiedDataType.
func (l *leser) art() Art {
	oid := l.octets(ber.OID, "certifiedDataType")
	kind, ok := bytes.CutPrefix(oid, typPraefix())
	if !ok || len(kind) != 1 || kind[0] < byte(Transaktion) || kind[0] > byte(Audit) {
		l.fail("certifiedDataType %x", oid)
		return 0
	}
	return Art(kind[0])
}

func (l *leser) algorithmus() (Algorithmus, []byte) {
	seq := &leser{rest: l.next(ber.Sequence, "signatureAlgorithm").Content, err: l.err}
	oid := seq.octets(ber.OID, "signatureAlgorithm")
	if l.err = seq.err; l.err != nil {
		return 0, nil
	}
	var parameters []byte
	if len(seq.rest) > 0 {
		parameters = bytes.Clone(seq.rest)
	}
	a := algorithmusOf(oid)
	if a == 0 {
		l.fail("signatureAlgorithm %x", oid)
	}
	return a, parameters
}

// is reports whether the next element has that tag.
func (l *leser) is(tag byte) bool { return l.err == nil && len(l.rest) > 0 && l.rest[0] == tag }

// next takes an element; a string of pieces is taken for one in one piece.
func (l *leser) next(tag byte, name string) ber.Element {
	if l.err != nil {
		return ber.Element{}
	}
	e, rest, err := ber.Read(l.rest)
	switch {
	case err != nil:
		l.fail("%s: %w", name, err)
		return ber.Element{}
	case e.Tag&^ber.Constructed != tag&^ber.Constructed:
		l.fail("%s: tag %#x", name, e.Tag)
		return ber.Element{}
	}
	l.rest = rest
	return e
}

func (l *leser) octets(tag byte, name string) []byte {
	e := l.next(tag, name)
	b, err := e.Octets()
	if err != nil {
		l.fail("%s: %w", name, err)
	}
	if l.err != nil {
		return nil
	}
	return append([]byte{}, b...)
}

func (l *leser) text(tag byte, name string) string { return string(l.octets(tag, name)) }

func (l *leser) uint(tag byte, name string) uint64 {
	e := l.next(tag, name)
	if l.err != nil {
		return 0
	}
	n, err := e.Uint()
	if err != nil {
		l.fail("%s: %w", name, err)
	}
	return n
}

// until takes all elements before the one with that tag, as they are encoded.
func (l *leser) until(tag byte) []byte {
	from := l.rest
	for l.err == nil && !l.is(tag) {
		e, rest, err := ber.Read(l.rest)
		if err != nil {
			l.fail("element %#x: %w", e.Tag, err)
			return nil
		}
		l.rest = rest
	}
	if len(from) == len(l.rest) {
		return nil
	}
	return bytes.Clone(from[:len(from)-len(l.rest)])
}
