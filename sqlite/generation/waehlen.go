package generation

import (
	"crypto/rand"
	"errors"
	"path/filepath"
	"slices"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/sqlite/generation/datei"
)

// Auswahl is the selection of a folder while nobody else changes it.
type Auswahl struct {
	dir string
	o   *Ordner
}

// Waehlend runs f alone among those who change the selection of the folder. It does not
// wait for a build.
func Waehlend(dir string, f func(*Auswahl) error) (err error) {
	release, err := datei.Lock(dir, auswahlSperre, auswahlWarten)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	return Ansehen(dir, f)
}

// Ansehen runs f on the selection of the folder as it is now; f must not change it.
func Ansehen(dir string, f func(*Auswahl) error) error {
	o, err := OpenOrdner(dir)
	if err != nil {
		return err
	}
	return errors.Join(f(&Auswahl{dir, o}), o.Close())
}

// Stand is the choice in the journal of which the file is the effect; empty if there is
// none, or if the file cannot be read.
func (a *Auswahl) Stand() string {
	if a.o.unlesbar {
		return ""
	}
	return a.o.wahl.Stand
}

// Offen lists the choices that the journal does not have yet, the oldest first.
func (a *Auswahl) Offen() []catalogue.Wahl { return slices.Clone(a.o.wahl.Offen) }

// Plan says what a choice would do on the day, or later if the generation begins later. It
// changes nothing. It opens the generation: a damaged one is refused.
func (a *Auswahl) Plan(x catalogue.Vorhaben, day civil.Day) (catalogue.Wahl, error) {
	w := catalogue.Wahl{Art: x.Art, Katalog: x.Katalog, Tag: day}
	var err error
	switch x.Art {
	case catalogue.Zurueckgenommen:
		w, err = a.zurueck(w)
	case catalogue.Rueckgaengig:
		w, err = a.rueckgaengig(w, x.Bezug)
	case catalogue.Aktiviert, catalogue.Freigegeben:
		w, err = a.aktiviere(w)
	default:
		err = fault.New(fault.Invalid, "A-737", "Diese Wahl gibt es nicht; bitte von der Liste der Kataloge aus wählen.", nil)
	}
	if err != nil {
		return w, err
	}
	for _, id := range a.o.aus {
		if !slices.Contains(w.Hinein, id.ID) {
			w.Ausgelassen = append(w.Ausgelassen, id.ID)
		}
	}
	w.Ausgelassen = append(w.Ausgelassen, w.Hinaus...)
	if m, ok := a.gilt(a.o.manifeste, w.Tag, ""); ok {
		w.Vorher = m.ID
	}
	m, ok := a.gilt(a.danach(w), w.Tag, w.Katalog)
	if !ok || m.GueltigAb > w.Tag {
		return w, fault.New(fault.Invalid, "A-626", "Vor dem Katalog „"+w.Katalog+"“ liegt keiner, der heute gelten "+
			"könnte; bitte zuerst den richtigen einspielen.", nil)
	}
	w.Nachher = m.ID
	return w, nil
}

// danach lists the generations that are not left out after a choice, newest first.
func (a *Auswahl) danach(w catalogue.Wahl) []manifest {
	list := slices.Concat(a.o.manifeste, a.o.ausManifeste)
	if m, ok := a.Manifest(w.Katalog); ok && w.Art == catalogue.Freigegeben {
		list = append(list, manifest{Manifest: m})
	}
	list = slices.DeleteFunc(list, func(m manifest) bool { return slices.Contains(w.Ausgelassen, m.ID) })
	slices.SortFunc(list, func(a, b manifest) int { return catalogue.Neuere(a.Manifest, b.Manifest) })
	return list
}

// gilt is the generation of the list that is valid on the day. One that cannot be opened is
// passed over, as a till does; sicher has been looked at.
func (a *Auswahl) gilt(list []manifest, day civil.Day, sicher string) (catalogue.Manifest, bool) {
	list = slices.Clone(list)
	for {
		i, err := catalogue.Waehle(manifests(list), day)
		if err != nil {
			return catalogue.Manifest{}, false
		}
		if _, err := a.o.get(list[i]); err == nil || list[i].ID == sicher {
			return list[i].Manifest, true
		}
		list = slices.Delete(list, i, i+1)
	}
}

// zurueck takes out what is valid on the day.
func (a *Auswahl) zurueck(w catalogue.Wahl) (catalogue.Wahl, error) {
	g, err := a.o.Am(w.Tag)
	if err != nil {
		return w, err
	}
	w.Katalog = g.Manifest().ID
	w.Hinaus = []string{w.Katalog}
	return w, nil
}

// aktiviere takes a generation in and what stands before it out.
func (a *Auswahl) aktiviere(w catalogue.Wahl) (catalogue.Wahl, error) {
	name, err := ordnerVon(a.dir, w.Katalog)
	if err != nil {
		return w, err
	}
	if err := ganz(a.dir, filepath.Join(a.dir, name), w.Katalog); err != nil {
		return w, err
	}
	m, _ := a.Manifest(w.Katalog)
	w.Tag = max(w.Tag, m.GueltigAb)
	w.Art = catalogue.Aktiviert
	if name != w.Katalog {
		w.Art = catalogue.Freigegeben
	}
	if name != w.Katalog || a.o.ausgelassen(w.Katalog) {
		w.Hinein = []string{w.Katalog}
	}
	for _, x := range a.o.manifeste {
		if catalogue.Neuere(x.Manifest, m) < 0 && x.GueltigAb <= w.Tag {
			w.Hinaus = append(w.Hinaus, x.ID)
		}
	}
	return w, nil
}

