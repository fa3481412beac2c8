package stoerung

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/workflow/sicherheit"
)

// When sales that lie on one machine only are told of, by the time of the oldest.
const (
	nurHierWarnung  = time.Minute // a machine that answers has them within a second
	nurHierGestoert = 24 * time.Hour
)

// sicherung says whether the sales of this machine lie on another one as well. One that is
// alone is set up so: that is no fault, but it is said.
func (s *Service) sicherung(ctx context.Context) Glied {
	const id, name = "sicherung", "Zweite Kopie"
	l := Rechnerlage{}
	if s.opt.Rechner != nil {
		l = s.opt.Rechner(ctx)
	}
	switch {
	case l.Entfernt || abgewiesen(l):
		return bad(id, name, Gestoert, "S-601", "Dieser Rechner wurde aus der Apotheke entfernt, seine "+
			"Verkäufe kommen "+
			"nirgends an – verkaufen Sie an einem anderen.", "Soll er wieder dazugehören: Offizin beenden und ihn mit einem "+
			"leeren Datenordner und einem Code neu aufnehmen. Den alten Ordner aufheben und daraus nacherfassen (Alt N), was "+
			"seit dem Entfernen verkauft wurde.")
	case len(l.Andere) == 0:
		return Glied{
			ID: id, Name: name, Zustand: Gut, Text: "Allein: die Verkäufe liegen nur auf diesem Rechner.",
			Ausweg: "Unter Störungen, Datensicherung (Alt S) einen Ordner angeben, in den täglich gesichert wird.",
		}
	}
	n, since, err := s.nurHier(ctx)
	if err != nil {
		return bad(id, name, Warnung, "S-606", "Welche Verkäufe nur hier liegen, ist nicht lesbar – sehen "+
			"Sie das Glied "+
			"„Journal“ an.", "Verkauft wird weiter.")
	}
	g := s.kopien(l, n, since)
	g.ID, g.Name = id, name
	return g
}

// abgewiesen reports whether others say that this machine was removed, and none lets it in: it
// may never have got the record of it.
func abgewiesen(l Rechnerlage) bool {
	refused := false
	for _, r := range l.Andere {
		if r.Erreichbar && r.Fehler == "" {
			return false
		}
		refused = refused || strings.Contains(r.Fehler, "(M-113)")
	}
	return refused
}

// kopien judges the copies on the other machines.
func (s *Service) kopien(l Rechnerlage, n int, since time.Time) Glied {
	var there []string
	search := true
	for _, r := range l.Andere {
		if r.Erreichbar {
			there = append(there, r.Platz)
		}
		search = search && s.amAnfang(r)
	}
	age := s.kern.Clock.Now().Sub(since)
	way := "Weiterverkaufen; sobald ein anderer Rechner antwortet, kommt alles von selbst dorthin. Rechner und " +
		"Netzgerät einschalten, Kabel prüfen; diesen Rechner nicht abschalten und nichts löschen."
	switch {
	case n > 0 && age > nurHierGestoert && s.bekannt():
		return bad("", "", Gestoert, "S-605", nurHierSatz(n, since)+" – schalten Sie heute einen zweiten "+
			"Rechner ein.", way)
	case len(there) == 0 && search:
		return gut("", "", "Die anderen Rechner werden gerade gesucht.")
	case len(there) == 0 && n > 0 && s.bekannt():
		return bad("", "", Warnung, "S-603", nurHierSatz(n, since)+
			", denn kein anderer Rechner antwortet – prüfen Sie Netz und Strom.", way)
	case len(there) == 0 && !s.bekannt():
		return bad("", "", Warnung, "S-607", "Kein anderer Rechner antwortet, und seit dem Start hat keiner "+
			"die Verkäufe von "+
			"hier bestätigt – prüfen Sie Netz und Strom.", way)
	case len(there) == 0:
		return bad("", "", Warnung, "S-602", "Kein anderer Rechner antwortet, was Sie jetzt verkaufen, "+
			"liegt nur hier – "+
			"prüfen Sie Netz und Strom.", way)
	case n > 0 && age > nurHierWarnung && !s.bekannt():
		return bad("", "", Warnung, "S-608", "Seit dem Start hat kein anderer Rechner bestätigt, dass er "+
			"die Verkäufe von hier "+
			"hat – starten Sie Offizin auf "+there[0]+" neu.", way)
	case n > 0 && age > nurHierWarnung:
		return bad("", "", Warnung, "S-604", nurHierSatz(n, since)+", obwohl "+strings.Join(there, ", ")+
			" antwortet – starten Sie Offizin dort neu.", way)
	}
	return gut("", "", "Die Verkäufe liegen auch auf einem anderen Rechner; es antworten: "+
		""+strings.Join(there, ", ")+".")
}

func nurHierSatz(n int, since time.Time) string {
	if n == 1 {
		return "1 Bon liegt seit " + zeitpunkt(since) + " nur auf diesem Rechner"
	}
	return fmt.Sprintf("%d Bons liegen seit %s nur auf diesem Rechner", n, zeitpunkt(since))
}

// nurHier counts the Bons of which no other machine has said that it has them, and since when
// the oldest record of this machine is so: since the start if none has said anything yet.
func (s *Service) nurHier(ctx context.Context) (n int, since time.Time, err error) {
	self := s.kern.Store.Self()
	st, err := sicherheit.New(s.kern).Stand(ctx)
	if err != nil || len(st.Bons) == 0 {
		return 0, since, err
	}
	if since = s.start; !s.bekannt() {
		return len(st.Bons), since, nil
	}
	err = s.kern.Store.Records(ctx, self, s.kern.Nachbarn.Gesichert(self), func(r journal.Record) (bool, error) {
		since = time.Unix(0, r.Wall).UTC()
		return false, nil
	})
	return len(st.Bons), since, err
}

// bekannt reports whether any other machine has said what it has of this one.
func (s *Service) bekannt() bool {
	return s.kern.Nachbarn != nil && s.kern.Nachbarn.Gesichert(s.kern.Store.Self()) > 0
}
