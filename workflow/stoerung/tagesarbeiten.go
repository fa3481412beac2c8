package stoerung

import (
	"context"
	"fmt"

	"github.com/offizin/offizin/workflow/tagesarbeit"
)

// tagesarbeiten: a job that failed or is late is a warning: sales do not wait for it.
func (*Service) tagesarbeiten(list []tagesarbeit.Stand, err error) Glied {
	const id, name = "tagesarbeiten", "Tagesarbeiten"
	if err != nil {
		return bad(id, name, Warnung, "U-112", "Welche Tagesarbeiten getan sind, ist nicht lesbar – starten Sie "+
			"Offizin neu.", "")
	}
	for _, a := range list {
		switch {
		case a.Fehler != nil:
			return bad(id, name, Warnung, "U-110", fmt.Sprintf("Die Tagesarbeit „%s“ ist %d-mal gescheitert – "+
				"sehen Sie die anderen Meldungen hier an.", a.Name, a.Versuche),
				"Sie wird von selbst wiederholt, spätestens nach einer Stunde.")
		case a.Verspaetet():
			return bad(id, name, Warnung, "U-111", fmt.Sprintf("Die Tagesarbeit „%s“ vom %s ist nach zwei Stunden noch "+
				"nicht getan – starten Sie Offizin neu.", a.Name, a.Offen.German()), "")
		}
	}
	return gut(id, name, "Alle Arbeiten des Tages sind getan oder kommen noch.")
}

func (s *Service) mehr(ctx context.Context) (list []Glied) {
	if s.opt.Notfallmappe != nil {
		list = append(list, s.notfallmappe(s.opt.Notfallmappe(ctx)))
	}
	if s.opt.Datensicherung != nil {
		list = append(list, s.datensicherung(s.opt.Datensicherung()))
	}
	if s.opt.Kataloge != nil {
		if k, several := s.opt.Kataloge(); several {
			list = append(list, s.kataloge(k))
		}
	}
	if s.opt.Anmeldung != nil {
		list = append(list, anmeldung(s.opt.Anmeldung(ctx)))
	}
	if s.opt.Ausgang != nil {
		list = append(list, s.ausgang(s.opt.Ausgang(ctx)))
	}
	if s.opt.Tagesarbeiten != nil {
		list = append(list, s.tagesarbeiten(s.opt.Tagesarbeiten(ctx)))
	}
	if s.opt.Teile != nil {
		list = append(list, s.programm(s.opt.Teile()))
	}
	return list
}
