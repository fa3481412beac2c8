package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/seal"
)

// unlock gets the key of the node. If it cannot be had, personal data stay closed and
// everything else works.
func (s *Store) unlock(ctx context.Context) error {
	if s.opt.Unlock != nil {
		key, err := s.opt.Unlock(ctx)
		if err != nil {
			s.keyErr = fmt.Errorf("unlock personal data: %w", err)
			return nil
		}
		return s.fits(&key)
	}
	if s.opt.VFS != "" {
		return nil
	}
	n, err := s.writer.int("SELECT count(*) FROM person_key")
	if err != nil {
		return doing("count keys", err)
	}
	key, err := nodeKey(filepath.Join(s.opt.Dir, keyFile), n == 0)
	if errors.Is(err, errKeyFile) {
		s.keyErr = err
		return nil
	}
	if err != nil {
		return err
	}
	return s.fits(key)
}

// fits takes the key if it opens the key of a person that is already there. Another
// one would divide the persons into two groups that no key opens together.
func (s *Store) fits(key *seal.Key) error {
	var person string
	var wrapped []byte
	found, err := s.writer.one("SELECT person, wrapped FROM person_key WHERE length(wrapped) > 0 LIMIT 1",
		func(st *sqlite3.Stmt) { person, wrapped = st.ColumnText(0), st.ColumnBlob(1, nil) })
	if err != nil {
		return doing("try key", err)
	}
	if found {
		if _, err := key.Unwrap(person, wrapped); err != nil {
			s.keyErr = fmt.Errorf("key of the node: %w", err)
			return nil
		}
	}
	s.key = key
	return nil
}

// errKeyFile reports a key file that is missing, cannot be read or has the wrong size.
var errKeyFile = errors.New("no key file to be used")

// nodeKey reads the key file and makes it if it may be new.
func nodeKey(name string, mayMake bool) (*seal.Key, error) {
	b, err := os.ReadFile(name)
	switch {
	case err == nil && len(b) == len(seal.Key{}):
		key := seal.Key(b)
		return &key, nil
	case err == nil && (!mayMake || len(b) > 0):
		return nil, errKeyFile
	case err != nil && (!mayMake || !errors.Is(err, os.ErrNotExist)):
		return nil, fmt.Errorf("%w: %w", errKeyFile, err)
	}
	key := seal.New()
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make key of the node: %w", err)
	}
	_, err = f.Write(key[:])
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("write key of the node: %w", err)
	}
	syncFolder(filepath.Dir(name))
	return &key, nil
}

// syncFolder makes a new name in a folder durable. Windows does that by itself and
// refuses to be asked.
func syncFolder(dir string) {
	if f, err := os.Open(dir); err == nil {
		_ = f.Sync()
		_ = f.Close()
	}
}

// Seal implements journal.Keys.
func (s *Store) Seal(ctx context.Context, person string, plaintext []byte) (journal.Sealed, error) {
	if err := journal.CheckPerson(person); err != nil {
		return journal.Sealed{}, err
	}
	key, err := s.personKey(ctx, person)
	if errors.Is(err, errNoKey) {
		key, err = s.makeKey(ctx, person)
	}
	if err != nil {
		return journal.Sealed{}, explain(err)
	}
	return key.Seal(person, plaintext), nil
}

// Open implements journal.Keys.
func (s *Store) Open(ctx context.Context, d journal.Sealed) ([]byte, error) {
	key, err := s.personKey(ctx, d.Person)
	if errors.Is(err, errNoKey) {
		err = fmt.Errorf("open data of a person without key: %w", journal.ErrErased)
	}
	if err != nil {
		return nil, explain(err)
	}
	plain, err := key.Open(d)
	if err != nil {
		return nil, fmt.Errorf("open personal data: %w", err)
	}
	return plain, nil
}

// errNoKey reports a person that has no key yet.
var errNoKey = errors.New("person has no key")

func (s *Store) personKey(ctx context.Context, person string) (seal.Key, error) {
	if s.key == nil {
		return seal.Key{}, s.closedKeys()
	}
	key, ok, era := s.cache.Get(person)
	if ok {
		return key, nil
	}
	err := s.readers.with(ctx, func(c *conn) error {
		var err error
		if key, err = s.readKey(c, person); err == nil {
			s.cache.Put(person, key, era)
		}
		return err
	})
	return key, err
}

func (s *Store) closedKeys() error {
	return fault.New(fault.Unavailable, "J-215",
		"Die Personendaten sind auf diesem Rechner verschlossen; bitte die Schlüsseldatei knoten.key zurückkopieren.",
		s.keyErr)
}

// readKey reads and unwraps the key of a person.
func (s *Store) readKey(c *conn, person string) (seal.Key, error) {
	var wrapped []byte
	found, err := c.one("SELECT wrapped FROM person_key WHERE person = ?", func(st *sqlite3.Stmt) {
		wrapped = st.ColumnBlob(0, nil)
	}, person)
	switch {
	case err != nil:
		return seal.Key{}, doing("read key of a person", err)
	case !found:
		return seal.Key{}, errNoKey
	case len(wrapped) == 0:
		return seal.Key{}, journal.ErrErased
	}
	key, err := s.key.Unwrap(person, wrapped)
	if err != nil {
		return seal.Key{}, fmt.Errorf("unwrap key of a person: %w", err)
	}
	return key, nil
}

// makeKey makes the key of a person durable, unless another did meanwhile.
func (s *Store) makeKey(ctx context.Context, person string) (seal.Key, error) {
	if err := s.enter(ctx); err != nil {
		return seal.Key{}, err
	}
	defer s.leave()
	_, _, era := s.cache.Get(person)
	key := seal.New()
	err := s.withBallast(func() error {
		_, err := s.transact(func(w *conn) error {
			there, err := s.readKey(w, person)
			if !errors.Is(err, errNoKey) {
				key = there
				return err
			}
			return doing("store key of a person",
				w.exec("INSERT INTO person_key VALUES (?, ?)", person, s.key.Wrap(person, key)))
		})
		return err
	})
	s.afterWrite()
	if err == nil {
		s.cache.Put(person, key, era)
	}
	return key, err
}

// erase forgets the key of a person for ever, within a transaction.
func (c *conn) erase(person string) error {
	return doing("erase key of a person", c.exec(
		"INSERT INTO person_key VALUES (?, x'') ON CONFLICT DO UPDATE SET wrapped = x''", person))
}

// forget drops keys that were erased from memory, and soon from the log file.
func (s *Store) forget(persons []string) {
	if len(persons) > 0 {
		s.cache.Drop(persons)
		s.truncate.Store(true)
	}
}
