package gebuehr

import (
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// pruefe lists what stands against the fee; the SOK is known.
func pruefe(f Fall, r Recht) []befund.Befund {
	var list []befund.Befund
	stop := func(code, norm, text string) {
		list = append(list, befund.Befund{
			Code: code, Schwere: befund.Hindernis, Norm: norm, Subject: f.SOK, Text: text,
		})
	}
	fest := statutory(f.SOK, r)
	if !f.Tag.Valid() || f.SOK != SOKBeschaffung && (fest.Repealed || fest.Was <= 0) || r.MwStVoll.Was <= 0 {
		stop("P-203", fest.Norm, "Am Tag der Abgabe gibt es diese Gebühr nicht; bitte den Tag prüfen.")
		return list
	}
	switch f.SOK {
	case SOKNoctu:
		noctu(f, stop)
	case SOKBotendienst:
		botendienst(f, stop)
	case SOKEngpass:
		engpass(f, stop)
	case SOKBeschaffung:
		if f.Betrag <= 0 || f.Betrag > Hoechstbetrag {
			stop("P-204", "AMPreisV § 8", "Die Beschaffungskosten müssen zwischen 0,01 € und 9.999,99 € liegen; "+
				"bitte den vereinbarten Betrag eingeben.")
		}
		return list
	}
	if g := betrag(f, Art{}, r); f.Betrag != 0 && f.Betrag != g.Brutto {
		stop("P-205", fest.Norm, "Das Gesetz legt den Betrag dieser Gebühr fest; bitte keinen anderen eingeben.")
	}
	return list
}

// noctu needs the Land only where the hour does not decide already.
func noctu(f Fall, stop func(code, norm, text string)) {
	if ok, _ := IstNotdienst(f.Tag, f.Stunde, f.Minute, f.Land); ok {
		return
	}
	if !f.Land.Bekannt() || f.Stunde < 0 || f.Stunde > 23 || f.Minute < 0 || f.Minute > 59 {
		stop("P-206", "AMPreisV § 6", "Uhrzeit oder Bundesland fehlt; bitte das Bundesland in den Einstellungen eintragen.")
		return
	}
	stop("P-207", "AMPreisV § 6", "Die Noctu-Gebühr gilt nur von 20 bis 6 Uhr, an Sonn- und Feiertagen und am "+
		"24. Dezember bis 6 und ab 14 Uhr; bitte entfernen.")
}

func botendienst(f Fall, stop func(code, norm, text string)) {
	if f.Traeger != zuzahlung.GKV || !f.Rx {
		stop("P-208", "SGB V § 129 Abs. 5g", "Den Botendienst zahlt nur die Krankenkasse und nur bei "+
			"verschreibungspflichtigen Arzneimitteln; bitte die Gebühr entfernen.")
	}
	if f.SchonBerechnet {
		stop("P-209", "SGB V § 129 Abs. 5g", "Der Botendienst ist für diesen Lieferort und Tag schon berechnet; "+
			"bitte die Gebühr entfernen.")
	}
}

func engpass(f Fall, stop func(code, norm, text string)) {
	if privat(f.Traeger) {
		stop("P-210", "AMPreisV § 3 Abs. 1a; SGB V § 129 Abs. 2a", "Die Lieferengpasspauschale gibt es nur beim "+
			"Austausch zu Lasten eines Kostenträgers; bitte entfernen.")
	}
	if !engpassZiffer(f.Abweichung) {
		stop("P-211", "TA1 Nr. 4.10.1", "Die Lieferengpasspauschale setzt das Sonderkennzeichen 02567024 mit Ziffer 2, 3 "+
			"oder 4 voraus; bitte zuerst den Grund der abweichenden Abgabe wählen.")
	}
	if f.Dringlichkeit {
		stop("P-212", "TA1 Anhang 1", "Für Arzneimittel der Dringlichkeitsliste gibt es keine Lieferengpasspauschale; "+
			"bitte die Gebühr entfernen.")
	}
}
