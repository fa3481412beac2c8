// Package vertrauen keeps the keys of this machine and of those whose catalogues count here.
package vertrauen

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/signatur"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/generation/datei"
)

// The keys lie beside the folder of the catalogues, never in it: whoever copies catalogues
// copies no key. What else is trusted lies in it.
const (
	KeyFile   = "katalog.key"    // private, PEM
	PubFile   = "katalog.pub"    // the public parts of this one and of those before it
	KeySperre = "katalog.sperre" // the lock of those who make a key

	Dir       = "schluessel" // in the folder of the catalogues: the keys of others
	pubEnde   = ".pub"
	keyWarten = 5000 // ms; making one takes a few
)

// The states of the keys of this machine.
type keyStand int

const (
	keyBekannt  keyStand = iota
	keyKeiner            // none was made yet: what is there counts as it is
	keyHalb              // the public parts are gone: which came before the one at hand is not known
	keyUnlesbar          // there was one: whose signature is ours cannot be told
)

// Vertrauen is whose signatures count here.
type Vertrauen struct {
	stand         keyStand
	eigene, fremd signatur.Bund
	Stoerungen    []error
}

// Adopt signs what is there with the key of this machine; auchOhne: also what is not signed.
type Adopt func(dir string, key ed25519.PrivateKey, auchOhne bool) error

// Bekannt says whether all own keys are known: only then can one be called strange.
func (v Vertrauen) Bekannt() bool { return v.stand == keyBekannt }

// Strict lets nothing count but what a known key has signed, also where no key was made yet.
func (v Vertrauen) Strict() Vertrauen {
	v.stand = keyBekannt
	return v
}

func ort(dir, name string) string { return filepath.Join(filepath.Dir(filepath.Clean(dir)), name) }

// Lies reads the keys. As long as not all of the own ones are known, a signature
// need only be whole: what was built here is never strange because a file was lost.
func Lies(dir string) Vertrauen {
	v := Vertrauen{}
	public, err1 := datei.Small(ort(dir, PubFile))
	if err1 == nil {
		v.eigene, err1 = signatur.LiesBund(public)
	}
	private, err2 := liesPrivat(dir)
	if err2 == nil {
		key, _ := private.Public().(ed25519.PublicKey)
		v.eigene = v.eigene.Und(signatur.Allein(key))
	}
	switch {
	case err1 == nil && len(v.eigene) > 0:
	case errors.Is(err1, os.ErrNotExist) && errors.Is(err2, os.ErrNotExist):
		v.stand = keyKeiner
	case errors.Is(err1, os.ErrNotExist) && err2 == nil:
		v.stand = keyHalb
	default:
		v.stand = keyUnlesbar
		v.Stoerungen = append(v.Stoerungen, Fehler("A-646", "Womit dieser Rechner seine Kataloge unterschreibt, "+
			"ist nicht lesbar (katalog.key und katalog.pub im Datenordner), so lange gilt jede unversehrte Unterschrift; "+
			"bitte die Rechte prüfen oder die Dateien zurückkopieren, sonst beide entfernen.", errors.Join(err1, err2)))
	}
	v.liesFremde(dir)
	return v
}

// liesFremde reads the keys that a person has laid down. A bad file does not stop the others.
func (v *Vertrauen) liesFremde(dir string) {
	entries, err := os.ReadDir(filepath.Join(dir, Dir))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		v.fehlt(Dir, err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), pubEnde) || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		data, err := datei.Small(filepath.Join(dir, Dir, e.Name()))
		b := signatur.Bund(nil)
		if err == nil {
			b, err = signatur.LiesBund(data)
		}
		if err != nil {
			v.fehlt(Dir+"/"+e.Name(), err)
			continue
		}
		v.fremd = v.fremd.Und(b)
	}
}

func (v *Vertrauen) fehlt(name string, cause error) {
	v.Stoerungen = append(v.Stoerungen, Fehler("A-648", "Der Schlüssel „katalog/"+name+"“ ist nicht lesbar, "+
		"seinen Katalogen wird nicht vertraut; bitte entfernen oder mit „offizin catalogue trust“ neu hinterlegen.", cause))
}

// Fehler is an error of a key.
func Fehler(code, text string, cause error) error {
	return fault.New(fault.Unavailable, code, text, errors.Join(catalogue.ErrSchluessel, cause))
}

