package shipping

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/offizin/offizin/journal"
)

// keyBatch is how many keys of persons travel at once.
const keyBatch = 1000

// personKey is a journal.PersonKey as sent. What it is sent through must be encrypted, and
// only machines of the pharmacy may ask.
type personKey struct {
	N      uint64 `json:"n"`
	Person string `json:"person"`
	Key    []byte `json:"key,omitempty"` // empty: erased
}

func wireKeys(list []journal.PersonKey) []personKey {
	out := make([]personKey, 0, len(list))
	for _, k := range list {
		w := personKey{N: k.N, Person: k.Person}
		if !k.Erased() {
			w.Key = k.Key[:]
		}
		out = append(out, w)
	}
	return out
}

// readKeys reads keys that came from elsewhere.
func readKeys(r io.Reader) ([]journal.PersonKey, error) {
	var in []personKey
	if err := json.NewDecoder(io.LimitReader(r, maxOffer)).Decode(&in); err != nil {
		return nil, malformed(err)
	}
	if len(in) > keyBatch {
		return nil, malformed(fmt.Errorf("%d keys", len(in)))
	}
	list := make([]journal.PersonKey, 0, len(in))
	for _, w := range in {
		k := journal.PersonKey{N: w.N, Person: w.Person}
		if journal.CheckPerson(w.Person) != nil || len(w.Key) != 0 && len(w.Key) != len(k.Key) {
			return nil, malformed(fmt.Errorf("key %d", w.N))
		}
		copy(k.Key[:], w.Key)
		list = append(list, k)
	}
	return list, nil
}

// getKeys hands keys out.
func (s *Server) getKeys(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.ParseUint(r.URL.Query().Get("nach"), 10, 63)
	if err != nil {
		s.refuse(w, r, malformed(err))
		return
	}
	list, err := s.store.PersonKeys(r.Context(), after, keyBatch)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.answer(w, http.StatusOK, wireKeys(list))
}

// takeKeys takes keys in.
func (s *Server) takeKeys(w http.ResponseWriter, r *http.Request) {
	list, err := readKeys(http.MaxBytesReader(w, r.Body, maxOffer))
	if err == nil {
		err = s.store.AddPersonKeys(r.Context(), list)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.answer(w, http.StatusOK, struct{}{})
}

// keys is up to where the keys of persons are exchanged with the parent: they go before the
// records that need them.
type keys struct {
	of     journal.Origin // of the parent, as it was then
	pushed uint64         // place here
	pulled uint64         // place there
	losses int            // of the parent, until then
}

// exchange gives the parent the keys that are new here, and takes those that are new there if it is to ask
// for them. The round of an own record does not, unless there is news: no key is waited for without a record
// that needs it. All others do, as a key that was locked away comes after its record.
func (c *Child) exchange(ctx context.Context, parent journal.Origin, ask bool) error {
	if c.keys.of != parent {
		c.keys, ask = keys{of: parent, losses: c.keys.losses}, true
	}
	for {
		list, err := c.store.PersonKeys(ctx, c.keys.pushed, keyBatch)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
		if err := c.parent.pushKeys(ctx, list); err != nil {
			return err
		}
		c.keys.pushed = list[len(list)-1].N
	}
	for ask {
		list, err := c.parent.pullKeys(ctx, c.keys.pulled)
		if err != nil || len(list) == 0 {
			return err
		}
		if err := c.store.AddPersonKeys(ctx, list); err != nil {
			return err
		}
		if last := list[len(list)-1].N; last > c.keys.pulled {
			c.keys.pulled = last
			continue
		}
		return malformed(fmt.Errorf("keys after %d end at %d", c.keys.pulled, list[len(list)-1].N))
	}
	return nil
}

func (p *Parent) pushKeys(ctx context.Context, list []journal.PersonKey) error {
	body, err := json.Marshal(wireKeys(list))
	if err != nil {
		return fmt.Errorf("send keys: %w", err)
	}
	return p.ask(ctx, step, http.MethodPost, pathKeys, nil, body, into(&struct{}{}))
}

func (p *Parent) pullKeys(ctx context.Context, after uint64) (list []journal.PersonKey, err error) {
	q := url.Values{"nach": {strconv.FormatUint(after, 10)}}
	err = p.ask(ctx, step, http.MethodGet, pathKeys, q, nil, func(r io.Reader) error {
		list, err = readKeys(r)
		return err
	})
	return list, err
}
