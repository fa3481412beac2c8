package muster

import (
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/money"
)

// sorte is an ingredient in one strength and form: its packs and makers are equal to
// one another.
type sorte struct {
	w       wirkstoff
	staerke string
	stufe   int64 // of the strength, 0 the weakest
	form    string
	nr      int // order in the table: the first are asked for most
}

func alleSorten(list []wirkstoff) []sorte {
	var out []sorte
	for nr, w := range list {
		for stufe, staerke := range w.staerken {
			for _, form := range w.formen {
				out = append(out, sorte{w, staerke, int64(stufe), form, nr})
			}
		}
	}
	return out
}

// naechste returns the next Sorte: those of the table in a shuffled order, then
// invented ones.
func (e *erzeuger) naechste() sorte {
	if e.sorteNr < len(e.sorten) {
		e.sorteNr++
		return e.sorten[e.sorteNr-1]
	}
	e.sorteNr++
	ends := strings.Fields(
		"tinib mab pril sartan olol statin gliptin azol oxacin cillin vir setron triptan pam dipin xaban")
	name := von(e.r, e.anfang) + von(e.r, e.mitte) + von(e.r, e.mitte) + von(e.r, ends)
	w := wirkstoff{
		name: name, atc: e.atc(), formen: []string{"FTA"}, einheit: "St", marken: "rx fb",
		groessen: []string{"28 N1", "56 N2", "98 N3"}, preis: money.Cent(80 + e.r.IntN(900)),
	}
	mg := von(e.r, []int{1, 2, 5, 10, 20, 25, 40, 50, 100, 150, 250})
	return sorte{
		w, strconv.Itoa(mg) + " mg", int64(e.r.IntN(3)), von(e.r, []string{"FTA", "TAB", "HKP", "RET"}),
		200 + e.sorteNr,
	}
}

func (e *erzeuger) atc() string {
	letter := func(s string) string { return string(s[e.r.IntN(len(s))]) }
	two := func() string { return strconv.Itoa(100 + 1 + e.r.IntN(20))[1:] }
	return letter("ABCDGHJLMNRSV") + two() + letter("ABCDEFGX") + letter("ABCDEX") + two()
}

// gruppe delivers all packs of one Sorte from all its makers, the original and its
// imports.
func (e *erzeuger) gruppe() {
	s := e.naechste()
	n := 3 + e.r.IntN(18)
	if s.w.kenn("nur") {
		n = 0
	}
	makers := e.r.Perm(bisGenerika)[:n]
	brand, owner := e.markenname(), e.makers[vonMarken+e.r.IntN(vonPflege-vonMarken)]
	frei, original := e.r.IntN(3) == 0, n == 0 || s.w.kenn("rx") && e.r.IntN(3) == 0
	for i, g := range s.w.groessen {
		base := s.packung(g)
		base.ApU = money.Ratio(s.w.preis*money.Cent(10+7*s.stufe)/10, int64(10+8*i), 10)
		base.beliebtheit = 2_000_000 / (20 + s.nr*(1+i%2))
		base.frei = frei
		if s.w.kenn("fb") && n > 0 {
			_, base.Festbetrag = e.o.Preis(money.Ratio(base.ApU, 13, 10), true, artikel.MwStVoll)
		}
		for k, m := range makers {
			e.generikum(base, e.makers[m], k)
		}
		if original {
			e.original(base, brand, owner)
		}
	}
}

// packung fills in what a Sorte says of a pack of the size "20 N1".
func (s sorte) packung(size string) entwurf {
	menge, norm, _ := strings.Cut(size, " ")
	w := s.w
	rx := w.kenn("rx")
	return entwurf{Artikel: artikel.Artikel{
		Darreichungsform: s.form, Menge: menge, Einheit: w.einheit, Normgroesse: norm, ATC: w.atc,
		Wirkstoff: w.name, Wirkstaerke: s.staerke, Art: artikel.Arzneimittel,
		Verschreibungspflichtig: rx, Apothekenpflichtig: true,
		BtM: w.kenn("btm"), TRezept: w.kenn("t"), Kuehlkette: w.kenn("kalt"), Lagerung: lagerung(w.kenn("kalt")),
		Negativliste: w.kenn("neg"), Lifestyle: w.kenn("life"), OTCAusnahme: w.kenn("ausn"),
	}}
}

