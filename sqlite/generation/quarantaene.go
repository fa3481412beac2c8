package generation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/gate"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
)

// What a check leaves behind: a folder with this prefix is never chosen, and the report
// lies in it.
const (
	quarantaenePrefix = "quarantaene-"
	berichtFile       = "bericht.txt"
)

// ErrQuarantaene is in the chain of the error of Build if the gate held the generation.
var ErrQuarantaene = errors.New("held by the gate")

// Urteil is what a check says of a generation that is built and not there yet.
type Urteil struct {
	Bericht string // kept beside the files
	Hindert bool   // into quarantine with it
}

// Pruefer checks a generation before it is there. It is not asked about one that was there
// already.
type Pruefer func(ctx context.Context, neu *Generation) (Urteil, error)

// Option changes how a generation is built.
type Option func(*bauer)

// Geprueft builds a generation that is there only if the check lets it pass.
func Geprueft(p Pruefer) Option { return func(b *bauer) { b.pruefe = p } }

// publish gives what was built its place: among the generations, or in quarantine.
func (b *bauer) publish(dir, tmp string, m catalogue.Manifest) error {
	held := filepath.Join(dir, quarantaenePrefix+m.ID)
	if err := b.ctx.Err(); err != nil {
		return fmt.Errorf("build catalogue: %w", err) // before anybody sees it
	}
	if b.pruefe != nil && !whole(filepath.Join(dir, m.ID), vertrauen.Lies(dir)) {
		u, err := b.urteil(tmp)
		if err != nil {
			return err
		}
		if u.Hindert {
			if err := b.benenne(dir, tmp, filepath.Base(held)); err != nil {
				return err
			}
			return fault.New(fault.Conflict, "A-621", "Der Katalog „"+m.ID+"“ liegt in Quarantäne, der bisherige gilt "+
				"weiter; bitte den Bericht lesen: "+filepath.Join(held, berichtFile)+".", ErrQuarantaene)
		}
	}
	if err := b.benenne(dir, tmp, m.ID); err != nil {
		return err
	}
	if err := os.Rename(held, filepath.Join(dir, bauPrefix+m.ID)); err == nil {
		removeBroken(dir) // it has passed now, or was there already
	}
	return nil
}

// urteil asks the check and keeps its report with the files.
func (b *bauer) urteil(tmp string) (u Urteil, err error) {
	m, err := decodeManifest(tmp)
	if err != nil {
		return u, err
	}
	g, err := open(tmp, m)
	if err != nil {
		return u, err
	}
	u, err = b.pruefe(b.ctx, g)
	if err = errors.Join(err, g.close()); err != nil {
		return u, err
	}
	return u, platte.Replace(filepath.Join(tmp, berichtFile), []byte(u.Bericht))
}

// ordnerVon returns the name of the folder of a generation: its ID, or that in quarantine.
func ordnerVon(dir, id string) (string, error) {
	o := Ordner{dir: dir}
	names, err := o.ordner()
	if err != nil || slices.Contains(names, id) {
		return id, err
	}
	for _, m := range o.Quarantaene() {
		if m.ID == id {
			return quarantaenePrefix + id, nil
		}
	}
	return "", unbekannt()
}

// Quarantaene lists the generations that the gate held, newest first.
func (o *Ordner) Quarantaene() []catalogue.Manifest {
	entries, _ := os.ReadDir(o.dir) // what cannot be listed is named by the list of those that are there
	var list []catalogue.Manifest
	for _, e := range entries {
		id, held := strings.CutPrefix(e.Name(), quarantaenePrefix)
		if !held {
			continue
		}
		if m, err := decodeManifest(filepath.Join(o.dir, e.Name())); err == nil && m.ID == id {
			list = append(list, m.Manifest)
		}
	}
	slices.SortFunc(list, catalogue.Neuere)
	return list
}

// Bericht returns the report of the gate about a generation, and whether it is held.
func (o *Ordner) Bericht(id string) (text string, haelt bool, err error) {
	name, err := ordnerVon(o.dir, id)
	if err != nil {
		return "", false, err
	}
	b, err := os.ReadFile(filepath.Join(o.dir, name, berichtFile))
	if err != nil {
		return "", false, fault.New(fault.NotFound, "A-622", "Zu diesem Katalog gibt es keinen Prüfbericht; er ist ein "+
			"Muster oder wurde vor der Einführung der Prüfung eingespielt.", err)
	}
	return string(b), name != id, nil
}

// Paare reads every article of a generation in order of PZN, each with the same of the one
// before, which may be nil. An article that has not changed is not decoded.
func Paare(ctx context.Context, neu, alt *Generation) iter.Seq2[gate.Paar, error] {
	return func(yield func(gate.Paar, error) bool) {
		if err := paare(ctx, neu, alt, func(p gate.Paar) bool { return yield(p, nil) }); err != nil {
			yield(gate.Paar{}, err)
		}
	}
}

func paare(ctx context.Context, neu, alt *Generation, yield func(gate.Paar) bool) (err error) {
	a, err := folge(neu)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	b := &reihe{}
	if alt != nil {
		if b, err = folge(alt); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, b.close()) }()
		b.weiter()
	}
	for n := 0; a.weiter(); n++ {
		if err := ctx.Err(); err != nil && n%1000 == 0 {
			return fmt.Errorf("compare articles: %w", err)
		}
		for b.da && b.pzn < a.pzn {
			b.weiter()
		}
		p, err := paar(a, b)
		if err != nil || !yield(p) {
			return err
		}
	}
	return errors.Join(a.fehler(), b.fehler())
}

func paar(a, b *reihe) (p gate.Paar, err error) {
	p.Bekannt = b.da && b.pzn == a.pzn
	if p.Bekannt && bytes.Equal(a.st.ColumnRawBlob(0), b.st.ColumnRawBlob(0)) {
		p.Gleich, p.Neu.PZN = true, kennung.PZN(fmt.Sprintf("%08d", a.pzn))
		return p, nil
	}
	if err = decode(a.st, &p.Neu); err == nil && p.Bekannt {
		err = decode(b.st, &p.Alt)
	}
	return p, err
}

// reihe walks through the articles of a generation.
type reihe struct {
	l   *leser
	st  *sqlite3.Stmt
	pzn int64
	da  bool // st stands on an article
}

func folge(g *Generation) (*reihe, error) {
	l, err := openLeser(filepath.Join(g.dir, artikelFile))
	if err != nil {
		return nil, damaged(g.manifest.ID, err)
	}
	st, _, err := l.db.Prepare("SELECT daten, pzn FROM artikel ORDER BY pzn")
	if err != nil {
		return nil, errors.Join(damaged(g.manifest.ID, err), l.close())
	}
	return &reihe{l: l, st: st}, nil
}

func (r *reihe) weiter() bool {
	if r.da = r.st.Step(); r.da {
		r.pzn = r.st.ColumnInt64(1)
	}
	return r.da
}

func (r *reihe) fehler() error {
	if r.st == nil {
		return nil
	}
	return r.st.Err() //nolint:wrapcheck // the caller says what it compared
}

func (r *reihe) close() error {
	_ = r.st.Close() // repeats the error of its last run
	return r.l.close()
}
