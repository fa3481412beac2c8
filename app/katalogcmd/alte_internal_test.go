package katalogcmd

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
)

// Two imports at once find the same old catalogues. What the other one has removed is no
// reason for a warning, least of all for one that asks to remove it once more.
func TestAlterKatalogSchonEntfernt(t *testing.T) {
	var out bytes.Buffer
	e := &env.Env{Stdout: &out, Clock: clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC))}
	entferne(e, t.TempDir(), []string{"2026-01-15-0123abcd"}, civil.Must(2026, 11, 23))
	if out.Len() > 0 {
		t.Errorf("%s", out.String())
	}
	// Whatever else hinders a removal is said.
	entferne(e, t.TempDir()+"/fehlt", []string{"2026-01-15-0123abcd"}, civil.Must(2026, 11, 23))
	if got := out.String(); !strings.Contains(got, "A-801") {
		t.Errorf("%q", got)
	}
}
