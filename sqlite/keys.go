package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/seal"
	"github.com/offizin/offizin/sqlite/schluessel"
)

// unlock gets the key of the node. If it cannot be had, personal data stay closed and
// everything else works.
func (s *Store) unlock(ctx context.Context) error {
	s.keyLage.Store(&schluessel.Lage{})
	if s.opt.Unlock == nil && s.opt.VFS != "" {
		return nil
	}
	n, err := s.writer.int("SELECT count(*) FROM person_key")
	if err != nil {
		return doing("count keys", err)
	}
	key, lage, err := s.opt.ort(n == 0, s.writer.fits).Hole(ctx)
	s.key.Store(key)
	s.keyLage.Store(&lage)
	return err
}

func (o Options) ort(mayMake bool, fits func(*seal.Key) error) schluessel.Ort {
	return schluessel.Ort{Dir: o.Dir, Unlock: o.Unlock, Speicher: o.Keystores, MayMake: mayMake, Passt: fits}
}

// Schluessellage says how the key of this node is kept.
func (s *Store) Schluessellage() schluessel.Lage { return *s.keyLage.Load() }

// Ask asks the key store of the system once more for the key of this node, if there is none
// yet; no act waits for it.
func (s *Store) Ask(ctx context.Context) error {
	if s.key.Load() != nil {
		return nil
	}
	fits := func(key *seal.Key) error {
		return s.reading(ctx, func(c *conn) error { return c.fits(key) })
	}
	key, lage := s.opt.ort(false, fits).AusSpeicher(ctx)
	if key != nil && s.key.CompareAndSwap(nil, key) {
		s.keyLage.Store(&lage)
	}
	return lage.Fehler
}

// fits reports ErrKey if the key opens none of the keys of persons that are already there. Such a one
// would divide the persons into two groups that no key opens together.
func (c *conn) fits(key *seal.Key) error {
	var bad error
	err := c.query("SELECT person, wrapped FROM person_key WHERE length(wrapped) > 0",
		func(st *sqlite3.Stmt) (bool, error) {
			_, bad = key.Unwrap(st.ColumnText(0), st.ColumnRawBlob(1))
			return bad != nil, nil
		})
	return doing("try key of the node", errors.Join(err, bad))
}

// Knotenschluessel is the key of this node; nil: personal data are closed.
func (s *Store) Knotenschluessel() *seal.Key { return s.key.Load() }

// Aufschliessen opens personal data with the key of this node, which came back from elsewhere, and
// keeps it in its file. ErrKey: it is another.
func (s *Store) Aufschliessen(ctx context.Context, key seal.Key) error {
	return s.changeKeys(ctx, func(w *conn) error {
		err := w.fits(&key)
		if err == nil {
			err = schluessel.Write(filepath.Join(s.opt.Dir, schluessel.File), key)
		}
		if err == nil {
			s.key.Store(&key)
			s.keyLage.Store(&schluessel.Lage{Fehler: s.Schluessellage().Fehler})
		}
		return err
	})
}

// Seal implements journal.Keys.
func (s *Store) Seal(ctx context.Context, person string, plaintext []byte) (journal.Sealed, error) {
	if err := journal.CheckPerson(person); err != nil {
		return journal.Sealed{}, err
	}
	keys, err := s.personKeys(ctx, person)
	if err == nil && len(keys) == 0 || errors.Is(err, errBroken) {
		keys, err = s.makeKey(ctx, person)
	}
	if err != nil {
		return journal.Sealed{}, explain(err)
	}
	return keys[0].Seal(person, plaintext), nil
}

// Open implements journal.Keys.
func (s *Store) Open(ctx context.Context, d journal.Sealed) ([]byte, error) {
	keys, err := s.personKeys(ctx, d.Person)
	if err == nil && len(keys) == 0 {
		err = fmt.Errorf("open data of a person without key: %w", journal.ErrErased)
	}
	if err != nil {
		return nil, explain(err)
	}
	plain, err := keys.Open(d)
	if err != nil {
		return nil, fmt.Errorf("open personal data: %w", err)
	}
	return plain, nil
}

// personKeys returns the keys of a person, the one to seal with first; none if there is none.
func (s *Store) personKeys(ctx context.Context, person string) (seal.Keys, error) {
	if s.key.Load() == nil {
		return nil, s.Schluessellage().Verschlossen()
	}
	keys, ok, era := s.cache.Get(person)
	if ok {
		return keys, nil
	}
	err := s.reading(ctx, func(c *conn) error {
		var err error
		if keys, err = s.readKeys(c, person); err == nil && len(keys) > 0 {
			s.cache.Put(person, keys, era)
		}
		return err
	})
	return keys, err
}

// errBroken reports a person whose keys are all damaged.
var errBroken = errors.New("keys of a person are damaged")

