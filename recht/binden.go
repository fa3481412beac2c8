package recht

import (
	"github.com/offizin/offizin/domain/abgabe"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/gebuehr"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
)

// binder fills the structs of the domain from the rows of one day. It keeps the
// first error: a parameter the program needs is missing or of another type.
type binder struct {
	s   *Sammlung
	tag civil.Day
	err error
}

func (b *binder) stand(day civil.Day) Stand {
	b.tag = day
	return Stand{Tag: day, Preis: b.preis(), Zuzahlung: b.zuzahlung(), Gebuehr: b.gebuehr(), Abgabe: b.abgabe()}
}

// hole returns the Fassung of the day; one that does not exist yet or any more is
// Repealed.
func hole[T any](b *binder, id string, typ Typ, was func(Wert) T) fassung.Fassung[T] {
	p, ok := b.s.Suche(id)
	if !ok || p.Typ != typ {
		if b.err == nil {
			b.err = fault.New(fault.Invalid, "L-106",
				"Der Parameter „"+id+"“ vom Typ „"+string(typ)+"“ fehlt in den Rechtsdaten.", nil)
		}
		return fassung.Fassung[T]{Repealed: true}
	}
	z, ok := p.Am(b.tag)
	if !ok {
		return fassung.Fassung[T]{Norm: p.Zeilen[0].Norm, Repealed: true}
	}
	f := fassung.Fassung[T]{
		Ab: z.Ab, Norm: z.Norm, Quelle: z.Quelle, Art: z.Art, Pruefen: z.Pruefen, Repealed: z.Aufgehoben,
	}
	if !z.Aufgehoben {
		f.Was = was(z.Wert)
	}
	return f
}

func (b *binder) betrag(id string) fassung.Fassung[money.Cent] { return hole(b, id, Betrag, Wert.Cent) }

func (b *binder) anteil(id string) fassung.Fassung[money.PPM] { return hole(b, id, Anteil, Wert.PPM) }

func (b *binder) schalter(id string) fassung.Fassung[bool] {
	return hole(b, id, Schalter, func(w Wert) bool { return w.Zahl == 1 })
}

func (b *binder) zahl(id string) fassung.Fassung[int] {
	return hole(b, id, Zahl, func(w Wert) int { return int(w.Zahl) })
}

func (b *binder) tabelle(id string) preis.Tabelle {
	return hole(b, id, Tabelle, func(w Wert) []preis.Stufe { return w.Stufen })
}

func (b *binder) preis() preis.Recht {
	return preis.Recht{
		MwStVoll:               b.anteil("ustg/p12/voll"),
		MwStErmaessigt:         b.anteil("ustg/p12/ermaessigt"),
		GHAnteil:               b.anteil("ampreisv/p2/gh-anteil"),
		GHHoechst:              b.betrag("ampreisv/p2/gh-hoechst"),
		GHFest:                 b.betrag("ampreisv/p2/gh-fest"),
		GHStufen2004:           b.tabelle("ampreisv/p2/gh-stufen-2004"),
		ApothekeAnteil:         b.anteil("ampreisv/p3/apotheke-anteil"),
		Fixum:                  b.betrag("ampreisv/p3/fixum"),
		Notdienst:              b.betrag("ampreisv/p3/notdienst"),
		PDL:                    b.betrag("ampreisv/p3/pdl"),
		TierFixum:              b.betrag("ampreisv/p3/tier-fixum"),
		GHStufen2003:           b.tabelle("sgb5/p129/abs5a-gh-stufen"),
		ApothekeStufen2003:     b.tabelle("sgb5/p129/abs5a-apotheke-stufen"),
		RezepturAufschlag:      b.anteil("ampreisv/p5/aufschlag"),
		RezepturFixum:          b.betrag("ampreisv/p5/fixum"),
		Arbeitspreis1:          b.betrag("ampreisv/p5/arbeitspreis-1"),
		Arbeitspreis2:          b.betrag("ampreisv/p5/arbeitspreis-2"),
		Arbeitspreis3:          b.betrag("ampreisv/p5/arbeitspreis-3"),
		ArbeitspreisMehrmenge:  b.anteil("ampreisv/p5/mehrmenge-anteil"),
		UnverarbeitetAufschlag: b.anteil("ampreisv/p4/aufschlag"),
		HilfstaxeParenteral:    b.betrag("hilfstaxe/anlage3/zytostatika"),
		Grundmengen: [8]fassung.Fassung[int]{
			b.zahl("ampreisv/p5/grundmenge-einfach"), b.zahl("ampreisv/p5/grundmenge-tee-loesung"),
			b.zahl("ampreisv/p5/grundmenge-salbe-pulver"), b.zahl("ampreisv/p5/grundmenge-loesung-waerme"),
			b.zahl("ampreisv/p5/grundmenge-pillen"), b.zahl("ampreisv/p5/grundmenge-kapseln"),
			b.zahl("ampreisv/p5/grundmenge-steril"), b.zahl("ampreisv/p5/grundmenge-ampullen"),
		},
		Parenteral: [7]preis.Betrag{
			b.betrag("ampreisv/p5/parenteral-1"), b.betrag("ampreisv/p5/parenteral-2"),
			b.betrag("ampreisv/p5/parenteral-3"), b.betrag("ampreisv/p5/parenteral-4"),
			b.betrag("ampreisv/p5/parenteral-5"), b.betrag("ampreisv/p5/parenteral-6"),
			b.betrag("ampreisv/p5/parenteral-7"),
		},
		TeilmengeKleinstePackung: b.schalter("ampreisv/p3/teilmenge-kleinste-packung"),
	}
}

