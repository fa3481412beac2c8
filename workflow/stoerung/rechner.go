package stoerung

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/offizin/offizin/internal/clock"
)

// Rechnerlage is how this machine stands among those of the pharmacy, as it sees them.
type Rechnerlage struct {
	Platz    string
	Programm string // version of the program
	Fuehrt   bool   // does the errands of the pharmacy
	Folgt    string // ships to this machine; empty: to none
	Entfernt bool   // it was taken out of the pharmacy
	Andere   []Rechner

	Gleichnamig []string // names that two machines have
	Till        string   // prefix of the receipt numbers of this machine
	Geteilt     []string // such prefixes that two machines have
	Wartet      bool     // this machine gets another one at its next start
	Aelter      string   // its database was put back, says this file or „TSE“: it has got another one at this start
	Spaet       bool     // its database was put back, says the TSE, which did not answer at the start
	Unmarkiert  bool     // nothing outside its data folder remembers how far it was
	Closed      bool     // the keys of persons, and so that of the authority, do not open here
	Uncertified bool     // nobody has vouched for this machine, so that no other can call it
	Abgewiesen  []Abgewiesen
	Kopie       bool   // another machine works with a copy of this one's folder
	Twin        string // held another history of this one, which goes on under a new name since; empty: none
}

// Abgewiesen is who was refused last for one reason.
type Abgewiesen struct {
	Von    string // machine of the pharmacy, or address
	Fremd  bool   // no machine of the pharmacy
	Fehler string // sentence with code
	Anzahl int    // since the start
	Seit   time.Duration
}

// Rechner is another machine.
type Rechner struct {
	Platz, Adresse, Programm string

	Erreichbar bool
	Seit       time.Duration // since it answers, or since its last answer; negative: it never did
	Fuehrt     bool
	Folgt      string
	Gleich     bool          // has had the same records within the last seconds
	Fehlen     int64         // records of this machine that it does not have yet; negative: not known
	Zwist      bool          // two histories of a third machine are between them
	Skew       time.Duration // its clock is ahead of this one
	Fehler     string        // sentence with code; empty: none
}

// How long something may be before somebody should look, by the monotonic clock.
const (
	suche    = 15 * time.Second // after the start the others are looked for
	aufholen = 5 * time.Minute  // a machine that answers has everything within
	uneins   = 30 * time.Second // nobody leads, or two do
)

// rechner are the other machines and who leads; none if this one is alone.
func (s *Service) rechner(ctx context.Context) []Glied {
	l := s.opt.Rechner(ctx)
	list := append(eigenes(l), s.zutritt(l)...)
	if len(l.Andere) == 0 {
		return list
	}
	list = append(list, s.fuehrung(l))
	for i, r := range l.Andere {
		g := s.anderer(l, r)
		g.ID, g.Name = "rechner-"+r.Platz, r.Platz
		if rest := s.uhrDes(l, i); schlimmer(rest.Zustand, g.Zustand) {
			rest.ID, rest.Name = g.ID, g.Name
			g = rest
		}
		list = append(list, g)
	}
	return list
}

func schlimmer(a, b Zustand) bool {
	rank := map[Zustand]int{Warnung: 1, Gestoert: 2}
	return rank[a] > rank[b]
}

