// Package bondrucker connects the queue of receipts with printers, and keeps what is printed.
package bondrucker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/integration/escpos"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/workflow/drucker"
)

// File is where the machine keeps which receipts are printed.
const File = "bondruck.json"

// Geraet is the printer of this machine. One object serves one address for as long as the
// settings name it, so that a printer that hangs is not opened a second time.
type Geraet struct {
	mu   sync.Mutex
	last *escpos.Drucker
}

var _ drucker.Geraet = (*Geraet)(nil)

// Check implements drucker.Geraet.
func (*Geraet) Check(adresse string) error {
	_, err := escpos.Parse(adresse)
	return err
}

func (g *Geraet) drucker(e drucker.Einstellung) (*escpos.Drucker, error) {
	z, err := escpos.Parse(e.Adresse)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.last == nil || g.last.Ziel != z || g.last.Mute != escpos.New(z, e.Mute).Mute {
		g.last = escpos.New(z, e.Mute)
	}
	return g.last, nil
}

// Drucken implements drucker.Geraet.
func (g *Geraet) Drucken(ctx context.Context, e drucker.Einstellung, b quittung.Beleg) error {
	d, err := g.drucker(e)
	if err != nil {
		return err
	}
	o := escpos.Optionen{}
	if e.Dots {
		o.Code = escpos.Dots
	}
	return uebersetzt(d.Drucken(ctx, escpos.Encode(b.Zeilen(), o)))
}

// Lade implements drucker.Geraet.
func (g *Geraet) Lade(ctx context.Context, e drucker.Einstellung) error {
	d, err := g.drucker(e)
	if err != nil {
		return err
	}
	return uebersetzt(d.Lade(ctx))
}

// Zustand implements drucker.Geraet.
func (g *Geraet) Zustand(ctx context.Context, e drucker.Einstellung) error {
	d, err := g.drucker(e)
	if err != nil {
		return err
	}
	return d.Pruefen(ctx)
}

// uebersetzt says in the words of the queue that nobody knows what was printed.
func uebersetzt(err error) error {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || !errors.Is(err, escpos.ErrUncertain) {
		return err
	}
	return fault.New(f.Kind, f.Code, f.Text, errors.Join(drucker.ErrUncertain, err))
}

// Ablage is the file in the data folder.
type Ablage struct{ Dir string }

// Lesen implements drucker.Ablage.
func (a Ablage) Lesen() (st drucker.Stand, err error) {
	b, err := os.ReadFile(filepath.Join(a.Dir, File))
	if errors.Is(err, fs.ErrNotExist) {
		return st, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &st)
	}
	if err != nil {
		return drucker.Stand{}, fmt.Errorf("read what is printed: %w", err)
	}
	return st, nil
}

// Schreiben implements drucker.Ablage.
func (a Ablage) Schreiben(st drucker.Stand) error {
	b, err := json.Marshal(st)
	if err != nil {
		return fmt.Errorf("encode what is printed: %w", err)
	}
	name := filepath.Join(a.Dir, File)
	platte.Reste(name)
	return platte.Replace(name, append(b, '\n'))
}
