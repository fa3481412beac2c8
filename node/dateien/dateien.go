package dateien

import (
	"context"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/logs"
	"github.com/offizin/offizin/internal/platte"
)

// Teil is the size of a part in bytes; the last one of a file is shorter.
const Teil = 1 << 20

// Reserve is what stays free on the disk, in bytes: sales have precedence.
const Reserve = 500 << 20

// The limits of what another machine may say.
const (
	maxListe   = 1 << 20 // bytes of an answer
	maxStuecke = 1000
	maxDateien = 8       // of one piece
	maxBytes   = 8 << 30 // of one file
	maxBeilage = 128 << 10
	maxName    = 100
	version    = 1
	versuche   = 3 // of one part, if it comes damaged
)

// Eintrag is a piece: what travels as a whole.
type Eintrag struct {
	Art    string `json:"art"`    // "katalog" or "recht"
	Name   string `json:"name"`   // letters, digits, ".", "-", "_"
	Bytes  int64  `json:"bytes"`  // of all its files
	SHA256 string `json:"sha256"` // of its contents, hex: the same piece has the same everywhere
}

// Datei is one file of a piece.
type Datei struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

// Offen is an open file.
type Offen interface {
	io.ReaderAt
	io.Closer
	Stat() (os.FileInfo, error)
}

// Ordner is a folder whose pieces travel. All methods are safe for concurrent use.
type Ordner interface {
	// Art is what its pieces are called.
	Art() string
	// List lists the pieces that are here and whole, what a machine without any needs most
	// first. It is asked twice a second.
	List() ([]Eintrag, error)
	// Wants says whether a piece that another machine has is to be fetched.
	Wants(e Eintrag) bool
	// Files lists the files of a piece that is here; the first vouches for the others.
	Files(name string) ([]Datei, error)
	// Open opens one of them.
	Open(name, datei string) (Offen, error)
	// CheckNames refuses names and sizes before anything is fetched.
	CheckNames(e Eintrag, list []Datei) error
	// CheckFirst checks the first file, which lies in the folder, before the others are fetched.
	CheckFirst(e Eintrag, list []Datei, folder string) error
	// Take checks the piece that lies in the folder and takes it from there, durably.
	Take(ctx context.Context, e Eintrag, folder string) error
	// Aside is what the machines tell each other beside the pieces; at most 128 KB.
	Aside() ([]byte, error)
	// TakeAside takes in what another machine has said.
	TakeAside(b []byte) error
}

// Options says what a machine has and where it keeps what is not whole yet.
type Options struct {
	Dir    string // on the same disk as the folders; for this package alone
	Ordner []Ordner
	Clock  clock.Clock
	Log    *slog.Logger
	// Urgent says that this machine cannot sell without what it fetches; nil: it can.
	Urgent func() bool
	// Free is how many bytes of the disk of a folder are free; nil: as the system says.
	Free func(dir string) (int64, error)
}

// Dateien is what this machine has, and fetches.
type Dateien struct {
	opt Options
	log *slog.Logger // of what another machine, or the disk, can make happen again and again

	summen summen // hashes of parts that others have asked for

	mu      sync.Mutex
	habe    []Eintrag
	stand   string // hash over all that is here
	bei     map[string]*nachbar
	stuecke map[string]*pause // pieces that could not be taken in, by machine and piece
	laedt   Fortschritt
	fehler  error // of the last piece; nil: it went well
}

// nachbar is what is known of another machine.
type nachbar struct {
	hat     []Eintrag
	fehlt   []Eintrag // of these, here
	gesehen string    // its stand and ours when it was asked last
	wieder  time.Duration
	pause   time.Duration
}

// pause is when something that failed is tried again.
type pause struct {
	dauer, bis time.Duration
}

// Fortschritt is how far a piece is fetched.
type Fortschritt struct {
	Eintrag

	From string // machine; empty: nothing is being fetched
	Done int64  // bytes
}

// New returns what a machine has; nothing is fetched before Run.
func New(o Options) *Dateien {
	if o.Urgent == nil {
		o.Urgent = func() bool { return false }
	}
	if o.Free == nil {
		o.Free = func(dir string) (int64, error) {
			free, _, err := platte.Frei(dir)
			return free, err
		}
	}
	return &Dateien{opt: o, log: logs.New(o.Log, o.Clock), bei: map[string]*nachbar{}, stuecke: map[string]*pause{}}
}

func (d *Dateien) ordner(art string) Ordner {
	for _, o := range d.opt.Ordner {
		if o.Art() == art {
			return o
		}
	}
	return nil
}
