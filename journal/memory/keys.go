package memory

import (
	"context"
	"fmt"
	"sync"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/seal"
)

// keys are those of the persons; an erased person has the zero key for ever.
type keys struct {
	mu   sync.Mutex
	keys map[string]seal.Key
}

// of returns the key of a person, made at first use if asked for.
func (k *keys) of(person string, add bool) (seal.Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.keys[person]
	if ok && key == (seal.Key{}) || !ok && !add {
		return key, journal.ErrErased
	}
	if !ok {
		key = seal.New()
		k.set(person, key)
	}
	return key, nil
}

func (k *keys) erase(persons []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, p := range persons {
		k.set(p, seal.Key{})
	}
}

func (k *keys) set(person string, key seal.Key) {
	if k.keys == nil {
		k.keys = map[string]seal.Key{}
	}
	k.keys[person] = key
}

// Seal implements journal.Keys.
func (s *Store) Seal(ctx context.Context, person string, plaintext []byte) (journal.Sealed, error) {
	if err := journal.CheckPerson(person); err != nil {
		return journal.Sealed{}, err
	}
	if _, err := s.moment(ctx); err != nil {
		return journal.Sealed{}, err
	}
	key, err := s.keys.of(person, true)
	if err != nil {
		return journal.Sealed{}, fmt.Errorf("seal: %w", err)
	}
	return key.Seal(person, plaintext), nil
}

// Open implements journal.Keys.
func (s *Store) Open(ctx context.Context, d journal.Sealed) ([]byte, error) {
	if _, err := s.moment(ctx); err != nil {
		return nil, err
	}
	key, err := s.keys.of(d.Person, false)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	plain, err := key.Open(d)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return plain, nil
}
