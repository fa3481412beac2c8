package generation

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation/datei"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
)

// Ordner is a folder of generations: the catalogue of a pharmacy. A generation is opened
// when it is first asked for.
type Ordner struct {
	dir string

	mu           sync.Mutex
	gelesen      string          // all that Reload depends on, as it found it
	schlecht     []string        // the folders that are left out as damaged; never changed in place
	verdacht     map[string]bool // those whose files were changed: compared as a whole if they come again
	manifeste    []manifest      // newest first, less what a person has taken out
	wahl         auswahl         // the selection as it was read last
	aus          []Ausgelassen   // what a person has taken out
	ausManifeste []manifest      // those of them that are there
	unlesbar     bool            // the selection could not be read: aus is what was known last
	offen        map[string]*Generation
	stoerungen   []error
	ohneKey      error         // why no key could be made
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
	if err := vertrauen.Erster(dir, uebernimm); err != nil {
		o.ohneKey = vertrauen.Fehler("A-644", "Der Schlüssel, mit dem dieser Rechner seine Kataloge unterschreibt, lässt "+
			"sich nicht anlegen, die vorhandenen gelten weiter; bitte Platz und Rechte des Datenordners prüfen.", err)
	}
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
		if e.IsDir() && !strings.HasPrefix(e.Name(), bauPrefix) && !strings.HasPrefix(e.Name(), quarantaenePrefix) &&
			e.Name() != vertrauen.Dir {
			list = append(list, e.Name())
		}
	}
	return list
}

// lage is the names of the finished generations and the text of the selection. With the marks
// of what is bad, and of the keys, it is all that a Reload depends on.
func (o *Ordner) lage(schlecht []string) (names []string, wahl, alles string, err error) {
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		return nil, "", "", keinOrdner(err)
	}
	if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == auswahlFile }) {
		b, err := os.ReadFile(filepath.Join(o.dir, auswahlFile))
		wahl = string(b)
		if err != nil || wahl == "" {
			wahl = "unreadable"
		}
	}
	names = namen(entries)
	alles = strings.Join(names, "/") + "\n" + wahl
	for _, id := range schlecht {
		alles += "\n" + id + datei.Mark(filepath.Join(o.dir, id), manifestFile, artikelFile, indexFile)
	}
	if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == vertrauen.Dir }) {
		alles += "\n" + datei.Mark(filepath.Join(o.dir, vertrauen.Dir))
	}
	return names, wahl, alles, nil
}

// frisch reloads if a generation came or went, or was chosen otherwise: one that is built
// while the program runs is there with the next lookup. What cannot be listed stays as it was.
func (o *Ordner) frisch() {
	o.mu.Lock()
	schlecht, before := o.schlecht, o.gelesen
	o.mu.Unlock()
	_, _, alles, err := o.lage(schlecht)
	if err == nil && alles != before {
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
	names, wahl, _, err := o.lage(nil)
	if err != nil {
		return err
	}
	v := vertrauen.Lies(o.dir)
	list, schlecht, bad := o.manifesteVon(names, v)
	_, _, alles, err := o.lage(schlecht)
	if err != nil {
		return err
	}
	bad = append(bad, v.Stoerungen...)
	if o.ohneKey != nil && !v.Bekannt() {
		bad = append(bad, o.ohneKey)
	}
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
	o.stoerungen, o.gelesen, o.schlecht = bad, alles, schlecht
	for id, g := range o.offen {
		if !slices.ContainsFunc(list, func(m manifest) bool { return m.ID == id }) {
			o.alte = append(o.alte, g)
			delete(o.offen, id)
		}
	}
	return nil
}

// manifesteVon reads the manifests, newest first, and names what is damaged or not signed.
func (o *Ordner) manifesteVon(names []string, v vertrauen.Vertrauen) (list []manifest, schlecht []string, bad []error) {
	for _, name := range names {
		m, err := readManifest(filepath.Join(o.dir, name), v)
		if err != nil {
			schlecht, bad = append(schlecht, name), append(bad, damaged(name, err))
			continue
		}
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b manifest) int { return catalogue.Neuere(a.Manifest, b.Manifest) })
	return list, schlecht, bad
}

// Stoerungen names the generations that are damaged or not signed, and keys that cannot be
// read.
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
		o.verwirf(o.manifeste[i].ID, err)
	}
}

// get opens a generation or returns the open one. The caller holds the mutex.
func (o *Ordner) get(m manifest) (*Generation, error) {
	if o.geschlossen {
		return nil, fault.New(fault.Unavailable, "A-417",
			"Der Katalog wird gerade geschlossen; bitte nach dem Neustart wiederholen.", nil)
	}
	if g, ok := o.offen[m.ID]; ok {
		err := g.unversehrt()
		if err != nil {
			o.verdaechtig(m.ID)
		}
		return g, err
	}
	g, err := open(filepath.Join(o.dir, m.ID), m)
	if err == nil && o.verdacht[m.ID] {
		if err = g.verify(nie); err != nil {
			return nil, errors.Join(err, g.close())
		}
	}
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
		refused := slices.Contains(o.schlecht, id)
		o.mu.Unlock()
		if !refused {
			return unbekannt()
		}
		_, err := readManifest(filepath.Join(o.dir, id), vertrauen.Lies(o.dir))
		return damaged(id, cmp.Or(err, errManifest))
	}
	g, err := o.get(all[i])
	o.mu.Unlock()
	if err != nil {
		return err
	}
	return g.verify(nie)
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
