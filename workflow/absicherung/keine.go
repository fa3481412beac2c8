package absicherung

import (
	"context"

	"github.com/offizin/offizin/domain/tse"
)

// Keine is the device of a till whose TSE cannot be reached at all: its settings are lost or
// unreadable. Everything fails, so that the outage is on record and receipts are marked (AEAO
// zu § 146a Nr. 1.14).
type Keine struct{ Grund string }

var _ Geraet = Keine{}

func (k Keine) fehler() error { return &tse.Fehler{Art: tse.Einrichtung, Text: k.Grund} }

// Stand implements Geraet.
func (k Keine) Stand(context.Context) (tse.Stand, error) { return tse.Stand{}, k.fehler() }

// Selbsttest implements Geraet.
func (k Keine) Selbsttest(context.Context) error { return k.fehler() }

// Stellen implements Geraet.
func (k Keine) Stellen(context.Context) error { return k.fehler() }

// Anmelden implements Geraet.
func (k Keine) Anmelden(context.Context, string) error { return k.fehler() }

// Beginnen implements Geraet.
func (k Keine) Beginnen(context.Context, string, string) (tse.Beginn, error) {
	return tse.Beginn{}, k.fehler()
}

// Beenden implements Geraet.
func (k Keine) Beenden(context.Context, string, tse.Beginn, string, string) (tse.Signatur, error) {
	return tse.Signatur{}, k.fehler()
}

// Offene implements Geraet.
func (k Keine) Offene(context.Context, string) ([]tse.Offen, error) { return nil, k.fehler() }

// Beendet implements Geraet.
func (k Keine) Beendet(context.Context, string, uint64) (tse.Signatur, bool, error) {
	return tse.Signatur{}, false, k.fehler()
}

// Letzte implements Geraet.
func (k Keine) Letzte(context.Context, string) (uint64, bool, error) { return 0, false, k.fehler() }
