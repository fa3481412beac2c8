package pruefung

import (
	"archive/tar"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/offizin/offizin/integration/tse/lognachricht"
	"github.com/offizin/offizin/internal/fault"
)

// Limits of an export. Its size is not limited: it is read as a stream, twice.
const (
	maxFiles     = 10_000_000
	maxKeys      = 1000
	maxCertBytes = 64 << 10
)

// Eintrag is what the check of an export found about one of its files: a log message with
// its result, or a fault of the export.
type Eintrag struct {
	Name     string // in the export; "" if the fault is one of the whole
	Ergebnis Ergebnis
	Err      error // nil: the signature is good; else a fault.Fault
	Hinweis  bool  // Err is about a certificate: whether a message needs it shows at the message
}

// archiv is one export under check.
type archiv struct {
	kurven *Kurven
	keys   map[[32]byte]Schluessel // by serial number
	report func(Eintrag) error
	logs   int
	info   bool
}

// PruefeTAR checks every log message of an export (BSI TR-03151): certificates first,
// wherever they lie, then one message after the other. It reports each message and each
// fault of the export as soon as it is found and goes on; the error it returns is that of
// report or of the disk. Bounded memory, whatever the size.
func (k *Kurven) PruefeTAR(r io.ReadSeeker, report func(Eintrag) error) error {
	a := &archiv{kurven: k, keys: map[[32]byte]Schluessel{}, report: report}
	if _, err := a.walk(r, a.zertifikat); err != nil {
		return err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read export again: %w", err)
	}
	whole, err := a.walk(r, a.datei)
	if err != nil {
		return err
	}
	if whole && !nurNullen(r) {
		return a.report(Eintrag{Err: fault.New(fault.Invalid, "T-141", "Hinter dem Ende des Exports stehen weitere Daten, "+
			"die nicht geprüft wurden; bitte Exporte einzeln angeben, nicht aneinandergehängt.", nil)})
	}
	return a.schluss(whole && hatEnde(r))
}

// nurNullen reports whether nothing follows the end of an archive but what fills it up: a
// second one behind it would go unseen.
func nurNullen(r io.Reader) bool {
	buf := make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		if len(bytes.Trim(buf[:n], "\x00")) > 0 {
			return false
		}
		if err != nil {
			return true // an archive that cannot be read to its end has none: hatEnde
		}
	}
}

// hatEnde reports whether an archive ends with the two empty blocks that say so: without
// them a file cut off between two messages would look whole.
func hatEnde(r io.ReadSeeker) bool {
	end := make([]byte, 1024)
	if _, err := r.Seek(-int64(len(end)), io.SeekEnd); err != nil {
		return false
	}
	_, err := io.ReadFull(r, end)
	return err == nil && len(bytes.Trim(end, "\x00")) == 0
}

// schluss reports what is wrong with the export as a whole.
func (a *archiv) schluss(whole bool) error {
	if !whole {
		return a.report(Eintrag{Err: fault.New(fault.Corrupt, "T-130",
			"Der Export ist beschädigt oder nicht vollständig; bitte ihn noch einmal aus der TSE holen.", nil)})
	}
	if !a.info {
		if err := a.report(Eintrag{Name: "info.csv", Err: fault.New(fault.NotFound, "T-131",
			"Die Datei info.csv fehlt im Export; bitte ihn noch einmal aus der TSE holen.", nil)}); err != nil {
			return err
		}
	}
	if a.logs == 0 {
		return a.report(Eintrag{Err: fault.New(fault.NotFound, "T-132",
			"Der Export enthält keine Log-Nachricht; bitte den gewählten Zeitraum prüfen.", nil)})
	}
	return nil
}

// walk goes through the files; false if the archive ends in the middle.
func (a *archiv) walk(r io.Reader, file func(name string, size int64, r io.Reader) error) (whole bool, err error) {
	t := tar.NewReader(r)
	for n := 0; ; n++ {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil || n == maxFiles:
			return false, nil //nolint:nilerr // it is reported at the end
		case h.Typeflag == tar.TypeDir:
			continue
		case h.Typeflag != tar.TypeReg:
			err = file(h.Name, -1, strings.NewReader(""))
		default:
			err = file(h.Name, h.Size, t)
		}
		if errors.Is(err, errCutOff) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// errCutOff is a file of the archive that ends before it should.
var errCutOff = errors.New("the archive ends in the middle of a file")

func read(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit))
	if err != nil {
		return nil, errCutOff
	}
	return data, nil
}

