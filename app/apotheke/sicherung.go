package apotheke

import (
	"context"

	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/app/sicherung/code"
	"github.com/offizin/offizin/integration/codeblatt"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/workflow/stoerung"
)

// sicherungen are the backups of this data folder.
func (a *Apotheke) sicherungen(o Options) *sicherung.Sicherungen {
	return sicherung.New(sicherung.Options{
		Daten: o.Dir, Clock: o.Clock, Log: o.Log, Projections: alle.Projections(), Kataloge: a.inGebrauch,
		Schluessel: a.Store.Knotenschluessel,
	})
}

// schluessel is how the key of this machine is kept, as Störungen needs it.
func (a *Apotheke) schluessel() stoerung.Schluessel {
	l := a.Store.Schluessellage()
	return stoerung.Schluessel{Da: a.Store.Knotenschluessel() != nil, Speicher: l.Speicher, Fehler: l.Fehler}
}

// inGebrauch are the generations that a backup holds: the one of today, those to come, and
// the one before.
func (a *Apotheke) inGebrauch() []string {
	list := a.Katalog.Generationen()
	gen, err := a.Katalog.Am(clock.Today(a.Kern.Clock))
	var ids []string
	for _, m := range list {
		if err != nil || m.GueltigAb > gen.Manifest().GueltigAb {
			ids = append(ids, m.ID)
		}
	}
	if err != nil {
		return ids
	}
	now := gen.Manifest()
	before := ""
	for _, m := range list { // ids begin with the day
		if m.GueltigAb < now.GueltigAb && m.ID > before {
			before = m.ID
		}
	}
	return append(ids, now.ID, before)
}

// Codeblatt makes a new recovery code and returns the sheet with it, the only place where it
// stands.
func (a *Apotheke) Codeblatt(ctx context.Context) ([]byte, error) {
	head, err := kopf(ctx, a.Dienste.Haus)
	if err != nil {
		return nil, err
	}
	c, err := a.Sicherung.NeuerCode()
	if err != nil {
		return nil, err
	}
	return codeblatt.Blatt{
		Apotheke: head.Name, Inhaber: head.Inhaber, Gruppen: c.Gruppen(), Kennung: a.Sicherung.Kennung(),
		Ordner: a.Sicherung.Stand().Ordner, Erzeugt: a.Kern.Clock.Now().In(clock.Berlin()),
	}.PDF()
}

// datensicherung is the backups, as their page needs them.
type datensicherung struct {
	*sicherung.Sicherungen

	a *Apotheke
}

// Codeblatt implements the page's interface.
func (d datensicherung) Codeblatt(ctx context.Context) ([]byte, error) { return d.a.Codeblatt(ctx) }

// CodePruefen reports whether a code as typed is the one of now.
func (d datensicherung) CodePruefen(text string) (bool, error) {
	c, err := code.Parse(text)
	if err != nil {
		return false, err
	}
	return d.CodeGehoert(c)
}
