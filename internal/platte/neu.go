package platte

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrAnlegen says that a new file could not be made: it is there already, or its folder is not.
var ErrAnlegen = errors.New("new file not made")

// Neu writes a file that must not be there yet, for its owner only, and syncs it. What could not
// be written in full is not left behind. The error is ErrAnlegen or that of write.
func Neu(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAnlegen, err)
	}
	w := bufio.NewWriterSize(f, 1<<16)
	if err = write(w); err == nil {
		err = errors.Join(w.Flush(), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}
