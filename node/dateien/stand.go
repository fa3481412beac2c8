package dateien

// Stand is a hash over all that is here; empty before the first look.
func (d *Dateien) Stand() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stand
}

// Progress is what is being fetched.
func (d *Dateien) Progress() Fortschritt {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.laedt
}

// Fehler is why the last piece was not taken in; nil: it was.
func (d *Dateien) Fehler() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.fehler
}

// MissingHere lists what any of the machines that answer has and this one lacks.
func (d *Dateien) MissingHere() (list []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	seen := map[string]bool{}
	for _, n := range d.bei {
		for _, e := range n.fehlt {
			if !seen[e.key()] {
				seen[e.key()] = true
				list = append(list, e.Name)
			}
		}
	}
	return list
}

// MissingThere lists what this machine has and another one lacks, as far as is known.
func (d *Dateien) MissingThere(platz string) (list []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.bei[platz]
	if n == nil || n.hat == nil {
		return nil
	}
	has := map[string]bool{}
	for _, e := range n.hat {
		has[e.Art+e.SHA256] = true
	}
	for _, e := range d.habe {
		if !has[e.Art+e.SHA256] {
			list = append(list, e.Name)
		}
	}
	return list
}
