package stoerung

import "strings"

// zurueck is the way out of locked keys.
const zurueck = "Verkauft wird weiter. Die Datei knoten.key aus der Datensicherung dieses Rechners in seinen " +
	"Datenordner kopieren und Offizin neu starten; gibt es sie nicht mehr, Offizin beenden und den Rechner mit einem " +
	"leeren Datenordner und einem Code neu aufnehmen – den alten Ordner aufheben, solange etwas nur dort liegt."

// vonSelbst is what other machines do about it, if they answer.
const vonSelbst = "Antwortet ein anderer Rechner der Apotheke, gibt er den Schlüssel in der Regel nach " +
	"Sekunden von selbst zurück; bitte zuerst einen anschalten. "

// Ausweislos is that of a machine for which nobody has vouched: its keys are locked.
func Ausweislos() Glied {
	return bad("schluessel", "Schlüssel", Gestoert, "S-657", "Die Schlüssel sind auf diesem Rechner verschlossen, er "+
		"kann sich nicht ausweisen, und kein anderer erreicht ihn – kopieren Sie die Datei knoten.key zurück.", zurueck)
}

// eigenes is what stands between this machine and the others; none if nothing does.
func eigenes(l Rechnerlage) (list []Glied) {
	if len(l.Gleichnamig) > 0 {
		list = append(list, bad("namen", "Namen der Rechner", Warnung, "S-655", "Zwei Rechner heißen „"+
			strings.Join(l.Gleichnamig, "“, zwei „")+"“ – entfernen Sie unter Einstellungen, Rechner den neueren und "+
			"nehmen Sie ihn unter einem anderen Namen neu auf.",
			"Beide verkaufen weiter, ihre Bonnummern beginnen verschieden; sie tauschen ihre Daten über die anderen "+
				"Rechner aus."))
	}
	list = append(list, nummern(l)...)
	if l.Unmarkiert {
		list = append(list, bad("hochstand", "Alte Kopien", Gut, "J-330", "Außerhalb des Datenordners lässt sich nicht "+
			"festhalten, wie weit er war – starten Sie Offizin mit „--hochstand ORDNER“.", "Verkauft wird weiter; ein "+
			"zurückgespielter Ordner fällt nur erst an der TSE oder einem anderen Rechner auf. Der angegebene Ordner muss "+
			"außerhalb des Datenordners liegen und sich beschreiben lassen."))
	}
	switch {
	case l.Kopie:
		list = append(list, bad("geschichte", "Eigene Buchungen", Warnung, "S-659", "Ein zweiter Rechner arbeitet mit einer "+
			"Kopie dieses Datenordners und vergibt dieselben Bonnummern – beenden Sie Offizin auf einem der beiden.",
			"Jeder Verkauf zählt. Den beendeten mit einem leeren Datenordner und einem Code neu aufnehmen, den anderen danach "+
				"einmal neu starten; den alten Ordner aufheben, bis seine Verkäufe hier stehen."))
	case l.Twin != "":
		g := gut("geschichte", "Eigene Buchungen", l.Twin+" hatte andere Buchungen dieses Rechners; er macht unter neuem "+
			"Namen weiter, und beide sind da.")
		g.Ausweg = "Nichts zu tun, wenn seine Platte zurückgesetzt oder kopiert wurde; sonst bitte prüfen, warum."
		list = append(list, g)
	}
	switch {
	case l.Uncertified && l.Closed:
		list = append(list, Ausweislos())
	case l.Closed:
		list = append(list, bad("schluessel", "Schlüssel", Warnung, "S-658", "Die Schlüssel sind auf diesem Rechner "+
			"verschlossen, Kundendaten bleiben unlesbar, und er kann keinen neuen Rechner aufnehmen – kopieren Sie die Datei "+
			"knoten.key zurück.", vonSelbst+zurueck))
	}
	return list
}

// nummern is what is wrong with the numbers of receipts.
func nummern(l Rechnerlage) (list []Glied) {
	const id, name = "bonnummern", "Bonnummern"
	switch {
	case l.Spaet:
		list = append(list, bad(id, name, Warnung, "J-331", "Die TSE hat Bons dieses Rechners signiert, die er nicht kennt: "+
			"Seine Daten sind älter als sein letzter Stand – beenden Sie Offizin hier und starten Sie es wieder.",
			"Verkauft wird weiter, Bonnummern können bis dahin ein zweites Mal vorkommen; nach dem Neustart vergibt er neue. "+
				"Fragen Sie, wer die Daten zurückgespielt hat."))
	case l.Wartet:
		list = append(list, bad(id, name, Warnung, "J-312", "Dieser Rechner bekommt neue Bonnummern, sobald er neu startet "+
			"– beenden Sie Offizin hier und starten Sie es wieder.", "Verkauft wird bis dahin unter den bisherigen weiter; "+
			"vergebene Nummern bleiben, wie sie sind."))
	case len(l.Geteilt) > 0:
		list = append(list, bad(id, name, Warnung, "J-311", "Zwei Rechner vergeben Bonnummern, die mit „"+
			strings.Join(l.Geteilt, "-“ und „")+"-“ beginnen – geben Sie einem davon unter Einstellungen, Rechner neue.",
			"Beide verkaufen weiter, und jeder Verkauf zählt; nur kann eine Nummer zweimal vorkommen."))
	case l.Aelter != "":
		list = append(list, bad(id, name, Warnung, "J-313", "Die Datenbank dieses Rechners ist älter als sein letzter Stand "+
			"– fragen Sie, wer sie zurückgespielt hat; neue Bons beginnen mit „"+l.Till+"-“.", "Gemerkt an: "+l.Aelter+
			". Verkauft wird weiter. Was fehlt, kommt von den anderen Rechnern zurück; gibt es keinen, ist es "+
			"nachzuerfassen (Handbuch, Mehrere Rechner)."))
	}
	return list
}
