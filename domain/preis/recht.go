// Package preis computes prices of articles by the Arzneimittelpreisverordnung
// (AMPreisV) and § 129(5a) SGB V, with the steps and norms that made them.
package preis

import (
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/money"
)

// Betrag is a legal amount in the Fassung in force on a day. A parameter that is not in
// force has Repealed set and a zero value.
type Betrag = fassung.Fassung[money.Cent]

// Anteil is a legal share, likewise.
type Anteil = fassung.Fassung[money.PPM]

// Tabelle is a legal table of markups, likewise.
type Tabelle = fassung.Fassung[[]Stufe]

// Stufe is one step of a regressive markup table: up to and including Bis (zero:
// no limit) the markup is Anteil of the price plus Fest.
type Stufe struct {
	Bis    money.Cent
	Anteil money.PPM
	Fest   money.Cent
}

// Recht is everything preis needs of the law of one day.
type Recht struct {
	MwStVoll, MwStErmaessigt Anteil

	GHAnteil       Anteil  // AMPreisV § 2: share of the ApU, since 2012
	GHHoechst      Betrag  // cap of that share
	GHFest         Betrag  // fixed wholesale markup, net
	GHStufen2004   Tabelle // wholesale table 2004–2011, in force only then
	ApothekeAnteil Anteil  // AMPreisV § 3(1): 3 % of the AEP
	Fixum          Betrag  // net
	Notdienst      Betrag  // net per Rx pack
	PDL            Betrag  // pharmazeutische Dienstleistungen, net per Rx pack
	TierFixum      Betrag  // § 3(1) S. 2: human Rx drug used on animals

	GHStufen2003       Tabelle // § 129(5a) SGB V: wholesale markup of 31.12.2003
	ApothekeStufen2003 Tabelle // § 129(5a) SGB V: pharmacy markup of 31.12.2003

	RezepturAufschlag      Anteil // AMPreisV § 5(1): 90 %
	RezepturFixum          Betrag // § 5(1) Nr. 3
	Arbeitspreis1          Betrag // § 5(3) Nr. 1
	Arbeitspreis2          Betrag
	Arbeitspreis3          Betrag
	ArbeitspreisMehrmenge  Anteil // § 5(3): 50 % for each further quantity up to the Grundmenge
	UnverarbeitetAufschlag Anteil // § 4: 100 %
	HilfstaxeParenteral    Betrag // Hilfstaxe Anlage 3 surcharge, net

	Grundmengen [8]fassung.Fassung[int] // § 5(3): what one Rezepturzuschlag covers, in the order of Arbeiten

	Parenteral [7]Betrag // § 5(6) Nr. 1 to 7: surcharge per unit, net, outside the GKV

	TeilmengeKleinstePackung fassung.Fassung[bool] // § 3(5) S. 2: a Teilmenge costs what the smallest pack costs
}
