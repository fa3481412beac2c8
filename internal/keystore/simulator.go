package keystore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"sync"
)

// ErrSimulator is what a simulated store says that no longer opens what it wrapped: another
// mainboard, a TPM that was cleared, another installation of the system.
var ErrSimulator = errors.New("the simulated key store does not open this")

// Simulator is a store without a system, with the faults of real ones.
type Simulator struct {
	mu    sync.Mutex
	chip  byte
	other []byte
	hangs bool
}

// NewSimulator returns a store that works.
func NewSimulator() *Simulator { return &Simulator{} }

// Replace is a new mainboard: nothing that was wrapped before opens any more.
func (s *Simulator) Replace() { s.set(func() { s.chip++ }) }

// Lie has it give back something else from now on; nil: the truth.
func (s *Simulator) Lie(secret []byte) { s.set(func() { s.other = bytes.Clone(secret) }) }

// Hang has it never answer, or answer again.
func (s *Simulator) Hang(hangs bool) { s.set(func() { s.hangs = hangs }) }

func (s *Simulator) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// Name implements Store.
func (*Simulator) Name() string { return "Simulator" }

// File implements Store.
func (*Simulator) File() string { return FileDPAPI }

// Wrap implements Store.
func (s *Simulator) Wrap(ctx context.Context, secret []byte) ([]byte, error) {
	chip, _, err := s.answer(ctx)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte{chip})
	return append(sum[:], masked(sum, secret)...), nil
}

// Unwrap implements Store.
func (s *Simulator) Unwrap(ctx context.Context, wrapped []byte) ([]byte, error) {
	chip, other, err := s.answer(ctx)
	if err != nil || other != nil {
		return other, err
	}
	sum := sha256.Sum256([]byte{chip})
	rest, ok := bytes.CutPrefix(wrapped, sum[:])
	if !ok {
		return nil, ErrSimulator
	}
	return masked(sum, rest), nil
}

func (s *Simulator) answer(ctx context.Context) (chip byte, other []byte, err error) {
	s.mu.Lock()
	chip, other, hangs := s.chip, s.other, s.hangs
	s.mu.Unlock()
	if hangs {
		<-ctx.Done()
		return 0, nil, ctx.Err() //nolint:wrapcheck // Ask says that it hangs
	}
	return chip, other, nil
}

func masked(sum [32]byte, b []byte) []byte {
	out := bytes.Clone(b)
	for i := 0; i < len(out); i += len(sum) {
		subtle.XORBytes(out[i:], out[i:], sum[:])
	}
	return out
}
