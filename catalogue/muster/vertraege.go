package muster

import (
	"iter"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// DemoIK is the insurer with which the known articles have their contracts.
const DemoIK = "109900019"

// Versicherer is an invented insurer.
type Versicherer struct{ IK, Name string }

// IKs lists the insurers with contracts. Their check digits are valid; no insurer has
// these numbers.
func IKs() []Versicherer {
	return []Versicherer{
		{DemoIK, "Demo-Krankenkasse Nord"},
		{"109900122", "Demo-Krankenkasse Süd"},
		{"109900235", "Betriebskasse Musterwerk"},
		{"109900348", "Ersatzkasse Beispiel"},
		{"109900451", "Innungskasse Handwerk"},
		{"109900565", "Landkasse Auental"},
	}
}

func (o Options) vertraege() iter.Seq2[catalogue.Vertragszeile, error] {
	return func(yield func(catalogue.Vertragszeile, error) bool) {
		for _, b := range bekannte {
			for _, v := range b.Vertraege {
				if !yield(catalogue.Vertragszeile{IK: v.IK, PZN: b.Artikel.PZN, Vertrag: v.Vertrag}, nil) {
					return
				}
			}
		}
		known := len(bekannte)
		for z, err := range o.artikel() {
			if known--; known < 0 && (err != nil || !vertraegeVon(z.Artikel, yield)) {
				return
			}
		}
	}
}

// vertraegeVon decides by the names of insurer, group and maker: two of three groups
// are under contract, with about every sixth maker.
func vertraegeVon(a artikel.Artikel, yield func(catalogue.Vertragszeile, error) bool) bool {
	if !a.Verschreibungspflichtig || a.Wirkstoff == "" || a.Import || a.Cannabisblueten {
		return true
	}
	group := a.Gruppe()
	for _, v := range IKs() {
		h := hash(v.IK, group)
		if h%3 == 0 || hash(v.IK, group, a.Hersteller)%6 != 0 {
			continue
		}
		c := zuzahlung.Vertrag{Faktor: 100, MehrkostenErlassen: h/3%10 == 0}
		switch h / 30 % 10 {
		case 0, 1:
			c.Faktor = 50
		case 2:
			c.Faktor = 0
		}
		if !yield(catalogue.Vertragszeile{IK: v.IK, PZN: a.PZN, Vertrag: c}, nil) {
			return false
		}
	}
	return true
}
