package event

// SeitenGesetzt says whether a machine serves its pages to permitted devices too, and at which port.
type SeitenGesetzt struct {
	Rechner string `json:"rechner"` // fingerprint of the machine
	An      bool   `json:"an"`
	Port    int    `json:"port"` // of its address in the network
}

// EventType implements journal.Event.
func (SeitenGesetzt) EventType() string { return "seiten.gesetzt.v1" }

// GeraetErlaubt lets a device see the pages of one machine.
type GeraetErlaubt struct {
	ID      string `json:"id"`
	Rechner string `json:"rechner"` // fingerprint of the machine
	Name    string `json:"name"`    // as people call it: "Laptop Büro"
	Hash    string `json:"hash"`    // SHA-256 of what the browser keeps, hex; never that itself
}

// EventType implements journal.Event.
func (GeraetErlaubt) EventType() string { return "geraet.erlaubt.v1" }

// GeraetEntzogen takes the permission away for ever; the device may get another one.
type GeraetEntzogen struct {
	ID string `json:"id"`
}

// EventType implements journal.Event.
func (GeraetEntzogen) EventType() string { return "geraet.entzogen.v1" }

// GeraetBenutzt stands behind what was done from another device, in the same act.
type GeraetBenutzt struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Was  string `json:"was"` // "Bon 1-000123", "angemeldet", or the type of what was written
}

// EventType implements journal.Event.
func (GeraetBenutzt) EventType() string { return "geraet.benutzt.v1" }
