package fiskaly

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/internal/geheim"
)

// States of a transaction.
const (
	aktiv   = "ACTIVE"
	beendet = "FINISHED"
)

// roh is what is signed, as it is: the forms that the service could make of amounts know less.
type roh struct {
	Type string `json:"process_type"`
	Data string `json:"process_data"` // base64
}

type schema struct {
	Raw *roh `json:"raw,omitempty"`
}

// aenderung starts or finishes a transaction.
type aenderung struct {
	State  string  `json:"state"`
	Client string  `json:"client_id"`
	Schema *schema `json:"schema,omitempty"`
}

// vorgang is a transaction as the service has it. Times are seconds since 1970.
type vorgang struct {
	Number       uint64 `json:"number"`
	State        string `json:"state"`
	ClientSerial string `json:"client_serial_number"`
	TSSSerial    string `json:"tss_serial_number"`
	Start        int64  `json:"time_start"`
	Log          struct {
		Timestamp int64 `json:"timestamp"`
	} `json:"log"`
	Signature struct {
		Value   string `json:"value"` // base64
		Counter zahl   `json:"counter"`
	} `json:"signature"`
	Schema schema `json:"schema"`
}

func (v vorgang) signatur() tse.Signatur {
	return tse.Signatur{
		Transaktion: v.Number, Zaehler: uint64(v.Signature.Counter), Beginn: v.Start * 1e9, Ende: v.Log.Timestamp * 1e9,
		Wert: v.Signature.Value, Seriennummer: v.TSSSerial,
	}
}

// wie reports whether these data were signed.
func (v vorgang) wie(r roh) bool { return v.Schema.Raw == nil || *v.Schema.Raw == r }

// vollstaendig refuses an answer without signature: nothing is made up in its place.
func (v vorgang) vollstaendig() error {
	if v.Number == 0 || v.Signature.Counter == 0 || v.Start == 0 || v.Log.Timestamp == 0 || v.TSSSerial == "" {
		return &tse.Fehler{Art: tse.Ausfall, Text: "Die Cloud-TSE antwortet Unverständliches"}
	}
	if _, err := base64.StdEncoding.DecodeString(v.Signature.Value); err != nil || v.Signature.Value == "" {
		return &tse.Fehler{Art: tse.Ausfall, Text: "Die Cloud-TSE antwortet Unverständliches", Err: err}
	}
	return nil
}

// Beginnen implements anschluss.TSE. The id of the transaction is made from the key.
func (t *Treiber) Beginnen(ctx context.Context, client, schluessel string) (tse.Beginn, error) {
	id, err := t.client(ctx, client)
	if err != nil {
		return tse.Beginn{}, err
	}
	tx := "/tx/" + uuid("tx", t.opt.TSS, client, cmp.Or(schluessel, zufall()))
	v, err := t.aendern(ctx, tx, 1, aenderung{State: aktiv, Client: id})
	if err == nil {
		err = v.vollstaendig()
	}
	if err != nil {
		if ergebnis(err).status == http.StatusNotFound || ergebnis(err).status == http.StatusForbidden {
			t.merken(client, "") // perhaps another machine took it off
		}
		return tse.Beginn{}, err
	}
	return tse.Beginn{
		Transaktion: v.Number, Zaehler: uint64(v.Signature.Counter), Zeit: v.Start * 1e9, Seriennummer: v.TSSSerial,
	}, nil
}

// aendern brings a transaction to its next revision. Whether a request whose answer was lost has
// been carried out is asked before it is repeated: nothing is signed twice.
func (t *Treiber) aendern(ctx context.Context, tx string, revision int, in aenderung) (v vorgang, err error) {
	for n, pause := 1, ersteFrist; ; n, pause = n+1, 2*pause {
		path := fmt.Sprintf("%s?tx_revision=%d", tx, revision)
		if err = t.einmal(ctx, http.MethodPut, path, in, &v); err == nil || !ungewiss(err) || ctx.Err() != nil {
			return v, err
		}
		var there vorgang
		look := t.anfrage(ctx, http.MethodGet, path, nil, &there)
		switch {
		case look == nil && there.State == in.State:
			return there, nil
		case look != nil && ergebnis(look).status != http.StatusNotFound, widerspruch(err), n == versuche:
			return v, err
		case !warten(ctx, pause):
			return v, err
		}
	}
}

// Beenden implements anschluss.TSE.
func (t *Treiber) Beenden(
	ctx context.Context, client string, b tse.Beginn, prozess, daten string,
) (tse.Signatur, error) {
	id, err := t.client(ctx, client)
	if err != nil {
		return tse.Signatur{}, err
	}
	raw := roh{prozess, base64.StdEncoding.EncodeToString([]byte(daten))}
	tx := "/tx/" + strconv.FormatUint(b.Transaktion, 10)
	v, err := t.aendern(ctx, tx, 2, aenderung{State: beendet, Client: id, Schema: &schema{&raw}})
	if err == nil {
		err = v.vollstaendig()
	}
	switch {
	case ergebnis(err).status == http.StatusNotFound:
		return tse.Signatur{}, &tse.Fehler{Art: tse.Einrichtung, Text: "Die TSE kennt den Vorgang nicht", Err: err}
	case err != nil:
		return tse.Signatur{}, err
	case v.ClientSerial != client || !v.wie(raw):
		return tse.Signatur{}, &tse.Fehler{Art: tse.Einrichtung, Text: "Der Vorgang ist mit anderen Daten beendet"}
	}
	return v.signatur(), nil
}

