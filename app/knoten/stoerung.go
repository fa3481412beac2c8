package knoten

import (
	"context"
	"net/http"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/node"
	"github.com/offizin/offizin/node/identity"
	"github.com/offizin/offizin/node/kopplung"
	"github.com/offizin/offizin/workflow/stoerung"
)

// rechner is how this machine stands among the others, as Störungen needs it. A journal that
// cannot be read has a link of its own: the others stay unnamed then.
func (k *Knoten) rechner(ctx context.Context) stoerung.Rechnerlage {
	l := stoerung.Rechnerlage{Programm: k.opt.Version}
	if k.Node == nil {
		return l
	}
	st, err := k.Stand(ctx)
	if err != nil {
		return l
	}
	l.Platz, l.Fuehrt, l.Folgt, l.Entfernt = st.Platz, st.Fuehrt, st.Folgt, st.Entfernt
	_, _, err = k.Rechner.Aussteller(ctx)
	l.Closed, l.Uncertified = fault.KindOf(err) == fault.Unavailable, !k.identity.Certified()
	l.Gleichnamig, l.Twin = k.members.gleichnamig(), st.Twin
	l.Till, l.Geteilt, l.Aelter = k.Kern.Till, k.members.gleicheNummern(), k.aelter
	l.Kopie = k.kopie.laeuft(k.Kern.Clock.Mono())
	l.Spaet, l.Unmarkiert = k.spaet.Load(), k.unmarkiert.Load()
	l.Wartet = k.members.neueNummern(k.Kern.Till, k.frueher)
	for _, a := range st.Rechner {
		l.Andere = append(l.Andere, anderer(a))
	}
	for _, a := range st.Abgewiesen {
		l.Abgewiesen = append(l.Abgewiesen, stoerung.Abgewiesen{
			Von: a.Von, Fremd: a.Fremd, Fehler: a.Fehler, Anzahl: a.Anzahl, Seit: sekunden(a.Seit),
		})
	}
	return l
}

func anderer(a node.Anderer) stoerung.Rechner {
	return stoerung.Rechner{
		Platz: a.Platz, Adresse: a.Adresse, Programm: a.Programm, Erreichbar: a.Erreichbar, Seit: sekunden(a.Seit),
		Fuehrt: a.Fuehrt, Folgt: a.Folgt, Gleich: a.Gleich, Fehlen: a.Fehlen, Zwist: a.Zwist, Skew: sekunden(a.Skew),
		Fehler: a.Fehler,
	}
}

func sekunden(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// lage answers the command line with what Störungen shows.
func (s *steuerung) lage(w http.ResponseWriter, r *http.Request) {
	reply(w, s.k.Dienste.Stoerung.Zustand(r.Context()), nil)
}

// blaetter answers it with the instructions, by name of their files.
func (s *steuerung) blaetter(w http.ResponseWriter, r *http.Request) {
	files, err := s.k.Anleitungen(r.Context())
	reply(w, files, err)
}

// Lage asks what Störungen shows.
func (l *Running) Lage(ctx context.Context) (st stoerung.Lage, err error) {
	err = l.ask(ctx, http.MethodGet, pathLage, "", &st)
	return st, err
}

// Anleitungen asks for the instructions as PDF, by name of their files.
func (l *Running) Anleitungen(ctx context.Context) (files map[string][]byte, err error) {
	err = l.ask(ctx, http.MethodGet, pathBlaetter, "", &files)
	return files, err
}

// Ausweis is what a folder says of its machine, and of the others as of the last pairing.
type Ausweis struct {
	Platz   string
	Rang    int
	Rechner []kopplung.Mitglied

	Fingerabdruck string // of its key, hex; empty: it cannot be read
	Uncertified   bool   // nobody has vouched for it
}

// LiesAusweis reads it and touches nothing; false if the folder belongs to no machine yet. The
// faults are M-210 and M-212.
func LiesAusweis(dir string) (Ausweis, bool, error) {
	d, known, err := lade(dir)
	if err != nil || !known {
		return Ausweis{}, false, err
	}
	a := Ausweis{Platz: d.Platz, Rang: d.Rang, Rechner: d.Mitglieder}
	id, err := identity.Load(filepath.Join(dir, Dir, identityFile))
	if err != nil {
		err = fault.New(fault.Corrupt, "M-212", "Die Datei knoten/rechner.pem ist nicht lesbar; bitte aus der "+
			"Sicherung holen oder den Ordner „knoten“ löschen und neu starten.", err)
	} else {
		a.Uncertified, a.Fingerabdruck = !id.Certified(), id.Fingerabdruck()
	}
	return a, true, err
}
