package fiskal

import (
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/dsfinvk/pruefung"
	tsepruefung "github.com/offizin/offizin/integration/tse/pruefung"
)

// Pruefer checks the signature of a row of transactions_tse, as that of the QR code that the
// same receipt has.
func Pruefer() func(pruefung.Signatur) error {
	k := tsepruefung.NewKurven()
	return func(s pruefung.Signatur) error {
		g := kassenbeleg.Gesichert{Serie: s.Client, Prozess: s.Prozess, Daten: s.Daten, Signatur: &tse.Signatur{
			Transaktion: s.Transaktion, Zaehler: s.Zaehler, Beginn: s.Beginn, Ende: s.Ende, Wert: s.Wert,
		}}
		device := tse.Geraet{Algorithmus: s.Algorithmus, Zeitformat: s.Zeitformat, Schluessel: s.Schluessel}
		_, err := k.PruefeQR(g.Text(device))
		return err
	}
}
