package knoten

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/node/dateien"
	"github.com/offizin/offizin/recht"
)

// What a Nachtrag of the law may be as a file.
const (
	nachtragEnde = ".recht"
	maxNachtrag  = 256 << 10 // bytes
	meisteRecht  = 1000
)

// gesetze are the signed Nachträge of the law, as they travel. What is not signed does not.
type gesetze struct {
	dir  string
	keys recht.Schluesselbund

	mu    sync.Mutex
	known map[string]nachtrag // by name
}

type nachtrag struct {
	size  int64
	mtime time.Time
	sum   string // hex; empty: not signed, it stays here
}

var _ dateien.Ordner = (*gesetze)(nil)

// Art implements dateien.Ordner.
func (*gesetze) Art() string { return "recht" }

// List implements dateien.Ordner.
func (g *gesetze) List() ([]dateien.Eintrag, error) {
	entries, err := os.ReadDir(g.dir)
	if err != nil {
		return nil, fmt.Errorf("list law: %w", err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	var list []dateien.Eintrag
	now := map[string]nachtrag{}
	for _, e := range entries {
		fi, err := e.Info()
		if err != nil || !fi.Mode().IsRegular() || !rechtsname(e.Name()) || fi.Size() > maxNachtrag || fi.Size() == 0 {
			continue
		}
		n, ok := g.known[e.Name()]
		if !ok || n.size != fi.Size() || !n.mtime.Equal(fi.ModTime()) {
			n = nachtrag{size: fi.Size(), mtime: fi.ModTime(), sum: g.summe(filepath.Join(g.dir, e.Name()))}
		}
		if now[e.Name()] = n; n.sum != "" && len(list) < meisteRecht {
			list = append(list, dateien.Eintrag{Art: g.Art(), Name: e.Name(), Bytes: n.size, SHA256: n.sum})
		}
	}
	g.known = now
	return list, nil
}

// summe is the hash of a Nachtrag; empty if its signature does not count.
func (g *gesetze) summe(name string) string {
	b, err := os.ReadFile(name)
	if err != nil {
		return ""
	}
	if _, err := g.keys.Oeffne(filepath.Base(name), b); err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func rechtsname(name string) bool {
	return len(name) <= 100 && strings.HasSuffix(name, nachtragEnde) && !strings.HasPrefix(name, ".") &&
		strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
}

// Wants implements dateien.Ordner: a Nachtrag that is here under another name is not fetched.
func (g *gesetze) Wants(e dateien.Eintrag) bool {
	if !rechtsname(e.Name) || e.Bytes > maxNachtrag {
		return false
	}
	list, err := g.List()
	for _, own := range list {
		if own.SHA256 == e.SHA256 {
			return false
		}
	}
	return err == nil && len(list) < meisteRecht
}

// Files implements dateien.Ordner.
func (g *gesetze) Files(name string) ([]dateien.Datei, error) {
	fi, err := os.Stat(filepath.Join(g.dir, name))
	if err != nil || !rechtsname(name) {
		return nil, dateien.NichtDa(err)
	}
	return []dateien.Datei{{Name: name, Bytes: fi.Size()}}, nil
}

// Open implements dateien.Ordner.
func (g *gesetze) Open(name, datei string) (dateien.Offen, error) {
	if name != datei {
		return nil, os.ErrNotExist
	}
	return os.Open(filepath.Join(g.dir, name)) //nolint:wrapcheck // the caller says what it asked for
}

// CheckNames implements dateien.Ordner.
func (*gesetze) CheckNames(e dateien.Eintrag, list []dateien.Datei) error {
	if len(list) != 1 || list[0].Name != e.Name || e.Bytes > maxNachtrag {
		return nichtErlaubt(e.Name)
	}
	return nil
}

// CheckFirst implements dateien.Ordner: Take checks all of it.
func (*gesetze) CheckFirst(dateien.Eintrag, []dateien.Datei, string) error { return nil }

// Take implements dateien.Ordner. It checks the signature and the hash of the list, and never
// takes the place of another Nachtrag that is signed.
func (g *gesetze) Take(_ context.Context, e dateien.Eintrag, folder string) error {
	b, err := os.ReadFile(filepath.Join(folder, e.Name))
	if err != nil {
		return fmt.Errorf("read law: %w", err)
	}
	if _, err := g.keys.Oeffne(e.Name, b); err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	if hex.EncodeToString(sum[:]) != e.SHA256 {
		return nichtErlaubt(e.Name)
	}
	name := filepath.Join(g.dir, e.Name)
	if _, err := os.Lstat(name); err == nil && g.summe(name) != "" {
		name = strings.TrimSuffix(name, nachtragEnde) + "-" + e.SHA256[:8] + nachtragEnde
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("look for %s: %w", e.Name, err)
	}
	return platte.Replace(name, b)
}

// Aside implements dateien.Ordner: the keys of the law come with the program.
func (*gesetze) Aside() ([]byte, error) { return nil, nil }

// TakeAside implements dateien.Ordner.
func (*gesetze) TakeAside([]byte) error { return nil }
