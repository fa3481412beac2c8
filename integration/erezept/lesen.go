package erezept

import (
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/rezept"
)

// verordnungBundle is the profile of a prescription.
const verordnungBundle = "KBV_PR_ERP_Bundle"

// Parse reads a prescription: a KBV_PR_ERP_Bundle of version 1.1, 1.3 or 1.4. What
// cannot be read at all is an error with a German sentence; what can be read but is
// doubtful or cannot be handled is a Befund.
func Parse(data []byte) (rezept.Rezept, []befund.Befund, error) {
	if len(data) > MaxBytes {
		return rezept.Rezept{}, nil, errGross()
	}
	b, err := leseBundle(data)
	if err != nil {
		return rezept.Rezept{}, nil, err
	}
	if b.profil != verordnungBundle {
		return rezept.Rezept{}, nil, errProfil("keine Verordnung", b.profil)
	}
	switch version(b.version) {
	case "1.1", "1.3", "1.4":
	default:
		return rezept.Rezept{}, nil, errVersion("Die Verordnung", b.version, "1.1, 1.3 und 1.4")
	}
	l := &leser{b: b}
	if err := l.lies(); err != nil {
		return rezept.Rezept{}, nil, err
	}
	return l.r, l.befunde, nil
}

// version is major and minor: the packages write "1.4", "1.4.1" or "1.1.0".
func version(v string) string {
	part := strings.SplitN(v, ".", 3)
	if len(part) < 2 {
		return v
	}
	return part[0] + "." + part[1]
}

// leser collects the prescription and what is to be said about it.
type leser struct {
	b       *bundle
	r       rezept.Rezept
	befunde []befund.Befund
}

func (l *leser) sag(code string, s befund.Schwere, subject, text string) {
	l.befunde = append(l.befunde, befund.Befund{Code: code, Schwere: s, Subject: kurz(subject), Text: text})
}

func (l *leser) lies() error {
	l.r = rezept.Rezept{
		ID: l.b.rezeptID(), Herkunft: rezept.ERezept, Profil: l.b.profil + "|" + l.b.version,
		Rechtsgrundlage: l.b.erste("Composition").ext("KBV_EX_FOR_Legal_basis").code(),
	}
	if err := l.id(); err != nil {
		return err
	}
	if l.b.erste("SupplyRequest").gibt() {
		if err := l.praxisbedarf(l.b.erste("SupplyRequest")); err != nil {
			return err
		}
	} else if err := l.verordnungen(); err != nil {
		return err
	}
	l.verordner()
	l.pruefen()
	return nil
}

// id reads the prescription id and the type of prescription in its first digits.
func (l *leser) id() error {
	if l.r.ID == "" {
		return errFehlt("die Rezept-ID")
	}
	if !idForm(l.r.ID) {
		return errFehlt("eine lesbare Rezept-ID")
	}
	l.r.FlowType, _ = strconv.Atoi(l.r.ID[:3])
	if !idZiffern(l.r.ID) {
		l.sag("R-121", befund.Hinweis, l.r.ID, "Die Prüfziffer der Rezept-ID stimmt nicht; bitte die Datei neu abrufen.")
	}
	return nil
}

// idForm is "160.100.000.000.000.00".
func idForm(id string) bool {
	const form = "000.000.000.000.000.00"
	if len(id) != len(form) {
		return false
	}
	for i := range len(id) {
		digit := id[i] >= '0' && id[i] <= '9'
		if digit != (form[i] == '0') || (!digit && id[i] != '.') {
			return false
		}
	}
	return true
}

// idZiffern checks the two digits at the end (ISO 7064, MOD 97-10).
func idZiffern(id string) bool { return rest97(strings.ReplaceAll(id, ".", "")) == 1 }

func rest97(digits string) int {
	n := 0
	for _, d := range digits {
		n = (n*10 + int(d-'0')) % 97
	}
	return n
}

