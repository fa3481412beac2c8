package abdata

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/fault"
)

// Lieferung is a folder of GES files of one day. What it reads of them once – addresses,
// forms, sizes – it keeps; the packs it reads one by one.
type Lieferung struct {
	GueltigAb civil.Day

	fsys    fs.FS
	dateien map[string]string // file by its name in the head
	zweifel zweifel
	stand   *stand  // nil: the files of fsys
	ablage  *ablage // nil: PAC_APO is not kept

	tafeln    *tafeln // nil: not read yet
	gelesen   bool    // all packs were, and counted in zweifel
	vertraege *vertraege
}

// pflichtdateien are the files without which there are no articles or no contracts.
func pflichtdateien() []string {
	return []string{
		"PAC_APO", "PGR_APO", "PGR2_APO", "DAR_APO", "ADR_APO", "GRU_APO", "IKZ_APO", "IZG_APO", "PZG_APO",
	}
}

// OeffneLieferung reads the heads of the files in a folder, or in the one folder GESddmmyy
// in it. All must be of one day and none of those needed may be missing.
func OeffneLieferung(fsys fs.FS) (*Lieferung, error) {
	ges, upd := k2Dateien(fsys)
	if sub := unterordner(fsys); len(ges)+len(upd) == 0 && len(sub) > 0 {
		if len(sub) > 1 {
			return nil, fault.New(fault.Invalid, "A-501", "Der Ordner enthält mehrere Lieferungen ("+
				strings.Join(sub, ", ")+"); bitte eine davon angeben.", nil)
		}
		var err error
		if fsys, err = fs.Sub(fsys, sub[0]); err != nil {
			return nil, fmt.Errorf("open delivery: %w", err)
		}
		ges, upd = k2Dateien(fsys)
	}
	switch {
	case len(ges) > 0 && len(upd) > 0:
		return nil, fault.New(fault.Invalid, "A-652", fmt.Sprintf("Der Ordner mischt eine volle Lieferung (%d Dateien "+
			"GES) und Änderungen (%d Dateien UPD, zuerst %s); bitte jede in einen eigenen Ordner legen und zuerst die volle "+
			"einspielen.", len(ges), len(upd), upd[0]), nil)
	case len(ges) == 0 && len(upd) > 0:
		return nil, fault.New(fault.Invalid, "A-502", "Der Ordner enthält nur Änderungen (UPD) und nicht den "+
			"Stand, auf dem sie "+
			"aufbauen; bitte die volle Lieferung (GES) einspielen.", nil)
	case len(ges) == 0:
		return nil, keineK2(nil)
	}
	l := &Lieferung{fsys: fsys, dateien: map[string]string{}, zweifel: zweifel{}}
	for _, datei := range ges {
		if err := l.kopf(datei); err != nil {
			return nil, err
		}
	}
	for _, name := range pflichtdateien() {
		if l.dateien[name] == "" {
			return nil, fault.New(fault.Invalid, "A-504", "Der Lieferung fehlt die Datei "+name+"; bitte die Lieferung "+
				"vollständig laden.", nil)
		}
	}
	return l, nil
}

func keineK2(cause error) error {
	return fault.New(fault.Invalid, "A-503", "Der Ordner enthält keine K2-Dateien (*.GES); bitte den Ordner prüfen.",
		cause)
}

// Dateien is how many files the delivery has.
func (l *Lieferung) Dateien() int { return len(l.dateien) }

// kopf takes a file in by its head.
func (l *Lieferung) kopf(datei string) error {
	f, r, err := l.oeffne(datei)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	k := r.Kopf
	switch {
	case k.Inhalt != GES:
		return fault.New(fault.Invalid, "A-505", "Die Datei "+datei+" nennt sich im Kopf "+string(k.Inhalt)+" "+
			"statt GES; bitte "+
			"die Lieferung neu laden.", nil)
	case l.GueltigAb != 0 && k.GueltigAb != l.GueltigAb:
		return fault.New(fault.Invalid, "A-506", fmt.Sprintf("Die Datei %s gilt ab %s, andere Dateien der "+
			"Lieferung ab %s; bitte "+
			"Lieferungen nicht mischen.", datei, k.GueltigAb.German(), l.GueltigAb.German()), nil)
	case l.dateien[k.Name] != "":
		return fault.New(fault.Invalid, "A-507", "Die Dateien "+l.dateien[k.Name]+" und "+datei+" sind beide "+
			""+k.Name+"; bitte "+
			"eine davon entfernen.", nil)
	}
	l.GueltigAb, l.dateien[k.Name] = k.GueltigAb, datei
	return nil
}