func lagerung(kalt bool) string {
	if kalt {
		return "2–8 °C"
	}
	return ""
}

func (e *erzeuger) generikum(w entwurf, maker string, k int) {
	w.Hersteller = maker
	w.Name = w.Wirkstoff + " " + maker + " " + w.Wirkstaerke + " " + artikel.FormName(w.Darreichungsform)
	w.ApU = e.apu(w.ApU, 35)
	w.beliebtheit /= k + 1
	w.ohneAVP = w.Verschreibungspflichtig && e.r.IntN(200) == 0
	if !w.Verschreibungspflichtig {
		w.uvp = 190 + e.r.IntN(60)
	}
	e.gib(w)
}

// original delivers the first maker's pack, dearer than the rest, and its imports.
func (e *erzeuger) original(w entwurf, brand, owner string) {
	w.Hersteller = owner
	w.Name = brand + " " + w.Wirkstaerke + " " + artikel.FormName(w.Darreichungsform)
	w.ApU = max(money.Ratio(w.ApU, int64(130+e.r.IntN(90)), 100), 5)
	w.beliebtheit /= 3
	if w.ATC == "L01EX99" {
		w.Geheimpreis = 1000
	}
	first := e.gib(w)
	for range e.r.IntN(4) {
		i := w
		i.Import, i.ImportVon, i.Hersteller = true, first.PZN, e.makers[vonImport+e.r.IntN(len(e.makers)-vonImport)]
		i.ApU = money.Ratio(first.ApU, int64(80+e.r.IntN(18)), 100)
		i.beliebtheit, i.Status = w.beliebtheit/4, ""
		e.gib(i)
	}
}

func (e *erzeuger) markenname() string {
	name := von(e.r, e.anfang) + von(e.r, e.mitte) + von(e.r, e.ende)
	if e.r.IntN(4) == 0 {
		name = von(e.r, e.anfang) + von(e.r, e.mitte) + von(e.r, e.mitte) + von(e.r, e.ende)
	}
	return name
}

// marke delivers an OTC brand in its sizes.
func (e *erzeuger) marke() {
	var s sorte
	for s = von(e.r, e.sorten); s.w.kenn("rx"); {
		s = von(e.r, e.sorten)
	}
	name := e.markenname()
	if e.r.IntN(2) == 0 {
		name += " " + von(e.r, e.zusaetze)
	}
	maker := e.makers[vonMarken+e.r.IntN(vonPflege-vonMarken)]
	base := s.w.preis * money.Cent(11+e.r.IntN(12)) / 10
	for i, g := range s.w.groessen {
		w := s.packung(g)
		w.Hersteller, w.Name = maker, name+" "+s.staerke+" "+artikel.FormName(s.form)
		w.ApU, w.uvp = money.Ratio(base, int64(10+7*i), 10), 180+e.r.IntN(60)
		w.beliebtheit = e.r.IntN(40_000) / (1 + e.r.IntN(200))
		e.gib(w)
	}
}