func (b *binder) zuzahlung() zuzahlung.Recht {
	return zuzahlung.Recht{
		Anteil:              b.anteil("sgb5/p61/anteil"),
		Mindest:             b.betrag("sgb5/p61/mindest"),
		Hoechst:             b.betrag("sgb5/p61/hoechst"),
		VerbrauchHoechst:    b.betrag("sgb5/p33/verbrauch-hoechst"),
		EinmalBeiEngpass:    b.schalter("sgb5/p61/einmal-bei-nichtverfuegbarkeit"),
		BefruchtungAnteil:   b.anteil("sgb5/p27a/eigenanteil"),
		PG54Pauschale:       b.betrag("sgb11/p40/pg54-pauschale"),
		PG51Hoechst:         b.betrag("sgb11/p40/pg51-hoechst"),
		Geheimpreis:         b.schalter("sgb5/p130b/geheimpreis"),
		Altersgrenze:        b.zahl("sgb5/p31/altersgrenze"),
		OhneHomoeopathie:    b.schalter("sgb5/p31/ohne-homoeopathie"),
		OhneCannabisblueten: b.schalter("sgb5/p31/ohne-cannabisblueten"),
		AbschlagRx:          b.betrag("sgb5/p130/abschlag-rx"),
		AbschlagSonst:       b.anteil("sgb5/p130/abschlag-sonst"),
	}
}

func (b *binder) gebuehr() gebuehr.Recht {
	return gebuehr.Recht{
		Noctu:            b.betrag("ampreisv/p6/noctu"),
		BtM:              b.betrag("ampreisv/p7/btm"),
		TRezept:          b.betrag("ampreisv/p7/t-rezept"),
		BotendienstNetto: b.betrag("sgb5/p129/botendienst"),
		EngpassNetto:     b.betrag("ampreisv/p3/engpass"),
		MwStVoll:         b.anteil("ustg/p12/voll"),
	}
}

func (b *binder) abgabe() abgabe.Recht {
	return abgabe.Recht{
		Preisguenstigste:  b.zahl("vertrag/preisguenstigste"),
		ImportUnten:       b.betrag("sgb5/p129/import-grenze-unten"),
		ImportOben:        b.betrag("sgb5/p129/import-grenze-oben"),
		ImportAnteilUnten: b.anteil("sgb5/p129/import-anteil-unten"),
		ImportBetrag:      b.betrag("sgb5/p129/import-betrag"),
		ImportAnteilOben:  b.anteil("sgb5/p129/import-anteil-oben"),
	}
}
