// Package kassenmeldung writes the data of a Mitteilung according to § 146a (4) AO as XML.
//
// It is a Vorlage: the official schema of ELSTER was not at hand. The file holds every fact
// that the notification asks for, under names of our own, to be typed into "Mein ELSTER" or
// transformed; ELSTER itself does not read it.
package kassenmeldung

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenmeldung"
)

const hinweis = " Vorlage: enthält die Angaben nach § 146a Abs. 4 AO, aber nicht in der Form des amtlichen Schemas. " +
	"ELSTER liest diese Datei nicht; bitte die Angaben dort eingeben. "

type datei struct {
	XMLName xml.Name `xml:"KassenmeldungVorlage"`
	Tag     string   `xml:"stand,attr"`
	Hinweis string   `xml:",comment"`
	Betrieb betrieb  `xml:"Betriebsstaette"`
	Anzahl  int      `xml:"AnzahlInBetrieb"`
	Systeme []system `xml:"Aufzeichnungssystem"`
}

type betrieb struct {
	Name         string `xml:"Name"`
	Strasse      string `xml:"Strasse"`
	PLZ          string `xml:"PLZ"`
	Ort          string `xml:"Ort"`
	Steuernummer string `xml:"Steuernummer,omitempty"`
	USTID        string `xml:"UStIdNr,omitempty"`
}

type system struct {
	Nummer      int           `xml:"nummer,attr"`
	Art         string        `xml:"Art"`
	Bezeichnung string        `xml:"Bezeichnung"`
	Serie       string        `xml:"Seriennummer"`
	Software    string        `xml:"Software"`
	Beginn      string        `xml:"Anschaffung"`
	Ende        string        `xml:"Ausserbetriebnahme,omitempty"`
	TSE         []einrichtung `xml:"TSE"`
}

type einrichtung struct {
	Zertifizierung string `xml:"ZertifizierungsID"`
	Seriennummer   string `xml:"Seriennummer"`
	Beginn         string `xml:"Inbetriebnahme"`
	Ende           string `xml:"Ausserbetriebnahme,omitempty"`
}

// Write writes the Vorlage.
func Write(w io.Writer, m kassenmeldung.Meldung) error {
	d := datei{Tag: tag(m.Tag), Hinweis: hinweis, Anzahl: m.Anzahl, Betrieb: betrieb{
		Name: m.Betrieb.Name, Strasse: m.Betrieb.Strasse, PLZ: m.Betrieb.PLZ, Ort: m.Betrieb.Ort,
		Steuernummer: m.Betrieb.Steuernummer, USTID: m.Betrieb.USTID,
	}}
	for i, s := range m.Systeme {
		x := system{
			Nummer: i + 1, Art: kassenmeldung.Art, Bezeichnung: "Kassenplatz " + s.Till, Serie: s.Serie, Software: s.Software,
			Beginn: tag(s.Beginn), Ende: tag(s.Ende),
		}
		for _, t := range s.TSE {
			x.TSE = append(x.TSE, einrichtung{t.Zertifizierung, strings.ToLower(t.Seriennummer), tag(t.Beginn), tag(t.Ende)})
		}
		d.Systeme = append(d.Systeme, x)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write Kassenmeldung: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(d); err != nil {
		return fmt.Errorf("write Kassenmeldung: %w", err)
	}
	return nil
}

func tag(d civil.Day) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// Name is the name of the file: it says what it is not.
func Name(d civil.Day) string {
	return fmt.Sprintf("Kassenmeldung-Vorlage_%s.xml", strings.ReplaceAll(d.String(), "-", ""))
}