// certificate is the name of a file with a certificate: the SHA-256 of its key.
var certificate = regexp.MustCompile(`(?i)^([0-9a-f]{64})_X509(_Fc-\d+)?\.(cer|crt|pem|der)$`)

// zertifikat takes the keys out of a file, if it is one with a certificate. What is wrong
// with it is reported when its turn comes.
func (a *archiv) zertifikat(name string, size int64, r io.Reader) error {
	if !certificate.MatchString(path.Base(name)) || size < 0 || size > maxCertBytes {
		return nil
	}
	data, err := read(r, maxCertBytes)
	if err != nil {
		return err
	}
	keys, _ := a.kurven.schluesselAus(data) // reported by datei
	for _, s := range keys {
		if len(a.keys) < maxKeys {
			a.keys[s.Seriennummer] = s
		}
	}
	return nil
}

// datei checks one file.
func (a *archiv) datei(name string, size int64, r io.Reader) error {
	base := path.Base(name)
	switch {
	case size < 0:
	case base == "info.csv":
		a.info = true
		return nil
	case certificate.MatchString(base):
		return a.pruefeZertifikat(name, size, r)
	case strings.HasSuffix(base, ".log"):
		a.logs++
		e := Eintrag{Name: name}
		if size > lognachricht.MaxBytes {
			e.Err = fault.New(fault.Invalid, "T-133", "Die Log-Nachricht ist größer als 1 MB und wurde nicht geprüft; "+
				"bitte den Hersteller der TSE fragen.", nil)
			return a.report(e)
		}
		data, err := read(r, lognachricht.MaxBytes)
		if err != nil {
			return err
		}
		e.Ergebnis, e.Err = a.nachricht(data)
		return a.report(e)
	}
	return a.report(Eintrag{Name: name, Err: fault.New(fault.Invalid, "T-134",
		"Diese Datei gehört nicht in den Export einer TSE; bitte prüfen, woher sie stammt.", nil)})
}

func (a *archiv) pruefeZertifikat(name string, size int64, r io.Reader) error {
	if size > maxCertBytes {
		return a.hinweis(name, fault.New(fault.Invalid, "T-135",
			"Die Datei ist größer als 64 KB und damit kein Zertifikat; bitte den Export noch einmal aus der TSE holen.", nil))
	}
	data, err := read(r, maxCertBytes)
	if err != nil {
		return err
	}
	keys, err := a.kurven.schluesselAus(data)
	if err != nil {
		return a.hinweis(name, fault.New(fault.Corrupt, "T-136",
			"Das Zertifikat ist nicht lesbar oder hat einen Schlüssel, den keine TSE verwendet; "+
				"bitte den Export noch einmal aus der TSE holen.", err))
	}
	want := strings.ToLower(certificate.FindStringSubmatch(path.Base(name))[1])
	for _, s := range keys {
		if want == hex.EncodeToString(s.Seriennummer[:]) || want == hex.EncodeToString(s.SPKI[:]) {
			return nil
		}
	}
	return a.hinweis(name, fault.New(fault.Corrupt, "T-137",
		"Das Zertifikat gehört zu einem anderen Schlüssel, als sein Name sagt; bitte prüfen, ob es ausgetauscht wurde.", nil))
}

func (a *archiv) hinweis(name string, err error) error {
	return a.report(Eintrag{Name: name, Err: err, Hinweis: true})
}

// nachricht checks one log message.
func (a *archiv) nachricht(data []byte) (Ergebnis, error) {
	n, signed, err := lognachricht.Parse(data)
	if err != nil {
		return Ergebnis{}, fault.New(fault.Corrupt, "T-138", "Die Log-Nachricht ist beschädigt oder in einer unbekannten "+
			"Fassung; bitte den Export noch einmal aus der TSE holen.", err)
	}
	s, ok := a.keys[[32]byte(n.Seriennummer)]
	if !ok {
		return Ergebnis{}, fault.New(fault.NotFound, "T-139", "Das Zertifikat der TSE "+
			hex.EncodeToString(n.Seriennummer)[:16]+"… fehlt im Export; bitte ihn vollständig aus der TSE holen.", nil)
	}
	if s.Verify(n.Algorithmus, signed, n.Signatur) {
		return Ergebnis{s.Kurve, n.Algorithmus, n.Version, n.InTeilen}, nil
	}
	return Ergebnis{}, fault.New(fault.Corrupt, "T-140",
		"Die Signatur passt nicht: Die Log-Nachricht ist verändert oder anders signiert; "+
			"bitte den Hersteller der TSE fragen.", nil)
}
