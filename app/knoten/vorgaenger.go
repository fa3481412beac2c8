package knoten

import (
	"context"
	"crypto/tls"
	"errors"
	"slices"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/node"
	"github.com/offizin/offizin/node/rang"
	"github.com/offizin/offizin/workflow/rechner"
)

// How long a machine that takes a place again asks whether somebody still has it, and how often. A network
// that is gone stops no restore.
const (
	vorgaengerFrist = 3 * time.Second
	vorgaengerAlle  = 250 * time.Millisecond
)

// vorgaenger refuses, before this machine tells anybody of itself, a folder that another computer works with: a
// journal without identity, restored from a backup, would throw its machine out with what that has sold
// since (M-300), a copy with its identity would give out the same numbers (M-302). A restored one is also
// refused if others let it in no more (M-301): its sales would reach nobody.
func (k *Knoten) vorgaenger(ctx context.Context, platz string) error {
	list, err := k.Rechner.Alle(ctx)
	if err != nil || k.opt.Trotzdem {
		return err
	}
	self := rechner.Rechner{Fingerabdruck: k.identity.Fingerabdruck(), Platz: platz, Adresse: k.opt.Adresse}
	runs, before := wessen(list, self)
	if runs == nil {
		return nil
	}
	if err := k.members.lies(ctx, k.Rechner); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, vorgaengerFrist)
	defer stop()
	verdicts, asked := make(chan error, len(list)), 0
	for _, r := range list {
		if r.Entfernt || r.Adresse == "" || r.Adresse == self.Adresse {
			continue
		}
		asked++
		if slices.Contains(before, r.Fingerabdruck) {
			go func() { verdicts <- k.anrufen(ctx, r, runs) }()
		} else {
			go func() { verdicts <- k.umfragen(ctx, r, platz, runs) }()
		}
	}
	for ; asked > 0; asked-- {
		err := <-verdicts
		if f, ok := errors.AsType[*fault.Fault](err); ok && (f == runs || f.Code == "M-301" && runs.Code == "M-300") {
			return err
		}
	}
	return nil
}

// wessen are the keys of the machine that a folder belongs to, and the fault if that runs elsewhere; nil:
// nobody needs to be asked. A folder with its identity is another computer's only if the address is another.
func wessen(list []rechner.Rechner, self rechner.Rechner) (runs *fault.Fault, keys []string) {
	for _, r := range list {
		switch {
		case r.Fingerabdruck == self.Fingerabdruck && (r.Entfernt || r.Adresse == self.Adresse):
			return nil, nil
		case r.Fingerabdruck == self.Fingerabdruck:
			return fault.New(fault.Conflict, "M-302", "Dieser Datenordner ist eine Kopie, und der Rechner „"+self.Platz+
				"“, dem er gehört, läuft; bitte diesen mit leerem Datenordner und Code aufnehmen oder den anderen "+
				"ausschalten.", nil), []string{r.Fingerabdruck}
		case r.Platz == self.Platz && !r.Entfernt:
			keys = append(keys, r.Fingerabdruck)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return fault.New(fault.Conflict, "M-300", "Der Rechner „"+self.Platz+"“, aus dessen Sicherung dieser Ordner ist, "+
		"läuft noch; bitte ihn zuerst ausschalten oder, wenn dieser ihn ersetzen soll, mit --trotzdem starten.", nil), keys
}

// anrufen says that the machine answers itself.
func (k *Knoten) anrufen(ctx context.Context, r rechner.Rechner, runs error) error {
	d := tls.Dialer{Config: k.admission.Client(r.Platz)}
	d.Config.GetClientCertificate = nil // its key is enough, and this machine may have no certificate
	c, err := d.DialContext(ctx, "tcp", r.Adresse)
	if err != nil {
		return nil //nolint:nilerr // it does not answer, or is another one
	}
	_ = c.Close()
	return runs
}

// umfragen says that another machine has heard from the one of a name for so long that it cannot have ended
// before, or why it does not let this one in. What is lost on the way says nothing: it asks on.
func (k *Knoten) umfragen(ctx context.Context, r rechner.Rechner, platz string, runs error) error {
	u := node.NewUmfrage(k.admission, node.Mitglied{Name: rang.Name{Rang: r.Rang, Platz: r.Platz}, Adresse: r.Adresse})
	defer u.Close()
	t := time.NewTicker(vorgaengerAlle)
	defer t.Stop()
	for began := k.Kern.Clock.Mono(); ; {
		answers, err := u.Laeuft(ctx, platz)
		f, refused := errors.AsType[*fault.Fault](err)
		switch {
		case refused && f.Code == "M-111":
			return fault.New(fault.Denied, "M-301", "„"+r.Platz+"“ lässt diesen Rechner nicht ein, denn seit seiner Sicherung "+
				"wurde ein Rechner entfernt oder ersetzt; bitte ihn mit leerem Datenordner und Code aufnehmen oder mit "+
				"--trotzdem allein starten.", nil)
		case refused || err == nil && !answers:
			return err
		case err == nil && k.Kern.Clock.Mono()-began > rang.Lost:
			return runs
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return nil
		}
	}
}
