package erezept

import "github.com/offizin/offizin/internal/fault"

// The limits of a file. The largest real bundle seen has 60 kB; the Fachdienst
// takes no more than 1 MB.
const (
	MaxBytes  = 2 << 20
	maxTiefe  = 48     // nested elements; real bundles have 14
	maxKnoten = 50_000 // elements; real bundles have 1 500
)

// invalid is a file that cannot be read at all; the text says what to do.
func invalid(code, text string, cause error) error {
	return fault.New(fault.Invalid, code, text, cause)
}

// The faults of a file. Each code is explained in docs/handbuch/erezept.md.
func errLeer() error {
	return invalid("R-101", "Die Datei ist leer; bitte das E-Rezept neu abrufen oder eine andere Datei wählen.", nil)
}

func errGross() error {
	return invalid("R-102", "Die Datei ist größer als 2 MB und kein E-Rezept; bitte eine andere Datei wählen.", nil)
}

func errKeinXML(cause error) error {
	return invalid("R-103", "Die Datei ist kein XML; bitte das KBV-Bundle als XML-Datei wählen.", cause)
}

func errJSON() error {
	return invalid("R-104", "Die Datei ist JSON; Apotheken verarbeiten E-Rezepte als XML, bitte die XML-Fassung wählen.",
		nil)
}

func errSigniert() error {
	return invalid("R-105", "Das ist die signierte Datei (PKCS#7); bitte das daraus entpackte XML wählen.", nil)
}

func errZeichensatz(name string) error {
	return invalid("R-106", "Die Datei nennt den Zeichensatz "+kurz(name)+
		"; ein E-Rezept ist immer UTF-8, bitte neu abrufen.", nil)
}

func errKeinUTF8(cause error) error {
	return invalid("R-106", "Die Datei enthält Zeichen, die kein UTF-8 sind; bitte neu abrufen.", cause)
}

func errDTD() error {
	return invalid("R-107", "Die Datei enthält eine Dokumenttyp-Angabe oder eigene Entitäten; aus Sicherheitsgründen "+
		"wird sie nicht gelesen, bitte neu abrufen.", nil)
}

func errTiefe() error {
	return invalid("R-108", "Die Datei ist tiefer verschachtelt oder hat mehr Elemente als jedes E-Rezept; bitte eine "+
		"andere Datei wählen.", nil)
}

func errAbgeschnitten(cause error) error {
	return invalid("R-109", "Die Datei ist unvollständig, das Ende fehlt; bitte neu abrufen.", cause)
}

func errForm(cause error) error {
	return invalid("R-110", "Die Datei ist fehlerhaftes XML und nicht lesbar; bitte neu abrufen.", cause)
}

func errFremd(root string) error {
	return invalid("R-111", "Die Datei ist XML, aber kein FHIR-Bundle, sondern „"+kurz(root)+
		"“; bitte eine E-Rezept-Datei wählen.", nil)
}

func errProfil(want, got string) error {
	if got == "" {
		got = "ohne Profil"
	}
	return invalid("R-112", "Das FHIR-Bundle ("+kurz(got)+") ist "+want+"; bitte eine andere Datei wählen.", nil)
}

func errVersion(what, got, known string) error {
	return invalid("R-113", what+" in der Version "+kurz(got)+" ist nicht bekannt (lesbar: "+known+
		"); bitte Offizin aktualisieren.", nil)
}

func errFehlt(what string) error {
	return invalid("R-114", "Im Bundle fehlt "+what+"; bitte die ausstellende Praxis um ein neues E-Rezept bitten.", nil)
}

func errAbgabe(what string) error {
	return invalid("R-115", "Im Abgabedatensatz fehlt "+what+" oder ist nicht lesbar; bitte den Datensatz neu erzeugen.",
		nil)
}

// kurz cuts foreign text before it is shown.
func kurz(s string) string {
	const limit = 60
	r := []rune(s)
	if len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}
