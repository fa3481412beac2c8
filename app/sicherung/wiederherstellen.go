package sicherung

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"filippo.io/age"

	"github.com/offizin/offizin/app/sicherung/archiv"
	"github.com/offizin/offizin/app/uhr"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/sqlite/schema"
)

// Auftrag is a backup to be restored.
type Auftrag struct {
	Von         string         // file of the backup
	Nach        string         // data folder; must not exist or be empty
	Mit         []age.Identity // any key that opens it
	Clock       clock.Clock
	Projections []journal.Projection
	Progress    Progress // nil: silent
	Beside      bool     // others are at work on this machine: one core is enough, and little memory
}

// Bericht is what was restored.
type Bericht struct {
	Kopf       archiv.Kopf    `json:"kopf"`
	Dateien    int            `json:"dateien"`
	Saetze     int64          `json:"saetze"`       // records, each checked
	Personen   int            `json:"personen"`     // with a key
	Geloescht  int            `json:"geloescht"`    // persons erased after the backup, now again
	OhneListe  bool           `json:"ohne_liste"`   // nothing beside the backup says who was erased since
	Verschloss bool           `json:"verschlossen"` // knoten.key is missing or does not fit: personal data stay closed
	Herkunft   journal.Origin `json:"herkunft"`     // under which it goes on; of a test: none
	Auspacken  int64          `json:"auspacken_ms"` // how long that took
	Pruefen    int64          `json:"pruefen_ms"`   // and the check
}

// teilEndung is what a folder is called while it is restored.
const teilEndung = ".wiederherstellung"

// Wiederherstellen restores a backup: it unpacks it beside the folder, checks everything,
// erases who was erased since, begins a new incarnation and only then gives the folder its
// name. Broken off it leaves nothing that could be taken for a pharmacy, and can be repeated.
func Wiederherstellen(ctx context.Context, a Auftrag) (b Bericht, err error) {
	if err := leer(a.Nach); err != nil {
		return b, err
	}
	abs, err := filepath.Abs(a.Nach)
	if err != nil {
		return b, fmt.Errorf("find folder: %w", err)
	}
	part := abs + teilEndung
	release, err := beginne(part)
	if err != nil {
		return b, err
	}
	defer func() {
		err = errors.Join(err, release())
		_ = os.RemoveAll(part) // the next one begins with that
	}()
	data := filepath.Join(part, "daten")
	if b, err = a.entpacke(ctx, data); err != nil {
		return b, err
	}
	if err := a.setzeFort(ctx, data, &b); err != nil {
		return b, err
	}
	if err := syncFolders(data); err != nil {
		return b, err
	}
	if err := errors.Join(notExist(os.Remove(abs)), platte.Rename(data, abs)); err != nil {
		return b, fmt.Errorf("name the restored folder: %w", err)
	}
	syncFolder(filepath.Dir(abs))
	return b, nil
}

func notExist(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// leer refuses a folder that holds something: D-116.
func leer(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "D-116", "Der Ordner „"+dir+"“ ist nicht leer und bleibt, wie er ist; bitte "+
		"für die "+
		"Wiederherstellung einen neuen angeben.", err)
}

// spielraum is how much files may have grown between the head of a backup and its end, in bytes.
const spielraum = 64 << 20

// beginne makes the folder in which is restored, removes what an earlier attempt left, and
// keeps a second one out.
func beginne(part string) (release func() error, err error) {
	release, err = sqlite.Claim(filepath.Join(part, "sperre"))
	if err != nil {
		return nil, err
	}
	if err := os.RemoveAll(filepath.Join(part, "daten")); err != nil {
		return nil, errors.Join(fmt.Errorf("remove earlier attempt: %w", err), release())
	}
	return release, nil
}

