package platte

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// Why a folder cannot be written, as Hindernis finds out.
var (
	ErrVoll     = errors.New("no room on the disk")
	ErrNurLesen = errors.New("the folder may only be read")
)

const (
	probeFile = "platz.tmp"
	probeSize = 1 << 18 // bytes written to find out whether the disk has room
)

// Hindernis finds out why something could not be written into a folder, by writing into
// it: ErrVoll, ErrNurLesen, or nil if neither is so. What reports the failure, such as
// the database, often does not know.
func Hindernis(dir string) error {
	name := filepath.Join(dir, probeFile)
	err := WriteZeros(name, probeSize)
	_ = os.Remove(name) // next time it is overwritten
	switch {
	case voll(err):
		return ErrVoll
	case errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS):
		return ErrNurLesen
	}
	return nil
}

// Voll reports whether an error says that the disk has no room.
func Voll(err error) bool { return voll(err) }

// What a full disk is called: by POSIX, and by Windows (ERROR_DISK_FULL,
// ERROR_HANDLE_DISK_FULL).
func voll(err error) bool {
	n, ok := errors.AsType[syscall.Errno](err)
	return ok && (n == syscall.ENOSPC || n == syscall.EDQUOT || windows && (n == 112 || n == 39))
}

const windows = os.PathSeparator == '\\'

// WriteZeros writes a file of a size in bytes and waits until it lies on the disk.
func WriteZeros(name string, size int64) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err //nolint:wrapcheck // only its kind counts
	}
	block := make([]byte, 1<<16)
	for left := size; left > 0 && err == nil; left -= int64(len(block)) {
		_, err = f.Write(block[:min(left, int64(len(block)))])
	}
	return errors.Join(err, f.Sync(), f.Close())
}
