package artikel

import (
	"net/url"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
)

// Filter are the filters of a search as they stand in an address. Each has a key of its own
// that goes on to its next state.
type Filter struct {
	Nur        string // "rx", "otc" or nothing
	Lager      bool
	IK         string // insurer whose partners come first and are marked; empty: none
	Partner    bool   // only those
	Guenstiger kennung.PZN
	Toggled    bool // a key was pressed: the address is not the one to come back to
	Neu        bool // it was the key for what is cheaper: what was typed has done its work
}

// FilterAus reads the filters of a search, after the key "um" that was pressed: nur, lager,
// partner or guenstiger, which takes the article "wahl".
func FilterAus(f *ui.Form) Filter {
	a := Filter{
		Nur: f.Text("nur"), Lager: f.Text("lager") != "" || f.Text("nur") == "lager", IK: ikVon(f),
		Partner: f.Text("partner") != "", Guenstiger: kennung.PZN(f.Text("guenstiger")),
	}
	if a.Nur != "rx" && a.Nur != "otc" {
		a.Nur = ""
	}
	um := f.Text("um")
	a.Toggled = um != ""
	switch um {
	case "nur":
		a.Nur = map[string]string{"": "rx", "rx": "otc", "otc": ""}[a.Nur]
	case "lager":
		a.Lager = !a.Lager
	case "partner":
		a.Partner = !a.Partner
	case "guenstiger":
		if a.Guenstiger != "" {
			a.Guenstiger = ""
			break
		}
		a.Guenstiger = kennung.PZN(f.Text("wahl"))
		a.Neu = a.Guenstiger != ""
	}
	return a
}

// ikVon reads an IK as it is typed: also in groups of three.
func ikVon(f *ui.Form) string { return kennung.Pruefe(kennung.ArtIK, f.Text("ik")).Wert }

// ikFalsch says what is wrong with a typed IK; nil: nothing, or none was typed.
func (a Filter) ikFalsch() error {
	if e := kennung.Pruefe(kennung.ArtIK, a.IK); a.IK == "" || e.Urteil != kennung.Form {
		return nil
	}
	return fault.New(fault.Invalid, "A-761",
		"Diese IK hat nicht neun Ziffern – lesen Sie sie vom Rezept oder von der Karte ab.", nil)
}

// Anfrage is the search with these filters.
func (a Filter) Anfrage(text string, limit int) catalogue.Anfrage {
	return catalogue.Anfrage{
		Text: text, Limit: limit, IK: a.IK, NurRx: a.Nur == "rx", NurOTC: a.Nur == "otc", NurLager: a.Lager,
		NurPartner: a.Partner && a.IK != "", Guenstiger: a.Guenstiger,
	}
}

// adresse is the query that says the same.
func (a Filter) adresse(text string) string {
	q := url.Values{}
	for key, v := range map[string]string{"q": text, "nur": a.Nur, "ik": a.IK, "guenstiger": string(a.Guenstiger)} {
		if v != "" {
			q.Set(key, v)
		}
	}
	if a.Lager {
		q.Set("lager", "1")
	}
	return q.Encode()
}
