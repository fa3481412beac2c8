package quittung

import (
	"fmt"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/bon"
)

func (b Beleg) kopf(title string) []Zeile {
	a := b.Apotheke
	out := []Zeile{{Left: a.Name, Style: Big}}
	for _, text := range []string{
		a.Inhaber, a.Strasse, strings.TrimSpace(a.PLZ + " " + a.Ort),
		before("Steuernummer ", a.Steuernummer), before("IK ", a.IK),
	} {
		if text != "" {
			out = append(out, Zeile{Left: text, Style: Small})
		}
	}
	out = append(out, Zeile{Style: Rule})
	if b.Training {
		out = append(out, Zeile{Left: "TRAINING", Style: Big}, Zeile{Left: "keine Abgabe, kein Beleg", Style: Center})
	}
	if b.Bon.Uebung {
		out = append(out, Zeile{Left: "ÜBUNG – keine Abgabe, kein Beleg", Style: Center})
	}
	if !b.Kopie.IsZero() {
		made := map[bool]string{false: "gedruckt", true: "digital gegeben"}[b.Digital]
		out = append(out, Zeile{Left: "KOPIE, " + made + " am " + moment(b.Kopie), Style: Big})
	}
	out = append(out, Zeile{Left: title, Style: Bold}, Zeile{Left: moment(b.Zeit)})
	if b.Bon.Nacherfassung {
		out = append(out, Zeile{Left: strings.TrimSpace("NACHERFASSUNG, Beleg von Hand " + b.Bon.Beleg), Style: Bold})
	}
	if b.Bon.Grund != "" {
		out = append(out, Zeile{Left: "Grund: " + b.Bon.Grund})
	}
	for _, text := range []string{before("Es bediente Sie ", b.Benutzer), before("Für ", b.Kunde)} {
		if text != "" {
			out = append(out, Zeile{Left: text})
		}
	}
	return append(out, Zeile{Style: Rule})
}

func titel(b bon.Bon) string {
	of := ""
	if b.Bezug != "" {
		of = " zu Bon " + b.Bezug
		if b.BezugTag != 0 {
			of += " vom " + b.BezugTag.German()
		}
	}
	switch b.Art {
	case bon.Storno:
		return "STORNO " + b.Nummer + of
	case bon.Retoure:
		return "RETOURE " + b.Nummer + of
	case bon.Verkauf, bon.Bewegung, bon.Abbruch, bon.Bestellung:
	}
	return "Bon " + b.Nummer + of
}

func before(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

func moment(t time.Time) string { return t.Format("02.01.2006, 15:04 Uhr") }

// zeilen is what § 6 S. 1 Nr. 2, 4, 6 and 7 KassenSichV ask for.
func (s Sicherung) zeilen(sold time.Time) []Zeile {
	out := []Zeile{{Style: Rule}}
	small := func(text string) { out = append(out, Zeile{Left: text, Style: Small}) }
	begin, end := s.Beginn, s.Ende
	if begin.IsZero() {
		begin = sold
	}
	if end.IsZero() {
		end = sold
	}
	small("Beginn " + sekunde(begin) + ", Ende " + sekunde(end))
	if s.KassenSeriennummer != "" {
		small("Kassen-Seriennummer " + s.KassenSeriennummer)
	}
	switch s.Lage {
	case Keine:
		small(OhneTSE)
		return out
	case Ausfall:
		return append(out, Zeile{Left: "TSE AUSGEFALLEN", Style: Big}, Zeile{Left: AusfallText, Style: Small})
	case Probe:
		out = append(out, Zeile{Left: "TSE NUR ZUR PROBE", Style: Center}, Zeile{Left: ProbeText, Style: Small})
	case Signiert:
	}
	small(fmt.Sprintf("TSE-Transaktion %d, Signaturzähler %d", s.Transaktion, s.Zaehler))
	small("TSE-Seriennummer " + s.Sicherheitsmodul)
	small("Prüfwert " + s.Pruefwert)
	if s.Lage == Signiert && s.QR != "" {
		out = append(out, Zeile{Left: s.QR, Style: Code})
	}
	return out
}

func sekunde(t time.Time) string { return t.Format("02.01.2006 15:04:05") }

// What stands on a receipt that no device has signed.
const (
	OhneTSE = "Technische Sicherheitseinrichtung nicht eingerichtet (§ 146a AO) – " +
		"kein Beleg im Sinne von § 6 KassenSichV."
	AusfallText = "Die technische Sicherheitseinrichtung war beim Verkauf nicht erreichbar (AEAO zu § 146a AO)."
	ProbeText   = "Signiert von einem Übungsgerät ohne Zertifizierung – kein Beleg im Sinne von § 6 KassenSichV."
)
