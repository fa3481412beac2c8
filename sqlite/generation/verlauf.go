package generation

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"slices"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/kennung"
)

// Verlauf walks an article through all generations, newest first, also through those that
// a person has taken out. Each is read when it is asked for, one row, and is not kept open.
// One that cannot be read is named by its error, and the walk goes on.
func (o *Ordner) Verlauf(ctx context.Context, pzn kennung.PZN) iter.Seq2[catalogue.Verlaufszeile, error] {
	return func(yield func(catalogue.Verlaufszeile, error) bool) {
		o.frisch()
		o.mu.Lock()
		out := manifests(o.ausManifeste)
		all := append(manifests(o.manifeste), out...)
		o.mu.Unlock()
		slices.SortFunc(all, catalogue.Neuere)
		for _, m := range all {
			f := catalogue.Verlaufszeile{Manifest: m}
			f.Ausgelassen = slices.ContainsFunc(out, func(x catalogue.Manifest) bool { return x.ID == m.ID })
			err := ctx.Err()
			if err == nil {
				err = o.lies(ctx, &f, pzn)
			}
			if !yield(f, err) {
				return
			}
		}
	}
}

// lies reads the article of one generation: of the open one, else of its file alone.
func (o *Ordner) lies(ctx context.Context, f *catalogue.Verlaufszeile, pzn kennung.PZN) (err error) {
	o.mu.Lock()
	g := o.offen[f.ID]
	o.mu.Unlock()
	if g != nil {
		f.Artikel, f.Da, err = g.Artikel(ctx, pzn)
		return err
	}
	l, err := openLeser(filepath.Join(o.dir, f.ID, artikelFile))
	if err != nil {
		return damaged(f.ID, err)
	}
	f.Artikel, f.Da, err = l.artikel(pzn)
	if err = errors.Join(err, l.close()); err != nil {
		return damaged(f.ID, err)
	}
	return nil
}
