package generation

import (
	"context"
	"errors"
	"slices"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
)

// unversehrt reports files that somebody writes into: article and index may then be of two
// catalogues. It is asked behind each lookup, so that no answer from such a pair goes out. A
// file that was put in the place of another is harmless: the one that is open is read on.
func (g *Generation) unversehrt() error {
	for _, d := range g.dateien {
		if !d.Unchanged() {
			return veraendert(g.manifest.ID, errVeraendert)
		}
	}
	return nil
}

func veraendert(id string, cause error) error {
	return fault.New(fault.Corrupt, "A-654", "Die Dateien des Katalogs „"+id+"“ wurden verändert, er wird übergangen; "+
		"bitte ihn neu einspielen oder mit „offizin catalogue remove“ entfernen.", cause)
}

func (g *Generation) schliesseDateien() error {
	var err error
	for _, d := range g.dateien {
		err = errors.Join(err, d.Close())
	}
	return err
}

// Nachpruefen compares the files of the generation that holds on the day with its manifest.
// That takes seconds, and nobody waits for it: opening compares only their sizes. One whose
// files are others is left out from then on.
func (o *Ordner) Nachpruefen(ctx context.Context, day civil.Day) error {
	found, err := o.Am(day)
	if err != nil {
		return err
	}
	g, ours := found.(*Generation)
	if !ours {
		return nil
	}
	if err = g.verify(ctx.Err); fault.KindOf(err) != fault.Corrupt {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if id := g.manifest.ID; o.offen[id] == g { // else it went meanwhile
		o.verdaechtig(id)
		o.verwirf(id, veraendert(id, err))
	}
	return err
}

// verdaechtig closes a generation whose files were changed, when nobody reads it any more.
// The caller holds the mutex.
func (o *Ordner) verdaechtig(id string) {
	o.alte = append(o.alte, o.offen[id])
	delete(o.offen, id)
	if o.verdacht == nil {
		o.verdacht = map[string]bool{}
	}
	o.verdacht[id] = true
}

// verwirf leaves a generation out that is damaged, until its folder is another. The caller
// holds the mutex.
func (o *Ordner) verwirf(id string, why error) {
	o.stoerungen = append(o.stoerungen, why)
	o.manifeste = slices.DeleteFunc(slices.Clone(o.manifeste), func(m manifest) bool { return m.ID == id })
	o.schlecht = append(slices.Clone(o.schlecht), id)
	if _, _, alles, err := o.lage(o.schlecht); err == nil {
		o.gelesen = alles
	}
}

// nie calls nothing off.
func nie() error { return nil }

// errVeraendert reports a file that is not what it was when it was opened.
var errVeraendert = errors.New("file was changed while in use")
