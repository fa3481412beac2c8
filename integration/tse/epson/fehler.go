package epson

import (
	"errors"
	"strings"

	"github.com/offizin/offizin/domain/tse"
)

// code is what host or TSE answer; anything but success is an error.
type code string

// Error implements error.
func (c code) Error() string { return string(c) }

// ergebnis is the code in an error; empty if there is none.
func ergebnis(err error) code {
	c, _ := errors.AsType[code](err)
	return c
}

// unverstanden is an answer that is not of the form.
func unverstanden(err error) error {
	return &tse.Fehler{Art: tse.Ausfall, Text: "Die TSE antwortet Unverständliches", Err: err}
}

// bedeutung is what a code means to a till.
type bedeutung struct {
	code code
	art  tse.Art
	text string
}

// bedeutungen are the codes with a meaning of their own; a prefix is enough.
func bedeutungen() []bedeutung {
	return []bedeutung{
		{"DEVICE_NOT_FOUND", tse.Ausfall, "Die TSE ist nicht angeschlossen"},
		{"DEVICE_OPEN_ERROR", tse.Ausfall, "Die TSE lässt sich nicht öffnen"},
		{"OTHER_ERROR_NO_STORAGE_FOUND", tse.Ausfall, "Die TSE ist nicht angeschlossen"},
		{"TSE1_ERROR_NO_TSE", tse.Ausfall, "Die TSE ist nicht angeschlossen"},
		{"ERROR_DEVICE_BUSY", tse.Wiederholbar, "Die TSE ist beschäftigt"},
		{"OTHER_ERROR_CURRENTLY_EXPORTING", tse.Wiederholbar, "Die TSE exportiert gerade"},
		{"TSE1_ERROR_NOT_ALLOWED_EXPORT_IN_PROGRES", tse.Wiederholbar, "Die TSE exportiert gerade"},
		{"TSE1_ERROR_EXPORT_RETRY", tse.Wiederholbar, "Die TSE exportiert gerade"},
		{"TSE1_ERROR_STORE_FULL", tse.Ausfall, "Der Speicher der TSE ist voll"},
		{"TSE1_ERROR_TRANSACTION_SIGNATURES_EXCEEDED", tse.Ausfall, "Die TSE kann nicht mehr signieren"},
		{"TSE1_ERROR_MAX_PARALLEL_TRANSACTIONS", tse.Ausfall, "Zu viele offene Vorgänge an der TSE"},
		{"TSE1_ERROR_WRONG_STATE_NEEDS_SELF_TEST", tse.Ausfall, "Die TSE braucht einen Selbsttest"},
		{"TSE1_ERROR_SELF_TEST_FAILED", tse.Ausfall, "Der Selbsttest der TSE ist fehlgeschlagen"},
		{"TSE1_ERROR_WRONG_STATE_NEEDS", tse.Einrichtung, "Die TSE ist noch nicht eingerichtet"},
		{"TSE1_ERROR_TSE_NOT_INITIALIZED", tse.Einrichtung, "Die TSE ist noch nicht eingerichtet"},
		{"TSE1_ERROR_TSE_DECOMMISSIONED", tse.Einrichtung, "Die TSE ist außer Betrieb genommen"},
		{"TSE1_ERROR_CERTIFICATE_EXPIRED", tse.Einrichtung, "Das Zertifikat der TSE ist abgelaufen"},
		{"TSE1_ERROR_CLIENT_NOT_REGISTERED", tse.Einrichtung, "Der Platz ist an der TSE nicht angemeldet"},
		{"TSE1_ERROR_CLIENT_HAS_UNFINISHED", tse.Einrichtung, "Der Platz hat noch offene Vorgänge an der TSE"},
		{"TSE1_ERROR_MAX_REGISTERED_CLIENTS", tse.Einrichtung, "An der TSE sind zu viele Plätze angemeldet"},
		{"OTHER_ERROR_TOO_MANY_TIME_ADMIN", tse.Einrichtung, "An der TSE sind zu viele Plätze angemeldet"},
		{keinVorgang, tse.Einrichtung, "Die TSE kennt den Vorgang nicht"},
		{gesperrtePIN, tse.Einrichtung, "Die PIN der TSE ist gesperrt"},
		{falschePIN, tse.Einrichtung, "Die PIN der TSE ist falsch"},
		{falschesSecret, tse.Einrichtung, "Das Kennwort des TSE-Druckers ist falsch"},
		{"TSE1_ERROR_NOT_AUTHORIZED", tse.Einrichtung, "Die TSE lässt das nicht zu"},
		{"JSON_ERROR", tse.Einrichtung, "Die TSE versteht die Anfrage nicht"},
		{"TSE1_ERROR_TSE_INVALID_PARAMETER", tse.Einrichtung, "Die TSE versteht die Anfrage nicht"},
		{"TSE1_ERROR_INVALID_PARAMETER", tse.Einrichtung, "Die TSE versteht die Anfrage nicht"},
	}
}

// fehlerOf says what a code means. What nobody knows is an outage: the shop goes on.
func fehlerOf(c code) error {
	for _, b := range bedeutungen() {
		if strings.HasPrefix(string(c), string(b.code)) {
			return &tse.Fehler{Art: b.art, Text: b.text, Err: c}
		}
	}
	return &tse.Fehler{Art: tse.Ausfall, Text: "Die TSE meldet einen Fehler", Err: c}
}