// homoeopathie delivers a remedy in one potency.
func (e *erzeuger) homoeopathie() {
	remedy := von(e.r, strings.Split(mittel, ","))
	potency := von(e.r, []string{"D3", "D4", "D6", "D12", "D30", "C6", "C30", "C200"})
	form := von(e.r, []string{"GLO", "DIL", "TAB"})
	w := entwurf{uvp: 185 + e.r.IntN(50), beliebtheit: e.r.IntN(2000) / (1 + e.r.IntN(100))}
	w.Artikel = artikel.Artikel{
		Name:       remedy + " " + potency + " " + artikel.FormName(form),
		Hersteller: e.makers[vonMarken+e.r.IntN(vonPflege-vonMarken)], Darreichungsform: form,
		Menge: "10", Einheit: "g", Normgroesse: "N1", Wirkstoff: remedy, Wirkstaerke: potency,
		Art: artikel.Arzneimittel, Apothekenpflichtig: true, Homoeopathisch: true, ApU: money.Cent(420 + e.r.IntN(400)),
	}
	switch form {
	case "DIL":
		w.Menge, w.Einheit = "20", "ml"
	case "TAB":
		w.Menge, w.Einheit = "80", "St"
	}
	e.gib(w)
}

const mittel = "Arnica montana,Nux vomica,Belladonna,Apis mellifica,Bryonia,Pulsatilla,Chamomilla,Lycopodium," +
	"Sulfur,Sepia,Ignatia,Rhus toxicodendron,Gelsemium,Aconitum napellus,Calcium carbonicum,Hepar sulfuris," +
	"Thuja,Natrium muriaticum,Phosphorus,Silicea,Arsenicum album,Lachesis,Hypericum,Euphrasia,Staphisagria," +
	"Causticum,Graphites,Mercurius solubilis,Okoubaka,Luffa operculata"

// cannabis delivers flowers: an ingredient of Rezepturen, without an AVP.
func (e *erzeuger) cannabis() {
	thc, cbd := 1+e.r.IntN(27), 1+e.r.IntN(12)
	w := entwurf{ohneAVP: true, beliebtheit: e.r.IntN(500)}
	w.Artikel = artikel.Artikel{
		Name:       "Cannabisblüten " + e.markenname() + " THC " + strconv.Itoa(thc) + " % CBD " + strconv.Itoa(cbd) + " %",
		Hersteller: von(e.r, []string{"Cannaris", "Gruenblatt"}), Menge: von(e.r, []string{"5", "10", "15"}), Einheit: "g",
		Wirkstoff: "Cannabisblüten", Wirkstaerke: "THC " + strconv.Itoa(thc) + " %", Art: artikel.Arzneimittel,
		Verschreibungspflichtig: true, Apothekenpflichtig: true, Cannabisblueten: true,
		ApU: money.Cent(3000 + e.r.IntN(6000)),
	}
	e.gib(w)
}

// ware delivers goods that are no drugs, in their sizes.
func (e *erzeuger) ware() {
	t := von(e.r, e.waren)
	maker, brand := e.makers[e.vonWem(t.art)], e.markenname()
	base := e.apu(money.Cent(t.preis), 30)
	for i, menge := range t.groessen {
		w := entwurf{uvp: 155 + e.r.IntN(70), beliebtheit: e.r.IntN(20_000) / (1 + e.r.IntN(200))}
		w.Artikel = artikel.Artikel{
			Name: brand + " " + t.name, Hersteller: maker, Darreichungsform: t.form, Menge: menge, Einheit: t.einheit,
			Art: artikel.Art(t.art), ApU: money.Ratio(base, int64(10+8*i), 10), MwSt: artikel.MwStVoll,
		}
		if strings.Contains(t.marken, "e") {
			w.MwSt = artikel.MwStErmaessigt
		}
		if w.Art == artikel.Impfstoff {
			w.Verschreibungspflichtig, w.Apothekenpflichtig, w.uvp = true, true, 0
			w.Kuehlkette, w.Lagerung = true, lagerung(true)
		}
		e.gib(w)
	}
}

func (e *erzeuger) vonWem(art string) int {
	from, to := vonHilfen, vonImpf
	switch artikel.Art(art) {
	case artikel.Freiwahl:
		from, to = vonPflege, vonHilfen
	case artikel.Impfstoff:
		from, to = vonImpf, vonImport
	default: // aids, dressings, tests
	}
	return from + e.r.IntN(to-from)
}
