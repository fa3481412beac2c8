// Package keystore has secrets wrapped by what the operating system offers for it: DPAPI on
// Windows, credentials of systemd on Linux, which use a TPM where there is one. What is wrapped
// opens on this machine alone: a copy of the file opens nothing elsewhere.
package keystore

import (
	"context"
	"errors"
	"time"
)

// Store wraps secrets. It may fail, hang or give back something else at any time: whoever asks
// has another way.
type Store interface {
	// Name is what people call it.
	Name() string
	// File is the name of the file that holds what it wrapped.
	File() string
	// Wrap returns a secret in a form that only Unwrap opens, and only on this machine.
	Wrap(ctx context.Context, secret []byte) ([]byte, error)
	// Unwrap returns the secret again.
	Unwrap(ctx context.Context, wrapped []byte) ([]byte, error)
}

// The files of the stores. Their names tell which store they belong to.
const (
	FileDPAPI   = "knoten.dpapi"
	FileSystemd = "knoten.cred"
)

// Files are the names of all files that a store may have written.
func Files() []string { return []string{FileDPAPI, FileSystemd} }

// Frist is how long a store may take. A start waits no longer; its sales need no key.
const Frist = 3 * time.Second

// Why a store does not give a secret.
var (
	ErrForeign = errors.New("wrapped by the key store of another kind of system")
	ErrHangs   = errors.New("the key store does not answer")
)

// Ask lets f ask a store and waits for Frist at most: ErrHangs. A call into the system cannot be
// broken off; what hangs goes on beside and its answer is dropped.
func Ask(ctx context.Context, f func(context.Context) ([]byte, error)) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, Frist, ErrHangs)
	defer cancel()
	type answer struct {
		b   []byte
		err error
	}
	done := make(chan answer, 1)
	go func() {
		b, err := f(ctx)
		done <- answer{b, err}
	}()
	select {
	case a := <-done:
		if a.err != nil && errors.Is(context.Cause(ctx), ErrHangs) {
			return nil, errors.Join(ErrHangs, a.err)
		}
		return a.b, a.err
	case <-ctx.Done():
		return nil, context.Cause(ctx) //nolint:wrapcheck // ErrHangs, or why the program ends
	}
}

// foreign stands for the store of another system: what it wrapped cannot be opened here.
type foreign struct{ name, file string }

func (f foreign) Name() string { return f.name }
func (f foreign) File() string { return f.file }

func (foreign) Wrap(context.Context, []byte) ([]byte, error)   { return nil, ErrForeign }
func (foreign) Unwrap(context.Context, []byte) ([]byte, error) { return nil, ErrForeign }

// Offers reports whether a store is one of this system.
func Offers(s Store) bool {
	_, other := s.(foreign)
	return !other
}

const (
	nameDPAPI   = "DPAPI von Windows"
	nameSystemd = "systemd-creds"
)

// Credential is the name under which systemd hands the secret to the program.
const Credential = "offizin-knoten"

// UnitLines are what the unit of the program needs so that systemd hands the secret over; file is
// the full path of what was wrapped.
func UnitLines(file string) string {
	return "[Service]\nLoadCredentialEncrypted=" + Credential + ":" + file + "\n"
}