// anderer judges one machine apart from its clock.
func (s *Service) anderer(l Rechnerlage, r Rechner) Glied {
	late := s.dauert("zurueck-"+r.Platz, r.Erreichbar && !r.Gleich, aufholen)
	switch {
	case strings.Contains(r.Fehler, "(M-11"):
		return bad("", "", Warnung, "S-611", r.Platz+" und dieser Rechner lassen einander nicht herein – "+
			"nehmen Sie den "+
			"entfernten oder fremden Rechner neu auf.", "Grund: "+r.Fehler+" Verkauft wird weiter; am "+
			"anderen Rechner "+
			"„offizin node code“ holen und diesen damit neu aufnehmen (Handbuch, Mehrere Rechner).")
	case !r.Erreichbar && s.amAnfang(r):
		return gut("", "", "Wird unter "+r.Adresse+" gesucht.")
	case !r.Erreichbar:
		return bad("", "", Warnung, "S-610", r.Platz+" antwortet "+s.zuletztDa(r)+
			" – sehen Sie nach, ob er eingeschaltet ist und das Netzkabel steckt.",
			"An jedem anderen Rechner weiterverkaufen; was "+r.Platz+" weitergegeben hat, ist dort. Ist er "+
				"kaputt: Blatt „Rechner "+
				"kaputt“.")
	case strings.Contains(r.Fehler, "(M-283)"):
		return bad("", "", Warnung, "S-656", r.Platz+" behauptet immer wieder, andere Verkäufe dieses Rechners zu haben "+
			"– entfernen Sie "+r.Platz+" und nehmen Sie ihn neu auf.", "Verkauft wird weiter, und alle anderen Daten "+
			"werden ausgetauscht. Wurde die Platte dieses Rechners zurückgesetzt: Offizin hier neu starten.")
	case r.Zwist:
		return bad("", "", Warnung, "S-612", "Zwischen "+r.Platz+" und diesem Rechner liegen zwei Fassungen eines "+
			"dritten Rechners – starten Sie den Rechner, dessen Platte zurückgesetzt wurde.",
			"Nichts löschen; der betroffene Rechner merkt es von selbst und macht unter neuem Namen weiter.")
	case r.Fehler != "":
		return bad("", "", Warnung, "S-615", "Mit "+r.Platz+
			" werden keine Daten ausgetauscht – starten Sie Offizin dort neu.",
			"Grund: "+r.Fehler+". Verkauft wird an beiden weiter; was fehlt, kommt nach.")
	case late:
		return bad("", "", Warnung, "S-614", r.Platz+" holt seit mehr als fünf Minuten auf"+fehlen(r)+
			" – lassen Sie ihn eingeschaltet.",
			"Verkauft wird an beiden weiter; hilft Warten nicht, Offizin dort neu starten.")
	case r.Programm != l.Programm:
		return bad("", "", Warnung, "S-613", fmt.Sprintf("Auf %s läuft eine andere Fassung von Offizin (%s, "+
			"hier %s) – "+
			"bringen Sie beide auf dieselbe.", r.Platz, r.Programm, l.Programm),
			"Verkauft wird an beiden weiter; den älteren aktualisieren.")
	}
	return gut("", "", s.steht(r))
}

// steht says of a machine in order how it is.
func (s *Service) steht(r Rechner) string {
	text := "Antwortet seit " + zeitpunkt(s.vor(r.Seit)) + ", "
	switch {
	case r.Fuehrt:
		text += "führt"
	case r.Folgt != "":
		text += "folgt " + r.Folgt
	default:
		text += "folgt noch niemandem"
	}
	if r.Gleich {
		return text + ", hat alles."
	}
	return text + ", holt gerade auf" + fehlen(r) + "."
}

func fehlen(r Rechner) string {
	if r.Fehlen > 0 {
		return fmt.Sprintf(" (%d Einträge fehlen dort)", r.Fehlen)
	}
	return ""
}

// amAnfang reports whether this program has only just begun to look for a machine.
func (s *Service) amAnfang(r Rechner) bool { return r.Seit < 0 && s.kern.Clock.Mono()-s.mono < suche }

func (s *Service) zuletztDa(r Rechner) string {
	if r.Seit < 0 {
		return "nicht, seit dieser Rechner läuft"
	}
	return "seit " + zeitpunkt(s.vor(r.Seit)) + " nicht"
}

func (s *Service) vor(d time.Duration) time.Time { return s.kern.Clock.Now().Add(-d) }

// dauert reports whether something has been so for longer than a while.
func (s *Service) dauert(was string, so bool, limit time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.kern.Clock.Mono()
	began, known := s.lange[was]
	switch {
	case !so:
		delete(s.lange, was)
		return false
	case !known:
		s.lange[was] = now
		return false
	}
	return now-began > limit
}

