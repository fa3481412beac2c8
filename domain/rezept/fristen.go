package rezept

import (
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// The periods in which a prescription may be supplied, in days after the day of issue
// unless stated otherwise.
const (
	TageGKV         = 28  // at the cost of the insurer: AM-RL § 11 Abs. 4
	MonateGueltig   = 3   // at all: AMVV § 2 Abs. 5
	TageBtM         = 7   // until presented: BtMVV § 12 Abs. 1 Nr. 1
	TageT           = 6   // AMVV § 3a
	WerktageEntlass = 3   // the day of issue counts: AM-RL § 8 Abs. 3a
	TageMehrfach    = 365 // of a part without own end: SGB V § 31 Abs. 1b
)

// Frist is until when a prescription may be supplied.
type Frist struct {
	Ab civil.Day // not before
	// Traeger is the last day at the cost of the insurer, Ende the last day at all; they
	// are the same where no private supply follows.
	Traeger, Ende civil.Day
	Grund         string // what decides about Ende or Traeger: "28 Tage", "Mehrfachverordnung" …
	Norm          string
}

// Fristen returns the periods of the prescription. Holidays are not known here, so the
// three working days of an Entlassrezept leave out Sundays alone.
func (r Rezept) Fristen() Frist {
	f := Frist{
		Ab: r.Ausgestellt, Ende: monateSpaeter(r.Ausgestellt, MonateGueltig),
		Grund: "drei Monate", Norm: "AMVV § 2 Abs. 5",
	}
	f.Traeger = f.Ende
	switch {
	case r.BtM():
		f.Ende = r.Ausgestellt.AddDays(TageBtM)
		f.Traeger, f.Grund, f.Norm = f.Ende, "sieben Tage", "BtMVV § 12 Abs. 1 Nr. 1"
	case r.T():
		f.Ende = r.Ausgestellt.AddDays(TageT)
		f.Traeger, f.Grund, f.Norm = f.Ende, "sechs Tage", "AMVV § 3a"
	case r.Mehrfach != nil:
		f.mehrfach(*r.Mehrfach, r.Ausgestellt)
	}
	if r.Entlassrezept() && r.amtlich() {
		if last := werktage(r.Ausgestellt, WerktageEntlass); last < f.Traeger {
			f.Traeger, f.Grund, f.Norm = last, "drei Werktage", "SGB V § 39 Abs. 1a; AM-RL § 8 Abs. 3a"
		}
		return f
	}
	if last := r.Ausgestellt.AddDays(TageGKV); r.amtlich() && r.Mehrfach == nil && last < f.Traeger {
		f.Traeger, f.Grund, f.Norm = last, "28 Tage", "AM-RL § 11 Abs. 4"
	}
	return f
}

func (f *Frist) mehrfach(m Mehrfach, issued civil.Day) {
	if m.Ab.Valid() {
		f.Ab = m.Ab
	}
	f.Ende = issued.AddDays(TageMehrfach)
	if m.Bis.Valid() {
		f.Ende = m.Bis
	}
	f.Traeger, f.Grund, f.Norm = f.Ende, "Mehrfachverordnung", "SGB V § 31 Abs. 1b"
}

// amtlich reports whether a statutory insurer or another public body pays.
func (r Rezept) amtlich() bool {
	switch r.Kostentraeger.Art {
	case zuzahlung.GKV, zuzahlung.BG, zuzahlung.SKT, zuzahlung.Pflege:
		return true
	case zuzahlung.PKV, zuzahlung.Selbstzahler:
	}
	return false
}

// BtM reports whether it prescribes a Betaeubungsmittel.
func (r Rezept) BtM() bool { return r.FlowType == flowBtM || r.kategorie(KategorieBtM) }

// T reports whether it is a T-Rezept (§ 3a AMVV).
func (r Rezept) T() bool { return r.FlowType == flowT || r.kategorie(KategorieT) }

func (r Rezept) kategorie(k string) bool {
	for _, v := range r.Verordnungen {
		if v.Kategorie == k {
			return true
		}
	}
	return false
}

// monateSpaeter adds months; a day the month does not have is its last (§ 188(3) BGB).
func monateSpaeter(d civil.Day, n int) civil.Day {
	if !d.Valid() {
		return 0
	}
	m := d.Month() - 1 + n
	year, month := d.Year()+m/12, m%12+1
	if year > 2199 { // the calendar's end
		return d
	}
	return civil.Must(year, month, min(d.DayOfMonth(), ultimo(year, month).DayOfMonth()))
}

// werktage is the n-th working day from d on, d included if it is one.
func werktage(d civil.Day, n int) civil.Day {
	for ; ; d = d.AddDays(1) {
		if d.Weekday() != time.Sunday {
			n--
		}
		if n == 0 {
			return d
		}
	}
}
