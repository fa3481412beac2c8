package apotheke

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/integration/datev"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/web/kassenbuch"
	"github.com/offizin/offizin/workflow/buchhaltung"
)

// Stapel says what a Buchungsstapel of DATEV holds.
type Stapel struct {
	Name                   string
	Abschluesse, Buchungen int
	Ersetzt                []datev.Ersatz // what the code page does not have
}

// Buchungsstapel writes the closings of a period for DATEV.
func (a *Apotheke) Buchungsstapel(ctx context.Context, von, bis civil.Day, w io.Writer) (Stapel, error) {
	x, err := buchhaltung.New(a.Kern).Auszug(ctx, von, bis)
	if err != nil {
		return Stapel{}, err
	}
	k := datev.Kopf{
		Berater: x.Berater, Mandant: x.Mandant, Rahmen: x.Rahmen, Laenge: x.Laenge, Von: von, Bis: bis,
		Bezeichnung: x.Apotheke, Erzeugt: a.Kern.Clock.Now().In(clock.Berlin()),
	}
	st := Stapel{Name: datev.Name(k), Abschluesse: x.Abschluesse, Buchungen: len(x.Buchungen)}
	st.Ersetzt, err = datev.Write(w, k, x.Buchungen)
	return st, err
}

// buchungsstapel is the same for the page.
func (a *Apotheke) buchungsstapel(ctx context.Context, von, bis civil.Day) (f kassenbuch.Datei, err error) {
	var b bytes.Buffer
	st, err := a.Buchungsstapel(ctx, von, bis, &b)
	f.Name, f.Inhalt = st.Name, b.Bytes()
	for _, x := range st.Ersetzt {
		f.Ersetzt = append(f.Ersetzt, fmt.Sprintf("%c (%s)", x.Zeichen, x.Text))
	}
	return f, err
}
