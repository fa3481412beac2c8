package geheim_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/offizin/offizin/internal/geheim"
)

// A secret is in no log, no error and no dump of a struct, but in the file it is kept in.
func TestWort(t *testing.T) {
	k := struct{ PIN geheim.Wort }{"12345"}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("offen", slog.Any("pin", k.PIN), slog.Any("alles", k))
	err := errors.Join(fmt.Errorf("PIN %s %q %v %x %d", k.PIN, k.PIN, k.PIN, k.PIN, k.PIN))
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", k, k, k), log.String(), err.Error()} {
		if strings.Contains(text, "12345") || strings.Contains(text, "3132333435") {
			t.Errorf("%s", text)
		}
	}
	if b, err := json.Marshal(k); err != nil || string(b) != `{"PIN":"12345"}` {
		t.Errorf("%s %v", b, err)
	}
}
