package notfall

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

// StickName is what the Mappe is called on the stick. There is one only: each copy replaces
// the one before, so that no names stay that nobody needs any more.
const StickName = "notfallmappe" + endung

// stickRest are files that a copy left that was broken off.
const stickRest = ".notfallmappe-*.tmp"

var errGroesse = errors.New("the copy has another size")

// kopiere writes a Mappe to a stick: under another name first, so that whoever opens it
// finds the old one or the whole new one. daten is the data folder, which is no stick.
func kopiere(stick, daten string, pdf []byte) error {
	if err := eingehaengt(stick, daten); err != nil {
		return err
	}
	left, _ := filepath.Glob(filepath.Join(stick, stickRest)) // the pattern is well formed
	for _, name := range left {
		_ = os.Remove(name) // the next copy tries again
	}
	if err := uebertrage(stick, pdf); err != nil {
		if platte.Voll(err) {
			return fault.New(fault.Unavailable, "A-715", "Auf dem Stick „"+stick+"“ ist kein Platz für die Notfallmappe, "+
				"die alte bleibt; bitte Platz schaffen.", err)
		}
		return fault.New(fault.Unavailable, "A-716", "Die Notfallmappe lässt sich nicht auf den Stick „"+stick+"“ "+
			"schreiben; bitte prüfen, ob er schreibgeschützt oder defekt ist.", err)
	}
	return nil
}

func uebertrage(stick string, pdf []byte) (err error) {
	f, err := os.CreateTemp(stick, stickRest) // readable for its owner only, where a stick knows owners
	if err != nil {
		return fmt.Errorf("make file on stick: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(pdf)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = gross(f.Name(), len(pdf))
	}
	if err != nil {
		return fmt.Errorf("write to stick: %w", err)
	}
	if err = platte.Rename(f.Name(), filepath.Join(stick, StickName)); err != nil {
		return fmt.Errorf("rename on stick: %w", err)
	}
	if d, err := os.Open(stick); err == nil {
		_ = errors.Join(d.Sync(), d.Close()) // not every file system of a stick can sync a folder
	}
	return nil
}

// gross compares the size that the file system tells.
func gross(name string, want int) error {
	fi, err := os.Stat(name)
	if err == nil && fi.Size() != int64(want) {
		err = errGroesse
	}
	return err
}

// eingehaengt says why a folder is not a stick that is plugged in; nil if it is one.
func eingehaengt(stick, daten string) error {
	fi, err := os.Stat(stick)
	if err != nil || !fi.IsDir() {
		return fault.New(fault.Unavailable, "A-713", "Der Stick für die Notfallmappe ist nicht da, den Ordner „"+stick+
			"“ gibt es nicht; bitte einstecken oder den Ordner berichtigen.", err)
	}
	mounted, err := istEinhaengepunkt(stick, daten)
	if err != nil || !mounted {
		return fault.New(fault.Unavailable, "A-714", "Unter „"+stick+"“ ist kein Stick eingehängt, der Ordner liegt auf "+
			"diesem Rechner; bitte den Stick einstecken oder seinen Ordner angeben.", err)
	}
	return nil
}
