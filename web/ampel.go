package web

import (
	"context"
	"fmt"

	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/web/ui"
)

// ampel is the one word for the whole chain. While this machine is alone it says how
// many Bons lie nowhere else: all of them.
func (d Dienste) ampel(ctx context.Context) ui.Ampel {
	if d.Stoerung == nil {
		return ui.Ampel{Farbe: ui.Gelb, Text: "Überwachung nicht eingerichtet"}
	}
	a := d.Stoerung.Zustand(ctx).Ampel
	out := ui.Ampel{Farbe: ui.Farbe(a.Farbe), Text: a.Text}
	last, ok, err := d.Verkauf.Letzter(ctx)
	if err != nil || !ok {
		return out // Störungen says what is wrong with the journal
	}
	if _, n, err := bons.Split(last.Nummer); err == nil {
		out.Text += fmt.Sprintf(" · allein: %d %s nur hier", n, map[bool]string{true: "Bon", false: "Bons"}[n == 1])
	}
	return out
}
