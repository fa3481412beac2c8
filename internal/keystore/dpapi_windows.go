package keystore

import (
	"context"
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

// System lists the stores, that of this system first.
func System() []Store { return []Store{dpapi{}, foreign{nameSystemd, FileSystemd}} }

// dpapi wraps for the machine, not for the account: a service and the account of whoever restores
// or checks must both open it, and setting the password of an account anew must lose nothing.
type dpapi struct{}

func (dpapi) Name() string { return nameDPAPI }
func (dpapi) File() string { return FileDPAPI }

const dpapiFlags = windows.CRYPTPROTECT_UI_FORBIDDEN | windows.CRYPTPROTECT_LOCAL_MACHINE

func (dpapi) Wrap(_ context.Context, secret []byte) ([]byte, error) {
	var out windows.DataBlob
	if err := windows.CryptProtectData(blob(secret), nil, nil, 0, nil, dpapiFlags, &out); err != nil {
		return nil, fmt.Errorf("wrap with DPAPI: %w", err)
	}
	return taken(out)
}

func (dpapi) Unwrap(_ context.Context, wrapped []byte) ([]byte, error) {
	var out windows.DataBlob
	if err := windows.CryptUnprotectData(blob(wrapped), nil, nil, 0, nil, dpapiFlags, &out); err != nil {
		return nil, fmt.Errorf("unwrap with DPAPI: %w", err)
	}
	return taken(out)
}

func blob(b []byte) *windows.DataBlob {
	if len(b) == 0 {
		b = []byte{0}[:0:1]
	}
	return &windows.DataBlob{Size: uint32(len(b)), Data: unsafe.SliceData(b)} //nolint:gosec // of 32 bytes or a small file
}

// taken copies what Windows allocated and gives it back.
func taken(out windows.DataBlob) ([]byte, error) {
	b := append([]byte{}, unsafe.Slice(out.Data, out.Size)...) //nolint:gosec // as Windows gave it
	if _, err := windows.LocalFree(windows.Handle(unsafe.Pointer(out.Data))); err != nil {
		return nil, fmt.Errorf("free memory of DPAPI: %w", err)
	}
	return b, nil
}
