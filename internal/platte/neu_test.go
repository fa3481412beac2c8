package platte_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/offizin/offizin/internal/platte"
)

// A new file is whole or not there, and nothing that is there is written over.
func TestNeu(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x")
	write := func(text string, fail error) error {
		return platte.Neu(name, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return errors.Join(err, fail)
		})
	}
	if err := write("half", io.ErrUnexpectedEOF); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Errorf("half a file is left behind: %v", err)
	}
	if err := write("whole", nil); err != nil {
		t.Error(err)
	}
	if err := write("other", nil); !errors.Is(err, platte.ErrAnlegen) {
		t.Errorf("%v", err)
	}
	if b, err := os.ReadFile(name); string(b) != "whole" {
		t.Errorf("%q %v", b, err)
	}
}
