package lognachricht

import (
	"bytes"
	"strings"
	"time"

	"github.com/offizin/offizin/integration/tse/ber"
)

// Algorithmus is the last arc of a signature algorithm 0.4.0.127.0.7.1.1.4.1.x (BSI
// TR-03111): ECDSA with r and s written plainly, over that hash. 0 is none.
type Algorithmus byte

// The algorithms of BSI TR-03116-5.
const (
	SHA224   Algorithmus = 2
	SHA256   Algorithmus = 3
	SHA384   Algorithmus = 4
	SHA512   Algorithmus = 5
	SHA3x224 Algorithmus = 8
	SHA3x256 Algorithmus = 9
	SHA3x384 Algorithmus = 10
	SHA3x512 Algorithmus = 11
)

func algorithmusPraefix() []byte {
	return []byte{0x04, 0x00, 0x7f, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01}
}

func (a Algorithmus) oid() []byte { return append(algorithmusPraefix(), byte(a)) }

func algorithmusOf(oid []byte) Algorithmus {
	arc, ok := bytes.CutPrefix(oid, algorithmusPraefix())
	if !ok || len(arc) != 1 || Algorithmus(arc[0]).String() == "" {
		return 0
	}
	return Algorithmus(arc[0])
}

// String returns the name in receipts and exports ("ecdsa-plain-SHA256", DSFinV-K
// TSE_SIG_ALGO); "" if there is none.
func (a Algorithmus) String() string {
	name := map[Algorithmus]string{
		SHA224: "SHA224", SHA256: "SHA256", SHA384: "SHA384", SHA512: "SHA512",
		SHA3x224: "SHA3-224", SHA3x256: "SHA3-256", SHA3x384: "SHA3-384", SHA3x512: "SHA3-512",
	}[a]
	if name == "" {
		return ""
	}
	return "ecdsa-plain-" + name
}

// ParseAlgorithmus returns the algorithm of that name, written exactly so; 0 if none has it.
func ParseAlgorithmus(name string) Algorithmus {
	for a := SHA224; a <= SHA3x512; a++ {
		if name != "" && a.String() == name {
			return a
		}
	}
	return 0
}

// Zeitformat is the form in which a TSE writes the time of a signature (DSFinV-K
// TSE_ZEITFORMAT).
type Zeitformat string

// The forms of time.
const (
	UnixTime                        Zeitformat = "unixTime"                        // seconds since 1970
	UTCTime                         Zeitformat = "utcTime"                         // YYMMDDhhmmZ
	UTCTimeWithSeconds              Zeitformat = "utcTimeWithSeconds"              // YYMMDDhhmmssZ
	GeneralizedTime                 Zeitformat = "generalizedTime"                 // YYYYMMDDhhmmssZ
	GeneralizedTimeWithMilliseconds Zeitformat = "generalizedTimeWithMilliseconds" // YYYYMMDDhhmmss.fffZ
)

// Zeit is the time of a signature as it was written. Text holds it in all forms except
// UnixTime.
type Zeit struct {
	Format Zeitformat
	Unix   uint64 // seconds
	Text   string
}

// layouts are the forms with a text, in the notation of package time.
func layouts(f Zeitformat) (tag byte, layout string) {
	switch f {
	case UTCTime:
		return ber.UTCTime, "0601021504Z"
	case UTCTimeWithSeconds:
		return ber.UTCTime, "060102150405Z"
	case GeneralizedTime:
		return ber.GeneralizedTime, "20060102150405Z"
	case GeneralizedTimeWithMilliseconds:
		return ber.GeneralizedTime, "20060102150405.000Z"
	case UnixTime:
	}
	return ber.Integer, ""
}

// NewZeit writes an instant in a form; false if the form is not known or cannot hold it to
// the last digit: seconds, milliseconds, years before 1970 or, with two digits, from 2050.
func NewZeit(t time.Time, f Zeitformat) (Zeit, bool) {
	t = t.UTC()
	if f == UnixTime {
		return Zeit{Format: f, Unix: uint64(max(t.Unix(), 0))}, t.Unix() >= 0 && t.Nanosecond() == 0
	}
	_, layout := layouts(f)
	if layout == "" {
		return Zeit{}, false
	}
	z := Zeit{Format: f, Text: t.Format(layout)}
	back, ok := z.Instant()
	return z, ok && back.Equal(t)
}

// Instant returns the instant in UTC; false if the text is not one of its form.
func (z Zeit) Instant() (time.Time, bool) {
	_, layout := layouts(z.Format)
	if z.Format == UnixTime {
		return time.Unix(int64(z.Unix&(1<<62-1)), 0).UTC(), z.Unix < 1<<40
	}
	t, err := time.Parse(layout, z.Text)
	if err != nil || t.Format(layout) != z.Text || layout == "" {
		return time.Time{}, false
	}
	if strings.HasPrefix(layout, "06") && t.Year() >= 2050 { // X.509: two digits are 1950 to 2049
		t = t.AddDate(-100, 0, 0)
	}
	return t, t.Year() >= 1970
}

func (z Zeit) append(b []byte) []byte {
	tag, layout := layouts(z.Format)
	if layout == "" {
		return ber.AppendUint(b, tag, z.Unix)
	}
	return ber.Append(b, tag, []byte(z.Text))
}

// zeit reads the logTime. A text keeps its form even if it is no possible time: the
// signature counts.
func (l *leser) zeit() Zeit {
	switch {
	case l.is(ber.UTCTime):
		text := l.text(ber.UTCTime, "logTime")
		if len(text) == len("0601021504Z") {
			return Zeit{Format: UTCTime, Text: text}
		}
		return Zeit{Format: UTCTimeWithSeconds, Text: text}
	case l.is(ber.GeneralizedTime):
		text := l.text(ber.GeneralizedTime, "logTime")
		if strings.Contains(text, ".") {
			return Zeit{Format: GeneralizedTimeWithMilliseconds, Text: text}
		}
		return Zeit{Format: GeneralizedTime, Text: text}
	}
	return Zeit{Format: UnixTime, Unix: l.uint(ber.Integer, "logTime")}
}
