package dateien

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/offizin/offizin/internal/fault"
)

func beschaedigt(e Eintrag, cause error) error {
	return fault.New(fault.Corrupt, "M-131", "„"+e.Name+"“ kommt beschädigt von einem anderen Rechner; es wird später "+
		"und von den übrigen geholt – bleibt es dabei, dort die Festplatte prüfen.", cause)
}

func voll(e Eintrag) error {
	return fault.New(fault.Unavailable, "M-132", fmt.Sprintf("Für „%s“ (%d MB) von einem anderen Rechner ist kein "+
		"Platz, %d MB bleiben frei; bitte auf der Festplatte Platz schaffen.", e.Name, e.Bytes>>20, Reserve>>20), nil)
}

// errTeil reports a part that is not what its hash says.
var errTeil = errors.New("part has another hash")

// hole fetches a piece and lets its folder take it in. What was fetched stays for the next
// try, unless it is wrong.
func (d *Dateien) hole(ctx context.Context, q Quelle, o Ordner, e Eintrag) error {
	list, err := q.dateien(ctx, e)
	if err != nil {
		return err
	}
	if err := o.CheckNames(e, list); err != nil {
		return err
	}
	folder := d.folder(e)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make folder for what comes: %w", err)
	}
	if err := d.platz(e, folder); err != nil {
		return err
	}
	d.melde(Fortschritt{Eintrag: e, From: q.Platz})
	defer d.melde(Fortschritt{})
	for i, f := range list {
		if err := d.datei(ctx, q, e, f, folder); err != nil {
			return err
		}
		if i > 0 {
			continue
		}
		if err := o.CheckFirst(e, list, folder); err != nil {
			return errors.Join(err, os.RemoveAll(folder))
		}
	}
	err = o.Take(ctx, e, folder)
	if err == nil || fault.KindOf(err) == fault.Corrupt || fault.KindOf(err) == fault.Denied {
		err = errors.Join(err, os.RemoveAll(folder))
	}
	return err
}

func (d *Dateien) folder(e Eintrag) string { return filepath.Join(d.opt.Dir, e.Art+"-"+e.Name) }

// platz refuses what would fill the disk.
func (d *Dateien) platz(e Eintrag, folder string) error {
	free, err := d.opt.Free(folder)
	if err != nil {
		return fmt.Errorf("ask for free space: %w", err)
	}
	if free-max(0, e.Bytes-belegt(folder)) < Reserve {
		return voll(e)
	}
	return nil
}

// belegt is how many bytes of a piece are here already.
func belegt(folder string) (n int64) {
	entries, _ := os.ReadDir(folder) // none is none
	for _, x := range entries {
		if fi, err := x.Info(); err == nil && fi.Mode().IsRegular() {
			n += fi.Size()
		}
	}
	return n
}

// datei fetches one file, as far as it is not here.
func (d *Dateien) datei(ctx context.Context, q Quelle, e Eintrag, x Datei, folder string) (err error) {
	sums, err := q.teile(ctx, e, x, d.opt.Urgent())
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(folder, x.Name), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("make %s: %w", x.Name, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	buf := make([]byte, min(Teil, x.Bytes))
	pace := NewPace(d.opt.Clock, d.opt.Urgent)
	for nr, sum := range sums {
		part := buf[:x.laenge(int64(nr))]
		n, _ := f.ReadAt(part, int64(nr)*Teil) // what is not there is fetched
		if n < len(part) || sha256.Sum256(part) != sum {
			if err := d.teil(ctx, q, e, x, int64(nr), part, sum); err != nil {
				return err
			}
			if err := schreibe(f, part, int64(nr)*Teil); err != nil {
				return err
			}
		}
		d.weiter(int64(len(part)))
		if err := pace.Rest(ctx); err != nil {
			return err
		}
	}
	if err := errors.Join(f.Truncate(x.Bytes), f.Sync()); err != nil {
		return fmt.Errorf("write %s: %w", x.Name, err)
	}
	return nil
}

// schreibe makes a part durable at once: what is not on the disk yet must never pile up in
// front of a sale.
func schreibe(f *os.File, part []byte, at int64) error {
	_, err := f.WriteAt(part, at)
	if err = errors.Join(err, f.Sync()); err != nil {
		return fmt.Errorf("write part: %w", err)
	}
	return nil
}

// teil fetches a part until it is what its hash says.
func (d *Dateien) teil(
	ctx context.Context, q Quelle, e Eintrag, x Datei, nr int64, part []byte, sum [sha256.Size]byte,
) error {
	free, err := d.opt.Free(d.opt.Dir)
	if err == nil && free < Reserve {
		return voll(e)
	}
	for range versuche {
		if err = q.teil(ctx, e, x, nr, part); err != nil && !errors.Is(err, errWeg) {
			return err
		}
		if err == nil && sha256.Sum256(part) == sum {
			return nil
		}
		if ctx.Err() != nil {
			return weg(ctx.Err())
		}
	}
	if err != nil {
		return err
	}
	return beschaedigt(e, errTeil)
}

func (d *Dateien) melde(f Fortschritt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.laedt = f
}

func (d *Dateien) weiter(n int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.laedt.Done += n
}

// aufgehoben is how long what was begun is kept: the machine that has the rest may come back.
const aufgehoben = 20 * time.Hour

// raeume removes what was begun long ago and is not wanted any more.
func (d *Dateien) raeume(wanted []Eintrag) {
	entries, _ := os.ReadDir(d.opt.Dir) // what cannot be listed cannot be removed
	for _, x := range entries {
		fi, err := x.Info()
		young := err == nil && d.opt.Clock.Now().Sub(fi.ModTime()) < aufgehoben
		has := func(e Eintrag) bool { return d.folder(e) == filepath.Join(d.opt.Dir, x.Name()) }
		if !young && !slices.ContainsFunc(wanted, has) {
			_ = os.RemoveAll(filepath.Join(d.opt.Dir, x.Name())) // next time
		}
	}
}
