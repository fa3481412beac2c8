package browsertest_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// geraet is a browser of another device; with a certificate it believes that.
func geraet(t *testing.T, der []byte) *till {
	t.Helper()
	home, err := os.MkdirTemp(temp, "geraet-") //nolint:usetesting // the browser may still write when the test ends
	if err != nil {
		t.Fatal(err)
	}
	var path string
	for _, name := range []string{"google-chrome", "chromium-browser", "chromium"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
		}
	}
	if der != nil && !importiere(t, der, home) {
		t.Skip("no certutil")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], //nolint:gocritic // an array: append copies
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(filepath.Join(home, "profil")),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("host-resolver-rules", "MAP *.lan 127.0.0.1"),
		chromedp.Env("HOME="+home), chromedp.WindowSize(1280, 800))
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancelAlloc)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800)); err != nil {
		t.Fatal(err)
	}
	return &till{T: t, ctx: ctx}
}

// The Inhaber switches the pages on, names a laptop and shows it a code; the laptop, which has the
// certificate, comes in with it and logs in. Without the certificate Chromium shows nothing.
func TestGeraete(t *testing.T) {
	x := open(t)
	x.gehe("/einstellungen/anmeldung")
	x.fuelle(`input[name=pin][aria-label$="AB"]`, "493817")
	x.until(`document.querySelector("form[action='/anmelden']")`)
	x.fuelle(`input[name=pin]`, "493817")
	x.until(`document.querySelector("#benutzer summary")?.innerText.startsWith("AB")`)
	x.gehe("/einstellungen/rechner")
	x.shot("rechner-mit-geraeten")
	x.gehe("/einstellungen/rechner/geraete")
	x.shot("geraete-aus")
	_, port, err := net.SplitHostPort(freierPort(t))
	if err != nil {
		t.Fatal(err)
	}
	x.tuEs(`document.querySelector("input[name=port]").value = "` + port + `"; document.querySelector("input[name=port]").form.requestSubmit()`)
	x.until(`document.querySelector("input[name=name]")`)
	x.until(`document.body.innerText.includes("https://") || (location.reload(), false)`)
	x.shot("geraete-an")
	x.fuelle(`input[name=name]`, "Laptop")
	x.until(`document.querySelector("#code")`)
	code := eval[string](x, `document.querySelector("#code").innerText`)
	x.shot("geraete-code")

	root, _ := (&apotheke{T: t, dir: x.dir}).zertifikate()
	url := "https://" + net.JoinHostPort(root.PermittedDNSDomains[1], port) + "/"
	stranger := geraet(t, nil)
	if err := chromedp.Do(stranger.ctx, chromedp.Navigate(url)); err == nil || !strings.Contains(err.Error(), "ERR_CERT_AUTHORITY_INVALID") {
		t.Errorf("without the certificate: %v", err)
	}
	g := geraet(t, root.Raw)
	g.do(chromedp.Navigate(url))
	g.until(`document.querySelector("input[name=code]")`)
	g.shot("geraet-koppeln")
	g.fuelle(`input[name=code]`, "00000000")
	g.until(`document.querySelector("[role=alert]")`)
	g.shot("geraet-falsch")
	g.fuelle(`input[name=code]`, code)
	g.until(`document.querySelector("form[action='/anmelden'] select")`)
	g.shot("geraet-anmelden")
	g.fuelle(`input[name=pin]`, "493817")
	g.until(`document.querySelector("#eingabe")`)
	g.shot("geraet-verkauf")
	x.gehe("/einstellungen/rechner/geraete")
	x.until(`document.querySelector("td b")?.innerText === "Laptop"`)
	x.shot("geraete-liste")
	x.gehe("/einstellungen/anmeldung/protokoll")
	x.sees("main", "von Gerät", "Laptop")
	x.shot("geraete-protokoll")
	x.gehe("/einstellungen/rechner/geraete")
	x.tuEs(`document.querySelector("form[action$='/entziehen']").requestSubmit()`)
	x.until(`document.querySelector("td.leer")`)
	g.do(chromedp.Navigate(url))
	g.until(`document.querySelector("input[name=code]")`)
}