// readKeys reads and unwraps the keys of a person. One that is damaged is left out, as another may open
// what matters; errBroken if all are.
func (s *Store) readKeys(c *conn, person string) (keys seal.Keys, err error) {
	var wrapped [][]byte
	err = c.query("SELECT wrapped FROM person_key WHERE person = ? ORDER BY n", func(st *sqlite3.Stmt) (bool, error) {
		wrapped = append(wrapped, st.ColumnBlob(0, nil))
		return true, nil
	}, person)
	if err != nil {
		return nil, doing("read keys of a person", err)
	}
	var bad error
	for _, w := range wrapped {
		if len(w) == 0 {
			return nil, journal.ErrErased
		}
		key, err := s.key.Load().Unwrap(person, w)
		if err == nil {
			keys = append(keys, key)
		} else {
			bad = errors.Join(errBroken, err)
		}
	}
	if len(keys) == 0 {
		return nil, bad
	}
	return keys, nil
}

// makeKey makes a key of a person durable, unless another did meanwhile. Where all that are there are
// damaged, it is a further one: what is written from now on can be read.
func (s *Store) makeKey(ctx context.Context, person string) (keys seal.Keys, err error) {
	err = s.changeKeys(ctx, func(w *conn) error {
		keys, err = s.readKeys(w, person)
		if len(keys) > 0 || err != nil && !errors.Is(err, errBroken) {
			return err
		}
		keys = seal.Keys{seal.New()}
		return s.storeKey(w, person, keys[0])
	})
	return keys, err
}

func (s *Store) storeKey(w *conn, person string, key seal.Key) error {
	return doing("store key of a person",
		w.exec("INSERT INTO person_key (person, wrapped) VALUES (?, ?)", person, s.key.Load().Wrap(person, key)))
}

// changeKeys runs f in a writing transaction; who waits for news hears of it.
func (s *Store) changeKeys(ctx context.Context, f func(*conn) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	err := s.withBallast(func() error {
		_, err := s.transact(f)
		return err
	})
	s.afterWrite()
	return err
}

// PersonKeys implements journal.Keys. A damaged one is not among them: it would keep all that come after it
// from other machines.
func (s *Store) PersonKeys(ctx context.Context, after uint64, limit int) (list []journal.PersonKey, err error) {
	if s.key.Load() == nil {
		return nil, s.Schluessellage().Verschlossen()
	}
	err = s.reading(ctx, func(c *conn) error {
		return c.query("SELECT n, person, wrapped FROM person_key WHERE n > ? ORDER BY n",
			func(st *sqlite3.Stmt) (bool, error) {
				k := journal.PersonKey{N: uint64(st.ColumnInt64(0)), Person: st.ColumnText(1)}
				if w := st.ColumnBlob(2, nil); len(w) > 0 {
					key, err := s.key.Load().Unwrap(k.Person, w)
					if err != nil {
						return true, nil //nolint:nilerr // another machine may have it whole
					}
					k.Key = journal.Secret(key)
				}
				list = append(list, k)
				return len(list) < limit, nil
			}, int64(min(after, math.MaxInt64)))
	})
	return list, explain(err)
}

// AddPersonKeys implements journal.Keys.
func (s *Store) AddPersonKeys(ctx context.Context, list []journal.PersonKey) error {
	if s.key.Load() == nil {
		return s.Schluessellage().Verschlossen()
	}
	var changed, erased []string
	err := s.changeKeys(ctx, func(w *conn) error {
		changed, erased = nil, nil
		for _, k := range list {
			there, err := s.readKeys(w, k.Person)
			switch {
			case errors.Is(err, journal.ErrErased):
			case err != nil && !errors.Is(err, errBroken):
				return err
			case k.Erased():
				erased = append(erased, k.Person)
				err = w.erase(k.Person)
			case !slices.Contains(there, seal.Key(k.Key)):
				changed = append(changed, k.Person)
				err = s.storeKey(w, k.Person, seal.Key(k.Key))
			}
			if err != nil && !errors.Is(err, journal.ErrErased) {
				return err
			}
		}
		return nil
	})
	s.cache.Drop(changed)
	s.forget(erased)
	return explain(err)
}

// erase forgets the keys of a person for ever, within a transaction.
func (c *conn) erase(person string) error {
	err := c.exec("DELETE FROM person_key WHERE person = ?", person)
	if err == nil {
		err = c.exec("INSERT INTO person_key (person, wrapped) VALUES (?, x'')", person)
	}
	return doing("erase key of a person", err)
}

// forget drops keys that were erased from memory, and soon from the log file.
func (s *Store) forget(persons []string) {
	if len(persons) > 0 {
		s.cache.Drop(persons)
		s.truncate.Store(true)
	}
}
