package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/seal"
)

// keys are those of the persons; an erased person has the zero key alone.
type keys struct {
	mu   sync.Mutex
	last uint64
	of   map[string][]journal.PersonKey
}

// get returns the keys of a person, one made at first use if asked for.
func (k *keys) get(person string, add bool) (found seal.Keys, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, p := range k.of[person] {
		if p.Erased() {
			return nil, journal.ErrErased
		}
		found = append(found, seal.Key(p.Key))
	}
	switch {
	case len(found) == 0 && !add:
		return nil, journal.ErrErased
	case len(found) == 0:
		found = seal.Keys{seal.New()}
		k.take(journal.PersonKey{Person: person, Key: journal.Secret(found[0])})
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
	for _, o := range k.of[key.Person] {
		if o.Erased() || o.Key == key.Key {
			return
		}
	}
	if k.of == nil {
		k.of = map[string][]journal.PersonKey{}
	}
	if key.Erased() {
		k.of[key.Person] = nil
	}
	k.last++
	key.N = k.last
	k.of[key.Person] = append(k.of[key.Person], key)
}

// after returns what came after a place, in order.
func (k *keys) after(n uint64) (list []journal.PersonKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, keys := range k.of {
		for _, key := range keys {
			if key.N > n {
				list = append(list, key)
			}
		}
	}
	slices.SortFunc(list, func(a, b journal.PersonKey) int { return cmp.Compare(a.N, b.N) })
	return list
}

// Seal implements journal.Keys.
func (s *Store) Seal(ctx context.Context, person string, plaintext []byte) (journal.Sealed, error) {
	if err := journal.CheckPerson(person); err != nil {
		return journal.Sealed{}, err
	}
	if _, err := s.moment(ctx); err != nil {
		return journal.Sealed{}, err
	}
	keys, err := s.keys.get(person, true)
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
	keys, err := s.keys.get(d.Person, false)
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
	list := s.keys.after(after)
	return list[:min(limit, len(list))], nil
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