// Beendet implements anschluss.TSE.
func (t *Treiber) Beendet(ctx context.Context, client string, nr uint64) (tse.Signatur, bool, error) {
	var v vorgang
	err := t.anfrage(ctx, http.MethodGet, "/tx/"+strconv.FormatUint(nr, 10), nil, &v)
	switch {
	case ergebnis(err).status == http.StatusNotFound:
		return tse.Signatur{}, false, nil
	case err != nil:
		return tse.Signatur{}, false, err
	case v.State != beendet || v.ClientSerial != client:
		return tse.Signatur{}, false, nil
	}
	if err := v.vollstaendig(); err != nil {
		return tse.Signatur{}, false, err
	}
	return v.signatur(), true, nil
}

// Letzte implements anschluss.TSE. A service that refuses the question does not say.
func (t *Treiber) Letzte(ctx context.Context, client string) (uint64, bool, error) {
	id, err := t.client(ctx, client)
	if f, ok := errors.AsType[*tse.Fehler](err); ok && f.Art == tse.Einrichtung {
		return 0, false, nil // it is not registered: it has ended none
	}
	if err != nil {
		return 0, false, err
	}
	var out struct {
		Data []vorgang `json:"data"`
	}
	path := "/client/" + id + "/tx?states[]=" + beendet + "&order_by=number&order=desc&limit=1&offset=0"
	err = t.anfrage(ctx, http.MethodGet, path, nil, &out)
	if status := ergebnis(err).status; status >= 400 && status < 500 && status != http.StatusTooManyRequests {
		return 0, false, nil
	}
	if err != nil || len(out.Data) == 0 || out.Data[0].ClientSerial != client {
		return 0, false, err
	}
	return out.Data[0].Number, true, nil
}

func (t *Treiber) offene(ctx context.Context) ([]vorgang, error) {
	return seiten[vorgang](ctx, t, "/tx?states[]="+aktiv+"&")
}

// Offene implements anschluss.TSE.
func (t *Treiber) Offene(ctx context.Context, client string) (list []tse.Offen, err error) {
	all, err := t.offene(ctx)
	if err != nil {
		return nil, err
	}
	for _, v := range all {
		if client == "" || v.ClientSerial == client {
			list = append(list, tse.Offen{Transaktion: v.Number, Client: v.ClientSerial, Beginn: v.Start * 1e9})
		}
	}
	slices.SortFunc(list, func(a, b tse.Offen) int { return cmp.Compare(a.Transaktion, b.Transaktion) })
	return list, nil
}

// Export implements anschluss.TSE. The service makes the file beside, sales go on.
func (t *Treiber) Export(ctx context.Context, von, bis uint64, w io.Writer) error {
	path, query := "/export/"+uuid("export", t.opt.TSS, zufall()), ""
	if von != 0 || bis != 0 {
		query = fmt.Sprintf("?start_transaction_number=%d&end_transaction_number=%d", von, bis)
	}
	if err := t.anfrage(ctx, http.MethodPut, path+query, struct{}{}, nil); err != nil {
		return err
	}
	for pause := ersteFrist; ; pause = min(2*pause, 20*ersteFrist) {
		var out struct {
			State string `json:"state"`
		}
		if err := t.anfrage(ctx, http.MethodGet, path, nil, &out); err != nil {
			return err
		}
		switch out.State {
		case "COMPLETED":
			return t.datei(ctx, path+"/file", w)
		case "ERROR", "CANCELLED", "DELETED":
			return &tse.Fehler{Art: tse.Wiederholbar, Text: "Die Cloud-TSE konnte nicht exportieren"}
		}
		if !warten(ctx, pause) {
			return &tse.Fehler{Art: tse.Wiederholbar, Text: "Der Export dauert länger", Err: ctx.Err()}
		}
	}
}

// datei streams a file beside the sales. It is not repeated: part of it is written already.
func (t *Treiber) datei(ctx context.Context, path string, w io.Writer) error {
	token, err := t.anmelden(ctx)
	if err != nil {
		return err
	}
	var full error
	err = t.senden(ctx, http.MethodGet, t.opt.URL+"/tss/"+t.opt.TSS+path, token, nil, func(r io.Reader) error {
		_, err := io.Copy(schreiber{w, &full}, r)
		return err //nolint:wrapcheck // by fehlerOf
	})
	if full != nil {
		return &tse.Fehler{Art: tse.Einrichtung, Text: "Der Export lässt sich nicht schreiben", Err: full}
	}
	return fehlerOf(err)
}

// schreiber remembers that it was the writing that failed.
type schreiber struct {
	w   io.Writer
	err *error
}

// Write implements io.Writer.
func (s schreiber) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	if err != nil {
		*s.err = err
	}
	return n, err //nolint:wrapcheck // passed through
}

func zufall() string { return geheim.Ziffern(38) }
