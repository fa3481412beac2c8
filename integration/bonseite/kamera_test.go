package bonseite_test

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/offizin/offizin/integration/bonseite"
	"github.com/offizin/offizin/internal/qr"
)

// bonadresse is as long as addresses of pharmacies are.
const bonadresse = "https://www.loewen-apotheke-musterstadt.de/bon.html"

// ADR 0033: receipts of so many lines, read from the screen of 1366 × 768 – sharp, by one reader, and
// by another one as a telephone sees it that is held askew – are the receipts they were.
func TestAmSchirm(t *testing.T) {
	for _, n := range []int{1, 2, 5, 10, 15} {
		in := bonseite.Aus(beleg(t, n))
		packed, err := in.Packen()
		if err != nil {
			t.Fatal(err)
		}
		url := bonadresse + "#" + packed
		rows, err := qr.Screen(url)
		if err != nil || len(rows) > qr.MaxScreen {
			t.Fatalf("%d lines need %d modules, %v", n, len(rows), err)
		}
		px := 768 / (len(rows) + 2*qr.Ruhe)
		t.Logf("%d lines: %d characters of %d, version %d, %d dots per module", n, len(packed), len(url), (len(rows)-17)/4, px)
		got, err := lesen(schirm(rows, px))
		if err != nil || got != url {
			t.Errorf("%d lines, sharp: %v", n, err)
		}
		if got := zbar(t, foto(rows, 4*(len(rows)+2*qr.Ruhe), 1, 5, 0.08)); got != "" && got != url {
			t.Errorf("%d lines, askew: %q", n, got)
		}
		if out, err := bonseite.Auspacken(strings.TrimPrefix(got, bonadresse+"#")); err != nil || !reflect.DeepEqual(out, in) {
			t.Errorf("%d lines: %v", n, err)
		}
	}
}

// schirm is a code as it stands on a screen.
func schirm(rows [][]bool, px int) image.Image {
	n := (len(rows) + 2*qr.Ruhe) * px
	img := image.NewGray(image.Rect(0, 0, n, n))
	for y := range n {
		for x := range n {
			i, j := x/px-qr.Ruhe, y/px-qr.Ruhe
			if i < 0 || j < 0 || i >= len(rows) || j >= len(rows) || !rows[j][i] {
				img.SetGray(x, y, color.Gray{255})
			}
		}
	}
	return img
}

// foto is what a telephone sees of a code on a screen: turned by some degrees, seen from the side,
// out of focus and noisy, with a side of so many pixels.
func foto(rows [][]bool, side int, seed uint64, grad, neigung float64) *image.Gray {
	n := len(rows) + 2*qr.Ruhe
	dark := func(x, y float64) float64 {
		i, j := int(math.Floor(x))-qr.Ruhe, int(math.Floor(y))-qr.Ruhe
		if i < 0 || j < 0 || i >= len(rows) || j >= len(rows) || !rows[j][i] {
			return 225
		}
		return 40
	}
	full := side * 5 / 4
	img := image.NewGray(image.Rect(0, 0, full, full))
	chance := rand.New(rand.NewPCG(seed, 1))
	sin, cos := math.Sincos(grad * math.Pi / 180)
	scale := float64(n) / float64(side)
	for y := range full {
		for x := range full {
			sum := 0.0
			for s := range 9 { // the area of a pixel and a half
				px := float64(x-full/2) + (float64(s%3)-1)*0.6
				py := float64(y-full/2) + (float64(s/3)-1)*0.6
				w := 1 + neigung*px/float64(full)
				sum += dark((cos*px-sin*py)/w*scale+float64(n)/2, (sin*px+cos*py)/w*scale+float64(n)/2)
			}
			img.SetGray(x, y, color.Gray{uint8(min(255, max(0, sum/9+chance.NormFloat64()*9)))})
		}
	}
	return img
}

// lesen reads the code in a picture.
func lesen(img image.Image) (string, error) {
	bmp, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return "", err
	}
	got, err := qrcode.NewQRCodeReader().Decode(bmp, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", err
	}
	return got.GetText(), nil
}

// zbar is what another reader sees in a picture; empty where there is none.
func zbar(t *testing.T, img image.Image) string {
	t.Helper()
	path, err := exec.LookPath("zbarimg")
	if err != nil {
		return ""
	}
	name := filepath.Join(t.TempDir(), "foto.png")
	f, err := os.Create(name)
	if err == nil {
		err = png.Encode(f, img)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), path, "-q", "--raw", name).Output()
	if err != nil {
		return "nothing"
	}
	return strings.TrimSpace(string(out))
}
