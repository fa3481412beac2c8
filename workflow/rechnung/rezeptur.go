package rechnung

import (
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
)

// rezeptur is the price of a preparation on the day, with its reasons: by law, or as
// stated.
func (l *lage) rezeptur(z *Zeile) money.Cent {
	z.Rechnung.Zubereitung = z.Position.Zubereitung
	if z.Position.Zubereitung == nil {
		return z.Position.Betrag
	}
	e := preis.ComputeZubereitung(*z.Position.Zubereitung, l.stand.Preis)
	z.Rechnung.Schritte = append(z.Rechnung.Schritte, e.Schritte...)
	z.Befunde = append(z.Befunde, e.Befunde...)
	return e.Brutto
}
