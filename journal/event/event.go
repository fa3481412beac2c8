// Package event declares every type of event that was ever released. A name is for
// ever, and so is the form: a changed form gets a new version ("….v2") beside it.
package event

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/offizin/offizin/journal"
)

// Decode reads the payload of a record of the type. Unknown types give (nil, nil):
// an older program must store what a newer one wrote.
func Decode(kind string, payload []byte) (journal.Event, error) {
	blank := decoder(kind)
	if blank == nil {
		return nil, nil //nolint:nilnil // an unknown type is no error and has no value
	}
	e, err := blank(payload)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", kind, err)
	}
	return e, nil
}

// Types lists the names of all known types, sorted.
func Types() []string {
	return []string{
		"abgezeichnet.v1", "abzeichnung.offen.v1", "anmeldung.vermerkt.v1", "aussteller.gesetzt.v1", "ausweis.gesetzt.v1",
		"beleg.digital.v1",
		"beleg.gebucht.v1", "beleg.gedruckt.v1", "beleg.gesichert.v1", "beleg.nachgedruckt.v1", "benutzer.gesetzt.v1",
		"besorgung.aufgegeben.v1", "besorgung.entschieden.v1", "besorgung.erledigt.v1", "besorgung.gescheitert.v1",
		"bestand.geaendert.v1",
		"eigener_artikel.gesetzt.v1", "eigener_preis.gesetzt.v1",
		"einstellung.gesetzt.v1", "erlaubnis.erteilt.v1", "erlaubnis.widerrufen.v1",
		"geraet.benutzt.v1", "geraet.entzogen.v1", "geraet.erlaubt.v1", "geschichte.verlassen.v1",
		"kartenzahlung.beendet.v1", "kartenzahlung.begonnen.v1", "kartenzahlung.geklaert.v1",
		"kassenmeldung.gesendet.v1", "katalog.gewaehlt.v1",
		"notschluessel.benutzt.v1", "notschluessel.gesetzt.v1", "person.geloescht.v1", "person.gesetzt.v1",
		"pin.gesetzt.v1", "pruefung.beendet.v1", "pruefung.eingesehen.v1", "pruefung.eroeffnet.v1",
		"rechner.aufgenommen.v1", "rechner.entfernt.v1",
		"recht.festgelegt.v1", "rezept.angenommen.v1", "rezept.zurueckgegeben.v1",
		"schluessel.hinterlegt.v1", "seiten.gesetzt.v1",
		"tag.abgeschlossen.v1", "tagesarbeit.erledigt.v1", "till.beendet.v1", "till.wieder.v1",
		"tse.ausgefallen.v1", "tse.gesetzt.v1", "tse.zurueck.v1",
		"uebernahme.geklaert.v1", "uhr.bestaetigt.v1",
		"verkauf.abgeschlossen.v1", "vorgang.geaendert.v1", "vormerkung.angelegt.v1",
		"vormerkung.erledigt.v1",
	}
}

func decoder(kind string) func([]byte) (journal.Event, error) {
	switch kind {
	case "beleg.digital.v1":
		return into[BelegDigital]
	case "beleg.gedruckt.v1":
		return into[BelegGedruckt]
	case "beleg.nachgedruckt.v1":
		return into[BelegNachgedruckt]
	case "benutzer.gesetzt.v1":
		return into[BenutzerGesetzt]
	case "bestand.geaendert.v1":
		return into[BestandGeaendert]
	case "eigener_artikel.gesetzt.v1":
		return into[EigenerArtikelGesetzt]
	case "eigener_preis.gesetzt.v1":
		return into[EigenerPreisGesetzt]
	case "einstellung.gesetzt.v1":
		return into[EinstellungGesetzt]
	case "katalog.gewaehlt.v1":
		return into[KatalogGewaehlt]
	case "person.geloescht.v1":
		return into[PersonGeloescht]
	case "person.gesetzt.v1":
		return into[PersonGesetzt]
	case "recht.festgelegt.v1":
		return into[RechtFestgelegt]
	case "rezept.angenommen.v1":
		return into[RezeptAngenommen]
	case "rezept.zurueckgegeben.v1":
		return into[RezeptZurueckgegeben]
	case "verkauf.abgeschlossen.v1":
		return into[VerkaufAbgeschlossen]
	case "vorgang.geaendert.v1":
		return into[VorgangGeaendert]
	case "vormerkung.angelegt.v1":
		return into[VormerkungAngelegt]
	case "vormerkung.erledigt.v1":
		return into[VormerkungErledigt]
	}
	return betrieb(kind)
}

