package epson

import (
	"context"
	"crypto/sha256"
	"encoding/base64"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/internal/geheim"
)

// Results that the driver does something about.
const (
	ohneZeit        code = "TSE1_ERROR_NO_TIME_SET"
	ohneZeitExport  code = "OTHER_ERROR_NO_TIME_SET_BEFORE_EXPORT"
	ohneZeitAdmin   code = "OTHER_ERROR_UNAUTHENTICATED_TIME_ADMIN_USER"
	ohneAdmin       code = "OTHER_ERROR_UNAUTHENTICATED_ADMIN_USER"
	ohneNutzer      code = "OTHER_ERROR_UNAUTHENTICATED_USER"
	keinVorgang     code = "TSE1_ERROR_TRANSACTION_NOT_STARTED"
	keineDaten      code = "TSE1_ERROR_EXPORT_NO_DATA_AVAILABLE"
	falschePIN      code = "TSE1_ERROR_AUTHENTICATION_FAILED"
	gesperrtePIN    code = "TSE1_ERROR_AUTHENTICATION_PIN_BLOCKED"
	falschesSecret  code = "OTHER_ERROR_HOST_AUTHENTICATION_FAILED"
	maxWiederholung      = 3 // of one request: log in, set the clock
)

// befehl has the TSE do something; where that needs a login, or the clock of the device, it is
// made good and asked again. Logins end after hours, the clock stops without power.
func (s *sitzung) befehl(ctx context.Context, function string, in, out any) error {
	for n := 0; ; n++ {
		err := s.einmal(ctx, function, in, out)
		why := ergebnis(err)
		if err == nil || n == maxWiederholung {
			return err
		}
		switch why {
		case ohneZeitAdmin:
			err = s.zeitAdmin(ctx, wer(in))
		case ohneAdmin, ohneNutzer:
			err = s.administrator(ctx)
		case ohneZeit, ohneZeitExport:
			if function == "UpdateTime" {
				return err
			}
			err = s.stellen(ctx)
		default:
			return err
		}
		if err != nil {
			return err
		}
	}
}

// wer is the till that a request is for: it logs in under its own name.
func wer(in any) string {
	switch in := in.(type) {
	case start:
		return in.Client
	case finish:
		return in.Client
	case client:
		return in.ID
	}
	return zeitUser
}

// zeitAdmin logs a till in: only then it may start and finish transactions.
func (s *sitzung) zeitAdmin(ctx context.Context, client string) error {
	type input struct {
		Client string      `json:"clientId"`
		PIN    geheim.Wort `json:"pin"`
		Hash   string      `json:"hash"`
	}
	return s.einlassen(ctx, "AuthenticateUserForTimeAdmin", client, s.t.opt.ZeitPIN, func(hash string) any {
		return input{client, s.t.opt.ZeitPIN, hash}
	})
}

// administrator logs in who may register tills and export. It is logged out behind.
func (s *sitzung) administrator(ctx context.Context) error {
	type input struct {
		User string      `json:"userId"`
		PIN  geheim.Wort `json:"pin"`
		Hash string      `json:"hash"`
	}
	err := s.einlassen(ctx, "AuthenticateUserForAdmin", admin, s.t.opt.AdminPIN, func(hash string) any {
		return input{admin, s.t.opt.AdminPIN, hash}
	})
	s.admin = s.admin || err == nil
	return err
}

// einlassen answers the challenge of the host. A PIN that was refused is not sent again: after
// three times the device blocks it.
func (s *sitzung) einlassen(
	ctx context.Context, function, user string, pin geheim.Wort, input func(hash string) any,
) error {
	if pin == "" {
		return &tse.Fehler{Art: tse.Einrichtung, Text: "Die PIN der TSE ist nicht eingerichtet"}
	}
	if err := s.t.gesperrt[function]; err != nil {
		return err
	}
	var out struct {
		Challenge string `json:"challenge"`
	}
	in := struct {
		User string `json:"userId"`
	}{user}
	if err := s.einmal(ctx, "GetChallenge", in, &out); err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(out.Challenge + string(s.t.opt.Secret)))
	err := s.einmal(ctx, function, input(base64.StdEncoding.EncodeToString(sum[:])), nil)
	if why := ergebnis(err); why == falschePIN || why == gesperrtePIN || why == falschesSecret {
		s.t.gesperrt[function] = err
	}
	return err
}
