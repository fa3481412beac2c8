package stoerung

import (
	"fmt"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
)

// Datensicherung is how the backups stand.
type Datensicherung struct {
	Code     bool      // there is a recovery code
	CodeSeit time.Time // UTC
	Ordner   string    // for the daily backup; empty: none was set
	Seit     time.Time // when it was set, UTC

	Laeuft string    // what is under way, a sentence; empty: nothing
	Letzte time.Time // the moment that the last backup saves, UTC; zero: none yet
	Bytes  int64     // of its file
	Datei  string
	Fehler string // why the last backup failed, a sentence; empty: it did not

	Geprueft    time.Time // when the last restore was tested, UTC; zero: never
	GeprueftVon time.Time // the moment that is saved in what was restored then
	Saetze      int64     // records it checked
	ProbeFehler string    // why the last test failed; empty: it did not
}

// How old a backup and its test may be, in civil days.
const (
	sicherungAlter = 2
	probeAlter     = 8
)

func (s *Service) datensicherung(d Datensicherung) Glied {
	return Sicherungen(d, clock.Today(s.kern.Clock))
}

// Sicherungen judges the backups: without a folder it is a hint only; nothing waits for one.
func Sicherungen(d Datensicherung, today civil.Day) Glied {
	const id, name = "datensicherung", "Datensicherung"
	const page = "Unter Störungen, Datensicherung (Alt S) steht, was zu tun ist; verkauft wird weiter."
	age := func(t, since time.Time) int {
		if t.IsZero() {
			t = since
		}
		return today.Sub(clock.DayOf(t))
	}
	switch {
	case d.Ordner == "" || !d.Code:
		return Glied{
			ID: id, Name: name, Zustand: Gut, Text: "Es ist keine Datensicherung eingerichtet.",
			Ausweg: "Unter Störungen, Datensicherung (Alt S) einen Ordner, Stick oder ein Netzlaufwerk angeben.",
		}
	case d.Fehler != "" && age(d.Letzte, d.Seit) > sicherungAlter:
		return bad(id, name, Warnung, "D-131", fmt.Sprintf("Seit %d Tagen wurde nicht gesichert – %s",
			age(d.Letzte, d.Seit), d.Fehler), page)
	case d.Fehler != "":
		return bad(id, name, Warnung, "D-130", "Die Datensicherung ist nicht gelungen – "+d.Fehler, page)
	case d.ProbeFehler != "":
		return bad(id, name, Warnung, "D-132", "Die Sicherung ließ sich in der Probe nicht wiederherstellen – "+
			""+d.ProbeFehler, page)
	case age(d.Letzte, d.Seit) > sicherungAlter:
		return bad(id, name, Warnung, "D-133", "Seit mehr als zwei Tagen wurde nicht gesichert – sichern Sie jetzt.", page)
	case age(d.Geprueft, d.Seit) > probeAlter:
		return bad(id, name, Warnung, "D-134", "Seit mehr als acht Tagen ist nicht geprüft, ob sich die Sicherung "+
			"wiederherstellen lässt – lassen Sie sie prüfen.", page)
	case d.Laeuft != "":
		return gut(id, name, d.Laeuft)
	case d.Letzte.IsZero():
		return gut(id, name, "Die erste Sicherung wird gleich gemacht.")
	}
	text := "Gesichert am " + zeitpunkt(d.Letzte)
	if d.Geprueft.IsZero() {
		return gut(id, name, text+"; die Wiederherstellung wird gleich geprüft.")
	}
	return gut(id, name, text+"; die Wiederherstellung ist am "+zeitpunkt(d.Geprueft)+" gelungen.")
}

func zeitpunkt(t time.Time) string {
	hour, minute := clock.TimeOfDay(t)
	return fmt.Sprintf("%s um %02d:%02d", clock.DayOf(t).German(), hour, minute)
}
