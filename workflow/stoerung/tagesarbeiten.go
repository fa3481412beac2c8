package stoerung

import (
	"context"
	"fmt"

	"github.com/offizin/offizin/internal/clock"
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

// mehr are the links that there are only if somebody tells of them.
func (s *Service) mehr() (list []*blick) {
	o := s.opt
	if o.Rechner != nil {
		list = append(list, &blick{id: "fuehrung", name: "Führung", sieh: s.rechner})
	}
	if o.Schluessel != nil {
		list = append(list, &blick{id: "schluesselspeicher", name: "Schlüsselspeicher", sieh: func(context.Context) []Glied {
			return Schluesselspeicher(o.Schluessel())
		}})
	}
	if o.TSE != nil {
		list = append(list, s.eins("tse", "TSE", func(ctx context.Context) Glied {
			return Signatur(o.TSE(ctx), clock.Today(s.kern.Clock))
		}))
	}
	if o.Kassenmeldung != nil {
		list = append(list, &blick{id: "kassenmeldung", name: "Kassenmeldung", sieh: func(ctx context.Context) []Glied {
			return Kassenmeldung(o.Kassenmeldung(ctx), clock.Today(s.kern.Clock))
		}})
	}
	if o.Notfallmappe != nil {
		list = append(list, s.eins("notfallmappe", "Notfallmappe", func(ctx context.Context) Glied {
			return s.notfallmappe(o.Notfallmappe(ctx))
		}))
	}
	if o.Datensicherung != nil {
		list = append(list, s.eins("datensicherung", "Datensicherung", func(context.Context) Glied {
			return s.datensicherung(o.Datensicherung())
		}))
	}
	if o.Kataloge != nil {
		list = append(list, &blick{id: "kataloge", name: "Kataloge", sieh: func(context.Context) []Glied {
			k, several := o.Kataloge()
			if !several {
				return nil
			}
			return []Glied{s.kataloge(k)}
		}})
	}
	if o.Ausgang != nil {
		list = append(list, s.eins("ausgang", "Aufträge nach außen", func(ctx context.Context) Glied {
			return s.ausgang(o.Ausgang(ctx))
		}))
	}
	if o.Bondrucker != nil {
		list = append(list, &blick{id: "bondrucker", name: "Bondrucker", sieh: func(ctx context.Context) []Glied {
			return bondrucker(o.Bondrucker(ctx))
		}})
	}
	if o.Anmeldung != nil {
		list = append(list, s.eins("anmeldung", "Anmeldung", func(ctx context.Context) Glied {
			return anmeldung(o.Anmeldung(ctx))
		}))
	}
	if o.Tagesarbeiten != nil {
		list = append(list, s.eins("tagesarbeiten", "Tagesarbeiten", func(ctx context.Context) Glied {
			return s.tagesarbeiten(o.Tagesarbeiten(ctx))
		}))
	}
	if o.Teile != nil {
		list = append(list, s.eins("programm", "Programm", func(context.Context) Glied { return s.programm(o.Teile()) }))
	}
	return list
}
