package browsertest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/offizin/offizin/catalogue/muster"
)

// datei reads an E-Rezept in with F6 and puts its article on the cart: the file is
// chosen in the dialogue of the system, all else by keys.
func (x *till) datei(name string) {
	x.Helper()
	x.key("F6")
	x.sees(".panel", "E-Rezept aus Datei")
	ctx := x.ctx
	if err := chromedp.Do(ctx, chromedp.SetUploadFiles(`input[type=file][name=datei]`, []string{name})); err != nil {
		x.Fatal(err)
	}
}

// waehle takes the article that is proposed first, if the words are to be read there.
func (x *till) waehle(words ...string) {
	x.Helper()
	x.sees(".kandidaten", words...)
	x.until(`document.activeElement?.classList.contains("wahl")`)
	x.shot("auswahl")
	x.key("Enter")
	x.lines(1)
	x.key("Escape")
	x.ready()
}

// demo is one of the prescriptions the demo wrote.
func (x *till) demo(name string) string { return filepath.Join(x.dir, "e-rezepte", name) }

// zahle pays in cash what the screen shows.
func (x *till) zahle() {
	x.Helper()
	x.ready()
	x.key("F10")
	x.until(`document.activeElement?.name === "gegeben"`)
	x.key("Enter")
	x.sees(".bezahlt", "Gebucht")
}

// An E-Rezept file to the receipt: § 61 SGB V, 10 % of 13,40 €, at least 5,00 €.
func TestERezeptBisBon(t *testing.T) {
	x := open(t)
	x.datei(x.demo("1-zuzahlung.xml"))
	x.waehle("Ramipril Demopharm")
	x.lines(1)
	x.sees(".zeile", "Rx", "auf Rezept", "5,00 €")
	x.ready()
	x.key("?")
	x.sees("#warum", "SGB V § 61 Satz 1", "mindestens 5,00 €", "seit 01.01.2004")
	x.shot("warum")
	x.ready()
	x.zahle()
	x.ready()
	x.key("F12")
	x.sees(".bon", "Linden-Apotheke", "1-000001", "Zuzahlung", "5,00 €", "kein Beleg im Sinne von § 6 KassenSichV")
	x.shot("bon")
}

// What is above the Festbetrag the patient pays: Mehrkosten beside the Zuzahlung.
func TestFestbetragMehrkosten(t *testing.T) {
	x := open(t)
	x.datei(x.demo("2-festbetrag-mehrkosten.xml"))
	x.sees(".panel", "aut idem ausgeschlossen")
	x.waehle("Atovalan")
	x.lines(1)
	x.sees(".zeile", "Festbetrag")
	x.sees(".summe", "Mehrkosten")
	x.until(`/Mehrkosten\s+\d/.test(document.querySelector(".summe").innerText.replaceAll("\u00a0", " "))`)
	x.ready()
	x.scan(string(muster.OTCSchmerzmittel.PZN()))
	x.lines(2)
	x.ready()
	x.write("ibu 400")
	x.until(`document.querySelectorAll("#treffer tr button").length > 1`)
	x.shot("verkauf") // the picture of the README
	x.key("Escape")
	x.ready()
	x.zahle()
}

// An exempt patient pays no Zuzahlung; the article is chosen from those that may be
// handed over, best first.
func TestBefreitWirkstoff(t *testing.T) {
	x := open(t)
	x.datei(x.demo("3-befreit-wirkstoff.xml"))
	x.waehle("zuerst")
	x.lines(1)
	x.sees("#patient", "0,00 €")
	x.ready()
	x.key("?")
	x.sees("#warum", "Zuzahlung")
	x.ready()
	x.zahle()
}

// The switch for an exemption shown at the counter takes the Zuzahlung away and back.
func TestBefreitSchalter(t *testing.T) {
	x := open(t)
	x.datei(x.demo("1-zuzahlung.xml"))
	x.waehle("Ramipril Demopharm")
	x.sees("#patient", "5,00 €")
	x.ready()
	x.key("Alt+b")
	x.sees("#patient", "0,00 €")
	x.ready()
	x.key("Strg+z")
	x.sees("#patient", "5,00 €")
}

