//go:build !windows

package keystore

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the unit hands over comes first (systemd.exec(5), $CREDENTIALS_DIRECTORY); the tool is asked
// with what lies in the folder, and what it says is told (systemd-creds(1)).
func TestSystemd(t *testing.T) {
	dir := t.TempDir()
	tool := filepath.Join(dir, "systemd-creds")
	script := "#!/bin/sh\n[ \"$2 $3 $4\" = '--name=offizin-knoten - -' ] || exit 9\n" +
		"case $1 in encrypt) tr a-z A-Z;; decrypt) tr A-Z a-z;; esac\n"
	if err := os.WriteFile(tool, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	s := systemd{tool: tool, dir: filepath.Join(dir, "creds")}
	wrapped, err := s.Wrap(t.Context(), []byte("key"))
	if err != nil || string(wrapped) != "KEY" {
		t.Fatalf("%q, %v", wrapped, err)
	}
	if b, err := s.Unwrap(t.Context(), wrapped); err != nil || string(b) != "key" {
		t.Errorf("%q, %v", b, err)
	}
	if err := os.Mkdir(s.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, Credential), []byte("from the unit"), 0o400); err != nil {
		t.Fatal(err)
	}
	if b, err := s.Unwrap(t.Context(), wrapped); err != nil || string(b) != "from the unit" {
		t.Errorf("%q, %v", b, err)
	}
	if err := os.WriteFile(tool, []byte("#!/bin/sh\necho TPM2 support is gone >&2\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.dir = ""
	if _, err := s.Unwrap(t.Context(), wrapped); err == nil || !strings.Contains(err.Error(), "TPM2 support is gone") {
		t.Errorf("%v", err)
	}
	if _, err := (systemd{}).Unwrap(t.Context(), wrapped); !errors.Is(err, errNoTool) {
		t.Errorf("%v", err)
	}
}

func TestUnitLines(t *testing.T) {
	want := "[Service]\nLoadCredentialEncrypted=offizin-knoten:/var/lib/offizin/knoten.cred\n"
	if got := UnitLines("/var/lib/offizin/knoten.cred"); got != want {
		t.Errorf("%q", got)
	}
}
