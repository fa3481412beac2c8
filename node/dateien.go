package node

import (
	"context"
	"errors"
	"slices"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/node/dateien"
)

// dateien is a hash over the files of this machine.
func (k *Knoten) dateien() string {
	if k.opt.Dateien == nil {
		return ""
	}
	return k.opt.Dateien.Stand()
}

// holeDateien fetches files until the context ends; the function that it returns waits for
// the end.
func (k *Knoten) holeDateien(ctx context.Context) (wait func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		k.opt.Dateien.Run(ctx, k.quellen)
	}()
	return func() { <-done }
}

// quellen are the machines that answer: the parent first, then by their rank. A lead asks those
// that follow it, too: any machine may have what the others lack.
func (k *Knoten) quellen() (list []dateien.Quelle) {
	now := k.opt.Clock.Mono()
	k.mu.Lock()
	defer k.mu.Unlock()
	var there []*sight
	for _, s := range k.sights {
		if s.answers(now) {
			there = append(there, s)
		}
	}
	slices.SortFunc(there, func(a, b *sight) int {
		switch {
		case a.Platz == k.now.Parent:
			return -1
		case b.Platz == k.now.Parent:
			return 1
		case a.Before(b.Name):
			return -1
		}
		return 1
	})
	for _, s := range there {
		list = append(list, dateien.Quelle{
			Platz: s.Platz, URL: "https://" + s.Adresse, HTTP: s.files, Stand: s.last.Dateien,
		})
	}
	return list
}

// files says which files are lacking where.
func (k *Knoten) files(st *Stand) {
	d := k.opt.Dateien
	if d == nil {
		return
	}
	st.Fehlt = d.MissingHere()
	if f := d.Progress(); f.From != "" {
		st.Progress, st.Anteil = f.Name, int(f.Done*100/max(1, f.Bytes))
	}
	if f, ok := errors.AsType[*fault.Fault](d.Fehler()); ok {
		st.Grund = f.Error()
	}
	for i := range st.Rechner {
		if st.Rechner[i].Erreichbar {
			st.Rechner[i].Fehlt = d.MissingThere(st.Rechner[i].Platz)
		}
	}
}
