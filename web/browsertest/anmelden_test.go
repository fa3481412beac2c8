package browsertest_test

import (
	"testing"
	"time"
)

// A day with PINs: the Inhaber sets them, logs in, hands out a badge, and somebody else
// takes the till with one scan.
func TestAnmelden(t *testing.T) {
	x := open(t)
	x.gehe("/einstellungen/anmeldung")
	x.shot("anmeldung-vorher")
	x.fuelle(`input[name=pin][aria-label$="EF"]`, "715203")
	x.gehe("/einstellungen/anmeldung")
	x.fuelle(`input[name=pin][aria-label$="AB"]`, "493817")
	x.until(`document.querySelector("form[action='/anmelden']")`)
	x.shot("anmelden")
	x.tuEs(`document.querySelector("form[action='/anmelden'] select").value = "AB"`)
	x.fuelle(`input[name=pin]`, "493817")
	x.until(`document.querySelector("#benutzer summary")?.innerText.startsWith("AB")`)
	x.gehe("/einstellungen/anmeldung")
	x.shot("anmeldung")
	x.tuEs(`document.querySelector("form[action$='/ausweis'] input[value=EF]").form.requestSubmit()`)
	x.until(`document.querySelector("code.gross")`)
	code := eval[string](x, `document.querySelector("code.gross").innerText`)
	x.shot("ausweis")
	x.gehe("/verkauf")
	x.until(`document.querySelector("#eingabe")`)
	begin := time.Now()
	x.scan(code)
	x.until(`document.querySelector("#benutzer summary")?.innerText.startsWith("EF")`)
	t.Logf("badge to user: %s", time.Since(begin))
	if x.holds(`document.body.innerText.includes("OA")`) {
		t.Error("the code of the badge is on the screen")
	}
	x.gehe("/einstellungen/anmeldung/protokoll")
	x.shot("protokoll")
	x.gehe("/abzeichnen")
	x.shot("abzeichnen")
	x.key("F1")
	x.key("1")
	x.until(`document.querySelector("form[action='/anmelden'] select")?.value === "AB"`)
}

// gehe opens a page.
func (x *till) gehe(path string) {
	x.Helper()
	x.tuEs(`location.href = "` + path + `"`)
	x.until(`location.pathname === "` + path + `" && document.readyState === "complete"`)
}

func (x *till) tuEs(script string) {
	x.Helper()
	eval[bool](x, "("+`() => {`+script+`; return true}`+")()")
}

// fuelle types a PIN slowly enough to be a person, and sends the form.
func (x *till) fuelle(field, pin string) {
	x.Helper()
	x.tuEs(`document.querySelector('` + field + `').focus()`)
	x.write(pin)
	x.key("Enter")
	x.until(`!document.querySelector('` + field + `') || document.querySelector('` + field + `').value === ""`)
}
