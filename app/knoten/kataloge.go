package knoten

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/signatur"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/node/dateien"
	"github.com/offizin/offizin/sqlite/generation"
	"github.com/offizin/offizin/sqlite/generation/removed"
	"github.com/offizin/offizin/sqlite/generation/vertrauen"
	"github.com/offizin/offizin/workflow/stoerung"
)

// The files of a catalogue; the manifest vouches for the others, the report only explains.
const (
	manifestDatei = "manifest.json"
	berichtDatei  = "bericht.txt"
	maxManifest   = 64 << 10
	maxBericht    = 16 << 20
)

// katalogName is what generations are called; the day, and the beginning of the hash.
var katalogName = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}-[0-9a-f]{8}$`)

// kataloge are the generations, as they travel.
type kataloge struct {
	dir string
	o   *generation.Ordner
	uhr clock.Clock
}

func (k *kataloge) heute() civil.Day { return clock.Today(k.uhr) }

// urgent: without a catalogue for today nothing can be sold.
func (k *kataloge) urgent() bool {
	g, err := k.o.Am(k.heute())
	return err != nil || g.Manifest().GueltigAb > k.heute()
}

var _ dateien.Ordner = (*kataloge)(nil)

// Art implements dateien.Ordner.
func (*kataloge) Art() string { return "katalog" }

// List implements dateien.Ordner: what holds today first, then what will, then what did. What
// the gate holds stays where it was read in until a person lets it pass.
func (k *kataloge) List() ([]dateien.Eintrag, error) {
	gone, err := removed.Read(k.dir)
	if err != nil {
		return nil, err
	}
	var list []dateien.Eintrag
	for _, m := range k.geordnet() {
		files, err := k.Files(m.ID)
		if err != nil || gone.Is(m.ID) || !passt(m.ID, m.SHA256) {
			continue // not whole, going, or of a name that does not travel
		}
		e := dateien.Eintrag{Art: k.Art(), Name: m.ID, SHA256: m.SHA256}
		for _, f := range files {
			e.Bytes += f.Bytes
		}
		list = append(list, e)
	}
	return list, nil
}

func (k *kataloge) geordnet() []catalogue.Manifest {
	list, today := k.o.Generationen(), k.heute()
	active := ""
	if i, err := catalogue.Waehle(list, today); err == nil {
		active = list[i].ID
	}
	class := func(m catalogue.Manifest) int {
		switch {
		case m.ID == active:
			return 0
		case m.GueltigAb > today:
			return 1
		}
		return 2
	}
	list = append(list, k.o.Ausgelassen()...)
	slices.SortStableFunc(list, func(a, b catalogue.Manifest) int {
		if x := cmp.Compare(class(a), class(b)); x != 0 {
			return x
		}
		if class(a) == 1 {
			return -catalogue.Neuere(a, b)
		}
		return catalogue.Neuere(a, b)
	})
	return list
}

func passt(id, sum string) bool {
	return katalogName.MatchString(id) && strings.HasPrefix(sum, id[11:])
}

// Wants implements dateien.Ordner. A generation that is damaged here is fetched anew; one that
// was removed is not, nor one that the gate holds here: that a person decides.
func (k *kataloge) Wants(e dateien.Eintrag) bool {
	gone, err := removed.Read(k.dir)
	if err != nil || gone.Is(e.Name) || !passt(e.Name, e.SHA256) {
		return false
	}
	has := func(m catalogue.Manifest) bool { return m.ID == e.Name }
	if slices.ContainsFunc(k.o.Quarantaene(), has) {
		return false
	}
	if !slices.ContainsFunc(k.o.Generationen(), has) && !slices.ContainsFunc(k.o.Ausgelassen(), has) {
		return true
	}
	_, err = k.Files(e.Name)
	return err != nil
}

// Files implements dateien.Ordner.
func (k *kataloge) Files(name string) (list []dateien.Datei, err error) {
	for _, file := range []string{manifestDatei, berichtDatei, "suche.idx", "artikel.db", "quelle.k2"} {
		fi, err := os.Stat(filepath.Join(k.dir, name, file))
		if errors.Is(err, os.ErrNotExist) && (file == berichtDatei || file == "quelle.k2") {
			continue
		}
		if err != nil {
			return nil, dateien.NichtDa(err)
		}
		list = append(list, dateien.Datei{Name: file, Bytes: fi.Size()})
	}
	return list, nil
}

// Open implements dateien.Ordner.
func (k *kataloge) Open(name, datei string) (dateien.Offen, error) {
	return os.Open(filepath.Join(k.dir, name, datei)) //nolint:wrapcheck // the caller says what it asked for
}

func nichtErlaubt(cause string) error {
	return fault.New(fault.Denied, "M-134", "Ein anderer Rechner bietet einen Katalog oder ein Recht mit Dateien an, die "+
		"nicht dazugehören; es wird nichts davon geholt – bitte auf beiden dieselbe Version installieren.", errors.New(cause))
}

// CheckNames implements dateien.Ordner.
func (*kataloge) CheckNames(_ dateien.Eintrag, list []dateien.Datei) error {
	most := map[string]int64{manifestDatei: maxManifest, berichtDatei: maxBericht}
	for _, f := range list {
		limit, small := most[f.Name]
		large := slices.Contains([]string{"suche.idx", "artikel.db", "quelle.k2"}, f.Name)
		if small && f.Bytes > limit || !small && !large {
			return nichtErlaubt(f.Name)
		}
	}
	if list[0].Name != manifestDatei {
		return nichtErlaubt("no manifest first")
	}
	return nil
}

// CheckFirst implements dateien.Ordner: the signature counts before the large files are fetched,
// and their sizes are those that were signed.
func (k *kataloge) CheckFirst(e dateien.Eintrag, list []dateien.Datei, folder string) error {
	m, err := generation.ManifestOf(k.dir, folder)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(filepath.Join(folder, manifestDatei))
	if err != nil {
		return fmt.Errorf("read manifest: %w", err)
	}
	var sizes struct {
		Artikel int64 `json:"artikel_bytes"`
		Index   int64 `json:"index_bytes"`
		Quelle  int64 `json:"quelle_bytes"`
	}
	if err := json.Unmarshal(b, &sizes); err != nil {
		return nichtErlaubt(err.Error())
	}
	want := map[string]int64{"artikel.db": sizes.Artikel, "suche.idx": sizes.Index, "quelle.k2": sizes.Quelle}
	for _, f := range list {
		if f.Name == manifestDatei || f.Name == berichtDatei {
			continue
		}
		if f.Bytes != want[f.Name] {
			return nichtErlaubt(f.Name)
		}
		delete(want, f.Name)
	}
	if m.ID != e.Name || m.SHA256 != e.SHA256 || want["artikel.db"]+want["suche.idx"]+want["quelle.k2"] > 0 {
		return nichtErlaubt(m.ID)
	}
	return nil
}

// Take implements dateien.Ordner.
func (k *kataloge) Take(ctx context.Context, _ dateien.Eintrag, folder string) error {
	pace := dateien.NewPace(k.uhr, k.urgent)
	_, err := generation.TakeIn(ctx, k.dir, folder, func() error { return pace.Rest(ctx) })
	return err
}

// beilage is what machines tell each other beside the catalogues: whose signatures count, and
// which were removed.
type beilage struct {
	Schluessel string         `json:"schluessel"` // lines as in katalog.pub
	Entfernt   removed.Counts `json:"entfernt,omitempty"`
}

// maxSchluessel is how many keys a machine takes in from others.
const maxSchluessel = 200

// Aside implements dateien.Ordner. All keys that count here travel: a catalogue of a machine
// that is gone must count on one that never knew it.
func (k *kataloge) Aside() ([]byte, error) {
	gone, err := removed.Read(k.dir)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(beilage{Schluessel: vertrauen.Public(k.dir), Entfernt: gone})
	if err != nil {
		return nil, fmt.Errorf("encode keys and removals: %w", err)
	}
	return b, nil
}

// TakeAside implements dateien.Ordner. Who says it is a machine of the pharmacy: it has shown
// its key before it was asked. What was removed elsewhere is removed here, unless nothing else
// would hold today; then the next time.
func (k *kataloge) TakeAside(b []byte) error {
	var x beilage
	if len(b) == 0 {
		return nil
	}
	if err := json.Unmarshal(b, &x); err != nil {
		return nichtErlaubt(err.Error())
	}
	keys, err := signatur.LiesBund([]byte(x.Schluessel))
	if err != nil || len(keys) > maxSchluessel || len(x.Entfernt) > maxEntfernt {
		return nichtErlaubt("keys or removals")
	}
	for id, n := range x.Entfernt {
		if !katalogName.MatchString(id) || n < 0 || n > 1<<20 {
			return nichtErlaubt(id)
		}
	}
	return errors.Join(vertrauen.VertraueBund(k.dir, keys), k.entferne(x.Entfernt))
}

// maxEntfernt is how many removals another machine may tell.
const maxEntfernt = 2000

// entferne removes what was removed elsewhere.
func (k *kataloge) entferne(other removed.Counts) error {
	all, err := removed.Merge(k.dir, other)
	if err != nil {
		return err
	}
	here := slices.Concat(k.o.Generationen(), k.o.Ausgelassen(), k.o.Quarantaene())
	for _, m := range here {
		if !all.Is(m.ID) {
			continue
		}
		err := generation.Remove(k.dir, m.ID, k.heute())
		if kind := fault.KindOf(err); err != nil && kind != fault.NotFound && kind != fault.Invalid {
			return err
		}
	}
	return nil
}

// dateien are what travels beside the journal.
func (k *Knoten) dateien() *dateien.Dateien {
	dir, uhr := k.opt.Apotheke.Dir, k.opt.Apotheke.Clock
	catalogues := &kataloge{dir: filepath.Join(dir, apotheke.KatalogDir), o: k.Katalog, uhr: uhr}
	return dateien.New(dateien.Options{
		Dir: filepath.Join(dir, IncomingDir), Clock: uhr, Log: k.opt.Apotheke.Log, Urgent: catalogues.urgent,
		Ordner: []dateien.Ordner{
			&gesetze{dir: filepath.Join(dir, apotheke.RechtDir), keys: k.Schluessel}, catalogues,
		},
	})
}

// katalogstand is how the files stand, for the page Störungen.
func (k *Knoten) katalogstand() (stoerung.Kataloge, bool) {
	st, err := k.Node.Stand(context.Background())
	if err != nil || k.Node.Anzahl() == 0 {
		return stoerung.Kataloge{}, false
	}
	out := stoerung.Kataloge{Fehlt: st.Fehlt, Progress: st.Progress, Prozent: st.Anteil, Fehler: st.Grund}
	for _, r := range st.Rechner {
		if r.Erreichbar {
			out.Rechner++
		}
		if len(r.Fehlt) > 0 {
			out.Ohne = append(out.Ohne, r.Platz)
		}
	}
	return out, true
}
