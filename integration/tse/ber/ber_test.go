package ber_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/integration/tse/ber"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRead(t *testing.T) {
	for _, c := range []struct{ data, content, rest string }{
		{"04 02 0102", "0102", ""},
		{"04 00 05 00", "", "0500"},
		{"04 81 02 0102 ff", "0102", "ff"}, // X.690 8.1.3.5: more bytes than needed are allowed
		{"a2 80 04 01 41 0000 02 01 07", "040141", "020107"},
		{"a2 80 24 80 04 01 41 0000 04 01 42 0000", "2480 040141 0000 040142", ""},
		{"a2 80 0000", "", ""},
	} {
		e, rest, err := ber.Read(unhex(t, c.data))
		if err != nil || !bytes.Equal(e.Content, unhex(t, c.content)) || !bytes.Equal(rest, unhex(t, c.rest)) {
			t.Errorf("%s: got %x, %x, %v", c.data, e.Content, rest, err)
		}
		if raw := unhex(t, c.data); !bytes.Equal(e.Raw, raw[:len(raw)-len(rest)]) {
			t.Errorf("%s: raw %x", c.data, e.Raw)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for what, data := range map[string]string{
		"nothing":                    "",
		"a tag alone":                "04",
		"truncated":                  "04 05 01",
		"length of five bytes":       "04 85 0000000001 01",
		"length that overflows":      "04 84 ffffffff 01",
		"length cut off":             "04 82 01",
		"long tag":                   "1f 81 01 00",
		"indefinite primitive":       "04 80 41 0000",
		"indefinite without an end":  "a2 80 04 01 41",
		"indefinite, end cut off":    "a2 80 04 01 41 00",
		"the mark of an end alone":   "00 00",
		"nine indefinite in another": strings.Repeat("a280", 9) + strings.Repeat("0000", 9),
	} {
		if e, _, err := ber.Read(unhex(t, data)); err == nil {
			t.Errorf("%s: read as %+v", what, e)
		}
	}
	deepest := strings.Repeat("a280", ber.MaxDepth) + strings.Repeat("0000", ber.MaxDepth)
	if _, _, err := ber.Read(unhex(t, deepest)); err != nil {
		t.Errorf("as deep as allowed: %v", err)
	}
}

func TestOctets(t *testing.T) {
	for data, want := range map[string]string{
		"82 02 4142":                                   "AB",
		"a2 80 04 01 41 04 01 42 0000":                 "AB",
		"a2 06 04 01 41 04 01 42":                      "AB", // constructed, definite
		"a2 80 24 80 04 01 41 0000 24 03 040142 0000 ": "AB",
		"a2 80 04 00 0000":                             "",
		"a2 80 0000":                                   "",
		"a2 80 02 01 41 0000":                          "error",
		"a2 03 04 05 41":                               "error",
	} {
		e, _, err := ber.Read(unhex(t, data))
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		got, err := e.Octets()
		if (err != nil) != (want == "error") || err == nil && string(got) != want {
			t.Errorf("%s: got %q, %v", data, got, err)
		}
	}
}

func TestUint(t *testing.T) {
	for data, want := range map[string]uint64{
		"02 01 00": 0, "02 01 7f": 127, "02 02 0080": 128, "02 03 00ac63": 44131, "85 01 0d": 13,
		"02 09 00ffffffffffffffff": 1<<64 - 1,
	} {
		e, _, err := ber.Read(unhex(t, data))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := e.Uint(); err != nil || got != want {
			t.Errorf("%s: got %d, %v, want %d", data, got, err, want)
		}
		if got := ber.AppendUint(nil, e.Tag, want); !bytes.Equal(got, e.Raw) {
			t.Errorf("%d: wrote %x, want %x", want, got, e.Raw)
		}
	}
	for _, data := range []string{"02 00", "02 01 80", "02 02 0001", "02 09 01ffffffffffffffff", "02 0a 00ffffffffffffffffff"} {
		e, _, err := ber.Read(unhex(t, data))
		if err != nil {
			t.Fatal(err)
		}
		if n, err := e.Uint(); err == nil {
			t.Errorf("%s: read as %d", data, n)
		}
	}
}

// TestReadWhatIsWritten: what Append writes, Read reads.
func TestReadWhatIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := bytes.Repeat([]byte{0x41}, rapid.SampledFrom([]int{0, 1, 127, 128, 255, 256, 65535, 65536}).Draw(t, "size"))
		n := rapid.Uint64().Draw(t, "n")
		data := ber.AppendUint(ber.AppendIndefinite(ber.Append(nil, 0x83, content), 0x82, content), 0x85, n)
		first, rest, err := ber.Read(data)
		if err != nil || !bytes.Equal(first.Content, content) {
			t.Fatalf("definite: %v", err)
		}
		second, rest, err := ber.Read(rest)
		if got, errOctets := second.Octets(); err != nil || errOctets != nil || !bytes.Equal(got, content) || !second.Indefinite {
			t.Fatalf("indefinite: %v, %v", err, errOctets)
		}
		third, rest, err := ber.Read(rest)
		if got, errUint := third.Uint(); err != nil || errUint != nil || got != n || len(rest) != 0 {
			t.Fatalf("integer: %d, %v, %v", got, err, errUint)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte{0xa2, 0x80, 0x04, 0x01, 0x41, 0, 0})
	f.Add([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		for rest := data; ; {
			e, after, err := ber.Read(rest)
			if err != nil {
				return
			}
			if len(e.Raw)+len(after) != len(rest) || len(e.Raw) < 2 {
				t.Fatalf("%d bytes of %d, %d left", len(e.Raw), len(rest), len(after))
			}
			if o, err := e.Octets(); err == nil && len(o) > len(e.Raw) {
				t.Fatal("more bytes than there were")
			}
			if n, err := e.Uint(); err == nil && !bytes.Equal(ber.AppendUint(nil, e.Tag, n)[2:], e.Content) {
				t.Fatalf("%x read as %d", e.Content, n)
			}
			rest = after
		}
	})
}
