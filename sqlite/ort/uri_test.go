package ort_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/offizin/offizin/sqlite/ort"
)

// A path is what SQLite makes of the address again (sqlite.org/uri.html, 3.1): that of a drive,
// of another machine, one from here, and one with signs that mean something in an address.
func TestURI(t *testing.T) {
	for name, want := range map[string]string{
		"C:/Daten Müller/journal.db":     "file:C:/Daten%20M%C3%BCller/journal.db",
		"//rechner/freigabe/journal.db":  "file:////rechner/freigabe/journal.db",
		"offizin-daten/journal.db":       "file:offizin-daten/journal.db",
		"/var/lib/offizin/journal.db":    "file:/var/lib/offizin/journal.db",
		"/a?b#c%20d/journal.db":          "file:/a%3Fb%23c%2520d/journal.db",
		"C:/Daten?mode=ro&x/journal.db":  "file:C:/Daten%3Fmode=ro&x/journal.db",
		"C:/Programme (x86)/1+1/offizin": "file:C:/Programme%20%28x86%29/1+1/offizin",
	} {
		if got := ort.URI(name, ""); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := ort.URI("x.db", "mode=ro"); got != "file:x.db?mode=ro" {
		t.Error(got)
	}
}

// A database in a folder that is given in full, as data folders are, is made and found again there.
func TestURIOpens(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Ärzte & Söhne 100 %#1")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "x.db")
	c, err := sqlite3.Open(ort.URI(name, ""))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Exec("CREATE TABLE t (x)"); err != nil {
		t.Error(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if fi, err := os.Stat(name); err != nil || fi.Size() == 0 {
		t.Errorf("not there: %v", err)
	}
}
