// Package aenderungen keeps every change of master data in the order of the journal: settings,
// staff, permits, Festlegungen, own articles and prices, TSEs, machines, catalogues (GoBD
// Tz. 107: a change must not hide what was there before). Table "aenderungen":
//
//	LAMPORT/ORIGIN/SEQ what was set
package aenderungen

import (
	"fmt"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "aenderungen"

// Projection folds them.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection. Secrets are never written, not even as a hash.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	z, ok := zeile(e)
	if !ok {
		return nil
	}
	z.Zeit, z.Wer = r.Wall, r.Actor
	return projection.Put(tx, table, fmt.Sprintf("%016x/%s/%09d", r.Lamport, r.Origin, r.Seq), z)
}

// Zeile is one change.
type Zeile struct {
	Zeit    int64  `json:"zeit"` // UTC nanoseconds
	Wer     string `json:"wer"`
	Art     string `json:"art"` // "Einstellung", "Benutzer", …
	Was     string `json:"was"` // which of them
	Nachher string `json:"nachher"`
	Vorher  string `json:"-"` // as read: what was set before; empty: nothing
}

// Tag is the civil day of the change.
func (z Zeile) Tag() civil.Day { return clock.DayOf(time.Unix(0, z.Zeit).UTC()) }

func zeile(e journal.Event) (z Zeile, ok bool) {
	switch e := e.(type) {
	case event.EinstellungGesetzt:
		return Zeile{Art: "Einstellung", Was: e.Schluessel, Nachher: e.Wert}, true
	case event.BenutzerGesetzt:
		state := map[bool]string{true: "aktiv", false: "nicht aktiv"}[e.Aktiv]
		return Zeile{Art: "Benutzer", Was: e.Kuerzel, Nachher: list(e.Name, e.Rolle, state)}, true
	case event.RechtFestgelegt:
		what := list(e.Parameter, "ab "+e.Ab.German())
		return Zeile{Art: "Festlegung", Was: what, Nachher: list(e.Wert, e.Begruendung)}, true
	case event.EigenerArtikelGesetzt:
		text := list(e.Name, e.Menge+" "+e.Einheit, e.Preis.String(), "EK "+e.Einkauf.String())
		text = list(text, fmt.Sprintf("MwSt %v", e.MwSt))
		if e.Ausgelistet {
			text = list(text, "ausgelistet")
		}
		return Zeile{Art: "Eigener Artikel", Was: string(e.PZN), Nachher: text}, true
	case event.EigenerPreisGesetzt:
		text := e.Preis.String()
		if e.Preis == 0 {
			text = "zurückgenommen"
		}
		if e.Bis != 0 {
			text = list(text, "bis "+e.Bis.German())
		}
		return Zeile{Art: "Eigener Preis", Was: list(string(e.PZN), "ab "+e.Ab.German()), Nachher: text}, true
	case event.TSEGesetzt:
		return Zeile{Art: "TSE", Was: e.Till, Nachher: list(e.Serie, e.Geraet.Seriennummer, e.Geraet.Zertifizierung)}, true
	case event.TillBeendet:
		return Zeile{Art: "Außer Betrieb", Was: e.Till, Nachher: list(e.Tag.German(), e.Grund)}, true
	case event.TillWieder:
		return Zeile{Art: "Wieder in Betrieb", Was: e.Till, Nachher: list(e.Tag.German(), e.Bon)}, true
	}
	return zugang(e)
}

// zugang is what lets people and machines in.
func zugang(e journal.Event) (z Zeile, ok bool) {
	switch e := e.(type) {
	case event.PinGesetzt:
		return Zeile{Art: "PIN", Was: e.Kuerzel, Nachher: "neu gesetzt"}, true
	case event.AusweisGesetzt:
		text := map[bool]string{true: "entzogen", false: "ausgegeben"}[e.Hash == ""]
		return Zeile{Art: "Ausweis", Was: e.Kuerzel, Nachher: text}, true
	case event.ErlaubnisErteilt:
		text := list(e.Kuerzel, e.Art, "ab "+e.Ab.German(), e.Dokument)
		if e.Grenze != 0 {
			text = list(text, "bis "+e.Grenze.String())
		}
		return Zeile{Art: "Erlaubnis", Was: e.ID, Nachher: text}, true
	case event.ErlaubnisWiderrufen:
		return Zeile{Art: "Erlaubnis", Was: e.ID, Nachher: list(e.Wem, "widerrufen ab "+e.Ab.German())}, true
	case event.RechnerAufgenommen:
		return Zeile{Art: "Rechner", Was: e.Platz, Nachher: list(fmt.Sprintf("Rang %d", e.Rang), e.Adresse)}, true
	case event.RechnerEntfernt:
		return Zeile{Art: "Rechner", Was: e.Platz, Nachher: list("entfernt", e.Grund)}, true
	case event.KatalogGewaehlt:
		return Zeile{Art: "Katalog", Was: e.Art, Nachher: list(e.Katalog, "ab "+e.Tag.German(), e.Grund)}, true
	case event.PruefungEroeffnet:
		text := list(e.Kuerzel, e.Von.German()+" bis "+e.Bis.German(), "bis "+e.Ende.German(), e.Anlass)
		return Zeile{Art: "Prüfung", Was: e.ID, Nachher: text}, true
	case event.PruefungBeendet:
		return Zeile{Art: "Prüfung", Was: e.ID, Nachher: "beendet"}, true
	}
	return z, false
}

func list(parts ...string) string {
	var full []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			full = append(full, p)
		}
	}
	return strings.Join(full, ", ")
}

// Each calls f for the changes of the civil days from von to bis, the first one first, each
// with what was set before it.
func Each(rows journal.Rows, von, bis civil.Day, f func(Zeile) (bool, error)) error {
	before := map[[2]string]string{}
	return projection.Each(rows, table, journal.Prefix(""), func(_ string, z Zeile) (bool, error) {
		key := [2]string{z.Art, z.Was}
		z.Vorher, before[key] = before[key], z.Nachher
		if day := z.Tag(); day < von || day > bis {
			return true, nil
		}
		return f(z)
	})
}
