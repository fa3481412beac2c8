package zuzahlung_test

import (
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// recht is the law of a day, typed from the statutes and independent of the shipped
// law data, so that a slip in either shows.
func recht(d civil.Day) zuzahlung.Recht {
	return zuzahlung.Recht{
		Anteil: am(d, "SGB V § 61 Satz 1", row(20040101, 10*money.Percent)),
		Mindest: am(d, "SGB V § 61 Satz 1",
			row(20040101, money.Cent(500)), row(20270101, money.Cent(750))),
		Hoechst: am(d, "SGB V § 61 Satz 1",
			row(20040101, money.Cent(1000)), row(20270101, money.Cent(1500))),
		VerbrauchHoechst: am(d, "SGB V § 33 Abs. 8 Satz 3",
			row(20040101, money.Cent(1000)), row(20260730, money.Cent(1500))),
		EinmalBeiEngpass:  am(d, "SGB V § 61 Satz 5 und 6", row(20240201, true)),
		BefruchtungAnteil: am(d, "SGB V § 27a Abs. 3", row(20040101, 50*money.Percent)),
		PG54Pauschale: am(d, "SGB XI § 40 Abs. 2",
			row(20040101, money.Cent(4000)), row(20250101, money.Cent(4200))),
		PG51Hoechst:         am(d, "SGB XI § 40 Abs. 3", row(20040101, money.Cent(2500))),
		Geheimpreis:         am(d, "SGB V § 130b Abs. 1c", row(20250101, true)),
		Altersgrenze:        am(d, "SGB V § 31 Abs. 3", row(20040101, 18)),
		OhneHomoeopathie:    am(d, "SGB V § 31 Abs. 1", row(20260730, true)),
		OhneCannabisblueten: am(d, "SGB V § 31 Abs. 6", row(20260730, true)),
		AbschlagRx: am(d, "SGB V § 130 Abs. 1",
			row(20040101, money.Cent(200)), row(20070401, money.Cent(230)), row(20090101, money.Cent(175)),
			row(20110101, money.Cent(205)), row(20130101, money.Cent(175)), row(20130701, money.Cent(185)),
			row(20140101, money.Cent(180)), row(20150101, money.Cent(177)), row(20230201, money.Cent(200)),
			row(20250201, money.Cent(177)), row(20270101, money.Cent(207))),
		AbschlagSonst: am(d, "SGB V § 130 Abs. 1", row(20040101, 5*money.Percent)),
	}
}

func row[T any](ab civil.Day, was T) fassung.Fassung[T] { return fassung.Fassung[T]{Ab: ab, Was: was} }

// am is the row in force on d; a parameter not in force is repealed.
func am[T any](d civil.Day, norm string, rows ...fassung.Fassung[T]) fassung.Fassung[T] {
	f, err := fassung.Reihe[T](rows).Am(d)
	if err != nil {
		f.Repealed = true
	}
	f.Norm = norm
	return f
}
