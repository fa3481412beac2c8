package rechtcmd

import (
	"fmt"
	"strings"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/recht"
)

// zeile is a row as JSON.
type zeile struct {
	Parameter string    `json:"parameter"`
	Name      string    `json:"name"`
	Typ       recht.Typ `json:"typ"`
	Wert      string    `json:"wert"`
	Einheit   string    `json:"einheit"`
	SOK       []string  `json:"sok,omitempty"`
	Ab        civil.Day `json:"ab"`
	Norm      string    `json:"norm"`
	Quelle    string    `json:"quelle"`
	Geprueft  civil.Day `json:"geprueft"`
	Pruefen   string    `json:"pruefen,omitempty"`
	Art       string    `json:"art,omitempty"`
	Ort       string    `json:"ort"`
}

func vonZeile(p recht.Parameter, z recht.Zeile) zeile {
	return zeile{
		Parameter: p.ID, Name: p.Name, Typ: p.Typ, Wert: z.WertText(), Einheit: p.Einheit, SOK: p.SOK,
		Ab: z.Ab, Norm: z.Norm, Quelle: z.Quelle, Geprueft: z.Geprueft, Pruefen: z.Pruefen,
		Art: z.Art.String(), Ort: z.Ort,
	}
}

func eintraege(list []recht.Eintrag) []zeile {
	all := make([]zeile, 0, len(list))
	for _, x := range list {
		all = append(all, vonZeile(x.Parameter, x.Zeile))
	}
	return all
}

// aenderung is a change as JSON; a side that is not in force is null.
type aenderung struct {
	Parameter string    `json:"parameter"`
	Name      string    `json:"name"`
	Seit      civil.Day `json:"seit"`
	Alt       *zeile    `json:"alt"`
	Neu       *zeile    `json:"neu"`
}

func aenderungen(list []recht.Aenderung) []aenderung {
	all := make([]aenderung, 0, len(list))
	for _, a := range list {
		side := func(z *recht.Zeile) *zeile {
			if z == nil {
				return nil
			}
			v := vonZeile(a.Parameter, *z)
			return &v
		}
		all = append(all, aenderung{a.Parameter.ID, a.Parameter.Name, a.Zeile.Ab, side(a.Alt), side(a.Neu)})
	}
	return all
}

// wert is the value as it fits a table; a dash is nothing in force. The steps of a
// Staffel are shown by `offizin recht list`.
func wert(z *recht.Zeile) string {
	switch {
	case z == nil || z.Aufgehoben:
		return "–"
	case z.Wert.Typ == recht.Tabelle:
		return fmt.Sprintf("Staffel, %d Stufen", len(z.Wert.Stufen))
	default:
		return z.WertText()
	}
}

// vermerk says what is special about a row: who put it in force, that it is to be
// checked.
func vermerk(z recht.Zeile) string {
	var marks []string
	if text := z.Art.String(); text != "" {
		marks = append(marks, text)
	}
	if z.Pruefen != "" {
		marks = append(marks, "zu prüfen")
	}
	return strings.Join(marks, ", ")
}
