// Package lognachricht is the form of what a TSE signs: its log messages (BSI TR-03151
// 1.0.1, message version 2; TR-03151-1 1.1.1, version 3). It reads them, says which of
// their bytes are signed, and writes them. PROTOCOL.md beside it has the details.
package lognachricht

import (
	"fmt"

	"github.com/offizin/offizin/integration/tse/ber"
)

// MaxBytes is the size of the longest log message that is read.
const MaxBytes = 1 << 20

// The versions of log messages.
const (
	V2 = 2 // TR-03151 1.0.1
	V3 = 3 // TR-03151-1 1.1
)

// Art is what a log message is about; its value is the last arc of the
// certifiedDataType (0.4.0.127.0.7.3.7.1.x).
type Art byte

// The kinds of log messages.
const (
	Transaktion Art = 1
	System      Art = 2 // what the device did: set its clock, let somebody in
	Audit       Art = 3 // what the security module itself noted
)

// The operations of a transaction in version 2, and the last one in version 3, which writes
// them with a small first letter.
const (
	Start    = "StartTransaction"
	Update   = "UpdateTransaction"
	Finish   = "FinishTransaction"
	FinishV3 = "finishTransaction"
)

// Nachricht is one log message. A field of bytes that is nil is absent, an empty one is
// there without content. Start messages have ProcessData and ProcessType empty; some devices
// leave them out, which no version allows.
type Nachricht struct {
	Version   int // V2 or V3
	Art       Art
	Operation string // operationType or eventType; "" in an audit message

	// Of a transaction.
	ClientID    string
	ProcessData []byte
	InTeilen    bool // ProcessData is written with indefinite length, as one piece
	ProcessType []byte
	Extern      []byte // additionalExternalData
	Nummer      uint64 // transactionNumber
	Intern      []byte // additionalInternalData

	// Of a system message: the elements after its operation, as encoded.
	Systemdaten []byte
	// Of an audit message.
	Auditdaten []byte

	Seriennummer []byte // of the TSE: 32 bytes, the SHA-256 of its public key
	Algorithmus  Algorithmus
	Parameter    []byte // of the algorithm, as encoded; hardly ever there
	Zaehler      uint64 // signatureCounter
	Zeit         Zeit
	Signatur     []byte // r and s one after the other, each as long as the curve's order
}

// oids are the bytes of the certifiedDataType without its last arc.
func typPraefix() []byte { return []byte{0x04, 0x00, 0x7f, 0x00, 0x07, 0x03, 0x07, 0x01} }

// Signiert returns the bytes that a TSE signs: all elements except for the signature.
func (n Nachricht) Signiert() []byte {
	b := ber.AppendUint(nil, ber.Integer, uint64(n.Version))
	b = ber.Append(b, ber.OID, append(typPraefix(), byte(n.Art)))
	if n.Art != Audit {
		b = ber.Append(b, ber.Context(0), []byte(n.Operation))
	}
	switch n.Art {
	case Transaktion:
		b = n.transaktion(b)
	case System:
		b = append(b, n.Systemdaten...)
	case Audit:
	}
	b = ber.Append(b, ber.OctetString, n.Seriennummer)
	b = ber.Append(b, ber.Sequence, append(ber.Append(nil, ber.OID, n.Algorithmus.oid()), n.Parameter...))
	if n.Art == Audit {
		b = ber.Append(b, ber.OctetString, n.Auditdaten)
	}
	return n.Zeit.append(ber.AppendUint(b, ber.Integer, n.Zaehler))
}

func (n Nachricht) transaktion(b []byte) []byte {
	b = ber.Append(b, ber.Context(1), []byte(n.ClientID))
	if n.InTeilen {
		b = ber.AppendIndefinite(b, ber.Context(2), n.ProcessData)
	} else {
		b = maybe(b, 2, n.ProcessData)
	}
	b = maybe(maybe(b, 3, n.ProcessType), 4, n.Extern)
	return maybe(ber.AppendUint(b, ber.Context(5), n.Nummer), 6, n.Intern)
}

// maybe appends a field that can be absent.
func maybe(b []byte, tag byte, content []byte) []byte {
	if content == nil {
		return b
	}
	return ber.Append(b, ber.Context(tag), content)
}

// Encode writes the whole log message, as it lies in an export.
func (n Nachricht) Encode() []byte {
	return ber.Append(nil, ber.Sequence, ber.Append(n.Signiert(), ber.OctetString, n.Signatur))
}

// Parse reads a log message and returns the bytes in it that were signed, exactly as they
// were encoded. The error is in English, for the log; data is not kept.
func Parse(data []byte) (Nachricht, []byte, error) {
	if len(data) > MaxBytes {
		return Nachricht{}, nil, fmt.Errorf("log message of %d bytes", len(data))
	}
	outer, rest, err := ber.Read(data)
	switch {
	case err != nil:
		return Nachricht{}, nil, fmt.Errorf("read log message: %w", err)
	case outer.Tag != ber.Sequence:
		return Nachricht{}, nil, fmt.Errorf("log message begins with tag %#x", outer.Tag)
	case len(rest) > 0:
		return Nachricht{}, nil, fmt.Errorf("%d bytes follow the log message", len(rest))
	}
	l := &leser{rest: outer.Content}
	n, signed := l.nachricht()
	if l.err != nil {
		return Nachricht{}, nil, fmt.Errorf("read log message: %w", l.err)
	}
	return n, append([]byte(nil), outer.Content[:signed]...), nil
}
