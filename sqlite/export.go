package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/journal/export"
	"github.com/offizin/offizin/sqlite/satz"
)

// Export writes every record in order of arrival as JSON Lines and returns how many
// there were. Personal data stay sealed. The form is docs/betrieb/journal-export.md.
func (s *Store) Export(ctx context.Context, w io.Writer) (int64, error) {
	out := bufio.NewWriterSize(w, 1<<16)
	enc := export.NewEncoder(out)
	n := int64(0)
	err := s.reading(ctx, func(c *conn) error {
		return c.query("SELECT "+satz.Columns+satz.From+"ORDER BY r.pos", func(st *sqlite3.Stmt) (bool, error) {
			r, err := satz.Scan(st)
			if err != nil {
				return false, damaged(err)
			}
			n++
			if err := enc.Encode(export.Of(r)); err != nil {
				return false, fmt.Errorf("write record %d: %w", r.Seq, err)
			}
			return true, nil
		})
	})
	if err != nil {
		return n, explain(err)
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("write export: %w", err)
	}
	return n, nil
}
