package browsertest_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/png" // pictures of the window
	"os/exec"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/integration/bonseite"
)

const bonadresse = "https://www.loewen-apotheke.example/bon.html"

// anzeige is the second screen of a till: a window of its own, in which nobody has logged in.
func anzeige(x *till) *till {
	x.Helper()
	parent, err := browser()
	if err != nil {
		x.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	x.Cleanup(cancel)
	y := &till{T: x.T, ctx: ctx, dir: x.dir, process: x.process}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1366, 768)); err != nil { // opens the window
		x.Fatal(err)
	}
	y.do(chromedp.Navigate(x.process.URL + "/kundenanzeige"))
	return y
}

// einstellen sets the address of the page for digital receipts.
func (x *till) einstellen(adresse string) {
	x.Helper()
	x.gehe("/einstellungen")
	x.tuEs(`document.querySelector("input[name=bonseite]").value = "` + adresse + `"; document.querySelector("form[action='/einstellungen']").requestSubmit()`)
	x.until(`document.readyState === "complete" && document.querySelector("input[name=bonseite]")?.defaultValue === "` + adresse + `"`)
	x.gehe("/verkauf")
	x.ready()
}

// qrcodeAus reads the QR code on the screen as it is, pixel by pixel.
func (x *till) qrcodeAus() string {
	x.Helper()
	shot, err := chromedp.Run(x.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		x.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(shot))
	if err != nil {
		x.Fatal(err)
	}
	bmp, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		x.Fatal(err)
	}
	got, err := qrcode.NewQRCodeReader().Decode(bmp, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		x.Fatal("no QR code on the screen: ", err)
	}
	return got.GetText()
}

// ADR 0033: the customer sees what lies on the counter, what it costs, the change, and – because he
// asked for it – his receipt as QR code, until the next sale. Nobody is named there.
func TestKundenanzeige(t *testing.T) {
	x := open(t)
	x.einstellen(bonadresse)
	y := anzeige(x)
	y.sees("main.ruht", "Linden-Apotheke (Demo)")
	y.bild("anzeige-ruht")

	x.datei(x.demo("1-zuzahlung.xml"))
	x.waehle("Ramipril Demopharm")
	y.sees("main.vorgang", "Ramipril Demopharm", "Zuzahlung 5,00 €", "der Kostenträger zahlt", "Sie zahlen", "5,00 €")
	x.scan(string(muster.OTCSchmerzmittel.PZN()))
	x.lines(2)
	y.sees("main.vorgang", "Ibuprofen Nordhaus")
	due := y.text("#summe")
	x.until(fmt.Sprintf(`document.querySelector(".summe .gross").innerText.includes(%q)`, due))
	y.bild("anzeige-wagen")
	if text := y.text("body"); strings.Contains(text, "Muster") || strings.Contains(text, "geb") {
		t.Errorf("the customer is named: %s", text)
	}
	x.ready()
	x.key("F10")
	x.until(`document.activeElement?.name === "gegeben"`)
	x.write("50")
	x.key("Enter")
	x.sees(".bezahlt", "Gebucht", "1-000001")
	y.sees("main.bezahlt", "Vielen Dank!", "Gegeben", "50,00 €", "Rückgeld")
	y.bild("anzeige-bezahlt")

	x.key("Alt+q")
	x.sees("#gezeigt", "Kundenanzeige")
	x.shot("digitaler-bon")
	y.sees("main.digital", "Ihr digitaler Bon", "1-000001")
	y.bild("anzeige-code")
	url := y.qrcodeAus()
	fragment, ok := strings.CutPrefix(url, bonadresse+"#")
	inhalt, err := bonseite.Auspacken(fragment)
	if !ok || err != nil || inhalt.Titel != "Bon 1-000001" {
		t.Fatalf("%s: %+v %v", url, inhalt, err)
	}
	t.Logf("%d characters for two lines", len(url))
	x.key("F12")
	x.until(`location.pathname === "/bon/1-000001" && window.offizin`)
	x.sees("#digital", "digital gegeben")
	const code = `document.querySelector("svg path + path").getAttribute("d")`
	x.until(fmt.Sprintf(`document.querySelector("#digital svg") && %s === %q`, code, eval[string](y, code)))
	x.shot("digitaler-bon-seite")
	z := offline(t, seite(t)+"#"+fragment, fehler)
	z.sees("#bon", "Bon 1-000001", "Ramipril Demopharm", "Rückgeld", "Zuzahlungsquittung", "TSE")
	z.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	z.bild("bonseite-verkauf")

	x.gehe("/verkauf")
	x.ready()
	x.scan(string(muster.OTCSchmerzmittel.PZN()))
	x.lines(1)
	y.sees("main.vorgang", "Ibuprofen Nordhaus")
	y.until(`!document.querySelector("#code")`)

	x.process.Stop()
	y.until(`!document.querySelector("#still").hidden && !document.querySelector("main.vorgang")`)
	y.bild("anzeige-still")
	x.nochmal()
	y.sees("main.vorgang", "Ibuprofen Nordhaus")
	y.until(`document.querySelector("#still").hidden`)
}

// nochmal starts the program again under the same address.
func (x *till) nochmal() {
	x.Helper()
	path, err := binary()
	if err != nil {
		x.Fatal(err)
	}
	cmd := exec.Command(path, "demo", "--daten", x.dir, "--artikel", "6000", "--listen", strings.TrimPrefix(x.process.URL, "http://"))
	if err := cmd.Start(); err != nil {
		x.Fatal(err)
	}
	x.Cleanup(func() { _ = errors.Join(cmd.Process.Kill(), cmd.Wait()) })
}
