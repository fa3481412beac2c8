package rechtcmd

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/recht"
)

// maxDatei is more than any file here may be; the readers have limits of their own.
const maxDatei = 1 << 20

// Pruefe is `offizin recht pruefe`.
type Pruefe struct {
	Datei      string `arg:"" help:"Der Nachtrag."`
	Schluessel string `help:"Datei mit weiteren öffentlichen Schlüsseln, zur Probe." type:"path"`
}

// Run checks signature and rows and prints what the Nachtrag changes.
func (c *Pruefe) Run(e *env.Env) error {
	s, err := recht.Load()
	if err != nil {
		return err
	}
	keys, err := c.keys()
	if err != nil {
		return usage(err)
	}
	data, err := lies(c.Datei)
	if err != nil {
		return usage(err)
	}
	n, err := keys.Oeffne(c.Datei, data)
	if err != nil {
		return usage(err)
	}
	rows, err := s.Zeilen(n)
	if err != nil {
		return usage(err)
	}
	return tabelle(e.Stdout, func(w io.Writer) {
		fmt.Fprintf(w, "Nachtrag %d vom %s: %s\n", n.Nummer, n.Datum.German(), n.Grund)
		fmt.Fprintln(w, "PARAMETER\tAB\tWERT\tBISHER\tNORM\tQUELLE")
		for _, x := range rows {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n",
				x.Parameter.ID, x.Zeile.Ab.German(), wert(&x.Zeile), bisher(s, x), x.Zeile.Norm, x.Zeile.Quelle)
		}
	}, func() string {
		return fmt.Sprintf("Die Unterschrift des Schlüssels „%s“ stimmt; %d Zeilen.", n.Schluessel, len(rows))
	})
}

// bisher is the value that holds on the day of the row without the Nachtrag.
func bisher(s *recht.Sammlung, x recht.Eintrag) string {
	p, _ := s.Suche(x.Parameter.ID)
	if z, ok := p.Am(x.Zeile.Ab); ok {
		return wert(&z)
	}
	return wert(nil)
}

func (c *Pruefe) keys() (recht.Schluesselbund, error) {
	keys, err := recht.ReleaseSchluessel()
	if err != nil || c.Schluessel == "" {
		return keys, err
	}
	data, err := lies(c.Schluessel)
	if err != nil {
		return nil, err
	}
	more, err := recht.LiesSchluessel(c.Schluessel, data)
	return keys.Und(more), err
}

// Sign is `offizin recht sign`.
type Sign struct {
	Datei      string `arg:"" help:"Der Nachtrag ohne Unterschrift."`
	Schluessel string `required:"" help:"Datei des privaten Schlüssels (PEM, PKCS 8, Ed25519)." type:"path"`
	Nach       string `required:"" help:"Neue Datei für den unterschriebenen Nachtrag." type:"path"`
}

// Run checks the text, signs it and writes it to a new file.
func (c *Sign) Run(e *env.Env) error {
	key, err := privat(c.Schluessel)
	if err != nil {
		return usage(err)
	}
	text, err := lies(c.Datei)
	if err != nil {
		return usage(err)
	}
	signed, err := recht.Signiere(c.Datei, text, key)
	if err != nil {
		return usage(err)
	}
	if err := passt(c.Datei, signed, key); err != nil {
		return usage(err)
	}
	if err := neueDatei(c.Nach, signed, 0o644); err != nil {
		return usage(err)
	}
	_, err = fmt.Fprintf(e.Stdout, "Unterschrieben: %s\n", c.Nach)
	return err //nolint:wrapcheck // standard output
}

// passt says whether the program will accept what was signed: if it knows the key
// that the file names, that must be the one that signed.
func passt(name string, signed []byte, key ed25519.PrivateKey) error {
	known, err := recht.ReleaseSchluessel()
	if err != nil {
		return err
	}
	public, _ := key.Public().(ed25519.PublicKey)
	id, err := recht.SchluesselVon(name, signed)
	if err != nil {
		return err
	}
	_, err = known.Und(recht.Schluesselbund{id: public}).Oeffne(name, signed)
	if err != nil {
		return fault.New(fault.Denied, "L-148", "Der Nachtrag nennt den Schlüssel „"+id+"“, unterschrieben ist er mit "+
			"einem anderen; bitte die Zeile „schluessel:“ oder die Datei des Schlüssels prüfen.", err)
	}
	return nil
}

// Schluessel is `offizin recht schluessel`.
type Schluessel struct {
	Name string `arg:"" help:"Name des Schlüssels, etwa offizin-2027."`
	Nach string `required:"" help:"Neue Datei für den privaten Schlüssel; nie zu den Quellen." type:"path"`
}

// Run writes the private key to a new file and prints the line for release.pub.
func (c *Schluessel) Run(e *env.Env) error {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("make key: %w", err)
	}
	line := c.Name + " " + base64.StdEncoding.EncodeToString(public)
	if _, err := recht.LiesSchluessel(c.Name, []byte(line)); err != nil || strings.ContainsAny(c.Name, " \t\r\n#") {
		return usage(fault.New(fault.Invalid, "L-147", "Der Name „"+c.Name+
			"“ taugt nicht für einen Schlüssel; bitte ein Wort ohne Leerzeichen wählen.", err))
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return fmt.Errorf("encode key: %w", err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err := neueDatei(c.Nach, text, 0o600); err != nil {
		return usage(err)
	}
	_, err = fmt.Fprintln(e.Stdout, line)
	return err //nolint:wrapcheck // standard output
}

// privat reads a private key; what is in the file never comes into a message.
func privat(name string) (ed25519.PrivateKey, error) {
	data, err := lies(name)
	if err != nil {
		return nil, err
	}
	if block, _ := pem.Decode(data); block != nil {
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if private, ok := key.(ed25519.PrivateKey); ok && err == nil {
			return private, nil
		}
	}
	return nil, fault.New(fault.Invalid, "L-144", "„"+name+
		"“ enthält keinen privaten Ed25519-Schlüssel (PEM, PKCS 8); bitte die richtige Datei angeben.", nil)
}

// lies reads a file, up to the limit.
func lies(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, unlesbar(name, err)
	}
	defer f.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(f, maxDatei))
	if err != nil {
		return nil, unlesbar(name, err)
	}
	return data, nil
}

func unlesbar(name string, cause error) error {
	return fault.New(fault.NotFound, "L-143", "Die Datei „"+name+"“ ist nicht lesbar; bitte den Namen prüfen.", cause)
}

// neueDatei writes a file that was not there before.
func neueDatei(name string, data []byte, mode os.FileMode) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return fault.New(fault.Conflict, "L-146", "Die Datei „"+name+
			"“ ist schon da oder kann nicht angelegt werden; bitte einen anderen Namen wählen.", err)
	}
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
