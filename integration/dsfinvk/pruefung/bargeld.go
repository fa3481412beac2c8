package pruefung

import (
	"fmt"
	"slices"
)

// zBargeld is the cash of a closing in a currency.
func (l *lauf) zBargeld(z *zeile) {
	a := z.zuAbschluss()
	if a == nil {
		return
	}
	code := z.text("ZAHLART_WAEH")
	z.waehrung("ZAHLART_WAEH")
	if !l.stammsatz(z, 48) {
		return
	}
	if slices.ContainsFunc(a.bargeld, func(w waehrung) bool { return w.code == code }) {
		z.fund("T-429", "Diese Währung steht schon im selben Abschluss.")
	}
	a.bargeld = append(a.bargeld, waehrung{l.name(kurz(code, 3)), z.zahl("ZAHLART_BETRAG_WAEH"), z.nr})
}

// bestand is what cash the closing says there is in the currency of the till.
func (a *abschluss) bestand() (w waehrung, ok bool) {
	i := slices.IndexFunc(a.bargeld, func(w waehrung) bool { return w.code == a.basis })
	if i < 0 {
		return w, false
	}
	return a.bargeld[i], true
}

// sprung is a closing whose cash does not follow from the one before and what was paid in cash.
type sprung struct {
	a         *abschluss
	w         waehrung
	differenz int64
}

// barbestand: the cash of a closing is that of the one before and what was paid since, or, where
// a program does not carry it over, what was paid. A record may have moved cash of the drawer of
// another till: what is too much there is too little here.
func (l *lauf) barbestand() {
	var list []sprung
	var offen []*abschluss // closings of which nobody knows what was there before
	var davor *abschluss
	for _, a := range l.geordnet() {
		w, ok := a.bestand()
		if !ok {
			if a.barzahlungen != 0 {
				l.fund("cash_per_currency.csv", 0, "D-705", fmt.Sprintf(
					"Der Bargeldbestand des Abschlusses %.20s von %.50s fehlt.", a.nummer, a.till))
			}
			davor = nil
			continue
		}
		anfang, known := int64(0), a.nr == 1
		if davor != nil && davor.tillNr == a.tillNr && davor.nr+1 == a.nr {
			vor, _ := davor.bestand()
			anfang, known = vor.betrag, true
		}
		d := w.betrag - a.barzahlungen - anfang
		switch davor = a; {
		case !known:
			offen = append(offen, a)
		case d != 0 && w.betrag != a.barzahlungen:
			list = append(list, sprung{a, w, d})
		}
	}
	for _, s := range list {
		if s.a.bewegt(-s.differenz) || s.gegenueber(list, offen) || s.w.betrag == 0 && len(l.kleinste) > 1 {
			continue // the drawer of a dead till is emptied by another one, which may not have closed yet
		}
		l.fund("cash_per_currency.csv", s.w.zeile, "D-704", fmt.Sprintf(
			"Der Bargeldbestand %s ist um %s anders, als der vorige Abschluss und die Barzahlungen ergeben.",
			euro(s.w.betrag), euro(s.differenz)))
	}
}

// bewegt says whether records of the closing that move cash only, some of them, moved just that.
func (a *abschluss) bewegt(n int64) bool {
	sums := []int64{0}
	for _, m := range a.bewegungen {
		for _, x := range sums {
			if x+m == n {
				return true
			}
			sums = append(sums, x+m)
		}
	}
	return false
}

// gegenueber says whether another till may have moved it.
func (s sprung) gegenueber(list []sprung, offen []*abschluss) bool {
	return slices.ContainsFunc(list, func(x sprung) bool {
		return x.a.tillNr != s.a.tillNr && x.differenz == -s.differenz && x.a.bewegt(s.differenz)
	}) || slices.ContainsFunc(offen, func(a *abschluss) bool { return a.tillNr != s.a.tillNr && a.bewegt(s.differenz) })
}
