package einspielung

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
)

// Art is the kind of a source.
type Art string

// The kinds. What is of none of them is shown, too, so that nobody looks for it elsewhere.
const (
	GES       Art = "K2 GES" // a whole delivery of ABDATA
	UPD       Art = "K2 UPD" // what has changed in one
	CSV       Art = "CSV"
	Unbekannt Art = "unbekannt"
)

// Quelle is a folder or file from which a catalogue can be built.
type Quelle struct {
	Name      string
	Art       Art
	Bytes     int64
	Geaendert time.Time // of its newest file, UTC
	Ab        civil.Day // from which it is valid; 0: it does not say so itself
	Hinweis   string    // why it cannot be taken; empty: it can
}

// Groesse is the size for people.
func (q Quelle) Groesse() string {
	switch {
	case q.Bytes >= 10<<20:
		return fmt.Sprintf("%d MB", q.Bytes>>20)
	case q.Bytes >= 1<<10:
		return fmt.Sprintf("%d KB", q.Bytes>>10)
	}
	return fmt.Sprintf("%d B", q.Bytes)
}

// Auftrag is what is to be built.
type Auftrag struct {
	Quelle   string
	Liste    catalogue.Listenart // what an official list says something of; empty: articles
	Ab       civil.Day           // 0: the source says so itself
	Trotzdem bool                // leave faulty rows out
	Kleiner  bool                // also with fewer than half of the articles
	Wer      string              // Kuerzel
}

// Listen are the official lists that can be read in.
func Listen() []catalogue.Listenart {
	return []catalogue.Listenart{catalogue.Festbetragsliste, catalogue.Befreiungsliste, catalogue.Vertragsliste}
}

// Werkstatt is where catalogues are built; the composition root supplies it.
type Werkstatt interface {
	// Ort is where people put sources.
	Ort() string
	// Quellen lists what lies in the inbox.
	Quellen() ([]Quelle, error)
	// Annehmen puts a file that somebody sends into the inbox.
	Annehmen(name string, r io.Reader) error
	// Starte begins to build.
	Starte(ctx context.Context, a Auftrag) (Bau, error)
	// Raeume removes what a build has left that was broken off.
	Raeume() error
	// Merke keeps how a build stands, for the next start of the program.
	Merke(l Lauf) error
	// Gemerkt returns what was kept last; false if there is nothing.
	Gemerkt() (Lauf, bool)
}

// Bau is a build that goes on in a process of its own.
type Bau interface {
	Zeilen() io.Reader // its lines; ends with it
	Ende()             // asks it to end
	Kill()             // ends it
	// Warte waits until it has ended, and returns its exit code (-1: killed) and the last
	// line that it printed for people.
	Warte() (code int, letzte string)
}