// verordnungen reads the MedicationRequest. KBV allows one; should there be more, each
// is a line and the first decides about the prescription.
func (l *leser) verordnungen() error {
	list := l.b.nachArt["MedicationRequest"]
	switch {
	case len(list) == 0:
		return errFehlt("die Verordnung")
	case len(list) > maxZeilen:
		return errTiefe()
	case len(list) > 1:
		l.sag("R-122", befund.Warnung, strconv.Itoa(len(list)),
			"Das E-Rezept hat mehr als eine Verordnung; bitte jede einzeln prüfen.")
	}
	if err := l.kopf(list[0]); err != nil {
		return err
	}
	for _, m := range list {
		v, err := l.verordnung(m)
		if err != nil {
			return err
		}
		l.r.Verordnungen = append(l.r.Verordnungen, v)
	}
	return nil
}

// maxZeilen is more than any form of paper has.
const maxZeilen = 9

// kopf reads what concerns the whole prescription.
func (l *leser) kopf(m *knoten) error {
	r := &l.r
	var err error
	if r.Ausgestellt, err = tag(m.wert("authoredOn")); err != nil {
		return errFehlt("das Ausstellungsdatum")
	}
	r.Status = rezept.StatusUnbekannt
	for _, ext := range []string{"KBV_EX_ERP_StatusCoPayment", "KBV_EX_FOR_StatusCoPayment"} {
		if s, err := strconv.Atoi(m.ext(ext).code()); err == nil && s >= 0 && s <= 2 {
			r.Status = rezept.Zuzahlungsstatus(s)
		}
	}
	r.Noctu = m.ext("KBV_EX_ERP_EmergencyServicesFee").ja()
	r.BVG = m.ext("KBV_EX_ERP_BVG").ja() || m.ext("KBV_EX_FOR_SER").ja()
	l.unfall(m.ext("KBV_EX_FOR_Accident"))
	l.mehrfach(m.ext("KBV_EX_ERP_Multiple_Prescription"))
	if err := l.patient(l.b.folge(m.wert("subject/reference"), "Patient")); err != nil {
		return err
	}
	l.kostentraeger(l.b.folge(m.wert("insurance/reference"), "Coverage"))
	return nil
}

func (l *leser) unfall(e *knoten) {
	if !e.gibt() {
		return
	}
	n, err := strconv.Atoi(e.ext("Unfallkennzeichen").code())
	if err != nil || n < int(rezept.UnfallAllgemein) || n > int(rezept.Berufskrankheit) {
		l.sag("R-123", befund.Warnung, e.ext("Unfallkennzeichen").code(),
			"Das Unfallkennzeichen ist nicht bekannt; bitte in der Praxis nach der Art des Unfalls fragen.")
		return
	}
	l.r.Unfall = rezept.Unfall(n)
	l.r.Unfalltag, _ = tag(e.ext("Unfalltag").text())
	l.r.Unfallbetrieb = e.ext("Unfallbetrieb").text()
}

func (l *leser) mehrfach(e *knoten) {
	if !e.ext("Kennzeichen").ja() {
		return
	}
	m := &rezept.Mehrfach{}
	nr := e.ext("Nummerierung").inhalt()
	m.Nummer, _ = strconv.Atoi(nr.wert("numerator/value"))
	m.Gesamt, _ = strconv.Atoi(nr.wert("denominator/value"))
	zeit := e.ext("Zeitraum").inhalt()
	ab, err := tag(zeit.wert("start"))
	if err != nil {
		l.sag("R-124", befund.Warnung, zeit.wert("start"),
			"Die Mehrfachverordnung nennt keinen Beginn; bitte in der Praxis nachfragen, ab wann sie einlösbar ist.")
	}
	m.Ab = ab
	m.Bis, _ = tag(zeit.wert("end"))
	if m.Bis != 0 && m.Bis < m.Ab {
		l.sag("R-125", befund.Warnung, zeit.wert("end"),
			"Die Mehrfachverordnung endet vor ihrem Beginn; bitte in der Praxis nachfragen.")
	}
	l.r.Mehrfach = m
}

// tag reads a day; of a point in time the German day as written counts.
func tag(text string) (civil.Day, error) {
	if len(text) > 10 {
		text = text[:10]
	}
	return civil.Parse(text)
}
