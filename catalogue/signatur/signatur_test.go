package signatur_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue/signatur"
)

// key is a key for tests.
func key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func public(seed byte) ed25519.PublicKey {
	p, _ := key(seed).Public().(ed25519.PublicKey)
	return p
}

const manifest = "{\n  \"id\": \"2026-12-01-1a2b3c4d\",\n  \"artikel\": 7\n}\n"

// What is signed opens, names its key, and is still the JSON that it was.
func TestSigniert(t *testing.T) {
	text := signatur.Signiere([]byte(manifest), key(1))
	got, err := signatur.Oeffne(text)
	if err != nil || !got.Equal(public(1)) {
		t.Errorf("%v, %v", got, err)
	}
	var m struct {
		ID         string
		Artikel    int
		Schluessel []byte
	}
	if err := json.Unmarshal(text, &m); err != nil || m.ID != "2026-12-01-1a2b3c4d" || m.Artikel != 7 ||
		!bytes.Equal(m.Schluessel, public(1)) {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := signatur.Oeffne([]byte(manifest)); !errors.Is(err, signatur.ErrFehlt) {
		t.Errorf("not signed: %v", err)
	}
}

// Every byte counts: changed, left out or put in, nothing opens as signed by that key.
func TestJedesByteZaehlt(t *testing.T) {
	text := signatur.Signiere([]byte(manifest), key(1))
	for i := range text {
		flipped := bytes.Clone(text)
		flipped[i] ^= 1
		for _, x := range [][]byte{
			flipped, append(bytes.Clone(text[:i]), text[i+1:]...), append(append(bytes.Clone(text[:i]), ' '), text[i:]...), text[:i],
		} {
			if got, err := signatur.Oeffne(x); err == nil {
				t.Errorf("byte %d: opened as %x\n%s", i, got, x)
			}
		}
	}
	for _, x := range []string{
		string(text) + "\n", string(text) + string(text), strings.ReplaceAll(string(text), "\n", "\r\n"),
	} {
		if _, err := signatur.Oeffne([]byte(x)); !errors.Is(err, signatur.ErrFalsch) {
			t.Errorf("%v\n%s", err, x)
		}
	}
}

// A signature of one key is none of another, and one over the same bytes for another
// purpose is none of a manifest.
func TestFremdeSignatur(t *testing.T) {
	one, two := string(signatur.Signiere([]byte(manifest), key(1))), string(signatur.Signiere([]byte(manifest), key(2)))
	at := strings.Index(one, `"signatur"`)
	if _, err := signatur.Oeffne([]byte(one[:at] + two[at:])); !errors.Is(err, signatur.ErrFalsch) {
		t.Errorf("the key of one, the signature of the other: %v", err)
	}
	bare := ed25519.Sign(key(1), []byte(one[:at-len(",\n  ")]))
	b, err := json.Marshal(bare)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := signatur.Oeffne([]byte(one[:at] + `"signatur": ` + string(b) + "\n}\n")); !errors.Is(err, signatur.ErrFalsch) {
		t.Errorf("without the heading: %v", err)
	}
}

// Keys are lines of name and Base64, as for the law; what is none is refused as a whole.
func TestLiesBund(t *testing.T) {
	own := signatur.Allein(public(1))
	lines := strings.Join(own.Zeilen(), "\n")
	if !strings.HasPrefix(lines, "katalog-") {
		t.Errorf("%s", lines)
	}
	b, err := signatur.LiesBund([]byte("# ours\r\n\r\n" + lines + "\r\nhub " + strings.Fields(strings.Join(signatur.Allein(public(2)).Zeilen(), ""))[1]))
	if err != nil || len(b) != 2 || !b.Kennt(public(1)) || !b.Kennt(public(2)) || b.Kennt(public(3)) {
		t.Errorf("%v, %v", b, err)
	}
	if all := own.Und(signatur.Allein(public(3))); len(all) != 2 || len(own) != 1 {
		t.Errorf("%v, %v", all, own)
	}
	for _, bad := range []string{
		"hub", "hub AAAA", "../x " + strings.Fields(lines)[1], " " + strings.Fields(lines)[1], lines + "x",
		"hub " + strings.Repeat("A", 44), strings.Repeat("#", signatur.MaxDatei+1), "-----BEGIN PRIVATE KEY-----",
	} {
		if _, err := signatur.LiesBund([]byte(bad)); !errors.Is(err, signatur.ErrSchluessel) {
			t.Errorf("%.40q: %v", bad, err)
		}
	}
}

// The private key is what openssl reads, and what is none is refused.
func TestPrivat(t *testing.T) {
	b, err := signatur.Privat(key(1))
	if err != nil {
		t.Fatal(err)
	}
	if k, err := signatur.LiesPrivat(b); err != nil || !k.Equal(key(1)) {
		t.Errorf("%v", err)
	}
	for _, bad := range []string{"", "x", string(b[:len(b)/2]), strings.Replace(string(b), "PRIVATE", "", 1)[:40]} {
		if _, err := signatur.LiesPrivat([]byte(bad)); !errors.Is(err, signatur.ErrPrivat) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	tool, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("there is no openssl here")
	}
	cmd := exec.CommandContext(t.Context(), tool, "pkey", "-noout", "-text")
	cmd.Stdin = bytes.NewReader(b)
	if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("ED25519")) {
		t.Errorf("%v\n%s", err, out)
	}
}

func FuzzOeffne(f *testing.F) {
	f.Add(signatur.Signiere([]byte(manifest), key(1)))
	f.Add([]byte(manifest))
	f.Add([]byte(`,` + "\n" + `  "signatur": "` + strings.Repeat("A", 88) + "\"\n}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if k, err := signatur.Oeffne(text); err == nil && k.Equal(public(1)) &&
			!bytes.Equal(text, signatur.Signiere([]byte(manifest), key(1))) {
			t.Errorf("%q", text)
		}
	})
}
