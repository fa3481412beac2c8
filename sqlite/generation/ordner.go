package generation

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
)

// Ordner is a folder of generations: the catalogue of a pharmacy. A generation is opened
// when it is first asked for.
type Ordner struct {
	dir string

	mu           sync.Mutex
	gelesen      string        // the names of the folders and the selection, as Reload found them
	manifeste    []manifest    // newest first, less what a person has taken out
	wahl         auswahl       // the selection as it was read last
	aus          []Ausgelassen // what a person has taken out
	ausManifeste []manifest    // those of them that are there
	unlesbar     bool          // the selection could not be read: aus is what was known last
	offen        map[string]*Generation
	stoerungen   []error
	alte         []*Generation // removed while they may still be read; closed at the end
	geschlossen  bool
}

var _ catalogue.Catalogue = (*Ordner)(nil)

// OpenOrdner opens a folder of generations and makes it if there is none. A generation
// that is damaged is left out and named by Stoerungen.
func OpenOrdner(dir string) (*Ordner, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, keinOrdner(err)
	}
	o := &Ordner{dir: dir, offen: map[string]*Generation{}}
	return o, o.Reload()
}

// ordner lists the folders of generations that are finished.
func (o *Ordner) ordner() ([]string, error) {
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		return nil, keinOrdner(err)
	}
	return namen(entries), nil
}

func namen(entries []os.DirEntry) []string {
	var list []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), bauPrefix) && !strings.HasPrefix(e.Name(), quarantaenePrefix) {
			list = append(list, e.Name())
		}
	}
	return list
}

// lage is the names of the finished generations and the text of the selection.
func (o *Ordner) lage() (names []string, wahl string, err error) {
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		return nil, "", keinOrdner(err)
	}
	if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == auswahlFile }) {
		b, err := os.ReadFile(filepath.Join(o.dir, auswahlFile))
		wahl = string(b)
		if err != nil || wahl == "" {
			wahl = "unreadable"
		}
	}
	return namen(entries), wahl, nil
}

func gelesen(names []string, wahl string) string { return strings.Join(names, "/") + "\n" + wahl }

// frisch reloads if a generation came or went, or was chosen otherwise: one that is built
// while the program runs is there with the next lookup. What cannot be listed stays as it was.
func (o *Ordner) frisch() {
	names, wahl, err := o.lage()
	if err != nil {
		return
	}
	o.mu.Lock()
	same := o.gelesen == gelesen(names, wahl)
	o.mu.Unlock()
	if !same {
		_ = o.Reload() // it fails as the listing does
	}
}

func keinOrdner(cause error) error {
	return fault.New(fault.Unavailable, "A-475", "Der Ordner „katalog“ lässt sich nicht anlegen oder lesen; "+
		"bitte prüfen, ob im Datenordner etwas anderes so heißt, und seine Rechte.", cause)
}

// Reload looks for generations that came or went, and for what a person has taken out. A
// selection that cannot be read leaves it at what was read last.
func (o *Ordner) Reload() error {
	names, wahl, err := o.lage()
	if err != nil {
		return err
	}
	list, bad := o.manifesteVon(names)
	aus, err := liesAuswahl(wahl)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.unlesbar = err != nil; o.unlesbar {
		bad = append(bad, err)
	} else {
		o.wahl, o.aus = aus, aus.Ausgelassen
	}
	o.manifeste, o.ausManifeste = nil, nil
	for _, m := range list {
		if o.ausgelassen(m.ID) {
			o.ausManifeste = append(o.ausManifeste, m)
		} else {
			o.manifeste = append(o.manifeste, m)
		}
	}
	o.stoerungen, o.gelesen = bad, gelesen(names, wahl)
	for id, g := range o.offen {
		if !slices.ContainsFunc(list, func(m manifest) bool { return m.ID == id }) {
			o.alte = append(o.alte, g)
			delete(o.offen, id)
		}
	}
	return nil
}

// manifesteVon reads the manifests, newest first, and names what is damaged.
func (o *Ordner) manifesteVon(names []string) (list []manifest, bad []error) {
	for _, name := range names {
		m, err := readManifest(filepath.Join(o.dir, name))
		if err != nil {
			bad = append(bad, damaged(name, err))
			continue
		}
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b manifest) int { return catalogue.Neuere(a.Manifest, b.Manifest) })
	return list, bad
}

// Stoerungen names the generations that are damaged.
func (o *Ordner) Stoerungen() []error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.stoerungen)
}

// Am implements catalogue.Catalogue. A generation that turns out to be damaged is left
// out, and the one before it goes on.
func (o *Ordner) Am(day civil.Day) (catalogue.Generation, error) {
	o.frisch()
	o.mu.Lock()
	defer o.mu.Unlock()
	for {
		i, err := catalogue.Waehle(manifests(o.manifeste), day)
		if err != nil {
			return nil, err
		}
		g, err := o.get(o.manifeste[i])
		if err == nil {
			return g, nil
		}
		o.stoerungen = append(o.stoerungen, err)
		o.manifeste = slices.Delete(slices.Clone(o.manifeste), i, i+1)
	}
}

// get opens a generation or returns the open one. The caller holds the mutex.
func (o *Ordner) get(m manifest) (*Generation, error) {
	if o.geschlossen {
		return nil, fault.New(fault.Unavailable, "A-417",
			"Der Katalog wird gerade geschlossen; bitte nach dem Neustart wiederholen.", nil)
	}
	if g, ok := o.offen[m.ID]; ok {
		return g, nil
	}
	g, err := open(filepath.Join(o.dir, m.ID), m)
	if err == nil {
		o.offen[m.ID] = g
	}
	return g, err
}

// Generationen implements catalogue.Catalogue; what a person has taken out is not among them.
func (o *Ordner) Generationen() []catalogue.Manifest {
	o.frisch()
	o.mu.Lock()
	defer o.mu.Unlock()
	return manifests(o.manifeste)
}

func manifests(list []manifest) []catalogue.Manifest {
	out := make([]catalogue.Manifest, len(list))
	for i, m := range list {
		out[i] = m.Manifest
	}
	return out
}

// Verify compares the contents of a generation with its manifest.
func (o *Ordner) Verify(id string) error {
	o.mu.Lock()
	all := slices.Concat(o.manifeste, o.ausManifeste)
	i := slices.IndexFunc(all, func(m manifest) bool { return m.ID == id })
	if i < 0 {
		o.mu.Unlock()
		return unbekannt()
	}
	g, err := o.get(all[i])
	o.mu.Unlock()
	if err != nil {
		return err
	}
	return g.verify()
}

// Close closes all generations. Lookups that are running end first.
func (o *Ordner) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.geschlossen = true
	var err error
	for id, g := range o.offen {
		err = errors.Join(err, g.close())
		delete(o.offen, id)
	}
	for _, g := range o.alte {
		err = errors.Join(err, g.close())
	}
	o.alte = nil
	return err
}
