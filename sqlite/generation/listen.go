package generation

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
)

// listenSchema holds what lists say of the articles. A generation without lists has no such
// tables, so that its bytes are as they were before there were lists. Of a contract, faktor
// is NULL if there is none.
const listenSchema = `
CREATE TABLE liste (
	nr    INTEGER PRIMARY KEY,
	art   TEXT NOT NULL,
	datei TEXT NOT NULL,
	ab    INTEGER NOT NULL
) STRICT;
CREATE TABLE listenwert (
	art    TEXT NOT NULL,
	pzn    INTEGER NOT NULL,
	liste  INTEGER NOT NULL,
	wert   INTEGER NOT NULL,
	quelle INTEGER, -- NULL: the source does not have the article
	PRIMARY KEY (art, pzn)
) STRICT, WITHOUT ROWID;
CREATE TABLE listenvertrag (
	ik              TEXT NOT NULL,
	pzn             INTEGER NOT NULL,
	liste           INTEGER NOT NULL,
	faktor          INTEGER,
	erlassen        INTEGER NOT NULL,
	quelle_faktor   INTEGER,
	quelle_erlassen INTEGER NOT NULL,
	PRIMARY KEY (ik, pzn)
) STRICT, WITHOUT ROWID;`

const ohneListen = "DROP TABLE IF EXISTS liste; DROP TABLE IF EXISTS listenwert; DROP TABLE IF EXISTS listenvertrag;"

// schreibeListen writes what lists say, in place of what was there.
func schreibeListen(db *sqlite3.Conn, l *catalogue.Listen) error {
	if err := db.Exec(ohneListen); err != nil {
		return fmt.Errorf("drop lists: %w", err)
	}
	if l.Leer() {
		return nil
	}
	if err := db.Exec(listenSchema); err != nil {
		return fmt.Errorf("make lists: %w", err)
	}
	nr, err := schreibeKoepfe(db, l)
	if err == nil {
		err = schreibeWerte(db, l, nr)
	}
	if err == nil {
		err = schreibeVertraege(db, l, nr)
	}
	return err
}

// schreibeKoepfe writes the lists of which something holds, and returns their new places.
func schreibeKoepfe(db *sqlite3.Conn, l *catalogue.Listen) (map[int]int, error) {
	put, _, err := db.Prepare("INSERT INTO liste VALUES (?, ?, ?, ?)")
	if err != nil {
		return nil, fmt.Errorf("prepare lists: %w", err)
	}
	defer put.Close() //nolint:errcheck // repeats the error of its last run
	nr := map[int]int{}
	for _, i := range l.List() {
		n, x := len(nr), l.Listen[i]
		nr[i] = n
		err := errors.Join(put.BindInt(1, n), put.BindText(2, string(x.Art)), put.BindText(3, x.Datei),
			put.BindInt(4, int(x.Ab)), put.Exec(), put.Reset())
		if err != nil {
			return nil, fmt.Errorf("store list: %w", err)
		}
	}
	return nr, nil
}

func schreibeWerte(db *sqlite3.Conn, l *catalogue.Listen, nr map[int]int) error {
	put, _, err := db.Prepare("INSERT INTO listenwert VALUES (?, ?, ?, ?, ?)")
	if err != nil {
		return fmt.Errorf("prepare values of lists: %w", err)
	}
	defer put.Close() //nolint:errcheck // repeats the error of its last run
	for _, w := range l.Werte() {
		nummer, err := pznNummer(w.PZN)
		if err == nil {
			err = errors.Join(put.BindText(1, string(w.Art)), put.BindInt64(2, nummer), put.BindInt(3, nr[w.Liste]),
				put.BindInt64(4, w.Wert), bindOder(put, 5, w.Quelle, !w.Fehlt), put.Exec(), put.Reset())
		}
		if err != nil {
			return fmt.Errorf("store list value of %s: %w", w.PZN, err)
		}
	}
	return nil
}

func schreibeVertraege(db *sqlite3.Conn, l *catalogue.Listen, nr map[int]int) error {
	put, _, err := db.Prepare("INSERT INTO listenvertrag VALUES (?, ?, ?, ?, ?, ?, ?)")
	if err != nil {
		return fmt.Errorf("prepare contracts of lists: %w", err)
	}
	defer put.Close() //nolint:errcheck // repeats the error of its last run
	for _, v := range l.Vertraege() {
		nummer, err := pznNummer(v.PZN)
		if err == nil {
			err = errors.Join(put.BindText(1, v.IK), put.BindInt64(2, nummer), put.BindInt(3, nr[v.Liste]),
				bindVertrag(put, 4, v.Wert), bindVertrag(put, 6, v.Quelle), put.Exec(), put.Reset())
		}
		if err != nil {
			return fmt.Errorf("store list contract of %s for %s: %w", v.IK, v.PZN, err)
		}
	}
	return nil
}

func bindVertrag(st *sqlite3.Stmt, at int, v catalogue.Vertragsstand) error {
	return errors.Join(bindOder(st, at, int64(v.Vertrag.Faktor), v.Da), st.BindBool(at+1, v.Vertrag.MehrkostenErlassen))
}

// bindOder binds a number, or that there is none.
func bindOder(st *sqlite3.Stmt, at int, n int64, da bool) error {
	if !da {
		return st.BindNull(at) //nolint:wrapcheck // wrapped by the caller
	}
	return st.BindInt64(at, n) //nolint:wrapcheck // wrapped by the caller
}

