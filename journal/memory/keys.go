package memory

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/seal"
)

// keys are those of the persons in order of arrival; an erased person has the zero key alone.
type keys struct {
	mu   sync.Mutex
	last uint64
	list []journal.PersonKey
}

// of returns the keys of a person, one made at first use if asked for.
func (k *keys) of(person string, add bool) (found seal.Keys, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, p := range k.list {
		if p.Person == person {
			found = append(found, seal.Key(p.Key))
		}
	}
	if slices.Contains(found, seal.Key{}) || len(found) == 0 && !add {
		return nil, journal.ErrErased
	}
	if len(found) == 0 {
		found = seal.Keys{seal.New()}
		k.add(person, journal.Secret(found[0]))
	}
	return found, nil
}

func (k *keys) erase(persons []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, p := range persons {
		k.take(journal.PersonKey{Person: p})
	}
}

// take adds a key or an erasure, unless it is known or the person is erased.
func (k *keys) take(key journal.PersonKey) {
	known := slices.ContainsFunc(k.list, func(o journal.PersonKey) bool {
		return o.Person == key.Person && (o.Erased() || o.Key == key.Key)
	})
	if known {
		return
	}
	if key.Erased() {
		k.list = slices.DeleteFunc(k.list, func(o journal.PersonKey) bool { return o.Person == key.Person })
	}
	k.add(key.Person, key.Key)
}

func (k *keys) add(person string, key journal.Secret) {
	k.last++
	k.list = append(k.list, journal.PersonKey{N: k.last, Person: person, Key: key})
}

// Seal implements journal.Keys.
func (s *Store) Seal(ctx context.Context, person string, plaintext []byte) (journal.Sealed, error) {
	if err := journal.CheckPerson(person); err != nil {
		return journal.Sealed{}, err
	}
	if _, err := s.moment(ctx); err != nil {
		return journal.Sealed{}, err
	}
	keys, err := s.keys.of(person, true)
	if err != nil {
		return journal.Sealed{}, fmt.Errorf("seal: %w", err)
	}
	return keys[0].Seal(person, plaintext), nil
}

// Open implements journal.Keys.
func (s *Store) Open(ctx context.Context, d journal.Sealed) ([]byte, error) {
	if _, err := s.moment(ctx); err != nil {
		return nil, err
	}
	keys, err := s.keys.of(d.Person, false)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	plain, err := keys.Open(d)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return plain, nil
}

// PersonKeys implements journal.Keys.
func (s *Store) PersonKeys(ctx context.Context, after uint64, limit int) ([]journal.PersonKey, error) {
	if _, err := s.moment(ctx); err != nil {
		return nil, err
	}
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	at := slices.IndexFunc(s.keys.list, func(k journal.PersonKey) bool { return k.N > after })
	if at < 0 {
		return nil, nil
	}
	return slices.Clone(s.keys.list[at:min(at+limit, len(s.keys.list))]), nil
}

// AddPersonKeys implements journal.Keys.
func (s *Store) AddPersonKeys(ctx context.Context, list []journal.PersonKey) error {
	if _, err := s.moment(ctx); err != nil {
		return err
	}
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	for _, k := range list {
		s.keys.take(k)
	}
	return nil
}
