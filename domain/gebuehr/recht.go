// Package gebuehr knows the fees that stand beside a dispensed drug, each with its
// Sonderkennzeichen (SOK): Noctu, BtM, T-Rezept, Botendienst, Beschaffung, Engpass.
package gebuehr

import (
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/money"
)

// Recht is everything gebuehr needs of the law of one day. All gross unless
// named otherwise; a fee that does not exist on the day has Repealed set.
type Recht struct {
	Noctu            fassung.Fassung[money.Cent] // § 6 AMPreisV, gross
	BtM              fassung.Fassung[money.Cent] // § 7, gross
	TRezept          fassung.Fassung[money.Cent] // gross
	BotendienstNetto fassung.Fassung[money.Cent]
	EngpassNetto     fassung.Fassung[money.Cent] // § 3(1a)
	MwStVoll         fassung.Fassung[money.PPM]
}
