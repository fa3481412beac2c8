// Package rezept describes a prescription, however it came in: as an E-Rezept, on
// Muster 16 paper, or as a private prescription.
package rezept

import (
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Herkunft is the way a prescription came in.
type Herkunft string

// The ways.
const (
	ERezept  Herkunft = "e-rezept"
	Muster16 Herkunft = "muster-16"
	Privat   Herkunft = "privat"
)

// Zuzahlungsstatus is KBV StatusCoPayment.
type Zuzahlungsstatus int

// The states; StatusUnbekannt means the prescription does not say.
const (
	Zuzahlungspflichtig Zuzahlungsstatus = iota
	Zuzahlungsbefreit
	KuenstlicheBefruchtung
	StatusUnbekannt Zuzahlungsstatus = -1
)

// Unfall is KBV accident kind.
type Unfall int

// The kinds of accident.
const (
	KeinUnfall Unfall = iota
	UnfallAllgemein
	Arbeitsunfall
	SchaedigendesEreignis // soziale Entschädigung (SGB XIV)
	Berufskrankheit
)

// Patient is the person a prescription is for. It is personal data: it enters the
// journal only sealed and never a log.
type Patient struct {
	Name, Vorname     string
	Geburt            civil.Day // zero if unknown or partial
	GeburtText        string    // as prescribed: "1972", "1972-05" or "1972-05-03"
	KVNR              string
	Strasse, PLZ, Ort string
}

// Kostentraeger is who pays.
type Kostentraeger struct {
	Art  zuzahlung.Traeger `json:"art"`
	IK   string            `json:"ik"`
	Name string            `json:"name"`
	// AlternativIK is the insurer of the accident or disease where IK names the
	// patient's own Krankenkasse; empty if there is none.
	AlternativIK string `json:"alternativ_ik,omitempty"`
}

// Verordner is the prescriber.
type Verordner struct {
	Name, LANR, BSNR, Telefon string

	ZANR, KZVA        string // of a dentist instead of LANR and BSNR
	Bezeichnung       string // Berufsbezeichnung
	Einrichtung       string // name of the practice or hospital
	EinrichtungIK     string // of a hospital without BSNR
	Strasse, PLZ, Ort string // of the Einrichtung
	Verantwortlich    string // the physician in charge of a substitute or trainee
}

// Mehrfach says which part of a Mehrfachverordnung this is.
type Mehrfach struct {
	Nummer, Gesamt int
	Ab, Bis        civil.Day // redeemable; Bis zero: one year after issue
}

// Rezept is one prescription with its Verordnungen.
type Rezept struct {
	ID                  string // E-Rezept: 160.000.000.000.000.00; else made here
	Herkunft            Herkunft
	FlowType            int    // 160 GKV, 169, 200 PKV, 209; 0 on paper
	Profil              string // "KBV_PR_ERP_Bundle|1.4"; empty on paper
	Ausgestellt         civil.Day
	Patient             Patient
	Kostentraeger       Kostentraeger
	Verordner           Verordner
	Status              Zuzahlungsstatus
	Unfall              Unfall
	Noctu               bool
	BVG                 bool
	Schwanger           bool
	Impfstoff           bool
	Sprechstundenbedarf bool
	Ersatzverordnung    bool
	Mehrfach            *Mehrfach
	Verordnungen        []Verordnung

	Rechtsgrundlage string    // KBV Statuskennzeichen: "00", "04" Entlassmanagement …; empty on paper
	Unfalltag       civil.Day // of an accident; zero if not stated
	Unfallbetrieb   string    // employer of an Arbeitsunfall

	// Befunde is what was doubtful when it was read; it must not be forgotten at the till.
	Befunde []befund.Befund `json:",omitempty"`
}

// Entlassrezept reports whether a hospital issued it on discharge (§ 39(1a) SGB V).
func (r Rezept) Entlassrezept() bool { return r.Rechtsgrundlage == "04" || r.Rechtsgrundlage == "14" }

// Art is the kind of a Verordnung.
type Art string

// The kinds.
const (
	PZNVerordnung       Art = "pzn"
	WirkstoffVerordnung Art = "wirkstoff"
	FreitextVerordnung  Art = "freitext"
	RezepturVerordnung  Art = "rezeptur"
)

// Verordnung is one line of a prescription.
type Verordnung struct {
	Art              Art           `json:"art"`
	PZN              kennung.PZN   `json:"pzn,omitempty"`
	Text             string        `json:"text"` // trade name, free text or name of the preparation
	Wirkstoff        string        `json:"wirkstoff,omitempty"`
	Wirkstaerke      string        `json:"wirkstaerke,omitempty"`
	Darreichungsform string        `json:"darreichungsform,omitempty"`
	Normgroesse      string        `json:"normgroesse,omitempty"`
	Menge            string        `json:"menge,omitempty"` // of one pack
	Einheit          string        `json:"einheit,omitempty"`
	Packungen        int           `json:"packungen"`
	AutIdemKreuz     bool          `json:"aut_idem_kreuz"` // substitution forbidden by the prescriber
	Dosierung        string        `json:"dosierung,omitempty"`
	Hinweis          string        `json:"hinweis,omitempty"`
	Kategorie        string        `json:"kategorie,omitempty"`    // 00 drug, 01 BtM, 02 T-Rezept, 03 other
	Bestandteile     []Bestandteil `json:"bestandteile,omitempty"` // of a Rezeptur
	Herstellung      string        `json:"herstellung,omitempty"`

	BtMKennzeichen string    `json:"btm_kennzeichen,omitempty"` // S, ST, SZ, K, N … of a BtM-Rezept
	Substitution   string    `json:"substitution,omitempty"`    // notes on a Substitutionsmittel
	TAngaben       *TAngaben `json:"t_angaben,omitempty"`
	Reichdauer     string    `json:"reichdauer,omitempty"` // "4 Woche(n)"
}

// TAngaben are the physician's confirmations on a T-Rezept (§ 3a AMVV).
type TAngaben struct {
	OffLabel              bool `json:"off_label"`
	GebaerfaehigeFrau     bool `json:"gebaerfaehige_frau"`
	Sicherheitsmassnahmen bool `json:"sicherheitsmassnahmen"`
	Informationsmaterial  bool `json:"informationsmaterialien"`
	Sachkenntnis          bool `json:"sachkenntnis"`
}

// Bestandteil is an ingredient of a Rezeptur.
type Bestandteil struct {
	PZN   kennung.PZN `json:"pzn,omitempty"`
	Name  string      `json:"name"`
	Menge string      `json:"menge"` // "60 g"
}
