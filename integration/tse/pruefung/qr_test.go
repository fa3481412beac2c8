package pruefung_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/integration/tse/lognachricht"
	"github.com/offizin/offizin/integration/tse/pruefung"
)

// amtlich is the example of DSFinV-K 2.4, Anhang I: brainpoolP384r1, SHA-384, unixTime.
const amtlich = "V0;AMA-2642;Kassenbeleg-V1;Beleg^4.05_3.00_0.00_0.00_0.00^7.05:Bar;13;44131;" +
	"2019-11-22T11:29:48.000Z;2019-11-22T11:29:49.000Z;ecdsa-plain-SHA384;unixTime;" +
	"K8zsZ6NjsBzo/Yd3Hba84aH3oT+c4Og5VcfJ7s6Dxz7UmAwtcKmzW16OkS/lm8pDE/37JHoRlYofUTLNF+9bY5Jv7C2P4nuEaHwlVarbiJs3bYlgQmIXQDZnf+8FhfBm;" +
	"BBXNYQErM4d9sk9Iy+0T6A4sdTocijml5X78Gq/At2uXTcs/3bZNNpyuHd+dpmY59yLh0xZcr9osHhkDAxsQumgjmtb3d9GIVnTaPCslEki84P1iHPiHKHfcszeQajPk3A=="

// samples are the official example and, where they are at hand, those of the reference data.
func samples(t *testing.T) []string {
	t.Helper()
	list := []string{amtlich}
	if root := os.Getenv("OFFIZIN_REFERENZ"); root != "" {
		text, err := os.ReadFile(filepath.Join(root, "fiscal", "qr-samples.txt"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if text := strings.TrimRight(line, "\r\n"); strings.HasPrefix(text, "V0;") && text != amtlich {
				list = append(list, text)
			}
		}
		if len(list) != 3 {
			t.Fatalf("%d samples, not 3, in the reference data", len(list))
		}
	}
	return list
}

func TestSamples(t *testing.T) {
	k := pruefung.NewKurven()
	for _, s := range samples(t) {
		if e, err := k.PruefeQR(s); err != nil || e.Version != 2 || e.InTeilen {
			t.Errorf("%s: %v, %v", s, e, err)
		}
	}
}

// TestMutations: no character of a receipt can be another one, except for the time of the
// start, which is not signed (it stands in a log message of its own).
func TestMutations(t *testing.T) {
	k := pruefung.NewKurven()
	d := newDevice(t, elliptic.P256(), lognachricht.SHA256, crypto.SHA256)
	spki, err := x509.MarshalPKIXPublicKey(d.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	d.zeit, _ = lognachricht.NewZeit(noon, lognachricht.UTCTimeWithSeconds)
	for _, s := range append(samples(t), d.qr(d.sign(t, sale(7)), lognachricht.UTCTime, spki)) {
		from := index(s, 6)
		to := index(s, 7) - 1
		for i := range len(s) {
			if i >= from && i < to {
				continue
			}
			for _, c := range others(s[i], strings.Contains(s, "SHA256")) {
				if m := s[:i] + string(c) + s[i+1:]; good(k, m) {
					t.Errorf("passes with %q for %q at %d: %s", c, s[i], i, m)
				}
			}
			if m := s[:i] + s[i+1:]; good(k, m) {
				t.Errorf("passes without %q at %d", s[i], i)
			}
		}
	}
}

func good(k *pruefung.Kurven, text string) bool {
	_, err := k.PruefeQR(text)
	return err == nil
}

// index is where a field begins.
func index(s string, field int) int {
	at := 0
	for range field {
		at += strings.IndexByte(s[at:], ';') + 1
	}
	return at
}

// others are characters to put in the place of one: the next one and, where checking is
// quick, the other case and what parsers like to overlook.
func others(c byte, quick bool) []byte {
	list := []byte{}
	if !quick {
		return append(list, c+1)
	}
	for _, o := range []byte{c + 1, c ^ 0x20, ' ', '='} {
		if o != c {
			list = append(list, o)
		}
	}
	return list
}

// TestStartIsNotSigned: facts on receipts, trap (d): only the log message of the start
// proves when it was. Its form is checked all the same.
func TestStartIsNotSigned(t *testing.T) {
	k := pruefung.NewKurven()
	if !good(k, strings.Replace(amtlich, "11:29:48.000Z", "11:29:47.000Z", 1)) {
		t.Error("another start fails")
	}
	for _, bad := range []string{"11:29:48Z", "11:29:48,000Z", "11:29:60.000Z", "11:29:48.000+01:00", "11:29:48.000z"} {
		if good(k, strings.Replace(amtlich, "11:29:48.000Z", bad, 1)) {
			t.Errorf("%s passes", bad)
		}
	}
}

// TestReasons: what is wrong is said with its code.
func TestReasons(t *testing.T) {
	k := pruefung.NewKurven()
	swap := func(from, to string) string { return strings.Replace(amtlich, from, to, 1) }
	for _, c := range []struct{ text, code string }{
		{"", "T-110"},
		{"V0;a;b", "T-110"},
		{strings.Repeat(";", 70_000), "T-111"},
		{swap("V0;", "V1;"), "T-112"},
		{swap(";13;", ";013;"), "T-113"},
		{swap(";13;", ";+13;"), "T-113"},
		{swap(";13;", ";18446744073709551616;"), "T-113"},
		{swap("2019-11-22T11:29:49.000Z", "2019-11-31T11:29:49.000Z"), "T-114"},
		{swap("SHA384", "SHA385"), "T-115"},
		{swap("unixTime", "noTime"), "T-116"},
		{swap("11:29:49.000Z", "11:29:49.001Z"), "T-116"}, // unix time has no milliseconds
		{swap("K8zs", "K8z*"), "T-117"},
		{swap("BBXN", "ABXN"), "T-118"},
		{swap("A==", "B=="), "T-118"}, // bits that mean nothing must be 0
		{swap("K8zsZ6Nj", "K8zs"), "T-120"},
		{swap("7.05:Bar", "7.06:Bar"), "T-119"},
		{swap("AMA-2642", "AMA;2642"), "T-119"},
	} {
		_, err := k.PruefeQR(c.text)
		if err == nil || !strings.Contains(err.Error(), "("+c.code+")") {
			t.Errorf("%.60s: got %v, want %s", c.text, err, c.code)
		}
	}
}

func FuzzPruefeQR(f *testing.F) {
	f.Add(amtlich)
	f.Add("V0;;;;0;0;1970-01-01T00:00:00.000Z;1970-01-01T00:00:00.000Z;ecdsa-plain-SHA3-224;utcTime;;")
	k := pruefung.NewKurven()
	f.Fuzz(func(t *testing.T, text string) {
		e, err := k.PruefeQR(text)
		if (err == nil) == (e == pruefung.Ergebnis{}) {
			t.Fatalf("%v and %v", e, err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\n\t\r") {
			t.Fatalf("spoils a line: %q", err)
		}
	})
}
