// Package tsecmd is the commands about the technische Sicherheitseinrichtung: what one has
// recorded, and whether what one has signed is genuine.
package tsecmd

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/integration/tse/pruefung"
	"github.com/offizin/offizin/internal/fault"
)

// TSE is `offizin tse`.
type TSE struct {
	Export Export `cmd:"" help:"Was die TSE eines Platzes aufgezeichnet hat, als TAR schreiben."`
	Verify Verify `cmd:"" help:"Signaturen von Kassenbons und TSE-Exporten prüfen; 1, wenn eine nicht stimmt."`
}

// Verify is `offizin tse verify`.
type Verify struct {
	Dateien []string `arg:"" optional:"" name:"datei" help:"TAR-Exporte und Texte, je Zeile ein QR-Code."`
}

// Run prints one row for each signature: ok or fail, what it belongs to, how it was signed or
// what is wrong; the last line sums up.
func (c *Verify) Run(e *env.Env) error {
	l := &lauf{kurven: pruefung.NewKurven(), out: bufio.NewWriter(e.Stdout), hinweise: e.Stderr}
	err := l.alles(e, c.Dateien)
	if flushErr := l.out.Flush(); flushErr != nil && err == nil {
		err = fmt.Errorf("write the check: %w", flushErr)
	}
	switch {
	case err != nil:
		return env.Failed(err)
	case l.ok+l.fail == 0:
		return env.Usage("Es gibt nichts zu prüfen; bitte eine Datei nennen oder QR-Codes über die Standardeingabe geben, " +
			"einen je Zeile. (T-101)")
	case l.fail > 0:
		return env.Differs()
	}
	return nil
}

// lauf is one run of the check.
type lauf struct {
	kurven   *pruefung.Kurven
	out      *bufio.Writer
	hinweise io.Writer
	ok, fail int
}

func (l *lauf) alles(e *env.Env, files []string) error {
	if len(files) == 0 {
		if err := l.strom("", e.Stdin); err != nil {
			return err
		}
	}
	for _, name := range files {
		if err := l.datei(name); err != nil {
			return err
		}
	}
	if l.ok+l.fail > 0 {
		fmt.Fprintf(l.out, "Summe: %d geprüft, %d ok, %d fail\n", l.ok+l.fail, l.ok, l.fail)
	}
	return nil
}

// zeile prints the result of one signature.
func (l *lauf) zeile(what, how string, err error) error {
	status := "ok"
	if err != nil {
		status, how = "fail", err.Error()
		l.fail++
	} else {
		l.ok++
	}
	if _, err := fmt.Fprintf(l.out, "%s\t%s\t%s\n", status, zelle(what), zelle(how)); err != nil {
		return fmt.Errorf("write the check: %w", err)
	}
	return nil
}

// datei checks a file, whichever kind it is. One that cannot be read is a row like any other.
func (l *lauf) datei(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return l.unlesbar(name, err)
	}
	defer f.Close() //nolint:errcheck // only read
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return l.unlesbar(name, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return l.unlesbar(name, err)
	}
	if istTAR(head[:n]) || strings.EqualFold(filepath.Ext(name), ".tar") {
		return l.tar(name, f)
	}
	return l.strom(name, f)
}

func (l *lauf) unlesbar(name string, err error) error {
	return l.zeile(name, "", fault.New(fault.NotFound, "T-102",
		"Die Datei ist nicht lesbar; bitte Namen und Rechte prüfen.", err))
}

func (l *lauf) tar(name string, f io.ReadSeeker) error {
	return l.kurven.PruefeTAR(f, func(e pruefung.Eintrag) error {
		what := name
		if e.Name != "" {
			what += ": " + e.Name
		}
		if e.Hinweis {
			_, err := fmt.Fprintf(l.hinweise, "Hinweis: %s: %s\n", zelle(what), zelle(e.Err.Error()))
			return err //nolint:wrapcheck // a terminal that has gone
		}
		return l.zeile(what, e.Ergebnis.String(), e.Err)
	})
}

// strom checks a QR code per line. Empty lines and those that begin with # are left out.
func (l *lauf) strom(name string, r io.Reader) error {
	in := bufio.NewReader(r)
	if head, _ := in.Peek(512); istTAR(head) {
		return l.zeile(cmp.Or(name, "Standardeingabe"), "", fault.New(fault.Invalid, "T-103",
			"Einen TAR-Export liest Offizin nur aus einer Datei; bitte ihren Namen nennen.", nil))
	} else if strings.ContainsRune(string(head), 0) {
		return l.zeile(cmp.Or(name, "Standardeingabe"), "", fault.New(fault.Invalid, "T-104",
			"Das ist weder ein TAR-Export noch ein Text mit QR-Codes; bitte die richtige Datei nennen.", nil))
	}
	if head, _ := in.Peek(len(bom)); string(head) == bom {
		_, _ = in.Discard(len(bom)) // it was just seen
	}
	for nr := 1; ; nr++ {
		line, err := zeileVon(in)
		if text := strings.TrimSuffix(line, "\r"); strings.TrimSpace(text) != "" && text[0] != '#' {
			how, bad := l.kurven.PruefeQR(text)
			if err := l.zeile(ort(name, nr), how.String(), bad); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return l.unlesbar(cmp.Or(name, "Standardeingabe"), err)
		}
	}
}

// bom is what some programs put before a text in UTF-8.
const bom = "\ufeff"

func ort(name string, nr int) string {
	if name == "" {
		return fmt.Sprintf("Zeile %d", nr)
	}
	return fmt.Sprintf("%s:%d", name, nr)
}

// zeileVon reads a line without its end; of one that is too long only as much as shows that
// it is.
func zeileVon(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, more, err := r.ReadLine()
		if room := pruefung.MaxQR + 1 - len(line); room > 0 {
			line = append(line, part[:min(room, len(part))]...)
		}
		if err != nil || !more {
			return string(line), err
		}
	}
}

// istTAR reports whether a file begins like a TAR archive (POSIX.1-1988 and later).
func istTAR(head []byte) bool { return len(head) >= 262 && string(head[257:262]) == "ustar" }

// zelle is a text that fits into one cell of a row.
func zelle(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}
