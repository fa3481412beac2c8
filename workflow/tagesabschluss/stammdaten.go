package tagesabschluss

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/haus"
)

// till is the prefix of the number of a record.
func till(b bon.Bon) string {
	t, _, _ := bons.Split(b.Nummer) // it was read by its number
	return t
}

// stammdaten are the master data as they are now, with the version that booked the records: they are
// frozen with the closing.
func (s *Service) stammdaten(
	rows journal.Rows, k abschluss.Kopf, p abschnitt, g []abschluss.Geschaeft,
) (m abschluss.Stammdaten, err error) {
	if m.Betrieb, err = betrieb(rows); err != nil {
		return m, err
	}
	m.Geraet = s.geraet
	m.Geraet.Serie, m.Geraet.Fassung = cmp.Or(k.Serie, k.Till), p.fassung
	if m.TSE, err = signiert(rows, k.Till, p.belege); err != nil {
		return m, err
	}
	law, err := s.kern.Recht.Am(k.Tag)
	if err != nil {
		return m, fmt.Errorf("rates of VAT: %w", err)
	}
	m.Saetze = []abschluss.Satz{
		{Schluessel: kassenbeleg.Allgemein, Satz: law.Preis.MwStVoll.Was, Beschreibung: "Allgemeiner Steuersatz"},
		{Schluessel: kassenbeleg.Ermaessigt, Satz: law.Preis.MwStErmaessigt.Was, Beschreibung: "Ermäßigter Steuersatz"},
		{Schluessel: kassenbeleg.NichtSteuerbar, Beschreibung: "Nicht steuerbar"},
		{Schluessel: kassenbeleg.Steuerfrei, Beschreibung: "Umsatzsteuerfrei"},
	}
	for _, x := range g { // a rate of other days, too
		row := abschluss.Satz{Schluessel: x.Schluessel, Satz: x.Satz, Beschreibung: "Steuersatz " + x.Satz.String()}
		same := func(y abschluss.Satz) bool { return y.Schluessel == x.Schluessel && y.Satz == x.Satz }
		if !slices.ContainsFunc(m.Saetze, same) {
			m.Saetze = append(m.Saetze, row)
		}
	}
	return m, nil
}

// betrieb is who runs the till. A closing without it could never be exported.
func betrieb(rows journal.Rows) (abschluss.Betrieb, error) {
	m, err := haus.Einstellungen(rows)
	b := abschluss.Betrieb{
		Name: m["name"], Strasse: m["strasse"], PLZ: m["plz"], Ort: m["ort"], Land: "DEU",
		Steuernummer: m["steuernummer"], USTID: m["ustid"],
	}
	if err == nil && (b.Name == "" || b.Strasse == "" || b.PLZ == "" || b.Ort == "" || b.Steuernummer+b.USTID == "") {
		err = fault.New(fault.Conflict, "T-524", "Name, Anschrift oder Steuernummer der Apotheke fehlen – "+
			"tragen Sie sie in den Einstellungen ein (Alt 8), dann schließen Sie ab.", nil)
	}
	return b, err
}

// signiert are the TSEs that signed for records of a till or began to, and the one that signs for it
// now: a record says which of them it was, so that another one begins no new closing.
func signiert(rows journal.Rows, till string, list []bon.Bon) (out []tse.Geraet, err error) {
	all, err := belege.TSEs(rows, till)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	used := []string{all[len(all)-1].Geraet.Seriennummer}
	for _, b := range list {
		g, ok, err := belege.Gesichert(rows, b.Nummer)
		if err != nil {
			return nil, err
		}
		if ok && g.Signatur != nil {
			used = append(used, g.Signatur.Seriennummer)
		}
		if b.Transaktion != nil {
			used = append(used, b.Transaktion.Seriennummer)
		}
	}
	for _, t := range all {
		known := slices.ContainsFunc(out, func(o tse.Geraet) bool { return o.Seriennummer == t.Geraet.Seriennummer })
		if !known && slices.Contains(used, t.Geraet.Seriennummer) {
			out = append(out, t.Geraet)
		}
	}
	return out, nil
}