// rueckgaengig undoes a choice as far as it still has an effect.
func (a *Auswahl) rueckgaengig(w catalogue.Wahl, b *catalogue.Wahl) (catalogue.Wahl, error) {
	w.Bezug, w.Katalog, w.Tag = b.ID, b.Katalog, max(w.Tag, b.Tag)
	for _, m := range a.o.ausManifeste {
		if slices.Contains(b.Hinaus, m.ID) {
			w.Hinein = append(w.Hinein, m.ID)
		}
	}
	for _, m := range a.o.manifeste {
		if slices.Contains(b.Hinein, m.ID) {
			w.Hinaus = append(w.Hinaus, m.ID)
		}
	}
	if w.Leer() {
		return w, fault.New(fault.Conflict, "A-731", "Diese Wahl wirkt nicht mehr, es gibt nichts rückgängig zu machen; "+
			"bitte die Liste der Kataloge neu öffnen.", nil)
	}
	return w, nil
}

// Manifest finds a generation, wherever it lies.
func (a *Auswahl) Manifest(id string) (catalogue.Manifest, bool) {
	all := slices.Concat(manifests(a.o.manifeste), manifests(a.o.ausManifeste), a.o.Quarantaene())
	i := slices.IndexFunc(all, func(m catalogue.Manifest) bool { return m.ID == id })
	if i < 0 {
		return catalogue.Manifest{}, false
	}
	return all[i], true
}

// Freigegeben keeps for the journal that a generation was let pass while it was built.
func Freigegeben(dir, id string, day civil.Day, v Vermerk) error {
	return Waehlend(dir, func(a *Auswahl) error {
		m, ok := a.Manifest(id)
		if !ok {
			return unbekannt()
		}
		w := catalogue.Wahl{
			Art: catalogue.Freigegeben, Katalog: id, Tag: max(day, m.GueltigAb), Hinein: []string{id},
		}
		for _, x := range a.o.aus {
			w.Ausgelassen = append(w.Ausgelassen, x.ID)
		}
		before := slices.DeleteFunc(slices.Clone(a.o.manifeste), func(m manifest) bool { return m.ID == id })
		if m, ok := a.gilt(before, w.Tag, ""); ok {
			w.Vorher = m.ID
		}
		if m, ok := a.gilt(a.o.manifeste, w.Tag, ""); ok {
			w.Nachher = m.ID
		}
		return a.vermerke(w, v)
	})
}

// vermerke makes a choice effective that the journal does not have yet, and keeps it for
// the journal in the same file.
func (a *Auswahl) vermerke(w catalogue.Wahl, v Vermerk) error {
	w.ID, w.Zeit, w.Grund, w.Wer = rand.Text(), v.Zeit, v.Grund, v.Wer
	neu := a.o.wahl
	neu.Offen = append(slices.Clone(neu.Offen), w)
	return a.wirke(w, neu)
}

// Wirke makes a choice effective that the journal has: a release first, then the file. It
// may be repeated, and is where it was broken off.
func (a *Auswahl) Wirke(w catalogue.Wahl) error {
	neu := a.o.wahl
	neu.Stand = w.ID
	return a.wirke(w, neu)
}

func (a *Auswahl) wirke(w catalogue.Wahl, neu auswahl) error {
	v := Vermerk{Zeit: w.Zeit, Grund: w.Grund, Wer: w.Wer}
	if w.Art == catalogue.Freigegeben {
		err := freigeben(a.dir, w.Katalog, v)
		if err != nil && fault.KindOf(err) != fault.NotFound { // it was removed since
			return err
		}
	}
	neu.Ausgelassen = []Ausgelassen{}
	for _, id := range w.Ausgelassen {
		i := slices.IndexFunc(a.o.aus, func(x Ausgelassen) bool { return x.ID == id })
		if i >= 0 {
			neu.Ausgelassen = append(neu.Ausgelassen, a.o.aus[i])
		} else {
			neu.Ausgelassen = append(neu.Ausgelassen, Ausgelassen{id, v})
		}
	}
	if err := schreibe(a.dir, neu); err != nil {
		return err
	}
	return a.o.Reload()
}

// Gebucht says that the journal has the oldest open choice now.
func (a *Auswahl) Gebucht() error {
	neu := a.o.wahl
	neu.Stand, neu.Offen = neu.Offen[0].ID, slices.Clone(neu.Offen[1:])
	if err := schreibe(a.dir, neu); err != nil {
		return err
	}
	return a.o.Reload()
}

// Mark is another text whenever the selection of the folder was changed.
func Mark(dir string) (string, error) {
	o := Ordner{dir: dir}
	_, wahl, _, err := o.lage(nil)
	return wahl, err
}
