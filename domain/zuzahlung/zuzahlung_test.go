package zuzahlung_test

import (
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
)

func rx(d civil.Day, avp money.Cent) zuzahlung.Fall {
	return zuzahlung.Fall{Tag: d, Traeger: zuzahlung.GKV, Art: artikel.Arzneimittel, Rx: true, AVP: avp, Packungen: 1}
}

// § 61 Satz 1 SGB V at its borders, on both sides of 2027-01-01.
func TestBorders(t *testing.T) {
	for _, c := range []struct {
		day       civil.Day
		avp, want money.Cent
		regel     string
	}{
		{20261231, 499, 499, "kosten"},
		{20261231, 500, 500, "mindest"},
		{20261231, 4999, 500, "anteil"},
		{20261231, 5004, 500, "anteil"},
		{20261231, 5005, 501, "anteil"},
		{20261231, 9994, 999, "anteil"},
		{20261231, 9999, 1000, "anteil"},
		{20261231, 10005, 1000, "hoechst"},
		{20270101, 749, 749, "kosten"},
		{20270101, 7500, 750, "anteil"},
		{20270101, 7505, 751, "anteil"},
		{20270101, 15000, 1500, "anteil"},
		{20270101, 500000, 1500, "hoechst"},
	} {
		e := zuzahlung.Compute(rx(c.day, c.avp), recht(c.day))
		if e.Zuzahlung != c.want || e.Regel != c.regel {
			t.Errorf("%s AVP %s: %s by %s, want %s by %s", c.day, c.avp, e.Zuzahlung, e.Regel, c.want, c.regel)
		}
	}
}

// Where an official list has changed the catalogue, the steps name it: § 31(2) and § 31(3)
// S. 4 SGB V.
func TestListeWirdGenannt(t *testing.T) {
	f := rx(20261201, 3455)
	f.Festbetrag, f.FestbetragAus, f.ZuzahlungsfreiAus = 2040, "Festbetragsliste ab 01.12.2026", "Befreiungsliste ab 01.12.2026"
	text := func(f zuzahlung.Fall) (list string) {
		for _, s := range zuzahlung.Compute(f, recht(f.Tag)).Schritte {
			list += s.Text + "|"
		}
		return list
	}
	if got := text(f); !strings.Contains(got, "|Festbetrag 20,40 € statt 34,55 € (Festbetragsliste ab 01.12.2026)|") ||
		strings.Contains(got, "Befreiungsliste") {
		t.Error(got)
	}
	f.Zuzahlungsfrei = true
	if got := text(f); !strings.Contains(got, "zuzahlungsfreien Arzneimittel (Befreiungsliste ab 01.12.2026).|") {
		t.Error(got)
	}
	f.Befreit = true // another reason comes first and needs no list
	if got := text(f); strings.Contains(got, "Befreiungsliste") {
		t.Error(got)
	}
	f.Befreit, f.FestbetragAus, f.ZuzahlungsfreiAus = false, "", ""
	if got := text(f); strings.Contains(got, "(") || !strings.Contains(got, "zuzahlungsfreien Arzneimittel.|") {
		t.Error(got)
	}
}
