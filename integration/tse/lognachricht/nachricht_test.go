package lognachricht_test

import (
	"bytes"
	"encoding/hex"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/integration/tse/ber"
	"github.com/offizin/offizin/integration/tse/lognachricht"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const serial = "bf1b13c1cf8a6f7958c190201daf9e18b850cf2cdc0885078d48868f625955e3"

// amtlich is the receipt AMA-2642 of 22.11.2019, the example of DSFinV-K 2.4, Anhang I.
func amtlich(t *testing.T) lognachricht.Nachricht {
	t.Helper()
	return lognachricht.Nachricht{
		Version: lognachricht.V2, Art: lognachricht.Transaktion, Operation: lognachricht.Finish, ClientID: "AMA-2642",
		ProcessData: []byte("Beleg^4.05_3.00_0.00_0.00_0.00^7.05:Bar"), ProcessType: []byte("Kassenbeleg-V1"), Nummer: 13,
		Seriennummer: unhex(t, serial), Algorithmus: lognachricht.SHA384, Zaehler: 44131,
		Zeit: lognachricht.Zeit{Format: lognachricht.UnixTime, Unix: 1574422189}, Signatur: bytes.Repeat([]byte{7}, 96),
	}
}

// TestSigniert: the bytes that were signed for the example of DSFinV-K 2.4, Anhang I.
func TestSigniert(t *testing.T) {
	want := unhex(t, `020102 0609 04007f000703070101 8011 46696e6973685472616e73616374696f6e 8108 414d412d32363432
		8227 42656c65675e342e30355f332e30305f302e30305f302e30305f302e30305e372e30353a426172
		830e 4b617373656e62656c65672d5631 85010d 0420 `+serial+`
		300c 060a04007f00070101040104 020300ac63 02045dd7c6ad`)
	if got := amtlich(t).Signiert(); !bytes.Equal(got, want) {
		t.Errorf("got\n%x, want\n%x", got, want)
	}
}

// TestVersion3InTeilen: TR-03151-1 1.1.1, 3.7.2.1 and Text 15 in 3.7.2.3.
func TestVersion3InTeilen(t *testing.T) {
	n := amtlich(t)
	n.Version, n.Operation, n.InTeilen, n.ProcessData = lognachricht.V3, "finishTransaction", true, []byte("A")
	want := unhex(t, `020103 0609 04007f000703070101 8011 66696e6973685472616e73616374696f6e 8108 414d412d32363432
		a280 0401 41 0000 830e 4b617373656e62656c65672d5631 85010d 0420 `+serial+`
		300c 060a04007f00070101040104 020300ac63 02045dd7c6ad`)
	if got := n.Signiert(); !bytes.Equal(got, want) {
		t.Errorf("got\n%x, want\n%x", got, want)
	}
}

// TestParseAsEncoded: the signed bytes are those of the file, not those that we would write:
// two pieces, a length with a byte more than needed.
func TestParseAsEncoded(t *testing.T) {
	signed := unhex(t, `020102 0609 04007f000703070101 8011 46696e6973685472616e73616374696f6e 818102 4142
		a280 0401 58 0402 595a 0000 8300 85010d 0420 `+serial+` 300c 060a04007f00070101040103 020101 170d 3231303731323039303830375a`)
	signature := ber.Append(nil, ber.OctetString, bytes.Repeat([]byte{1}, 64))
	n, got, err := lognachricht.Parse(ber.Append(nil, ber.Sequence, append(bytes.Clone(signed), signature...)))
	if err != nil || !bytes.Equal(got, signed) {
		t.Fatalf("got\n%x, %v, want\n%x", got, err, signed)
	}
	at, ok := n.Zeit.Instant()
	if string(n.ProcessData) != "XYZ" || n.ClientID != "AB" || !n.InTeilen || n.Zeit.Format != lognachricht.UTCTimeWithSeconds ||
		!ok || !at.Equal(time.Date(2021, 7, 12, 9, 8, 7, 0, time.UTC)) {
		t.Errorf("read as %+v", n)
	}
}

func nachricht() *rapid.Generator[lognachricht.Nachricht] {
	return rapid.Custom(func(t *rapid.T) lognachricht.Nachricht {
		content := func(name string) []byte {
			return append([]byte{}, rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, name)...)
		}
		maybe := func(name string) []byte {
			if rapid.Bool().Draw(t, "has "+name) {
				return content(name)
			}
			return nil
		}
		n := lognachricht.Nachricht{
			Version:      rapid.IntRange(2, 3).Draw(t, "version"),
			Art:          rapid.SampledFrom([]lognachricht.Art{1, 2, 3}).Draw(t, "art"),
			Seriennummer: rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "serial"),
			Algorithmus:  rapid.SampledFrom([]lognachricht.Algorithmus{2, 3, 4, 5, 8, 9, 10, 11}).Draw(t, "algorithm"),
			Zaehler:      rapid.Uint64().Draw(t, "counter"),
			Zeit:         zeit().Draw(t, "time"),
			Signatur:     content("signature"),
		}
		if rapid.Bool().Draw(t, "parameters") {
			n.Parameter = ber.Append(nil, 0x05, nil)
		}
		switch n.Art {
		case lognachricht.Transaktion:
			n.Operation = rapid.SampledFrom([]string{lognachricht.Start, lognachricht.Update, lognachricht.Finish}).Draw(t, "operation")
			n.ClientID = rapid.StringN(0, 30, 30).Draw(t, "client")
			n.ProcessData = maybe("data")
			n.InTeilen = n.ProcessData != nil && rapid.Bool().Draw(t, "pieces")
			n.ProcessType, n.Extern, n.Intern = maybe("type"), maybe("extern"), maybe("intern")
			n.Nummer = rapid.Uint64().Draw(t, "number")
		case lognachricht.System:
			n.Operation = "updateTime"
			for range rapid.IntRange(0, 3).Draw(t, "elements") {
				n.Systemdaten = ber.Append(n.Systemdaten, rapid.SampledFrom([]byte{0x81, 0xa2, 0xa3}).Draw(t, "tag"), content("event"))
			}
		case lognachricht.Audit:
			n.Auditdaten = content("audit")
		}
		return n
	})
}

