package sqlite

import (
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/sqlite/fehler"
)

func explain(err error) error { return fehler.Explain(err) }

func damaged(cause error) error { return fehler.Damaged(cause) }

// full reports whether the disk has no room left.
func full(err error) bool { return errors.Is(err, sqlite3.FULL) }

// doing wraps an error of the database once with what was being done.
func doing(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
