package seal

import "sync"

// Cache holds the keys of persons that were used lately. The zero value
// is empty; it is safe for concurrent use.
type Cache struct {
	mu   sync.Mutex
	keys map[string]Key
	era  int // rises with each erasure
}

// maxKeys is how many keys stay in memory: the patients of a day.
const maxKeys = 4_000

// Get returns the key of a person and the era, for Put.
func (k *Cache) Get(person string) (key Key, ok bool, era int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok = k.keys[person]
	return key, ok, k.era
}

// Put keeps a key that was read in the era, unless one was erased meanwhile: it might
// be that one.
func (k *Cache) Put(person string, key Key, era int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if era != k.era {
		return
	}
	if k.keys == nil || len(k.keys) >= maxKeys {
		k.keys = map[string]Key{}
	}
	k.keys[person] = key
}

// Drop forgets the keys of persons who were erased.
func (k *Cache) Drop(persons []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.era++
	for _, p := range persons {
		delete(k.keys, p)
	}
}
