package pruefung_test

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/offizin/offizin/integration/tse/lognachricht"
	"github.com/offizin/offizin/integration/tse/pruefung"
)

// check returns how many signatures are good, and what is wrong: the code and the file.
func check(t *testing.T, data []byte) (good int, bad []string) {
	t.Helper()
	err := pruefung.NewKurven().PruefeTAR(bytes.NewReader(data), func(e pruefung.Eintrag) error {
		if e.Err == nil {
			good++
			return nil
		}
		text := e.Err.Error()
		bad = append(bad, text[strings.LastIndex(text, "(")+1:len(text)-1]+" "+e.Name)
		if e.Hinweis {
			bad[len(bad)-1] = "Hinweis " + bad[len(bad)-1]
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return good, bad
}

func TestExport(t *testing.T) {
	for _, asPEM := range []bool{false, true} {
		d := newDevice(t, elliptic.P384(), lognachricht.SHA384, crypto.SHA384)
		if good, bad := check(t, archive(t, d.export(t, asPEM))); good != 5 || len(bad) > 0 {
			t.Errorf("PEM %v: %d good, %v", asPEM, good, bad)
		}
	}
}

// TestExportWithFaults: what is wrong is reported with its file, and the rest is checked.
func TestExportWithFaults(t *testing.T) {
	d := newDevice(t, elliptic.P256(), lognachricht.SHA256, crypto.SHA256)
	other := newDevice(t, elliptic.P256(), lognachricht.SHA256, crypto.SHA256)
	files := d.export(t, false)
	swap := func(i int, f func([]byte) []byte) []file {
		list := slices.Clone(files)
		list[i].data = f(bytes.Clone(list[i].data))
		return list
	}
	cert := files[6].name
	for what, c := range map[string]struct {
		files []file
		good  int
		bad   string
	}{
		"a bit is another": {
			swap(2, func(b []byte) []byte { b[60] ^= 1; return b }), 4, "T-140 " + files[2].name,
		},
		"a message is cut off": {
			swap(2, func(b []byte) []byte { return b[:len(b)-9] }), 4, "T-138 " + files[2].name,
		},
		"a message is empty": {
			swap(2, func([]byte) []byte { return nil }), 4, "T-138 " + files[2].name,
		},
		"a message is huge": {
			swap(2, func([]byte) []byte { return make([]byte, lognachricht.MaxBytes+1) }), 4, "T-133 " + files[2].name,
		},
		"a message of another device": {
			swap(2, func([]byte) []byte { return other.sign(t, sale(9)).Encode() }), 4, "T-139 " + files[2].name,
		},
		"a foreign file": {
			append(slices.Clone(files), file{"readme.txt", []byte("x")}), 5, "T-134 readme.txt",
		},
		"no info.csv": {files[1:], 5, "T-131 info.csv"},
		"another certificate under the name": {
			swap(6, func([]byte) []byte { return other.certificate(t) }), 0,
			"T-139 " + files[1].name + ", T-139 " + files[2].name + ", T-139 " + files[3].name + ", T-139 " + files[4].name +
				", T-139 " + files[5].name + ", Hinweis T-137 " + cert,
		},
		"another certificate that nobody needs": {
			append(slices.Clone(files), file{strings.Repeat("ab", 32) + "_X509.der", other.certificate(t)}), 5,
			"Hinweis T-137 " + strings.Repeat("ab", 32) + "_X509.der",
		},
		"a certificate that is none": {
			append(slices.Clone(files), file{strings.Repeat("ab", 32) + "_X509.der", []byte("0")}), 5,
			"Hinweis T-136 " + strings.Repeat("ab", 32) + "_X509.der",
		},
		"a certificate that is huge": {
			append(slices.Clone(files), file{strings.Repeat("ab", 32) + "_X509.der", make([]byte, 70_000)}), 5,
			"Hinweis T-135 " + strings.Repeat("ab", 32) + "_X509.der",
		},
		"no message at all": {[]file{files[0], files[6]}, 0, "T-132 "},
	} {
		good, bad := check(t, archive(t, c.files))
		if good != c.good || strings.Join(bad, ", ") != c.bad {
			t.Errorf("%s: %d good, want %d; %v, want %s", what, good, c.good, bad, c.bad)
		}
	}
}

// TestExportCutOff: what was whole is checked, and it is said that more is lacking.
func TestExportCutOff(t *testing.T) {
	d := newDevice(t, elliptic.P256(), lognachricht.SHA256, crypto.SHA256)
	files := d.export(t, false)
	slices.Reverse(files) // the certificate first
	data := archive(t, files)
	for _, n := range []int{len(data) / 2, 512 + 700, 100} {
		_, bad := check(t, data[:n])
		if len(bad) != 1 || bad[0] != "T-130 " {
			t.Errorf("cut off at %d of %d: %v", n, len(data), bad)
		}
	}
}

// TestExportWithMoreBehind: a second export behind the first would go unseen.
func TestExportWithMoreBehind(t *testing.T) {
	d := newDevice(t, elliptic.P256(), lognachricht.SHA256, crypto.SHA256)
	data := archive(t, d.export(t, false))
	good, bad := check(t, append(bytes.Clone(data), data...))
	if good != 5 || len(bad) != 1 || bad[0] != "T-141 " {
		t.Errorf("%d good, %v", good, bad)
	}
	if good, bad := check(t, append(data, make([]byte, 9000)...)); good != 5 || len(bad) > 0 {
		t.Errorf("filled up: %d good, %v", good, bad)
	}
}

// TestExportEveryByte: no byte of a message can be another one.
func TestExportEveryByte(t *testing.T) {
	d := newDevice(t, elliptic.P256(), lognachricht.SHA256, crypto.SHA256)
	files := d.export(t, false)
	files = []file{files[0], files[3], files[6]} // the message in pieces
	message := files[1].data
	for i := range message {
		files[1].data = bytes.Clone(message)
		files[1].data[i] ^= 1 << (i % 8)
		if good, _ := check(t, archive(t, files)); good != 0 {
			t.Errorf("byte %d of %x can be %#x", i, message, files[1].data[i])
		}
	}
}

// TestExportOfManyFiles: an export is read as a stream, whatever its size; a report that
// fails ends it.
func TestExportOfManyFiles(t *testing.T) {
	d := newDevice(t, elliptic.P256(), lognachricht.SHA256, crypto.SHA256)
	files := d.export(t, false)
	for i := range 300 {
		files = append(files, file{fmt.Sprintf("x/Unixt_1_Sig-%d_Log-Tra.log", i), d.sign(t, sale(uint64(i))).Encode()})
	}
	if good, bad := check(t, archive(t, files)); good != 305 || len(bad) > 0 {
		t.Errorf("%d good, %v", good, bad)
	}
	n := 0
	err := pruefung.NewKurven().PruefeTAR(bytes.NewReader(archive(t, files)), func(pruefung.Eintrag) error {
		n++
		return errFull
	})
	if n != 1 || !errors.Is(err, errFull) {
		t.Errorf("%d reports, %v", n, err)
	}
}

var errFull = errors.New("the terminal has gone")

func FuzzPruefeTAR(f *testing.F) {
	d := newDevice(f, elliptic.P256(), lognachricht.SHA256, crypto.SHA256)
	f.Add(archive(f, d.export(f, true)))
	f.Fuzz(func(t *testing.T, data []byte) {
		k := pruefung.NewKurven()
		if err := k.PruefeTAR(bytes.NewReader(data), func(pruefung.Eintrag) error { return nil }); err != nil {
			t.Fatal(err)
		}
	})
}