// A cart is parked for the next customer and comes back as it was.
func TestParken(t *testing.T) {
	x := open(t)
	x.scan(string(muster.OTCSchmerzmittel.PZN()))
	x.lines(1)
	x.ready()
	x.key("F8")
	x.lines(0)
	x.ready()
	x.scan(string(muster.FreiwahlVoll.PZN()))
	x.lines(1)
	x.ready()
	x.zahle()
	x.ready()
	x.key("F8")
	x.sees(".panel", "5,95 €")
	x.shot("geparkt")
	x.until(`document.activeElement?.closest(".panel")`)
	x.key("Enter")
	x.lines(1)
	x.sees(".zeile", "Ibuprofen Nordhaus")
	x.ready()
}

// Wrong input gets one sentence with its code, the cart stays, and the focus is back.
func TestFalscheEingabe(t *testing.T) {
	x := open(t)
	x.scan(string(muster.OTCSchmerzmittel.PZN()))
	x.lines(1)
	x.ready()
	x.scan("17001046") // the check digit is wrong
	x.sees(".meldung", "K-10")
	x.lines(1)
	x.ready()
	x.scan("99999995") // no such number
	x.until(`/[KAV]-\d{3}/.test(document.querySelector(".meldung")?.innerText ?? "")`)
	x.shot("falsche-pzn")
	x.ready()
	x.key("F3")
	x.until(`document.activeElement?.name === "preis"`)
	x.write("-3")
	x.key("Enter")
	x.sees(".meldung", "W-108", "Form: 12,34")
	x.lines(1)
	x.sees("#patient", "5,95 €")

	foreign := filepath.Join(x.dir, "fremd.xml")
	if err := os.WriteFile(foreign, []byte(`<?xml version="1.0"?><Rechnung><Betrag>3</Betrag></Rechnung>`), 0o600); err != nil {
		t.Fatal(err)
	}
	x.key("Escape")
	x.ready()
	x.datei(foreign)
	x.sees(".meldung", "R-111", "kein FHIR-Bundle")
	x.shot("fremde-datei")
	x.lines(1)
}

// A paid Bon is undone by a counter-sale that names it.
func TestStorno(t *testing.T) {
	x := open(t)
	x.scan(string(muster.OTCSchmerzmittel.PZN()))
	x.lines(1)
	x.zahle()
	x.ready()
	x.key("F12")
	x.sees(".bon", "1-000001")
	x.key("F9")
	x.until(`document.activeElement?.name === "grund"`)
	x.write("falscher Artikel")
	x.key("Enter")
	x.sees(".bon", "1-000002", "1-000001", "-5,95 €")
	x.shot("storno")
}

// The program is killed in the middle of a sale: after the start the same cart is there.
func TestAbgeschossen(t *testing.T) {
	x := open(t)
	x.scan(string(muster.OTCSchmerzmittel.PZN()))
	x.lines(1)
	x.ready()
	x.scan(string(muster.FreiwahlVoll.PZN()))
	x.lines(2)
	x.ready()
	before := strings.TrimSpace(x.text("#patient"))
	x.process.Kill()
	x.start()
	x.lines(2)
	x.sees("#patient", before)
	x.zahle()
	x.sees(".bezahlt", "1-00000") // the second one: the transaction that the kill left open is the first
}

// Every area answers to its key and shows no text key.
func TestBereiche(t *testing.T) {
	x := open(t)
	for digit, title := range map[int]string{
		2: "Rezepte", 3: "Artikel", 4: "Lager", 5: "Kunden", 6: "Tagesbericht", 7: "Störungen", 8: "Einstellungen",
	} {
		x.key(fmt.Sprintf("Alt+%d", digit))
		x.sees("h1", title)
		x.shot("bereich-" + strings.ToLower(title))
	}
	x.key("Alt+1")
	x.ready()
}