// entpacke unpacks a backup into a folder and checks it: every byte, every record, every
// row of the read models, and that the end of each log is the one that was saved. All files
// are durable when it returns.
func (a Auftrag) entpacke(ctx context.Context, data string) (b Bericht, err error) {
	var later nachher
	defer func() {
		if err = errors.Join(err, later.warte()); platte.Voll(err) && fault.KindOf(err) == fault.Internal {
			err = zuKlein(err)
		}
	}()
	start := a.Clock.Mono()
	if err := a.packeAus(ctx, data, &b, &later); err != nil {
		return b, err
	}
	unpacked := a.Clock.Mono()
	err = a.pruefe(ctx, data, &b)
	b.Auspacken, b.Pruefen = (unpacked - start).Milliseconds(), (a.Clock.Mono() - unpacked).Milliseconds()
	return b, err
}

// packeAus unpacks a backup into a folder.
func (a Auftrag) packeAus(ctx context.Context, data string, b *Bericht, later *nachher) error {
	f, err := os.Open(a.Von)
	if err != nil {
		return fault.New(fault.NotFound, "D-118", "Die Sicherung „"+a.Von+"“ lässt sich nicht öffnen; bitte Stick und "+
			"Dateinamen prüfen.", err)
	}
	defer f.Close() //nolint:errcheck // only read
	if err := os.MkdirAll(data, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	done := int64(0)
	from := &gezaehlt{ctx, f, func(int) {}}
	return jede(from, func(k archiv.Kopf) error {
		b.Kopf = k
		return a.passt(k, data)
	}, func(name string, size int64, r io.Reader) error {
		if done += size; done > b.Kopf.Bytes+spielraum {
			return fault.New(fault.Corrupt, "D-113", "Die Sicherung ist beschädigt oder unvollständig, es wurde nichts "+
				"wiederhergestellt; bitte die davor nehmen.", nil)
		}
		b.Dateien++
		if name == uhr.File { // of an earlier version; the clock of this machine is another
			return nil
		}
		to, err := a.lege(data, name, r, done-size, b.Kopf.Bytes)
		return errors.Join(err, later.schliesse(to, size))
	}, a.Mit...)
}

// passt refuses a backup that cannot be restored here before anything is written.
func (a Auftrag) passt(k archiv.Kopf, data string) error {
	if !schema.Known(int64(k.Schema)) {
		return archiv.Neuer(fmt.Errorf("schema %d", k.Schema))
	}
	if of, at, ok := ausName(filepath.Base(a.Von)); ok && (of != k.Apotheke || !at.Equal(k.Zeit)) {
		return fault.New(fault.Invalid, "D-115", "Die Datei heißt anders als die Sicherung darin, die vom "+
			clock.DayOf(k.Zeit).German()+" ist; bitte die richtige Datei nehmen oder sie vor dem Wiederherstellen "+
			"umbenennen.", nil)
	}
	if free, _, err := platte.Frei(data); err == nil && free < k.Bytes+k.Bytes/10 {
		return zuKlein(nil)
	}
	return nil
}

func zuKlein(cause error) error {
	return fault.New(fault.Unavailable, "D-119", "Auf der Festplatte ist kein Platz, um die Sicherung auszupacken; "+
		"bitte Platz "+
		"schaffen oder einen Ordner auf einer größeren angeben.", cause)
}

// lege writes one file of a backup. It is the caller's to close, and to make durable before.
func (a Auftrag) lege(data, name string, r io.Reader, done, all int64) (*os.File, error) {
	to := filepath.Join(data, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return nil, fmt.Errorf("make folder for %s: %w", name, err)
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make %s: %w", name, err)
	}
	_, err = io.Copy(f, &gezaehlt{context.Background(), r, func(n int) {
		done += int64(n)
		a.Progress.sage("Auspacken", done, all)
	}})
	if err != nil {
		return f, fmt.Errorf("write %s: %w", name, err)
	}
	return f, nil
}

// gross is from how many bytes on a file is made durable beside what comes next.
const gross = 16 << 20

// nachher waits for the disk beside what comes next: the journal of years takes it longer than a
// check can wait for.
type nachher struct {
	files sync.WaitGroup
	mu    sync.Mutex
	err   error
}

// schliesse makes a file durable and closes it; a large one later. There may be no file.
func (n *nachher) schliesse(f *os.File, size int64) error {
	if f == nil {
		return nil
	}
	if size < gross {
		return dauerhaft(f)
	}
	n.files.Go(func() {
		err := dauerhaft(f)
		n.mu.Lock()
		defer n.mu.Unlock()
		n.err = errors.Join(n.err, err)
	})
	return nil
}

// warte waits until all are durable.
func (n *nachher) warte() error {
	n.files.Wait()
	return n.err
}

func dauerhaft(f *os.File) error {
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(f.Name()), err)
	}
	return nil
}

