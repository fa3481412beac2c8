package rechnung

import (
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/gebuehr"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow/rezeptannahme"
)

// fee computes a line that is a fee.
func (l *lage) fee(z *Zeile) {
	p, b := z.Position, &z.Rechnung
	f := l.feeFall(p)
	r := l.rezept(p.Rezept)
	if p.SOK == gebuehr.SOKNoctu && p.Rezept == "" {
		if r = l.noctu(); r != nil {
			b.Rezept = r.ID
		}
	}
	if r != nil && !r.Geloescht {
		b.Traeger, b.IK = l.traeger(r)
		b.Person = r.Person
		f.Traeger, f.NoctuVermerk = b.Traeger, r.Rezept.Noctu
	}
	g, list := gebuehr.Compute(f, l.stand.Gebuehr)
	z.Befunde = append(z.Befunde, list...)
	l.checkFee(z)
	b.Bezeichnung, b.MwSt, b.Schritte, b.Regel = g.Name, g.Satz, g.Schritte, "gebuehr"
	b.Preis, b.Gesamt = g.Brutto, g.Brutto
	b.Privat, b.TraegerZahlt = g.Patient, g.TraegerZahlt
}

// checkFee: the fees of § 7 AMPreisV stand beside such a drug of the same prescription,
// or beside a Rezeptur, whose contents are not known here.
func (l *lage) checkFee(z *Zeile) {
	p := z.Position
	if p.SOK != gebuehr.SOKBtM && p.SOK != gebuehr.SOKTRezept {
		return
	}
	for _, q := range l.positionen {
		a := l.waren[q.Nr]
		due := p.SOK == gebuehr.SOKBtM && (a.BtM || q.Art == vorgang.Rezeptur) || p.SOK == gebuehr.SOKTRezept && a.TRezept
		if due && q.Rezept == p.Rezept && q.Rezept != "" {
			return
		}
	}
	z.add("V-313", befund.Hindernis,
		"Zu dieser Gebühr fehlt das Arzneimittel auf demselben Rezept – ordnen Sie es zu (F6) oder entfernen Sie sie (F9).")
}

// feeFall gathers what a fee depends on: the hour and the lines of the same
// prescription.
func (l *lage) feeFall(p vorgang.Position) gebuehr.Fall {
	hour, minute := clock.TimeOfDay(l.at)
	f := gebuehr.Fall{SOK: p.SOK, Tag: l.tag, Stunde: hour, Minute: minute, Land: l.land, Betrag: p.Betrag}
	for _, q := range l.positionen {
		if q.Rezept != p.Rezept || q.Rezept == "" || q.Nr == p.Nr {
			continue
		}
		switch {
		case q.NichtVerfuegbar:
			f.Abweichung = 4
		case q.EngpassPZN != "" && f.Abweichung == 0:
			f.Abweichung = 3
		}
		f.Rx = f.Rx || l.waren[q.Nr].Verschreibungspflichtig
	}
	for _, q := range l.vorher {
		f.SchonBerechnet = f.SchonBerechnet || q.SOK == p.SOK && q.Rezept != p.Rezept && l.samePatient(q.Rezept, p.Rezept)
	}
	return f
}

// noctu is the prescription marked „noctu“ that bears the fee of this visit, if any.
func (l *lage) noctu() *rezeptannahme.Eintrag {
	for i := range l.rezepte {
		if l.rezepte[i].Rezept.Noctu {
			return &l.rezepte[i]
		}
	}
	return nil
}

func (l *lage) samePatient(a, b string) bool {
	x, y := l.rezept(a), l.rezept(b)
	return x != nil && y != nil && x.Person == y.Person
}

// proposeNoctu says whether the Noctu fee is due and not yet in the cart: it is
// proposed, never added by itself. It is charged once per visit, not per prescription.
func (l *lage) proposeNoctu(v vorgang.Vorgang) bool {
	if len(v.Positionen) == 0 {
		return false
	}
	for _, p := range v.Positionen {
		if p.SOK == gebuehr.SOKNoctu {
			return false
		}
	}
	hour, minute := clock.TimeOfDay(l.at)
	due, _ := gebuehr.IstNotdienst(l.tag, hour, minute, l.land)
	return due
}

// proposeFees hints at the fees that belong to the drugs of a prescription and are
// missing: BtM, T-Rezept.
func (z *Zeile) proposeFees(v vorgang.Vorgang) {
	for _, f := range []struct {
		due  bool
		sok  string
		code string
		text string
	}{
		{z.Artikel.BtM, gebuehr.SOKBtM, "V-214", "Die BtM-Gebühr (02567001) fehlt – fügen Sie sie hinzu."},
		{z.Artikel.TRezept, gebuehr.SOKTRezept, "V-215", "Die T-Rezept-Gebühr (06460688) fehlt – fügen Sie sie hinzu."},
	} {
		if f.due && !v.HatGebuehr(f.sok, z.Position.Rezept) {
			z.add(f.code, befund.Hinweis, f.text)
		}
	}
}
