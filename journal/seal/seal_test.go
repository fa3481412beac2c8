package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/offizin/offizin/journal/seal"
)

func TestSeal(t *testing.T) {
	key, other := seal.New(), seal.New()
	s := key.Seal("p1", []byte("Anna"))
	if got, err := key.Open(s); err != nil || string(got) != "Anna" {
		t.Errorf("%q %v", got, err)
	}
	if bytes.Equal(s.Data, key.Seal("p1", []byte("Anna")).Data) {
		t.Error("the same data sealed twice look the same")
	}
	if _, err := other.Open(s); !errors.Is(err, seal.ErrKey) {
		t.Errorf("another key: %v", err)
	}
	for i := range s.Data { // no bit may change, and no end may be missing
		changed := s
		changed.Data = bytes.Clone(s.Data)
		changed.Data[i] ^= 1
		if _, err := key.Open(changed); !errors.Is(err, seal.ErrKey) {
			t.Errorf("byte %d changed: %v", i, err)
		}
		changed.Data = s.Data[:i]
		if _, err := key.Open(changed); !errors.Is(err, seal.ErrKey) {
			t.Errorf("%d bytes: %v", i, err)
		}
	}
	s.Person = "p2"
	if _, err := key.Open(s); !errors.Is(err, seal.ErrKey) {
		t.Errorf("as another person's: %v", err)
	}
}

func TestWrap(t *testing.T) {
	node, person := seal.New(), seal.New()
	w := node.Wrap("p1", person)
	if got, err := node.Unwrap("p1", w); err != nil || got != person {
		t.Errorf("%v", err)
	}
	for _, c := range []struct {
		key    seal.Key
		person string
		data   []byte
	}{
		{node, "p2", w}, {person, "p1", w}, {node, "p1", nil}, {node, "p1", node.Seal("p1", person[:]).Data},
	} {
		if _, err := c.key.Unwrap(c.person, c.data); !errors.Is(err, seal.ErrKey) {
			t.Errorf("%s: %v", c.person, err)
		}
	}
}

// No way of printing shows a key.
func TestKeyIsSecret(t *testing.T) {
	k := seal.Key{1, 2, 3}
	for _, f := range []string{"%v", "%s", "%+v", "%#v"} {
		if got := fmt.Sprintf(f, k); got != "[Schlüssel]" {
			t.Errorf("%s prints %s", f, got)
		}
	}
}