func (a Auftrag) optionen(data, was string) sqlite.Options {
	return sqlite.Options{
		Dir: data, Clock: a.Clock, Projections: a.Projections, Ballast: -1, Beside: a.Beside,
		Progress: func(done, total int64) { a.Progress.sage(was, done, total) },
	}
}

// pruefe checks what was unpacked. Opening it first takes an older version over: rows that
// this version shapes otherwise are folded anew.
func (a Auftrag) pruefe(ctx context.Context, data string, b *Bericht) error {
	store, err := sqlite.Open(ctx, a.optionen(data, "Auswertungen"))
	if err != nil {
		return err
	}
	_, missing := os.Stat(filepath.Join(data, "knoten.key"))
	b.Verschloss = missing != nil || !oeffnet(ctx, store)
	if err := store.Close(); err != nil {
		return err
	}
	found, err := sqlite.Verify(ctx, a.optionen(data, "Prüfen"))
	if err != nil {
		return err
	}
	b.Saetze, b.Personen = found.Saetze, found.Personen
	if len(found.Funde) > 0 {
		return nichtGanz(fmt.Errorf("%s: %s", found.Funde[0].Ort, found.Funde[0].Text))
	}
	if len(found.Kopf) != len(b.Kopf.Koepfe) {
		return nichtGanz(fmt.Errorf("%d logs, %d were saved", len(found.Kopf), len(b.Kopf.Koepfe)))
	}
	is := map[archiv.Stand]bool{}
	for _, h := range found.Kopf {
		is[archiv.Stand{Herkunft: h.Origin.String(), Nr: h.Seq, Hash: hex.EncodeToString(h.Hash[:])}] = true
	}
	for _, h := range b.Kopf.Koepfe {
		if !is[h] {
			return nichtGanz(fmt.Errorf("log of %s does not end at %d", h.Herkunft, h.Nr))
		}
	}
	return nil
}

func nichtGanz(cause error) error {
	return fault.New(fault.Corrupt, "D-117", "Das Journal in der Sicherung ist nicht ganz, es wurde nichts "+
		"wiederhergestellt; "+
		"bitte die Sicherung davor nehmen und diese aufheben.", cause)
}

// setzeFort makes a restored folder one that may go on: who was erased since is erased
// again, and what it writes from now on never collides with what the old one wrote.
func (a Auftrag) setzeFort(ctx context.Context, data string, b *Bericht) (err error) {
	gone, err := liesLoeschliste(filepath.Dir(a.Von), b.Kopf.Apotheke, a.Mit...)
	if b.OhneListe = err != nil; err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Corrupt, "D-120", "Die Liste der gelöschten Personen neben der Sicherung ist nicht "+
			"lesbar; bitte die "+
			"Sicherung allein in einen leeren Ordner kopieren und danach alle seither Gelöschten noch einmal löschen.", err)
	}
	store, err := sqlite.Open(ctx, a.optionen(data, "Auswertungen"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Reincarnate(ctx, b.Kopf.Koepfe[0].Nr+1); err != nil {
		return err
	}
	b.Herkunft = store.Self()
	b.Geloescht, err = a.loesche(ctx, store, data, gone.Personen)
	return err
}

// Begonnen is when a backup was made, for people.
func (b Bericht) Begonnen() string {
	at := b.Kopf.Zeit.In(clock.Berlin())
	return clock.DayOf(b.Kopf.Zeit).German() + " um " + at.Format("15:04") + " Uhr"
}

// Koepfe names the ends of the logs, for people.
func (b Bericht) Koepfe() string {
	var list []string
	for _, k := range b.Kopf.Koepfe {
		list = append(list, fmt.Sprintf("%s Nr. %d", k.Herkunft, k.Nr))
	}
	return strings.Join(list, ", ")
}