func zeit() *rapid.Generator[lognachricht.Zeit] {
	return rapid.Custom(func(t *rapid.T) lognachricht.Zeit {
		form := rapid.SampledFrom([]lognachricht.Zeitformat{
			lognachricht.UnixTime, lognachricht.UTCTime, lognachricht.UTCTimeWithSeconds, lognachricht.GeneralizedTime,
			lognachricht.GeneralizedTimeWithMilliseconds,
		}).Draw(t, "form")
		at := time.UnixMilli(rapid.Int64Range(0, 2_500_000_000_000).Draw(t, "at")).UTC()
		switch form {
		case lognachricht.UTCTime:
			at = at.Truncate(time.Minute)
		case lognachricht.GeneralizedTimeWithMilliseconds:
		default:
			at = at.Truncate(time.Second)
		}
		z, ok := lognachricht.NewZeit(at, form)
		if back, there := z.Instant(); !ok || !there || !back.Equal(at) {
			t.Fatalf("%s written as %+v, %v, read as %s, %v", at, z, ok, back, there)
		}
		return z
	})
}

// TestParseOfEncode: what is written is read as the same message, and what is signed in it
// is what Signiert says.
func TestParseOfEncode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := nachricht().Draw(t, "message")
		got, signed, err := lognachricht.Parse(n.Encode())
		if err != nil || !reflect.DeepEqual(got, n) || !bytes.Equal(signed, n.Signiert()) {
			t.Fatalf("%v: got %+v, want %+v", err, got, n)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	good := amtlich(t).Encode()
	swap := func(from, to string) []byte { return bytes.Replace(good, unhex(t, from), unhex(t, to), 1) }
	for what, data := range map[string][]byte{
		"nothing":                nil,
		"another version":        swap("020102", "020104"),
		"another type":           swap("0703070101", "0703070104"),
		"another algorithm":      swap("01040104", "01040106"),
		"an ECSDSA algorithm":    swap("01040104", "01040404"),
		"bytes behind it":        append(bytes.Clone(good), 0),
		"cut off":                good[:len(good)-1],
		"too long":               make([]byte, lognachricht.MaxBytes+1),
		"a set, not a sequence":  append([]byte{0x31}, good[1:]...),
		"no transaction number":  swap("85010d", "04010d"),
		"a short serial number":  swap("0420bf", "041fbf"),
		"something behind it":    ber.Append(nil, ber.Sequence, append(bytes.Clone(good[3:]), 5, 0)),
		"a negative counter":     swap("020300ac63", "020380ac63"),
		"an element of the zero": swap("85010d", "00010d"),
	} {
		if n, _, err := lognachricht.Parse(data); err == nil {
			t.Errorf("%s: read as %+v", what, n)
		}
	}
}

