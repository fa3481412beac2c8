package knoten

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/node"
	"github.com/offizin/offizin/web/rechner"
	"github.com/offizin/offizin/workflow"
	dienst "github.com/offizin/offizin/workflow/rechner"
)

// seite is what the page of the machines needs. It implements rechner.Dienst.
type seite struct{ k *Knoten }

// Stand implements rechner.Dienst.
func (s seite) Stand(ctx context.Context) (rechner.Stand, error) {
	st, err := s.k.Stand(ctx)
	if err != nil {
		return rechner.Stand{}, err
	}
	list, err := s.k.Rechner.Alle(ctx)
	out, seen, twins := rechner.Stand{Entfernt: st.Entfernt}, map[string]node.Anderer{}, zwillinge(list)
	for _, a := range st.Rechner {
		seen[a.Platz] = a
	}
	for _, m := range list {
		if m.Entfernt {
			continue
		}
		r := rechner.Rechner{ID: kennung(m, twins), Platz: m.Platz, Till: m.Till, Rang: m.Rang, Adresse: m.Adresse}
		r.Geteilt = slices.Contains(twins.nummern, m.Till)
		if m.Fingerabdruck == s.k.identity.Fingerabdruck() {
			r.Hier, r.Fuehrt, r.Fehlt = true, st.Fuehrt, st.Seq-st.Sicher
			if r.Till = s.k.Kern.Till; s.k.members.neueNummern(s.k.Kern.Till, s.k.frueher) {
				r.Naechste = m.Till
			}
		} else {
			s.andere(&r, seen[m.Platz], st.Seq)
		}
		out.Rechner = append(out.Rechner, r)
	}
	return out, err
}

// andere fills in what this machine has seen of another.
func (s seite) andere(r *rechner.Rechner, a node.Anderer, seq uint64) {
	r.Fuehrt, r.Erreichbar, r.Gleich, r.Fehler = a.Fuehrt, a.Erreichbar, a.Gleich, a.Fehler
	if a.Platz != "" && a.Seit >= 0 {
		r.Seit = s.k.Kern.Clock.Now().Add(-time.Duration(a.Seit * float64(time.Second)))
	}
	if !a.Gleich && a.Hat > 0 && a.Hat < seq {
		r.Fehlt = seq - a.Hat
	}
}

// Darf implements rechner.Dienst.
func (s seite) Darf(ctx context.Context, actor string) error { return s.k.Rechner.Darf(ctx, actor) }

// Einladung implements rechner.Dienst.
func (s seite) Einladung() *rechner.Einladung {
	code, left := s.k.Tuer.Offen()
	if code == "" {
		return nil
	}
	own := s.k.opt.Adresse
	host, port, err := net.SplitHostPort(own)
	ip := net.ParseIP(host)
	return &rechner.Einladung{
		Code: code, Adresse: own, Noch: left, NurHier: err != nil || ip != nil && ip.IsLoopback(),
		Befehl: "offizin node --daten offizin-daten --listen 0.0.0.0:" + port + " --partner " + own + " --code " + code,
	}
}

// Einladen implements rechner.Dienst.
func (s seite) Einladen(ctx context.Context, actor string) error {
	if err := s.k.Rechner.Darf(ctx, actor); err != nil {
		return err
	}
	s.k.Tuer.Oeffnen()
	s.k.opt.Apotheke.Log.Info("code for a new machine", slog.String("by", actor))
	return nil
}

// Schliessen implements rechner.Dienst.
func (s seite) Schliessen(ctx context.Context, actor string) error {
	if err := s.k.Rechner.Darf(ctx, actor); err != nil {
		return err
	}
	s.k.Tuer.Schliessen()
	return nil
}

// Rang implements rechner.Dienst.
func (s seite) Rang(ctx context.Context, a workflow.Auftrag, platz string, rang int) error {
	m, err := s.finde(ctx, platz)
	if err != nil {
		return err
	}
	return s.k.Rechner.RangSetzen(ctx, a, m.Fingerabdruck, rang)
}

// Entfernen implements rechner.Dienst.
func (s seite) Entfernen(ctx context.Context, a workflow.Auftrag, platz string) error {
	if err := s.k.Rechner.Darf(ctx, a.Actor); err != nil {
		return err
	}
	m, err := s.finde(ctx, platz)
	if err != nil {
		return err
	}
	return s.k.Rechner.Entfernen(ctx, a, m.Fingerabdruck, "entfernt")
}

// Nummern implements rechner.Dienst.
func (s seite) Nummern(ctx context.Context, a workflow.Auftrag, platz string) error {
	if err := s.k.Rechner.Darf(ctx, a.Actor); err != nil {
		return err
	}
	m, err := s.finde(ctx, platz)
	if err == nil {
		_, err = s.k.Rechner.NeueNummern(ctx, a, m.Fingerabdruck)
	}
	return err
}

func (s seite) finde(ctx context.Context, id string) (dienst.Rechner, error) {
	m, ok, err := s.k.finde(ctx, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "M-231", "Diesen Rechner gibt es nicht mehr – laden Sie die Seite neu.", nil)
	}
	return m, err
}

// finde finds a machine by what kennung says of it.
func (k *Knoten) finde(ctx context.Context, id string) (m dienst.Rechner, ok bool, err error) {
	list, err := k.Rechner.Alle(ctx)
	if err != nil {
		return m, false, err
	}
	twins := zwillinge(list)
	for _, m := range list {
		switch {
		case m.Entfernt:
		case kennung(m, twins) == id:
			return m, true, nil
		case m.Platz == id:
			err = fault.New(fault.Conflict, "M-282", "Zwei Rechner heißen „"+id+"“; bitte mit dem Anfang seiner "+
				"Bonnummern angeben, etwa "+kennung(m, twins)+".", nil)
		}
	}
	return dienst.Rechner{}, false, err
}

// gleich is what machines have in common that should be different.
type gleich struct{ namen, nummern []string }

func zwillinge(list []dienst.Rechner) gleich {
	return gleich{dienst.Gleichnamig(list), dienst.GleicheNummern(list)}
}

// kennung is a name, and the prefix of its receipts if two machines have that name; if they have
// that in common, too, the beginning of its key.
func kennung(m dienst.Rechner, twins gleich) string {
	switch {
	case !slices.Contains(twins.namen, m.Platz):
		return m.Platz
	case slices.Contains(twins.nummern, m.Till):
		return m.Platz + "/" + m.Till + "/" + m.Fingerabdruck[:6]
	}
	return m.Platz + "/" + m.Till
}

// rangFolgen takes over the rank that somebody gave this machine on another one.
func (k *Knoten) rangFolgen() error {
	rang := k.members.rang()
	if rang == 0 || !k.Node.SetzeRang(rang) {
		return nil
	}
	d, known, err := lade(k.opt.Apotheke.Dir)
	if err != nil || !known {
		return err
	}
	d.Rang = rang
	return d.sichere(k.opt.Apotheke.Dir)
}
