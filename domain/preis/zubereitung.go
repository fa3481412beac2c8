package preis

import (
	"slices"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/fassung"
)

// Zubereitung is a preparation as it is entered: from it and the law of a day follows
// its price.
type Zubereitung struct {
	Arbeit       Arbeit        `json:"arbeit"`
	Menge        int64         `json:"menge,omitempty"` // of the whole, in the unit of the Grundmenge
	Bestandteile []Bestandteil `json:"bestandteile"`    // substances, drugs and the vessel
}

// Equal reports whether two preparations are the same; either may be nil.
func (z *Zubereitung) Equal(o *Zubereitung) bool {
	if z == nil || o == nil {
		return z == o
	}
	return z.Arbeit == o.Arbeit && z.Menge == o.Menge && slices.Equal(z.Bestandteile, o.Bestandteile)
}

// Arbeit is the kind of work on a preparation as § 5(3) AMPreisV tells them apart.
type Arbeit string

// The kinds of work.
const (
	Einfach       Arbeit = "einfach"
	Loesung       Arbeit = "loesung"
	Salbe         Arbeit = "salbe"
	LoesungWaerme Arbeit = "loesung-waerme"
	Pillen        Arbeit = "pillen"
	Kapseln       Arbeit = "kapseln"
	Steril        Arbeit = "steril"
	Ampullen      Arbeit = "ampullen"
	Unverarbeitet Arbeit = "unverarbeitet" // AMPreisV § 4: handed over as it is
)

// Arbeitsart is a kind of work with what the law says of it.
type Arbeitsart struct {
	Arbeit     Arbeit
	Nummer     int    // of § 5(3); 0: § 4, no Rezepturzuschlag
	Name       string // German
	Einheit    string // of the Grundmenge
	Grundmenge fassung.Fassung[int]
}

// Arbeiten lists the kinds of work with the Grundmenge in force.
func Arbeiten(r Recht) []Arbeitsart {
	list := []Arbeitsart{
		{Arbeit: Einfach, Nummer: 1, Name: "Einfache Zubereitung", Einheit: "g"},
		{Arbeit: Loesung, Nummer: 1, Name: "Teemischung, Lösung ohne Wärme, Mischen von Flüssigkeiten", Einheit: "g"},
		{Arbeit: Salbe, Nummer: 2, Name: "Salbe, Paste, Pulver, Suspension, Emulsion", Einheit: "g"},
		{Arbeit: LoesungWaerme, Nummer: 2, Name: "Lösung mit Wärme, Mazerat, Aufguss, Abkochung", Einheit: "g"},
		{Arbeit: Pillen, Nummer: 3, Name: "Pillen, Tabletten, Pastillen", Einheit: "St"},
		{Arbeit: Kapseln, Nummer: 3, Name: "Kapseln, abgeteilte Pulver, Zäpfchen, Vaginalkugeln", Einheit: "St"},
		{Arbeit: Steril, Nummer: 3, Name: "Sterile oder keimfreie Zubereitung", Einheit: "g"},
		{Arbeit: Ampullen, Nummer: 3, Name: "Zugeschmolzene Ampullen", Einheit: "St"},
	}
	for i := range list {
		list[i].Grundmenge = r.Grundmengen[i]
	}
	return append(list, Arbeitsart{Arbeit: Unverarbeitet, Name: "Unverarbeitet abgefüllt"})
}

// ComputeZubereitung returns the price of a preparation: § 5(1) to (3) AMPreisV, or § 4
// for what is handed over unprocessed.
func ComputeZubereitung(z Zubereitung, r Recht) Preis {
	list := Arbeiten(r)
	i := slices.IndexFunc(list, func(a Arbeitsart) bool { return a.Arbeit == z.Arbeit })
	switch {
	case i < 0:
		return Preis{Befunde: []befund.Befund{schlechteRezeptur("die Arbeit")}}
	case list[i].Nummer == 0:
		return ComputeUnverarbeitet(z.Bestandteile, artikel.MwStVoll, r)
	case list[i].Grundmenge.Was <= 0 || r.ArbeitspreisMehrmenge.Was <= 0:
		return Preis{Befunde: []befund.Befund{ohneRegel(rezepturNorm)}}
	}
	return ComputeRezeptur(Rezeptur{
		Bestandteile: z.Bestandteile, Arbeit: list[i].Nummer, Menge: z.Menge,
		Grundmenge: int64(list[i].Grundmenge.Was), MwSt: artikel.MwStVoll,
	}, r)
}