// fuehrung says who does the errands of the pharmacy. Two that do are harmless (ADR 0017).
func (s *Service) fuehrung(l Rechnerlage) Glied {
	const id, name = "fuehrung", "Führung"
	var lead []string
	if l.Fuehrt {
		lead = append(lead, l.Platz)
	}
	for _, r := range l.Andere {
		if r.Erreichbar && r.Fuehrt {
			lead = append(lead, r.Platz)
		}
	}
	none := s.dauert("keiner", len(lead) == 0, uneins)
	two := s.dauert("zwei", len(lead) > 1, uneins)
	switch {
	case none:
		return bad(id, name, Warnung, "S-616", "Seit mehr als einer halben Minute führt kein Rechner – "+
			"starten Sie Offizin "+
			"auf dem Rechner mit dem besten Rang neu.",
			"Verkauft wird überall weiter; nur die Tagesarbeiten der Apotheke warten.")
	case two:
		return bad(id, name, Warnung, "S-617", "Es führen zwei Rechner ("+strings.Join(lead, ", ")+
			") – prüfen Sie das Netz zwischen ihnen.",
			"Das schadet nicht: Verkauft wird überall weiter, und nichts geschieht doppelt.")
	case len(lead) == 0:
		return gut(id, name, "Gerade führt keiner; in wenigen Sekunden übernimmt einer.")
	case lead[0] == l.Platz:
		return gut(id, name, "Dieser Rechner ("+l.Platz+") führt.")
	}
	return gut(id, name, lead[0]+" führt.")
}

// uhrDes judges the clock of another machine against this one, and which of both is likelier
// wrong: the one that others do not agree with.
func (s *Service) uhrDes(l Rechnerlage, i int) Glied {
	r := l.Andere[i]
	now := s.kern.Clock.Now()
	how := clock.JudgeSkew(now, now.Add(r.Skew))
	if !r.Erreichbar || how == clock.Gleich {
		return Glied{Zustand: Gut}
	}
	ours, theirs := 0, 0
	for j, o := range l.Andere {
		if j == i || !o.Erreichbar {
			continue
		}
		if clock.JudgeSkew(now, now.Add(o.Skew)) == clock.Gleich {
			ours++
		}
		if clock.JudgeSkew(now.Add(r.Skew), now.Add(o.Skew)) == clock.Gleich {
			theirs++
		}
	}
	way := "Verkauft wird weiter. Uhrzeit des Rechners auf „automatisch“ stellen; Blatt „Uhr falsch“."
	direction := "vor"
	if r.Skew < 0 {
		direction = "nach"
	}
	far, blame := spanne(r.Skew.Abs().Round(time.Second)), s.schuld(r, ours, theirs)
	if how == clock.Falsch {
		return bad("", "", Gestoert, "S-621", "Die Uhr von "+r.Platz+" geht "+far+" "+direction+
			", eine von beiden ist falsch – "+blame+".", way)
	}
	return bad("", "", Warnung, "S-620", "Die Uhr von "+r.Platz+" geht "+far+" "+direction+" – "+blame+".", way)
}

// schuld says which of two clocks should be looked at.
func (s *Service) schuld(r Rechner, ours, theirs int) string {
	switch {
	case s.selbstZweifelhaft():
		return "stellen Sie die dieses Rechners richtig, sie ist zweifelhaft"
	case ours > theirs:
		return "stellen Sie die von " + r.Platz + " richtig, denn andere Rechner gehen wie dieser"
	case theirs > ours:
		return "stellen Sie die dieses Rechners richtig, denn andere gehen wie " + r.Platz
	}
	return "vergleichen Sie beide mit einer dritten und stellen Sie die falsche richtig"
}

// selbstZweifelhaft reports whether this machine's clock is in doubt by itself, not by what others say.
func (s *Service) selbstZweifelhaft() bool {
	if s.opt.Uhr == nil {
		return false
	}
	v := s.opt.Uhr().Verdacht
	return v != clock.Kein && v != clock.Uneins
}

func spanne(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d Sekunden", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d Minuten", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d Stunden", int(d.Hours()))
	}
	return fmt.Sprintf("%d Tage", int(d.Hours()/24))
}
