package stoerung

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Ausfall is a time in which a link was not in order. It holds no sentence: a code names no
// customer, whatever a sentence may name.
type Ausfall struct {
	Glied   string    `json:"glied"` // id of the link
	Name    string    `json:"name"`
	Zustand Zustand   `json:"zustand"` // the worse one
	Code    string    `json:"code"`
	Von     time.Time `json:"von"` // UTC
	Bis     time.Time `json:"bis"` // UTC; zero: it lasts
	Mal     int       `json:"mal"` // how often it came within this time
}

// Ablage keeps the history over restarts. It is a file of this machine and not in the
// journal: a network that flaps would fill that on all machines for ever, and what is wrong
// with the journal could not be written into it.
type Ablage interface {
	Lesen() ([]Ausfall, error)
	Schreiben(list []Ausfall) error
}

// The bounds of the history.
const (
	verlaufTage = 30 * 24 * time.Hour
	verlaufMax  = 500
	flattern    = 5 * time.Minute // what comes again within is the same
)

// begann is when a link began to be as it is: one that was so before the program started has
// been so since then.
func begann(list []Ausfall, g Glied, now time.Time) time.Time {
	for _, a := range list {
		if a.Glied == g.ID && a.Bis.IsZero() && a.Zustand == g.Zustand {
			return a.Von
		}
	}
	return now
}

// fortschreiben writes the links of a look into the history. What was wrong with a link that
// is only being looked for lasts.
func fortschreiben(list []Ausfall, glieder []Glied, now time.Time, gesucht bool) (out []Ausfall, changed bool) {
	bad := map[string]Glied{}
	for _, g := range glieder {
		if g.Zustand != Gut {
			bad[g.ID] = g
		}
	}
	for i := range list {
		a := &list[i]
		if g, still := bad[a.Glied]; a.Bis.IsZero() && still && g.Code == a.Code && g.Zustand == a.Zustand {
			delete(bad, a.Glied)
		} else if a.Bis.IsZero() && (still || !gesucht || !wirdGesucht(a.Glied)) {
			a.Bis, changed = now, true
		}
	}
	for _, g := range glieder {
		if _, is := bad[g.ID]; is {
			list, changed = beginne(list, g, now), true
		}
	}
	kept := slices.DeleteFunc(list, func(a Ausfall) bool { return !a.Bis.IsZero() && now.Sub(a.Bis) > verlaufTage })
	if over := len(kept) - verlaufMax; over > 0 {
		kept = slices.Delete(kept, 0, over)
	}
	return kept, changed || len(kept) != len(list)
}

// wirdGesucht reports whether a link says nothing of other machines yet just after the start.
func wirdGesucht(id string) bool {
	return id == "sicherung" || id == "fuehrung" || strings.HasPrefix(id, "rechner-")
}

// beginne notes that a link has just gone bad.
func beginne(list []Ausfall, g Glied, now time.Time) []Ausfall {
	for i := range slices.Backward(list) {
		a := &list[i]
		if a.Glied == g.ID && a.Code == g.Code && a.Zustand == g.Zustand && now.Sub(a.Bis) <= flattern && !a.Bis.IsZero() {
			a.Bis, a.Mal = time.Time{}, a.Mal+1
			return list
		}
	}
	return append(list, Ausfall{Glied: g.ID, Name: g.Name, Zustand: g.Zustand, Code: g.Code, Von: now, Mal: 1})
}

// geordnet is the history by link, the newest first.
func geordnet(list []Ausfall) []Ausfall {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Ausfall) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), b.Von.Compare(a.Von))
	})
	return list
}
