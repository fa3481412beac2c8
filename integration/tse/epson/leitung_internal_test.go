package epson

import (
	"bufio"
	"bytes"
	"testing"
)

// Whatever a host sends, reading it ends, without panic, and what is understood is one message
// up to the first zero byte.
func FuzzLesen(f *testing.F) {
	f.Add([]byte("<connect><data><client_id>sock1</client_id></data></connect>\x00rest"))
	f.Add([]byte(`<device_data><data><code>SUCCESS</code><resultdata>{"result":"EXECUTION_OK"}</resultdata></data></device_data>` + "\x00"))
	f.Add([]byte("<open_device><code>OK</code></open_device>\"\x00\""))
	f.Add([]byte("<open_device>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		l := &leitung{r: bufio.NewReaderSize(bytes.NewReader(b), 16)}
		a, err := l.lesen()
		if err == nil && (a.XMLName.Local == "" || !bytes.Contains(b, []byte{0})) {
			t.Errorf("%q is read as %+v", b, a)
		}
	})
}

// A code that nobody knows is an outage, and those that begin like one that is known are of its
// kind.
func TestFehlerOf(t *testing.T) {
	for c, want := range map[code]string{
		"TSE1_ERROR_STORE_FULL_INTERNAL":                "TSE: Der Speicher der TSE ist voll: TSE1_ERROR_STORE_FULL_INTERNAL",
		"TSE1_ERROR_WRONG_STATE_NEEDS_SELF_TEST_PASSED": "TSE: Die TSE braucht einen Selbsttest: TSE1_ERROR_WRONG_STATE_NEEDS_SELF_TEST_PASSED",
		"TSE1_ERROR_WRONG_STATE_NEEDS_PIN_CHANGE":       "TSE: Die TSE ist noch nicht eingerichtet: TSE1_ERROR_WRONG_STATE_NEEDS_PIN_CHANGE",
		"FLUX": "TSE: Die TSE meldet einen Fehler: FLUX",
	} {
		if got := fehlerOf(c).Error(); got != want {
			t.Errorf("%s: %s", c, got)
		}
	}
}
