// Package haltbarkeit proves that no acknowledged sale is lost or doubled, whatever
// the disk does: a pharmacy sells on a simulated disk whose power goes at a random
// operation, starts again, repeats what was not acknowledged with the same key, and
// holds everything it was told against what is there.
package haltbarkeit

import (
	"context"
	"fmt"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal/seal"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/simulation/disk"
	"github.com/offizin/offizin/simulation/welt"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/verkauf"
)

// beginn is when every run begins: a Monday morning.
func beginn() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

// apotheke is one life of the program on a disk, from start to power cut.
type apotheke struct {
	store    *sqlite.Store
	kern     *workflow.Kern
	personen *person.Service
	rezepte  *rezeptannahme.Service
	verkauf  *verkauf.Service
}

// oeffne starts the program.
func oeffne(
	ctx context.Context, w *welt.Welt, d *disk.Disk, uhr clock.Clock, unsafe string, pages int,
) (*apotheke, error) {
	return oeffneMit(ctx, w, sqlite.Options{Clock: uhr, VFS: d.Name(), CheckpointPages: pages, Unsafe: unsafe})
}

// oeffneMit starts it with options of its own.
func oeffneMit(ctx context.Context, w *welt.Welt, o sqlite.Options) (*apotheke, error) {
	o.Dir, o.Projections, o.Inline = "/daten", alle.Projections(), true
	o.Unlock = func(context.Context) (seal.Key, error) { return seal.Key{1, 2, 3}, nil }
	store, err := sqlite.Open(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	k := &workflow.Kern{Store: store, Katalog: w.Katalog, Recht: w.Recht, Clock: o.Clock, Platz: "platz-1", Till: "1"}
	a := &apotheke{store: store, kern: k, personen: person.New(k)}
	a.rezepte = rezeptannahme.New(k, a.personen, nil)
	a.verkauf = verkauf.New(k, a.personen, a.rezepte)
	return a, nil
}
