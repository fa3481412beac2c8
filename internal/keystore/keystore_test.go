package keystore_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/offizin/offizin/internal/keystore"
)

var secret = []byte("32 bytes of a key, never printed")

// A store gives back what it wrapped, and has the faults of real ones: another mainboard, another
// answer, none.
func TestSimulator(t *testing.T) {
	s, ctx := keystore.NewSimulator(), t.Context()
	wrapped, err := s.Wrap(ctx, secret)
	if err != nil || bytes.Contains(wrapped, secret[:8]) {
		t.Fatalf("not wrapped: %v", err)
	}
	if b, err := s.Unwrap(ctx, wrapped); err != nil || !bytes.Equal(b, secret) {
		t.Errorf("%q, %v", b, err)
	}
	s.Lie([]byte("other"))
	if b, err := s.Unwrap(ctx, wrapped); err != nil || string(b) != "other" {
		t.Errorf("%q, %v", b, err)
	}
	s.Lie(nil)
	s.Replace()
	if _, err := s.Unwrap(ctx, wrapped); !errors.Is(err, keystore.ErrSimulator) {
		t.Errorf("opens on another mainboard: %v", err)
	}
}

// A store that hangs holds nobody up for longer than three seconds, whether it can be broken off or
// not.
func TestAskHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := keystore.NewSimulator()
		s.Hang(true)
		deaf, done := make(chan struct{}), make(chan struct{})
		for name, f := range map[string]func(context.Context) ([]byte, error){
			"one that hears": func(ctx context.Context) ([]byte, error) { return s.Unwrap(ctx, nil) },
			"one that does not": func(context.Context) ([]byte, error) {
				defer close(done)
				<-deaf
				return secret, nil
			},
		} {
			start := time.Now()
			if b, err := keystore.Ask(t.Context(), f); !errors.Is(err, keystore.ErrHangs) || b != nil {
				t.Errorf("%s: %q, %v", name, b, err)
			}
			if d := time.Since(start); d != keystore.Frist {
				t.Errorf("%s: %v", name, d)
			}
		}
		close(deaf)
		<-done
	})
}

// An answer in time comes through, and so does why there is none.
func TestAsk(t *testing.T) {
	for _, want := range []error{nil, keystore.ErrSimulator} {
		b, err := keystore.Ask(t.Context(), func(context.Context) ([]byte, error) { return secret, want })
		if !errors.Is(err, want) || !bytes.Equal(b, secret) || errors.Is(err, keystore.ErrHangs) {
			t.Errorf("%q, %v", b, err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, err := keystore.Ask(ctx, func(ctx context.Context) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() })
	if !errors.Is(err, context.Canceled) || errors.Is(err, keystore.ErrHangs) {
		t.Errorf("the program ends: %v", err)
	}
}

// What another kind of system wrapped is known as such: a folder was copied.
func TestForeign(t *testing.T) {
	list := keystore.System()
	files := map[string]bool{}
	for _, s := range list {
		files[s.File()] = true
	}
	for _, name := range keystore.Files() {
		if !files[name] {
			t.Errorf("nobody reads %s", name)
		}
	}
	other := list[len(list)-1]
	if keystore.Offers(other) {
		t.Fatalf("%s is offered here", other.Name())
	}
	_, err := other.Unwrap(t.Context(), secret)
	_, err2 := other.Wrap(t.Context(), secret)
	if !errors.Is(err, keystore.ErrForeign) || !errors.Is(err2, keystore.ErrForeign) {
		t.Errorf("%v, %v", err, err2)
	}
}

// The key store of this machine gives back what it wrapped, if it has one that may be used.
func TestSystem(t *testing.T) {
	s := keystore.System()[0]
	if !keystore.Offers(s) {
		t.Skip("no key store here")
	}
	wrapped, err := s.Wrap(t.Context(), secret)
	if err != nil {
		t.Skipf("not for us: %v", err)
	}
	if bytes.Contains(wrapped, secret[:8]) {
		t.Error("it stands there open")
	}
	if b, err := s.Unwrap(t.Context(), wrapped); err != nil || !bytes.Equal(b, secret) {
		t.Errorf("%q, %v", b, err)
	}
	for i := range wrapped {
		damaged := bytes.Clone(wrapped)
		damaged[i] ^= 0x55
		if b, err := s.Unwrap(t.Context(), damaged); err == nil && !bytes.Equal(b, secret) {
			t.Fatalf("byte %d damaged: another secret", i)
		}
		if i > 20 {
			break
		}
	}
	if b, err := s.Unwrap(t.Context(), []byte{}); err == nil {
		t.Errorf("nothing opens: %q", b)
	}
}
