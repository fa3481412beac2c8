package generation

import (
	"context"
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/sqlite/generation/daten"
	"github.com/offizin/offizin/sqlite/ort"
)

// leser is a connection with its statements. It belongs to one goroutine at a time.
type leser struct {
	db                      *sqlite3.Conn
	byPZN, byGroup, byPayer *sqlite3.Stmt
}

// openLeser opens the articles of a file that nobody changes.
func openLeser(name string) (*leser, error) {
	db, err := sqlite3.OpenFlags(ort.URI(name, "immutable=1&mode=ro"), sqlite3.OPEN_READONLY|sqlite3.OPEN_URI)
	if err != nil {
		return nil, fmt.Errorf("open articles: %w", err)
	}
	l := &leser{db: db}
	for _, s := range []struct {
		st  **sqlite3.Stmt
		sql string
	}{
		{&l.byPZN, "SELECT daten FROM artikel WHERE pzn = ?"},
		{&l.byGroup, "SELECT daten FROM artikel WHERE gruppe = ? AND gruppe <> '' LIMIT 500"},
		{&l.byPayer, "SELECT faktor, erlassen FROM vertrag WHERE ik = ? AND pzn = ?"},
	} {
		if *s.st, _, err = db.Prepare(s.sql); err != nil {
			return nil, errors.Join(fmt.Errorf("prepare lookup: %w", err), l.close())
		}
	}
	return l, db.Exec("PRAGMA cache_size=-2000") //nolint:wrapcheck // never fails on an open database
}

func (l *leser) close() error {
	for _, st := range []*sqlite3.Stmt{l.byPZN, l.byGroup, l.byPayer} {
		if st != nil {
			_ = st.Close() // repeats the error of its last run
		}
	}
	return l.db.Close() //nolint:wrapcheck // the caller says what it closed
}

func (l *leser) artikel(pzn kennung.PZN) (a artikel.Artikel, found bool, err error) {
	nummer, err := pznNummer(pzn)
	if err != nil {
		return a, false, nil // what is no PZN is not in the catalogue
	}
	st := l.byPZN
	defer func() { err = errors.Join(err, st.Reset()) }()
	if err := st.BindInt64(1, nummer); err != nil {
		return a, false, fmt.Errorf("look up %s: %w", pzn, err)
	}
	if !st.Step() {
		return a, false, st.Err() //nolint:wrapcheck // with says which catalogue
	}
	err = decode(st, &a)
	return a, err == nil, err
}

func decode(st *sqlite3.Stmt, a *artikel.Artikel) error {
	return daten.Decode(st.ColumnRawBlob(0), a)
}

func (l *leser) group(gruppe string) (list []artikel.Artikel, err error) {
	st := l.byGroup
	defer func() { err = errors.Join(err, st.Reset()) }()
	if err := st.BindText(1, gruppe); err != nil {
		return nil, fmt.Errorf("look up group: %w", err)
	}
	for st.Step() {
		var a artikel.Artikel
		if err := decode(st, &a); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, st.Err() //nolint:wrapcheck // with says which catalogue
}

// errGenug ends a walk whose caller wants no more.
var errGenug = errors.New("enough")

func (l *leser) alle(ctx context.Context, yield func(catalogue.Zeile, error) bool) (err error) {
	st, _, err := l.db.Prepare("SELECT daten, beliebtheit FROM artikel ORDER BY pzn")
	if err != nil {
		return fmt.Errorf("prepare walk: %w", err)
	}
	defer st.Close() //nolint:errcheck // repeats the error of its last run
	for st.Step() {
		z := catalogue.Zeile{Beliebtheit: st.ColumnInt(1)}
		if err := decode(st, &z.Artikel); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("walk articles: %w", err)
		}
		if !yield(z, nil) {
			return errGenug
		}
	}
	return st.Err() //nolint:wrapcheck // with says which catalogue
}

func (l *leser) contract(ik string, pzn kennung.PZN) (v *zuzahlung.Vertrag, err error) {
	nummer, err := pznNummer(pzn)
	if err != nil {
		return nil, nil //nolint:nilnil // no contract is no error: see catalogue.Generation
	}
	st := l.byPayer
	defer func() { err = errors.Join(err, st.Reset()) }()
	if err := errors.Join(st.BindText(1, ik), st.BindInt64(2, nummer)); err != nil {
		return nil, fmt.Errorf("look up contract: %w", err)
	}
	if !st.Step() {
		return nil, st.Err() //nolint:wrapcheck // with says which catalogue
	}
	return &zuzahlung.Vertrag{Faktor: st.ColumnInt(0), MehrkostenErlassen: st.ColumnInt(1) == 1}, nil
}
