package telefon

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
)

func (g *Geraet) seite(w http.ResponseWriter, r *http.Request) {
	if f := g.jetzt.Load(); f != nil {
		f.zeige(w, r)
		return
	}
	w.Header().Set("Refresh", "10") // it comes by itself
	keine(w)
}

// alteSeite gives the page of a version by its hash, so that it fits the data.
func (g *Geraet) alteSeite(w http.ResponseWriter, r *http.Request) {
	for _, f := range g.fassungen() {
		if f.adresse == r.URL.Path {
			f.zeige(w, r)
			return
		}
	}
	unbekannt(w)
}

func (f *fassung) zeige(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", f.seite.Policy)
	gib(w, r, "text/html; charset=utf-8", f.htmtag, bytes.NewReader(f.seite.HTML))
}

func (g *Geraet) stand(w http.ResponseWriter, r *http.Request) {
	if f := g.jetzt.Load(); f != nil {
		gib(w, r, "application/json", f.standtag, bytes.NewReader(f.stand))
		return
	}
	keine(w)
}

// manifest is what makes the page one that can be installed.
func manifest(w http.ResponseWriter, r *http.Request) {
	icon := func(size string) map[string]string {
		return map[string]string{
			"src": "/sinnbild-" + size + ".png", "sizes": size + "x" + size, "type": "image/png", "purpose": "any maskable",
		}
	}
	b, err := json.Marshal(map[string]any{
		"name": "Preisauskunft", "short_name": "Preise", "lang": "de", "id": "/", "start_url": "/", "scope": "/",
		"display": "standalone", "background_color": "#f1f4f2", "theme_color": "#0a6b5a",
		"icons": []any{icon("192"), icon("512")},
	})
	if err != nil {
		hinweis(w, http.StatusInternalServerError, err.Error())
		return
	}
	gib(w, r, "application/manifest+json", "", bytes.NewReader(b))
}

// sinnbild is the sign of the page on the home screen: a white cross on green, with room
// around it for phones that cut a circle out.
func sinnbild(w http.ResponseWriter, r *http.Request, size int) {
	var b bytes.Buffer
	if err := png.Encode(&b, kreuz(size)); err != nil {
		hinweis(w, http.StatusInternalServerError, err.Error())
		return
	}
	gib(w, r, "image/png", "", bytes.NewReader(b.Bytes()))
}

func kreuz(size int) image.Image {
	img := image.NewPaletted(image.Rect(0, 0, size, size), color.Palette{
		color.RGBA{0x0a, 0x6b, 0x5a, 0xff}, color.RGBA{0xff, 0xff, 0xff, 0xff},
	})
	white := image.NewUniform(img.Palette[1])
	long, wide := size*3/10, size/10 // half of the cross, half of a beam
	m := size / 2
	draw.Draw(img, image.Rect(m-long, m-wide, m+long, m+wide), white, image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(m-wide, m-long, m+wide, m+long), white, image.Point{}, draw.Src)
	return img
}