// Pruefe says whether the text of a manifest may be used.
func (v Vertrauen) Pruefe(id string, text []byte) error {
	key, err := signatur.Oeffne(text)
	switch {
	case errors.Is(err, signatur.ErrFehlt) && v.stand == keyKeiner:
		return nil
	case errors.Is(err, signatur.ErrFehlt):
		return abgelehnt("A-641", "Der Katalog „"+id+"“ ist nicht unterschrieben und wird übergangen; bitte ihn hier "+
			"aus seiner Liste neu einspielen oder mit „offizin catalogue remove“ entfernen.", err)
	case err != nil:
		return abgelehnt("A-643", "Der Katalog „"+id+"“ wurde nach dem Unterschreiben verändert und wird übergangen; "+
			"bitte ihn neu einspielen oder mit „offizin catalogue remove“ entfernen.", err)
	case v.stand == keyBekannt && !v.eigene.Kennt(key) && !v.fremd.Kennt(key):
		return abgelehnt("A-642", "Der Katalog „"+id+"“ ist mit dem Schlüssel „"+signatur.Name(key)+"“ unterschrieben, "+
			"dem hier niemand vertraut, und wird übergangen; ist er von einem eigenen Rechner, dessen Schlüssel mit "+
			"„offizin catalogue trust“ hinterlegen.", nil)
	}
	return nil
}

func abgelehnt(code, text string, cause error) error {
	return fault.New(fault.Corrupt, code, text, cause)
}

// liesPrivat reads the build key; os.ErrNotExist if there is none.
func liesPrivat(dir string) (ed25519.PrivateKey, error) {
	data, err := datei.Small(ort(dir, KeyFile))
	if err != nil {
		return nil, err
	}
	return signatur.LiesPrivat(data)
}

// Bau is the key that signs what is built in the folder; made at first need, and
// anew where the private part was lost: the public one of the old stays.
func Bau(dir string, adopt Adopt) (key ed25519.PrivateKey, err error) {
	if err := Erster(dir, adopt); err != nil {
		return nil, datei.Explain(dir, err)
	}
	if key, err = liesPrivat(dir); errors.Is(err, os.ErrNotExist) && Lies(dir).stand == keyBekannt {
		err = beimSchluessel(dir, func() error {
			if key, err = liesPrivat(dir); !errors.Is(err, os.ErrNotExist) {
				return err // somebody else was faster
			}
			if key, err = neuerSchluessel(); err == nil {
				err = schreibeSchluessel(dir, key)
			}
			return err
		})
		return key, datei.Explain(dir, err)
	}
	if err != nil {
		return nil, Fehler("A-645", "Der Schlüssel, mit dem dieser Rechner seine Kataloge unterschreibt "+
			"(katalog.key im Datenordner), ist nicht lesbar, die vorhandenen Kataloge gelten weiter; bitte die Rechte prüfen, "+
			"oder die Datei entfernen, dann entsteht beim Einspielen eine neue.", err)
	}
	return key, nil
}

// Erster makes the key of this machine if there never was one, and takes over what
// is there. The public part is written last: killed before, it comes again, and nothing is
// refused meanwhile; from then on what is not signed is.
func Erster(dir string, adopt Adopt) error {
	if s := Lies(dir).stand; s != keyKeiner && s != keyHalb {
		return nil
	}
	return beimSchluessel(dir, func() (err error) {
		stand := Lies(dir).stand
		if stand != keyKeiner && stand != keyHalb {
			return nil // somebody else was faster
		}
		var key ed25519.PrivateKey
		if stand == keyHalb {
			key, err = liesPrivat(dir)
		} else {
			key, err = neuerSchluessel()
		}
		if err == nil {
			err = adopt(dir, key, stand == keyKeiner)
		}
		if err == nil {
			err = schreibeSchluessel(dir, key)
		}
		return err
	})
}

// beimSchluessel runs alone among those who make a key. It does not wait for a build.
func beimSchluessel(dir string, f func() error) (err error) {
	release, err := datei.Lock(filepath.Dir(filepath.Clean(dir)), KeySperre, keyWarten)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	for _, name := range []string{KeyFile, PubFile} {
		platte.Reste(ort(dir, name)) // a private key lies in no file that nobody knows of
	}
	return f()
}

func neuerSchluessel() (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	return key, nil
}

// schreibeSchluessel writes the private part, then adds the public one to those before it.
func schreibeSchluessel(dir string, key ed25519.PrivateKey) error {
	text, err := signatur.Privat(key)
	if err != nil {
		return err
	}
	old, err := datei.Small(ort(dir, PubFile))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("read public keys: %w", err)
	}
	if n := len(old); n > 0 && old[n-1] != '\n' {
		old = append(old, '\n')
	}
	if err := platte.Replace(ort(dir, KeyFile), text); err != nil {
		return err
	}
	public, _ := key.Public().(ed25519.PublicKey)
	return platte.Replace(ort(dir, PubFile), append(old, signatur.Allein(public).Zeilen()[0]+"\n"...))
}