// TestNewZeit: a form holds an instant to the last digit or not at all.
func TestNewZeit(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for _, c := range []struct {
		at   time.Time
		form lognachricht.Zeitformat
		want bool
	}{
		{at, lognachricht.UnixTime, true},
		{at.Add(time.Millisecond), lognachricht.UnixTime, false},
		{at, lognachricht.UTCTime, false},
		{at.Truncate(time.Minute), lognachricht.UTCTime, true},
		{at, lognachricht.UTCTimeWithSeconds, true},
		{at.AddDate(24, 0, 0), lognachricht.UTCTimeWithSeconds, false}, // 50 is 1950
		{at, lognachricht.GeneralizedTime, true},
		{at.Add(time.Millisecond), lognachricht.GeneralizedTime, false},
		{at.Add(time.Millisecond), lognachricht.GeneralizedTimeWithMilliseconds, true},
		{at.Add(time.Microsecond), lognachricht.GeneralizedTimeWithMilliseconds, false},
		{at.AddDate(-60, 0, 0), lognachricht.GeneralizedTime, false},
		{at, "noTime", false},
	} {
		if z, got := lognachricht.NewZeit(c.at, c.form); got != c.want {
			t.Errorf("%s as %s: %+v, %v", c.at, c.form, z, got)
		}
	}
}

func TestParseAlgorithmus(t *testing.T) {
	for name, want := range map[string]lognachricht.Algorithmus{
		"ecdsa-plain-SHA256": lognachricht.SHA256, "ecdsa-plain-SHA3-512": lognachricht.SHA3x512,
		"": 0, "ecdsa-plain-sha256": 0, "ecdsa-plain-": 0, "SHA256": 0,
	} {
		if got := lognachricht.ParseAlgorithmus(name); got != want {
			t.Errorf("%q: got %v", name, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	n := lognachricht.Nachricht{
		Version: 2, Art: 1, Operation: lognachricht.Finish, Seriennummer: make([]byte, 32), Algorithmus: 3, Signatur: make([]byte, 64),
	}
	f.Add(n.Encode())
	n.Art, n.Systemdaten = 2, []byte{0x81, 0}
	f.Add(n.Encode())
	n.Art, n.InTeilen = 3, true
	f.Add(n.Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		n, signed, err := lognachricht.Parse(data)
		if err != nil {
			return
		}
		if !bytes.Contains(data, signed) {
			t.Fatal("the signed bytes do not lie in the data")
		}
		again, _, err := lognachricht.Parse(n.Encode())
		if err != nil || !reflect.DeepEqual(again, n) {
			t.Fatalf("%v: %+v becomes %+v", err, n, again)
		}
	})
}
