package schluessel

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/keystore"
	"github.com/offizin/offizin/journal/seal"
)

// Ort is where the key of a node may be. It is asked in the order of ADR 0036: the key store of the
// system, then the file. Other machines and the recovery code come after it and are not here.
type Ort struct {
	Dir      string                                  // data folder
	Unlock   func(context.Context) (seal.Key, error) // gives the key instead of all else; nil: nobody does
	Speicher []keystore.Store                        // key stores that may have locked it away
	MayMake  bool                                    // a new key may be made where there is none
	// Passt reports seal.ErrKey if a key is not the one of these data; nil: any is.
	Passt func(*seal.Key) error
}

// Lage says how the key of a node is kept.
type Lage struct {
	Speicher string // name of the key store that gave it; empty: its file, or nothing did
	Fehler   error  // why the key store that locked it away did not give it, as a fault; nil: it did, or there is none
	Missing  error  // why there is no key; nil: there is one
}

// Hole gets the key. Where it cannot be had, Lage says why: then personal data stay closed and
// everything else works. A key store is waited for no longer than keystore.Frist.
func (o Ort) Hole(ctx context.Context) (key *seal.Key, l Lage, err error) {
	if o.Unlock != nil {
		k, err := o.Unlock(ctx)
		if err != nil {
			return nil, Lage{Missing: fmt.Errorf("unlock personal data: %w", err)}, nil
		}
		key, err = o.passend(&k)
		return key, Lage{Missing: zu(key, err)}, nurAnderes(err)
	}
	if key, l = o.AusSpeicher(ctx); key != nil {
		return key, l, nil
	}
	key, err = Read(filepath.Join(o.Dir, File), o.MayMake)
	if err == nil {
		key, err = o.passend(key)
	}
	l.Missing = zu(key, err)
	return key, l, nurAnderes(err)
}

func (o Ort) passend(key *seal.Key) (*seal.Key, error) {
	if o.Passt != nil {
		if err := o.Passt(key); err != nil {
			return nil, err
		}
	}
	return key, nil
}

// zu is why there is no key, and nurAnderes what is wrong otherwise: a missing or foreign key stops
// nothing.
func zu(key *seal.Key, err error) error {
	if key == nil {
		return err
	}
	return nil
}

func nurAnderes(err error) error {
	if errors.Is(err, ErrFile) || errors.Is(err, seal.ErrKey) {
		return nil
	}
	return err
}

// AusSpeicher asks the key stores that have locked the key away here; no key and no error if none
// has.
func (o Ort) AusSpeicher(ctx context.Context) (key *seal.Key, l Lage) {
	for _, s := range o.Speicher {
		wrapped, err := os.ReadFile(filepath.Join(o.Dir, s.File()))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil {
			key, err = oeffne(ctx, s, wrapped)
		}
		if err == nil {
			key, err = o.passend(key)
		}
		if err == nil {
			return key, Lage{Speicher: s.Name()}
		}
		if l.Fehler == nil {
			l.Fehler = stumm(s.Name(), err)
		}
	}
	return nil, l
}

var errLaenge = errors.New("what the key store gave is no key")

func oeffne(ctx context.Context, s keystore.Store, wrapped []byte) (*seal.Key, error) {
	b, err := keystore.Ask(ctx, func(ctx context.Context) ([]byte, error) { return s.Unwrap(ctx, wrapped) })
	if err != nil {
		return nil, err
	}
	if len(b) != len(seal.Key{}) {
		return nil, errLaenge
	}
	key := seal.Key(b)
	return &key, nil
}

// stumm is the fault for a key store that does not give the key: J-320, one that hangs: J-321, one
// that gives another: J-322.
func stumm(name string, err error) error {
	switch {
	case errors.Is(err, keystore.ErrHangs):
		return fault.New(fault.Unavailable, "J-321", "Der Schlüsselspeicher des Systems ("+name+") antwortet nicht; "+
			"bitte abwarten, Offizin fragt ihn und die anderen Rechner weiter nach dem Schlüssel der Kundendaten.", err)
	case errors.Is(err, seal.ErrKey) || errors.Is(err, errLaenge):
		return fault.New(fault.Unavailable, "J-322", "Der Schlüsselspeicher des Systems ("+name+") gibt nicht den Schlüssel "+
			"dieser Kundendaten heraus; bitte einen anderen Rechner anschalten, der ihn zurückgibt, oder „offizin schluessel "+
			"holen“ aufrufen.", err)
	}
	return fault.New(fault.Unavailable, "J-320", "Der Schlüsselspeicher des Systems ("+name+") gibt den Schlüssel der "+
		"Kundendaten nicht heraus; bitte einen anderen Rechner anschalten, der ihn zurückgibt, oder „offizin schluessel "+
		"holen“ aufrufen.", err)
}

// Verschlossen is the fault for personal data whose key is not there: that of the key store, else
// J-215.
func (l Lage) Verschlossen() error {
	if f, ok := errors.AsType[*fault.Fault](l.Fehler); ok {
		return fault.New(f.Kind, f.Code, f.Text, errors.Join(f.Cause, l.Missing))
	}
	return fault.New(fault.Unavailable, "J-215",
		"Die Personendaten sind auf diesem Rechner verschlossen; bitte die Schlüsseldatei knoten.key zurückkopieren.",
		l.Missing)
}

// Exists reports whether a key lies in a data folder, or lay there, in whatever form; an empty key file
// is none, for making it was broken off.
func Exists(dir string) (bool, error) {
	for _, name := range append([]string{File}, keystore.Files()...) {
		fi, err := os.Stat(filepath.Join(dir, name))
		switch {
		case errors.Is(err, os.ErrNotExist) || err == nil && fi.Size() == 0:
		case err != nil:
			return true, err //nolint:wrapcheck // the caller says it
		default:
			return true, nil
		}
	}
	return false, nil
}