// betrieb decodes what is about machines and what they do by themselves.
func betrieb(kind string) func([]byte) (journal.Event, error) {
	switch kind {
	case "aussteller.gesetzt.v1":
		return into[AusstellerGesetzt]
	case "besorgung.aufgegeben.v1":
		return into[BesorgungAufgegeben]
	case "besorgung.entschieden.v1":
		return into[BesorgungEntschieden]
	case "besorgung.erledigt.v1":
		return into[BesorgungErledigt]
	case "besorgung.gescheitert.v1":
		return into[BesorgungGescheitert]
	case "geraet.benutzt.v1":
		return into[GeraetBenutzt]
	case "geraet.entzogen.v1":
		return into[GeraetEntzogen]
	case "geraet.erlaubt.v1":
		return into[GeraetErlaubt]
	case "geschichte.verlassen.v1":
		return into[GeschichteVerlassen]
	case "rechner.aufgenommen.v1":
		return into[RechnerAufgenommen]
	case "rechner.entfernt.v1":
		return into[RechnerEntfernt]
	case "schluessel.hinterlegt.v1":
		return into[SchluesselHinterlegt]
	case "seiten.gesetzt.v1":
		return into[SeitenGesetzt]
	case "tagesarbeit.erledigt.v1":
		return into[TagesarbeitErledigt]
	case "uebernahme.geklaert.v1":
		return into[UebernahmeGeklaert]
	case "uhr.bestaetigt.v1":
		return into[UhrBestaetigt]
	}
	return anmeldung(kind)
}

// anmeldung decodes what is about logins and permits.
func anmeldung(kind string) func([]byte) (journal.Event, error) {
	switch kind {
	case "abgezeichnet.v1":
		return into[Abgezeichnet]
	case "abzeichnung.offen.v1":
		return into[AbzeichnungOffen]
	case "anmeldung.vermerkt.v1":
		return into[AnmeldungVermerkt]
	case "ausweis.gesetzt.v1":
		return into[AusweisGesetzt]
	case "erlaubnis.erteilt.v1":
		return into[ErlaubnisErteilt]
	case "erlaubnis.widerrufen.v1":
		return into[ErlaubnisWiderrufen]
	case "notschluessel.benutzt.v1":
		return into[NotschluesselBenutzt]
	case "notschluessel.gesetzt.v1":
		return into[NotschluesselGesetzt]
	case "pin.gesetzt.v1":
		return into[PinGesetzt]
	}
	return absicherung(kind)
}

// absicherung decodes what the tax office wants to see of a till besides the sales.
func absicherung(kind string) func([]byte) (journal.Event, error) {
	switch kind {
	case "tag.abgeschlossen.v1":
		return into[TagAbgeschlossen]
	case "beleg.gebucht.v1":
		return into[BelegGebucht]
	case "beleg.gesichert.v1":
		return into[BelegGesichert]
	case "kartenzahlung.beendet.v1":
		return into[KartenzahlungBeendet]
	case "kartenzahlung.begonnen.v1":
		return into[KartenzahlungBegonnen]
	case "kartenzahlung.geklaert.v1":
		return into[KartenzahlungGeklaert]
	case "tse.ausgefallen.v1":
		return into[TSEAusgefallen]
	case "tse.gesetzt.v1":
		return into[TSEGesetzt]
	case "tse.zurueck.v1":
		return into[TSEZurueck]
	}
	return pflichten(kind)
}

// pflichten decodes what is about notifications to the tax office and its audits.
func pflichten(kind string) func([]byte) (journal.Event, error) {
	switch kind {
	case "till.beendet.v1":
		return into[TillBeendet]
	case "till.wieder.v1":
		return into[TillWieder]
	case "kassenmeldung.gesendet.v1":
		return into[KassenmeldungGesendet]
	case "pruefung.eroeffnet.v1":
		return into[PruefungEroeffnet]
	case "pruefung.beendet.v1":
		return into[PruefungBeendet]
	case "pruefung.eingesehen.v1":
		return into[PruefungEingesehen]
	}
	return nil
}

// into decodes strictly: a field this program does not know would be lost silently.
func into[T journal.Event](payload []byte) (journal.Event, error) {
	var e T
	dec := json.NewDecoder(bytes.NewReader(payload))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil {
		return nil, fmt.Errorf("event payload: %w", err)
	}
	return e, nil
}
