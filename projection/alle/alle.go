// Package alle lists the read models of a pharmacy, for every store.
package alle

import (
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/aenderungen"
	"github.com/offizin/offizin/projection/anmeldung"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/besorgungen"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/eigene"
	"github.com/offizin/offizin/projection/geraete"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/kartenzahlungen"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/projection/kassenmeldung"
	"github.com/offizin/offizin/projection/katalogwahl"
	"github.com/offizin/offizin/projection/monate"
	"github.com/offizin/offizin/projection/offeneposten"
	"github.com/offizin/offizin/projection/personen"
	"github.com/offizin/offizin/projection/pruefungen"
	"github.com/offizin/offizin/projection/rechner"
	"github.com/offizin/offizin/projection/rezepte"
	"github.com/offizin/offizin/projection/tagesarbeiten"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/projection/vormerkungen"
	"github.com/offizin/offizin/projection/zuzahlungen"
)

// Projections returns all read models.
func Projections() []journal.Projection {
	return []journal.Projection{
		aenderungen.Projection{},
		anmeldung.Projection{},
		belege.Projection{},
		besorgungen.Projection{},
		bestand.Projection{},
		bons.Projection{},
		eigene.Projection{},
		geraete.Projection{},
		haus.Projection{},
		kassenbuch.Projection{},
		kassenmeldung.Projection{},
		kartenzahlungen.Projection{},
		katalogwahl.Projection{},
		monate.Projection{},
		offeneposten.Projection{},
		personen.Projection{},
		pruefungen.Projection{},
		rechner.Projection{},
		rezepte.Projection{},
		tagesarbeiten.Projection{},
		vorgaenge.Projection{},
		vormerkungen.Projection{},
		zuzahlungen.Projection{},
	}
}
