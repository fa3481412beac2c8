package sim

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/offizin/offizin/domain/tse"
)

// finden looks a transaction up by its UUID or its number.
func (d *Dienst) finden(id string) *vorgang {
	for _, v := range slices.Backward(d.vorgaenge) { // a device in another's place counts anew
		if v.id == id || nummer(v) == id {
			return v
		}
	}
	return nil
}

// zustand is how a transaction stands at the TSE; false if it knows nothing of it.
func (d *Dienst) zustand(ctx context.Context, v *vorgang) (g tse.Signatur, finished, known bool, err error) {
	g, finished, err = d.kern.Beendet(ctx, v.serial, v.beginn.Transaktion)
	if err != nil || finished {
		return g, finished && g.Seriennummer == v.beginn.Seriennummer, finished, err
	}
	open, err := d.kern.Offene(ctx, v.serial)
	known = slices.ContainsFunc(open, func(o tse.Offen) bool { return o.Transaktion == v.beginn.Transaktion })
	return g, false, known, err
}

// als is the answer about a transaction: as it began, or as it ended.
func (v *vorgang) als(g *tse.Signatur) any {
	out := map[string]any{
		"_id": v.id, "_type": "TRANSACTION", "_env": "TEST", "number": v.beginn.Transaktion, "client_id": v.client,
		"client_serial_number": v.serial, "tss_id": TSS, "tss_serial_number": v.beginn.Seriennummer,
		"time_start": v.beginn.Zeit / 1e9, "state": "ACTIVE", "revision": 1, "latest_revision": 1,
		"log": map[string]any{
			"operation": "StartTransaction", "timestamp": v.beginn.Zeit / 1e9, "timestamp_format": "unixTime",
		},
		"signature": map[string]any{
			"value": base64Of("start"), "counter": strconv.FormatUint(v.beginn.Zaehler, 10),
			"algorithm": "ecdsa-plain-SHA256",
		},
	}
	if g == nil {
		return out
	}
	out["state"], out["revision"], out["latest_revision"], out["time_end"] = "FINISHED", 2, 2, g.Ende/1e9
	out["log"] = map[string]any{
		"operation": "FinishTransaction", "timestamp": g.Ende / 1e9, "timestamp_format": "unixTime",
	}
	out["signature"] = map[string]any{
		"value": g.Wert, "counter": strconv.FormatUint(g.Zaehler, 10), "algorithm": "ecdsa-plain-SHA256",
	}
	out["schema"] = map[string]any{"raw": map[string]any{
		"process_type": v.prozess, "process_data": base64Of(v.data),
	}}
	return out
}

func (d *Dienst) getTx(r *http.Request) (any, error) {
	v := d.finden(r.PathValue("id"))
	if v == nil {
		return nil, absage{http.StatusNotFound, "E_TX_NOT_FOUND"}
	}
	g, finished, known, err := d.zustand(r.Context(), v)
	switch revision := r.URL.Query().Get("tx_revision"); {
	case err != nil:
		return nil, err
	case !known || revision == "2" && !finished:
		return nil, absage{http.StatusNotFound, "E_TX_NOT_FOUND"}
	case !finished || revision == "1":
		return v.als(nil), nil
	}
	return v.als(&g), nil
}

func (d *Dienst) listTx(r *http.Request) (any, error) {
	list := []any{}
	if r.URL.Query().Get("offset") != "0" {
		return map[string]any{"data": list}, nil // a simulator never has a second page of open ones
	}
	for _, v := range d.vorgaenge {
		_, finished, known, err := d.zustand(r.Context(), v)
		if err != nil {
			return nil, err
		}
		if known && !finished {
			list = append(list, v.als(nil))
		}
	}
	return map[string]any{"data": list, "count": len(list)}, nil
}

// listClientTx answers the one question that is asked of it: the last one that a till has ended.
func (d *Dienst) listClientTx(r *http.Request) (any, error) {
	var last *vorgang
	var as any
	for _, v := range d.vorgaenge {
		g, finished, _, err := d.zustand(r.Context(), v)
		if err != nil {
			return nil, err
		}
		if finished && v.client == r.PathValue("id") && (last == nil || v.beginn.Transaktion > last.beginn.Transaktion) {
			last, as = v, v.als(&g)
		}
	}
	if last == nil {
		return map[string]any{"data": []any{}, "count": 0}, nil
	}
	return map[string]any{"data": []any{as}, "count": 1}, nil
}

// eingabe is what starts or finishes a transaction.
type eingabe struct {
	State  string `json:"state"`
	Client string `json:"client_id"`
	Schema struct {
		Raw struct {
			Type string `json:"process_type"`
			Data string `json:"process_data"`
		} `json:"raw"`
	} `json:"schema"`
}

func (d *Dienst) putTx(r *http.Request) (any, error) {
	var in eingabe
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, absage{http.StatusBadRequest, "E_FAILED_SCHEMA_VALIDATION"}
	}
	revision := r.URL.Query().Get("tx_revision")
	switch {
	case in.State == "ACTIVE" && revision == "1":
		return d.beginnen(r, in)
	case in.State == "FINISHED" && revision == "2":
		return d.beenden(r, in)
	}
	return nil, absage{http.StatusBadRequest, "E_FAILED_SCHEMA_VALIDATION"}
}

func (d *Dienst) beginnen(r *http.Request, in eingabe) (any, error) {
	id := r.PathValue("id")
	if v := d.finden(id); v != nil {
		if d.stoerung.Konflikt {
			return nil, absage{http.StatusConflict, "E_TX_CONFLICT"}
		}
		return v.als(nil), nil
	}
	serial := d.clients[in.Client]
	b, err := d.kern.Beginnen(r.Context(), serial, id)
	if err != nil && absageOf(err).status != 0 {
		return nil, err
	}
	if again, lost := d.kern.Beginnen(r.Context(), serial, id); err != nil && lost == nil {
		b = again // it began, only its answer was lost
	}
	if b.Transaktion != 0 {
		d.vorgaenge = append(d.vorgaenge, &vorgang{id: id, client: in.Client, serial: serial, beginn: b})
	}
	if err != nil {
		return nil, err
	}
	return d.finden(id).als(nil), nil
}

func (d *Dienst) beenden(r *http.Request, in eingabe) (any, error) {
	v := d.finden(r.PathValue("id"))
	if v == nil || v.client != in.Client {
		return nil, absage{http.StatusNotFound, "E_TX_NOT_FOUND"}
	}
	_, finished, known, err := d.zustand(r.Context(), v)
	switch {
	case err != nil:
		return nil, err
	case !known:
		return nil, absage{http.StatusNotFound, "E_TX_NOT_FOUND"}
	case finished && d.stoerung.Konflikt:
		return nil, absage{http.StatusConflict, "E_TX_CONFLICT"}
	}
	data, err := base64.StdEncoding.DecodeString(in.Schema.Raw.Data)
	if err != nil {
		return nil, absage{http.StatusBadRequest, "E_FAILED_SCHEMA_VALIDATION"}
	}
	if !finished {
		v.prozess, v.data = in.Schema.Raw.Type, string(data)
	}
	g, err := d.kern.Beenden(r.Context(), v.serial, v.beginn, in.Schema.Raw.Type, string(data))
	if err != nil {
		return nil, err
	}
	return v.als(&g), nil
}
