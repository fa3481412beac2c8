package seal

import "sync"

// Cache holds the keys of persons that were used lately. The zero value
// is empty; it is safe for concurrent use.
type Cache struct {
	mu   sync.Mutex
	keys map[string]Keys
	era  int // rises with each change
}

// maxKeys is how many keys stay in memory: the patients of a day.
const maxKeys = 4_000

// Get returns the keys of a person and the era, for Put.
func (k *Cache) Get(person string) (keys Keys, ok bool, era int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	keys, ok = k.keys[person]
	return keys, ok, k.era
}

// Put keeps the keys that were read in the era, unless any were changed meanwhile: it might
// be these.
func (k *Cache) Put(person string, keys Keys, era int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if era != k.era {
		return
	}
	if k.keys == nil || len(k.keys) >= maxKeys {
		k.keys = map[string]Keys{}
	}
	k.keys[person] = keys
}

// Drop forgets the keys of persons who were erased or got another key.
func (k *Cache) Drop(persons []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.era++
	for _, p := range persons {
		delete(k.keys, p)
	}
}
