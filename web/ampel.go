package web

import (
	"context"
	"fmt"
	"slices"

	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/kartenzahlung"
)

// ampel is the one word for the whole chain, and how many Bons lie on this machine only.
func (d Dienste) ampel(ctx context.Context) ui.Ampel {
	if d.Stoerung == nil {
		return ui.Ampel{Farbe: ui.Gelb, Text: "Überwachung nicht eingerichtet"}
	}
	a := d.Stoerung.Zustand(ctx).Ampel
	out := ui.Ampel{Farbe: ui.Farbe(a.Farbe), Text: a.Text}
	if d.Uebernahme != nil {
		if list, err := d.Uebernahme.Aufgaben(ctx); err == nil && list.Anzahl() > 0 {
			out.Text += fmt.Sprintf(" · %d zu klären", list.Anzahl())
		}
	}
	if d.Klaerung != nil {
		if list, err := d.Klaerung.Offen(ctx); err == nil && slices.ContainsFunc(list, kartenzahlung.Fall.Faellig) {
			out.Text += " · Kartenzahlung ungeklärt"
		}
	}
	if d.Tagesabschluss != nil {
		if list, err := d.Tagesabschluss.Ueberfaellig(ctx); err == nil && len(list) > 0 {
			out.Text += " · Tag nicht abgeschlossen"
		}
	}
	if d.Inbetriebnahme != nil {
		if open, err := d.Inbetriebnahme.Offen(ctx); err == nil && open {
			out.Text += " · Inbetriebnahme offen"
		}
	}
	if d.Sicherheit == nil {
		return out
	}
	st, err := d.Sicherheit.Stand(ctx)
	n := len(st.Bons)
	if err != nil || n == 0 {
		return out // Störungen says what is wrong with the journal
	}
	out.Text += fmt.Sprintf(" · %s%d %s nur hier", map[bool]string{true: "allein: "}[st.Allein], n,
		map[bool]string{true: "Bon", false: "Bons"}[n == 1])
	return out
}