func (l *Lieferung) oeffne(datei string) (fs.File, *Leser, error) {
	f, err := l.fsys.Open(datei)
	if err != nil {
		return nil, nil, fmt.Errorf("open delivery: %w", err)
	}
	r, err := Oeffne(f, datei)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, r, nil
}

// errGenug ends the reading of a file early.
var errGenug = errors.New("enough")

// lies reads the records of a file. The fields are looked for first; their positions
// come in the order of felderVon, -1 for one that there is not.
func (l *Lieferung) lies(z zweifel, name string, nimm func(r *Leser, s *Satz, stelle []int) error) error {
	if l.stand != nil {
		return l.stand.lies(name, nimm)
	}
	f, r, err := l.oeffne(l.dateien[name])
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	stelle, err := stellen(z, r, felderVon(name))
	if err != nil {
		return err
	}
	for {
		s, err := r.Next()
		if err == nil {
			err = nimm(r, s, stelle)
		}
		switch {
		case errors.Is(err, errGenug):
			return nil
		case errors.Is(err, io.EOF):
			z.unbekannt(r)
			return nil
		case err != nil:
			return err
		}
	}
}

// stellen finds the fields by their names. One that has another name now may mean
// something else: that is refused.
func stellen(z zweifel, r *Leser, felder []feldname) ([]int, error) {
	list := make([]int, len(felder))
	for i, w := range felder {
		list[i] = slices.IndexFunc(r.Felder, func(f Feld) bool { return strings.EqualFold(f.Name, w.name) })
		if list[i] >= 0 {
			continue
		}
		if w.kann {
			z.fehlend(r.datei, w)
			continue
		}
		if k := slices.IndexFunc(r.Felder, func(f Feld) bool { return f.Kennung == w.kennung }); k >= 0 {
			return nil, fault.New(fault.Invalid, "A-508", fmt.Sprintf("In der Datei %s heißt das Feld %s „%s“ "+
				"statt „%s“; bitte "+
				"Offizin aktualisieren.", r.datei, w.kennung, r.Felder[k].Name, w.name), nil)
		}
		return nil, fault.New(fault.Invalid, "A-509", fmt.Sprintf("Der Datei %s fehlt das Feld %s %s; bitte die Lieferung "+
			"prüfen.", r.datei, w.kennung, w.name), nil)
	}
	return list, nil
}

// k2Dateien lists the K2 files in a folder.
func k2Dateien(fsys fs.FS) (ges, upd []string) {
	entries, _ := fs.ReadDir(fsys, ".") // a folder that cannot be read has none
	for _, e := range entries {
		switch strings.ToUpper(path.Ext(e.Name())) {
		case ".GES":
			ges = append(ges, e.Name())
		case ".UPD":
			upd = append(upd, e.Name())
		}
	}
	return ges, upd
}

// unterordner lists the folders GESddmmyy that hold K2 files.
func unterordner(fsys fs.FS) []string {
	var list []string
	entries, _ := fs.ReadDir(fsys, ".") // as above
	for _, e := range entries {
		n := e.Name()
		if !e.IsDir() || len(n) != 9 || !strings.EqualFold(n[:3], "GES") || strings.Trim(n[3:], "0123456789") != "" {
			continue
		}
		if sub, err := fs.Sub(fsys, n); err == nil {
			if ges, upd := k2Dateien(sub); len(ges)+len(upd) > 0 {
				list = append(list, n)
			}
		}
	}
	slices.SortFunc(list, cmp.Compare)
	return list
}
