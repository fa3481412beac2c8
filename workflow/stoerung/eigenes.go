package stoerung

import "strings"

// eigenes is what stands between this machine and the others; none if nothing does.
func eigenes(l Rechnerlage) (list []Glied) {
	if len(l.Gleichnamig) > 0 {
		list = append(list, bad("namen", "Namen der Rechner", Warnung, "S-655", "Zwei Rechner heißen „"+
			strings.Join(l.Gleichnamig, "“, zwei „")+"“ – entfernen Sie unter Einstellungen, Rechner den neueren und "+
			"nehmen Sie ihn unter einem anderen Namen neu auf.",
			"Beide verkaufen weiter, ihre Bonnummern beginnen verschieden; sie tauschen ihre Daten über die anderen "+
				"Rechner aus."))
	}
	if l.Twin != "" {
		g := gut("geschichte", "Eigene Buchungen", l.Twin+" hatte andere Buchungen dieses Rechners; er macht unter neuem "+
			"Namen weiter, und beide sind da.")
		g.Ausweg = "Nichts zu tun, wenn seine Platte zurückgesetzt oder kopiert wurde; sonst bitte prüfen, warum."
		list = append(list, g)
	}
	return list
}