// Listen returns the lists that have changed the generation, and all that they say.
func (g *Generation) Listen(ctx context.Context) (*catalogue.Listen, error) {
	list := catalogue.NewListen()
	err := g.with(ctx, func(l *leser) error {
		there := false
		if err := l.jede("SELECT 1 FROM sqlite_master WHERE name = 'liste'", func(*sqlite3.Stmt) bool {
			there = true
			return true
		}); err != nil || !there {
			return err
		}
		return l.listen(list)
	})
	return list, err
}

// Listen returns the lists that have changed a generation of the folder.
func (o *Ordner) Listen(ctx context.Context, id string) (*catalogue.Listen, error) {
	o.mu.Lock()
	all := slices.Concat(o.manifeste, o.ausManifeste)
	i := slices.IndexFunc(all, func(m manifest) bool { return m.ID == id })
	if i < 0 {
		o.mu.Unlock()
		return nil, unbekannt()
	}
	g, err := o.get(all[i])
	o.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return g.Listen(ctx)
}

func (l *leser) listen(list *catalogue.Listen) error {
	err := l.jede("SELECT art, datei, ab FROM liste ORDER BY nr", func(st *sqlite3.Stmt) bool {
		list.Listen = append(list.Listen, catalogue.Liste{
			Art: catalogue.Listenart(st.ColumnText(0)), Datei: st.ColumnText(1), Ab: civil.Day(st.ColumnInt(2)),
		})
		return true
	})
	if err != nil {
		return err
	}
	bad := false
	nr := func(st *sqlite3.Stmt) int {
		n := st.ColumnInt(2)
		bad = bad || n < 0 || n >= len(list.Listen)
		return n
	}
	err = l.jede("SELECT art, pzn, liste, wert, quelle FROM listenwert", func(st *sqlite3.Stmt) bool {
		list.AppendWert(catalogue.Listenwert{
			Art: catalogue.Listenart(st.ColumnText(0)), PZN: pznText(st.ColumnInt64(1)), Liste: nr(st),
			Wert: st.ColumnInt64(3), Quelle: st.ColumnInt64(4), Fehlt: st.ColumnType(4) == sqlite3.NULL,
		})
		return true
	})
	if err == nil {
		err = l.jede("SELECT ik, pzn, liste, faktor, erlassen, quelle_faktor, quelle_erlassen FROM listenvertrag",
			func(st *sqlite3.Stmt) bool {
				list.AppendVertrag(catalogue.Listenvertrag{
					IK: st.ColumnText(0), PZN: pznText(st.ColumnInt64(1)), Liste: nr(st),
					Wert: standAus(st, 3), Quelle: standAus(st, 5),
				})
				return true
			})
	}
	if bad {
		err = errors.Join(err, errManifest)
	}
	return err
}

func standAus(st *sqlite3.Stmt, at int) catalogue.Vertragsstand {
	return catalogue.Vertragsstand{Da: st.ColumnType(at) != sqlite3.NULL, Vertrag: zuzahlung.Vertrag{
		Faktor: st.ColumnInt(at), MehrkostenErlassen: st.ColumnInt(at+1) == 1,
	}}
}

func pznText(n int64) kennung.PZN { return kennung.PZN(fmt.Sprintf("%08d", n)) }

// jede runs a query of its own and hands out its rows.
func (l *leser) jede(sql string, row func(*sqlite3.Stmt) bool) error {
	st, _, err := l.db.Prepare(sql)
	if err != nil {
		return fmt.Errorf("prepare query: %w", err)
	}
	defer st.Close() //nolint:errcheck // Err says what went wrong
	for st.Step() {
		if !row(st) {
			return errGenug
		}
	}
	return st.Err() //nolint:wrapcheck // with says which catalogue
}

// Vertraege walks all contracts by IK and PZN. It keeps one of the readers until it ends.
func (g *Generation) Vertraege(ctx context.Context) iter.Seq2[catalogue.Vertragszeile, error] {
	return func(yield func(catalogue.Vertragszeile, error) bool) {
		err := g.with(ctx, func(l *leser) error {
			return l.jede("SELECT ik, pzn, faktor, erlassen FROM vertrag ORDER BY ik, pzn", func(st *sqlite3.Stmt) bool {
				return ctx.Err() == nil && yield(catalogue.Vertragszeile{
					IK: st.ColumnText(0), PZN: pznText(st.ColumnInt64(1)), Vertrag: standAus(st, 2).Vertrag,
				}, nil)
			})
		})
		if ctx.Err() != nil {
			err = fmt.Errorf("walk contracts: %w", ctx.Err())
		}
		if err != nil && !errors.Is(err, errGenug) {
			yield(catalogue.Vertragszeile{}, err)
		}
	}
}

// OpenGrundlage opens the generation that holds on a day, so that a list can be laid on it.
// Its raw data go with it, if it has any: what changes later by UPD changes the new one.
func OpenGrundlage(o *Ordner, am civil.Day) (*Basis, *Generation, error) {
	g, err := o.Am(am)
	if err != nil {
		return nil, nil, err
	}
	gen, ok := g.(*Generation)
	if !ok || gen.manifest.GueltigAb > am {
		return nil, nil, fault.New(fault.NotFound, "A-692", "Am "+am.German()+" gilt kein Katalog, den die Liste ändern "+
			"könnte; bitte zuerst die Artikel einspielen oder bei --ab einen späteren Tag angeben.", nil)
	}
	b := &Basis{dir: gen.dir, manifest: gen.manifest, Bytes: gen.manifest.QuelleB}
	if b.Bytes == 0 {
		return b, gen, nil
	}
	if err := gen.manifest.verifyRohdaten(nie, gen.dir); err != nil {
		return nil, nil, err
	}
	if b.Rohdaten, err = os.Open(filepath.Join(gen.dir, quelleFile)); err != nil {
		return nil, nil, damaged(gen.manifest.ID, err)
	}
	return b, gen, nil
}
