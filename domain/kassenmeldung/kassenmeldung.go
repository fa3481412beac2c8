// Package kassenmeldung is the Mitteilung of § 146a (4) AO: which electronic record-keeping
// systems with which TSE a Betriebsstätte has, all of them in one notification, within a month
// after one was acquired or decommissioned.
package kassenmeldung

import (
	"slices"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/civil"
)

// Art is the kind of system, as the notification asks for it.
const Art = "Computergestütztes Kassensystem"

// System is one till.
type System struct {
	Till     string    `json:"till"`
	Serie    string    `json:"serie"`          // KassenSeriennummer
	Software string    `json:"software"`       // name and version
	Beginn   civil.Day `json:"beginn"`         // acquired: the first TSE was set up for it
	Ende     civil.Day `json:"ende,omitempty"` // decommissioned; 0: in use
	TSE      []TSE     `json:"tse,omitempty"`  // the first one first
}

// TSE is a TSE that signs or has signed for a system.
type TSE struct {
	Seriennummer   string    `json:"seriennummer"`   // 64 hex digits
	Zertifizierung string    `json:"zertifizierung"` // "BSI-K-TR-nnnn-yyyy"
	Beginn         civil.Day `json:"beginn"`
	Ende           civil.Day `json:"ende,omitempty"` // 0: it signs
}

// Meldung is a notification: all systems of the Betriebsstätte.
type Meldung struct {
	Betrieb  abschluss.Betrieb
	Tag      civil.Day // for which it was made
	Systeme  []System
	Anzahl   int  // of systems in use
	Hinweise bool // a certification is missing: the device did not name one
}

// Aenderung is something that was not notified yet.
type Aenderung struct {
	Till  string
	Was   string    // German, for the user
	Tag   civil.Day // when it was
	Frist civil.Day // last day for the notification
}

// Frist is a month after a day (§ 146a (4) Satz 2 AO, § 188 BGB): the same day of the next
// month, or its last one.
func Frist(d civil.Day) civil.Day {
	year, month := d.Year(), d.Month()+1
	if month > 12 {
		year, month = year+1, 1
	}
	for n := d.DayOfMonth(); ; n-- {
		if day, err := civil.New(year, month, n); err == nil {
			return day
		}
	}
}

// Offen lists what differs from the systems that were notified last, by its deadline.
func Offen(jetzt, gemeldet []System) (list []Aenderung) {
	for _, s := range jetzt {
		i := slices.IndexFunc(gemeldet, func(g System) bool { return g.Till == s.Till && g.Serie == s.Serie })
		if i < 0 {
			list = append(list, aenderung(s.Till, "Kassenplatz eingerichtet", s.Beginn))
			if s.Ende != 0 {
				list = append(list, aenderung(s.Till, "Kassenplatz außer Betrieb", s.Ende))
			}
			continue
		}
		list = append(list, geaendert(s, gemeldet[i])...)
	}
	slices.SortStableFunc(list, func(a, b Aenderung) int { return int(a.Frist) - int(b.Frist) })
	return list
}

func aenderung(till, what string, day civil.Day) Aenderung {
	return Aenderung{till, what, day, Frist(day)}
}

// WiederInBetrieb is what is told of a till that was notified as ended.
const WiederInBetrieb = "Kassenplatz wieder in Betrieb"

// geaendert is what differs from the same system as it was notified.
func geaendert(s, old System) (list []Aenderung) {
	for _, t := range s.TSE {
		known := slices.ContainsFunc(old.TSE, func(o TSE) bool {
			return o.Seriennummer == t.Seriennummer && o.Beginn == t.Beginn && o.Zertifizierung == t.Zertifizierung
		})
		if !known {
			list = append(list, aenderung(s.Till, "TSE eingesetzt oder gewechselt", t.Beginn))
		}
	}
	switch {
	case s.Ende == old.Ende:
	case s.Ende != 0:
		list = append(list, aenderung(s.Till, "Kassenplatz außer Betrieb", s.Ende))
	default: // it was notified as ended, and is in use again
		day := s.Beginn
		if n := len(s.TSE); n > 0 {
			day = s.TSE[n-1].Beginn
		}
		list = append(list, aenderung(s.Till, WiederInBetrieb, day))
	}
	return list
}
