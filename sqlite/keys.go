package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/seal"
)

// keyCache holds the keys of persons that were used lately.
type keyCache struct {
	mu   sync.Mutex
	keys map[string]seal.Key
}

// maxKeys is how many keys stay in memory: the patients of a day.
const maxKeys = 4_000

func (k *keyCache) get(person string) (seal.Key, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.keys[person]
	return key, ok
}

func (k *keyCache) put(person string, key seal.Key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil || len(k.keys) >= maxKeys {
		k.keys = map[string]seal.Key{}
	}
	k.keys[person] = key
}

func (k *keyCache) drop(persons []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, p := range persons {
		delete(k.keys, p)
	}
}

// unlock gets the key of the node. If it cannot be had, personal data stay closed and
// everything else works.
func (s *Store) unlock(ctx context.Context) error {
	if s.opt.Unlock != nil {
		key, err := s.opt.Unlock(ctx)
		if err != nil {
			s.keyErr = fmt.Errorf("unlock personal data: %w", err)
			return nil //nolint:nilerr // said to whoever opens personal data
		}
		s.key = &key
		return nil
	}
	if s.opt.VFS != "" {
		return nil
	}
	n, err := s.writer.int("SELECT count(*) FROM person_key")
	if err != nil {
		return doing("count keys", err)
	}
	key, err := nodeKey(filepath.Join(s.opt.Dir, keyFile), n == 0)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, errKeyFile) {
		s.keyErr = err
		return nil
	}
	s.key = key
	return err
}

// errKeyFile reports a key file of the wrong size.
var errKeyFile = errors.New("key file is damaged")

// nodeKey reads the key file and makes it if it may be new.
func nodeKey(name string, mayMake bool) (*seal.Key, error) {
	b, err := os.ReadFile(name) //nolint:gosec // a name in our own folder
	switch {
	case err == nil && len(b) == len(seal.Key{}):
		key := seal.Key(b)
		return &key, nil
	case err == nil && (!mayMake || len(b) > 0):
		return nil, errKeyFile
	case err != nil && (!mayMake || !errors.Is(err, os.ErrNotExist)):
		return nil, fmt.Errorf("read key of the node: %w", err)
	}
	key := seal.New()
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // as above
	if err != nil {
		return nil, fmt.Errorf("make key of the node: %w", err)
	}
	_, err = f.Write(key[:])
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("write key of the node: %w", err)
	}
	return &key, nil
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
	if key, ok := s.cache.get(person); ok {
		return key, nil
	}
	var key seal.Key
	err := s.readers.with(ctx, func(c *conn) error {
		var err error
		if key, err = s.readKey(c, person); err == nil {
			s.cache.put(person, key)
		}
		return err
	})
	return key, err
}

func (s *Store) closedKeys() error {
	return fault.New(fault.Unavailable, "J-215",
		"Die Personendaten sind auf diesem Rechner verschlossen; bitte die Schlüsseldatei knoten.key zurückkopieren.", s.keyErr)
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
	key := seal.New()
	_, err := s.transact(func(w *conn) error {
		there, err := s.readKey(w, person)
		if !errors.Is(err, errNoKey) {
			key = there
			return err
		}
		return doing("store key of a person",
			w.exec("INSERT INTO person_key VALUES (?, ?)", person, s.key.Wrap(person, key)))
	})
	s.afterWrite()
	if err == nil {
		s.cache.put(person, key)
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
		s.cache.drop(persons)
		s.truncate.Store(true)
	}
}
